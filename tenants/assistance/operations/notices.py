"""The clerks are told what came of what they took in."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from province.cases.models import Referral, ReferralReceipt
from province.cases.states import ReferralKind
from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from tenants.assistance.models import Assistance
from tenants.assistance.queries.asked import asked_of

_ANSWERED: Final = NoticeKind("assistance.answered", "代办的事项有了结果", can_be_switched_off=False)
_ASKED: Final = NoticeKind("assistance.asked", "代办的事项要补材料", can_be_switched_off=False)
ASSISTANCE_NOTICES: Final = (_ANSWERED, _ASKED)


def tell_clerks(hall: Hall, assistance: Assistance, answer: ReferralReceipt) -> None:
    """In the transaction in which the answer is taken in: who took it in."""
    result = answer.get_outcome_display() if answer.outcome else answer.get_state_display()
    _tell(_ANSWERED, hall, assistance, answer.pk, f"代办的申请{result}：{assistance.item_name}")


def tell_of_asking(*, hall: Hall, referral_id: UUID, cause_id: UUID) -> None:
    """Of what is to be brought: who took it in. Nothing where it was brought or has ended meanwhile; once for a
    cause."""
    referral = Referral.objects.filter(pk=referral_id, hall=hall, kind=ReferralKind.COLLECTED).first()
    assistance = Assistance.objects.filter(pk=referral.case_id).first() if referral else None
    asked = asked_of(assistance) if assistance else None
    if assistance and asked and not asked.handed_at:
        until = f"，{asked.until.month}月{asked.until.day}日前" if asked.until else ""
        words = "补交材料" if asked.is_promised else "补正"
        _tell(_ASKED, hall, assistance, cause_id, f"代办的申请要{words}{until}：{assistance.item_name}")


def _tell(kind: NoticeKind, hall: Hall, assistance: Assistance, cause_id: UUID, title: str) -> None:
    notify(
        kind=kind,
        cause_id=cause_id,
        title=title,
        path=reverse("desk-assistance", args=[assistance.pk], urlconf=settings.HALL_URLCONFS[hall.kind]),
        hall_id=hall.pk,
        positions=[],
        people=[assistance.clerk_id],
    )
