"""Where the signs, their words and the lines between them stand, for flows of every kind."""

from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from standards.items.flowchart.chain import ChartCase, Shape, chain_of, summary_of
from standards.items.flowchart.chart import Layout, lay_out
from standards.items.flowchart.drawing import ROUNDING, WAVE, Box, ChartLine, Drawing
from tests.standards.flows import CASES, FLOWS

type Area = tuple[float, float, float, float]

EXAMPLES = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def drawing_of(flow: list[dict[str, Any]], case: dict[str, Any], layout: Layout) -> Drawing:
    known = ChartCase(**case)
    stages = chain_of(flow, known)
    title = f"{flow[0]['act']}办理流程图"
    return lay_out(stages, layout, title=title, summary=summary_of(flow, known), person=known.person)


def area(box: Box) -> Area:
    return box.x, box.y, box.right, box.bottom


def meet(one: Area, other: Area, *, by: float = 0.2) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > by and min(one[3], other[3]) - max(one[1], other[1]) > by


def holds(box: Box, line: ChartLine) -> bool:
    """All four corners of the line's letters are inside the sign's outline."""
    left, top, right, bottom = line.box
    middle_x, middle_y = box.middle
    corners = [(x - middle_x, y - middle_y) for x in (left, right) for y in (top, bottom)]
    half_x, half_y = box.width / 2, box.height / 2
    if box.shape is Shape.DECISION:
        return all(abs(x) / half_x + abs(y) / half_y <= 1 for x, y in corners)
    if box.shape is Shape.DOCUMENT:
        return left >= box.x and right <= box.right and top >= box.y and bottom <= box.bottom - WAVE
    radius = min(half_y, ROUNDING) if box.shape is Shape.TERMINATOR else 4
    inside = all(abs(x) <= half_x and abs(y) <= half_y for x, y in corners)
    rounded = [(abs(x) - half_x + radius, abs(y) - half_y + radius) for x, y in corners]
    return inside and all(x <= 0 or y <= 0 or x * x + y * y <= radius * radius for x, y in rounded)


def segments(drawing: Drawing) -> list[Area]:
    return [
        (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        for edge in drawing.edges
        for (x1, y1), (x2, y2) in pairwise(edge.points)
    ]


def crosses(segment: Area, box: Area) -> bool:
    left, top, right, bottom = box
    return segment[0] < right and segment[2] > left and segment[1] < bottom and segment[3] > top


def inside(box: Box) -> Area:
    """Less half a stroke; a document's line begins on its wave."""
    return box.x + 0.5, box.y + 0.5, box.right - 0.5, box.bottom - (WAVE if box.shape is Shape.DOCUMENT else 0.5)


@pytest.mark.parametrize("layout", Layout, ids=lambda layout: layout.value)
class TestDrawing:
    @EXAMPLES
    @given(flow=FLOWS, case=CASES)
    def test_lets_nothing_overlap_and_cuts_nothing(
        self, layout: Layout, flow: list[dict[str, Any]], case: dict[str, Any]
    ) -> None:
        drawing = drawing_of(flow, case, layout)
        boxes = drawing.boxes
        assert [pair for pair in combinations(map(area, boxes), 2) if meet(*pair)] == []
        assert all(
            box.x >= 0 and box.y >= 0 and box.right <= drawing.width and box.bottom <= drawing.height for box in boxes
        )
        assert [line for box in boxes for line in box.lines if not holds(box, line)] == []
        if drawing.lanes:
            for box in boxes:
                assert sum(lane.x <= box.x and box.right <= lane.x + lane.width for lane in drawing.lanes) == 1
        for box in boxes:
            assert [pair for pair in combinations((line.box for line in box.lines), 2) if meet(*pair)] == []
        free = [*drawing.heading, *drawing.labels, *(line for lane in drawing.lanes for line in lane.lines)]
        assert [line for line in free for box in boxes if meet(line.box, area(box))] == []
        assert [pair for pair in combinations((line.box for line in free), 2) if meet(*pair)] == []
        assert all(line.box[0] >= -0.5 and line.box[2] <= drawing.width + 0.5 for line in free)

    @EXAMPLES
    @given(flow=FLOWS, case=CASES)
    def test_leads_its_lines_square_and_round_everything(
        self, layout: Layout, flow: list[dict[str, Any]], case: dict[str, Any]
    ) -> None:
        drawing = drawing_of(flow, case, layout)
        for left, top, right, bottom in segments(drawing):
            assert (left == right) != (top == bottom)
        assert [one for one in segments(drawing) for box in drawing.boxes if crosses(one, inside(box))] == []
        texts = [line.box for line in (*drawing.labels, *drawing.heading)]
        assert [one for one in segments(drawing) for text in texts if crosses(one, text)] == []
        for edge in drawing.edges:
            for x, y in (edge.points[0], edge.points[-1]):
                assert any(
                    box.x - 0.1 <= x <= box.right + 0.1 and box.y - 0.1 <= y <= box.bottom + 0.1
                    for box in drawing.boxes
                )
