"""收费 as a step of the flow that examines a case: one rate of the item's list is asked for, and the run goes on once
nothing of it is owed any more. The order's id is the call's key, so that of one visit there is one order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal, cast
from uuid import UUID

from django.db import transaction
from pydantic import BaseModel, StringConstraints

from foundation.errors import Conflict, Invalid
from foundation.events.outgoing import Deferred, Refused
from province.halls.models import Hall
from province.rights.queries import system_actor
from standards.fees import in_yuan
from standards.flows.plugins import ContentRight
from tenants.casework.models import Case
from tenants.casework.operations.rows import held_case, held_case_of_run
from tenants.casework.queries.setups import NO_CASE_FLOW, guide_of_setup, setups_of_flow
from tenants.fees.models import FeeOrder
from tenants.fees.operations.opening import MOST_UNITS, LineWish, open_for_case
from tenants.fees.operations.rows import FEE_STEP, move_order, record
from tenants.fees.queries.rates import ChargedRate, FeeList, fee_list_of, fee_list_of_case
from tenants.fees.states import SETTLED, FeeState
from tenants.workflow.models import Flow, PluginCall
from tenants.workflow.operations.plugin_calls import hold_asked
from tenants.workflow.slots import FlowPlugin, Judging, OutsideStep, plugin_port
from tenants.workflow.states import CallState

_LABEL: Final = "收费：按指南的收费标准"
_NOT_WAITED_FOR: Final = "流程已经不等这笔费用，没有缴的不用再缴。"
# what moves an order has the step asked right after it (``ORDER_MOVED``): this is for what nobody tells
_NEXT_LOOK: Final = timedelta(days=1)
_FEN: Final = 100


class WantedFee(BaseModel):
    """One rate of the item's list, so many times. ``price``: where the standard leaves a range."""

    fee: Annotated[str, StringConstraints(strip_whitespace=True, max_length=240)] = plugin_port(
        "收费项目", default="", right=ContentRight.NOTHING
    )
    quantity: int = plugin_port("数量", default=1, ge=1, le=MOST_UNITS)
    price: Decimal | None = plugin_port("单价（元）", default=None, gt=0, le=1_000_000, decimal_places=2)


# of ``FeeState`` all but what is still open
_State = Literal["paid", "waived", "free", "cancelled", "refunded"]


class FoundFee(BaseModel):
    """What became of it. ``amount``: what was paid, in yuan."""

    state: _State = plugin_port("缴费情况", words={one.value: one.label for one in FeeState if one != FeeState.OPEN})
    amount: Decimal = plugin_port("实缴金额（元）", default=Decimal(0), ge=0, le=10**9)
    number: str = plugin_port("缴费单号", default="", max_length=60)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """``said``: for what, in Chinese."""

    said: str


def _ask(step: OutsideStep, given: WantedFee) -> FoundFee:
    found = _asked(step, given)
    if isinstance(found, _Waiting):
        raise Deferred(found.said, wait=_NEXT_LOOK)
    return found


@transaction.atomic
def _asked(step: OutsideStep, given: WantedFee) -> FoundFee | _Waiting:
    """Open the order where there is none, and look how it stands. Raises Refused with what a person can do about it."""
    case = held_case_of_run(step.run_id)
    if case is None:
        raise Refused("这个流程不是在审查办件，没有可以收费的事项。请手工填写结果并继续。")
    hold_asked(step)
    listed = fee_list_of_case(case)
    if not listed.has_fee or FeeOrder.objects.filter(case=case, state=FeeState.FREE).exists():
        return FoundFee(state="free")
    rate = _rate(listed, given.fee)
    order = _order_for(case, step.key, rate)
    if order is None:
        other = FeeOrder.objects.filter(case=case, state=FeeState.OPEN).first()
        if other:
            return _Waiting(f"办件还有一张缴费单（{other.number}）没有缴，缴了以后再开这一张。")
        order = _opened(step, case, rate, given)
    if order.state == FeeState.OPEN:
        return _Waiting(f"等待缴费：缴费单 {order.number}，{in_yuan(order.total_fen)} 元。")
    paid = order.total_fen if order.state == FeeState.PAID else 0
    return FoundFee(state=cast("_State", order.state), amount=Decimal(paid) / _FEN, number=order.number)


def _rate(listed: FeeList, wanted: str) -> ChargedRate:
    """The one that is named, or the only one."""
    if not listed.rates:
        raise Refused("指南的收费标准没有写成能计算的金额，不能开缴费单。请在办件页处理以后手工填写结果并继续。")
    if not wanted and len(listed.rates) > 1:
        raise Refused(f"指南有几项收费，流程没有写收哪一项：{_names(listed)}。请手工填写结果并继续。")
    found = next((one for one in listed.rates if not wanted or _plain(_name(one)) == _plain(wanted)), None)
    if found is None:
        raise Refused(f"指南里没有“{wanted}”这项收费，只有：{_names(listed)}。请手工填写结果并继续。")
    return found


def _name(rate: ChargedRate) -> str:
    return f"{rate.fee}{rate.rate.label}"


def _names(listed: FeeList) -> str:
    return "、".join(_name(one) for one in listed.rates)


def _plain(text: str) -> str:
    return "".join(text.split())


def _order_for(case: Case, key: UUID, rate: ChargedRate) -> FeeOrder | None:
    """By which the rate is charged in this case. Where the visit's own was cancelled, the one in its place; before it
    has one, what somebody at the desk has opened for the same rate."""
    of_rate = FeeOrder.objects.filter(case=case, lines__fee=rate.fee, lines__label=rate.rate.label)
    of_rate = of_rate.select_related("case").prefetch_related("lines")
    own = of_rate.filter(pk=key).first()
    if own and own.state != FeeState.CANCELLED:
        return own
    others = list(of_rate.exclude(pk=key).filter(state__in=[FeeState.OPEN, *SETTLED]))
    return next((one for one in others if one.state == FeeState.OPEN), others[0] if others else own)


def _opened(step: OutsideStep, case: Case, rate: ChargedRate, given: WantedFee) -> FeeOrder:
    if not case.is_open:
        raise Refused("办件已经结束，不能再收费。")
    price = None if given.price is None else int(given.price * _FEN)
    wish = LineWish(rate.place, given.quantity, price)
    try:
        return open_for_case(system_actor(), step.hall, case, [wish], order_id=step.key)
    except Invalid as refusal:
        # of the one line that there is
        said = refusal.message.removeprefix("第 1 行：")
        message = f"缴费单没有开出：{said}"
        raise Refused(message) from refusal
    except Conflict as refusal:
        raise Refused(refusal.message) from refusal


@transaction.atomic
def drop_order_of_step(*, hall: Hall, item_id: UUID) -> None:
    """No run waits for the fee any more: what is open of it is cancelled. What somebody has said by hand to be paid
    stays owed until it is entered at the desk, since nobody else may say that money came. Once more changes nothing."""
    call = PluginCall.objects.filter(item=item_id, plugin=FEE_STEP).first()
    if call is None or call.state not in {CallState.DROPPED, CallState.BY_HAND}:
        return
    if call.state == CallState.BY_HAND and call.answer.opened(hall.pk).get("state") == "paid":
        return
    # the case first, as every act on it does
    case_id = FeeOrder.objects.filter(pk=call.key).values_list("case_id", flat=True).first()
    if case_id is None:
        return
    held_case(case_id)
    own = FeeOrder.objects.prefetch_related("lines").get(pk=call.key)
    [line] = own.lines.all()
    orders = FeeOrder.objects.select_for_update(of=("self",)).select_related("case").prefetch_related("lines")
    instead = orders.filter(case=case_id, state=FeeState.OPEN, waived_fen__gt=0, lines__fee=line.fee)
    for order in [*orders.filter(pk=own.pk, state=FeeState.OPEN), *instead.filter(lines__label=line.label)]:
        order.reason = _NOT_WAITED_FOR
        move_order(hall, order, FeeState.CANCELLED)
        record(system_actor(), hall, order, "cancel")


def _why_not(flow: Flow) -> Judging:
    setups = setups_of_flow(flow)
    guides = [guide for setup in setups if (guide := guide_of_setup(setup))]
    lists = {guide.name: found for guide in guides if (found := fee_list_of(guide.values)).has_fee}

    def judge(constants: Mapping[str, str]) -> Iterator[str]:
        if not setups:
            yield f"“{_LABEL}”{NO_CASE_FLOW}"
        for item, listed in lists.items():
            if said := _misnamed(listed, constants.get("fee", "")):
                yield f"“{item}”{said}"

    return judge


def _misnamed(listed: FeeList, wanted: str) -> str:
    """Follows the item's name; "" where it is clear what is charged."""
    if not listed.rates:
        return "的收费标准没有写成能计算的金额，系统不能开缴费单：请先请部门把标准写成金额。"
    if wanted and not any(_plain(_name(one)) == _plain(wanted) for one in listed.rates):
        return f"的指南里没有“{wanted}”这项收费：请写成{_names(listed)}中的一项。"
    if not wanted and len(listed.rates) > 1:
        return f"有几项收费，请在“收费项目”写明收哪一项：{_names(listed)}。"
    return ""


FEE_PLUGIN: Final = FlowPlugin(
    code=FEE_STEP,
    label=_LABEL,
    given=WantedFee,
    answered=FoundFee,
    call=_ask,
    why_not=_why_not,
    waits=True,
    tells_end=True,
)
