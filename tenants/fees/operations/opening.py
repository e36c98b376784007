"""缴费单: opened by the item's list and nothing else, or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, Invalid, NotAllowed
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import refusal_of, system_actor
from standards.fees import in_yuan
from tenants.casework.models import Case
from tenants.casework.operations.rows import lock_case, tell_applicant
from tenants.casework.queries.access import may_over
from tenants.fees.models import LONGEST_REASON, FeeLine, FeeOrder
from tenants.fees.operations.rows import lock_order, move_order, record, tell_owed
from tenants.fees.queries.access import ORDER
from tenants.fees.queries.rates import ChargedRate, fee_list_of_case
from tenants.fees.states import SETTLED, FeeState

MOST_UNITS: Final = 9_999
_FREE_OF_CHARGE: Final = "这个事项不收费，不能开缴费单。"
_ENDED: Final = "办件已经结束，没有缴的不用再缴。"


@dataclass(frozen=True, slots=True)
class LineWish:
    """``place``: of the rate in the guide's list (``ChargedRate``); ``price_fen``: where the standard leaves a range,
    and None where it is fixed."""

    place: int
    quantity: int
    price_fen: int | None = None


@transaction.atomic
def open_fee_order(*, by: Actor, hall: Hall, case_id: UUID, lines: Sequence[LineWish]) -> FeeOrder:
    """Open an order for a case: rates of its guide, each so many times. The applicant is told that there is something
    to read.

    Raises as ``lock_case`` does; NotAllowed without the right over the case; Conflict for an item that charges nothing,
    a case that has ended, an order that is open and what was paid or waived before; Invalid for no lines, rates that
    there are not, and prices outside the standard (价格法: nothing is charged beyond it).
    """
    return open_for_case(by, hall, _chargeable(by, hall, case_id), lines)


def open_for_case(
    by: Actor, hall: Hall, case: Case, lines: Sequence[LineWish], *, order_id: UUID | None = None
) -> FeeOrder:
    """As ``open_fee_order``, of a case that is held and can be charged for. ``order_id``: the id that the order gets, a
    UUIDv7 by which a caller that may come twice has looked for it before."""
    chosen = _lines(case, lines)
    settled = FeeLine.objects.filter(order__case=case, order__state__in=SETTLED)
    before = set(settled.values_list("fee", "label"))
    if again := [one for one in chosen if (one.fee, one.label) in before]:
        message = f"“{again[0].fee}{again[0].label}”这个办件已经缴过或者减免了，不能再收。"
        raise Conflict(message)
    order = make_order(by, case, FeeState.OPEN, **({"id": order_id} if order_id else {}))
    for one in chosen:
        one.order = order
    FeeLine.objects.bulk_create(chosen)
    tell_owed(hall, order)
    record(by, hall, order, "open")
    tell_applicant(hall, case)
    return order


@transaction.atomic
def note_nothing_due(*, by: Actor, hall: Hall, case_id: UUID, reason: str) -> FeeOrder:
    """Say that the standard charges nothing in this case (首次申领不收费), and why. Raises as ``open_fee_order``."""
    case = _chargeable(by, hall, case_id)
    order = make_order(by, case, FeeState.FREE)
    ask = "请写明按哪一条不收费。"
    order.reason = clean_reason(reason, ask=ask, most=LONGEST_REASON)
    order.save(update_fields=["reason"])
    record(by, hall, order, "note_free")
    return order


@transaction.atomic
def cancel_fee_order(*, by: Actor, hall: Hall, order_id: UUID, reason: str) -> FeeOrder:
    """作废: it was opened wrongly. Money that comes for it later is to go back. Raises as ``lock_order``, Invalid
    without a reason, Conflict for what is not open."""
    order = lock_order(by, hall, order_id, ORDER)
    order.reason = clean_reason(reason, ask="请写明作废的原因。", most=LONGEST_REASON)
    move_order(hall, order, FeeState.CANCELLED)
    record(by, hall, order, "cancel")
    return order


@transaction.atomic
def drop_orders_of_ended_case(hall: Hall, case: Case) -> None:
    """A case that has ended without being done costs nothing any more. What was done and not paid stays owed. The
    caller holds the case."""
    if case.is_open or case.state == CaseState.FINISHED:
        return
    orders = FeeOrder.objects.select_for_update(of=("self",)).select_related("case").prefetch_related("lines")
    for order in orders.filter(case=case, state=FeeState.OPEN):
        order.reason = _ENDED
        move_order(hall, order, FeeState.CANCELLED)
        record(system_actor(), hall, order, "cancel")


def _chargeable(by: Actor, hall: Hall, case_id: UUID) -> Case:
    """Hold a case that can be charged for, and that has no open order."""
    case = lock_case(by, hall, case_id)
    if not may_over(by, ORDER, hall, case):
        raise NotAllowed(refusal_of(ORDER))
    if not case.is_open:
        raise Conflict(_ENDED)
    if not fee_list_of_case(case).has_fee:
        raise Conflict(_FREE_OF_CHARGE)
    if FeeOrder.objects.filter(case=case, state=FeeState.OPEN).exists():
        raise Conflict("这个办件有一张缴费单还没有缴，不能再开。")
    return case


def make_order(opener: Actor, case: Case, state: FeeState, **facts: Any) -> FeeOrder:
    """Write the row, without lines; the caller's own act says who may, and leaves the entry. The caller holds the case:
    its orders are counted by one at a time."""
    number = FeeOrder.objects.filter(case=case).count() + 1
    order = FeeOrder(
        case=case,
        number=f"{case.number}F{number:02d}",
        state=state,
        state_at=timezone.now(),
        opened_by_id=opener.id,
        opened_by_name=opener.shown_name,
        **facts,
    )
    order.save(force_insert=True)
    return order


def _lines(case: Case, wishes: Sequence[LineWish]) -> list[FeeLine]:
    rates = {one.place: one for one in fee_list_of_case(case).rates}
    faults = [
        Fault("lines", f"第 {place} 行：{said}")
        for place, one in enumerate(wishes, start=1)
        if (said := _fault(rates.get(one.place), one))
    ]
    if len({one.place for one in wishes}) < len(wishes):
        faults.append(Fault("lines", "同一个收费项目只能有一行，请改数量。"))
    if not wishes:
        faults.append(Fault("lines", "请至少填写一项的数量。"))
    if faults:
        raise Invalid.of(faults)
    return [_line(rates[one.place], one, position) for position, one in enumerate(wishes, start=1)]


def _fault(found: ChargedRate | None, wish: LineWish) -> str:
    if found is None:
        return "指南里没有这个收费项目。"
    rate = found.rate
    if not 1 <= wish.quantity <= MOST_UNITS:
        return f"数量应为 1 到 {MOST_UNITS}。"
    if rate.is_fixed:
        # the amount is the standard's; a wish that repeats it says nothing else
        return "" if wish.price_fen in {None, rate.least_fen} else "收费标准是固定的，不能另填金额。"
    if wish.price_fen is None or not rate.least_fen <= wish.price_fen <= rate.most_fen:
        return f"单价应在 {in_yuan(rate.least_fen)} 元到 {in_yuan(rate.most_fen)} 元之间。"
    return ""


def _line(found: ChargedRate, wish: LineWish, position: int) -> FeeLine:
    rate = found.rate
    return FeeLine(
        position=position,
        fee=found.fee,
        label=rate.label,
        standard=found.standard,
        unit=rate.unit,
        quantity=wish.quantity,
        price_fen=rate.least_fen if wish.price_fen is None else wish.price_fen,
        least_fen=rate.least_fen,
        most_fen=rate.most_fen,
    )
