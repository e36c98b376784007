"""The words by which an item is found, kept with each version of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from foundation.events.operations import emit_event
from foundation.tokenizing import search_words, sounds_of
from province.catalogue.events import ITEM_WORDS_RENEWED
from province.catalogue.models import ItemVersion
from province.catalogue.queries.extra_elements import as_defined_at
from standards.items import Filler, Kind
from standards.items.handling import rows_of
from standards.items.live import additions
from standards.items.words import as_spoken

type Values = Mapping[str, Any]

# of added elements; numbers, days and addresses say nothing without what they are of
_SEARCHED: Final = frozenset({Kind.LINE, Kind.TEXT, Kind.CHOICE, Kind.CHOICES})
_AT_ONCE: Final = 200


def words_found_by(name: str, department: str, values: Values, *, code: str) -> str:
    """Return what somebody who looks for the item may type: its words, its name without Chinese letters, its code
    (``code``, where the values have none)."""
    lists = (("materials", "name"), ("results", "name"), ("questions", "question"))
    handling = [str(row.get("name", "")) for row in rows_of(values, "handling_items")]
    others = handling + [row[cell] for name, cell in lists for row in values.get(name, []) if row.get(cell)]
    texts = (name, department, str(values.get("conditions", "")), *others, *_added_texts(values))
    return " ".join((search_words(*texts), *sounds_of(name), str(values.get("basic_code") or code)))


def renew_words(element_id: UUID, element: str) -> int:
    """File anew the words of versions in force or to come that say this added element, as its page shows it by the
    definition of the day on which it was submitted. Returns of how many they are others now; a repeat finds none."""
    is_not_over = Q(valid_to=None) | Q(valid_to__gt=timezone.now())
    versions = ItemVersion.objects.filter(is_not_over, values__has_key=element).select_related("item", "department")
    rows = versions.defer("item__values", "sounds").order_by("pk")
    changed = [version for version in rows.iterator(chunk_size=_AT_ONCE) if _renew(version)]
    if changed:
        ItemVersion.objects.bulk_update(changed, ["search_words"], batch_size=_AT_ONCE)
        emit_event(kind=ITEM_WORDS_RENEWED, subject_id=element_id)
    return len(changed)


def _renew(version: ItemVersion) -> bool:
    before = version.search_words
    with as_defined_at(version.created_at):
        version.search_words = words_found_by(
            version.name, version.department.name, version.values, code=version.item.basic_code
        )
    return version.search_words != before


def _added_texts(values: Values) -> Iterator[str]:
    """What added elements say that citizens see (扩展要素)."""
    for element in additions().asked:
        is_read = element.by is not Filler.HALL and element.kind in _SEARCHED and bool(element.shown_as)
        if is_read and (element.when is None or element.when.applies(values)):
            yield as_spoken(element, values.get(element.name), values)
