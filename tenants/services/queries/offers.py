"""What the hall could adopt: items in force that it does not have."""

from typing import Final
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils import timezone

from foundation.texts import visible
from province.catalogue.models import Department, ItemVersion
from province.catalogue.queries import items_valid_at
from province.catalogue.queries.assignments import item_ids_handed_down
from province.catalogue.queries.items import MOST_WORDS
from province.catalogue.queries.narrowing import LEVELS, is_handled_at, narrowed
from province.catalogue.queries.parents import has_parts
from province.halls.models import Hall
from tenants.services.models import Adoption

# how they are filtered: key and label
OFFER_FILTERS: Final = {"ready": "本级适用", "handed": "上级下发"}


def offered_items(
    hall: Hall, *, words: str = "", choice: str = "", family: str = "", department: str = ""
) -> QuerySet[ItemVersion]:
    """Items by department and code, each with ``is_own_level``.

    ``words``: of the name (also without Chinese letters), or the beginning of the code; ``choice``: a key of
    OFFER_FILTERS; ``department``: its name.
    """
    rows = _offered().filter(_chosen(hall).get(choice, Q()))
    rows = narrowed(
        rows,
        words=visible(words).split()[:MOST_WORDS],
        family=visible(family),
        department=visible(department),
    )
    own_level = Case(
        When(is_handled_at(LEVELS[hall.kind]) | Q(values__levels=None) | Q(values__levels=[]), then=True), default=False
    )
    return rows.annotate(is_own_level=own_level).order_by("department__name", "item__basic_code")


def offers_by_filter(hall: Hall) -> dict[str, int]:
    """How many items each of OFFER_FILTERS has, and under "" all of them."""
    counts = {key: Count("pk", filter=condition) for key, condition in _chosen(hall).items()}
    offered = _offered()
    return offered.aggregate(**counts) | {"": offered.count()}


def offering_departments() -> QuerySet[Department]:
    return Department.objects.filter(pk__in=_offered().values("department")).order_by("name")


def _offered() -> QuerySet[ItemVersion]:
    held = items_valid_at(timezone.now()).exclude(item__in=Adoption.objects.values("item_id"))
    return held.filter(~has_parts()).defer("values")


def _chosen(hall: Hall) -> dict[str, Q]:
    return {"ready": is_handled_at(LEVELS[hall.kind]), "handed": Q(item__in=item_ids_handed_down(hall))}


def ids_of_offers(hall: Hall, **filters: str) -> list[UUID]:
    """The items' ids of all that ``offered_items`` finds with these filters, on all pages."""
    return list(offered_items(hall, **filters).values_list("item_id", flat=True))


def adoption_of(item_id: UUID) -> UUID:
    """The id of the hall's adoption of that item."""
    return Adoption.objects.get(item_id=item_id).pk
