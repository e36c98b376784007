"""One's own turns at the desk, and swaps that people ask each other for."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.exports import EXPORT_FORMATS, list_lines
from province.rights.queries import may
from tenants.duty.forms import SwapAnswerForm, SwapForm
from tenants.duty.layouts import at_duty, at_swapping
from tenants.duty.models import SwapRequest
from tenants.duty.operations.swap_requests import (
    agree_to_swap,
    ask_for_swap,
    confirm_swap,
    decline_swap,
    refuse_swap,
    withdraw_swap,
)
from tenants.duty.queries.access import KEEP
from tenants.duty.queries.requests import is_stale, own_turns, request_seen_by, requests_seen_by
from tenants.duty.queries.staff import duty_staff
from tenants.duty.queries.turns import turn_with_id
from tenants.duty.states import DutyPart, SwapState
from tenants.shell.layouts.desk import act_and_return, desk_export, desk_page, rows_of_page
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "duty"}
_HEADINGS: Final = ("申请人", "对方", "哪一班", "换来的班", "原因", "状态", "答复", "申请时间")
_SAID: Final = {
    "agree": "已同意，等排班的人确认。",
    "refuse": "已答复不同意，已通知对方。",
    "withdraw": "换班申请已撤回。",
    "confirm": "已确认换班，两个人都已通知。",
    "decline": "没有批准，两个人都已通知。",
}


@at_swapping
@require_GET
def mine(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's coming turns, and the requests that one has to do with; of the whole hall for who keeps the roster."""
    rows = requests_seen_by(desk)
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return desk_export(desk, kind, f"{desk.hall.short_name}换班申请", _HEADINGS, list_lines(rows, _cells))
    page = rows_of_page(request, rows)
    context = {
        "turns": [(one, DutyPart(one.part).label) for one in own_turns(desk.by.id)] if desk.by.id else [],
        "page": page,
        "may_keep": may(desk.by, KEEP, hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "duty/desk/mine.html", _PLACE | context)


def _cells(rows: list[SwapRequest]) -> Iterator[tuple[Any, ...]]:
    for one in rows:
        yield (
            *(one.from_name, one.to_name, one.turn_words, one.other_words, one.reason),
            *(one.get_state_display(), one.said, one.created_at),
        )


@at_swapping
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, desk: Desk, turn_id: UUID) -> HttpResponse:
    """Ask a colleague to take one's own turn, or to change turns."""
    turn, staff = turn_with_id(turn_id), duty_staff(desk.hall.pk)
    form = SwapForm(request.POST or None, turn=turn, staff=staff)
    made = form.carry_out(
        lambda filled: ask_for_swap(
            by=desk.by,
            hall=desk.hall,
            turn_id=turn_id,
            reason=filled["reason"],
            to_id=UUID(filled["to_id"]) if filled["to_id"] else None,
            other_id=UUID(filled["other_id"]) if filled["other_id"] else None,
        )
    )
    if made:
        messages.success(request, f"已请{made.to_name}换班，同意以后由排班的人确认。")
        return redirect("desk-duty-request", made.pk)
    context = {"form": form, "turn": turn, "part": DutyPart(turn.part).label, "is_own": turn.account_id == desk.by.id}
    return desk_page(request, desk, "duty/desk/ask.html", _PLACE | context, status=422 if form.errors else 200)


@at_duty
@require_GET
def swap_request(request: HttpRequest, desk: Desk, request_id: UUID) -> HttpResponse:
    """What is asked, how it stands, and what the person can do about it."""
    found = request_seen_by(desk, request_id)
    is_over = is_stale(found)
    may_keep = may(desk.by, KEEP, hall_id=desk.hall.pk)
    context: dict[str, Any] = {
        "found": found,
        "is_stale": is_over,
        "may_answer": found.state == SwapState.ASKED and found.to_id == desk.by.id and not is_over,
        "may_confirm": found.state == SwapState.AGREED and may_keep and not is_over,
        "may_withdraw": found.is_open and found.from_id == desk.by.id,
        "form": SwapAnswerForm(is_needed=found.state == SwapState.AGREED),
    }
    return desk_page(request, desk, "duty/desk/request.html", _PLACE | context)


@at_duty
@require_POST
def answer(request: HttpRequest, desk: Desk, request_id: UUID, verb: str) -> HttpResponse:
    """``verb``: agree, refuse, withdraw, confirm or decline."""
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "request_id": request_id}
    said = request.POST.get("said", "")

    def act() -> object:
        match verb:
            case "agree":
                return agree_to_swap(**given)
            case "refuse":
                return refuse_swap(**given, said=said)
            case "withdraw":
                return withdraw_swap(**given)
            case "confirm":
                return confirm_swap(**given)
            case _:
                return decline_swap(**given, said=said)

    return act_and_return(request, act, said=_SAID[verb], to="desk-duty-request", args=(request_id,))
