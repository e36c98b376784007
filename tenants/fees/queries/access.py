"""Who opens orders, takes money and decides on waivers and refunds here, and which orders are theirs."""

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField, Value

from foundation.errors import NotAllowed, NotFound
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import refusal_of, within_reach, works_at
from tenants.casework.models import Case
from tenants.casework.queries.access import may_over
from tenants.fees.models import FeeOrder
from tenants.shell.slots import Desk

ORDER: Final = "fees.order"
TAKE: Final = "fees.take"
APPROVE: Final = "fees.approve"
RIGHTS: Final = (ORDER, TAKE, APPROVE)
NO_ORDER: Final = "没有这张缴费单，可能网址有误，或者属于其他部门、其他服务厅。"


def require_fee_work(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who has nothing to do with fees here."""
    if not any(works_at(by, right, hall_id=hall.pk) for right in RIGHTS):
        raise NotAllowed(refusal_of(TAKE))


def sees_fees_of(by: Actor, hall: Hall, case: Case) -> bool:
    """Whether any of the rights reaches the case."""
    return any(may_over(by, right, hall, case) for right in RIGHTS)


def has_asked(by: Actor, order: FeeOrder) -> bool:
    """Whether it was the person, or whom they stand in for, who asked for the waiver or the refund."""
    return order.asked_by_id in {by.id, by.acting_for_id}


def orders_of(desk: Desk) -> QuerySet[FeeOrder]:
    """The orders that any of the person's rights reaches, by the rule of ``sees_fees_of``."""
    reached = Q(pk__in=())
    for right in RIGHTS:
        reached |= within_reach(desk.by, right, hall="at_hall", unit="case__unit_id")
    here = Value(desk.hall.pk, output_field=UUIDField())
    return FeeOrder.objects.alias(at_hall=here).filter(reached).select_related("case").prefetch_related("lines")


def order_of(desk: Desk, order_id: UUID) -> FeeOrder:
    """Raises NotFound, also for another department's and another hall's."""
    found = orders_of(desk).filter(pk=order_id).first()
    if found is None:
        raise NotFound(NO_ORDER)
    return found
