"""换班: somebody takes somebody's turn, or two change theirs with each other."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid, NotFound
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.duty.models import LONGEST_REASON, DutySwap, DutyTurn
from tenants.duty.operations.notices import tell_swapped
from tenants.duty.operations.rows import hold_roster, record_turns
from tenants.duty.queries.access import KEEP
from tenants.duty.queries.staff import DutyStaff, duty_staff
from tenants.portal.operations.figures import require_in_hall


@transaction.atomic
def replace_turn(*, by: Actor, hall: Hall, turn_id: UUID, to_id: UUID, reason: str) -> DutySwap:
    """Let somebody else have a turn (替班). What came to the first one as the person on duty stays theirs.

    Raises NotFound, Invalid for somebody who does not work here or without a reason, Conflict for who is on duty there
    already and for a day that is over, NotAllowed.
    """
    said, staff = _begin(by, hall, reason)
    turn = held_turn(turn_id)
    return give_turn(by, hall, turn, to_id, said, staff)


@transaction.atomic
def exchange_turns(*, by: Actor, hall: Hall, turn_id: UUID, other_id: UUID, reason: str) -> list[DutySwap]:
    """Two change their turns with each other. Raises as ``replace_turn``."""
    said, staff = _begin(by, hall, reason)
    one, other = held_turn(turn_id), held_turn(other_id)
    if one.account_id == other.account_id:
        raise Invalid.at("other_id", "两班是同一个人的，不用换。")
    first, second = one.account_id, other.account_id
    return [give_turn(by, hall, one, second, said, staff), give_turn(by, hall, other, first, said, staff)]


def _begin(by: Actor, hall: Hall, reason: str) -> tuple[str, DutyStaff]:
    require_in_hall(by, KEEP, hall)
    hold_roster(hall)
    said = clean_reason(reason, ask="请写明换班的原因。", field="reason", most=LONGEST_REASON)
    return said, duty_staff(hall.pk)


def held_turn(turn_id: UUID) -> DutyTurn:
    """Raises NotFound, Conflict for a day that is over. The caller holds the roster."""
    turn = DutyTurn.objects.select_related("shift").filter(pk=turn_id).first()
    if turn is None:
        raise NotFound("没有这一班，可能刚被改过，或者属于其他服务厅。")
    if turn.on < timezone.localdate():
        raise Conflict("已经过去的值班不能再换。")
    return turn


def give_turn(by: Actor, hall: Hall, turn: DutyTurn, to_id: UUID, reason: str, staff: DutyStaff) -> DutySwap:
    """Raises Invalid for somebody who does not work here, Conflict for who is on duty there already. The caller holds
    the roster."""
    if to_id not in staff.names:
        raise Invalid.at("to_id", "请选本厅在岗的人。")
    if DutyTurn.objects.filter(on=turn.on, shift=turn.shift_id, part=turn.part, account_id=to_id).exists():
        message = f"{staff.labels[to_id]}本来就在这一班。"
        raise Conflict(message)
    before = staff.labels.get(turn.account_id, turn.account_name)
    swap = DutySwap(
        on=turn.on,
        shift=turn.shift,
        part=turn.part,
        from_id=turn.account_id,
        from_name=turn.account_name,
        to_id=to_id,
        to_name=staff.names[to_id],
        reason=reason,
        by_name=by.shown_name,
    )
    swap.save()
    turn.account_id, turn.account_name = to_id, staff.names[to_id]
    turn.save(update_fields=["account_id", "account_name"])
    after = staff.labels[to_id]
    record_turns(by, hall, "swap_turn", (turn.on, turn.shift, turn.part), before=before, after=after, reason=reason)
    tell_swapped(hall, swap, but=by.id)
    return swap
