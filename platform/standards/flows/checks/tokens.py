"""What becomes of the tokens of a run: whether a join can wait for ever, and whether something is done twice.

Blocks that are whole are folded into one way first; what is left is played through, every marking once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, combinations
from typing import Final

from foundation.errors import Fault
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called, reached
from standards.flows.nodes import EndNode, GatewayNode, StartNode

# of one run, at the same time
MOST_TOKENS: Final = 50
MOST_MARKINGS: Final = 4_000
_WIDEST_CHOICE: Final = 5
# how a node takes and gives tokens: one of its ways, all of them, some of them; an end takes whatever comes
_KINDS: Final[Mapping[str, str]] = {"exclusive": "one", "parallel": "all", "inclusive": "some"}

Marking = frozenset[int]


@dataclass(slots=True)
class _Way:
    """``begins`` names the node of the flow where it begins; ``width``: the most tokens on it at once; ``acts``:
    whether something is done on it."""

    source: str
    target: str
    begins: str
    width: int = 1
    acts: bool = False


@dataclass(slots=True)
class _Net:
    joins: dict[str, str] = field(default_factory=dict)
    splits: dict[str, str] = field(default_factory=dict)
    ways: dict[int, _Way] = field(default_factory=dict)
    into: dict[str, set[int]] = field(default_factory=dict)
    out: dict[str, set[int]] = field(default_factory=dict)
    acting: set[str] = field(default_factory=set)

    def add_node(self, name: str, *, join: str, split: str) -> None:
        self.joins[name], self.splits[name] = join, split
        self.into[name], self.out[name] = set(), set()

    def add_way(self, number: int, way: _Way) -> None:
        self.ways[number] = way
        self.out[way.source].add(number)
        self.into[way.target].add(number)

    def drop_way(self, number: int) -> _Way:
        way = self.ways.pop(number)
        self.out[way.source].discard(number)
        self.into[way.target].discard(number)
        return way

    def turn(self, number: int, *, source: str | None = None, target: str | None = None) -> None:
        way = self.drop_way(number)
        self.add_way(number, replace(way, source=source or way.source, target=target or way.target))

    def drop_node(self, name: str) -> None:
        for table in (self.joins, self.splits, self.into, self.out):
            del table[name]


def token_faults(flow: FlowDefinition) -> list[Fault]:
    """What is wrong with joins and forks. The flow has one start, and each node lies between it and an end."""
    net = _net_of(flow)
    _fold(net)
    if max(way.width for way in net.ways.values()) > MOST_TOKENS:
        width = max(way.width for way in net.ways.values())
        return [Fault("", f"最多 {MOST_TOKENS} 路同时办理，这个流程最多有 {width} 路：请减少并行分支。")]
    return list(_played(flow, net))


def _net_of(flow: FlowDefinition) -> _Net:
    net = _Net()
    net.add_node("END", join="end", split="one")
    net.add_node("KILL", join="kill", split="one")
    first: dict[str, str] = {}
    number = len(flow.edges)
    for node in flow.nodes:
        if isinstance(node, EndNode):
            first[node.name] = "KILL" if node.terminates else "END"
            continue
        kind = _KINDS[node.type] if isinstance(node, GatewayNode) else "one"
        first[node.name] = node.name
        is_start = isinstance(node, StartNode)
        is_both = len(flow.ways_in[node.name]) > 1 and len(flow.ways_out[node.name]) > 1
        net.add_node(node.name, join="start" if is_start else kind, split="one" if is_both else kind)
        if not isinstance(node, GatewayNode):
            net.acting.add(node.name)
        if is_both:
            # a node that joins and parts is two
            first[f"{node.name}:out"] = f"{node.name}:out"
            net.add_node(f"{node.name}:out", join=kind, split=kind)
            net.add_way(number, _Way(node.name, f"{node.name}:out", node.name))
            number += 1
    for at, edge in enumerate(flow.edges):
        source = first.get(f"{edge.source}:out", edge.source)
        net.add_way(at, _Way(source, first[edge.target], edge.source))
    return net


def _fold(net: _Net) -> None:
    """Fold what is whole, until nothing more can be."""
    waiting = list(net.joins)
    while waiting:
        name = waiting.pop()
        if name in net.joins:
            waiting += _folded_at(net, name)


def _folded_at(net: _Net, name: str) -> list[str]:
    """Fold at a node once; the nodes that have to be looked at again."""
    if again := _merge_ways(net, name):
        return again
    if net.joins[name] in {"start", "end", "kill"}:
        return []
    into, out = net.into[name], net.out[name]
    if len(into) == len(out) == 1:
        return _contract(net, name)
    if len(into) == 1:
        before = net.ways[next(iter(into))].source
        if net.splits[before] == net.splits[name] and net.joins[before] != "start" and before != name:
            return _move_ways(net, name, before, is_split=True)
    if len(out) == 1:
        way = net.ways[next(iter(out))]
        is_same = net.joins[name] == net.joins[way.target] and way.target != name
        # where each token that comes goes on by itself, nothing may be done twice on the way that is folded away
        if is_same and (net.joins[name] != "one" or _is_bare(net, name, way)):
            return _move_ways(net, name, way.target, is_split=False)
    return []


def _merge_ways(net: _Net, name: str) -> list[str]:
    """Ways from this node to one other are one, where the other takes them as this one gives them."""
    split = net.splits[name]
    seen: dict[str, int] = {}
    for number in sorted(net.out[name]):
        target = net.ways[number].target
        join = net.joins[target]
        if join == "kill" and len(net.out[name]) > 1:
            # that ends everything, whatever the other ways do
            net.drop_way(number)
            return [name, target]
        if _is_back(net, name, target) or (target == name and split == join == "one"):
            net.drop_way(number)
            return [name, target]
        if target not in seen:
            seen[target] = number
        elif split == "one" and join in {"one", "some", "end"}:
            way = net.drop_way(number)
            kept = net.ways[seen[target]]
            kept.width = max(kept.width, way.width)
            return [name, target]
        elif (split == "all" and join in {"all", "some", "end"}) or (split == "some" and join in {"some", "end"}):
            way = net.drop_way(number)
            net.ways[seen[target]].width += way.width
            return [name, target]
    return []


def _is_bare(net: _Net, name: str, way: _Way) -> bool:
    """Whether nothing is done at a join of single tokens and on its way on."""
    return not way.acts and name not in net.acting


def _is_back(net: _Net, name: str, target: str) -> bool:
    """Whether a way from this node leads back to the only one before it: a loop that may be walked any number of
    times."""
    if net.splits[name] != "one" or net.joins[target] != "one" or len(net.out[name]) < 2:  # noqa: PLR2004
        return False
    into = net.into[name]
    return len(into) == len(net.out[target]) == 1 and net.ways[next(iter(into))].source == target


def _contract(net: _Net, name: str) -> list[str]:
    first, second = net.drop_way(next(iter(net.into[name]))), net.drop_way(number := next(iter(net.out[name])))
    net.drop_node(name)
    acts = first.acts or second.acts or name in net.acting
    width = max(first.width, second.width)
    net.add_way(number, _Way(first.source, second.target, first.begins, width, acts))
    return [first.source, second.target]


def _move_ways(net: _Net, name: str, other: str, *, is_split: bool) -> list[str]:
    """A node that only goes on with what its neighbour does is part of it."""
    between = net.into[name] if is_split else net.out[name]
    width = net.drop_way(next(iter(between))).width
    for number in list(net.out[name] if is_split else net.into[name]):
        net.turn(number, source=other if is_split else None, target=None if is_split else other)
        net.ways[number].width = max(net.ways[number].width, width if net.joins.get(other) == "one" else 1)
    net.drop_node(name)
    return [other, *{net.ways[number].target for number in net.out[other]}]


def _played(flow: FlowDefinition, net: _Net) -> Iterator[Fault]:
    start = next(name for name, join in net.joins.items() if join == "start")
    first = frozenset(net.out[start])
    seen, waiting = {first}, [first]
    named: set[str] = set()
    beyond = _reach_between(net)
    while waiting:
        marking = waiting.pop()
        if len(seen) > MOST_MARKINGS:
            yield Fault("", "分支互相交叉，情况太多，检查不完：请让每个并行分支和它的汇合成对出现。")
            return
        followers, doubled = _next(net, marking, beyond)
        for name in doubled - named:
            named.add(name)
            node = flow.named_nodes[name.partition(":")[0]]
            said = "前面有几路同时走，到这里没有先等齐：后面的环节会办两遍。请在它前面加一个汇合。"
            yield Fault(node.name, f"{called(node)}{said}")
        if marking and not followers and not doubled:
            yield from _stuck(flow, net, marking, named)
        for follower in followers - seen:
            seen.add(follower)
            waiting.append(follower)


def _stuck(flow: FlowDefinition, net: _Net, marking: Marking, named: set[str]) -> Iterator[Fault]:
    for name in dict.fromkeys(net.ways[number].target for number in sorted(marking)):
        if name in named:
            continue
        named.add(name)
        node = flow.named_nodes[name.partition(":")[0]]
        missing = next((net.ways[number] for number in sorted(net.into[name] - marking)), None)
        way = f"，可是从{called(flow.named_nodes[missing.begins])}来的一路可能不走" if missing else ""
        said = "流程会一直停在这里。请让前面的分支和这里的汇合是同一种，成对出现。"
        yield Fault(node.name, f"{called(node)}要等进来的 {len(net.into[name])} 路都到齐{way}：{said}")


def _reach_between(net: _Net) -> Mapping[str, Mapping[int, set[int]]]:
    """For every join of some ways: from which ways each of its own can still be reached without passing it."""
    found: dict[str, dict[int, set[int]]] = {}
    for name, join in net.joins.items():
        if join != "some":
            continue
        leaders = {
            str(number): [str(one) for one in net.into[way.source] if way.source != name]
            for number, way in net.ways.items()
        }
        found[name] = {number: {int(one) for one in reached(leaders, [str(number)])} for number in net.into[name]}
    return found


def _next(net: _Net, marking: Marking, beyond: Mapping[str, Mapping[int, set[int]]]) -> tuple[set[Marking], set[str]]:
    """The markings that can follow, and the nodes that would put a second token on one of their ways."""
    found: set[Marking] = set()
    doubled: set[str] = set()
    for name in {net.ways[number].target for number in marking}:
        join = net.joins[name]
        if join == "kill":
            found.add(frozenset())
            continue
        here = net.into[name] & marking
        for taken in _taken(net, name, here, marking, beyond):
            rest = marking - taken
            if join == "end":
                found.add(rest)
                continue
            for given in _given(net, name):
                if given & rest:
                    doubled.add(name)
                else:
                    found.add(rest | given)
    return found, doubled


def _taken(
    net: _Net, name: str, here: set[int] | Marking, marking: Marking, beyond: Mapping[str, Mapping[int, set[int]]]
) -> Iterator[Marking]:
    join = net.joins[name]
    if join in {"one", "end"}:
        yield from (frozenset({number}) for number in here)
    elif join == "all":
        if len(here) == len(net.into[name]):
            yield frozenset(here)
    else:
        others = marking - here
        if not any(others & beyond[name][number] for number in net.into[name] - here):
            yield frozenset(here)


def _given(net: _Net, name: str) -> Iterator[Marking]:
    out = sorted(net.out[name])
    if net.splits[name] == "one":
        yield from (frozenset({number}) for number in out)
    elif net.splits[name] == "all":
        yield frozenset(out)
    elif len(out) <= _WIDEST_CHOICE:
        yield from map(frozenset, chain.from_iterable(combinations(out, many) for many in range(1, len(out) + 1)))
    else:
        yield from (
            *(frozenset(pair) for pair in combinations(out, 2)),
            *(frozenset({one}) for one in out),
            frozenset(out),
        )
