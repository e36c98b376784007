"""Who decides in the joint review, and which departments there are: data of the province."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.texts import line_of
from province.audit.operations import record_act
from province.catalogue.definition import BY_NAME, Section
from province.catalogue.models import Department, Office
from province.identity.models import Actor, Unit
from province.identity.queries.rights import require

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")
LONGEST_NAME = 40
LONGEST_DEPARTMENT = 100


@transaction.atomic
def arrange_office(
    *,
    by: Actor,
    code: str,
    name: str,
    step: int = 1,
    sections: Sequence[str] = (),
    elements: Sequence[str] = (),
    unit_id: UUID | None = None,
) -> Office:
    """Make the office, or change it; one that has retired takes part again. What is under review already is decided by
    the offices that there were when it was submitted."""
    require(by, "catalogue.publish")
    name = line_of(name)
    faults = [] if 0 < len(name) <= LONGEST_NAME else [Fault("name", f"审核部门的名称应为 1 到 {LONGEST_NAME} 个字。")]
    faults += [] if _CODE.match(code) else [Fault("code", "审核部门的代码由小写字母、数字和连字符组成,最多 32 个。")]
    faults += [Fault("sections", f"没有“{one}”这一部分。") for one in sections if one not in Section]
    faults += [Fault("elements", f"没有“{one}”这个要素。") for one in elements if one not in BY_NAME]
    faults += _faults_of_unit(unit_id)
    if faults:
        raise Invalid(faults[0].message, faults=faults)
    facts = {
        "name": name,
        "step": step,
        "sections": list(sections),
        "elements": list(elements),
        "unit_id": unit_id,
        "retired_at": None,
    }
    office, _ = Office.objects.update_or_create(code=code, defaults=facts)
    record_act(
        by=by,
        act="catalogue.arrange_office",
        object_type="office",
        object_id=office.pk,
        changes={"name": [None, name], "step": [None, step]},
    )
    return office


@transaction.atomic
def retire_office(*, by: Actor, office: Office) -> Office:
    """It decides on nothing that is submitted from now on. Raises Conflict for the last one."""
    require(by, "catalogue.publish")
    others = list(Office.objects.select_for_update().filter(retired_at=None))
    if not [one for one in others if one.pk != office.pk]:
        raise Conflict("至少要有一个审核部门。")
    office.retired_at = timezone.now()
    office.save(update_fields=["retired_at"])
    record_act(
        by=by,
        act="catalogue.retire_office",
        object_type="office",
        object_id=office.pk,
        changes={"name": [office.name, None]},
    )
    return office


@transaction.atomic
def arrange_department(*, by: Actor, name: str, unit_id: UUID | None = None) -> Department:
    """Make the department, or say whose unit of the province writes its items."""
    require(by, "catalogue.publish")
    name = line_of(name)
    is_named = 0 < len(name) <= LONGEST_DEPARTMENT
    faults = (
        [] if is_named else [Fault("name", f"主管部门的名称应为 1 到 {LONGEST_DEPARTMENT} 个字。")]
    ) + _faults_of_unit(unit_id)
    if faults:
        raise Invalid(faults[0].message, faults=faults)
    department, is_new = Department.objects.get_or_create(name=name, defaults={"unit_id": unit_id})
    before = None if is_new else department.unit_id
    department.unit_id = unit_id
    department.save(update_fields=["unit_id"])
    record_act(
        by=by,
        act="catalogue.arrange_department",
        object_type="department",
        object_id=department.pk,
        changes={"unit": [before and str(before), unit_id and str(unit_id)]},
    )
    return department


def _faults_of_unit(unit_id: UUID | None) -> list[Fault]:
    if unit_id is None or Unit.objects.filter(pk=unit_id, hall_id=None, retired_at=None).exists():
        return []
    return [Fault("unit_id", "没有这个部门,或者它已撤销、不属于省级。")]
