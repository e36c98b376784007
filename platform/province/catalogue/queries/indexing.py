"""What the search engine knows of items: every version that holds or is going to."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.full_text.indexes import TextDocument, TextIndex, declare_index
from province.catalogue.models import ExtraElement, ItemChange, ItemVersion
from province.catalogue.states import VersionState

INDEX_ITEMS: Final = "catalogue.index_items"
# of every document: items are the whole province's
EVERYWHERE: Final = "everywhere"


def _versions() -> QuerySet[ItemVersion]:
    is_not_over = Q(valid_to=None) | Q(valid_to__gt=timezone.now())
    return ItemVersion.objects.filter(is_not_over, state=VersionState.PUBLISHED)


def _documents_of(ids: Sequence[UUID]) -> Iterator[TextDocument]:
    for version in _versions().filter(pk__in=ids).select_related("item").defer("values", "item__values"):
        yield TextDocument(
            id=version.pk,
            title=version.name,
            words=version.search_words,
            keys=(EVERYWHERE,),
            sounds=version.sounds,
            code=version.item.basic_code,
        )


def _ids_after(after: UUID | None, most: int) -> list[UUID]:
    rows = _versions().filter(pk__gt=after) if after else _versions()
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


ITEMS: Final = declare_index(
    TextIndex("items", "事项", INDEX_ITEMS, _documents_of, _ids_after, lambda: _versions().count())
)


def versions_of_changes(first: int, last: int) -> list[UUID]:
    """The ids of all versions of the items that changed at these positions of the feed."""
    changed = ItemChange.objects.filter(position__range=(first, last))
    return list(ItemVersion.objects.filter(item__in=changed.values("item")).values_list("pk", flat=True))


def versions_with_element(element_id: UUID) -> list[UUID]:
    """The ids of all versions that say the added element of which this is a revision; none where it is gone."""
    name = ExtraElement.objects.filter(pk=element_id).values_list("name", flat=True).first()
    return list(ItemVersion.objects.filter(values__has_key=name).values_list("pk", flat=True)) if name else []
