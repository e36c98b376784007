"""网上支付: the payment interface is told of an order, tells what has come, and is asked again, since what it tells may
be lost.

Nothing is asked inside a transaction. What it says is believed under its signature alone, and the amount is compared
where the money is noted (``paying.take_online_payment``).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from foundation.errors import Conflict, NotFound, Unavailable
from foundation.events.calls import drop_calls, send_next_call, want_calls
from foundation.events.models import OutsideCall
from foundation.events.outgoing import LONGEST_RUN, Deferred, Failed, Refused, send_all
from foundation.rows import draw_id
from province.citizens.operations.gateways import ask_payments
from province.halls.models import Hall
from province.halls.queries.sites import site_address
from tenants.fees.models import LONGEST_REFERENCE, FeeOrder, FeePayment
from tenants.fees.operations.paying import take_online_payment
from tenants.fees.operations.rows import held_order
from tenants.fees.queries.access import NO_ORDER
from tenants.fees.queries.online import PAYMENT_CALL, can_pay_online
from tenants.fees.states import FeeState
from tenants.shell.subscribers import in_hall_of_call

FIRST_WAIT: Final = timedelta(seconds=30)
THREADS: Final = 2
# how often an order is asked about that is open: at first, and once nobody is paying at this moment any more
_SOON, _LATER, _SOON_FOR = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=30)
# after it was settled or cancelled, money may still come
_ASKED_FOR: Final = timedelta(days=1)
_LONGEST_ADDRESS: Final = 1_000
# no moment beyond these can be kept in every zone
_FIRST_DAY, _LAST_DAY = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

log = structlog.get_logger(__name__)


class PaidLine(BaseModel):
    """Money that came: ``trade`` is the interface's own number of it, ``amount`` in fen."""

    trade: str = Field(min_length=1, max_length=LONGEST_REFERENCE)
    amount: int = Field(ge=1, le=10**12)
    paid_at: AwareDatetime = Field(ge=_FIRST_DAY, le=_LAST_DAY)


class PaidNotice(PaidLine):
    """What the interface tells of its own accord."""

    number: str = Field(min_length=1, max_length=60)


def place_fee_order(*, hall: Hall, order_id: UUID) -> FeeOrder:
    """Have the interface take the money: afterwards ``pay_address`` is where the applicant pays. The same order once
    more gives the same. Who may, the caller has made sure of.

    Raises NotFound, Conflict for what cannot be paid online, Unavailable where the interface does not answer.
    """
    order = FeeOrder.objects.select_related("case").prefetch_related("lines").filter(pk=order_id).first()
    if order is None:
        raise NotFound(NO_ORDER)
    if not can_pay_online(order):
        raise Conflict("这张缴费单不能在网上缴费，请到窗口缴费。")
    domain = hall.get_primary_domain()
    if domain is None:
        raise Conflict("本厅没有网站，不能在网上缴费。")
    site, routes = site_address(domain.domain), settings.HALL_URLCONFS[hall.kind]
    content = {
        "kind": "payment_order",
        "number": order.number,
        "amount": order.total_fen,
        "title": order.case.item_name,
        "payee": hall.division.code,
        "hall": hall.name,
        "notify": f"{site}{reverse('site-fee-notified', urlconf=routes)}",
        "back": f"{site}{reverse('site-case', args=[order.case_id], urlconf=routes)}",
    }
    said = ask_payments(request_id=order.pk, content=content)
    address = str(said.get("address", ""))
    if said["result"] != "placed" or urlsplit(address).scheme not in {"https", "http"}:
        raise Unavailable("缴费接口暂时不能收这笔款，请到窗口缴费。")
    return _keep_address(hall, order_id, address[:_LONGEST_ADDRESS])


@transaction.atomic
def _keep_address(hall: Hall, order_id: UUID, address: str) -> FeeOrder:
    order = held_order(hall, order_id)
    order.pay_address = address
    order.save(update_fields=["pay_address"])
    want_calls(kind=PAYMENT_CALL, hall_id=hall.pk, subject_ids=[order.pk])
    return order


def take_notice(*, hall: Hall, notice: PaidNotice) -> FeePayment:
    """Note what the interface tells; its signature was checked. Raises NotFound for an order that this hall has not,
    Conflict for a number that was told otherwise before."""
    order = FeeOrder.objects.filter(number=notice.number).first()
    if order is None:
        raise NotFound(NO_ORDER)
    return _take(hall, order.pk, notice)


def ask_payment(*, hall: Hall, order_id: UUID) -> FeeOrder:
    """Ask the interface what has come for an order, and note it: what it told may have been lost. Raises NotFound,
    Conflict where there is no interface, Unavailable where it does not answer as agreed."""
    order = FeeOrder.objects.filter(pk=order_id).first()
    if order is None:
        raise NotFound(NO_ORDER)
    if not settings.PAYMENTS:
        raise Conflict("没有接缴费接口。")
    said = ask_payments(request_id=draw_id(), content={"kind": "payment_state", "number": order.number})
    for line in _lines_of(said):
        _take(hall, order.pk, line)
    return FeeOrder.objects.get(pk=order_id)


def send_payment_calls(*, for_seconds: float = LONGEST_RUN) -> int:
    """Ask about all orders that are due, until the time is over; return how many were tried."""
    return send_all(send_next_payment_call, threads=THREADS, for_seconds=for_seconds)


def send_next_payment_call() -> bool:
    """Claim one, ask about it, note what came of it; False where none may go now."""
    return send_next_call(kind=PAYMENT_CALL, send=_send, first_wait=FIRST_WAIT)


def _send(outside: OutsideCall) -> Mapping[str, str]:
    with in_hall_of_call(outside) as hall:
        try:
            order = ask_payment(hall=hall, order_id=outside.subject_id)
        except NotFound as missing:
            drop_calls(kind=PAYMENT_CALL, subject_ids=[outside.subject_id])
            raise Refused("这张缴费单已经没有了。") from missing
        except (Unavailable, Conflict) as refusal:
            raise Failed(refusal.message) from refusal
        wait = _wait_for(order, timezone.now())
        if wait is None:
            drop_calls(kind=PAYMENT_CALL, subject_ids=[order.pk])
            return {}
        raise Deferred(f"{order.get_state_display()}。", wait=wait)


def _wait_for(order: FeeOrder, now: datetime) -> timedelta | None:
    """None: nothing is expected any more."""
    age = now - order.state_at
    if order.state == FeeState.OPEN:
        return _SOON if age < _SOON_FOR else _LATER
    return _LATER if age < _ASKED_FOR else None


def _lines_of(said: Mapping[str, Any]) -> list[PaidLine]:
    if said["result"] != "paid":
        return []
    try:
        return [PaidLine.model_validate(one) for one in said["payments"]]
    except (KeyError, TypeError, ValidationError) as fault:
        log.warning("payment_state_unreadable")
        raise Unavailable("缴费接口的答复不合约定。") from fault


def _take(hall: Hall, order_id: UUID, line: PaidLine) -> FeePayment:
    return take_online_payment(
        hall=hall, order_id=order_id, reference=line.trade, amount_fen=line.amount, paid_at=line.paid_at
    )
