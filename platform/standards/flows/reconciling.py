"""A flow that a hall took and changed, with the one that replaces it: by steps, which are known by their names.

Where both have drawn the way anew so that it cannot be put together step by step, the whole flow is one side's.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from foundation.errors import Invalid
from standards.flows.checks.shape import shape_faults
from standards.flows.checks.times import limit_text
from standards.flows.checks.tokens import token_faults
from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import BaseNode, FlowEdge, GatewayNode, StepLimit
from standards.flows.reading import read_flow
from standards.flows.versions import ATTRIBUTES, compare_flows
from standards.flows.words import (
    ACT_WORDS,
    AT_LIMIT_WORDS,
    ON_REFUSAL_WORDS,
    SHARING_WORDS,
    FlowWords,
    Naming,
    who_in_words,
)
from standards.forms.definition import FormDefinition
from standards.forms.rights import FieldRight
from standards.reconciling import (
    Clash,
    Json,
    Reconciling,
    Side,
    Telling,
    Thing,
    Three,
    of_side,
    plain_word,
    three,
)

DRAWING: Final = "drawing"
_PLACED: Final = ("x", "y")
_MAPPED: Final = frozenset({"fields", "given", "taken", "constants"})
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "sharing": SHARING_WORDS,
    "at_limit": AT_LIMIT_WORDS,
    "on_refusal": ON_REFUSAL_WORDS,
    "otherwise": {one.value: one.label for one in FieldRight},
}
_MOST_TOLD: Final = 6

type Flows = Three[FlowDefinition]


@dataclass(frozen=True, slots=True)
class ReconciledFlow:
    """``definition``: as it is written, which may still lack something; ``is_whole``: it is one side's as it stands."""

    definition: Json
    clashes: tuple[Clash, ...]
    is_whole: bool = False


def reconcile_flows(
    before: FlowDefinition,
    ours: FlowDefinition,
    theirs: FlowDefinition,
    choices: Mapping[str, Side] | None = None,
    *,
    form: FormDefinition | None = None,
    name_of: Naming | None = None,
) -> ReconciledFlow:
    """One flow of both, where ``before`` is what both were made of. ``choices``: key of a clash → whose holds;
    ``form``: on which it will run: rights to fields that it has not are left out; ``name_of``: as of ``FlowWords``."""
    flows = (before, ours, theirs)
    ways = _ways_together(flows)
    if ways is None:
        chosen = (choices or {}).get(DRAWING, "ours")
        words = (_redrawn(before, ours), _redrawn(before, theirs))
        clash = Clash(DRAWING, "流程的走向两边都改了，不能逐个环节合并，整个流程", *words, "ours", chosen)
        whole = (ours if chosen == "ours" else theirs).as_json()
        return ReconciledFlow(_with_fields_of(whole, form), (clash,), is_whole=True)
    return _Together(flows, ways, choices or {}, name_of or (lambda *_: "")).done(form)


def _signed(flow: FlowDefinition) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """The way through a flow, without what is said of its steps."""
    return frozenset((node.name, node.type) for node in flow.nodes), frozenset(_keyed(flow))


def _keyed(flow: FlowDefinition) -> dict[str, FlowEdge]:
    """Ways by what they join: their names say nothing."""
    return dict(zip(_keys((edge.source, edge.target) for edge in flow.edges), flow.edges, strict=True))


def _keys(ways: Iterable[tuple[str, str]]) -> list[str]:
    """Of ways by where they begin and end; of two between the same nodes the second has a number."""
    seen: Counter[str] = Counter()
    found = []
    for source, target in ways:
        ends = f"{source}>{target}"
        seen[ends] += 1
        found.append(ends if seen[ends] == 1 else f"{ends}#{seen[ends]}")
    return found


def _ways_together(flows: Flows) -> tuple[frozenset[str], frozenset[str]] | None:
    """The nodes and ways of both together; None where they cannot be put together node by node."""
    before, ours, theirs = (_signed(one) for one in flows)
    if ours[0] | theirs[0] and any(many > 1 for many in Counter(name for name, _ in ours[0] | theirs[0]).values()):
        return None
    nodes = _three(*(frozenset(name for name, _ in one[0]) for one in (before, ours, theirs)))
    if _changed_what_went(flows, nodes):
        return None
    ways = _three(before[1], ours[1], theirs[1])
    if ours == theirs or before in (ours, theirs):
        return nodes, ways
    for name in nodes:
        out = [_out(one, name) for one in (before[1], ours[1], theirs[1])]
        is_fork = any(isinstance(one.named_nodes.get(name), GatewayNode) for one in flows)
        if out[1] != out[2] and out[0] not in (out[1], out[2]) and not is_fork:
            return None
    ends = {end for way in ways for end in way.split("#")[0].split(">")}
    return (nodes, ways) if ends <= nodes and _is_sound(flows, nodes, ways) else None


def _three(before: frozenset[str], ours: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    """What both have, and what one of them has added."""
    return (ours & theirs) | (ours - before) | (theirs - before)


def _out(ways: frozenset[str], name: str) -> frozenset[str]:
    return frozenset(one for one in ways if one.startswith(f"{name}>"))


def _changed_what_went(flows: Flows, nodes: Collection[str]) -> bool:
    """Whether one side has changed a step that the other one took out."""
    before, ours, theirs = flows
    for name, node in before.named_nodes.items():
        left = [one.named_nodes[name] for one in (ours, theirs) if name in one.named_nodes]
        if name not in nodes and any(_bare(one) != _bare(node) for one in left):
            return True
    return False


def _is_sound(flows: Flows, nodes: frozenset[str], ways: frozenset[str]) -> bool:
    """Whether each node lies between the start and an end, and forks and joins have a sense."""
    _, ours, theirs = flows
    known = {**theirs.named_nodes, **ours.named_nodes}
    edges = {**_keyed(theirs), **_keyed(ours)}
    drawn = {
        "format": 1,
        "title": ours.title,
        "owner": ours.owner.model_dump(mode="json"),
        "nodes": [known[name].model_dump(mode="json", exclude_unset=True) for name in known if name in nodes],
        "edges": _free_names([edges[way].model_dump(mode="json", exclude_unset=True) for way in sorted(ways)], nodes),
    }
    try:
        flow = read_flow(drawn)
    except Invalid:
        return False
    return not list(shape_faults(flow)) and not list(token_faults(flow))


def _free_names(edges: list[Json], nodes: Collection[str]) -> list[Json]:
    """Each way with a name that nothing else has."""
    taken, found = set(nodes), []
    for edge in edges:
        name = str(edge["name"])
        if name in taken:
            name = next(one for at in range(1, 10_000) if (one := f"way_{at}") not in taken)
        taken.add(name)
        found.append({**edge, "name": name})
    return found


def _bare(node: BaseNode) -> Json:
    return {name: value for name, value in node.model_dump(mode="json").items() if name not in _PLACED}


def _redrawn(before: FlowDefinition, after: FlowDefinition) -> str:
    said = [one.said for one in compare_flows(before, after)]
    more = f"等 {len(said)} 处" if len(said) > _MOST_TOLD else ""
    return "".join(said[:_MOST_TOLD]) + more


def _with_fields_of(whole: Json, form: FormDefinition | None) -> Json:
    """Without rights to fields that the form has not."""
    if form is None:
        return whole
    for node in whole["nodes"]:
        if node.get("fields"):
            node["fields"] = {name: right for name, right in node["fields"].items() if name in form.named_fields}
    return whole


class _Together:
    def __init__(
        self,
        flows: Flows,
        ways: tuple[frozenset[str], frozenset[str]],
        choices: Mapping[str, Side],
        name_of: Naming,
    ) -> None:
        self._flows = flows
        self._nodes, self._ways = ways
        self._with = Reconciling(choices)
        self._words = three(FlowWords(one, None) for one in flows)
        self._name_of = name_of

    def done(self, form: FormDefinition | None) -> ReconciledFlow:
        _, ours, theirs = self._flows
        whole: Json = {"format": 1}
        whole |= self._with.attributes(
            "flow",
            "流程",
            three(map(_head, self._flows)),
            titles=lambda name: {"title": "名称", "hint": "说明", "owner": "负责人"}[name],
            telling=lambda name, side: self._head_word(name, of_side(self._flows, side)),
        )
        nodes = {name: self._node(name) for name in dict.fromkeys([*ours.named_nodes, *theirs.named_nodes])}
        made = {name: node for name, node in nodes.items() if node is not None}
        orders = three(list(one.named_nodes) for one in self._flows)
        order = self._with.ordered("nodes.order", "", *orders, made, is_silent=True)
        whole["nodes"] = [made[name] for name in order]
        whole["edges"] = _free_names(self._edges(), made)
        self._place(whole)
        return ReconciledFlow(_with_fields_of(whole, form), tuple(self._with.clashes))

    def _head_word(self, name: str, flow: FlowDefinition) -> str:
        return who_in_words(flow.owner, flow, self._name_of) if name == "owner" else plain_word(getattr(flow, name))

    def _node(self, name: str) -> Json | None:
        if name not in self._nodes:
            return None
        own = three(one.named_nodes.get(name) for one in self._flows)
        things = three(map(_thing, own))
        said = "环节" + next(called(one) for one in own[1:] if one)
        is_both = bool(own[1] and own[2])
        written = self._with.attributes(
            f"step.{name}",
            said,
            things,
            titles=lambda one: ATTRIBUTES.get(one, one),
            telling=lambda one, side: self._word(one, side, of_side(own, side)),
            but=_MAPPED | set(_PLACED) if is_both else (),
        )
        mapped = sorted(_MAPPED & things[1].full.keys()) if things[1] and is_both else ()
        for one in mapped:
            maps = three(dict(thing.full.get(one) or {}) if thing else {} for thing in things)
            found = self._with.mapping(
                f"step.{name}.{one}",
                f"{said}的{ATTRIBUTES[one]}",
                *maps,
                label=lambda field: f"“{field}”",
                word=lambda value: _WORDS["otherwise"].get(value, str(value)) if value else "没有写",
            )
            if found or (things[1] and one in things[1].written):
                written[one] = found
        return written

    def _word(self, name: str, side: Side, node: Any) -> str:
        value, flow = getattr(node, name, None), of_side(self._flows, side)
        if name in {"who", "fallback", "keeper"} and value:
            return who_in_words(value, flow, self._name_of)
        if isinstance(value, StepLimit):
            return limit_text(value)
        if name == "copies":
            return "、".join(who_in_words(one, flow, self._name_of) for one in value or ()) or "无"
        dumped = node.model_dump(mode="json").get(name)
        if name == "acts":
            return "、".join(ACT_WORDS.get(one, one) for one in dumped) or "无"
        return _WORDS.get(name, {}).get(dumped) or plain_word(dumped) if isinstance(dumped, str) else plain_word(dumped)

    def _edges(self) -> list[Json]:
        keyed = three(map(_keyed, self._flows))
        nodes = {**self._flows[2].named_nodes, **self._flows[1].named_nodes}
        made: dict[str, Json] = {}
        for way in dict.fromkeys([*keyed[1], *keyed[2]]):
            if way not in self._ways:
                continue
            own = three(one.get(way) for one in keyed)
            known = next(one for one in own[1:] if one)
            made[way] = self._with.attributes(
                f"way.{way}",
                f"{called(nodes[known.source])}到{called(nodes[known.target])}的连线",
                three(map(_thing, own)),
                titles=lambda one: ATTRIBUTES.get(one, one),
                telling=self._telling_of_way(own),
                but={"bends", "name"} if own[1] and own[2] else (),
            )
            made[way]["name"] = known.name
        order = self._with.ordered("edges.order", "", *three(map(list, keyed)), made, is_silent=True)
        return [made[way] for way in order]

    def _telling_of_way(self, own: Three[FlowEdge | None]) -> Telling:
        def told(name: str, side: Side) -> str:
            edge = of_side(own, side)
            if edge and name == "condition" and edge.condition:
                return of_side(self._words, side).condition(edge)
            return plain_word(getattr(edge, name))

        return told

    def _place(self, whole: Json) -> None:
        """Where signs stand: as the side has them whose way it is; nowhere, so that it is drawn anew, where it is
        neither's."""
        before, ours, theirs = self._flows
        signed = frozenset((one["name"], one["type"]) for one in whole["nodes"]), self._ways
        chosen = None
        if signed == _signed(ours) and (signed != _signed(theirs) or _places(ours) != _places(before)):
            chosen = ours
        elif signed == _signed(theirs):
            chosen = theirs
        places, bends = _places(chosen) if chosen else ({}, {})
        for node in whole["nodes"]:
            for name in _PLACED:
                node.pop(name, None)
            node.update(places.get(node["name"], {}))
        keys = _keys((edge["source"], edge["target"]) for edge in whole["edges"])
        for edge, way in zip(whole["edges"], keys, strict=True):
            edge.pop("bends", None)
            edge.update(bends.get(way, {}))


def _places(flow: FlowDefinition) -> tuple[dict[str, Json], dict[str, Json]]:
    nodes = {node.name: node.model_dump(mode="json", include=set(_PLACED), exclude_unset=True) for node in flow.nodes}
    ways = {
        way: edge.model_dump(mode="json", include={"bends"}, exclude_unset=True) for way, edge in _keyed(flow).items()
    }
    return nodes, ways


def _thing(one: BaseNode | FlowEdge | None) -> Thing | None:
    return Thing(one.model_dump(mode="json"), one.model_dump(mode="json", exclude_unset=True)) if one else None


def _head(flow: FlowDefinition) -> Thing:
    of = {"title", "hint", "owner"}
    return Thing(flow.model_dump(mode="json", include=of), flow.model_dump(mode="json", include=of, exclude_unset=True))
