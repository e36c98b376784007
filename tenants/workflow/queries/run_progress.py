"""A run's flow as a drawing that says where it stands, who has it since when, and who did each step when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.dateformat import format as in_words

from standards.flows.bpmn.layout import half_of, placed
from standards.flows.nodes import BaseNode
from tenants.workflow.models import WorkItem
from tenants.workflow.queries.run_pages import ON_LINE, RunView, holder_of, how_long
from tenants.workflow.states import OPEN_ITEMS, WorkState

_SHAPES: Final = {
    **dict.fromkeys(("start", "end", "timer", "message"), "circle"),
    **dict.fromkeys(("exclusive", "parallel", "inclusive"), "diamond"),
}
_FORKS: Final = {"exclusive": "条件", "parallel": "并行", "inclusive": "多选"}
_LINE: Final = 8  # characters of a label in one line of a sign
_MOST_LINES: Final = 3
_MARGIN: Final = 30
_MOST_NAMED: Final = 2
_WIDEST_TO_FIT: Final = 1_200


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """``look``: done, now or ahead; ``label``: in the sign, of a fork its kind; ``caption``: above a sign
    too small for its label; ``said``: who, and how long it took or has waited, below the sign; ``when``: below that,
    when it was done, or since when it stands there."""

    shape: str
    x: int
    y: int
    width: int
    height: int
    look: str
    label: tuple[str, ...]
    caption: str
    said: str
    when: str
    whole: str

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    @property
    def top(self) -> int:
        return self.y - self.height // 2

    @property
    def radius(self) -> int:
        return self.width // 2

    @property
    def diamond(self) -> str:
        half, high = self.width // 2, self.height // 2
        return f"{self.x},{self.y - high} {self.x + half},{self.y} {self.x},{self.y + high} {self.x - half},{self.y}"

    @property
    def lines(self) -> list[tuple[int, str]]:
        first = self.y - 8 * (len(self.label) - 1) + 5
        return [(first + 16 * place, text) for place, text in enumerate(self.label)]

    @property
    def caption_at(self) -> int:
        return self.top - 8

    @property
    def said_at(self) -> int:
        return self.y + self.height // 2 + 16

    @property
    def when_at(self) -> int:
        return self.said_at + (15 if self.said else 0)


@dataclass(frozen=True, slots=True)
class RunDrawing:
    """``box``: left, top, width and height of the whole; ``ways``: points of each way."""

    box: tuple[int, int, int, int]
    nodes: tuple[DrawnNode, ...]
    ways: tuple[str, ...]
    now: str

    @property
    def is_short(self) -> bool:
        """Whether its letters can still be read where it is made as wide as a page of a desk."""
        return self.box[2] <= _WIDEST_TO_FIT

    @property
    def view_box(self) -> str:
        return " ".join(map(str, self.box))


def draw_run(view: RunView) -> RunDrawing:
    """The drawing of the run's own version."""
    flow = view.flow.definition
    placing = placed(flow)
    nodes = tuple(_drawn(view, node, *placing.places[node.name]) for node in flow.nodes)
    ways = tuple(" ".join(f"{x},{y}" for x, y in points) for points in placing.routes.values())
    across = [x for points in placing.routes.values() for x, _ in points] + [one.x for one in nodes]
    down = [y for points in placing.routes.values() for _, y in points] + [one.y for one in nodes]
    left, top = min(across) - 60, min(down) - 40 - _MARGIN
    box = (left, top, max(across) + 60 - left, max(down) + 50 + _MARGIN - top)
    now = "、".join(one.whole for one in nodes if one.look == "now")
    return RunDrawing(box, nodes, ways, now)


def _drawn(view: RunView, node: BaseNode, x: int, y: int) -> DrawnNode:
    half = half_of(node)
    items = [one for one in view.items if one.step == node.name]
    label = view.flow.label(node.name)
    shape = _SHAPES.get(node.type, "box")
    look, said, when = _look(view, node, items)
    told = " ".join(filter(None, [said, when]))
    return DrawnNode(
        shape,
        x,
        y,
        half[0] * 2,
        half[1] * 2,
        look,
        tuple(_broken(label)) if shape == "box" else (_FORKS[node.type],) if shape == "diamond" else (),
        "".join(_broken(node.label, most=1)) if shape != "box" else "",
        said,
        when,
        f"{label}（{told}）" if told else label,
    )


def _look(view: RunView, node: BaseNode, items: Sequence[WorkItem]) -> tuple[str, str, str]:
    open_ones = [one for one in items if one.state in OPEN_ITEMS]
    if open_ones:
        several = list(dict.fromkeys(holder_of(one) or "等待中" for one in open_ones))
        holders = several[0] if len(several) == 1 else f"{several[0]}等 {len(several)} 人"
        since = min(one.created_at for one in open_ones)
        return "now", f"{holders} {how_long(since, timezone.now(), '已')}", f"{_moment(since)} 到"
    done = [one for one in items if one.state == WorkState.DONE and one.part in ON_LINE]
    if done:
        last = done[-1]
        # of a step that several people do, all who did it the last time
        who = dict.fromkeys(one.owner_name for one in done if one.token == last.token and one.owner_name)
        named = "、".join(who) if len(who) <= _MOST_NAMED else f"{last.owner_name}等 {len(who)} 人"
        took = how_long(last.created_at, last.done_at)
        return "done", " ".join(filter(None, [named, took])), _moment(last.done_at)
    if node.type == "start":
        return "done", view.run.initiator_name, _moment(view.run.created_at)
    if node.type == "end" and view.run.ended_at and str(view.run.status) in {"finished", "refused"}:
        return "done", "", _moment(view.run.ended_at)
    return "ahead", "", ""


def _moment(at: datetime | None) -> str:
    return in_words(timezone.localtime(at), "n月j日 H:i") if at else ""


def _broken(label: str, *, most: int = _MOST_LINES) -> Iterator[str]:
    for place in range(0, min(len(label), _LINE * most), _LINE):
        part = label[place : place + _LINE]
        is_cut = place + _LINE >= _LINE * most and len(label) > _LINE * most
        yield f"{part[:-1]}…" if is_cut else part
