"""What of the cases waits for the person at the desk."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.html import format_html

from province.cases.states import CaseState
from province.console.slots import Figure
from province.rights.queries import units_within_reach, works_at
from tenants.casework.queries.access import DECIDE, HANDLE, cases_of
from tenants.casework.queries.desk import (
    TO_DECIDE,
    case_lines,
    cases_at_desk,
    cases_by_filter,
    due_first,
    waiting_number,
)
from tenants.casework.queries.joint import opinion_lines, opinions_at_desk, opinions_waiting
from tenants.casework.states import LackingState, ServiceTask
from tenants.shell.slots import MOST_THINGS, Desk, DeskShare, Once, WaitingThing

_MOST: Final = MOST_THINGS + 1
_OF_SERVICE: Final = {ServiceTask.UNOPENED: ("送达没有打开", "warning"), ServiceTask.PAPER: ("要纸质文书", "accent")}


def waiting_cases(desk: Desk) -> Iterator[WaitingThing]:
    """Cases that wait for acceptance by the person's department, those for which something promised has come (容缺),
    then those that the person may decide and no flow examines; of each the one due first leading."""
    if not works_at(desk.by, HANDLE, hall_id=desk.hall.pk):
        return
    found = [
        one
        for state in (CaseState.RECEIVED, LackingState.BROUGHT)
        for one in due_first(desk, cases_at_desk(desk, state=state), 0, _MOST)
    ]
    units, rows = units_within_reach(desk.by, DECIDE, hall_id=desk.hall.pk), cases_at_desk(desk, state=TO_DECIDE)
    found += due_first(desk, rows if units is None else rows.filter(unit_id__in=units), 0, _MOST)
    for line in case_lines(desk.hall, found[:_MOST]):
        brought = "补交待核对" if line.case.lacking == LackingState.BROUGHT else "待决定"
        waits = "待受理" if line.case.state == CaseState.RECEIVED else brought
        tag, look = {"late": ("已超期", "error"), "soon": ("快到期", "warning")}.get(line.look, (waits, "accent"))
        note = line.left_words + line.assumed_remark
        yield WaitingThing(tag, look, line.case.item_name, note, "desk-case", line.case.pk)


def waiting_services(desk: Desk) -> Iterator[WaitingThing]:
    """What was served electronically and was not opened in time, and of which paper is wanted, the oldest leading; one
    query, by an index of these alone."""
    if not works_at(desk.by, HANDLE, hall_id=desk.hall.pk):
        return
    for case in cases_of(desk).filter(service_task__isnull=False).order_by("pk")[:_MOST]:
        tag, look = _OF_SERVICE[ServiceTask(case.service_task or "")]
        yield WaitingThing(tag, look, case.item_name, "打电话、邮寄或者在窗口交给本人", "desk-case", case.pk)


def waiting_opinions(desk: Desk) -> Iterator[WaitingThing]:
    """What other departments ask about their cases (联办), what was asked first leading."""
    if not works_at(desk.by, HANDLE, hall_id=desk.hall.pk):
        return
    for line in opinion_lines(desk.hall, list(opinions_at_desk(desk)[:_MOST])):
        tag, look = {"late": ("已超期", "error"), "soon": ("快到期", "warning")}.get(line.look, ("联办意见", "accent"))
        name = line.opinion.item_name  # type: ignore[attr-defined]  # annotated
        yield WaitingThing(tag, look, name, line.left_words + line.assumed_remark, "desk-opinion", line.opinion.pk)


def opinions_counted(desk: Desk, once: Once) -> int:
    return once(opinions_waiting, desk)


def cases_waiting(desk: Desk, once: Once) -> int:
    return once(waiting_number, desk)


def cases_share(desk: Desk, once: Once) -> DeskShare:
    """Figures of the cases that are the person's business."""
    counts, address = once(cases_by_filter, desk), reverse("desk-cases")
    return DeskShare(
        figures=(
            Figure(counts["received"], "待受理办件", f"{address}?state=received"),
            Figure(counts["late"], "超期办件", f"{address}?state=late"),
        ),
        hint=format_html('到窗口来的申请，可以<a href="{}">收件</a>。', reverse("desk-case-new")),
    )
