"""Which handling item (业务办理项) of an item that was found somebody means: 营业执照变更 leads to 变更 at once."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from foundation.tokenizing import query_words
from province.catalogue.models import ItemVersion
from standards.items.codelists import HandlingKind
from standards.items.handling import rows_of


def handling_meant(words: str, version_ids: Collection[UUID]) -> dict[UUID, str]:
    """version's id -> code of its handling item, of those for which the words say more than for its others. One
    query."""
    said = {word for word in query_words(words) if word}
    held = ItemVersion.objects.filter(pk__in=list(version_ids), values__has_key="handling_items")
    rows = held.values_list("pk", "name", "values__handling_items")
    return {pk: code for pk, name, given in rows if (code := _meant(said, name, {"handling_items": given}))}


def _meant(said: set[str], item_name: str, values: Mapping[str, Any]) -> str:
    """The one with the most of the words that the item's own name does not have; "" where two have as many."""
    own = {word for word in said if word not in item_name}
    points = sorted(((len([one for one in own if one in text]), code) for code, text in _texts(values)), reverse=True)
    if not points or not points[0][0] or (len(points) > 1 and points[1][0] == points[0][0]):
        return ""
    return points[0][1]


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in rows_of(values, "handling_items"):
        kind = row.get("kind")
        label = str(HandlingKind(kind).label) if kind in HandlingKind.values else ""
        yield str(row.get("code")), f"{row.get('name')} {label} {row.get('chosen_when') or ''}"
