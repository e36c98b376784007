"""A hall's items in the states of their life, made by the operations themselves."""

from collections.abc import Mapping
from typing import Any

from foundation import schemas
from province.catalogue.models import Item, ItemVersion
from province.halls.models import Hall
from standards.items import BY_NAME
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import adopt_items
from tenants.services.operations.hall_guides import pass_hall_guide, save_hall_guide, submit_hall_guide
from tests.conftest import person
from tests.factories.catalogue import make_published
from tests.factories.items import whole_hall_guide


def hall_guide_for(item: Item, **values: Any) -> dict[str, Any]:
    """A hall's guide that lacks nothing, of what its type has."""
    part = {name: value for name, value in whole_hall_guide().items() if item.item_type in BY_NAME[name].applies}
    if "task_code" in part:
        part["task_code"] = part["task_code"][:-12] + item.basic_code
    return part | values


def adopt(hall: Hall, version: ItemVersion | None = None, *, by: str = "sun") -> Adoption:
    version = version or make_published()
    with schemas.enter(hall.schema_name):
        adopt_items(by=person(by), hall=hall, item_ids=[version.item_id], reason="上级委托")
        return Adoption.objects.get(item_id=version.item_id)


def save(
    hall: Hall, adoption: Adoption, *, by: str = "sun", number: int | None = None, part: Mapping[str, Any] | None = None
) -> Adoption:
    item = Item.objects.get(pk=adoption.item_id)
    with schemas.enter(hall.schema_name):
        adoption.refresh_from_db()
        return save_hall_guide(
            by=person(by),
            hall=hall,
            adoption_id=adoption.pk,
            values=hall_guide_for(item) if part is None else part,
            revision=adoption.revision,
            number=number,
        )


def submit(hall: Hall, adoption: Adoption, *, by: str = "sun") -> Adoption:
    with schemas.enter(hall.schema_name):
        submit_hall_guide(by=person(by), hall=hall, adoption_id=adoption.pk)
        adoption.refresh_from_db()
        return adoption


def show(hall: Hall, adoption: Adoption, *, by: str = "li") -> Adoption:
    """Submitted and passed."""
    submit(hall, adoption)
    with schemas.enter(hall.schema_name):
        number = adoption.hall_guides.order_by("-number").first().number  # type: ignore[union-attr]
        return pass_hall_guide(by=person(by), hall=hall, adoption_id=adoption.pk, number=number)


def make_shown(hall: Hall, version: ItemVersion | None = None, **values: Any) -> Adoption:
    """An item that citizens find at this hall."""
    adoption = adopt(hall, version)
    item = Item.objects.get(pk=adoption.item_id)
    return show(hall, save(hall, adoption, part=hall_guide_for(item, **values)))
