"""What a hall can hand down to the halls below it, and what somebody is about to hand down."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from foundation.errors import NotFound
from foundation.texts import visible
from province.catalogue.models import Assignment
from province.catalogue.queries.assignments import AssignmentPreview, assignment_in_reach, preview_assignment
from province.catalogue.queries.chosen_halls import halls_by_id
from province.catalogue.queries.misfits import AGENTS, Misfit, fits
from province.catalogue.queries.narrowing import LEVELS, is_handled_at, narrowed
from province.catalogue.queries.validity import items_valid_at
from province.catalogue.states import AdoptionState
from province.halls.models import Hall, HallKind
from province.rights.actors import Actor
from province.rights.queries import may
from standards.items.codelists import Family
from standards.numbers.divisions import CODE_LENGTH
from tenants.services.models import Adoption
from tenants.services.queries.prefill import OF_THE_PLACE

# where items are chosen from: the hall's own; otherwise a kind of hall
OWN: Final = "own"
_LONGEST: Final = 80
_LONGEST_LINES: Final = 200_000
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
    # who exercises it, and whether this hall's guide lets others take it up (代收代办)
    levels: tuple[str, ...] = ()
    has_agency: bool = False

    @property
    def fitting(self) -> str:
        """The kinds of halls that it fits, in words."""
        return "、".join(str(kind.label) for kind in HallKind if self.fits([kind]))

    def fits(self, kinds: Collection[str]) -> bool:
        """Say whether it fits halls of all these kinds, by its level or because they may take it up for others."""
        return all(fits(kind, self.levels, has_agency=self.has_agency) for kind in kinds)

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
    # chosen one by one: then the kinds do not count
    hall_ids: frozenset[UUID] = frozenset()
    hall_words: str = ""
    hall_area: str = ""
    hall_lines: str = ""

    @cached_property
    def offers(self) -> list[Offer]:
        return offers(source=self.source, family=self.family, department=self.department, words=self.words)

    def with_all_items(self) -> "HandDown":
        """With everything chosen that is offered (全选)."""
        return replace(self, item_ids=frozenset(one.item_id for one in self.offers))

    def with_fitting_items(self, kinds: Collection[str]) -> "HandDown":
        """With what is offered chosen that fits halls of all these kinds (选适合的)."""
        return replace(self, item_ids=frozenset(one.item_id for one in self.offers if kinds and one.fits(kinds)))

    def without(self, misfits: Collection[Misfit]) -> "HandDown":
        return replace(self, item_ids=self.item_ids - {one.item_id for one in misfits})

    def with_halls(self, hall_ids: Collection[UUID]) -> "HandDown":
        return replace(self, hall_ids=self.hall_ids | frozenset(hall_ids), hall_lines="")

    def kinds_meant(self, prefix: str) -> tuple[str, ...]:
        """The kinds of the halls that are meant."""
        if not self.hall_ids:
            return self.kinds
        return tuple({one.kind for one in halls_by_id(prefix, self.hall_ids)})

    @property
    def is_filtered(self) -> bool:
        return any((self.family, self.department, self.words))

    def preview(self, prefix: str) -> AssignmentPreview:
        return preview_hand_down(prefix, self.kinds, self.item_ids, self.hall_ids)


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
        hall_ids=frozenset(UUID(one) for one in asked.getlist("hall") if _UUID.fullmatch(one)),
        hall_words=asked.get("hall_words", "")[:_LONGEST],
        hall_area=area if (area := asked.get("hall_area", "")).isdecimal() and len(area) == CODE_LENGTH else "",
        hall_lines=asked.get("hall_lines", "")[:_LONGEST_LINES],
    )


def preview_hand_down(
    prefix: str, kinds: Collection[str], item_ids: Collection[UUID], hall_ids: Collection[UUID] = ()
) -> AssignmentPreview:
    """What handing these items down would come to, with what does not fit: four queries."""
    with_agency = items_with_agency(item_ids)
    return preview_assignment(prefix, kinds, item_ids, hall_ids=hall_ids, with_agency=with_agency)


def items_with_agency(item_ids: Collection[UUID]) -> set[UUID]:
    """The items of which this hall's published guide says that they can be taken up for it (代收代办)."""
    shown = Adoption.objects.filter(state=AdoptionState.PUBLISHED, published__values__has_agency=True)
    return set(shown.filter(item_id__in=item_ids).values_list("item_id", flat=True))


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
    """Items in force: the hall's own published ones, or (``source`` a kind of hall) those that fit halls of that kind:
    by their level, or because they may take them up for this one. Two queries."""
    shown = Adoption.objects.filter(state=AdoptionState.PUBLISHED)
    own = dict(shown.values_list("item_id", "published__values__has_agency"))
    by_agency = [item_id for item_id, has_agency in own.items() if has_agency and source in AGENTS]
    found = items_valid_at(timezone.now())
    fitting = Q(item__in=own) if source == OWN else is_handled_at(LEVELS[source]) | Q(item__in=by_agency)
    found = found.filter(fitting)
    found = narrowed(found, words=visible(words).split(), family=family, department=department)
    rows = found.order_by("department__name", "item__basic_code")
    columns = ("item_id", "item__basic_code", "name", "item__family", "department__name", "values__levels")
    facts = rows.values_list(*columns)
    return [
        Offer(
            item_id,
            code,
            name,
            family,
            department,
            is_own=item_id in own,
            levels=tuple(levels or ()),
            has_agency=bool(own.get(item_id)),
        )
        for item_id, code, name, family, department, levels in facts
    ]
