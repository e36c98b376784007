"""Items as files carry them, and what reading a file gives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.errors import Fault
from standards.items import BY_NAME, Filler, Table, check, effective
from standards.items.codelists import FAMILY_OF, ItemType
from standards.items.codes import BASIC_RULE, NATIONAL_SCHEME, CodeScheme, plain_code
from standards.items.values import is_blank

# of a reading; what is beyond is only counted
MOST_FAULTS: Final = 1_000
MOST_NOTICES: Final = 100
# of a file
MOST_ITEMS: Final = 20_000

_OF_TYPES: Final = "事项类型"


@dataclass(frozen=True, slots=True)
class ExchangeItem:
    """An item as files carry it, plain data: the province's values (without ``item_type``, which stands beside them)
    and one hall's."""

    item_type: str
    values: Mapping[str, Any]
    hall_values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The family of the item's type; "" for a type that there is not."""
        family = FAMILY_OF.get(self.item_type)
        return family.value if family else ""

    @property
    def code(self) -> str:
        """The 基本编码, or ""."""
        return str(self.values.get("basic_code") or "")

    @property
    def name(self) -> str:
        """The item's name, or ""."""
        return str(self.values.get("name") or "")

    def together(self) -> dict[str, Any]:
        """Return the values that count in the hall (``effective``), with ``item_type`` among them."""
        return {"item_type": self.item_type, **effective(self.values, self.hall_values)}


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that was read from a file, and what the file could say of it.

    ``place`` says for people where it stands. ``given`` are the elements and cells for which the file has a place
    (``materials``, ``materials.name``): of what is not given it says nothing, not even that it is empty. ``faults`` are
    those of the reading that are this item's own.
    """

    item: ExchangeItem
    place: str
    given: frozenset[str]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held: its items, and what was wrong with it.

    ``faults`` name sheet and cell, or line; ``more_faults`` is how many there were beyond MOST_FAULTS. ``notices`` name
    what was not recognised and therefore left out: a column 备注, a sheet with something else.
    """

    items: tuple[ReadItem, ...]
    faults: tuple[Fault, ...]
    more_faults: int = 0
    notices: tuple[Fault, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Say whether the file has no fault. Notices do not count."""
        return not self.faults


@dataclass(slots=True)
class Faults:
    """Collects what is wrong with a file while it is read, in that order: the first MOST_FAULTS are kept, further ones
    counted. ``scheme``: by which the item's codes are judged."""

    scheme: CodeScheme = NATIONAL_SCHEME
    found: list[Fault] = field(default_factory=list)
    more: int = 0
    notices: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many faults there are by now, kept or only counted; for ``since``."""
        return len(self.found) + self.more

    def since(self, count: int) -> list[Fault]:
        """Return the faults that came after the first ``count``; where those were only counted, one that says so."""
        found = self.found[count:]
        return found or ([Fault("", "文件里问题太多，这里没有逐一列出。")] if self.count > count else [])

    def add(self, where: str, message: str) -> None:
        """Note a fault: ``where`` is the place for programs, ``message`` names it to people."""
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(where, message))
        else:
            self.more += 1

    def notice(self, where: str, message: str) -> None:
        """Note what was not recognised and is left out; the first MOST_NOTICES are kept."""
        if len(self.notices) < MOST_NOTICES:
            self.notices.append(Fault(where, message))

    def reading(self, items: Iterable[ReadItem]) -> Reading:
        """Close the reading with these items."""
        return Reading(tuple(items), tuple(self.found), self.more, tuple(self.notices))


def two_parts(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Divide values that came in one into the province's and the hall's. What both may fill in is taken as the
    province's."""
    province: dict[str, Any] = {}
    hall: dict[str, Any] = {}
    for name, value in values.items():
        (hall if is_hall_element(name) else province)[name] = value
    return province, hall


def is_hall_element(name: str) -> bool:
    """Say whether a hall alone fills in the element of this name, or (state and version, which the platform makes)
    whether it is told in a hall's table. Unknown names are not."""
    element = BY_NAME.get(name)
    if element is None or element.by in {Filler.PROVINCE, Filler.BOTH}:
        return False
    # state and version stand in both tables
    return element.by is Filler.HALL or bool(element.column and element.column.table is not Table.DIRECTORY)


def item_of(values: Mapping[str, Any], hall_values: Mapping[str, Any]) -> ExchangeItem:
    """Make an item of values as they were read, blank ones left out. Its type is one of the values, or else stands in
    the 基本编码 (GB/T 39046); "" where neither says it."""
    own = {name: as_told(name, value) for name, value in values.items() if not is_blank(value)}
    item_type = own.pop("item_type", "")
    if not item_type:
        digits = BASIC_RULE.parts_of(str(own.get("basic_code", ""))).get(_OF_TYPES, "")
        item_type = digits if digits in FAMILY_OF else ""
    hall = {name: as_told(name, value) for name, value in hall_values.items() if not is_blank(value)}
    return ExchangeItem(str(item_type), own, hall)


def as_told(name: str, value: Any) -> Any:
    """Return a value as it is meant: letters and digits of codes that somebody typed in full width are those of the
    code."""
    element = BY_NAME.get(name)
    return plain_code(value) if element and element.is_code and isinstance(value, str) else value


def check_item(
    item: ExchangeItem,
    faults: Faults,
    *,
    place: Callable[[str, bool], tuple[str, str]],
) -> None:
    """Check an item that was read (``check``), and add what is wrong to ``faults``.

    ``place`` is asked with an element's path and whether the hall's part is meant; it answers with the fault's place
    for programs and the words with which its message begins.
    """
    if not item.family:
        where, words = place("item_type", False)  # noqa: FBT003 - the province's part
        if item.item_type:
            labels = "、".join(ItemType(one).label for one in sorted(FAMILY_OF))
            faults.add(where, f"{words}没有“{item.item_type:.20}”这个「事项类型」，可选的有：{labels}。")
        else:
            faults.add(where, f"{words}请填写「事项类型」。")
        return
    findings = check(
        family=item.family,
        item_type=item.item_type,
        values=item.values,
        hall_values=item.hall_values,
        scheme=faults.scheme,
    )
    for part, is_hall in ((findings.province, False), (findings.hall, True)):
        for fault in part.faults:
            where, words = place(fault.where, is_hall)
            faults.add(where, words + fault.message)
