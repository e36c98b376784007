"""Flows as values: put together from blocks, so that they are sound by construction."""

from itertools import pairwise
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from standards.flows.definition import FlowDefinition

OWNER: Final = {"kind": "initiator"}


def step(name: str, **attributes: Any) -> dict[str, Any]:
    return {"type": "step", "name": name, "label": f"环节 {name}", "who": {"kind": "initiator"}, **attributes}


def gateway(name: str, kind: str) -> dict[str, Any]:
    return {"type": kind, "name": name}


def flow_of_nodes(*nodes: dict[str, Any], edges: list[tuple[str, ...]], **attributes: Any) -> FlowDefinition:
    """``edges``: (source, target) or (source, target, condition); "default" is that."""
    return FlowDefinition.model_validate(
        {
            "title": "样例流程",
            "owner": OWNER,
            "nodes": [{"type": "start", "name": "start"}, *nodes, {"type": "end", "name": "finish"}],
            "edges": [
                {
                    "name": f"e{number}",
                    "source": edge[0],
                    "target": edge[1],
                    **(
                        {}
                        if len(edge) < 3
                        else {"is_default": True}
                        if edge[2] == "default"
                        else {"condition": edge[2]}
                    ),
                }
                for number, edge in enumerate(edges)
            ],
            **attributes,
        }
    )


def _condition(text: str = "") -> dict[str, Any]:
    return {"is_default": True} if text == "default" else {"condition": text} if text else {}


class _Builder:
    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[tuple[str, ...]] = []

    def new(self, kind: str) -> str:
        name = f"{kind[0]}{len(self.nodes)}"
        self.nodes.append(step(name) if kind == "step" else gateway(name, kind))
        return name

    def chain(self, *names: str) -> None:
        self.edges += pairwise(names)

    def build(self, block: Any) -> tuple[str, str]:
        """The first and the last node of the block."""
        kind, parts = block
        if kind == "step":
            name = self.new("step")
            return name, name
        if kind == "row":
            ends = [self.build(part) for part in parts]
            for (_, last), (first, _) in pairwise(ends):
                self.edges.append((last, first))
            return ends[0][0], ends[-1][1]
        if kind == "loop":
            head, foot = self.new("exclusive"), self.new("exclusive")
            first, last = self.build(parts[0])
            self.chain(head, first)
            self.chain(last, foot)
            self.edges.append((foot, head, "x == 1"))
            return head, foot
        fork, join = self.new(kind), self.new(kind)
        for number, part in enumerate(parts):
            first, last = self.build(part)
            condition = () if kind == "parallel" else ("default",) if number == 0 else ("x == 1",)
            self.edges += [(fork, first, *condition), (last, join)]
        return fork, join


def _blocks() -> st.SearchStrategy[Any]:
    return st.recursive(
        st.just(("step", ())),
        lambda inner: (
            st.tuples(st.just("row"), st.lists(inner, min_size=2, max_size=3))
            | st.tuples(
                st.sampled_from(("parallel", "inclusive", "exclusive")), st.lists(inner, min_size=2, max_size=3)
            )
            | st.tuples(st.just("loop"), st.tuples(inner))
        ),
        max_leaves=8,
    )


@st.composite
def sound_flows(draw: st.DrawFn) -> FlowDefinition:
    """start, anything nested, finish; each loop can be left and each way has a step."""
    return flow_of_block(draw(_blocks()))


def random_block(random: Random, steps: int) -> Any:
    """A block of about so many steps, of every kind alike."""
    if steps <= 1:
        return ("step", ())
    kind = random.choice(("row", "row", "loop", "parallel", "parallel", "inclusive", "exclusive"))
    if kind == "loop":
        return (kind, (random_block(random, steps - 1),))
    parts = random.randint(2, 3)
    return (kind, [random_block(random, steps // parts) for _ in range(parts)])


def flow_of_block(block: Any) -> FlowDefinition:
    builder = _Builder()
    first, last = builder.build(block)
    edges = [("start", first), *builder.edges, (last, "finish")]
    # the way out of a loop is its default
    heads = {node["name"] for node in builder.nodes if node["type"] == "exclusive"}
    sources = [edge[0] for edge in edges]
    mended = [
        (*edge, "default") if edge[0] in heads and len(edge) == 2 and sources.count(edge[0]) > 1 else edge
        for edge in edges
    ]
    return flow_of_nodes(*builder.nodes, edges=mended)
