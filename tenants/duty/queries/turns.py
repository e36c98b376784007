"""Single turns of the roster."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from tenants.duty.models import DutyTurn

# to choose from
_MOST_OTHERS = 200


def turn_with_id(turn_id: UUID) -> DutyTurn:
    """Raises NotFound, also for another hall's."""
    found = DutyTurn.objects.select_related("shift").filter(pk=turn_id).first()
    if found is None:
        raise NotFound("没有这一班，可能刚被改过，或者属于其他服务厅。")
    return found


def other_turns(turn: DutyTurn) -> QuerySet[DutyTurn]:
    """The coming turns of others in the same part, with which this one can be changed."""
    coming = DutyTurn.objects.filter(on__gte=timezone.localdate(), part=turn.part).exclude(account_id=turn.account_id)
    found = coming.filter(shift__unit_id=turn.shift.unit_id, shift__is_in_use=True).select_related("shift")
    return found.order_by("on", "shift__starts_at", "place", "pk")[:_MOST_OTHERS]
