"""Whether a run can still come to its end from where it would be put, whatever is decided on the way."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from standards.flows.nodes import EndNode, FlowEdge
from standards.flows.walking import RunStuck, WalkingFlow, is_join

# a place where a token rests: a node, and by which edge it came to a join
type Place = tuple[str, str]
type Marking = tuple[Place, ...]
_MOST_MARKINGS: Final = 5_000
_MOST_WAYS: Final = 4
_MOST_STEPS: Final = 200_000
_MOST_IN_ROW: Final = 100
_TOO_MANY: Final = "这个流程的分支太多，无法确认以后能不能走完。"
_ENDS_ALL: Final[Place] = ("", "")


def check_goes_on(flow: WalkingFlow, places: Iterable[Place]) -> None:
    """Raises RunStuck where tokens at these places could come to wait for others that never come, or where there are
    too many ways to tell."""
    seen: set[Marking] = set()
    effort = _Effort()
    waiting = [_settled(flow, tuple(sorted(places)), effort)]
    while waiting:
        for marking in waiting.pop():
            if marking in seen:
                continue
            seen.add(marking)
            if len(seen) > _MOST_MARKINGS:
                raise RunStuck("", _TOO_MANY)
            held = sorted({place for place in marking if not place[1]})
            if marking and not held:
                join = flow.node(marking[0][0])
                label = join.label or join.name
                message = f"以后会停在“{label}”：那里要等的分支不会再来。"
                raise RunStuck(join.name, message)
            for place in held:
                waiting += [
                    _settled(flow, _without(marking, [place], landings), effort)
                    for landings in _spread(flow, place[0], frozenset(), effort)
                ]


def _without(marking: Marking, places: Iterable[Place], landings: Iterable[Place]) -> Marking:
    landed = tuple(landings)
    if _ENDS_ALL in landed:
        return ()
    left = Counter(marking)
    left.subtract(places)
    return tuple(sorted([*left.elements(), *landed]))


@dataclass(slots=True)
class _Effort:
    """How many ways may still be gone: branches behind branches have as many as a power of their number."""

    left: int = _MOST_STEPS

    def take(self, behind: frozenset[str]) -> None:
        """``behind``: the branches that were passed in a row."""
        self.left -= 1
        if self.left < 0 or len(behind) > _MOST_IN_ROW:
            raise RunStuck("", _TOO_MANY)


def _settled(flow: WalkingFlow, marking: Marking, effort: _Effort) -> list[Marking]:
    """The markings in which no join is ready any more."""
    for join in flow.joins:
        arrived = {edge for node, edge in marking if edge and node == join.name}
        if not arrived:
            continue
        missing = {edge.name for edge in flow.definition.ways_in[join.name]} - arrived
        waits = bool(missing)
        if join.type == "inclusive":
            ahead = [flow.reachable(node, join.name) for node, _ in marking if node != join.name]
            waits = any(one & missing and not one & arrived for one in ahead)
        if not waits:
            consumed = [(join.name, edge) for edge in sorted(arrived)]
            return [
                settled
                for landings in _spread(flow, join.name, frozenset(), effort)
                for settled in _settled(flow, _without(marking, consumed, landings), effort)
            ]
    return [marking]


def _spread(flow: WalkingFlow, node: str, behind: frozenset[str], effort: _Effort) -> Iterator[tuple[Place, ...]]:
    """Every set of places to which a token at this node can come."""
    ways = list(flow.definition.ways_out[node])
    for chosen in _choices(flow, node, ways):
        for landed in product(*(list(_land(flow, edge, behind | {node}, effort)) for edge in chosen)):
            yield tuple(place for places in landed for place in places)


def _choices(flow: WalkingFlow, node: str, ways: list[FlowEdge]) -> Iterator[tuple[FlowEdge, ...]]:
    match flow.node(node).type:
        case "exclusive":
            yield from ((edge,) for edge in ways)
        case "inclusive" if len(ways) <= _MOST_WAYS:
            for number in range(1, len(ways) + 1):
                yield from combinations(ways, number)
        case "inclusive":
            yield from ((edge,) for edge in ways)
            yield tuple(ways)
        case _:
            yield tuple(ways)


def _land(flow: WalkingFlow, edge: FlowEdge, behind: frozenset[str], effort: _Effort) -> Iterator[tuple[Place, ...]]:
    effort.take(behind)
    node = flow.node(edge.target)
    if isinstance(node, EndNode):
        yield (_ENDS_ALL,) if node.terminates or node.is_refused else ()
    elif is_join(flow.definition, node):
        yield ((node.name, edge.name),)
    elif node.type not in {"exclusive", "parallel", "inclusive"}:
        yield ((node.name, ""),)
    elif node.name not in behind:
        # a circle of gateways alone leads nowhere new
        yield from _spread(flow, node.name, behind, effort)
