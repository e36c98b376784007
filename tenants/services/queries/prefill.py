"""What a hall's guide of an item begins with: what the hall says once, and what is known of the hall itself."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import check_version
from province.catalogue.queries.narrowing import LEVELS
from province.halls.models import Hall, HallKind
from standards.items import Findings, prefilled_values
from standards.items.live import additions
from tenants.services.models import HallDefaults
from tenants.shell.queries.opening import opening_lines

_LONGEST_CODE: Final = 2
# what holds at another hall alone: where one goes and whom one asks, and who makes what public and where (政府信息公开
# 条例 Art. 10: the body that has made the information)
OF_THE_PLACE: Final = frozenset(
    {
        *("windows", "consult", "consult_address", "towns", "villages", "handle_code", "hall_handling", "hall_steps"),
        *("disclosing_body", "disclosure_link"),
    }
)
# 地方各级人民代表大会和地方各级人民政府组织法: a town or township has a government, a street an office of the
# district's; what other places of this level are called only they know
_TOWNSHIPS: Final = {"镇": "人民政府", "乡": "人民政府", "街道": "办事处", "街道办事处": ""}


def facts_of_hall(hall: Hall) -> dict[str, Any]:
    """What the hall's own row says, as values of a guide."""
    hours = "；".join(f"{line.days} {'、'.join(line.hours)}" for line in opening_lines(hall))
    facts: dict[str, Any] = {"consult": hall.phone, "consult_address": hall.address}
    if hall.address and hours:
        # the hall by its whole name: the place alone is no window
        window = {"window": hall.name, "address": hall.address, "hours": hours, "phone": hall.phone}
        facts["windows"] = [{name: value for name, value in window.items() if value}]
    if hall.kind == HallKind.TOWNSHIP:
        ends = (end for name, end in _TOWNSHIPS.items() if hall.short_name.endswith(name))
        if (end := next(ends, None)) is not None:
            facts["disclosing_body"] = hall.short_name + end
    return {name: value for name, value in facts.items() if value}


def hall_defaults_by_department() -> dict[UUID | None, dict[str, Any]]:
    """The hall's answers by department; under None those for all."""
    return dict(HallDefaults.objects.values_list("department_id", "values"))


class Prefill:
    """What guides of this hall begin with, for many items at once: what all of them need is read once."""

    def __init__(self, hall: Hall, hall_guides: Mapping[str, Any] | None = None) -> None:
        self._facts = facts_of_hall(hall)
        self._answers = hall_defaults_by_department()
        self._level = LEVELS[hall.kind]
        # by the item's id: the guide of the hall above
        self._hall_guides = hall_guides or {}

    def of(self, version: ItemVersion) -> dict[str, Any]:
        above = {
            name: value
            for name, value in self._hall_guides.get(str(version.item_id), {}).items()
            if name not in OF_THE_PLACE
        }
        defaults = above | self._facts | self._answers.get(None, {}) | self._answers.get(version.department_id, {})
        return prefilled_values(version.item_type, version.values, defaults, level=self._level)


def findings_of(version: ItemVersion, hall_guide: Mapping[str, Any]) -> Findings:
    """What is wrong and what is missing in this version and a hall's guide of it: the province's part, the hall's, and
    how complete both are together."""
    return check_version(version, hall_guide)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of a guide is there, the province's part and the hall's together, and whether it may be put before
    citizens: complete, and at one with itself."""

    score: int
    is_ready: bool


def completeness_of(version: ItemVersion, hall_guide: Mapping[str, Any]) -> Completeness:
    """How complete a prefilled guide is. Its texts were checked where they were written; what remains depends on
    which answers there are and what was chosen. That is equal in most halls, and worked out once for all of them."""
    return _completeness(
        _Prefilled(
            version.pk,
            tuple(sorted(_shape(name, hall_guide[name]) for name in hall_guide)),
            additions().mark,
            version,
            hall_guide,
        )
    )


@dataclass(frozen=True, slots=True)
class _Prefilled:
    version_id: UUID
    shape: tuple[tuple[str, str], ...]
    # of what the province asks for besides
    added: Hashable
    version: ItemVersion = field(compare=False)
    hall_guide: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=4_096)
def _completeness(prefilled: _Prefilled) -> Completeness:
    found = findings_of(prefilled.version, prefilled.hall_guide)
    return Completeness(found.score, found.is_ready)


def _shape(name: str, value: Any) -> tuple[str, str]:
    if isinstance(value, str):
        # a code is a choice, a longer text is there or not
        return name, value if len(value) <= _LONGEST_CODE else "…"
    if isinstance(value, list):
        return name, "|".join(sorted(",".join(sorted(one)) if isinstance(one, dict) else str(one) for one in value))
    return name, repr(value)
