"""Reads where the signs of a drawing stand (BPMN DI)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from standards.flows.bpmn.words import BPMNDI, DC, DI, OURS, q

if TYPE_CHECKING:
    from lxml import etree

_FARTHEST: Final = 100_000
_MOST_BENDS: Final = 20


@dataclass(slots=True)
class ReadDrawing:
    """``places``: ``x`` and ``y`` of nodes that have a place of their own; ``bends``: where ways turn."""

    places: dict[str, dict[str, int]] = field(default_factory=dict)
    bends: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def read_drawing(root: "etree._Element", names: Mapping[str, str]) -> ReadDrawing:
    """The drawing, by our names for its elements. What our own layout placed, and nobody moved, has no place."""
    found = ReadDrawing()
    for shape in root.iter(q(BPMNDI, "BPMNShape")):
        name = names.get(shape.get("bpmnElement") or "")
        bounds = shape.find(q(DC, "Bounds"))
        if name is None or bounds is None:
            continue
        x, y, width, height = (_number(bounds.get(key)) for key in ("x", "y", "width", "height"))
        place = (round(x + width / 2), round(y + height / 2))
        if shape.get(q(OURS, "laid")) == _dots([place]):
            own = {key: shape.get(q(OURS, key)) for key in ("x", "y")}
            found.places[name] = {key: round(_number(value)) for key, value in own.items() if value}
        else:
            found.places[name] = dict(zip(("x", "y"), place, strict=True))
    for line in root.iter(q(BPMNDI, "BPMNEdge")):
        name = names.get(line.get("bpmnElement") or "")
        points = [(round(_number(one.get("x"))), round(_number(one.get("y")))) for one in line.iter(q(DI, "waypoint"))]
        if name is not None and line.get(q(OURS, "laid")) != _dots(points) and len(points) <= _MOST_BENDS + 2:
            found.bends[name] = points[1:-1]
    _shift(found)
    return found


def _shift(found: ReadDrawing) -> None:
    """Some editors draw left of the edge of the sheet; ours begins there."""
    for axis, key in enumerate(("x", "y")):
        least = min((place[key] for place in found.places.values() if key in place), default=0)
        if least < 0:
            for place in found.places.values():
                if key in place:
                    place[key] -= least
            for name, bends in found.bends.items():
                found.bends[name] = [_moved(point, axis, -least) for point in bends]
    for name, place in found.places.items():
        if any(value > _FARTHEST for value in place.values()):
            found.places[name] = {}


def _moved(point: tuple[int, int], axis: int, by: int) -> tuple[int, int]:
    return (point[0] + by, point[1]) if axis == 0 else (point[0], point[1] + by)


def _number(text: Any) -> float:
    try:
        found = float(text)
    except (TypeError, ValueError):
        return 0.0
    return max(-_FARTHEST, min(found, 10 * _FARTHEST)) if isfinite(found) else 0.0


def _dots(points: list[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
