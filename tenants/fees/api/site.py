"""What a citizen has to pay, for the program of the citizen: by the session of the hall's host, never by a token."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from province.citizens.access import citizen_as_caller
from tenants.casework.queries.own_cases import own_case
from tenants.fees.models import FeeOrder
from tenants.fees.operations.online import place_fee_order
from tenants.fees.queries.online import can_pay_online
from tenants.fees.queries.own import own_order, own_orders
from tenants.fees.schemas import FeeLineOut, OwnFeeOrderOut
from tenants.fees.states import FeeState
from tenants.shell.layouts.citizen import citizen_of_caller
from tenants.shell.layouts.site import hall_of

router = Router(tags=["own fees"], auth=citizen_as_caller)


@router.get("/{uuid:case_id}", response=list[OwnFeeOrderOut])
def list_own_fee_orders(request: HttpRequest, case_id: UUID) -> list[OwnFeeOrderOut]:
    """List the orders of one's own case, the newest first."""
    citizen = citizen_of_caller(request)
    return [_shown(one) for one in own_orders(citizen, own_case(citizen, case_id).pk)]


@router.post("/{uuid:order_id}/pay", response=OwnFeeOrderOut)
@idempotent
def pay_own_fee_order(request: HttpRequest, order_id: UUID) -> tuple[int, OwnFeeOrderOut]:
    """Have the payment interface take the money: ``pay_address`` is where. 409 where it cannot be paid online, 503
    where the interface does not answer."""
    found = own_order(citizen_of_caller(request), order_id)
    return 200, _shown(place_fee_order(hall=hall_of(request), order_id=found.pk))


def _shown(order: FeeOrder) -> OwnFeeOrderOut:
    return OwnFeeOrderOut(
        id=order.pk,
        number=order.number,
        state=FeeState(order.state),
        total_fen=order.total_fen,
        waived_fen=order.waived_fen,
        lines=[FeeLineOut.from_orm(one) for one in order.lines.all()],
        can_pay_online=can_pay_online(order),
        pay_address=order.pay_address,
    )
