"""The demo's 值班表: the county's shifts, this month and the next, and one swap."""

from datetime import date, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from config.demo.people import COUNTY_CODE, actor_called
from foundation import schemas
from province.halls.queries import hall_with_code
from province.people.models import Account
from tenants.duty.models import DutyShift, DutyTurn
from tenants.duty.operations.shifts import ShiftFacts, create_shift
from tenants.duty.operations.swaps import replace_turn
from tenants.duty.operations.turns import rotate_turns
from tenants.duty.states import DutyPart

_SHIFTS: Final[tuple[tuple[ShiftFacts, tuple[str, ...]], ...]] = (
    (ShiftFacts(name="白班", starts_at=time(8, 30), ends_at=time(17, 30)), ("chen", "li", "wu", "wang")),
    (
        ShiftFacts(name="夜班", starts_at=time(17, 30), ends_at=time(8, 30), needs_leader=False),
        ("wang", "chen", "li", "wu"),
    ),
)
_LEADERS: Final[tuple[str, ...]] = ("liu", "he")
# the last days of the next month are left open, so that one sees how that is told
_LEFT_OPEN: Final = 3


def keep_roster() -> None:
    """Make the roster of the county; a second call changes nothing."""
    county = hall_with_code(COUNTY_CODE)
    by, today = actor_called("he"), timezone.localdate()
    first = today.replace(day=1)
    last = _first_after(_first_after(first)) - timedelta(days=1 + _LEFT_OPEN)
    with transaction.atomic(), schemas.enter(county.schema_name):
        if DutyShift.objects.exists():
            return
        for facts, usernames in _SHIFTS:
            shift = create_shift(by=by, hall=county, facts=facts)
            parts = {DutyPart.PERSON: usernames} | ({DutyPart.LEADER: _LEADERS} if facts.needs_leader else {})
            for part, people in parts.items():
                names = "、".join(actor_called(one).name for one in people)
                rotate_turns(by=by, hall=county, shift_id=shift.pk, part=part, names=names, first=first, last=last)
        accounts = dict(Account.objects.filter(username__in=("wu", "sun")).values_list("username", "pk"))
        turn = DutyTurn.objects.filter(account_id=accounts["wu"], shift__name="白班", on__gt=today).earliest("on")
        replace_turn(by=by, hall=county, turn_id=turn.pk, to_id=accounts["sun"], reason="去市里开会。")


def _first_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
