"""What a hall decides about pushes. The decision's row is the province's to keep; the hall knows its own columns."""

from uuid import UUID

from django.db import transaction

from foundation.errors import Fault, Invalid
from province.content.operations import decisions
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.models import Column
from tenants.portal.operations.columns import list_column
from tenants.portal.operations.figures import require_in_hall

DECLINE_REASONS = ("与本地情况不符", "本厅已发布同类内容", "不属于本厅业务", "时效已过")


@transaction.atomic
def adopt_push(*, by: Actor, hall: Hall, push_id: UUID, column: str) -> None:
    """Show an offered push in this column."""
    require_in_hall(by, "portal.manage", hall)
    decisions.adopt_push(by=by, hall=hall, push_id=push_id, column=_shown_column(column).code)


@transaction.atomic
def decline_push(*, by: Actor, hall: Hall, push_id: UUID, reason: str) -> None:
    require_in_hall(by, "portal.manage", hall)
    decisions.decline_push(by=by, hall=hall, push_id=push_id, reason=reason)


@transaction.atomic
def move_push(*, by: Actor, hall: Hall, push_id: UUID, column: str) -> None:
    """Show what was pushed here in another column; its text and date stay the desk's."""
    require_in_hall(by, "portal.manage", hall)
    decisions.move_push(by=by, hall=hall, push_id=push_id, column=_shown_column(column).code)


@transaction.atomic
def undo_decision(*, by: Actor, hall: Hall, push_id: UUID) -> None:
    require_in_hall(by, "portal.manage", hall)
    decisions.undo_decision(by=by, hall=hall, push_id=push_id)


def _shown_column(code: str) -> Column:
    """A hidden column would hide a push that the province counts as shown."""
    column = list_column(code)
    if not column.is_visible or (column.parent and not column.parent.is_visible):
        message = f"栏目“{column.name}”没有显示在网站上，请选择别的栏目，或先显示它。"
        raise Invalid(message, faults=[Fault("column", message)])
    return column
