"""Whether and how an order can be paid by the payment interface (docs/guides/bridges.md)."""

from typing import Final

from django.conf import settings

from tenants.fees.models import FeeOrder
from tenants.fees.queries.rates import fee_list_of_case
from tenants.fees.states import FeeState

# what foundation.events.calls keeps for each order that the interface was told of
PAYMENT_CALL: Final = "fees.payment"


def can_pay_online(order: FeeOrder) -> bool:
    """Whether the machine has an interface, the guide says 支持网上支付, and nothing else waits."""
    is_open = order.state == FeeState.OPEN and not order.is_asked
    return bool(settings.PAYMENTS) and is_open and fee_list_of_case(order.case).is_paid_online
