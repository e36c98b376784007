"""主管部门: which there are, what they are called, and whose people write their items."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Func, JSONField, Value
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.texts import line_of
from province.audit.operations import record_act
from province.catalogue.models import Department, Item
from province.catalogue.queries.departments import faults_of_unit
from province.rights.actors import Actor
from province.rights.queries import require

LONGEST_DEPARTMENT = 100


@transaction.atomic
def create_department(*, by: Actor, name: str, unit_id: UUID | None = None) -> Department:
    """Create a department. Raises Invalid for a wrong name or unit, Conflict for a name that is taken."""
    require(by, "catalogue.publish")
    name = _clean_name(name)
    _check_unit(unit_id)
    department = _saved(Department(name=name, unit_id=unit_id))
    record_act(
        by=by,
        act="catalogue.create_department",
        object_type="department",
        object_id=department.pk,
        changes={"name": [None, name], "unit": [None, unit_id and str(unit_id)]},
    )
    return department


@transaction.atomic
def rename_department(*, by: Actor, department: Department, name: str) -> Department:
    """Rename the department, also in the drafts of its items. What is published or under review keeps the words that
    were reviewed, until the next version takes its place. Raises Invalid and Conflict as ``create_department``."""
    require(by, "catalogue.publish")
    name = _clean_name(name)
    locked = Department.objects.select_for_update().get(pk=department.pk)
    before = locked.name
    if name == before:
        return locked
    locked.name = name
    _saved(locked)
    drafts = Item.objects.filter(department=locked, values__department=before)
    # an open form notices that the draft has changed
    drafts.update(
        values=Func(F("values"), Value(["department"]), Value(name, JSONField()), function="jsonb_set"),
        revision=F("revision") + 1,
        edited_by_id=by.id,
        edited_by_name=by.name,
        edited_at=timezone.now(),
    )
    record_act(
        by=by,
        act="catalogue.rename_department",
        object_type="department",
        object_id=locked.pk,
        changes={"name": [before, name]},
    )
    return locked


@transaction.atomic
def assign_department(*, by: Actor, department: Department, unit_id: UUID | None) -> Department:
    """Say whose unit of the province writes its items; None: those who write for every department."""
    require(by, "catalogue.publish")
    _check_unit(unit_id)
    locked = Department.objects.select_for_update().get(pk=department.pk)
    before = locked.unit_id
    if before == unit_id:
        return locked
    locked.unit_id = unit_id
    locked.save(update_fields=["unit_id"])
    record_act(
        by=by,
        act="catalogue.assign_department",
        object_type="department",
        object_id=locked.pk,
        changes={"unit": [before and str(before), unit_id and str(unit_id)]},
    )
    return locked


@transaction.atomic
def arrange_department(*, by: Actor, name: str, unit_id: UUID | None = None) -> Department:
    """Create the department of this name, or assign it where it exists: for programs that know only its name."""
    known = Department.objects.filter(name=line_of(name)).first()
    if known is None:
        return create_department(by=by, name=name, unit_id=unit_id)
    return assign_department(by=by, department=known, unit_id=unit_id)


def _check_unit(unit_id: UUID | None) -> None:
    if faults := faults_of_unit(unit_id):
        raise Invalid(faults[0].message, faults=faults)


def _clean_name(name: str) -> str:
    name = line_of(name)
    if not 0 < len(name) <= LONGEST_DEPARTMENT:
        message = f"主管部门的名称应为 1 到 {LONGEST_DEPARTMENT} 个字。"
        raise Invalid(message, faults=[Fault("name", message)])
    return name


def _saved(department: Department) -> Department:
    try:
        with transaction.atomic():
            department.save()
    except IntegrityError as error:
        message = f"已有“{department.name}”这个主管部门。"
        raise Conflict(message, faults=[Fault("name", message)]) from error
    return department
