"""Who decides in the joint review, and which departments there are: data of the province."""

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


@transaction.atomic
def arrange_office(
    *,
    by: Actor,
    code: str,
    name: str,
    step: int = 1,
    sections: Sequence[str] = (),
    elements: Sequence[str] = (),
    unit: Unit | None = None,
) -> Office:
    """Make the office, or change it; one that has retired takes part again. What is under review already is decided by
    the offices that there were when it was submitted."""
    require(by, "catalogue.publish")
    name = line_of(name)
    faults = [Fault("name", "请填写审核部门的名称。")] if not name else []
    faults += [Fault("sections", f"没有“{one}”这一部分。") for one in sections if one not in Section]
    faults += [Fault("elements", f"没有“{one}”这个要素。") for one in elements if one not in BY_NAME]
    if faults:
        raise Invalid(faults[0].message, faults=faults)
    facts = {
        "name": name,
        "step": step,
        "sections": list(sections),
        "elements": list(elements),
        "unit_id": unit.pk if unit else None,
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
    if not name:
        message = "请填写主管部门的名称。"
        raise Invalid(message, faults=[Fault("name", message)])
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
