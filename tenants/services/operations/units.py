"""Whose an item is: the department of the hall whose people fill it in."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from foundation.errors import Invalid
from province.halls.models import Hall
from province.people.queries.units import unit_paths
from province.rights.actors import Actor
from tenants.portal.operations.figures import require_in_hall
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import BulkResult, act_on_each, record_adoption_act


@transaction.atomic
def give_to_unit(*, by: Actor, hall: Hall, adoption_ids: Collection[UUID], unit_id: UUID | None) -> BulkResult:
    """Give these items to a department of the hall (None: to none). For who works for the whole hall. Raises Invalid
    for a department that is not the hall's."""
    require_in_hall(by, "services.adopt", hall)
    names = unit_paths(hall.pk)
    if unit_id is not None and unit_id not in names:
        raise Invalid.at("unit_id", "没有这个部门，可能属于其他服务厅，或已撤销。")

    def give(adoption: Adoption) -> None:
        before, adoption.unit_id = adoption.unit_id, unit_id
        if before == unit_id:
            return
        adoption.save(update_fields=["unit_id"])
        changes = {"unit": [names.get(before) if before else None, names.get(unit_id) if unit_id else None]}
        record_adoption_act(by, hall, adoption, "give_to_unit", changes=changes)

    return act_on_each(hall, adoption_ids, give)
