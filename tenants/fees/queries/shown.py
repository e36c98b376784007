"""Orders as the desk and applicants see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from foundation.counting import count_once
from foundation.texts import visible
from province.cases.states import CaseOutcome
from tenants.casework.models import Case
from tenants.fees.models import FeeOrder, FeePayment
from tenants.fees.queries.access import orders_of
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.states import SETTLED, FeeState, PaymentState, PayWay
from tenants.shell.slots import Desk

FILTERS: Final[Mapping[str, str]] = {
    "open": FeeState.OPEN.label,
    "asked": "待批准",
    "to_refund": PaymentState.TO_REFUND.label,
    **{one.value: one.label for one in FeeState if one is not FeeState.OPEN},
}


@dataclass(frozen=True, slots=True)
class DaySum:
    """What came on one day, and what went back of it, in fen. ``by_way``: in the order of ``PayWay``."""

    day: date
    by_way: tuple[int, ...]
    number: int
    refunded: int

    @property
    def total(self) -> int:
        return sum(self.by_way)


def orders_at_desk(desk: Desk, *, state: str = "", words: str = "") -> QuerySet[FeeOrder]:
    """The orders of the person's departments, the newest first. ``state``: a key of FILTERS; ``words``: the end of a
    number, or words of the item's name."""
    rows = orders_of(desk)
    if state in FILTERS:
        rows = rows.filter(_condition(state))
    if sought := visible(words).strip():
        rows = rows.filter(
            Q(number__endswith=sought) | Q(case__number__endswith=sought) | Q(case__item_name__contains=sought)
        )
    return rows.order_by("-pk")


def open_number(desk: Desk) -> int:
    """How many orders wait to be paid."""
    return count_once(_open, desk)


def _open(desk: Desk) -> QuerySet[FeeOrder]:
    return orders_of(desk).filter(_condition("open"))


def orders_by_filter(desk: Desk) -> dict[str, int]:
    """How many wait in each of the filters about which somebody has to do something: one query."""
    waiting = ("open", "asked", "to_refund")
    found = orders_of(desk).filter(_condition("open") | _condition("asked") | _condition("to_refund"))
    return found.aggregate(**{key: Count("pk", filter=_condition(key)) for key in waiting})


def day_sums(desk: Desk, *, first: date, last: date) -> list[DaySum]:
    """What came from the first day to the last, a line for each day on which something did, the latest first: one
    query. Refunds stand with the day on which the money had come."""
    since = timezone.make_aware(datetime.combine(first, time.min))
    until = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    rows = FeePayment.objects.filter(order__in=orders_of(desk).values("pk"), paid_at__gte=since, paid_at__lt=until)
    sums = {f"sum_{way}": Sum("amount_fen", filter=Q(way=way), default=0) for way in PayWay.values}
    refunded = Sum("amount_fen", filter=Q(state=PaymentState.REFUNDED), default=0)
    summed = rows.annotate(day=TruncDate("paid_at")).values("day").annotate(**sums, number=Count("pk"), back=refunded)
    found = cast("Iterable[dict[str, Any]]", summed.order_by("-day"))
    return [
        DaySum(one["day"], tuple(one[f"sum_{way}"] for way in PayWay.values), one["number"], one["back"])
        for one in found
    ]


def orders_of_case(case: Case) -> list[FeeOrder]:
    """The newest first, with their lines: two queries."""
    return list(FeeOrder.objects.filter(case=case).select_related("case").prefetch_related("lines").order_by("-pk"))


def open_order_of(case_id: UUID) -> FeeOrder | None:
    """What the applicant has to pay now."""
    rows = FeeOrder.objects.filter(case_id=case_id, state=FeeState.OPEN)
    return rows.select_related("case").prefetch_related("lines").first()


def payments_of(order: FeeOrder) -> list[FeePayment]:
    return list(order.payments.order_by("pk"))


def why_not_served(case: Case) -> str:
    """What stands against handing the result over where the hall takes fees first (先缴费后发证); "" where nothing
    does."""
    if case.outcome != CaseOutcome.GRANTED or not case.setup.is_paid_first or not fee_list_of_case(case).has_fee:
        return ""
    states = set(FeeOrder.objects.filter(case=case).values_list("state", flat=True))
    if FeeState.OPEN in states:
        return "这个事项先缴费后发证：缴费单还没有缴，不能送达。"
    if not states & set(SETTLED):
        return "这个事项先缴费后发证：还没有开缴费单。请先开单收款；本件按标准不收费的，请登记。"
    return ""


def _condition(key: str) -> Q:
    match key:
        case "asked":
            return Q(is_granted=None, state__in=[FeeState.OPEN, FeeState.PAID]) & ~Q(asked="")
        case "to_refund":
            waiting = FeePayment.objects.filter(order=OuterRef("pk"), state=PaymentState.TO_REFUND)
            return Q(Exists(waiting))
        case _:
            return Q(state=key)
