"""One flow in its drawings and in words."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString

from standards.items.flowchart import narrow, wide
from standards.items.flowchart.chain import ChartCase, Node, Shape, Stage, chain_of, summary_of
from standards.items.flowchart.drawing import Drawing
from standards.items.flowchart.measure import plain
from standards.items.flowchart.svg import written

_TITLE: Final = 100
_DESCRIPTION: Final = 600
# at which the smallest letters, of 13 units, are still 6.5 points (小六号) on A4 across, of which 178 mm are free
_TALLEST: Final = 1000


class Layout(enum.Enum):
    """``WIDE`` has lanes by position, for desks and A4 across; ``NARROW`` one column, for telephones and A4 upright;
    ``SLIM`` the same for telephones with large letters."""

    WIDE = "wide"
    NARROW = "narrow"
    SLIM = "slim"


@dataclass(frozen=True, slots=True)
class TextStep:
    """A stage in words; ``ways`` are where else it leads, ``excluded`` what hangs on it."""

    title: str
    position: str
    limit: str
    facts: tuple[tuple[str, str], ...]
    ways: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``is_tall``: one sheet of paper shows the drawing too small to be read, and has the words instead."""

    title: str
    summary: tuple[str, ...]
    wide: SafeString
    narrow: SafeString
    slim: SafeString
    steps: tuple[TextStep, ...]
    is_tall: bool


def draw(
    flow: Sequence[Any],
    *,
    case_type: str = "",
    excluded_steps: Sequence[Any] = (),
    limits: Mapping[str, Any] | None = None,
    title: str = "",
    item_type: str = "",
    layout: Layout = Layout.WIDE,
) -> SafeString:
    """SVG; empty for a flow without steps. Values are an item's own, whole and right or not; ``limits`` may be all of
    its values. The same values make the same bytes."""
    case = _case(case_type, item_type, limits, excluded_steps)
    stages = chain_of(flow, case)
    if not stages:
        return SafeString()
    heading, summary = _heading(title), summary_of(flow, case)
    drawing = lay_out(stages, layout, title=heading, summary=summary, person=case.person)
    return written(drawing, title=heading, description=_description(stages, summary))


def chart_of(
    flow: Sequence[Any],
    *,
    case_type: str = "",
    excluded_steps: Sequence[Any] = (),
    limits: Mapping[str, Any] | None = None,
    title: str = "",
    item_type: str = "",
) -> Chart | None:
    """What ``catalogue/flowchart.html`` shows; None for a flow without steps."""
    case = _case(case_type, item_type, limits, excluded_steps)
    stages = chain_of(flow, case)
    if not stages:
        return None
    heading, summary = _heading(title), summary_of(flow, case)
    drawings = {
        layout: lay_out(stages, layout, title=heading, summary=summary, person=case.person) for layout in Layout
    }
    description = _description(stages, summary)
    written_as = {
        layout: written(drawing, title=heading, description=description) for layout, drawing in drawings.items()
    }
    return Chart(
        title=heading,
        summary=tuple(summary),
        wide=written_as[Layout.WIDE],
        narrow=written_as[Layout.NARROW],
        slim=written_as[Layout.SLIM],
        steps=tuple(_in_words(stages)),
        is_tall=drawings[Layout.WIDE].height > _TALLEST,
    )


def lay_out(stages: Sequence[Stage], layout: Layout, *, title: str, summary: Sequence[str], person: str) -> Drawing:
    """Place the stages for this layout, with the title and the summary above them. ``person``: what the chart calls the
    person whom it is about, who has a lane where there are lanes."""
    if layout is Layout.WIDE:
        return wide.lay_out(stages, title=title, summary=summary, person=person)
    column = narrow.NARROW if layout is Layout.NARROW else narrow.SLIM
    return narrow.lay_out(stages, column, title=title, summary=summary)


def _case(case_type: str, item_type: str, limits: Mapping[str, Any] | None, excluded: Sequence[Any]) -> ChartCase:
    return ChartCase(case_type=case_type, item_type=item_type, limits=limits or {}, excluded=excluded)


def _heading(title: str) -> str:
    return f"{plain(title, most=_TITLE)}办理流程图"


def _description(stages: Sequence[Stage], summary: Sequence[str]) -> str:
    titles = "→".join(stage.node.title for stage in stages)
    return plain("；".join([*summary, titles]), most=_DESCRIPTION)


def _in_words(stages: Sequence[Stage]) -> Iterator[TextStep]:
    for number, stage in enumerate(stages):
        node = stage.node
        ways = []
        for place, other in enumerate(stage.otherwise):
            said = f"否：{_said(other)}"
            if stage.comes_back and not place:
                said += f"，补正后回到“{stages[number - 1].node.title}”"
            ways.append(said)
        yield TextStep(
            title=f"{node.title}？" if node.shape is Shape.DECISION else node.title,
            position=node.position,
            limit=node.limit,
            facts=node.facts,
            ways=("是：继续办理", *ways) if ways else (),
            excluded=tuple(_said(other) for other in stage.excluded),
        )


def _said(node: Node) -> str:
    words = "；".join(text for text in (node.limit, *(text for _, text in node.facts)) if text)
    return f"{node.title}（{words}）" if words else node.title
