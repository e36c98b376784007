from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.errors import Invalid, NotFound
from foundation.texts import visible
from foundation.tokenizing import query_words
from province.catalogue.models import Item, ItemVersion
from province.catalogue.queries.codes import bears_code, item_ids_by_code
from province.catalogue.queries.desks import check_reader, items_in_sight, sees_draft, versions_in_sight
from province.catalogue.states import ItemDeskState, VersionState
from province.rights.actors import Actor

MOST_WORDS = 12
_PARTS_LAST = (F("parent").asc(nulls_first=True), "basic_code")


def item_table(
    by: Actor,
    *,
    family: str = "",
    item_type: str = "",
    department: str = "",
    state: str = "",
    step: str = "",
    words: str = "",
    lacking: str = "",
) -> QuerySet[Item]:
    """The items in the actor's sight, by department and code.

    ``department``: its name; ``state``: the item's (ItemLife); ``step``: its latest version's (ItemDeskState);
    ``lacking`` ("1"): those in force whose province's part is not complete;
    ``words``: of its name (also without Chinese letters: spjyxk), of what its versions say, or the beginning of its
    code.

    Annotated: ``step`` and ``step_label``, ``latest_number``, ``latest_id``; ``valid_number``,
    ``valid_public_number`` and ``valid_id`` of the version that holds now; ``is_sample`` where nobody has checked that
    one yet, ``is_incomplete`` where citizens read no guide of it, since the province's part lacks something.
    """
    check_reader(by)
    rows = _with_desk_facts(Item.objects.filter(items_in_sight(by)).defer("values"), timezone.now())
    wanted = {"family": family, "item_type": item_type, "department__name": department, "state": state, "step": step}
    rows = rows.filter(**{name: visible(value) for name, value in wanted.items() if value})
    if lacking:
        rows = rows.filter(Q(("is_incomplete", True)))
    for word in visible(words).split()[:MOST_WORDS]:
        rows = rows.filter(_has_word(by, word))
    # a 子项 follows its 主项
    return rows.order_by("department__name", Coalesce("parent__basic_code", "basic_code"), *_PARTS_LAST)


def versions_of(by: Actor, item: Item) -> QuerySet[ItemVersion]:
    """The versions in the actor's sight with their reviews, the latest first."""
    rows = item.versions.filter(versions_in_sight(by)).select_related("item", "department")
    return rows.prefetch_related("reviews__office").order_by("-number")


def item_in_table(by: Actor, item_id: UUID) -> Item:
    """One item as the table annotates it, with its draft. Raises NotFound for what is out of sight."""
    check_reader(by)
    found = _with_desk_facts(Item.objects.filter(items_in_sight(by), pk=item_id), timezone.now()).first()
    if found is None:
        raise NotFound("没有找到这个事项。")
    return found


def compared(by: Actor, item: Item, before: int, after: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of two versions by their numbers; 0 is the draft. Raises NotFound for what is out of sight."""
    known = dict(versions_of(by, item).filter(number__in=[before, after]).values_list("number", "values"))
    if sees_draft(by, item):
        known[0] = item.values
    if not {before, after} <= known.keys():
        raise NotFound("没有找到事项的这一版。")
    return known[before], known[after]


def is_called(word: str, *, item: str = "") -> Q:
    """A filter by name, by its sound, or by the beginning of a code that leads to it. ``item``: what leads from the row
    to the item's own fields."""
    by_item = Q(**{f"{item}sounds__icontains": word}) | bears_code(word, item=item)
    return Q(name__icontains=word) | by_item


def _has_word(by: Actor, word: str) -> Combinable | Q:
    found: Combinable | Q = is_called(word)
    if said := query_words(word):
        query = SearchQuery(" & ".join(said), search_type="raw", config="simple")
        versions = ItemVersion.objects.annotate(said=SearchVector("search_words", config="simple"))
        found |= Exists(versions.filter(versions_in_sight(by), item=OuterRef("pk"), said=query))
    return found


def _with_desk_facts(rows: QuerySet[Item], now: datetime) -> QuerySet[Item]:
    versions = ItemVersion.objects.filter(item=OuterRef("pk"))
    latest = versions.order_by("-number")
    valid = versions.filter(Q(valid_to=None) | Q(valid_to__gt=now), state=VersionState.PUBLISHED, valid_from__lte=now)
    labels = [When(step=state, then=Value(label)) for state, label in ItemDeskState.choices]
    return (
        rows.select_related("department")
        .annotate(
            latest_id=Subquery(latest.values("id")[:1]),
            latest_number=Subquery(latest.values("number")[:1]),
            step=Coalesce(
                Subquery(latest.values("state")[:1]), Value(ItemDeskState.DRAFT.value), output_field=CharField()
            ),
            valid_id=Subquery(valid.values("id")[:1]),
            valid_number=Subquery(valid.values("number")[:1]),
            valid_public_number=Subquery(valid.values("public_number")[:1]),
            valid_from=Subquery(valid.values("valid_from")[:1]),
            is_sample=Exists(valid.exclude(sample_note="")),
            is_incomplete=Exists(valid.filter(is_complete=False)),
        )
        .annotate(step_label=Case(*labels, output_field=CharField()), department_name=F("department__name"))
    )


def item_called(by: Actor, text: str) -> Item:
    """The item in sight of exactly this name or code. Raises Invalid where there is none."""
    wanted = visible(text)
    answering = item_ids_by_code([wanted]).values()
    rows = Item.objects.filter(items_in_sight(by)).filter(Q(name=wanted) | Q(pk__in=answering))
    found = rows.order_by("basic_code").first()
    if found is None:
        raise Invalid.at("item_name", "没有这个事项，请填写全称或基本编码。")
    return found


def names_of_items(item_ids: Collection[UUID]) -> dict[UUID, str]:
    """item's id -> its name: one query."""
    return dict(Item.objects.filter(pk__in=item_ids).values_list("pk", "name"))
