"""What a village's clerk takes in for people, for the county above."""

from typing import Any

from django.utils import timezone

from province.cases.models import CaseOffer
from province.citizens.models import Citizen, Mandate
from province.halls.models import Hall
from standards.items.codelists import CaseType
from tenants.assistance.models import Assistance
from tenants.assistance.operations.handing_over import hand_over
from tenants.assistance.operations.taking_in import AssistedPerson, begin_assistance, save_assistance
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import ANNA, make_setup
from tests.factories.catalogue import make_published
from tests.factories.people import account
from tests.factories.sites import inside

ANNA_HERSELF = AssistedPerson(
    name=ANNA["applicant_name"], number=ANNA["applicant_number"], phone=ANNA["applicant_mobile"]
)


def make_offer(north: Hall, **changes: Any) -> CaseOffer:
    """The county takes applications for an item."""
    adoption = make_shown(north, make_published(**({"case_type": CaseType.PROMISED} | changes)))
    with inside(north):
        make_setup(north, adoption)
    return CaseOffer.objects.get(hall=north)


def taken_in(village: Hall, offer: CaseOffer, *, consent: str = "present", note: str = "") -> Assistance:
    """Filled in for Anna by Jiang, without a picture."""
    by = person("jiang")
    with inside(village):
        made = begin_assistance(by=by, hall=village, offer_id=offer.pk, person=ANNA_HERSELF, consent=consent, note=note)
        saved = save_assistance(
            by=by, hall=village, assistance_id=made.pk, posted=ANNA, revision=made.revision, papers=None
        )
    return saved.assistance


def handed_over(village: Hall, made: Assistance) -> Assistance:
    with inside(village):
        return hand_over(
            by=person("jiang"), hall=village, assistance_id=made.pk, revision=made.revision, is_read_back=True
        )


def make_mandate(citizen: Citizen, village: Hall) -> Mandate:
    """The citizen lets Jiang act for them."""
    return Mandate.objects.create(
        citizen=citizen,
        clerk=account("jiang"),
        hall_id=village.pk,
        kind=Mandate.Kind.STANDING,
        state=Mandate.State.VALID,
        acts=["*"],
        ends_at=timezone.now() + Mandate.LASTS[Mandate.Kind.STANDING],
    )
