"""A hall's facts: what its site says of it. Its state is changed in operations/hall_states.py."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from foundation.errors import Fault, Invalid
from foundation.files.store import Readable, store_file
from province.audit.operations import record_act
from province.halls.models import Hall
from province.halls.queries.facts import PROVINCE_FACTS, fact_faults
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import HALL_EDITORS, Reach, Role

declare(
    "halls.edit",
    "编辑本厅资料",
    reach=Reach.HALL,
    roles=HALL_EDITORS | {Role.PROVINCE_OPERATOR, Role.SYSTEM_ADMINISTRATOR},
)

# pixels
SMALLEST_EMBLEM = 128


@transaction.atomic
def update_hall(*, by: Actor, hall: Hall, **facts: Any) -> Hall:
    """Change what the hall's site says of it; only the named facts. Raises Invalid with a fault for every wrong one.

    A hall's editor may change its branding, contacts and hours; its name is the province's to give. An emblem can only
    be taken away here (``set_emblem``).
    """
    require(by, "halls.edit", hall_id=hall.id)
    if PROVINCE_FACTS & facts.keys():
        require(by, "halls.manage")
    if facts.get("emblem_key") == hall.emblem_key:
        del facts["emblem_key"]
    if faults := fact_faults(facts):
        raise Invalid("服务厅资料填写有误。", faults=faults)
    return _change(by, hall, facts)


@transaction.atomic
def _change(by: Actor, hall: Hall, facts: Mapping[str, Any]) -> Hall:
    found = Hall.objects.select_for_update(of=("self",)).get(pk=hall.pk)
    changes = {name: [getattr(found, name), value] for name, value in facts.items() if getattr(found, name) != value}
    if not changes:
        return found
    for name, (_, value) in changes.items():
        setattr(found, name, value)
    found.save(update_fields=[*changes, "sounds"] if "name" in changes else list(changes))
    touch_hall(found.id)
    record_act(by=by, act="halls.update", object_type="hall", object_id=found.id, hall_id=found.id, changes=changes)
    return found


def set_emblem(*, by: Actor, hall: Hall, name: str, content: Readable) -> Hall:
    """Keep the picture and show it as the hall's emblem. Raises Invalid for what is no picture, or too small."""
    require(by, "halls.edit", hall_id=hall.id)
    facts = store_file(folder=hall.folder, name=name, content=content)
    if facts.width is None or min(facts.width, facts.height or 0) < SMALLEST_EMBLEM:
        message = f"徽标应为图片，长和宽都不小于 {SMALLEST_EMBLEM} 像素。"
        raise Invalid(message, faults=[Fault("emblem", message)])
    return _change(by, hall, {"emblem_key": facts.key})


def show_closed_days(*, hall_id: UUID, closed_days: list[dict[str, str]]) -> None:
    """Write what the hall has arranged for days of its own to its row, where every page reads it, in the caller's
    transaction. Who arranged it, and the audit of it, ``province.workdays`` keeps."""
    Hall.objects.filter(pk=hall_id).update(closed_days=closed_days)
    touch_hall(hall_id)


def touch_hall(hall_id: UUID) -> None:
    """Count the hall's generation up in the caller's transaction: at commit every cached page of it is stale."""
    touch_halls([hall_id])


def touch_halls(hall_ids: list[UUID]) -> None:
    """Count the generations of many halls up: one statement, always in one order (two at once never lock crosswise)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO halls_hallgeneration AS own (hall_id, generation)
            SELECT hall_id, 2 FROM unnest(%s::uuid[]) AS hall_id ORDER BY hall_id
            ON CONFLICT (hall_id) DO UPDATE SET generation = own.generation + 1
            """,
            [hall_ids],
        )
