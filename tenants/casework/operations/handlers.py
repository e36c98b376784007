"""Who of the staff is told of a case; never who applied, nor for what beyond the item's name."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from province.cases.states import CASE_KIND, CaseState
from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.slots import NoticeKind
from province.people.queries.holders import nearest_positions
from province.workdays.queries.clocks import moved_clocks
from tenants.casework.models import Case
from tenants.casework.queries.access import HANDLE
from tenants.casework.states import LackingState

_WAITS: Final = NoticeKind("casework.waits", "办件待我受理", can_be_switched_off=False)
_LATE: Final = NoticeKind("casework.late", "办件快到期或已超期")
_UNOPENED: Final = NoticeKind("casework.unopened", "电子送达没有打开")
_MOVED: Final = NoticeKind("casework.moved", "办件期限重算")
CASE_NOTICES: Final = (_WAITS, _LATE, _UNOPENED, _MOVED)


@transaction.atomic
def tell_handlers(*, hall: Hall, case_id: UUID, cause_id: UUID) -> None:
    """Tell who has it, or all of the department, that it waits for acceptance, or that what was promised has come. What
    was said meanwhile waits for nobody."""
    case = Case.objects.filter(pk=case_id, ended_at=None).first()
    if case and case.state == CaseState.RECEIVED:
        tell_handlers_of(hall, case, _WAITS, cause_id, f"{case.item_name}（{case.number}）待受理")
    elif case and case.lacking == LackingState.BROUGHT:
        tell_handlers_of(hall, case, _WAITS, cause_id, f"{case.item_name}（{case.number}）补交的材料待核对")


def tell_of_time(hall: Hall, case: Case, cause_id: UUID, *, is_over: bool) -> None:
    """In the transaction in which a clock of it is known to be nearly over, or over."""
    said = "已超期" if is_over else "快到期"
    tell_handlers_of(hall, case, _LATE, cause_id, f"{said}：{case.item_name}（{case.number}）")


def tell_of_uncorrected(hall: Hall, case: Case, cause_id: UUID) -> None:
    """In the transaction in which it is known that the applicant's time to bring what is missing (补正) is over."""
    tell_handlers_of(hall, case, _LATE, cause_id, f"补正期限已过，没有补齐：{case.item_name}（{case.number}）")


def tell_of_lapse(hall: Hall, case: Case, cause_id: UUID) -> None:
    """In the transaction in which what was promised (容缺) did not come in time and the case ends with it."""
    tell_handlers_of(hall, case, _LATE, cause_id, f"逾期未补齐，已终止办理：{case.item_name}（{case.number}）")


def tell_of_service(hall: Hall, case: Case, cause_id: UUID) -> None:
    """In the transaction in which it is known that nobody has opened in time what was served electronically."""
    tell_handlers_of(hall, case, _UNOPENED, cause_id, f"电子送达没有打开：{case.item_name}（{case.number}）")


@transaction.atomic
def tell_of_moved_clocks(*, hall: Hall, recount_id: UUID, why: str, cause_id: UUID) -> None:
    """Tell who has cases whose last day a recount has moved, once and with how many of the hall's these are; of cases
    that nobody has, all of their departments. Applicants read it on the page of their case."""
    moved = moved_clocks(recount_id, hall.pk).filter(owner_kind=CASE_KIND).values("owner_id")
    cases = Case.objects.filter(pk__in=moved, ended_at=None)
    holders = list(cases.values_list("owner_id", "unit_id"))
    if not holders:
        return
    units = {unit_id for owner_id, unit_id in holders if owner_id is None}
    notify(
        kind=_MOVED,
        cause_id=cause_id,
        title=f"{why}：本厅 {len(holders):,} 件办件的期限已重算",
        path=f"{reverse('desk-cases', urlconf=settings.HALL_URLCONFS[hall.kind])}?state=open",
        hall_id=hall.pk,
        positions=[
            one
            for unit_id in sorted(units, key=str)
            for one in nearest_positions(HANDLE, hall_id=hall.pk, prefixes=hall.prefixes, unit_id=unit_id)
        ],
        people=sorted({owner_id for owner_id, _ in holders if owner_id}),
    )


def tell_handlers_of(hall: Hall, case: Case, kind: NoticeKind, cause_id: UUID, title: str) -> None:
    """Tell who has the case, or all of the department where nobody has it."""
    positions = (
        []
        if case.owner_id
        else nearest_positions(HANDLE, hall_id=hall.pk, prefixes=hall.prefixes, unit_id=case.unit_id)
    )
    notify(
        kind=kind,
        cause_id=cause_id,
        title=title,
        path=reverse("desk-case", args=[case.pk], urlconf=settings.HALL_URLCONFS[hall.kind]),
        hall_id=hall.pk,
        positions=positions,
        people=[case.owner_id] if case.owner_id else [],
    )
