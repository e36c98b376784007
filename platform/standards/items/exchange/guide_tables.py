"""The workbook of a hall's guides: a line an item with what the hall fills in, its lists in sheets of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.errors import Fault
from standards.items import BUILT_IN, ELEMENTS, Element, Filler, Kind
from standards.items.exchange.cells import Spot
from standards.items.exchange.items import ReadItem
from standards.items.exchange.labels import HALL_SUFFIX
from standards.items.live import LiveSequence

GUIDES_SHEET: Final = "实施清单"
CODE, NAME, DEPARTMENT, TYPE, REVISION = "基本编码", "事项名称", "主管部门", "事项类型", "草稿序号"
# which item a line is of; nobody changes them
IDENTITY: Final = (CODE, NAME, DEPARTMENT, TYPE, REVISION)
LIST_IDENTITY: Final = (CODE, NAME)
MOST_GUIDES: Final = 2_000

_HALLS: Final = frozenset({Filler.HALL, Filler.BOTH})
GUIDE_ELEMENTS: Final[Sequence[Element]] = LiveSequence(
    lambda: [element for element in ELEMENTS if element.by in _HALLS and element.kind is not Kind.ROWS]
)
GUIDE_LISTS: Final = tuple(element for element in BUILT_IN if element.by in _HALLS and element.kind is Kind.ROWS)


def label_in_sheet(element: Element) -> str:
    """What an element's column, or its sheet, is called: of what the province says too, that the hall's is meant."""
    return element.label + (HALL_SUFFIX if element.by is Filler.BOTH else "")


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A hall's guide of an item as the workbook carries it. ``revision``: of the draft that was read."""

    code: str
    name: str
    department: str
    item_type: str
    revision: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadGuide:
    """A guide that was read from a file. ``revision`` is None where the file does not say it; ``spots``: where the
    elements and the cells of their lists stand (``windows.2.hours``)."""

    read: ReadItem
    revision: int | None = None
    spots: Mapping[str, Spot] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def placed(self, fault: Fault) -> Fault:
        """Return a fault of the check with its place in the file."""
        parts = fault.where.split(".")
        paths = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        spot = next((self.spots[path] for path in paths if path in self.spots), None)
        return Fault(spot.where if spot else fault.where, f"{spot.words if spot else self.read.place}{fault.message}")


@dataclass(frozen=True, slots=True)
class GuideReading:
    """What a file of guides held; as ``Reading`` of items."""

    guides: tuple[ReadGuide, ...]
    faults: tuple[Fault, ...]
    more_faults: int = 0
    notices: tuple[Fault, ...] = ()
