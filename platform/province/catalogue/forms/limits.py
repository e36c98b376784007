"""What a hall is told beside an input: what the province says, and how far it may go from it."""

from collections.abc import Mapping
from typing import Any, Final

from foundation.design.inputs import Beside
from standards.items import Bound, Element, Kind
from standards.items.binding import may_be_whole_online
from standards.items.codelists import OnlineDepth
from standards.items.elements.guidance import STEP_CELLS
from standards.items.handling import rows_of
from standards.items.values import is_blank
from standards.items.words import as_written, citation

_ELSE: Final = "不填就照省里的"


def beside_of(element: Element, province: Mapping[str, Any]) -> Beside:
    before = province.get(element.name)
    if is_blank(before):
        return Beside("省里没有规定", (), "可以按本厅实际填写")
    lines = tuple(_lines(element, before, province))
    match element.bound:
        case Bound.NO_MORE if element.kind is Kind.NUMBER:
            return Beside(f"不得超过省里规定的 {as_written(element, before, province)}", (), _ELSE)
        case Bound.NO_MORE:
            return Beside(f"省里规定：{lines[0] if lines else ''}", (), "可以换单位，折算后不得更长")
        case Bound.WITHIN:
            return Beside("省里规定", lines, f"只能在其中选；{_ELSE}")
        case Bound.MAY_ADD:
            return Beside("省里规定", lines, "可以补充，不能删减；下面只填本厅补充的")
        case _:
            return Beside("省里规定", lines, f"可以按本厅实际改写；{_ELSE}")


def steps_beside(province: Mapping[str, Any]) -> Beside:
    """The province's steps, beside those of the hall (``hall_steps``)."""
    told = STEP_CELLS[:3]
    steps = (
        " · ".join(word for cell in told if (word := as_written(cell, row.get(cell.name), row)))
        for row in rows_of(province, "flow")
    )
    return Beside("省里的办理流程", tuple(steps), f"{_ELSE}；加起来比本厅承诺的长时，没有写明的环节时限群众看不到")


def allowed_codes(element: Element, province: Mapping[str, Any]) -> frozenset[str] | None:
    """The codes that a hall may choose from; None: all."""
    if element.name == "online_depth" and not may_be_whole_online(province):
        return frozenset(OnlineDepth.values) - {OnlineDepth.WHOLE.value}
    before = province.get(element.name)
    if element.bound is not Bound.WITHIN or not isinstance(before, list) or not before:
        return None
    return frozenset(one for one in before if isinstance(one, str))


def _lines(element: Element, value: Any, province: Mapping[str, Any]) -> list[str]:
    if element.kind is Kind.ROWS:
        return [row_words(element, row) for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return [line for line in as_written(element, value, province).split("\n") if line.strip()]


def row_words(element: Element, row: Mapping[str, Any]) -> str:
    """A row in one line."""
    if "law" in row:
        return citation(row)
    words = (as_written(cell, row.get(cell.name), row) for cell in element.cells)
    return " · ".join(word for word in words if word)
