"""What every act on the roster shares."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from foundation.advisory_lock import hold_name
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.duty.models import DutyShift, DutyTurn
from tenants.duty.queries.staff import DutyStaff


def hold_roster(hall: Hall) -> None:
    """Let nobody else change the roster until the transaction ends."""
    hold_name(f"duty of {hall.pk}")


def turns_of_cell(on: date, shift_id: UUID, part: str) -> list[DutyTurn]:
    return list(DutyTurn.objects.filter(on=on, shift=shift_id, part=part).order_by("place", "pk"))


def text_of_turns(turns: Sequence[DutyTurn], staff: DutyStaff) -> str:
    """As the roster shows and takes it: 王芳、李明."""
    return "、".join(staff.labels.get(one.account_id, one.account_name) for one in turns)


# a day, a shift and a part
type TurnPlace = tuple[date, DutyShift, str]


def record_turns(by: Actor, hall: Hall, act: str, at: TurnPlace, *, before: str, after: str, reason: str = "") -> None:
    """``before``, ``after``: who is on duty there; "": nobody."""
    on, shift, part = at
    changes: dict[str, list[str | None]] = {"on": [None, on.isoformat()], "part": [None, str(part)]}
    changes["people"] = [before or None, after or None]
    record_act(
        by=by,
        act=f"duty.{act}",
        object_type="duty_shift",
        object_id=shift.pk,
        hall_id=hall.pk,
        reason=reason,
        changes=changes,
    )
