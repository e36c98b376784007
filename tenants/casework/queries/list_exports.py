"""A list of cases as it is taken away: which of them, and what a line says."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from foundation.errors import Damaged, Invalid
from foundation.exports import EXPORT_FORMATS
from foundation.masking import mask_words, masked, scrub
from foundation.texts import visible
from province.cases.models import CaseApplicant, ListExport
from province.cases.queries.list_exports import ListWish
from province.people.queries.units import unit_choices
from province.rights.queries import may
from tenants.casework.models import Case
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.desk import FILTERS, CaseLine, cases_at_desk
from tenants.shell.slots import Desk

HEADINGS: Final = (
    *("办件编号", "事项", "办件类型", "申请方式", "状态", "决定", "申请人", "承办部门", "承办人"),
    *("收件", "受理", "决定日期", "办结", "期限", "期限说明", "剩余工作日", "是否超期", "联办"),
)
LONGEST_WORDS: Final = 80
_WINDOW: Final = "window"


def units_of_list(desk: Desk) -> dict[str, str]:
    """By what a list is narrowed to one, the names of the hall's departments."""
    return {_WINDOW: "综合窗口"} | {key: name.lstrip("— ") for key, name in unit_choices(desk.hall.pk)}


def checked_wish(desk: Desk, wish: ListWish) -> ListWish:
    """Raises Invalid for a filter, a department or a form of file that is not there."""
    if wish.state and wish.state not in FILTERS:
        raise Invalid.at("state", "没有这个状态，请重新选择。")
    if wish.unit and wish.unit not in units_of_list(desk):
        raise Invalid.at("unit", "没有这个部门，请重新选择。")
    if len(wish.words) > LONGEST_WORDS:
        message = f"查找的内容最多 {LONGEST_WORDS} 个字。"
        raise Invalid.at("words", message)
    if wish.file_format not in EXPORT_FORMATS:
        raise Invalid.at("file_format", "请选择 Excel 或者 CSV。")
    return replace(wish, words=visible(wish.words).strip())


def wish_of(export: ListExport) -> ListWish:
    return ListWish(export.chosen_state, export.chosen_unit, export.words.plain, export.file_format)


def wish_words(desk: Desk, wish: ListWish, *, is_masked: bool = False) -> str:
    """The filters in words: 在办，综合窗口，含“许可”. A number that somebody typed is masked; what may be a name, too,
    where ``is_masked``."""
    words = mask_words(wish.words) if is_masked else scrub(wish.words)
    units = units_of_list(desk)
    found = [
        FILTERS.get(wish.state, "全部状态"),
        units.get(wish.unit, "已经不在的部门") if wish.unit else "全部部门",
        *([f"含“{words}”"] if wish.words else []),
    ]
    return "，".join(found)


def number_of_cases(desk: Desk, wish: ListWish, until_id: UUID) -> int:
    """How many a list has, of those received by then."""
    rows = cases_at_desk(desk, state=wish.state, unit=wish.unit, words=wish.words)
    return rows.order_by().filter(pk__lte=until_id).count()


def next_cases(desk: Desk, wish: ListWish, *, until_id: UUID, before: UUID | None, most: int) -> list[Case]:
    """The newest of the list, those before the case that was written last; each as it is now."""
    rows = cases_at_desk(desk, state=wish.state, unit=wish.unit, words=wish.words).order_by("-pk")
    rows = rows.filter(pk__lt=before) if before else rows.filter(pk__lte=until_id)
    ids = list(rows.values_list("pk", flat=True)[:most])
    return list(Case.objects.filter(pk__in=ids).order_by("-pk"))


def cells_of(lines: Iterable[CaseLine]) -> Iterator[tuple[Any, ...]]:
    """A line's cells, as HEADINGS has them. Names are masked."""
    for line in lines:
        one = line.case
        yield (
            *(one.number, one.item_name, one.get_case_type_display(), one.get_channel_display()),
            *(one.get_state_display(), one.get_outcome_display()),
            *(_name(line.applicant), line.unit_name, masked(one.owner_name)),
            *(one.received_at, one.accepted_at, one.decided_at, one.ended_at),
            *(
                line.clock.due_on if line.clock else None,
                line.assumed_words,
                line.left,
                "是" if one.was_late or line.look == "late" else "否",
                line.joint.summary if line.joint else "",
            ),
        )


def may_read_all(desk: Desk, export: ListExport) -> bool:
    """Whether the person may still handle cases of every department that is in the file."""
    return all(may(desk.by, HANDLE, hall_id=desk.hall.pk, unit_id=one) for one in export.unit_ids)


def reach_of(desk: Desk) -> frozenset[tuple[Any, ...]]:
    """How far the person's right goes now: of two moments that are alike one list has what the other has."""
    return frozenset(
        (one.hall_id, one.reach_prefix, one.reach, one.unit_ids, one.owner_id)
        for one in desk.by.grants
        if HANDLE in one.permissions
    )


def file_key(export: ListExport, folder: str) -> str:
    """Where in the store its file lies: in one place, however often it is written."""
    return f"{folder}/list-exports/{export.pk}.{export.file_format}"


def _name(applicant: CaseApplicant | None) -> str:
    if applicant is None:
        return ""
    try:
        return applicant.shown_name
    except Damaged:
        # one of a million stops no list
        return "（读不出来）"
