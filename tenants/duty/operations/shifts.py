"""Shifts are added, changed, taken out of use and put back."""

from dataclasses import asdict, dataclass
from datetime import time
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Fault, Invalid, NotFound
from foundation.texts import line_of
from province.audit.operations import record_act
from province.halls.models import Hall
from province.people.queries.units import unit_choices
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import READY_ROLES, Reach, Role
from tenants.duty.models import LONGEST_SHIFT_NAME, DutyShift
from tenants.duty.operations.looking_ahead import look_ahead_soon
from tenants.duty.operations.rows import hold_roster
from tenants.duty.queries.access import KEEP, READ
from tenants.duty.states import DutyDays
from tenants.portal.operations.figures import require_in_hall

declare(
    READ,
    "看值班表",
    reach=Reach.OWN,
    roles=frozenset(role for role in Role if READY_ROLES[role].is_for_halls),
)
declare(KEEP, "编排值班表", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFacts:
    """What is said of a shift. ``ends_at``: where it is not after ``starts_at``, on the next day; ``unit_id``: of the
    department whose it is, None for the whole hall."""

    name: str
    starts_at: time
    ends_at: time
    days: DutyDays = DutyDays.EVERY
    needs_leader: bool = True
    unit_id: UUID | None = None


@transaction.atomic
def create_shift(*, by: Actor, hall: Hall, facts: ShiftFacts) -> DutyShift:
    """Add a shift. Raises Invalid for a wrong fact, Conflict for a name that a shift in use has, NotAllowed."""
    require_in_hall(by, KEEP, hall)
    hold_roster(hall)
    shift = DutyShift(**_clean(hall, facts))
    _check_name(shift)
    shift.save()
    _record(by, hall, shift, "create_shift", {name: [None, said] for name, said in _said(shift).items()})
    look_ahead_soon(hall)
    return shift


@transaction.atomic
def change_shift(*, by: Actor, hall: Hall, shift_id: UUID, revision: int, facts: ShiftFacts) -> DutyShift:
    """Write what is said of a shift; whose turn it is stays. ``revision``: of the shift as it was read.

    Raises as ``create_shift``, NotFound, and Conflict where somebody has changed it since.
    """
    require_in_hall(by, KEEP, hall)
    hold_roster(hall)
    shift = _held(shift_id)
    values = _clean(hall, facts)
    if shift.revision != revision:
        message = f"“{shift.name}”刚被别人改过，请重新打开看看，再改。"
        raise Conflict(message)
    before = _said(shift)
    for name, value in values.items():
        setattr(shift, name, value)
    _check_name(shift)
    after = _said(shift)
    if before != after:
        shift.revision += 1
        shift.save()
        changes = {one: [before[one], after[one]] for one in after if before[one] != after[one]}
        _record(by, hall, shift, "change_shift", changes)
    return shift


@transaction.atomic
def use_shift(*, by: Actor, hall: Hall, shift_id: UUID, is_in_use: bool) -> DutyShift:
    """Take a shift out of use, so that nobody is on duty by it any more, or put it back. Raises NotFound, and Conflict
    for a name that another one in use has by now."""
    require_in_hall(by, KEEP, hall)
    hold_roster(hall)
    shift = _held(shift_id)
    if shift.is_in_use == is_in_use:
        return shift
    shift.is_in_use = is_in_use
    _check_name(shift)
    shift.revision += 1
    shift.save(update_fields=["is_in_use", "revision"])
    act = "use_shift" if is_in_use else "end_shift"
    _record(by, hall, shift, act, {"is_in_use": [not is_in_use, is_in_use]})
    look_ahead_soon(hall)
    return shift


def _held(shift_id: UUID) -> DutyShift:
    shift = DutyShift.objects.select_for_update().filter(pk=shift_id).first()
    if shift is None:
        raise NotFound("没有这个班次，它可能属于其他服务厅。")
    return shift


def _check_name(shift: DutyShift) -> None:
    if shift.is_in_use and DutyShift.objects.filter(name=shift.name, is_in_use=True).exclude(pk=shift.pk).exists():
        message = f"已经有在用的班次叫“{shift.name}”，请换一个名称。"
        raise Conflict(message, faults=[Fault("name", message)])


def _clean(hall: Hall, facts: ShiftFacts) -> dict[str, Any]:
    values = asdict(facts) | {"name": line_of(facts.name)}
    if not values["name"]:
        raise Invalid.at("name", "请填写名称。")
    if len(values["name"]) > LONGEST_SHIFT_NAME:
        raise Invalid.at("name", f"名称最多 {LONGEST_SHIFT_NAME} 个字。")
    if facts.unit_id and str(facts.unit_id) not in dict(unit_choices(hall.pk)):
        raise Invalid.at("unit_id", "本厅没有这个部门。")
    return values


def _said(shift: DutyShift) -> dict[str, Any]:
    """Its facts as plain JSON."""
    return {
        "name": shift.name,
        "unit": str(shift.unit_id) if shift.unit_id else None,
        "starts_at": f"{shift.starts_at:%H:%M}",
        "ends_at": f"{shift.ends_at:%H:%M}",
        "days": str(shift.days),
        "needs_leader": shift.needs_leader,
    }


def _record(by: Actor, hall: Hall, shift: DutyShift, act: str, changes: dict[str, list[Any]]) -> None:
    record_act(by=by, act=f"duty.{act}", object_type="duty_shift", object_id=shift.pk, hall_id=hall.pk, changes=changes)
