"""Offices of the joint review: which there are, and on what each decides."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid
from foundation.texts import line_of
from province.audit.operations import record_act
from province.catalogue.models import Office
from province.catalogue.operations.drawn_codes import code_drawn_from
from province.catalogue.queries.departments import faults_of_unit
from province.rights.actors import Actor
from province.rights.queries import require
from standards.items import BY_NAME, Section

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")
LONGEST_NAME = 40
LAST_STEP = 99


@transaction.atomic
def add_office(
    *,
    by: Actor,
    name: str,
    step: int = 1,
    sections: Sequence[str] = (),
    elements: Sequence[str] = (),
    unit_id: UUID | None = None,
) -> Office:
    """Add an office under a code that no other has."""
    code = code_drawn_from(name, taken=Office.objects.values_list("code", flat=True), otherwise="office")
    return arrange_office(by=by, code=code, name=name, step=step, sections=sections, elements=elements, unit_id=unit_id)


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
    """Create the office, or change it; one that has retired takes part again. What is under review stays with the
    offices that there were when it was submitted."""
    require(by, "catalogue.publish")
    name = line_of(name)
    faults = [] if 0 < len(name) <= LONGEST_NAME else [Fault("name", f"审核部门的名称应为 1 到 {LONGEST_NAME} 个字。")]
    faults += [] if _CODE.match(code) else [Fault("code", "审核部门的代码由小写字母、数字和连字符组成，最多 32 个。")]
    faults += [] if 1 <= step <= LAST_STEP else [Fault("step", f"步骤应为 1 到 {LAST_STEP}。")]
    faults += [Fault("sections", f"没有“{one}”这一部分。") for one in sections if one not in Section]
    faults += [Fault("elements", f"没有“{one}”这个要素。") for one in elements if one not in BY_NAME]
    faults += faults_of_unit(unit_id)
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
    """Retire the office: it decides on nothing that is submitted from now on. Raises Conflict for the last one."""
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
