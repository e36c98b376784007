"""What a hall's part of an item begins with: what the hall says once, and what is known of the hall itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from province.catalogue.definition import Part, check, usual_part
from province.catalogue.definition.codelists import Level
from province.catalogue.models import ItemVersion
from province.halls.models import Hall, HallKind
from tenants.portal.queries.opening import opening_lines
from tenants.services.models import UsualAnswers

LEVELS: Final[Mapping[str, str]] = {
    HallKind.CITY: Level.CITY.value,
    HallKind.COUNTY: Level.COUNTY.value,
    HallKind.TOWNSHIP: Level.TOWNSHIP.value,
    HallKind.VILLAGE: Level.VILLAGE.value,
}
_LONGEST_CODE: Final = 2
# of another hall's part these say nothing here: where one goes and whom one asks
OF_THE_PLACE: Final = frozenset({"windows", "consult", "consult_address", "towns", "villages", "handle_code"})


def facts_of_hall(hall: Hall) -> dict[str, Any]:
    """What the hall's own row says, as answers."""
    hours = "；".join(f"{line.days} {'、'.join(line.hours)}" for line in opening_lines(hall))
    facts: dict[str, Any] = {"consult": hall.phone, "consult_address": hall.address}
    if hall.address and hours:
        window = {"window": hall.short_name, "address": hall.address, "hours": hours, "phone": hall.phone}
        facts["windows"] = [{name: value for name, value in window.items() if value}]
    return {name: value for name, value in facts.items() if value}


def usual_answers() -> dict[UUID | None, dict[str, Any]]:
    """By department; under None what holds for all."""
    return dict(UsualAnswers.objects.values_list("department_id", "values"))


class Beginnings:
    """What parts of this hall begin with, for many items at once: what is asked once is read once."""

    def __init__(self, hall: Hall, parts: Mapping[str, Any] | None = None) -> None:
        self._facts = facts_of_hall(hall)
        self._answers = usual_answers()
        self._level = LEVELS[hall.kind]
        # by the item's id: the part of the hall above
        self._parts = parts or {}

    def of(self, version: ItemVersion) -> dict[str, Any]:
        above = {
            name: value for name, value in self._parts.get(str(version.item_id), {}).items() if name not in OF_THE_PLACE
        }
        usual = above | self._facts | self._answers.get(None, {}) | self._answers.get(version.department_id, {})
        item = version.item
        return above | usual_part(item.item_type, version.values, usual, level=self._level)


def findings_of(version: ItemVersion, part: Mapping[str, Any]) -> Part:
    """What is wrong with a hall's part for this version, and what it lacks."""
    item = version.item
    return check(family=item.family, item_type=item.item_type, values=version.values, hall_values=part).hall


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a part is from what citizens may read."""

    score: int
    is_complete: bool


def standing_of_beginning(version: ItemVersion, part: Mapping[str, Any]) -> Standing:
    """Of a part as it begins. Its texts were checked where they were written, so that what is left to find out depends
    on which answers there are and what was chosen: the same in most halls, and worked out once for all of them."""
    return _standing(_Beginning(version.pk, tuple(sorted(_shape(name, part[name]) for name in part)), version, part))


@dataclass(frozen=True, slots=True)
class _Beginning:
    version_id: UUID
    shape: tuple[tuple[str, str], ...]
    version: ItemVersion = field(compare=False)
    part: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=4_096)
def _standing(beginning: _Beginning) -> Standing:
    found = findings_of(beginning.version, beginning.part)
    return Standing(found.score, found.is_complete)


def _shape(name: str, value: Any) -> tuple[str, str]:
    if isinstance(value, str):
        # a code is a choice, a longer text is there or not
        return name, value if len(value) <= _LONGEST_CODE else "…"
    if isinstance(value, list):
        return name, "|".join(sorted(",".join(sorted(one)) if isinstance(one, dict) else str(one) for one in value))
    return name, repr(value)
