"""What people do to a flow in its table: each act gives a whole new flow, or says in Chinese why it cannot.

Who changes the way of a flow here has its drawing laid out anew: places that somebody gave no longer fit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import ValidationError, validate_call

from foundation.errors import Conflict, Invalid
from standards.flows.definition import FlowDefinition
from standards.flows.graph import arrows_of, called, reached
from standards.flows.nodes import NODE_TITLES, BaseNode, EndNode, GatewayNode, StartNode
from standards.flows.people import AnyWho
from standards.flows.reading import read_flow

Json = dict[str, Any]
_PLACED: Final = ("x", "y")


def first_flow(title: str, owner: AnyWho) -> FlowDefinition:
    """A flow from nothing: a start, a step of the initiator's leader, an end."""
    return read_flow(
        {
            "format": 1,
            "title": title,
            "owner": owner.model_dump(mode="json"),
            "nodes": [
                {"type": "start", "name": "begin", "label": "填写表单"},
                _step("approval", "审批"),
                {"type": "end", "name": "finish", "label": "结束"},
            ],
            "edges": [
                {"name": "way_1", "source": "begin", "target": "approval"},
                {"name": "way_2", "source": "approval", "target": "finish"},
            ],
        }
    )


def _step(name: str, label: str) -> Json:
    return {
        "type": "step",
        "name": name,
        "label": label,
        "who": {"kind": "initiators_leader"},
        "outcomes": [
            {"code": "agreed", "label": "同意"},
            {"code": "refused", "label": "不同意", "is_favourable": False},
        ],
        "acts": ["copy", "return_previous", "transfer", "withdraw"],
    }


class _Draft:
    """A flow's JSON while it is being changed."""

    def __init__(self, flow: FlowDefinition) -> None:
        self.flow = flow
        self.whole = flow.as_json()
        self.nodes: list[Json] = self.whole["nodes"]
        self.edges: list[Json] = self.whole["edges"]

    def done(self) -> FlowDefinition:
        """The flow, its drawing to be laid out anew."""
        for node in self.nodes:
            for key in _PLACED:
                node.pop(key, None)
        for edge in self.edges:
            edge.pop("bends", None)
        return read_flow(self.whole)

    def fresh(self, word: str) -> str:
        taken = {one["name"] for one in (*self.nodes, *self.edges)}
        return next(name for number in range(1, 10_000) if (name := f"{word}_{number}") not in taken)

    def at(self, name: str) -> int:
        return next(place for place, node in enumerate(self.nodes) if node["name"] == name)

    def ways(self, end: str, name: str) -> list[Json]:
        return [edge for edge in self.edges if edge[end] == name]

    def add_way(self, source: str, target: str, **values: Any) -> None:
        self.edges.append({"name": self.fresh("way"), "source": source, "target": target, **values})


def _found(flow: FlowDefinition, name: str) -> BaseNode:
    if node := flow.named_nodes.get(name):
        return node
    raise Conflict("这个环节已经不在流程里了，请刷新页面。")


def add_step(flow: FlowDefinition, *, after: str, label: str = "新的环节") -> FlowDefinition:
    """Put a step behind a node. Behind a branch it is a further way, to where the others meet."""
    return _added(flow, after, lambda draft: _step(draft.fresh("step"), label))


def add_node(flow: FlowDefinition, *, after: str, node: Mapping[str, Any]) -> FlowDefinition:
    """Put a node that is no step behind another: waiting, a sub-flow, something outside. ``node`` lacks its name."""
    return _added(flow, after, lambda draft: {**node, "name": draft.fresh(str(node["type"]))})


def _added(flow: FlowDefinition, after: str, make: Callable[[_Draft], Json]) -> FlowDefinition:
    before = _found(flow, after)
    if isinstance(before, EndNode):
        raise Invalid("“结束”后面不能再加环节：请加在它前面的一行后面。")
    draft = _Draft(flow)
    node = make(draft)
    out = draft.ways("source", after)
    if len(out) > 1:
        target = _meeting(flow, after)
        draft.add_way(after, node["name"])
        draft.add_way(node["name"], target)
    else:
        for edge in out:
            edge["source"] = node["name"]
            # a condition belongs to the branch that it leaves
        draft.add_way(after, node["name"])
    draft.nodes.insert(draft.at(after) + 1, node)
    return draft.done()


def _meeting(flow: FlowDefinition, fork: str) -> str:
    """Where all ways of a branch come together first; an end where they do not."""
    followers, _ = arrows_of(flow)
    common = set.intersection(*(reached(followers, [edge.target]) for edge in flow.ways_out[fork]))
    common.discard(fork)
    # the first is the one from which all others are reached
    for name in [node.name for node in flow.nodes if node.name in common]:
        if common <= reached(followers, [name]):
            return name
    ends = [node.name for node in flow.nodes if isinstance(node, EndNode)]
    if not ends:
        raise Invalid("流程还没有“结束”，不知道新的一路通到哪里：请先加一个“结束”。")
    return ends[-1]


def add_end(flow: FlowDefinition, *, label: str = "结束") -> FlowDefinition:
    """Add an end, to which ways can then be turned."""
    draft = _Draft(flow)
    draft.nodes.append({"type": "end", "name": draft.fresh("finish"), "label": label})
    return draft.done()


def add_branch(
    flow: FlowDefinition, *, after: str, kind: Literal["exclusive", "parallel", "inclusive"]
) -> FlowDefinition:
    """Put a branch with two steps behind a node, and its join."""
    before = _found(flow, after)
    out = flow.ways_out[after]
    if isinstance(before, EndNode) or len(out) != 1:
        said = f"{called(before)}后面不是只有一条路，不能在这里加分支：请加在一个环节后面。"
        raise Invalid(said)
    draft = _Draft(flow)
    fork, join = draft.fresh("fork"), draft.fresh("join")
    first, second = draft.fresh("step"), draft.fresh("other")
    draft.nodes[draft.at(after) + 1 : draft.at(after) + 1] = [
        {"type": kind, "name": fork, "label": NODE_TITLES[kind]},
        _step(first, "第一路"),
        _step(second, "第二路"),
        {"type": kind, "name": join, "label": "汇合"},
    ]
    draft.ways("source", after)[0]["source"] = join
    draft.add_way(after, fork)
    draft.add_way(fork, first)
    draft.add_way(fork, second, **({} if kind == "parallel" else {"is_default": True}))
    draft.add_way(first, join)
    draft.add_way(second, join)
    return draft.done()


def delete_node(flow: FlowDefinition, *, name: str) -> FlowDefinition:
    """Take a node out; what led to it leads on to what followed it."""
    node = _found(flow, name)
    out = flow.ways_out[name]
    if isinstance(node, StartNode):
        raise Invalid("“开始”不能删去。")
    if isinstance(node, EndNode) and len([one for one in flow.nodes if isinstance(one, EndNode)]) == 1:
        raise Invalid("流程至少要有一个“结束”。")
    if isinstance(node, EndNode) and flow.ways_in[name]:
        raise Invalid(f"还有环节通到{called(node)}：请先让它们通到别处。")
    if len(out) > 1:
        raise Invalid(f"{called(node)}分出了 {len(out)} 路：请先删去其中的环节，只留一路。")
    draft = _Draft(flow)
    target = out[0].target if out else ""
    for edge in draft.ways("target", name):
        edge["target"] = target
    draft.edges[:] = [edge for edge in draft.edges if edge["source"] != name and edge["target"]]
    _drop_empty(draft)
    draft.nodes[:] = [one for one in draft.nodes if one["name"] != name]
    if not draft.edges:
        raise Invalid("这是最后一条连线，不能删去。")
    return draft.done()


def _drop_empty(draft: _Draft) -> None:
    """A branch of which two ways lead to the same place has one of them, and none leads to itself."""
    kept: dict[tuple[str, str], Json] = {}
    for edge in draft.edges:
        ends = edge["source"], edge["target"]
        if ends[0] != ends[1] and (ends not in kept or edge.get("is_default")):
            kept[ends] = edge
    draft.edges[:] = kept.values()


def move_node(flow: FlowDefinition, *, name: str, up: bool) -> FlowDefinition:
    """Let a node change places with the one before or after it on the same way."""
    node = _found(flow, name)
    neighbours = flow.ways_in[name] if up else flow.ways_out[name]
    other = neighbours[0].source if up and neighbours else neighbours[0].target if neighbours else ""
    first, second = (other, name) if up else (name, other)
    if not other or not all(_is_plain(flow, one) for one in (first, second)):
        side = "前面" if up else "后面"
        said = f"{called(node)}的{side}是开始、结束或分支，不能再移动：请改“下一步”。"
        raise Invalid(said)
    draft = _Draft(flow)
    into = draft.ways("target", first)
    between = draft.ways("source", first)[0]
    after = draft.ways("source", second)[0]
    for edge in into:
        edge["target"] = second
    between["source"], between["target"] = second, first
    after["source"] = first
    one, two = draft.at(first), draft.at(second)
    draft.nodes[one], draft.nodes[two] = draft.nodes[two], draft.nodes[one]
    return draft.done()


def _is_plain(flow: FlowDefinition, name: str) -> bool:
    node = flow.named_nodes[name]
    is_single = len(flow.ways_in[name]) >= 1 and len(flow.ways_out[name]) == 1
    return is_single and not isinstance(node, StartNode | EndNode | GatewayNode)


def change_node(
    flow: FlowDefinition, *, name: str, values: Mapping[str, Any], ways: Sequence[Mapping[str, Any]] | None = None
) -> FlowDefinition:
    """Set attributes of a node, where None takes one away; ``ways``: as ``change_ways`` has it, where they change too.
    The drawing stays as long as the node leads to the same ones."""
    _found(flow, name)
    if ways is not None:
        flow = _with_ways(flow, name, ways)
    whole = flow.as_json()
    node = next(one for one in whole["nodes"] if one["name"] == name)
    node |= values
    for key in [key for key, value in values.items() if value is None]:
        node.pop(key)
    return read_flow(whole)


def _with_ways(flow: FlowDefinition, name: str, ways: Sequence[Mapping[str, Any]]) -> FlowDefinition:
    old = flow.ways_out[name]
    if [edge.target for edge in old] != [way.get("target") for way in ways]:
        return change_ways(flow, name=name, ways=ways)
    whole = flow.as_json()
    by_name = {edge["name"]: edge for edge in whole["edges"]}
    for edge, way in zip(old, ways, strict=True):
        for key in ("label", "condition", "is_default"):
            by_name[edge.name].pop(key, None)
            if way.get(key):
                by_name[edge.name][key] = way[key]
    return read_flow(whole)


def change_ways(flow: FlowDefinition, *, name: str, ways: Sequence[Mapping[str, Any]]) -> FlowDefinition:
    """Say anew where a node leads: for each way ``target``, and ``label``, ``condition``, ``is_default``. A way to
    where one led already keeps its name."""
    node = _found(flow, name)
    if isinstance(node, EndNode) and ways:
        raise Invalid("“结束”后面不能再有连线。")
    draft = _Draft(flow)
    old = {edge["target"]: edge["name"] for edge in draft.ways("source", name)}
    at = next((place for place, edge in enumerate(draft.edges) if edge["source"] == name), len(draft.edges))
    draft.edges[:] = [edge for edge in draft.edges if edge["source"] != name]
    for offset, way in enumerate(ways):
        kept = {key: value for key, value in way.items() if value and key != "name"}
        called_way = old.pop(kept.get("target", ""), "") or draft.fresh("way")
        draft.edges.insert(at + offset, {**kept, "name": called_way, "source": name})
    if not draft.edges:
        raise Invalid("流程至少要有一条连线。")
    return draft.done()


def change_whole(flow: FlowDefinition, *, values: Mapping[str, Any]) -> FlowDefinition:
    """Set what is said of the whole: ``title``, ``hint``, ``owner``."""
    return read_flow({**flow.as_json(), **values})


_CHANGES: Final[Mapping[str, Callable[..., FlowDefinition]]] = {
    one.__name__: validate_call(one)
    for one in (
        *(add_step, add_node, add_end, add_branch, delete_node, move_node),
        *(change_node, change_ways, change_whole),
    )
}


def apply_change(flow: FlowDefinition, act: str, given: Mapping[str, Any]) -> FlowDefinition:
    """Do one of these acts by its name. Raises Invalid for an unknown one, and where what it needs is not given."""
    change = _CHANGES.get(act)
    if change is None:
        message = f"没有“{act[:40]}”这种改动，可用的有：{'、'.join(_CHANGES)}。"
        raise Invalid.at("act", message)
    try:
        return change(flow, **given)
    except ValidationError as error:
        named = "、".join(sorted({str(one["loc"][0]) for one in error.errors(include_url=False)}))
        message = f"这个改动要的内容不对或者没有给全：{named}。"
        raise Invalid.at("given", message) from None
