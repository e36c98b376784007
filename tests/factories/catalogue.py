"""Items of the catalogue in the states of their life, made by the operations themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from province.catalogue.base_list.reading import BaseItem
from province.catalogue.models import Department, Item, ItemVersion, Proposal
from province.catalogue.operations import (
    begin_item,
    confirm_pause,
    load_base_list,
    pass_review,
    propose_item,
    propose_pause,
    publish_version,
    save_draft,
    submit_version,
)
from province.catalogue.operations.versions import version_of
from province.catalogue.queries.reviews import open_offices, reasons_for_draft
from province.catalogue.states import ItemLife, VersionState
from province.halls.models import Hall
from province.rights.actors import Actor, Grant
from province.rights.roles import Reach
from standards.items import BY_NAME
from standards.items.codelists import NATIONAL_TYPES, ItemType
from tests.conftest import person
from tests.factories.items import whole_item, whole_power, whole_proceeding

DEPARTMENT = "市场监督管理局"
REASON = "依据有误，请核对"


def make_department(name: str = DEPARTMENT, **facts: Any) -> Department:
    return Department.objects.get_or_create(name=name, defaults=facts)[0]


def values_with(number: int = 0, *, item_type: str = ItemType.LICENCE, **values: Any) -> dict[str, Any]:
    """A whole licence, or what there is of it in an item of another type; each number has a code of its own."""
    known = whole_item() | whole_power()
    whole = {name: value for name, value in known.items() if item_type in BY_NAME[name].applies}
    if "proceeding" in whole:
        whole["proceeding"] = whole_proceeding(item_type)
    if item_type != ItemType.PENALTY:
        # what a range of punishment stands behind
        whole.pop("discretion", None)
    return whole | {"basic_code": f"42{NATIONAL_TYPES[item_type]}31{number:03}000"} | values


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


def submit(item: Item, *, by: str = "zhao", answer: str = "已按意见修改") -> ItemVersion:
    """With this answer to each reason for which the one before came back."""
    answers = {one.review.pk: answer for one in reasons_for_draft(item)}
    return submit_version(by=person(by), item=item, answers=answers)


def reviewer(name: str = "审核员") -> Actor:
    """Somebody who reviews for every office, and whom no other test knows."""
    grant = Grant(frozenset({"catalogue.read", "catalogue.review"}), None, "", Reach.PROVINCE)
    return Actor(uuid4(), name, (grant,))


def approve(version: ItemVersion) -> ItemVersion:
    """By all offices, one after the other, each by its own people."""
    while offices := open_offices(version):
        version = pass_review(by=reviewer(), version=version, office=offices[0])
    return version


def suspend(item: Item, *, reason: str = "系统升级") -> Item:
    """As one person asks and another one confirms."""
    return _pause(item, ItemLife.SUSPENDED, reason)


def abolish(item: Item, *, reason: str = "法律已废止") -> Item:
    return _pause(item, ItemLife.ABOLISHED, reason)


def _pause(item: Item, kind: ItemLife, reason: str) -> Item:
    request = propose_pause(by=person("zhao"), item=item, kind=kind, reason=reason, knows_uses=True)
    confirm_pause(by=person("qian"), request_id=request.pk)
    item.refresh_from_db()
    return item


def make_approved(item: Item | None = None, *, by: str = "zhao", **changes: Any) -> ItemVersion:
    item = item or make_item(by=by)
    if changes:
        change_draft(item, by=by, **changes)
    return approve(submit(item, by=by))


def make_published(item: Item | None = None, *, valid_from: datetime | None = None, **changes: Any) -> ItemVersion:
    """A version in force (or to come into force) of a new item, or the next one of an item."""
    return publish_version(by=person("zhao"), version=make_approved(item, **changes), valid_from=valid_from)


def make_base_list(items: Sequence[BaseItem] | None = None, *, by: Actor | None = None) -> None:
    """The base list in force, as if every item of it had been published in its time; some lack something by now."""
    by = by or person("zhao")
    load_base_list(by=by, items=items, publishes=True)
    now = timezone.now()
    drafts = Item.objects.filter(versions=None).select_related("department")
    versions = [
        version_of(
            item,
            number=1,
            public_number=1,
            sample_note="样例",
            state=VersionState.PUBLISHED,
            valid_from=now,
            required_from=now,
            submitted_by_name=by.name,
            published_by_name=by.name,
        )
        for item in drafts
    ]
    ItemVersion.objects.bulk_create(versions)


def make_incomplete(item: Item | None = None, *, without: str = "conditions") -> ItemVersion:
    """A version in force of which the definition by now asks more than it says: one element is missing."""
    item = item or make_item()
    version = make_published(item)
    now = timezone.now()
    item.refresh_from_db()
    item.values = {name: value for name, value in item.values.items() if name != without}
    item.save(update_fields=["values"])
    ItemVersion.objects.filter(pk=version.pk).update(valid_to=now)
    latest = version_of(
        item,
        number=version.number + 1,
        public_number=(version.public_number or 0) + 1,
        state=VersionState.PUBLISHED,
        valid_from=now,
        required_from=now,
        submitted_by_name="赵敏",
        published_by_name="赵敏",
    )
    latest.save(force_insert=True)
    return latest


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
