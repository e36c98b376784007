"""Lists of versions, narrowed down for the pages of several apps."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from province.catalogue.models import ItemVersion
from province.catalogue.queries.items import is_called
from standards.items.codelists import Level


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
