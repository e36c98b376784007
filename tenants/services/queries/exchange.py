"""The hall's guides as files carry them: drafts to be filled in, and what is published for the national exchange."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from province.catalogue.models import ItemVersion
from province.catalogue.queries.national import cancelled_at, told_by_platform
from province.catalogue.states import ENDED, AdoptionState
from standards.items.codelists import ItemState
from standards.items.exchange import ExchangeItem, GuideLine
from tenants.services.models import Adoption
from tenants.services.queries.desk import adoptions_at_desk
from tenants.services.queries.shown import ShownItem, shown_items

_AT_ONCE: Final = 200


def guide_lines(*, words: str = "", state: str = "", family: str = "", department: str = "") -> Iterator[GuideLine]:
    """The drafts of the table, filtered as there, for the workbook."""
    found = adoptions_at_desk(words=words, state=state, family=family, department=department)
    rows: QuerySet[Any] = found.defer(None)
    for one in rows:
        yield GuideLine(one.basic_code, one.name, one.department_name, one.item_type, one.revision, one.values)


def reported_guides() -> Iterator[ExchangeItem]:
    """The items of which the hall has published a guide, as citizens read them, with state and version as they are:
    those that the hall has stopped, and those that the province has suspended or abolished, say so."""
    shown = {row.item_id: row.version_id for row in shown_items()}
    published = Adoption.objects.exclude(published=None).select_related("published").order_by("item_id")
    for some in batched(published.iterator(chunk_size=_AT_ONCE), _AT_ONCE, strict=False):
        versions = _versions(some, shown)
        for one in some:
            if version := versions.get(one.item_id):
                yield _told(one, version)


def unreported_guides_count() -> int:
    """How many adopted items have no published guide yet, and are therefore not reported."""
    return Adoption.objects.filter(published=None).count()


def _versions(adoptions: Sequence[Adoption], shown: Mapping[UUID, UUID]) -> dict[UUID, ItemVersion]:
    """Of each item the version that citizens read or, where they read none now, the one that the hall has accepted."""
    rows = ItemVersion.objects.select_related("item").defer("item__values")
    read = [shown[one.item_id] for one in adoptions if one.item_id in shown]
    found = {version.item_id: version for version in rows.filter(pk__in=read)}
    rest = {one.item_id: one.version_number for one in adoptions if one.item_id not in shown}
    for version in rows.filter(item_id__in=rest, number__in=set(rest.values())):
        if version.number == rest[version.item_id]:
            found[version.item_id] = version
    return found


def _told(adoption: Adoption, version: ItemVersion) -> ExchangeItem:
    item = version.item
    if adoption.published is None:
        raise ValueError(adoption.pk)
    own = ShownItem(version, adoption.published, is_guide=True).hall_values
    told = told_by_platform(version, item.state, cancelled_at(item.pk) if item.state in ENDED else None)
    state = told["state"]
    if adoption.state == AdoptionState.STOPPED and state == ItemState.IN_FORCE:
        state = ItemState.SUSPENDED.value
    of_hall = {"task_state": state, "task_version": adoption.published.number}
    return ExchangeItem(item.item_type, {**version.values, **told}, {**own, **of_hall})
