"""收费 at the desk: orders, what is done with each, and what came by day."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import FaultyForm, ids_of
from foundation.design.tables import TableColumn, TableKind
from foundation.errors import Invalid
from foundation.exports import EXPORT_FORMATS, export_file, export_table
from foundation.paper.forms import write_form
from province.console.access import first_view
from province.console.queries.tables import own_table
from standards.fees import in_yuan
from tenants.casework.models import Case
from tenants.casework.queries.access import case_of, may_over
from tenants.fees.forms import DaysForm, FeeLinesForm, NothingDueForm, RefundNoteForm
from tenants.fees.layouts import at_fees
from tenants.fees.models import FeeOrder
from tenants.fees.operations.online import ask_payment
from tenants.fees.operations.opening import note_nothing_due, open_fee_order
from tenants.fees.operations.paying import note_refund
from tenants.fees.queries.access import ORDER, TAKE, order_of, sees_fees_of
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.queries.receipts import paper_of_receipt
from tenants.fees.queries.shown import (
    FILTERS,
    day_sums,
    orders_at_desk,
    orders_by_filter,
    orders_of_case,
    payments_of,
    why_not_served,
)
from tenants.fees.states import PaymentState, PayWay
from tenants.fees.views.verbs import VERBS, form_of_verb, verbs_for
from tenants.shell.layouts.desk import act_and_return, desk_export, desk_page, rows_of_page
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "fees"}
_TABLE: Final = TableKind(
    "desk.fees",
    (
        TableColumn("order", "缴费单", sort="number", is_fixed=True),
        TableColumn("total", "金额（元）", is_number=True),
        TableColumn("state", "状态", sort="state"),
        TableColumn("opener", "开单人"),
        TableColumn("opened", "开单", sort="created_at"),
    ),
    filters=("state", "words"),
)
_SPAN: Final = timedelta(days=30)
_LONGEST_SPAN: Final = timedelta(days=366)
_HEADINGS: Final = ("缴费单号", "办件编号", "事项", "收费项目", "金额（元）", "状态", "开单", "状态时间", "减免依据")
_DAY_HEADINGS: Final = ("日期", *(f"{one}（元）" for one in PayWay.labels), "合计（元）", "笔数", "其中已退款（元）")


@at_fees
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The orders of the person's departments; those that wait for money first."""
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    state = request.GET.get("state", "" if "all" in request.GET else "open")
    state = state if state in FILTERS else ""
    words = request.GET.get("words", "").strip()[:80]
    rows = shown.in_order(orders_at_desk(desk, state=state, words=words))
    if request.GET.get("export") in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}缴费单"
        lines = (_exported(one) for one in rows.iterator(500))
        narrowed = [FILTERS.get(state, "")]
        return desk_export(desk, request.GET["export"], name, _HEADINGS, lines, narrowed=narrowed, words=[words])
    numbers = orders_by_filter(desk)
    page = rows_of_page(request, rows)
    context = {
        "table": shown,
        "page": page,
        "lines": [(one, in_yuan(one.total_fen)) for one in page],
        "state": state,
        "words": words,
        "filters": [(key, label, numbers.get(key)) for key, label in FILTERS.items()],
    }
    return desk_page(request, desk, "fees/desk/orders.html", _PLACE | context)


@at_fees
@require_GET
def days(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What came by day and way; without days named, of the last month."""
    today = timezone.localdate()
    form = DaysForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    last = chosen.get("last") or today
    first = max(chosen.get("first") or last - _SPAN, last - _LONGEST_SPAN)
    lines = day_sums(desk, first=first, last=last)
    if request.GET.get("export") in EXPORT_FORMATS:
        rows = [
            (one.day, *(in_yuan(fen) for fen in one.by_way), in_yuan(one.total), one.number, in_yuan(one.refunded))
            for one in lines
        ]
        return export_table(request.GET["export"], f"{desk.hall.short_name}收款按日", _DAY_HEADINGS, rows)
    context = {
        "lines": [
            (one, [in_yuan(fen) for fen in one.by_way], in_yuan(one.total), in_yuan(one.refunded)) for one in lines
        ],
        "ways": PayWay.labels,
        "total": in_yuan(sum(one.total for one in lines)),
        "first": first,
        "last": last,
    }
    return desk_page(request, desk, "fees/desk/days.html", _PLACE | context)


@at_fees
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Open an order for a case, by its guide's list; or say that nothing is charged in it (``act``: free)."""
    case = case_of(desk, case_id)
    fees = fee_list_of_case(case)
    is_free = request.POST.get("act") == "free"
    posted = request.POST or None
    lines_form = FeeLinesForm(None if is_free else posted, fees=fees)
    free_form = NothingDueForm(posted if is_free else None)
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "case_id": case.pk}
    made = (
        free_form.carry_out(lambda data: note_nothing_due(**given, **data))
        if is_free
        else lines_form.carry_out(lambda data: open_fee_order(**given, **data))
    )
    if made:
        messages.success(request, "已登记本件不收费。" if is_free else "缴费单已开，申请人会收到通知。")
        return redirect("desk-fee-order", made.pk)
    is_wrong = bool(lines_form.errors or free_form.errors)
    context = {"case": case, "fees": fees, "form": lines_form, "free_form": free_form}
    return desk_page(request, desk, "fees/desk/new.html", _PLACE | context, status=422 if is_wrong else 200)


@at_fees
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, desk: Desk, order_id: UUID) -> HttpResponse:
    """One order. POST carries out one of ``VERBS``; what was typed stays, where it is refused."""
    found = order_of(desk, order_id)
    name = request.POST.get("act", "")
    verb = VERBS.get(name)
    if verb is None:
        return _page(request, desk, found)
    form = form_of_verb(name, found, request.POST)
    made = form.carry_out(lambda data: verb.act(by=desk.by, hall=desk.hall, order_id=found.pk, **data))
    if made is None:
        return _page(request, desk, order_of(desk, order_id), name, form)
    messages.success(request, verb.said)
    # where a part was waived, another order stands in its place
    return redirect("desk-fee-order", made.pk if isinstance(made, FeeOrder) else found.pk)


@at_fees
@require_POST
def refunded(request: HttpRequest, desk: Desk, order_id: UUID) -> HttpResponse:
    """Note that a payment of the order has gone back (``payment``)."""
    found = order_of(desk, order_id)
    form = RefundNoteForm(request.POST)
    chosen = ids_of([request.POST.get("payment", "")])

    def act() -> object:
        payment = next((one for one in payments_of(found) if one.pk in chosen), None)
        if payment is None or not form.is_valid():
            raise Invalid("请填写退款凭证号。")
        return note_refund(by=desk.by, hall=desk.hall, payment_id=payment.pk, **form.cleaned_data)

    return act_and_return(request, act, said="已登记退款。", to="desk-fee-order", args=(found.pk,))


@at_fees
@require_POST
def ask_again(request: HttpRequest, desk: Desk, order_id: UUID) -> HttpResponse:
    """Ask the payment interface what has come."""
    found = order_of(desk, order_id)
    return act_and_return(
        request,
        lambda: ask_payment(hall=desk.hall, order_id=found.pk),
        said="已向缴费接口查询，下面是现在的情况。",
        to="desk-fee-order",
        args=(found.pk,),
    )


@at_fees
@require_GET
def receipt(request: HttpRequest, desk: Desk, order_id: UUID) -> HttpResponse:  # noqa: ARG001 - the desk's signature
    """收款凭条 as a PDF."""
    found = order_of(desk, order_id)
    return export_file("pdf", f"收款凭条 {found.number}", write_form(paper_of_receipt(desk.hall, found)))


def part_of_desk_case(desk: Desk, case: Case) -> SafeString | None:
    """收费 on the desk's page of a case; nothing for an item that charges nothing."""
    fees = fee_list_of_case(case)
    orders = orders_of_case(case)
    if not fees.has_fee and not orders:
        return None
    may_order = case.is_open and may_over(desk.by, ORDER, desk.hall, case)
    context = {
        "case": case,
        "orders": [(one, in_yuan(one.total_fen)) for one in orders],
        "may_look": sees_fees_of(desk.by, desk.hall, case),
        "can_open": may_order and fees.has_fee and not any(one.state == "open" for one in orders),
        "is_first": case.setup.is_paid_first,
        "against": why_not_served(case) if case.is_open else "",
    }
    return SafeString(render_to_string("fees/desk/case_part.html", context))


def _page(
    request: HttpRequest, desk: Desk, found: FeeOrder, act: str = "", form: FaultyForm | None = None
) -> HttpResponse:
    payments = payments_of(found)
    context = {
        "order": found,
        "total": in_yuan(found.total_fen),
        "ask": in_yuan(found.ask_fen) if found.ask_fen else "",
        "waived": in_yuan(found.waived_fen) if found.waived_fen else "",
        "lines": [(one, in_yuan(one.price_fen), in_yuan(one.amount_fen)) for one in found.lines.all()],
        "payments": [(one, in_yuan(one.amount_fen)) for one in payments],
        "verbs": [
            (name, verb, form if name == act and form else form_of_verb(name, found))
            for name, verb in verbs_for(desk, found)
        ],
        "asked": act,
        "may_take": may_over(desk.by, TAKE, desk.hall, found.case),
        "has_receipt": any(one.state == PaymentState.RECEIVED for one in payments),
    }
    return desk_page(request, desk, "fees/desk/order.html", _PLACE | context, status=422 if form else 200)


def _exported(one: FeeOrder) -> tuple[Any, ...]:
    fees = "；".join(f"{line.fee}{line.label} {line.quantity} {line.unit}" for line in one.lines.all())
    return (
        *(one.number, one.case.number, one.case.item_name, fees, in_yuan(one.total_fen)),
        *(one.get_state_display(), one.created_at, one.state_at, one.basis),
    )
