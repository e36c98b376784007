"""What citizens find of an item whose guide is not complete (名录)."""

from dataclasses import dataclass
from uuid import UUID

from province.halls.models import Hall
from standards.numbers.phones import dialled
from tenants.services.queries.shown import ShownItem


@dataclass(frozen=True, slots=True)
class ListedItem:
    """Its name, who answers for it, and whom to call; ``phone`` as it is written, ``dialled`` as it is dialled (empty
    where neither the item nor the hall has one)."""

    item_id: UUID
    name: str
    department: str
    phone: str
    dialled: str


def listed_item(shown: ShownItem, hall: Hall) -> ListedItem:
    told = shown.hall_values.get("consult")
    phone = told.strip() if isinstance(told, str) and told.strip() else hall.phone
    version = shown.version
    return ListedItem(version.item_id, version.name, version.department.name, phone, dialled(phone))
