"""The person who has a case that went to another hall is told what came of it."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.people.queries.holders import nearest_positions
from tenants.casework.models import Case
from tenants.casework.queries.access import HANDLE

_ANSWERED: Final = NoticeKind("casework.referral", "上报、转送的办件有了结果", can_be_switched_off=False)
REFERRAL_NOTICES: Final = (_ANSWERED,)


def tell_of_answer(hall: Hall, case: Case, cause_id: UUID, said: str) -> None:
    """In the transaction in which the answer is taken in: who has the case, or all of its department."""
    has_owner = case.owner_id is not None
    positions = (
        [] if has_owner else nearest_positions(HANDLE, hall_id=hall.pk, prefixes=hall.prefixes, unit_id=case.unit_id)
    )
    notify(
        kind=_ANSWERED,
        cause_id=cause_id,
        title=f"{said}：{case.item_name}（{case.number}）",
        path=reverse("desk-case", args=[case.pk], urlconf=settings.HALL_URLCONFS[hall.kind]),
        hall_id=hall.pk,
        positions=positions,
        people=[case.owner_id] if case.owner_id else [],
    )
