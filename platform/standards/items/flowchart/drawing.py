"""A drawing as plain geometry, and how the words of one sign are set; x and y grow to the right and downward."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple

from standards.items.flowchart.chain import Node, Shape
from standards.items.flowchart.measure import balanced, paragraph, width_of, wrap

type Point = tuple[float, float]

# of the size: what stands above the line that letters stand on, and a line's height
ASCENT: Final = 0.88
LEADING: Final = 1.4
# the wave under a document, and the bars of 既定处理
WAVE: Final = 10
BAR: Final = 8
# the largest at which a line set 12 inside top and bottom, 16 inside left and right, stays clear of the rounding
ROUNDING: Final = 28
_APART: Final = 12
_FLATTEST: Final = 0.36
# below a heading
_AFTER: Final = 2


@dataclass(frozen=True, slots=True)
class Style:
    """How one layout sets its words. Sizes are in units of the drawing; ``most_lines`` is how many a text may have."""

    title: int
    act: int
    small: int
    pad: int
    # a fact's heading stands beside its text, not before it
    is_hung: bool
    # positions are said in the signs, not by lanes
    names_positions: bool
    most_lines: int


class ChartLine(NamedTuple):
    """One line of text in a drawing, in its units. ``y`` is the line on which the letters stand, ``role`` what the
    style sheet calls it, ``anchor`` which end of the text stands at ``x``."""

    x: float
    y: float
    text: str
    size: int
    role: str
    anchor: str = "start"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the letters, by the widths of ``measure``."""
        width = width_of(self.text, self.size)
        left = self.x - {"start": 0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - ASCENT * self.size, left + width, self.y + (1.1 - ASCENT) * self.size

    def moved(self, x: float, y: float) -> "ChartLine":
        """Return the line moved by so much to the right and down."""
        # hundreds a drawing: a tuple is made in a quarter of the time
        return ChartLine(self.x + x, self.y + y, self.text, self.size, self.role, self.anchor)


@dataclass(frozen=True, slots=True)
class Box:
    """A sign of GB/T 1526 with its text, in units of the drawing; ``x`` and ``y`` are its upper left corner."""

    shape: Shape
    x: float
    y: float
    width: float
    height: float
    lines: tuple[ChartLine, ...]
    is_dashed: bool = False

    @property
    def middle(self) -> Point:
        """The point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def foot(self, x: float) -> float:
        """Return the ``y`` at which an edge begins that leaves the sign downwards at ``x``: the foot of a document is a
        wave."""
        if self.shape is not Shape.DOCUMENT:
            return self.bottom
        part = (self.right - x) / self.width
        return self.bottom - WAVE / 2 + 3 * WAVE * part * (1 - part) * (2 * part - 1)


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from sign to sign through ``points``, with an arrow at its end where ``has_head``."""

    points: tuple[Point, ...]
    is_dashed: bool = False
    has_head: bool = True
    # the procedure comes back to where it left
    has_tail: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """The column of one position in the wide layout, with the lines of its name."""

    x: float
    width: float
    lines: tuple[ChartLine, ...]
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole flowchart, placed and measured: what ``svg`` writes down. All sizes are in its own units."""

    width: float
    height: float
    heading: tuple[ChartLine, ...]
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    labels: tuple[ChartLine, ...]
    lanes: tuple[Lane, ...] = ()
    # top, height of the lanes' names, bottom
    lanes_at: tuple[float, float, float] = (0, 0, 0)


class Block:
    """Lines of text set one below the other, ``width`` wide; ``height`` grows with them."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.height: float = 0
        self.lines: list[ChartLine] = []

    def add(self, texts: Sequence[str], *, size: int, role: str, anchor: str = "start", indent: float = 0) -> None:
        """Set these texts below what is there, each a line, at this end of it (``start``, ``middle``, ``end``)."""
        x = {"start": indent, "middle": self.width / 2, "end": self.width}[anchor]
        for text in texts:
            self.lines.append(ChartLine(x, self.height + baseline(size), text, size, role, anchor))
            self.height += lead(size)

    def beside(self, text: str, *, size: int, role: str, of: int, at_end: bool) -> None:
        """Set one more text on a line that letters of the size ``of`` share: the one that comes next, or with
        ``at_end`` the one that came last, at its right end."""
        y = self.height - lead(of) + baseline(of) if at_end else self.height + baseline(of)
        self.lines.append(ChartLine(self.width if at_end else 0, y, text, size, role, "end" if at_end else "start"))

    def at(self, x: float, y: float) -> tuple[ChartLine, ...]:
        """Return the block's lines with its upper left corner at this point."""
        return tuple(line.moved(x, y) for line in self.lines)


@cache
def lead(size: int) -> int:
    """Return how far below each other lines of this letter size stand."""
    return round(size * LEADING)


@cache
def baseline(size: int) -> float:
    """Return how far below the top of its line a letter of this size stands."""
    return round((lead(size) - size) / 2 + ASCENT * size, 1)


def box_of(node: Node, *, width: float, style: Style, is_dashed: bool = False) -> Box:
    """Set a node's words into its sign, ``width`` wide, and return it with its upper left corner at 0, 0."""
    setting = {Shape.DECISION: _decision, Shape.TERMINATOR: _terminator}.get(node.shape, _card)
    height, lines = setting(node, width, style)
    return Box(node.shape, 0, 0, width, height, lines, is_dashed=is_dashed)


def placed(box: Box, x: float, y: float) -> Box:
    """Return the sign, drawn at 0, 0 before, with its upper left corner at this point."""
    return replace(box, x=x, y=y, lines=tuple(line.moved(x, y) for line in box.lines))


def _card(node: Node, width: float, style: Style) -> tuple[float, tuple[ChartLine, ...]]:
    pad_x = style.pad + (BAR if node.shape is Shape.PREDEFINED else 0)
    block = Block(width - 2 * pad_x)
    _add_title(block, node, style)
    block.height += _AFTER if node.facts or style.names_positions else 0
    if style.names_positions and node.position:
        texts = wrap(node.position, width=block.width, size=style.small, most=style.most_lines)
        block.add(texts, size=style.small, role="position")
    for name, text in node.facts:
        _add_fact(block, name, text, style)
    pad_y = style.pad
    height = block.height + 2 * pad_y + (WAVE if node.shape is Shape.DOCUMENT else 0)
    return height, block.at(pad_x, pad_y)


def _add_title(block: Block, node: Node, style: Style) -> None:
    titles = balanced(node.title, width=block.width, size=style.act, most=style.most_lines)
    is_short = len(titles) == 1 and (
        width_of(node.title, style.act) + _APART + width_of(node.limit, style.small) <= block.width
    )
    block.add(titles, size=style.act, role="act")
    if node.limit and is_short:
        block.beside(node.limit, size=style.small, role="limit", of=style.act, at_end=True)
    elif node.limit:
        texts = wrap(node.limit, width=block.width, size=style.small, most=style.most_lines)
        block.add(texts, size=style.small, role="limit")


def _add_fact(block: Block, name: str, text: str, style: Style) -> None:
    size = style.small
    if name and style.is_hung:
        block.beside(name, size=size, role="name", of=size, at_end=False)
        indent = width_of(name, size) + 8
        texts = paragraph(text, width=block.width - indent, size=size, most=style.most_lines)
        block.add(texts, size=size, role="fact", indent=indent)
    else:
        said = f"{name}：{text}" if name else text
        block.add(paragraph(said, width=block.width, size=size, most=style.most_lines), size=size, role="fact")


def _centred(node: Node, width: float, style: Style) -> Block:
    block = Block(width)
    titles = balanced(node.title, width=width, size=style.act, most=style.most_lines)
    block.add(titles, size=style.act, role="act", anchor="middle")
    block.height += _AFTER if node.facts else 0
    for _, text in node.facts:
        texts = balanced(text, width=width, size=style.small, most=style.most_lines)
        block.add(texts, size=style.small, role="fact", anchor="middle")
    return block


def _terminator(node: Node, width: float, style: Style) -> tuple[float, tuple[ChartLine, ...]]:
    pad_x, pad_y = max(16, style.pad), 12
    block = _centred(node, width - 2 * pad_x, style)
    return block.height + 2 * pad_y, block.at(pad_x, pad_y)


def _decision(node: Node, width: float, style: Style) -> tuple[float, tuple[ChartLine, ...]]:
    """As flat as it can be with its words inside; of one, two or three lines the flattest."""
    tried = []
    for share in (0.72, 0.56, 0.42):
        block = _centred(node, width * share, style)
        widest = max(width_of(line.text, line.size) for line in block.lines)
        # the corners of the words touch the sides: |x| / half width + |y| / half height = 1
        tried.append((max(block.height / (1 - (widest + 8) / width), width * _FLATTEST), block))
    height, block = min(tried, key=itemgetter(0))
    height = float(round(height))
    return height, block.at((width - block.width) / 2, (height - block.height) / 2)


def straight(*points: Point) -> tuple[Point, ...]:
    """Without points that lie on a straight way."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)


def stacked(boxes: Sequence[Box], x: float, y: float, *, apart: float) -> list[Box]:
    """One below the other."""
    result = []
    for box in boxes:
        result.append(placed(box, x, y))
        y += box.height + apart
    return result
