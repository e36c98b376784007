"""What a hall can hand down to the halls below it, and what somebody is about to hand down."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from foundation.errors import NotFound
from foundation.texts import visible
from province.catalogue.models import Assignment
from province.catalogue.queries.assignments import AssignmentPreview, assignment_in_reach, preview_assignment
from province.catalogue.queries.narrowing import LEVELS, is_handled_at, narrowed
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.states import AdoptionState
from province.halls.models import Hall, HallKind
from province.rights.actors import Actor
from province.rights.queries import may
from standards.items.codelists import Family
from tenants.services.models import Adoption
from tenants.services.queries.prefill import OF_THE_PLACE

# where items are chosen from: the hall's own; otherwise a kind of hall
OWN: Final = "own"
_LONGEST: Final = 80
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Offer:
    """An item that can be handed down. ``is_own``: the hall shows it itself, so that its guide goes along."""

    item_id: UUID
    code: str
    name: str
    family: str
    department: str
    is_own: bool

    @property
    def family_label(self) -> str:
        return str(Family(self.family).label)


@dataclass(frozen=True)
class HandDown:
    """What somebody is about to hand down, as the form says it."""

    source: str
    family: str
    department: str
    words: str
    kinds: tuple[str, ...]
    item_ids: frozenset[UUID]
    publishes: bool

    @cached_property
    def offers(self) -> list[Offer]:
        return offers(source=self.source, family=self.family, department=self.department, words=self.words)

    def with_all_items(self) -> "HandDown":
        """With everything chosen that is offered (全选)."""
        return replace(self, item_ids=frozenset(one.item_id for one in self.offers))

    @property
    def is_filtered(self) -> bool:
        return any((self.family, self.department, self.words))

    def preview(self, prefix: str) -> AssignmentPreview:
        return preview_assignment(prefix, self.kinds, self.item_ids)


def hand_down_asked(asked: QueryDict) -> HandDown:
    """Read the form; what it cannot have offered is left out."""
    source, family = asked.get("source", OWN), asked.get("family", "")
    return HandDown(
        source=source if source in LEVELS else OWN,
        family=family if family in Family.values else "",
        department=asked.get("department", "")[:_LONGEST],
        words=asked.get("words", "")[:_LONGEST],
        kinds=tuple(kind for kind in HallKind.values if kind in asked.getlist("kind")),
        item_ids=frozenset(UUID(one) for one in asked.getlist("item") if _UUID.fullmatch(one)),
        publishes=bool(asked.get("publishes")),
    )


def may_publish_below(by: Actor, prefix: str) -> bool:
    """Whether the person decides for all halls below. Their prefix has one digit more than that of the place's own
    hall."""
    return may(by, "services.review", prefix=f"{prefix}0")


def assignment_here(by: Actor, hall: Hall, assignment_id: UUID) -> Assignment:
    """An assignment of this place. Raises NotFound for another place's."""
    found = assignment_in_reach(by, assignment_id)
    if found.prefix != hall.prefixes[-1]:
        raise NotFound("没有这次下发。")
    return found


def hall_guides_to_hand_down(item_ids: Collection[UUID]) -> dict[str, dict[str, Any]]:
    """The hall's published guides by the item's id, without what holds at this hall alone."""
    shown = Adoption.objects.filter(item_id__in=item_ids, state=AdoptionState.PUBLISHED)
    hall_guides = shown.values_list("item_id", "published__values")
    return {
        str(item_id): {name: value for name, value in values.items() if name not in OF_THE_PLACE}
        for item_id, values in hall_guides
    }


def offers(*, source: str = OWN, family: str = "", department: str = "", words: str = "") -> list[Offer]:
    """Items in force: the hall's own published ones, or (``source`` a kind of hall) those that halls of that kind may
    handle by their level. Two queries."""
    own = set(Adoption.objects.filter(state=AdoptionState.PUBLISHED).values_list("item_id", flat=True))
    found = items_valid_at(timezone.now())
    found = found.filter(item__in=own) if source == OWN else found.filter(is_handled_at(LEVELS[source]))
    found = narrowed(found, words=visible(words).split(), family=family, department=department)
    rows = found.order_by("department__name", "item__basic_code")
    facts = rows.values_list("item_id", "item__basic_code", "name", "item__family", "department__name")
    return [Offer(*one, is_own=one[0] in own) for one in facts]
