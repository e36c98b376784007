"""The clerks are told what came of what they took in."""

from typing import Final

from django.conf import settings
from django.urls import reverse

from province.cases.models import ReferralReceipt
from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from tenants.assistance.models import Assistance

_ANSWERED: Final = NoticeKind("assistance.answered", "代办的事项有了结果", can_be_switched_off=False)
ASSISTANCE_NOTICES: Final = (_ANSWERED,)


def tell_clerks(hall: Hall, assistance: Assistance, answer: ReferralReceipt) -> None:
    """In the transaction in which the answer is taken in: who took it in."""
    result = answer.get_outcome_display() if answer.outcome else answer.get_state_display()
    notify(
        kind=_ANSWERED,
        cause_id=answer.pk,
        title=f"代办的申请{result}：{assistance.item_name}",
        path=reverse("desk-assistance", args=[assistance.pk], urlconf=settings.HALL_URLCONFS[hall.kind]),
        hall_id=hall.pk,
        positions=[],
        people=[assistance.clerk_id],
    )
