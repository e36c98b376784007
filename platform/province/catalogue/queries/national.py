"""The catalogue as the national exchange has it: what is in force, suspended or abolished, with its state, version and
dates as they truly are."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from province.catalogue.models import Item, ItemCode, ItemVersion, Pause
from province.catalogue.queries.codes import item_ids_by_code
from province.catalogue.queries.items import item_table
from province.catalogue.states import ENDED, ItemLife, VersionState
from province.rights.actors import Actor
from standards.items import BUILT_IN
from standards.items.codelists import ItemState
from standards.items.exchange import ExchangeItem, Reading, ReadItem
from standards.items.values import is_blank

_STATES: Final = {
    ItemLife.ACTIVE.value: ItemState.IN_FORCE.value,
    ItemLife.SUSPENDED.value: ItemState.SUSPENDED.value,
    ItemLife.ABOLISHED.value: ItemState.CANCELLED.value,
    ItemLife.SUCCEEDED.value: ItemState.CANCELLED.value,
}
_AT_ONCE: Final = 200
_DATES: Final = ("effective_on", "cancelled_on")
# our codes that are finer than the nation's
_FINER: Final = tuple(element.name for element in BUILT_IN if element.national and element.name != "item_type")


def reported_items(by: Actor, filters: Mapping[str, str]) -> Iterator[ExchangeItem]:
    """The items in the actor's sight that have a version in force, with what the platform knows of them. ``filters``:
    those of the table of items. An item that was never published is not among them (``unreported_count``)."""
    for some in batched(_reported(by, filters).iterator(chunk_size=_AT_ONCE), _AT_ONCE, strict=False):
        versions = ItemVersion.objects.in_bulk([item.valid_id for item in some])
        cancelled = _cancelled([item.pk for item in some])
        for item in some:
            yield _told(item, versions[item.valid_id], cancelled.get(item.pk))


def unreported_count(by: Actor, filters: Mapping[str, str]) -> int:
    """How many items of the same table have no version in force, and are therefore not reported."""
    return item_table(by, **filters).filter(Q(("valid_id", None))).count()


def finer_codes() -> Callable[[str], Mapping[str, Any] | None]:
    """What reads national files asks by a 基本编码: the draft's codes where ours are finer than the nation's."""
    names = ("item_type", *_FINER)
    rows = ItemCode.objects.values_list("code", "item__item_type", *(f"item__values__{name}" for name in _FINER))
    known = {code: dict(zip(names, codes, strict=True)) for code, *codes in rows}
    return known.get


def without_filled_dates(reading: Reading) -> Reading:
    """The reading of a national file without the dates that an export has filled in by itself: such a file changes no
    draft that is silent about them."""
    items: list[ReadItem] = []
    for some in batched(reading.items, _AT_ONCE, strict=False):
        filled = _filled_dates([read.item.code for read in some])
        items += [_without(read, filled.get(read.item.code, {})) for read in some]
    return replace(reading, items=tuple(items))


def told_by_platform(version: ItemVersion, state: str, cancelled_at: datetime | None = None) -> dict[str, Any]:
    """State, version and dates of an item, as elements. ``state``: of its life (ItemLife)."""
    told = {"state": _STATES[state], "version": version.number}
    if version.valid_from:
        told["effective_on"] = _day(version.valid_from)
    if cancelled_at:
        told["cancelled_on"] = _day(cancelled_at)
    return told


def cancelled_at(item_id: UUID) -> datetime | None:
    """When the item was abolished, or others took over from it; None where neither has happened."""
    return _cancelled([item_id]).get(item_id)


def _reported(by: Actor, filters: Mapping[str, str]) -> QuerySet[Any]:
    return item_table(by, **filters).filter(Q(("valid_id__isnull", False)))


def _told(item: Item, version: ItemVersion, cancelled_at: datetime | None) -> ExchangeItem:
    return ExchangeItem(item.item_type, version.values | told_by_platform(version, item.state, cancelled_at))


def _cancelled(item_ids: Collection[UUID]) -> dict[UUID, datetime]:
    pauses = Pause.objects.filter(item_id__in=item_ids, kind__in=ENDED, to_at=None)
    return dict(pauses.values_list("item_id", "from_at"))


def _filled_dates(codes: Collection[str]) -> dict[str, dict[str, str]]:
    """By 基本编码 the dates that an export of now would fill in where the draft says none."""
    now = timezone.now()
    ids = item_ids_by_code(codes)
    in_force = ItemVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=now),
        item_id__in=set(ids.values()),
        state=VersionState.PUBLISHED,
        valid_from__lte=now,
    )
    rows = in_force.select_related("item").defer("values", "search_words")
    cancelled = _cancelled([version.item_id for version in rows])
    found: dict[UUID, dict[str, str]] = {}
    for version in rows:
        told = told_by_platform(version, version.item.state, cancelled.get(version.item_id))
        silent: list[str] = [name for name in _DATES if name in told and is_blank(version.item.values.get(name))]
        found[version.item_id] = {name: told[name] for name in silent}
    return {code: found[item_id] for code, item_id in ids.items() if item_id in found}


def _without(read: ReadItem, filled: Mapping[str, str]) -> ReadItem:
    same = {name for name, day in filled.items() if read.item.values.get(name) == day}
    return replace(read, given=read.given - same) if same else read


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
