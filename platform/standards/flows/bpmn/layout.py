"""Places the signs of a flow that nobody has placed: columns from left to right, ways in right angles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from standards.flows.definition import FlowDefinition
from standards.flows.graph import arrows_of, in_order
from standards.flows.nodes import BaseNode, FlowEdge

Point = tuple[int, int]
# as bpmn-js draws them: half of width and of height
_HALVES: Final[Mapping[str, Point]] = {
    "start": (18, 18),
    "end": (18, 18),
    "timer": (18, 18),
    "message": (18, 18),
    "exclusive": (25, 25),
    "parallel": (25, 25),
    "inclusive": (25, 25),
}
_TASK: Final = (50, 40)
_COLUMN, _ROW = 170, 120
_MARGIN: Final = 100
_SWEEPS: Final = 6


def half_of(node: BaseNode) -> Point:
    """Half of the width and of the height of a node's sign."""
    return _HALVES.get(node.type, _TASK)


@dataclass(slots=True)
class FlowPlacing:
    """``places``: the middle of every node's sign; ``routes``: the points of every way, with both of its ends."""

    places: dict[str, Point] = field(default_factory=dict)
    routes: dict[str, list[Point]] = field(default_factory=dict)


def placed(flow: FlowDefinition) -> FlowPlacing:
    """The places and ways of a flow's drawing: its own where it has them, else those of a layout in columns."""
    found = FlowPlacing()
    laid = _laid_out(flow)
    for node in flow.nodes:
        own = (node.x, node.y) if node.x is not None and node.y is not None else None
        found.places[node.name] = own or laid.places[node.name]
    for edge in flow.edges:
        is_laid = all(found.places[end] == laid.places[end] for end in (edge.source, edge.target))
        if edge.bends or not is_laid:
            found.routes[edge.name] = _docked(flow, edge, found.places, edge.bends)
        else:
            found.routes[edge.name] = laid.routes[edge.name]
    return found


def _docked(flow: FlowDefinition, edge: FlowEdge, places: Mapping[str, Point], bends: Sequence[Point]) -> list[Point]:
    """A way with its ends at the border of both signs."""
    source, target = places[edge.source], places[edge.target]
    first, last = (bends[0], bends[-1]) if bends else (target, source)
    return [
        _border(source, half_of(flow.named_nodes[edge.source]), first),
        *bends,
        _border(target, half_of(flow.named_nodes[edge.target]), last),
    ]


def _border(middle: Point, half: Point, towards: Point) -> Point:
    across, down = towards[0] - middle[0], towards[1] - middle[1]
    if abs(across) * half[1] >= abs(down) * half[0]:
        return middle[0] + (half[0] if across >= 0 else -half[0]), middle[1]
    return middle[0], middle[1] + (half[1] if down >= 0 else -half[1])


def _laid_out(flow: FlowDefinition) -> FlowPlacing:
    followers, _ = arrows_of(flow)
    firsts = [node.name for node in flow.nodes if node.type == "start"]
    order, back = in_order(followers, [*firsts, *(node.name for node in flow.nodes)])
    columns = dict.fromkeys(order, 0)
    for name in order:
        for follower in followers[name]:
            if (name, follower) not in back and follower != name:
                columns[follower] = max(columns[follower], columns[name] + 1)
    grid = _Grid(columns, order)
    for edge in flow.edges:
        if edge.source != edge.target and (edge.source, edge.target) not in back:
            grid.add_way(edge)
    rows = grid.rows()
    top = min(rows.values(), default=0.0)
    found = FlowPlacing()
    for name in order:
        found.places[name] = (_MARGIN + columns[name] * _COLUMN, _MARGIN + round((rows[name] - top) * _ROW))
    above = 0
    for edge in flow.edges:
        if edge.name in grid.between:
            lanes = [_MARGIN + round((rows[one] - top) * _ROW) for one in grid.between[edge.name]]
            found.routes[edge.name] = _forward(flow, edge, found.places, lanes)
        else:
            above += 1
            found.routes[edge.name] = _backward(flow, edge, found.places, above)
    return found


class _Grid:
    """Columns of nodes, and of the stand-ins by which a long way passes the columns between."""

    def __init__(self, columns: Mapping[str, int], order: Sequence[str]) -> None:
        self._columns: list[list[str]] = [[] for _ in range(max(columns.values(), default=0) + 1)]
        for name in order:
            self._columns[columns[name]].append(name)
        self._of = columns
        self.between: dict[str, list[str]] = {}
        self._links: dict[str, tuple[list[str], list[str]]] = {name: ([], []) for name in order}

    def add_way(self, edge: FlowEdge) -> None:
        stand_ins = []
        for column in range(self._of[edge.source] + 1, self._of[edge.target]):
            name = f"{edge.name}:{column}"
            self._columns[column].append(name)
            self._links[name] = ([], [])
            stand_ins.append(name)
        chain = [edge.source, *stand_ins, edge.target]
        for one, other in pairwise(chain):
            self._links[other][0].append(one)
            self._links[one][1].append(other)
        self.between[edge.name] = stand_ins

    def rows(self) -> dict[str, float]:
        """The row of each, near to those to which it leads, with a row of distance within a column."""
        rows = {name: float(at) for column in self._columns for at, name in enumerate(column)}
        for sweep in range(_SWEEPS):
            side = sweep % 2
            for column in self._columns if side == 0 else self._columns[::-1]:
                wished = {}
                for name in column:
                    near = [rows[one] for one in self._links[name][side]]
                    wished[name] = sum(near) / len(near) if near else rows[name]
                column.sort(key=wished.__getitem__)
                rows |= dict(zip(column, _spread([wished[name] for name in column]), strict=True))
        return rows


def _spread(wished: Sequence[float]) -> list[float]:
    """The rows nearest to the wished ones, each at least one behind the one before (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []  # the middle of a pool's wishes less their place in it, and how many
    for at, wish in enumerate(wished):
        pool = (wish - at, 1)
        while pools and pools[-1][0] > pool[0]:
            before = pools.pop()
            many = before[1] + pool[1]
            pool = ((before[0] * before[1] + pool[0] * pool[1]) / many, many)
        pools.append(pool)
    middles = [middle for middle, many in pools for _ in range(many)]
    return [middle + at for at, middle in enumerate(middles)]


def _forward(flow: FlowDefinition, edge: FlowEdge, places: Mapping[str, Point], lanes: Sequence[int]) -> list[Point]:
    source, target = places[edge.source], places[edge.target]
    begin = (source[0] + half_of(flow.named_nodes[edge.source])[0], source[1])
    end = (target[0] - half_of(flow.named_nodes[edge.target])[0], target[1])
    points, row = [begin], source[1]
    for step, lane in enumerate([*lanes, target[1]], start=1):
        if lane != row:
            middle = source[0] + step * _COLUMN - _COLUMN // 2
            points += [(middle, row), (middle, lane)]
            row = lane
    return [*points, end]


def _backward(flow: FlowDefinition, edge: FlowEdge, places: Mapping[str, Point], number: int) -> list[Point]:
    """Above everything, from the top of one sign to that of the other."""
    source, target = places[edge.source], places[edge.target]
    top = _MARGIN - _TASK[1] - 20 - number * 15
    begin = (source[0], source[1] - half_of(flow.named_nodes[edge.source])[1])
    end = (target[0] - 10, target[1] - half_of(flow.named_nodes[edge.target])[1])
    return [begin, (begin[0], top), (end[0], top), end]
