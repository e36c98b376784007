"""Items as JSON: our own format, whole, and written and read item by item (schemas/items.schema.json)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from foundation.interchange import JsonEntry
from standards.items import ELEMENTS, Filler
from standards.items.codes import NATIONAL_SCHEME, CodeScheme
from standards.items.exchange.items import ExchangeItem, Faults, Reading, ReadItem, as_told, check_item
from standards.items.exchange.json_text import open_document, written_document
from standards.items.live import per_definition
from standards.items.values import is_blank

FORMAT: Final = "yizhan-items"
VERSION: Final = 1
_KEYS: Final = ("family", "item_type", "values", "hall_values")


@per_definition
def everything() -> frozenset[str]:
    """The paths of all elements: a document of items says all that there is to say of them."""
    return frozenset(
        {element.name for element in ELEMENTS}
        | {f"{element.name}.{cell.name}" for element in ELEMENTS for cell in element.cells}
        | {f"hall.{element.name}" for element in ELEMENTS if element.by is Filler.BOTH}
    )


def write_json(items: Iterable[ExchangeItem]) -> Iterator[bytes]:
    """The document, piece by piece."""
    yield from written_document({"format": FORMAT, "version": VERSION}, map(as_data, items))


def as_data(item: ExchangeItem) -> dict[str, Any]:
    """One item as the document has it: what says nothing is left out."""
    return {"family": item.family, "item_type": item.item_type} | {
        key: {name: value for name, value in part.items() if not is_blank(value)}
        for key, part in (("values", item.values), ("hall_values", item.hall_values))
    }


def read_json(content: bytes, *, scheme: CodeScheme = NATIONAL_SCHEME) -> Reading:
    """Every item, and a fault for everything that is wrong. Raises Invalid for what is no such document."""
    faults = Faults(scheme)
    seen: dict[str, int] = {}
    with open_document(content, name=FORMAT, version=VERSION) as entries:
        found = [one for entry in entries if (one := _read_item(entry, faults, seen))]
    return faults.reading(found)


def _read_item(entry: JsonEntry, faults: Faults, seen: dict[str, int]) -> ReadItem | None:
    before = faults.count
    item = _item(entry, faults)
    if item is None:
        return None
    first = seen.setdefault(item.code, entry.number) if item.code else entry.number
    if first != entry.number:
        faults.add(entry.where, f"{entry.words}「基本编码」与第 {first} 项重复，没有导入。")
        return None

    def place(path: str, is_hall: bool) -> tuple[str, str]:  # noqa: FBT001 - as check_item asks
        part = "hall_values" if is_hall else "values"
        return f"{entry.where}/{part}/{path.replace('.', '/')}", f"{entry.words}“{item.name:.40}”："

    if not item.name:
        faults.add(f"{entry.where}/values/name", f"{entry.words}缺少「事项名称」：每个事项都要有。")
    check_item(item, faults, place=place)
    return ReadItem(item, entry.words, everything(), tuple(faults.since(before)))


def _item(entry: JsonEntry, faults: Faults) -> ExchangeItem | None:
    data = entry.data
    if not isinstance(data, Mapping):
        faults.add(entry.where, f"{entry.words}应为对象（花括号）。")
        return None
    if strange := [key for key in data if key not in _KEYS]:
        faults.add(entry.where, f"{entry.words}没有“{strange[0]:.40}”这个名称，可用的有：{'、'.join(_KEYS)}。")
    parts = [data.get(key, {}) for key in ("values", "hall_values")]
    if not all(isinstance(part, Mapping) for part in parts) or "values" not in data:
        faults.add(entry.where, f"{entry.words}的 values 和 hall_values 应为对象（花括号）。")
        return None
    item_type = data.get("item_type")
    values, hall = (
        {name: as_told(name, value) for name, value in part.items() if not is_blank(value)} for part in parts
    )
    # the item's type stands beside its values
    own = values.pop("item_type", item_type)
    item = ExchangeItem(str(item_type or own or ""), values, hall)
    family = data.get("family", item.family)
    if own != item_type or (item.family and family != item.family):
        faults.add(entry.where, f"{entry.words}的 family 和 item_type 互相矛盾。")
    return item
