"""Items as files carry them, and what reading a file gives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.errors import Fault
from standards.items import BY_NAME, Filler, Table, check, effective
from standards.items.codelists import FAMILY_OF, ItemType
from standards.items.codes import BASIC_RULE, NATIONAL_SCHEME, CodeScheme
from standards.items.values import is_blank

# of a reading; what is beyond is only counted
MOST_FAULTS: Final = 1_000
MOST_NOTICES: Final = 100
# of a file
MOST_ITEMS: Final = 20_000

_OF_TYPES: Final = "事项类型"


@dataclass(frozen=True, slots=True)
class ExchangeItem:
    """Plain data: the province's values (``item_type`` is none of them) and one hall's."""

    item_type: str
    values: Mapping[str, Any]
    hall_values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """Empty for a type that there is not."""
        family = FAMILY_OF.get(self.item_type)
        return family.value if family else ""

    @property
    def code(self) -> str:
        return str(self.values.get("basic_code") or "")

    @property
    def name(self) -> str:
        return str(self.values.get("name") or "")

    def together(self) -> dict[str, Any]:
        """What counts in the hall, with the type."""
        return {"item_type": self.item_type, **effective(self.values, self.hall_values)}


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item out of a file. ``place`` says where it stands; ``given`` what the file has a place for (``materials``,
    ``materials.name``): of what is not given a file says nothing, not even that it is empty. ``faults`` are those of
    the reading that are this item's own."""

    item: ExchangeItem
    place: str
    given: frozenset[str]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """``faults`` name sheet and cell, or line; ``more_faults`` are those beyond MOST_FAULTS. ``notices`` name what was
    not recognised and therefore left out: a column 备注, a sheet with something else."""

    items: tuple[ReadItem, ...]
    faults: tuple[Fault, ...]
    more_faults: int = 0
    notices: tuple[Fault, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.faults


@dataclass(slots=True)
class Faults:
    """Faults in the order in which they are found, and no more of them than anybody reads. ``scheme``: by which codes
    are judged."""

    scheme: CodeScheme = NATIONAL_SCHEME
    found: list[Fault] = field(default_factory=list)
    more: int = 0
    notices: list[Fault] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.found) + self.more

    def since(self, count: int) -> list[Fault]:
        """Those after so many; one that says so where they are only counted."""
        found = self.found[count:]
        return found or ([Fault("", "文件里问题太多，这里没有逐一列出。")] if self.count > count else [])

    def add(self, where: str, message: str) -> None:
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(where, message))
        else:
            self.more += 1

    def notice(self, where: str, message: str) -> None:
        if len(self.notices) < MOST_NOTICES:
            self.notices.append(Fault(where, message))

    def reading(self, items: Iterable[ReadItem]) -> Reading:
        return Reading(tuple(items), tuple(self.found), self.more, tuple(self.notices))


def two_parts(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The province's and the hall's of values that came in one. What both may fill is the province's."""
    province: dict[str, Any] = {}
    hall: dict[str, Any] = {}
    for name, value in values.items():
        (hall if is_hall_element(name) else province)[name] = value
    return province, hall


def is_hall_element(name: str) -> bool:
    element = BY_NAME.get(name)
    if element is None or element.by in {Filler.PROVINCE, Filler.BOTH}:
        return False
    # state and version stand in both tables
    return element.by is Filler.HALL or bool(element.column and element.column.table is not Table.DIRECTORY)


def item_of(values: Mapping[str, Any], hall_values: Mapping[str, Any]) -> ExchangeItem:
    """Of values as they were read: its type is one of them, or stands in the basic code."""
    own = {name: value for name, value in values.items() if not is_blank(value)}
    item_type = own.pop("item_type", "")
    if not item_type:
        digits = BASIC_RULE.parts_of(str(own.get("basic_code", ""))).get(_OF_TYPES, "")
        item_type = digits if digits in FAMILY_OF else ""
    hall = {name: value for name, value in hall_values.items() if not is_blank(value)}
    return ExchangeItem(str(item_type), own, hall)


def check_item(
    item: ExchangeItem,
    faults: Faults,
    *,
    place: Callable[[str, bool], tuple[str, str]],
) -> None:
    """``place`` says of an element's path, and whether the hall's part is meant: the fault's place and how its message
    begins."""
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
