"""What the demo's village clerk takes in for people: two that are handed over, and a draft."""

from typing import Any, Final

from django.db import transaction

from config.demo.applicants import applicant
from config.demo.citizens import VILLAGER
from config.demo.people import VILLAGE, VILLAGE_CODE, actor_called
from foundation import schemas
from province.cases.models import CaseOffer
from province.cases.queries.referrals import offers_above
from province.cases.states import Consent
from province.halls.models import Hall
from province.halls.queries import hall_with_code
from province.rights.actors import Actor
from tenants.assistance.models import Assistance
from tenants.assistance.operations.handing_over import hand_over
from tenants.assistance.operations.taking_in import AssistedPerson, begin_assistance, save_assistance

# behind those of the month, who have other numbers
_FIRST: Final = 2_600
_BY_PHONE: Final = "上午 9 点从家里的座机打来，请代交申请。"


def take_in(
    by: Actor, hall: Hall, offer: CaseOffer, facts: dict[str, Any], *, consent: Consent, note: str = ""
) -> Assistance:
    """Take an application in for somebody, and fill it in."""
    person = AssistedPerson(
        name=facts["applicant_name"], number=facts["applicant_number"], phone=facts["applicant_mobile"]
    )
    made = begin_assistance(by=by, hall=hall, offer_id=offer.pk, person=person, consent=consent, note=note)
    saved = save_assistance(by=by, hall=hall, assistance_id=made.pk, posted=facts, revision=made.revision)
    return saved.assistance


def take_in_and_hand_over(by: Actor, hall: Hall, offer: CaseOffer, facts: dict[str, Any], **agreed: Any) -> Assistance:
    """As ``take_in``, and hand it over."""
    made = take_in(by, hall, offer, facts, **agreed)
    return hand_over(by=by, hall=hall, assistance_id=made.pk, revision=made.revision, is_read_back=True)


def help_villagers() -> None:
    """A second call changes nothing."""
    hall = hall_with_code(VILLAGE_CODE)
    by = actor_called(VILLAGE.username)
    with transaction.atomic(), schemas.enter(hall.schema_name):
        offers = list(offers_above(hall)[:3])
        if Assistance.objects.exists() or not offers:
            return
        villager = applicant(_FIRST) | {
            "applicant_name": VILLAGER.name,
            "applicant_number": VILLAGER.number,
            "applicant_mobile": VILLAGER.phone,
        }
        # she has let the clerk act for her
        take_in_and_hand_over(by, hall, offers[0], villager, consent=Consent.SIGNED)
        take_in_and_hand_over(by, hall, offers[-1], applicant(_FIRST + 1), consent=Consent.PHONE, note=_BY_PHONE)
        take_in(by, hall, offers[len(offers) // 2], applicant(_FIRST + 2), consent=Consent.PRESENT)
