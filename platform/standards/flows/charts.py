"""A first flow out of an item's flow chart (事项运行流程图)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from standards.flows.definition import FlowDefinition
from standards.flows.people import TO_CHOOSE
from standards.flows.reading import read_flow
from standards.items.flowchart.chain import ChartCase, Node, Shape, Stage, chain_of

_LIMIT: Final = re.compile(r"^(\d{1,4}) 个(工作日|自然日)$")
_UNITS: Final = {"工作日": "working_days", "自然日": "days"}
_LONGEST: Final = 100


def from_chart(title: str, steps: Sequence[Any], case: ChartCase) -> FlowDefinition | None:
    """The flow that an item's chart shows, its positions as titles of who does each step; None for a chart without
    steps. Who keeps it is yet to be chosen."""
    stages = chain_of(steps, case)
    if not stages:
        return None
    made = _Making(case)
    for stage in stages[1:-1]:
        if stage.node.shape is Shape.DECISION:
            made.ask(stage)
        elif stage.node.shape is not Shape.DOCUMENT:
            made.go_on(stage)
    made.add_step(stages[-1].node)
    made.finish()
    nodes = [{"type": "start", "name": "begin", "label": stages[0].node.title}, *made.nodes, *made.ends]
    return read_flow(
        {
            "format": 1,
            "title": title[:_LONGEST].strip() or "办理流程",
            "owner": dict(TO_CHOOSE),
            "nodes": nodes,
            "edges": made.edges,
        }
    )


class _Making:
    def __init__(self, case: ChartCase) -> None:
        self._case = case
        self.nodes: list[dict[str, Any]] = []
        self.ends: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        # where the next node hangs on, and how
        self._last = "begin"
        self._is_default = False

    def _way(self, source: str, target: str, **values: Any) -> None:
        self.edges.append({"name": f"way_{len(self.edges) + 1}", "source": source, "target": target, **values})

    def _hang(self, node: dict[str, Any]) -> None:
        self.nodes.append(node)
        self._way(self._last, node["name"], **({"is_default": True} if self._is_default else {}))
        self._last, self._is_default = node["name"], False

    def add_step(self, node: Node) -> dict[str, Any]:
        """A step on the main way."""
        step = self._step(node, f"step_{len(self.nodes) + 1}")
        self._hang(step)
        return step

    def _step(self, node: Node, name: str) -> dict[str, Any]:
        is_person = node.position in {self._case.person, ""}
        who = {"kind": "initiator"} if is_person else {"kind": "title", "title": _words(node.position)}
        step: dict[str, Any] = {"type": "step", "name": name, "label": _words(node.title), "who": who}
        if found := _LIMIT.match(node.limit):
            amount = int(found[1])
            if 0 < amount <= 1_000:  # noqa: PLR2004 - as StepLimit has it
                step["limit"] = {"amount": amount, "unit": _UNITS[found[2]]}
        hint = "\n".join(f"{name}：{text}" if name else text for name, text in node.facts)
        return step | ({"hint": hint[:2_000].strip()} if hint.strip() else {})

    def go_on(self, stage: Stage) -> None:
        """A step, with the special procedures that hang on it said beside."""
        step = self.add_step(stage.node)
        if stage.excluded:
            said = "、".join(one.title for one in stage.excluded)
            step["hint"] = f"{step.get('hint', '')}\n特别程序（不计入时限）：{said}".strip()[:2_000]

    def ask(self, stage: Stage) -> None:
        """A decision: of the step before where that is a step of the same position, else of one of its own."""
        before = self.nodes[-1] if self.nodes and self._last == self.nodes[-1]["name"] else None
        is_own = before is None or before["type"] != "step" or before["who"]["kind"] == "initiator"
        step = self.add_step(stage.node) if is_own or before is None else before
        fork = f"fork_{len(self.nodes) + 1}"
        outcomes: list[Mapping[str, Any]] = [{"code": "passed", "label": "通过"}]
        self._hang({"type": "exclusive", "name": fork, "label": _words(f"{stage.node.title}？")})
        for place, other in enumerate(stage.otherwise):
            code = f"otherwise_{place + 1}"
            outcomes.append({"code": code, "label": _words(other.title), "is_favourable": False})
            condition = {"condition": f'{step["name"]}.outcome == "{code}"', "label": _words(other.title)}
            if stage.comes_back and not place:
                repaired = self._step(other, f"repair_{len(self.nodes) + 1}")
                self.nodes.append(repaired)
                self._way(fork, repaired["name"], **condition)
                self._way(repaired["name"], step["name"])
            else:
                self.ends.append(
                    {
                        "type": "end",
                        "name": f"refused_{len(self.ends) + 1}",
                        "label": _words(other.title),
                        "is_refused": True,
                    }
                )
                self._way(fork, self.ends[-1]["name"], **condition)
        step["outcomes"] = outcomes
        self._is_default = True

    def finish(self) -> None:
        """The end of the main way."""
        self._way(self._last, "finish", **({"is_default": True} if self._is_default else {}))
        self.ends.append({"type": "end", "name": "finish", "label": "办结"})


def _words(text: str) -> str:
    return " ".join(text.split())[:_LONGEST].strip() or "（未填）"
