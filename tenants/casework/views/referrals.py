"""上报 and 转送 at the desk: a case is sent to another hall; what went out and what came in."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, list_lines
from province.cases.models import Referral
from province.cases.queries.ways import went_steps
from province.cases.states import CLOCK_RULES, ReferralKind
from province.console.access import first_view
from province.console.queries.tables import own_table
from tenants.casework.forms.cases import HandUpForm, SendOnForm
from tenants.casework.layouts import at_cases
from tenants.casework.operations.referrals import hand_up_case, send_on_case
from tenants.casework.queries.access import case_of
from tenants.casework.queries.referrals import (
    halls_to_hand_up,
    halls_to_send_on,
    referrals_at_desk,
    referrals_of_case,
)
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "cases"}
_TABLE: Final = TableKind(
    "desk.referrals",
    (
        TableColumn("item", "事项", sort="item_name", is_fixed=True),
        TableColumn("kind", "方式"),
        TableColumn("hall", "对方服务厅"),
        TableColumn("state", "情况"),
        TableColumn("due", "对方期限"),
        TableColumn("sent", "送出", sort="created_at"),
    ),
    filters=("way",),
)
_HEADINGS: Final = ("办件编号", "事项", "方式", "对方服务厅", "情况", "对方期限", "送出")


@at_cases
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``way``: out, or in."""
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    is_out = request.GET.get("way") != "in"
    rows = shown.in_order(referrals_at_desk(desk, is_out=is_out))
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}上报、转送（{'送出的' if is_out else '收到的'}）"
        lines = list_lines(rows, lambda some: _cells(some, is_out=is_out))
        return desk_export(desk, kind, name, _HEADINGS, lines)
    page = rows_of_page(request, rows)
    context = {"page": page, "steps": went_steps(list(page)), "is_out": is_out, "table": shown}
    return desk_page(request, desk, "casework/desk/referrals.html", _PLACE | context)


def _cells(referrals: list[Referral], *, is_out: bool) -> Iterator[tuple[Any, ...]]:
    for step in went_steps(referrals):
        one, receipt = step.referral, step.receipt
        number = one.case_number if is_out else receipt.case_number if receipt else ""
        yield (
            *(number, one.item_name, one.get_kind_display(), one.to_hall.name if is_out else one.hall.name),
            *(step.state_words, step.due_words, one.created_at),
        )


@at_cases
@require_http_methods(["GET", "POST"])
def hand_up(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """上报 to a higher hall, with the opinion of this one."""
    case = case_of(desk, case_id)
    halls = halls_to_hand_up(desk.hall, case)
    form = HandUpForm(
        request.POST or None, halls=[(str(one.pk), one.name) for one in halls], initial={"revision": case.revision}
    )
    if form.carry_out(lambda data: hand_up_case(by=desk.by, hall=desk.hall, case_id=case_id, **data)):
        messages.success(request, "已上报，本厅停止计时，结果会自动回到这里。")
        return redirect("desk-case", case_id)
    return _page(request, desk, case_id, form, kind=ReferralKind.HANDED_UP, has_halls=bool(halls))


@at_cases
@require_http_methods(["GET", "POST"])
def send_on(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """转送 to the hall that is competent."""
    case = case_of(desk, case_id)
    halls = halls_to_send_on(desk.hall, case)
    form = SendOnForm(
        request.POST or None, halls=[(str(one.pk), one.name) for one in halls], initial={"revision": case.revision}
    )
    if form.carry_out(lambda data: send_on_case(by=desk.by, hall=desk.hall, case_id=case_id, **data)):
        messages.success(request, "已转送，申请人会收到通知。")
        return redirect("desk-case", case_id)
    return _page(request, desk, case_id, form, kind=ReferralKind.TRANSFERRED, has_halls=bool(halls))


def _page(
    request: HttpRequest, desk: Desk, case_id: UUID, form: Any, *, kind: ReferralKind, has_halls: bool
) -> HttpResponse:
    case = case_of(desk, case_id)
    came = referrals_of_case(desk.hall, case).came
    context = {
        "case": case,
        "form": form,
        "label": kind.label,
        "has_halls": has_halls,
        "clock_rule": came.clock_rule if came and kind == ReferralKind.TRANSFERRED else CLOCK_RULES[kind],
    }
    status = 422 if form.errors else 200
    return desk_page(request, desk, "casework/desk/send.html", _PLACE | context, status=status)
