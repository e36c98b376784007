"""What every act on an order shares: its row is held, the province is told what is owed, the audit is told."""

from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from foundation.errors import Conflict, NotAllowed, NotFound
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.cases.operations import report_owed_fee
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import refusal_of
from province.rights.roles import Reach, Role
from standards.fees import in_yuan
from tenants.casework.queries.access import may_over
from tenants.fees.events import ORDER_MOVED
from tenants.fees.models import FeeOrder
from tenants.fees.queries.access import APPROVE, NO_ORDER, ORDER, TAKE, require_fee_work, sees_fees_of
from tenants.fees.states import FEE_TRANSITIONS, FeeState
from tenants.portal.operations.figures import check_inside

# the action of flows that asks for a fee (operations.steps)
FEE_STEP: Final = "fee"
declare(
    ORDER,
    "开具缴费单、申请减免",
    reach=Reach.UNIT,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.HANDLER},
)
declare(TAKE, "收款、申请退费、登记退款", reach=Reach.UNIT, roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK})
declare(APPROVE, "批准减免和退费", reach=Reach.UNIT, roles={Role.HALL_ADMINISTRATOR, Role.APPROVING_LEADER})


def held_order(hall: Hall, order_id: UUID) -> FeeOrder:
    """Hold the order's row until the transaction ends, for no right in particular. Raises NotFound."""
    check_inside(hall)
    found = (
        FeeOrder.objects.select_for_update(of=("self",))
        .select_related("case")
        .prefetch_related("lines")
        .filter(pk=order_id)
        .first()
    )
    if found is None:
        raise NotFound(NO_ORDER)
    return found


def lock_order(by: Actor, hall: Hall, order_id: UUID, right: str) -> FeeOrder:
    """Hold an order for somebody of the staff. Raises NotAllowed for who lacks the right over it, NotFound for another
    department's and another hall's."""
    require_fee_work(by, hall)
    order = held_order(hall, order_id)
    if not sees_fees_of(by, hall, order.case):
        raise NotFound(NO_ORDER)
    if not may_over(by, right, hall, order.case):
        raise NotAllowed(refusal_of(right))
    return order


def move_order(hall: Hall, order: FeeOrder, state: FeeState) -> None:
    """Let the state follow and write the row, in the caller's hands. Raises Conflict with how it stands."""
    if not FEE_TRANSITIONS.allows(order.state, state):
        message = f"这张缴费单{order.get_state_display()}，不能再办这一步。"
        raise Conflict(message)
    order.state, order.state_at = state, timezone.now()
    order.save()
    tell_owed(hall, order)
    if order.case.run_id:
        # who ends the run holds its calls and wants the order; here the order is held
        emit_event(kind=ORDER_MOVED, subject_id=order.case.run_id, hall_id=hall.pk)


def tell_owed(hall: Hall, order: FeeOrder) -> None:
    """Report what the case's applicant has to pay now."""
    owed = order.total_fen if order.state == FeeState.OPEN else 0
    report_owed_fee(hall_id=hall.pk, case_id=order.case_id, fen=owed)


def record(by: Actor, hall: Hall, order: FeeOrder, act: str, **changes: Any) -> None:
    """Leave an entry; it names nobody who pays."""
    facts = {"number": [None, order.number], "total": [None, in_yuan(order.total_fen)]}
    record_act(
        by=by,
        act=f"fees.{act}",
        object_type="fee_order",
        object_id=order.pk,
        hall_id=hall.pk,
        changes=facts | {"state": [None, order.state]} | {name: [None, value] for name, value in changes.items()},
    )
