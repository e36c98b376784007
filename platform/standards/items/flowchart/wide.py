"""Lanes by position side by side; the flow goes to the right as long as it can, then down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from standards.items.flowchart.chain import Shape, Stage
from standards.items.flowchart.drawing import (
    Block,
    Box,
    ChartLine,
    Drawing,
    Edge,
    Lane,
    Style,
    box_of,
    placed,
    stacked,
    straight,
)
from standards.items.flowchart.measure import balanced, wrap

STYLE: Final = Style(title=20, act=15, small=13, pad=12, is_hung=True, names_positions=False, most_lines=5)
MOST_LANES: Final = 8
OTHERS: Final = "其他岗位"
EXCLUDED: Final = "不计入时限的特别程序"
_WIDTH: Final = 1160
_NARROWEST, _WIDEST = 168, 280
_DIAMOND: Final = 150
_GUTTER: Final = 20
# between rows, where lines go from lane to lane
_GAP: Final = 44
_APART: Final = 12
# where ways part, not on the line between lanes
_BESIDE: Final = 8
_PAD: Final = 20
# half a stroke stands outside what it goes round
_EDGE: Final = 1
_NAME: Final = 14


@dataclass(frozen=True, slots=True)
class _Placed:
    """A stage's signs, and the middle of the free space above its row."""

    row: int
    channel: float
    main: Box
    otherwise: Sequence[Box]
    excluded: Sequence[Box]


class _Sheet:
    """``person`` has the first lane; excluded steps have the last."""

    def __init__(self, stages: Sequence[Stage], person: str) -> None:
        self.stages = stages
        names = list(dict.fromkeys([person, *(stage.node.position for stage in stages)]))
        if len(names) > MOST_LANES:
            names = [*names[: MOST_LANES - 1], OTHERS]
        self.places = {name: number for number, name in enumerate(names)}
        self.side = len(names)
        self.names = [*names, EXCLUDED] if any(stage.excluded for stage in stages) else names
        self.lane = min(max(_WIDTH // len(self.names), _NARROWEST), _WIDEST)
        self.inner = self.lane - 2 * _GUTTER

    def lane_of(self, stage: Stage) -> int:
        return self.places.get(stage.node.position, self.side - 1)

    def left(self, lane: int) -> float:
        return _EDGE + lane * self.lane

    def rows(self) -> list[list[Stage]]:
        rows = [[self.stages[0]]]
        for stage in self.stages[1:]:
            before = rows[-1][-1]
            is_further = self.lane_of(stage) > self.lane_of(before)
            if is_further and stage.node.shape is not Shape.DECISION and not before.excluded:
                rows[-1].append(stage)
            else:
                rows.append([stage])
        return rows

    def placed(self, top: float) -> tuple[list[_Placed], float]:
        """The stages in their order, and where the last row ends."""
        found = []
        for number, row in enumerate(self.rows()):
            signs = [(stage, *self._signs(stage)) for stage in row]
            height = max(
                max(main.height, _height(otherwise), _height(excluded)) for _, main, otherwise, excluded in signs
            )
            middle = round(top + height / 2, 1)
            for stage, main, otherwise, excluded in signs:
                x = self.left(self.lane_of(stage)) + (self.lane - main.width) / 2
                found.append(
                    _Placed(
                        number,
                        top - _GAP / 2,
                        placed(main, x, middle - main.height / 2),
                        self._stack(otherwise, 0, middle),
                        self._stack(excluded, self.side, middle),
                    )
                )
            top += height + _GAP
        return found, top - _GAP

    def _signs(self, stage: Stage) -> tuple[Box, list[Box], list[Box]]:
        style = STYLE if stage.node.position in self.places else replace(STYLE, names_positions=True)
        width = min(self.inner - 16, _DIAMOND) if stage.node.shape is Shape.DECISION else self.inner
        return (
            box_of(stage.node, width=width, style=style),
            [box_of(node, width=self.inner, style=STYLE) for node in stage.otherwise],
            [box_of(node, width=self.inner, style=STYLE, is_dashed=True) for node in stage.excluded],
        )

    def _stack(self, boxes: Sequence[Box], lane: int, middle: float) -> list[Box]:
        return stacked(boxes, self.left(lane) + _GUTTER, middle - _height(boxes) / 2, apart=_APART)

    def heads(self) -> list[Block]:
        blocks = []
        for name in self.names:
            block = Block(self.lane - 16)
            texts = balanced(name, width=block.width, size=_NAME, most=3)
            block.add(texts, size=_NAME, role="lane-name", anchor="middle")
            blocks.append(block)
        return blocks


def lay_out(stages: Sequence[Stage], *, title: str, summary: Sequence[str], person: str) -> Drawing:
    sheet = _Sheet(stages, person)
    width = 2 * _EDGE + sheet.lane * len(sheet.names)
    heading = Block(width)
    titles = balanced(title, width=width, size=STYLE.title, most=2)
    heading.add(titles, size=STYLE.title, role="title", anchor="middle")
    if summary:
        heading.height += 4
        texts = wrap(" · ".join(summary), width=width, size=_NAME, most=2)
        heading.add(texts, size=_NAME, role="summary", anchor="middle")
    heads = sheet.heads()
    top, head = heading.height + 16, max(block.height for block in heads) + 16
    found, bottom = sheet.placed(top + head + _PAD)
    edges, labels = _joined(stages, found, sheet)
    return Drawing(
        width=width,
        height=bottom + _PAD + _EDGE,
        heading=heading.at(0, 0),
        boxes=tuple(box for one in found for box in (one.main, *one.otherwise, *one.excluded)),
        edges=tuple(edges),
        labels=tuple(labels),
        lanes=tuple(
            Lane(
                sheet.left(number),
                sheet.lane,
                block.at(sheet.left(number) + 8, top + (head - block.height) / 2),
                is_dashed=number == sheet.side,
            )
            for number, block in enumerate(heads)
        ),
        lanes_at=(top, head, bottom + _PAD),
    )


def _joined(stages: Sequence[Stage], found: Sequence[_Placed], sheet: _Sheet) -> tuple[list[Edge], list[ChartLine]]:
    edges: list[Edge] = []
    labels: list[ChartLine] = []
    for number, (stage, one) in enumerate(zip(stages, found, strict=True)):
        if number:
            before = found[number - 1]
            edges.append(_onward(before, one))
            if stages[number - 1].node.shape is Shape.DECISION:
                labels.append(_yes(before, one))
        if stage.comes_back:
            edges.append(_back(found[number - 1].main, one))
        if stage.otherwise:
            trunk = sheet.left(1) + _BESIDE
            edges += [_aside(box, one.main.x, trunk, box.right, one.main.middle[1]) for box in one.otherwise]
            labels.append(ChartLine(one.main.x - 4, one.main.middle[1] - 5, "否", STYLE.small, "label", "end"))
        for box in one.excluded:
            edge = _aside(box, one.main.right, sheet.left(sheet.side) - _BESIDE, box.x, one.main.middle[1])
            edges.append(replace(edge, is_dashed=True, has_tail=True))
    return edges, labels


def _onward(one: _Placed, other: _Placed) -> Edge:
    if one.row == other.row:
        return Edge(((one.main.right, one.main.middle[1]), (other.main.x, other.main.middle[1])))
    start, end, channel = one.main.middle[0], other.main.middle[0], other.channel
    return Edge(straight((start, one.main.foot(start)), (start, channel), (end, channel), (end, other.main.y)))


def _yes(one: _Placed, other: _Placed) -> ChartLine:
    if one.row == other.row:
        return ChartLine(one.main.right + 4, one.main.middle[1] - 5, "是", STYLE.small, "label")
    return ChartLine(one.main.middle[0] + 6, one.main.bottom + 16, "是", STYLE.small, "label")


def _aside(box: Box, start: float, trunk: float, end: float, y: float) -> Edge:
    return Edge(straight((start, y), (trunk, y), (trunk, box.middle[1]), (end, box.middle[1])))


def _back(target: Box, asked: _Placed) -> Edge:
    """What was lacking goes back to where it is asked for, beside the way that comes from there."""
    lacking = asked.otherwise[0]
    x = target.middle[0] - target.width / 4
    start = x if target.x == lacking.x else lacking.middle[0]
    return Edge(straight((start, lacking.y), (start, asked.channel), (x, asked.channel), (x, target.foot(x))))


def _height(boxes: Sequence[Box]) -> float:
    return sum(box.height for box in boxes) + _APART * max(0, len(boxes) - 1)
