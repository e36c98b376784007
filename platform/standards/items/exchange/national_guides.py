"""What a national file says of an item, as one hall's part of it: what is the province's is told apart."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from standards.items import ELEMENTS, Bound, Element, Filler
from standards.items.binding import settled_values
from standards.items.exchange.guide_tables import ReadGuide
from standards.items.exchange.items import ReadItem, is_hall_element
from standards.items.values import is_blank

# days without their unit say nothing: the hall says both or neither
_TOGETHER: Final = ("promised_days", "promised_unit")


def hall_part(read: ReadItem, province: Mapping[str, Any]) -> ReadGuide:
    """Return the hall's part of an item out of a national file. ``province``: the values of the version for which the
    hall writes its guide. What agrees with them is not the hall's; what the province alone says and says otherwise is
    named in the notices and left out."""
    given: set[str] = set()
    hall: dict[str, Any] = {}
    notices = []
    settled = settled_values(province)
    for element in ELEMENTS:
        name = element.name
        if name not in read.given or element.by is Filler.PLATFORM:
            continue
        said = (read.item.hall_values if is_hall_element(name) else read.item.values).get(name)
        if element.by is Filler.PROVINCE:
            if _differs(element, said, province.get(name)):
                notices.append(f"提醒：文件里的「{element.label}」与省里的不同；由省里统一填写，没有导入。")
            continue
        given |= {f"hall.{name}" if element.by is Filler.BOTH else name}
        given |= {one for one in read.given if one.startswith(f"{name}.")}
        own = _own(element, said, province.get(name))
        if not is_blank(own) and settled.get(name) != own:
            hall[name] = own
    if any(name in hall for name in _TOGETHER):
        hall |= {name: value for name in _TOGETHER if not is_blank(value := read.item.values.get(name))}
    item = replace(read.item, values={"basic_code": read.item.code, "name": read.item.name}, hall_values=hall)
    return ReadGuide(replace(read, item=item, given=frozenset(given)), notices=tuple(notices))


def _own(element: Element, said: Any, before: Any) -> Any:
    if element.by is Filler.HALL or is_blank(before):
        return said
    if said == before:
        return None
    if element.bound is Bound.MAY_ADD and isinstance(said, list) and isinstance(before, list):
        return [one for one in said if one not in before]
    return said


def _differs(element: Element, said: Any, before: Any) -> bool:
    """Whether it is another value; of lists only as far as the exchange has cells for them."""
    if is_blank(said) or element.name in {"item_type", "effective_on", "cancelled_on"} or element.cells:
        return False
    finer = element.national or {}
    return bool(finer.get(said, said) != finer.get(before, before)) if isinstance(said, str) else bool(said != before)
