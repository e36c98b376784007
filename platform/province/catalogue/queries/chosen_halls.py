"""The halls below a place as somebody chooses among them: by name, code or area, or from lines of a table."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.sounds import sounds_like
from foundation.texts import visible
from province.catalogue.queries.assignments import halls_below
from province.halls.models import Division, Hall, HallKind
from standards.numbers.divisions import CODE_LENGTH

MOST_FOUND: Final = 200
MOST_LINES: Final = 3_000
_MOST_FAULTS: Final = 20


@dataclass(frozen=True, slots=True)
class HallBelow:
    """A hall below the place; ``area``: the place that it lies in."""

    id: UUID
    code: str
    name: str
    kind: str
    area: str

    @property
    def kind_label(self) -> str:
        return str(HallKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class HallLines:
    """What lines of a table named: the halls, and a sentence for each line that names none or several."""

    hall_ids: frozenset[UUID]
    faults: tuple[str, ...]


def find_halls_below(prefix: str, *, words: str = "", area: str = "", most: int = MOST_FOUND) -> list[HallBelow]:
    """Halls below the place by a part of their name, its sound or the beginning of their code, in the area of this
    code: one query."""
    halls = halls_below(prefix, HallKind.values)
    if words := visible(words).strip():
        named = Q(name__icontains=words) | Q(short_name__icontains=words) | sounds_like("sounds", words)
        halls = halls.filter(named | Q(division__code__startswith=words))
    if area:
        halls = halls.filter(division__code__startswith=_prefix(area))
    return _lines(halls.order_by("division__code")[:most])


def halls_by_id(prefix: str, hall_ids: Collection[UUID]) -> list[HallBelow]:
    """Of these halls those that lie below the place, by their codes: one query."""
    return _lines(halls_below(prefix, HallKind.values).filter(pk__in=hall_ids).order_by("division__code"))


def areas_below(prefix: str) -> list[tuple[str, str]]:
    """Code and name of the places right below this one."""
    own = prefix.ljust(CODE_LENGTH, "0")
    below = Division.objects.filter(parent__code=own, parent__valid_to=None, valid_to=None).order_by("code")
    return list(below.values_list("code", "name"))


def halls_in_lines(prefix: str, text: str) -> HallLines:
    """The halls that lines name, as they come from a table: in any column the 12-digit code of a division, or else the
    name of a hall or its place: one query, however many lines."""
    lines = [line for line in (visible(one).strip() for one in text.splitlines()[:MOST_LINES]) if line]
    if not lines:
        return HallLines(frozenset(), ())
    by_word: dict[str, set[UUID]] = defaultdict(set)
    for one in _lines(halls_below(prefix, HallKind.values)):
        for word in (one.code, one.name, one.name.removesuffix(one.kind_label)):
            by_word[word].add(one.id)
    found: set[UUID] = set()
    faults = []
    for number, line in enumerate(lines, start=1):
        named = _named(line, by_word)
        if len(named) == 1:
            found |= named
        elif named:
            faults.append(f"第 {number} 行“{line[:40]}”有 {len(named)} 个同名的服务厅，请写区划代码。")
        else:
            faults.append(f"第 {number} 行“{line[:40]}”不是下级服务厅的名称或代码。")
    if len(faults) > _MOST_FAULTS:
        faults = [*faults[:_MOST_FAULTS], f"另有 {len(faults) - _MOST_FAULTS} 行没有找到。"]
    return HallLines(frozenset(found), tuple(faults))


def _named(line: str, by_word: dict[str, set[UUID]]) -> set[UUID]:
    """A code says it without doubt; of names the first column that is one."""
    cells = [cell.strip() for part in line.split("\t") for cell in (part, *part.replace("，", ",").split(","))]
    codes = [cell for cell in cells if cell.isdecimal()]
    return next((by_word[cell] for cell in (*codes, *cells) if cell in by_word), set())


def _prefix(code: str) -> str:
    division = Division.objects.filter(code=code, valid_to=None).first()
    return division.prefix if division else code


def _lines(halls: QuerySet[Hall]) -> list[HallBelow]:
    rows = halls.values_list("pk", "division__code", "name", "kind", "division__parent__name")
    return [HallBelow(*row[:4], row[4] or "") for row in rows]
