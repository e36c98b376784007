"""What citizens see of the hall's items: exactly one version of each adopted item, or none; as a guide, or, where
something of it is missing, no more than its name and whom to call (名录)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from foundation.written import columns_of, row_from
from province.catalogue.models import Department, Item, ItemVersion
from province.catalogue.queries.checks import check_version, fitting_values
from province.catalogue.queries.codes import former_codes_sql
from province.catalogue.queries.use import MOST_USED_SQL, with_kind_sql
from province.catalogue.queries.validity import join_version_sql, shown_version_sql
from province.halls.models import Hall
from standards.items import Findings, effective
from standards.items.codelists import APPLIED
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.queries.whole_guides import WholePair, are_whole

_SHOWN = f"""
SELECT adoption.item_id, shown.id AS version_id, adoption.published_id, shown.is_complete,
    (shown.number > adoption.version_number OR adoption.to_settle <> '{{}}') AS is_forced
FROM services_adoption AS adoption CROSS JOIN LATERAL ({shown_version_sql("adoption")}) AS shown
WHERE adoption.state = 'published'
"""  # noqa: S608 - only constants of ours
# in the order in which they are selected
_COLUMNS: Final = ("item_id", "version_id", "published_id", "is_complete", "is_forced", "is_applied")
_ALL = with_kind_sql(_SHOWN)
_ONE = with_kind_sql(f"{_SHOWN} AND adoption.item_id = %(item)s")

# what only those need who write an item or look for one
_NOT_READ: Final = ("values", "sounds", "editor_ids")
_NOT_READ_OF_VERSIONS: Final = ("search_words", "sounds", "facets")
# how one item is read: tables by their aliases, and what of each is left out
_READ: Final[tuple[tuple[type[Model], str, tuple[str, ...]], ...]] = (
    (ItemVersion, "version", _NOT_READ_OF_VERSIONS),
    (Item, "item", _NOT_READ),
    (Department, "department", ()),
    (HallGuideVersion, "guide", ()),
    (Adoption, "adoption", ()),
)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as citizens of this hall find it: which version of it, with which of the hall's guides. ``is_guide``:
    both together lack nothing; otherwise they find its name and whom to call."""

    version: ItemVersion
    hall_guide: HallGuideVersion
    is_guide: bool
    # of the item: those that lead to it, and that this version does not bear
    former_basic_codes: tuple[str, ...] = ()

    @property
    def former_codes(self) -> tuple[str, ...]:
        """曾用编码: those of the item, and 实施编码 that this hall has had for it."""
        return (*self.former_basic_codes, *self.hall_guide.adoption.former_task_codes)

    @property
    def hall_values(self) -> Mapping[str, Any]:
        """The hall's guide, without what a newer version of the item has overruled."""
        if self.hall_guide.item_version_id == self.version.pk:
            own: Mapping[str, Any] = self.hall_guide.values
            return own
        return fitting_values(self.version, self.hall_guide.values)

    @property
    def values(self) -> dict[str, Any]:
        """The province's values and the hall's together, as they count here."""
        return effective(self.version.values, self.hall_values)

    @property
    def findings(self) -> Findings:
        """What it lacks."""
        return check_version(self.version, self.hall_values)


class ShownRow(NamedTuple):
    """Which version of an item citizens find, with which of the hall's guides. ``is_applied``: people apply for it
    (办事服务); others are what authorities do of their own motion or make public (权责清单)."""

    item_id: UUID
    version_id: UUID
    hall_guide_id: UUID
    is_applied: bool
    is_guide: bool


class ShownKinds(NamedTuple):
    """Whether citizens find items that they apply for (办事服务), and others (权责清单)."""

    services: bool
    powers: bool


class ShownItems(tuple[ShownRow, ...]):
    """All items that citizens find."""

    __slots__ = ()

    @property
    def kinds(self) -> ShownKinds:
        return ShownKinds(any(row.is_applied for row in self), any(not row.is_applied for row in self))

    @property
    def item_ids(self) -> set[UUID]:
        return {row.item_id for row in self}

    @property
    def guides(self) -> list[UUID]:
        """The versions of which citizens read a guide."""
        return [row.version_id for row in self if row.is_guide]

    @property
    def services(self) -> list[UUID]:
        """Of these, what they apply for."""
        return [row.version_id for row in self if row.is_guide and row.is_applied]

    @property
    def listed(self) -> list[UUID]:
        """The versions of which they find the name and whom to call."""
        return [row.version_id for row in self if not row.is_guide]

    @property
    def listed_services(self) -> list[UUID]:
        """Of these, what they apply for."""
        return [row.version_id for row in self if not row.is_guide and row.is_applied]

    @property
    def powers(self) -> list[UUID]:
        """The versions of what nobody applies for, whether there is a guide of them or not."""
        return [row.version_id for row in self if not row.is_applied]


def shown_items(at: datetime | None = None) -> ShownItems:
    """All items that citizens find: one query, and two more the first time after a version had to be shown that the
    hall has not accepted."""
    return ShownItems(_shown(at or timezone.now()))


def shown_version_ids(at: datetime | None = None) -> list[UUID]:
    """The versions that citizens find."""
    return [row.version_id for row in shown_items(at)]


def versions_by_name(version_ids: Sequence[UUID]) -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(pk__in=version_ids).order_by("name", "pk")


def shown_services() -> QuerySet[ItemVersion]:
    """The versions, by their names, of which citizens read a guide and that they apply for. Asks at once."""
    return versions_by_name(shown_items().services)


def listed_services() -> QuerySet[ItemVersion]:
    """Of what citizens apply for, the versions whose guide is not complete. Asks at once."""
    return versions_by_name(shown_items().listed_services)


class UsedItem(NamedTuple):
    """An item with how often its page was read here since the month before; ``total``: of all items that are applied
    for here and have a guide."""

    item_id: UUID
    name: str
    reads: int
    total: int


def most_used_items(hall: Hall, version_ids: Sequence[UUID], *, most: int) -> list[UsedItem]:
    """Of these versions the items that are read most here, and then, as the catalogue has them: what belongs to an
    event of a life first, by their codes. One query."""
    month = timezone.localdate().replace(day=1)
    since = (month - timedelta(days=1)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(MOST_USED_SQL, {"hall": hall.pk, "since": since, "most": most, "versions": list(version_ids)})
        return [UsedItem(*row) for row in cursor.fetchall()]


def shown_item(item_id: UUID, at: datetime | None = None) -> ShownItem:
    """The item as citizens find it: one query, as ``shown_items``. Raises NotFound where this hall does not show it."""
    given: dict[str, Any] = {"now": at or timezone.now(), "item": item_id, "applied": sorted(APPLIED)}
    with connection.cursor() as cursor:
        cursor.execute(_one_sql(), given)
        found = cursor.fetchone()
    if found is None:
        raise NotFound("本厅现在没有这个事项，可能已经停办、暂停或者改了名称。")
    [row] = _rows([found[: len(_COLUMNS)]])
    former_codes, *values = found[len(_COLUMNS) :]
    read: dict[str, Any] = {}
    for model, alias, left_out in _READ:
        width = len(model._meta.concrete_fields) - len(left_out)
        read[alias], values = row_from(model, values[:width], *left_out), values[width:]
    version, guide = read["version"], read["guide"]
    version.item, version.department, guide.adoption = read["item"], read["department"], read["adoption"]
    return ShownItem(version, guide, row.is_guide, tuple(former_codes))


def shown_guide(item_id: UUID) -> ShownItem:
    """The item of which citizens read a guide. Raises NotFound also where they find no more than its name."""
    shown = shown_item(item_id)
    if not shown.is_guide:
        raise NotFound("这个事项的办事指南还在整理。")
    return shown


def _shown(now: datetime) -> list[ShownRow]:
    with connection.cursor() as cursor:
        cursor.execute(_ALL, {"now": now, "applied": sorted(APPLIED)})
        return _rows(cursor.fetchall())


@cache
def _one_sql() -> str:
    columns = ", ".join(columns_of(model, alias, *left_out) for model, alias, left_out in _READ)
    former_codes = former_codes_sql("version.item_id", "version.values->>'basic_code'", "%(now)s")
    return f"""
    SELECT {", ".join(f"found.{name}" for name in _COLUMNS)}, {former_codes}, {columns}
    FROM ({_ONE}) AS found
    {join_version_sql("found.version_id")}
    JOIN services_hallguideversion AS guide ON guide.id = found.published_id
    JOIN services_adoption AS adoption ON adoption.id = guide.adoption_id
    """  # noqa: S608 - only constants of ours


def _rows(rows: Sequence[tuple[Any, ...]]) -> list[ShownRow]:
    """Of what the columns of ``_SHOWN`` say."""
    # the hall has seen to it that its guide goes with every version that it has accepted, but for what it has to look
    # at since its item was merged or split
    forced = [WholePair(row[1], row[2]) for row in rows if row[3] and row[4]]
    whole = are_whole(forced) if forced else {}
    return [
        ShownRow(
            item_id, version_id, guide_id, is_applied, is_complete and whole.get(WholePair(version_id, guide_id), True)
        )
        for item_id, version_id, guide_id, is_complete, _, is_applied in rows
    ]


class ShownSince(NamedTuple):
    """An item of which citizens read a page, since when its version holds, and whether people apply for it."""

    item_id: UUID
    since: datetime | None
    is_applied: bool


def shown_since() -> list[ShownSince]:
    """Everything of which citizens read a page, by name."""
    rows = versions_by_name(shown_items().guides).values_list("item_id", "valid_from", "item__item_type")
    return [ShownSince(item_id, since, item_type in APPLIED) for item_id, since, item_type in rows]
