from collections import Counter
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import Fault, Invalid, NotFound
from foundation.texts import visible
from province.catalogue.models import Department, Item
from province.catalogue.queries.desks import items_in_sight
from province.people.models import Unit
from province.rights.actors import Actor


def departments() -> QuerySet[Department]:
    return Department.objects.order_by("name")


def department_named(name: str) -> Department:
    """The department of this name. Raises Invalid where there is none."""
    found = Department.objects.filter(name=visible(name)).first()
    if found is None:
        message = f"没有“{name}”这个主管部门，请从列表中选择。"
        raise Invalid(message, faults=[Fault("department", message)])
    return found


def department_with_id(department_id: UUID) -> Department:
    """The department. Raises NotFound."""
    found = Department.objects.filter(pk=department_id).first()
    if found is None:
        raise NotFound("没有这个主管部门。")
    return found


def item_counts(by: Actor) -> Counter[UUID]:
    """How many items in the actor's sight each department has: one query."""
    return Counter(Item.objects.filter(items_in_sight(by)).values_list("department_id", flat=True))


def faults_of_unit(unit_id: UUID | None) -> list[Fault]:
    """What keeps the unit from being named: only one of the province's own that is in use may be."""
    if unit_id is None or Unit.objects.filter(pk=unit_id, hall_id=None, retired_at=None).exists():
        return []
    return [Fault("unit_id", "没有这个部门，或者它已撤销、不属于省级。")]
