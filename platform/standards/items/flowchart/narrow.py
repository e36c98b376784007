"""One column for a telephone: the flow goes down on the left, what hangs on it stands on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from standards.items.flowchart.chain import Shape, Stage
from standards.items.flowchart.drawing import (
    Block,
    Box,
    ChartLine,
    Drawing,
    Edge,
    Style,
    box_of,
    placed,
    stacked,
    straight,
)
from standards.items.flowchart.measure import balanced, wrap


@dataclass(frozen=True, slots=True)
class _Column:
    style: Style
    width: int
    diamond: int
    # from a diamond to where its ways part, and from there to what they lead to
    trunk: int
    branch: int


NARROW: Final = _Column(
    Style(title=18, act=16, small=14, pad=10, is_hung=True, names_positions=True, most_lines=5),
    width=328,
    diamond=130,
    trunk=26,
    branch=16,
)
# shown half as large again (elder mode on a telephone): no letters below 15 units
SLIM: Final = _Column(
    Style(title=16, act=15, small=15, pad=7, is_hung=False, names_positions=True, most_lines=6),
    width=219,
    diamond=80,
    trunk=19,
    branch=12,
)
EXCLUDED: Final = "不计入时限"
_EDGE: Final = 1
_GAP: Final = 32
_APART: Final = 12


class _Roll:
    """The column as far as it is drawn."""

    def __init__(self, column: _Column) -> None:
        self.style = column.style
        self.diamond = column.diamond
        self.full = column.width - 2 * _EDGE
        self.spine = _EDGE + column.diamond / 2
        self.trunk = _EDGE + column.diamond + column.trunk
        self.side = self.trunk + column.branch
        self.rest = column.width - _EDGE - self.side
        self.y: float = 0
        self.boxes: list[Box] = []
        self.edges: list[Edge] = []
        self.labels: list[ChartLine] = []

    def add(self, stage: Stage, before: Box | None) -> Box:
        """Answers with the stage's own sign."""
        is_asked = stage.node.shape is Shape.DECISION
        main = box_of(stage.node, width=self.diamond if is_asked else self.full, style=self.style)
        aside = [box_of(node, width=self.rest, style=self.style) for node in stage.otherwise]
        height = max(main.height, _height(aside))
        main = placed(main, _EDGE, self.y + (height - main.height) / 2)
        if before:
            self._lead_down(before, main)
        aside = stacked(aside, self.side, self.y + (height - _height(aside)) / 2, apart=_APART)
        self.boxes += [main, *aside]
        self.y += height
        for box in aside:
            y = main.middle[1]
            points = straight((main.right, y), (self.trunk, y), (self.trunk, box.middle[1]), (box.x, box.middle[1]))
            self.edges.append(Edge(points))
        if aside:
            self.labels.append(ChartLine(main.right + 3, main.middle[1] - 5, "否", self.style.small, "label"))
        if before and stage.comes_back:
            x = aside[0].middle[0]
            self.edges.append(Edge(((x, aside[0].y), (x, before.foot(x)))))
        if stage.excluded:
            self._exclude(stage, main)
        self.y += _GAP
        return main

    def _lead_down(self, before: Box, main: Box) -> None:
        self.edges.append(Edge(((self.spine, before.foot(self.spine)), (self.spine, main.y))))
        if before.shape is Shape.DECISION:
            line = ChartLine(self.spine + 6, before.bottom + self.style.small + 3, "是", self.style.small, "label")
            self.labels.append(line)

    def _exclude(self, stage: Stage, main: Box) -> None:
        """Below the stage, beside the way on."""
        block = Block(self.rest)
        block.add(wrap(EXCLUDED, width=block.width, size=self.style.small, most=2), size=self.style.small, role="aside")
        self.y += _APART
        self.labels += block.at(self.side, self.y)
        self.y += block.height + 2
        boxes = [box_of(node, width=self.rest, style=self.style, is_dashed=True) for node in stage.excluded]
        boxes = stacked(boxes, self.side, self.y, apart=_APART)
        self.boxes += boxes
        for box in boxes:
            points = straight((self.trunk, main.foot(self.trunk)), (self.trunk, box.middle[1]), (box.x, box.middle[1]))
            self.edges.append(Edge(points, is_dashed=True, has_tail=True))
        self.y = boxes[-1].bottom


def lay_out(stages: Sequence[Stage], column: _Column, *, title: str, summary: Sequence[str]) -> Drawing:
    roll = _Roll(column)
    style = column.style
    heading = Block(roll.full)
    heading.add(balanced(title, width=roll.full, size=style.title, most=4), size=style.title, role="title")
    heading.height += 4
    for words in summary:
        heading.add(wrap(words, width=roll.full, size=style.small, most=2), size=style.small, role="summary")
    roll.y = heading.height + 16
    before: Box | None = None
    for stage in stages:
        before = roll.add(stage, before)
    return Drawing(
        width=column.width,
        height=roll.y - _GAP + _EDGE,
        heading=heading.at(_EDGE, 0),
        boxes=tuple(roll.boxes),
        edges=tuple(roll.edges),
        labels=tuple(roll.labels),
    )


def _height(boxes: Sequence[Box]) -> float:
    return sum(box.height for box in boxes) + _APART * max(0, len(boxes) - 1)
