"""A drawing as SVG: classes for the style sheet, and attributes that make it black on white without one."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from typing import Final

from django.utils.safestring import SafeString

from standards.items.flowchart.chain import Shape
from standards.items.flowchart.drawing import BAR, ROUNDING, WAVE, Box, ChartLine, Drawing, Edge, Lane
from standards.items.flowchart.measure import is_certain, width_of

# units to an em of the page: the drawing grows with the reader's letters
EM: Final = 16
_HEAD: Final = 8
_HALF: Final = 4


def written(drawing: Drawing, *, title: str, description: str) -> SafeString:
    """Its ids follow from what it shows, so that several stand on one page."""
    inside = "".join(_inside(drawing))
    name = "flow-" + sha256(f"{title}{description}{inside}".encode()).hexdigest()[:12]
    width, height = _n(drawing.width), _n(drawing.height)
    return SafeString(  # every text in it went through escape
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img" lang="zh-Hans"'
        f' aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {width} {height}"'
        f' width="{_n(drawing.width / EM)}em" height="{_n(drawing.height / EM)}em"'
        f' fill="#fff" stroke="#000" font-family="sans-serif">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        f"{inside}</svg>"
    )


def _inside(drawing: Drawing) -> Iterator[str]:
    yield _texts(drawing.heading)
    yield from _lanes(drawing)
    yield '<g class="flow-edges" fill="none">'
    for edge in drawing.edges:
        yield _edge(edge)
    yield "</g>"
    for box in drawing.boxes:
        kind = box.shape.name.lower()
        yield f'<g class="flow-sign flow-{kind}{" flow-excluded" if box.is_dashed else ""}">'
        yield from _shape(box)
        yield _texts(box.lines)
        yield "</g>"
    yield _texts(drawing.labels)


def _lanes(drawing: Drawing) -> Iterator[str]:
    if not drawing.lanes:
        return
    top, head, bottom = drawing.lanes_at
    yield '<g class="flow-lanes">'
    for lane in drawing.lanes:
        yield _lane(lane, top, head, bottom)
    yield "</g>"


def _lane(lane: Lane, top: float, head: float, bottom: float) -> str:
    box = f'x="{_n(lane.x)}" width="{_n(lane.width)}"'
    dashes = ' stroke-dasharray="4 4"' if lane.is_dashed else ""
    return (
        f'<rect class="flow-lane" {box} y="{_n(top)}" height="{_n(bottom - top)}"{dashes}/>'
        f'<rect class="flow-lane-head" {box} y="{_n(top)}" height="{_n(head)}"{dashes}/>'
        f"{_texts(lane.lines)}"
    )


def _edge(edge: Edge) -> str:
    points = list(edge.points)
    heads = ""
    if edge.has_head:
        heads += _head(points[-2], points[-1])
        points[-1] = _short(points[-2], points[-1])
    if edge.has_tail:
        heads += _head(points[1], points[0])
        points[0] = _short(points[1], points[0])
    way = "".join(f"{'L' if number else 'M'}{_n(x)} {_n(y)}" for number, (x, y) in enumerate(points))
    dashes = ' class="flow-dashed" stroke-dasharray="5 4"' if edge.is_dashed else ""
    return f'<path d="{way}"{dashes}/>{heads}'


def _direction(start: tuple[float, float], end: tuple[float, float]) -> tuple[int, int]:
    return (end[0] > start[0]) - (end[0] < start[0]), (end[1] > start[1]) - (end[1] < start[1])


def _short(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Not to show beside the head's point."""
    dx, dy = _direction(start, end)
    return end[0] - dx * _HALF, end[1] - dy * _HALF


def _head(start: tuple[float, float], end: tuple[float, float]) -> str:
    dx, dy = _direction(start, end)
    x, y = end[0] - dx * _HEAD, end[1] - dy * _HEAD
    one, other = (x - dy * _HALF, y + dx * _HALF), (x + dy * _HALF, y - dx * _HALF)
    corners = "L".join(f"{_n(px)} {_n(py)}" for px, py in (end, one, other))
    return f'<path class="flow-head" fill="#000" stroke="none" d="M{corners}Z"/>'


def _shape(box: Box) -> Iterator[str]:
    x, y, right, bottom = box.x, box.y, box.right, box.bottom
    dashes = ' stroke-dasharray="5 4"' if box.is_dashed else ""
    if box.shape is Shape.DECISION:
        middle_x, middle_y = box.middle
        corners = ((middle_x, y), (right, middle_y), (middle_x, bottom), (x, middle_y))
        yield f'<polygon class="flow-shape" points="{" ".join(f"{_n(px)},{_n(py)}" for px, py in corners)}"/>'
        return
    if box.shape is Shape.DOCUMENT:
        base, third = bottom - WAVE / 2, box.width / 3
        wave = (right - third, base - WAVE, x + third, base + WAVE, x, base)
        curve = " ".join(map(_n, wave))
        yield f'<path class="flow-shape" d="M{_n(x)} {_n(y)}H{_n(right)}V{_n(base)}C{curve}Z"/>'
        return
    radius = min(box.height / 2, ROUNDING) if box.shape is Shape.TERMINATOR else 4
    yield (
        f'<rect class="flow-shape" x="{_n(x)}" y="{_n(y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
        f' rx="{_n(radius)}"{dashes}/>'
    )
    if box.shape is Shape.PREDEFINED:
        bars = "".join(f"M{_n(at)} {_n(y)}V{_n(bottom)}" for at in (x + BAR, right - BAR))
        yield f'<path class="flow-bars" d="{bars}"/>'


def _texts(lines: Iterable[ChartLine]) -> str:
    return "".join(map(_text, lines))


def _text(line: ChartLine) -> str:
    anchor = "" if line.anchor == "start" else f' text-anchor="{line.anchor}"'
    fitted = ""
    if not is_certain(line.text) and (length := width_of(line.text, line.size)):
        # fonts do not agree: the line is made as long as was counted
        fitted = f' textLength="{_n(length)}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text class="flow-{line.role}" x="{_n(line.x)}" y="{_n(line.y)}" font-size="{line.size}"'
        f'{_WEIGHTS.get(line.role, "")}{anchor}{fitted} fill="#000" stroke="none">{escape(line.text)}</text>'
    )


_WEIGHTS: Final = dict.fromkeys(("act", "title", "lane-name"), ' font-weight="600"')


def _n(number: float) -> str:
    whole = int(number)
    return str(whole) if number == whole else f"{number:.1f}".removesuffix(".0")
