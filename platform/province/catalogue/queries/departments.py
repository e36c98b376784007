from collections import Counter
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import Fault, Invalid, NotFound
from foundation.texts import visible
from province.catalogue.models import Department, Item
from province.catalogue.queries.desks import items_in_sight
from province.identity.models import Actor


def departments() -> QuerySet[Department]:
    return Department.objects.order_by("name")


def department_named(name: str) -> Department:
    """Raises Invalid where there is none."""
    found = Department.objects.filter(name=visible(name)).first()
    if found is None:
        message = f"没有“{name}”这个主管部门，请从列表中选择。"
        raise Invalid(message, faults=[Fault("department", message)])
    return found


def department_with_id(department_id: UUID) -> Department:
    """Raises NotFound."""
    found = Department.objects.filter(pk=department_id).first()
    if found is None:
        raise NotFound("没有这个主管部门。")
    return found


def item_counts(by: Actor) -> Counter[UUID]:
    """By department, of the items in the actor's sight: one query."""
    return Counter(Item.objects.filter(items_in_sight(by)).values_list("department_id", flat=True))
