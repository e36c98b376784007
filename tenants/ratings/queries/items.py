"""Which items a visit can be about."""

from uuid import UUID

from foundation.errors import NotFound
from province.catalogue.models import Item
from province.catalogue.states import AdoptionState
from tenants.services.models import Adoption


def visited_items() -> list[tuple[str, str]]:
    """(id, name) of the items whose guides the hall has published, by name: two queries."""
    names = Item.objects.filter(pk__in=list(_published())).values_list("pk", "name")
    return sorted(((str(pk), name) for pk, name in names), key=lambda one: one[1])


def visited_item_name(item_id: UUID) -> str:
    """Raises NotFound for an item that the hall does not have."""
    if item_id not in set(_published()):
        raise NotFound("本厅没有这个事项，请重新选择。")
    return Item.objects.values_list("name", flat=True).get(pk=item_id)


def _published() -> list[UUID]:
    return list(Adoption.objects.filter(state=AdoptionState.PUBLISHED).values_list("item_id", flat=True))
