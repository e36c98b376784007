"""What can be done with an order at the desk: by which form, when, and for whom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from foundation.design.forms import FaultyForm
from tenants.casework.queries.access import may_over
from tenants.fees import forms
from tenants.fees.models import FeeOrder
from tenants.fees.operations import asking, opening, paying
from tenants.fees.queries.access import APPROVE, ORDER, TAKE, has_asked
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.states import FeeAsk, FeeState
from tenants.shell.slots import Desk


@dataclass(frozen=True, slots=True)
class FeeVerb:
    """``label``: of its button; ``said``: once it is done."""

    label: str
    said: str
    act: Callable[..., object]
    form: type[FaultyForm]
    right: str
    look: str = ""


def _grant(asked: FeeAsk) -> Callable[..., object]:
    return lambda **given: asking.grant_ask(asked=asked, **given)


def _refuse(asked: FeeAsk) -> Callable[..., object]:
    return lambda **given: asking.refuse_ask(asked=asked, **given)


VERBS: Final = {
    "take": FeeVerb("收款", "已收款，可以打印收款凭条。", paying.take_payment, forms.PaymentForm, TAKE, "primary"),
    "ask_waiver": FeeVerb("申请减免", "已提出，等别人批准。", asking.ask_waiver, forms.WaiverForm, ORDER),
    "cancel": FeeVerb("作废", "缴费单已作废。", opening.cancel_fee_order, forms.CancelFeeForm, ORDER, "danger"),
    "ask_refund": FeeVerb("申请退费", "已提出，等别人批准。", asking.ask_refund, forms.RefundAskForm, TAKE),
    "grant_waiver": FeeVerb("同意减免", "已同意减免。", _grant(FeeAsk.WAIVER), forms.GrantForm, APPROVE, "primary"),
    "refuse_waiver": FeeVerb("不同意减免", "已登记不同意。", _refuse(FeeAsk.WAIVER), forms.RefuseForm, APPROVE),
    "grant_refund": FeeVerb(
        "同意退费", "已同意，请把钱退给缴款人并登记。", _grant(FeeAsk.REFUND), forms.GrantForm, APPROVE, "primary"
    ),
    "refuse_refund": FeeVerb("不同意退费", "已登记不同意。", _refuse(FeeAsk.REFUND), forms.RefuseForm, APPROVE),
}


def verbs_for(desk: Desk, order: FeeOrder) -> Iterator[tuple[str, FeeVerb]]:
    """What the person can do with the order now."""
    for name in _names(desk, order):
        if may_over(desk.by, VERBS[name].right, desk.hall, order.case):
            yield name, VERBS[name]


def form_of_verb(name: str, order: FeeOrder, *data: Any) -> FaultyForm:
    """The form of an act, with what can be chosen for this order."""
    verb = VERBS[name]
    if verb.form is forms.WaiverForm:
        return forms.WaiverForm(*data, rules=fee_list_of_case(order.case).rules)
    return verb.form(*data)


def _names(desk: Desk, order: FeeOrder) -> tuple[str, ...]:
    if order.is_asked:
        decide = () if has_asked(desk.by, order) else (f"grant_{order.asked}", f"refuse_{order.asked}")
        return (*decide, "cancel") if order.state == FeeState.OPEN else decide
    if order.state == FeeState.OPEN:
        can_waive = bool(fee_list_of_case(order.case).rules)
        return ("take", "ask_waiver", "cancel") if can_waive else ("take", "cancel")
    return ("ask_refund",) if order.state == FeeState.PAID else ()
