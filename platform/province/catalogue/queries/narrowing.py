"""Lists of versions, narrowed down for the pages of several apps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet

from province.catalogue.models import ItemVersion
from province.catalogue.queries.items import is_called
from province.halls.models import HallKind
from standards.items.codelists import Level

LEVELS: Final[Mapping[str, str]] = {
    HallKind.CITY: Level.CITY.value,
    HallKind.COUNTY: Level.COUNTY.value,
    HallKind.TOWNSHIP: Level.TOWNSHIP.value,
    HallKind.VILLAGE: Level.VILLAGE.value,
}


def narrowed(
    versions: QuerySet[ItemVersion], *, words: Iterable[str], family: str = "", department: str = ""
) -> QuerySet[ItemVersion]:
    """The versions that are called by all of the words, and are of that family and department, where these are
    given."""
    if family:
        versions = versions.filter(item__family=family)
    if department:
        versions = versions.filter(department__name=department)
    for word in words:
        versions = versions.filter(is_called(word, item="item__"))
    return versions


def is_handled_at(level: str) -> Q:
    """A filter: items that halls of this level may handle (GB/T 39046 A.2)."""
    return Q(values__levels__contains=[level]) | Q(values__levels__contains=[Level.SHARED.value])


def is_done_by(kind: str, levels: Sequence[str] | None) -> bool:
    """Whether halls of the kind exercise an item that these levels may exercise; one that names none, all may."""
    return not levels or LEVELS[kind] in levels or Level.SHARED.value in levels
