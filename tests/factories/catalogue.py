"""Items of the catalogue in the states of their life, made by the operations themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from province.catalogue.models import Department, Item, ItemVersion, Proposal
from province.catalogue.operations import (
    begin_item,
    pass_review,
    propose_item,
    publish_version,
    save_draft,
    submit_version,
)
from province.catalogue.queries.reviews import open_offices
from province.halls.models import Hall
from standards.items import BY_NAME
from standards.items.codelists import ItemType
from tests.conftest import person
from tests.factories.items import whole_item

DEPARTMENT = "市场监督管理局"
REASON = "依据有误，请核对"


def make_department(name: str = DEPARTMENT, **facts: Any) -> Department:
    return Department.objects.get_or_create(name=name, defaults=facts)[0]


def values_with(number: int = 0, *, item_type: str = ItemType.LICENCE, **values: Any) -> dict[str, Any]:
    """A whole licence, or what there is of it in an item of another type; each number has a code of its own."""
    whole = {name: value for name, value in whole_item().items() if item_type in BY_NAME[name].applies}
    return whole | {"basic_code": f"42{item_type}31{number:03}000"} | values


def make_item(
    number: int = 0,
    *,
    by: str = "zhao",
    department: Department | None = None,
    item_type: str = ItemType.LICENCE,
    **values: Any,
) -> Item:
    """A draft that lacks nothing."""
    department = department or make_department()
    return begin_item(
        by=person(by),
        family="power",
        item_type=item_type,
        department=department,
        values=values_with(number, item_type=item_type, **({"department": department.name} | values)),
    )


def change_draft(item: Item, *, by: str = "zhao", **values: Any) -> Item:
    item.refresh_from_db()
    return save_draft(by=person(by), item=item, revision=item.revision, values=values)


def submit(item: Item, *, by: str = "zhao") -> ItemVersion:
    return submit_version(by=person(by), item=item)


def approve(version: ItemVersion, *, by: str = "qian") -> ItemVersion:
    """By all offices, one after the other."""
    while offices := open_offices(version):
        version = pass_review(by=person(by), version=version, office=offices[0])
    return version


def make_approved(item: Item | None = None, *, by: str = "zhao", **changes: Any) -> ItemVersion:
    item = item or make_item(by=by)
    if changes:
        change_draft(item, by=by, **changes)
    return approve(submit(item, by=by))


def make_published(item: Item | None = None, *, valid_from: datetime | None = None, **changes: Any) -> ItemVersion:
    """A version in force (or to come into force) of a new item, or the next one of an item."""
    return publish_version(by=person("zhao"), version=make_approved(item, **changes), valid_from=valid_from)


def make_proposal(
    hall: Hall, *, by: str = "sun", item: Item | None = None, values: Mapping[str, Any] | None = None
) -> Proposal:
    return propose_item(
        by=person(by),
        hall=hall,
        reason="群众常来问",
        values=values or {"name": "老年人优待证办理"},
        family="service",
        item_type="20",
        item=item,
    )
