"""Takes a token of a run from one place of rest to the next.

Tokens rest at what waits for somebody or something, and before a join. Between these SpiffWorkflow walks (``spiff``);
joins are decided in ``running``: decision 57 says why.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from standards.flows.definition import FlowDefinition
from standards.flows.nodes import BaseNode, GatewayNode

# moves that a run makes by itself in one act; more is a circle in which nobody has a say. Spiff loses, without a word,
# what lies deeper than 1,000 tasks in its tree
MOST_MOVES: Final = 500
# whether the condition of this edge holds now
type Decide = Callable[[str], bool]


class RunStuck(Exception):
    """A run cannot go on. ``where``: the node at which it stands; ``message``: in Chinese."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where
        self.message = message


class RunSpins(RunStuck):
    """A run goes round and round by itself."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a token came to rest: at a node; ``edge``: by which it came to a join, else ""."""

    node: str
    edge: str = ""


@dataclass(slots=True)
class MoveBudget:
    """How many moves an act has left."""

    left: int = MOST_MOVES

    def take(self, where: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise RunSpins(where, f"流程在“{where}”附近反复自动流转，没有人能处理，已经停下。请检查这里的条件。")


@dataclass(frozen=True, slots=True)
class Walk:
    """``landings``: where tokens rest; ``ends``: the end nodes that were reached."""

    landings: tuple[Landing, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WalkingFlow:
    """A definition with what Spiff made of it: once for each version, for all its runs."""

    definition: FlowDefinition
    # Spiff's BpmnProcessSpec
    spec: Any
    # (node, join) -> edges into the join that a token at the node can still take
    reach: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    # of nodes from which no condition decides: what walking from them comes to, and in how many moves
    walks: dict[str, tuple[Walk, int]] = field(default_factory=dict)

    @property
    def start(self) -> str:
        return next(node.name for node in self.definition.nodes if node.type == "start")

    @property
    def joins(self) -> Iterator[GatewayNode]:
        return (node for node in self.definition.nodes if is_join(self.definition, node))  # type: ignore[misc]  # joins are gateways

    def node(self, name: str) -> BaseNode:
        return self.definition.named_nodes[name]

    def reachable(self, node: str, join: str) -> frozenset[str]:
        """The edges into the join that a token at the node could come by, without passing the join."""
        if (node, join) not in self.reach:
            self.reach[node, join] = frozenset(_edges_ahead(self.definition, node, join))
        return self.reach[node, join]


def is_join(definition: FlowDefinition, node: BaseNode) -> bool:
    """Whether tokens wait here for one another."""
    return node.type in {"parallel", "inclusive"} and len(definition.ways_in[node.name]) > 1


def label_at(flow: WalkingFlow, name: str) -> str:
    """What people call the node at which one of Spiff's tasks stands."""
    if name.startswith("edge:"):
        name = next(edge.target for edge in flow.definition.edges if edge.name == name.removeprefix("edge:"))
    node = flow.definition.named_nodes.get(name.removeprefix("before:"))
    return (node.label or node.name) if node else name


def _edges_ahead(definition: FlowDefinition, node: str, join: str) -> Iterator[str]:
    seen, waiting = {node}, [node]
    while waiting:
        for edge in definition.ways_out[waiting.pop()]:
            if edge.target == join:
                yield edge.name
            elif edge.target not in seen:
                seen.add(edge.target)
                waiting.append(edge.target)


def prepare(definition: FlowDefinition) -> WalkingFlow:
    """What a definition that ``read_flow`` has checked is made into, once for all its runs."""
    # it brings lxml, which no start of the program needs
    from standards.flows.spiff import build_spec  # noqa: PLC0415

    return WalkingFlow(definition, build_spec(definition))


def walk(flow: WalkingFlow, node: str, decide: Decide, budget: MoveBudget) -> Walk:
    """Let the token at this node go on until all that comes of it rests. Raises RunStuck where no way is open,
    RunSpins where it goes round by itself."""
    from standards.flows.spiff import walk_by_spiff  # noqa: PLC0415

    if node in flow.walks and flow.walks[node][1] < budget.left:
        walked, moves = flow.walks[node]
        budget.left -= moves
        return walked
    asked: list[str] = []

    def noted(edge: str) -> bool:
        asked.append(edge)
        return decide(edge)

    left = budget.left
    walked = walk_by_spiff(flow, node, noted, budget)
    if not asked:
        # nothing decides there: it goes that way always
        flow.walks[node] = walked, left - budget.left
    return walked
