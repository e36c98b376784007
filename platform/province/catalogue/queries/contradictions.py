"""Items that say one thing against another, as they stand published: in the province's part, or in halls' guides."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField, Count, F, Func
from django.utils import timezone

from province.catalogue.models import HallItem, ItemVersion
from province.catalogue.queries.checks import check_version
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.states import AdoptionState
from province.console.queries.halls import hall_ids_in_reach
from province.rights.actors import Actor
from province.rights.queries import may
from standards.items.contradictions import Contradiction, label_of_code


@dataclass(frozen=True, slots=True)
class ContradictoryItem:
    """An item whose version in force says one thing against another, whatever halls add to it."""

    version: ItemVersion
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class ContradictionInHalls:
    """In how many halls the published guide of an item has this contradiction; ``label``: what it is."""

    item_id: UUID
    basic_code: str
    name: str
    department: str
    label: str
    halls: int


def contradictory_items() -> list[ContradictoryItem]:
    """By department and code: one query, and the check of those that it finds."""
    rows = items_valid_at(timezone.now()).exclude(contradictions=[]).order_by("department__name", "item__basic_code")
    found = []
    for version in rows:
        findings = check_version(version)
        found.append(ContradictoryItem(version, findings.contradictions))
    return found


def contradictions_in_halls(by: Actor) -> list[ContradictionInHalls]:
    """What the halls within reach report of their published guides, by department and code: one query."""
    reports = HallItem.objects.filter(state=AdoptionState.PUBLISHED).exclude(contradictions=[])
    if not may(by, "catalogue.read"):
        reports = reports.filter(hall_id__in=hall_ids_in_reach(by, "catalogue.read"))
    codes = Func(F("contradictions"), function="unnest", output_field=CharField())
    counted = (
        reports.annotate(code=codes)
        .values("item_id", "item__basic_code", "item__name", "item__department__name", "code")
        .annotate(halls=Count("pk"))
        .order_by("item__department__name", "item__basic_code", "code")
    )
    return [
        ContradictionInHalls(
            item_id=one["item_id"],
            basic_code=one["item__basic_code"],
            name=one["item__name"],
            department=one["item__department__name"],
            label=label_of_code(one["code"]),
            halls=one["halls"],
        )
        for one in counted
    ]
