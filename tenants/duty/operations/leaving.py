"""What becomes of the coming turns of somebody who leaves."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.duty.models import DutyTurn
from tenants.duty.operations.rows import hold_roster, record_turns
from tenants.duty.operations.swap_requests import end_swaps_of
from tenants.portal.operations.figures import check_inside


@transaction.atomic
def take_over_turns(*, by: Actor, hall: Hall, leaver: tuple[UUID, str], successor: tuple[UUID, str]) -> int:
    """The turns of today and later go to the successor, where they have not that turn already; swaps that were asked
    for come to their end. A repeat finds nothing. Returns how many."""
    check_inside(hall)
    hold_roster(hall)
    end_swaps_of(hall, leaver[0])
    turns = list(
        DutyTurn.objects.filter(account_id=leaver[0], on__gte=timezone.localdate())
        .select_related("shift")
        .order_by("on", "pk")
    )
    for turn in turns:
        beside = DutyTurn.objects.filter(on=turn.on, shift=turn.shift_id, part=turn.part, account_id=successor[0])
        if beside.exists():
            turn.delete()
        else:
            turn.account_id, turn.account_name = successor
            turn.save(update_fields=["account_id", "account_name"])
        record_turns(
            by,
            hall,
            "take_over_turn",
            (turn.on, turn.shift, turn.part),
            before=leaver[1],
            after=successor[1],
        )
    return len(turns)
