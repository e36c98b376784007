"""Flows as offices would draw them, and flows of any kind for hypothesis."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from standards.flows.definition import FlowDefinition
from standards.flows.reading import read_flow
from standards.forms.definition import FormDefinition
from standards.forms.reading import read_definition

OWNER: Final = {"kind": "role", "role": "hall_admin"}

LEAVE_FORM: Final[FormDefinition] = read_definition(
    {
        "format": 1,
        "title": "请假单",
        "parts": [
            {
                "name": "main",
                "label": "请假",
                "fields": [
                    {"type": "number", "name": "days", "label": "请假天数", "required": True},
                    {"type": "short_text", "name": "reason", "label": "事由"},
                    {
                        "type": "computed",
                        "name": "twice",
                        "label": "两倍",
                        "expression": "days * 2",
                        "result": "number",
                    },
                    {"type": "short_text", "name": "stand_in", "label": "代理人"},
                ],
            }
        ],
    }
)

LEAVE: Final[Mapping[str, Any]] = {
    "format": 1,
    "title": "请假",
    "owner": OWNER,
    "nodes": [
        {"type": "start", "name": "begin", "label": "填写请假单"},
        {
            "type": "step",
            "name": "leader",
            "label": "部门负责人审批",
            "who": {"kind": "initiators_leader"},
            "fallback": OWNER,
            "outcomes": [
                {"code": "agreed", "label": "同意"},
                {"code": "refused", "label": "不同意", "is_favourable": False},
            ],
            "limit": {"amount": 1},
            "acts": ["return_previous", "add_beside"],
            "fields": {"reason": "read"},
        },
        {"type": "exclusive", "name": "long", "label": "超过三天？"},
        {
            "type": "step",
            "name": "together",
            "label": "分管领导会签",
            "who": {"kind": "title", "title": "副主任"},
            "sharing": "all",
            "outcomes": [{"code": "agreed", "label": "同意"}],
            "limit": {"amount": 2},
        },
        {"type": "exclusive", "name": "meet"},
        {
            "type": "step",
            "name": "file",
            "label": "人事登记",
            "who": {"kind": "role", "role": "clerk"},
            "risk": {"grade": "low", "risk": "漏登"},
        },
        {"type": "end", "name": "done", "label": "结束"},
    ],
    "edges": [
        {"name": "e1", "source": "begin", "target": "leader"},
        {"name": "e2", "source": "leader", "target": "long"},
        {"name": "e3", "source": "long", "target": "together", "label": "超过", "condition": "days > 3"},
        {"name": "e4", "source": "long", "target": "meet", "is_default": True},
        {"name": "e5", "source": "together", "target": "meet"},
        {"name": "e6", "source": "meet", "target": "file"},
        {"name": "e7", "source": "file", "target": "done"},
    ],
}


def _node_of(text: str) -> dict[str, Any]:
    kind, name = text.split()
    node: dict[str, Any] = {"type": kind, "name": name, "label": name.upper()}
    return node | ({"who": {"kind": "role", "role": "clerk"}} if kind == "step" else {})


def flow_of(nodes: Sequence[Mapping[str, Any] | str], ways: Sequence[str], **attributes: Any) -> FlowDefinition:
    """A flow in short: a node as its JSON or as ``type name``, a way as ``source target [default | condition]``."""
    written = [_node_of(node) if isinstance(node, str) else node for node in nodes]
    edges = []
    for number, way in enumerate(ways):
        source, target, *rest = way.split(maxsplit=2)
        condition = rest[0] if rest and rest[0] != "default" else ""
        edge = {"name": f"w{number}", "source": source, "target": target, "is_default": rest == ["default"]}
        edges.append(edge | ({"condition": condition} if condition else {}))
    return read_flow({"format": 1, "title": "流程", "owner": OWNER, "nodes": written, "edges": edges, **attributes})


_NAMES = st.from_regex(r"[a-z](_?[a-z0-9]){0,6}\Z", fullmatch=True)
_LABELS = st.one_of(
    st.just(""),
    st.sampled_from(["审批", "<b>&amp;\"'", "]]>", "{{ 7*7 }}", "${1+1}", "初审 复审", "👨"]),
    st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=8).filter(lambda text: text == text.strip()),
)
_WORDS = _LABELS.filter(bool)
_UNIT = st.none() | st.uuids().map(str)
_WHO = st.one_of(
    st.builds(lambda role: {"kind": "role", "role": role}, st.sampled_from(["clerk", "hall_admin"])),
    st.just({"kind": "initiator"}),
    st.builds(lambda many: {"kind": "initiators_leader", "levels": many}, st.integers(1, 5)),
    st.builds(lambda text: {"kind": "title", "title": text}, _WORDS),
    st.builds(lambda one: {"kind": "people", "account_ids": [str(one)]}, st.uuids()),
    st.builds(
        lambda unit, is_leading: {"kind": "on_duty", "unit_id": unit, "leading": is_leading}, _UNIT, st.booleans()
    ),
)
_LIMIT = st.fixed_dictionaries(
    {
        "amount": st.integers(1, 30),
        "unit": st.sampled_from(["working_days", "working_hours", "days", "hours"]),
    }
)
_PLACE = {"x": st.one_of(st.none(), st.integers(0, 2_000)), "y": st.one_of(st.none(), st.integers(0, 2_000))}
_RIGHTS = st.dictionaries(st.sampled_from(["days", "reason"]), st.sampled_from(["hidden", "read", "write", "required"]))


def _node(kind: str, **attributes: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **attributes}, optional={"label": _LABELS} | _PLACE)


_NODES = st.one_of(
    _node("start", fields=_RIGHTS),
    _node("end", terminates=st.booleans(), is_refused=st.booleans()),
    st.fixed_dictionaries(
        {"type": st.just("step"), "label": _WORDS, "who": _WHO},
        optional={
            "hint": st.text(st.characters(categories=["L", "P"], include_characters="\n"), max_size=20),
            "sharing": st.sampled_from(["any", "all", "share", "veto", "in_turn"]),
            "outcomes": st.just([{"code": "agreed", "label": "同意"}]),
            "acts": st.lists(st.sampled_from(["transfer", "copy", "urge"]), unique=True),
            "fields": _RIGHTS,
            "limit": _LIMIT,
            "risk": st.just({"grade": "high", "risk": "收钱\n<script>"}),
            "copies": st.lists(_WHO, max_size=2),
            "free": st.booleans(),
        }
        | _PLACE,
    ),
    _node("exclusive"),
    _node("parallel"),
    _node("inclusive"),
    _node("timer", wait=_LIMIT),
    _node("message", message=_NAMES),
    st.fixed_dictionaries(
        {"type": st.just("call"), "label": _WORDS, "flow": _NAMES}, optional={"waits": st.booleans()} | _PLACE
    ),
    st.fixed_dictionaries(
        {"type": st.just("plugin"), "label": _WORDS, "plugin": _NAMES},
        optional={"given": st.just({"days": "amount"}), "keeper": _WHO} | _PLACE,
    ),
)


@st.composite
def any_flow(draw: st.DrawFn) -> FlowDefinition:
    """A flow that can be drawn; whether it makes sense is another matter."""
    nodes = draw(st.lists(_NODES, min_size=2, max_size=8))
    names = draw(st.lists(_NAMES, min_size=len(nodes), max_size=len(nodes), unique=True))
    ends = st.sampled_from([f"n_{name}" for name in names])
    edges = draw(
        st.lists(
            st.fixed_dictionaries(
                {"source": ends, "target": ends},
                optional={
                    "label": _LABELS,
                    "condition": st.sampled_from(["days > 3", 'reason == "<&>"', "一 二", "  "]),
                    "is_default": st.booleans(),
                    "bends": st.lists(st.tuples(st.integers(-50, 900), st.integers(0, 900)), max_size=3),
                },
            ),
            min_size=1,
            max_size=10,
        )
    )
    return read_flow(
        {
            "format": 1,
            "title": draw(_WORDS),
            "owner": draw(_WHO),
            "nodes": [node | {"name": f"n_{name}"} for node, name in zip(nodes, names, strict=True)],
            "edges": [edge | {"name": f"e{number}"} for number, edge in enumerate(edges)],
        }
    )
