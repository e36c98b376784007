"""Lines of an uploaded file, of the province's items or of a hall's guides: which are shown, how far they are, and what
is said of those that are refused."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from foundation.errors import DomainError, Fault
from province.catalogue.models.imports import FileLine
from province.catalogue.queries.differences import Differs, ElementDifference
from province.catalogue.states import LineKind, LineState
from standards.items.exchange import GuideReading, Reading, ReadItem

LONGEST_CODE: Final = 40
LONGEST_NAME: Final = 200
LONGEST_PLACE: Final = 120
LONGEST_REFUSAL: Final = 500
_SHOWS: Final[Mapping[str, Q]] = {
    **{kind.value: Q(kind=kind) for kind in LineKind},
    "removals": Q(removals__gt=0, kind=LineKind.CHANGED),
    "written": Q(state=LineState.WRITTEN),
    "same": Q(state=LineState.SAME),
    "refused": Q(state=LineState.REFUSED),
}


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """How many of the file's items are new, changed …, and how many of those have been settled. ``removals``:
    changed ones that lose something."""

    kinds: Mapping[str, int]
    states: Mapping[str, int]
    removals: int

    @property
    def total(self) -> int:
        """How many items an import writes."""
        return self.kinds[LineKind.NEW] + self.kinds[LineKind.CHANGED]

    @property
    def settled(self) -> int:
        return sum(self.states[state] for state in (LineState.WRITTEN, LineState.SAME, LineState.REFUSED))

    @property
    def percent(self) -> int:
        return 100 * self.settled // self.total if self.total else 100


def lines_shown[Line: FileLine](lines: QuerySet[Line], show: str) -> QuerySet[Line]:
    """The lines in the order of the file. ``show``: a kind or a state of lines, or removals; anything else is all."""
    return lines.filter(_SHOWS.get(show, Q())).order_by("position")


def figures_of[Line: FileLine](lines: QuerySet[Line]) -> ImportFigures:
    """Two queries."""
    kinds, states = Counter[str](), Counter[str]()
    for kind, state, count in lines.values_list("kind", "state").annotate(count=Count("pk")):
        kinds[kind] += count
        if kind in {LineKind.NEW, LineKind.CHANGED}:
            states[state] += count
    return ImportFigures(kinds, states, lines.filter(_SHOWS["removals"]).count())


def faults_beside(reading: Reading | GuideReading, reads: Iterable[ReadItem]) -> list[Fault]:
    """What is wrong in the file and belongs to none of the items that were read."""
    owned = {fault for read in reads for fault in read.faults}
    found = [fault for fault in reading.faults if fault not in owned]
    if reading.more_faults:
        found.append(Fault("", f"另有 {reading.more_faults:,} 处问题没有列出，请改好这些再上传一次。"))
    return found


def removals_among(changes: Iterable[ElementDifference]) -> int:
    """How many of the changes take something out of the draft."""
    return sum(
        change.change is Differs.REMOVED or any(row.change is Differs.REMOVED for row in change.rows)
        for change in changes
    )


def refusal_words(refusal: DomainError) -> str:
    """What a line says of its refusal: each sentence once."""
    said = dict.fromkeys([refusal.message, *(fault.message for fault in refusal.faults)])
    return " ".join(said)[:LONGEST_REFUSAL]
