"""What a flow lacks to be published, each by the name of a node or way; what is no flow is refused when it is read."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.errors import Invalid
from standards.flows.checks import FlowContext, check_flow, tokens
from standards.flows.conditions import check_condition, holds, names_of_flow
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import StepLimit
from standards.flows.people import AnyWho, ByTitle
from standards.flows.plugins import PluginPort, PluginPorts
from standards.flows.reading import read_flow
from standards.forms.expressions.kinds import ValueKind
from tests.standards.flow_samples import LEAVE, LEAVE_FORM, OWNER, flow_of

_TWO = ["a f", "f b", "f c", "b j", "c j", "j y", "y z"]


def _two(fork: str, join: str, *, condition: str = "") -> FlowDefinition:
    ways = _TWO if not condition else ["a f", f"f b {condition}", "f c default", *_TWO[3:]]
    return flow_of(["start a", f"{fork} f", "step b", "step c", f"{join} j", "step y", "end z"], ways)


def _step(name: str, **values: Any) -> dict[str, Any]:
    return {"type": "step", "name": name, "label": name.upper(), "who": {"kind": "role", "role": "clerk"}, **values}


def _line(*nodes: dict[str, Any], **whole: Any) -> FlowDefinition:
    names = ["a", *(node["name"] for node in nodes), "z"]
    ways = [f"{one} {other}" for one, other in pairwise(names)]
    return flow_of(["start a", *nodes, "end z"], ways, **whole)


_WHOLE = ["start a", "step b", "end z"]
_FORK = ["start a", "exclusive g", "step b", "step c", "exclusive j", "end z"]
_READ_ALL = {"type": "start", "name": "a", "otherwise": "read"}
# flow, where the fault is, words of it
FAULTS: dict[str, tuple[FlowDefinition, str, str]] = {
    "no start": (flow_of(["step b", "end z"], ["b z"]), "", "没有开始"),
    "two starts": (flow_of(["start a", "start b", "step c", "end z"], ["a c", "b c", "c z"]), "b", "多出来的开始"),
    "no end": (flow_of(["start a", "step b"], ["a b"]), "", "没有结束"),
    "unreachable": (flow_of([*_WHOLE, "step x"], ["a b", "b z", "x z"]), "x", "走不到“X”"),
    "dead end": (flow_of([*_WHOLE, "step x"], ["a b", "b x"]), "x", "“X”后面没有路"),
    "before the start": (flow_of(_WHOLE, ["a b", "b z", "b a"]), "a", "前面不能有连线"),
    "behind the end": (flow_of(_WHOLE, ["a b", "b z", "z b"]), "z", "后面不能再有连线"),
    "several ways without a gateway": (flow_of([*_WHOLE, "end y"], ["a b", "b z", "b y"]), "b", "几条路"),
    "to itself": (flow_of(_WHOLE, ["a b", "b b", "b z"]), "b", "连到了自己"),
    "loop without a way out": (
        flow_of(
            ["start a", "exclusive g", "step b", "step c", "end z"],
            ["a g", "g b days > 1", "g z default", "b c", "c b"],
        ),
        "b",
        "“B” → “C”绕成了圈，出不来",
    ),
    "spinning": (
        flow_of(
            ["start a", "exclusive g", "exclusive h", "end z"], ["a g", "g h default", "h g days > 1", "h z default"]
        ),
        "g",
        "一直空转",
    ),
    "fork without join": (_two("parallel", "exclusive"), "j", "办两遍"),
    "join without fork": (_two("exclusive", "parallel", condition="days > 1"), "j", "一直停在这里"),
    "some ways joined as one": (_two("inclusive", "exclusive", condition="days > 1"), "j", "办两遍"),
    "some ways joined as all": (_two("inclusive", "parallel", condition="days > 1"), "j", "一直停在这里"),
    "parallel loop": (
        flow_of(["start a", "step b", "parallel f", "end z"], ["a b", "b f", "f b", "f z"]),
        "f",
        "办两遍",
    ),
    "too many at once": (
        flow_of(
            ["start a", "parallel f", *(f"step s{n}" for n in range(51)), "parallel j", "end z"],
            ["a f", *(f"f s{n}" for n in range(51)), *(f"s{n} j" for n in range(51)), "j z"],
        ),
        "",
        "最多有 51 路",
    ),
    "no default": (_two("exclusive", "exclusive"), "f", "没有默认的路"),
    "no condition": (_two("exclusive", "exclusive"), "w1", "没有写条件"),
    "two defaults": (
        flow_of(_FORK, ["a g", "g b default", "g c default", "b j", "c j", "j z"]),
        "w2",
        "只能有一条",
    ),
    "condition of an unknown name": (_two("exclusive", "exclusive", condition="dayz > 1"), "w1", "最接近的是“days”"),
    "condition of an unknown outcome": (
        _two("exclusive", "exclusive", condition='c.outcome == "done"'),
        "w1",
        "“C”不在它前面",
    ),
    "condition that is no judgement": (_two("exclusive", "exclusive", condition="days + 1"), "w1", "是或否"),
    "condition over what nobody fills in": (
        flow_of([_READ_ALL, *_FORK[1:]], ["a g", "g b twice > 1", "g c default", "b j", "c j", "j z"]),
        "w1",
        "字段“请假天数”在它前面没有人填",
    ),
    "condition beside a gateway": (flow_of(_WHOLE, ["a b", "b z days > 1"]), "w1", "没有用"),
    "needed and never filled in": (flow_of([_READ_ALL, "step b", "end z"], ["a b", "b z"]), "", "“请假天数”是必填的"),
    "right to no field": (_line(_step("b", fields={"dayz": "write"})), "b", "表单里没有这个字段"),
    "what is computed is required": (_line(_step("b", fields={"twice": "required"})), "b", "不能设为必填"),
    "chosen behind": (
        _line(_step("b", who={"kind": "chosen", "at": "c"}), _step("c")),
        "b.who",
        "那个环节不在它前面",
    ),
    "doer of nothing": (_line(_step("b", who={"kind": "doer", "step": "gone"})), "b.who", "没有这个环节"),
    "who of no field": (_line(_step("b", who={"kind": "expression", "expression": "boss"})), "b.who", "办理人不对"),
    "who of a number": (_line(_step("b", who={"kind": "expression", "expression": "days"})), "b.who", "这里要的是文字"),
    "nobody": (_line(_step("b", who={"kind": "title", "title": "没有"})), "b.who", "现在没有人能办"),
    "on duty and nobody else": (_line(_step("b", who={"kind": "on_duty"})), "b.who", "有的时候没有排班"),
    "on duty and on duty": (
        _line(_step("b", who={"kind": "on_duty"}, fallback={"kind": "on_duty", "leading": True})),
        "b.who",
        "有的时候没有排班",
    ),
    "nobody instead": (
        _line(_step("b", who={"kind": "title", "title": "没有"}, fallback={"kind": "title", "title": "没有"})),
        "b.who",
        "交给的也没有人",
    ),
    "owner nobody": (_line(_step("b"), owner={"kind": "title", "title": "没有"}), ".owner", "流程负责人现在没有人"),
    "owner unsure": (_line(_step("b"), owner={"kind": "on_duty"}), ".owner", "流程负责人不能是“值班人员”"),
    "longer than promised": (
        _line(_step("b", limit={"amount": 4}), {"type": "timer", "name": "t", "wait": {"amount": 2}}),
        "",
        "约 6 个工作日，超过承诺的 5 个工作日：最长的一条路是“B”用 4 个工作日、等待时间（t）用 2 个工作日",
    ),
    "at a limit that is not": (_line(_step("b", at_limit="pass")), "b.limit", "没有时限"),
    "reminded too early": (_line(_step("b", limit={"amount": 1}, remind_before={"amount": 1})), "b.limit", "提前"),
    "free and together": (_line(_step("b", free=True, sharing="all")), "b.sharing", "自由流转"),
    "only refusals": (
        _line(_step("b", outcomes=[{"code": "no", "label": "不", "is_favourable": False}])),
        "b.outcomes",
        "没有同意一类的",
    ),
    "calls itself": (_line({"type": "call", "name": "k", "label": "K", "flow": "own"}), "k", "调用的是这个流程自己"),
    "calls nothing": (_line({"type": "call", "name": "k", "label": "K", "flow": "none"}), "k", "没有发布"),
    "calls in a circle": (
        _line({"type": "call", "name": "k", "label": "K", "flow": "one"}),
        "k",
        "绕成了圈：own → one → two → own",
    ),
    "no such plug-in": (_line({"type": "plugin", "name": "k", "label": "K", "plugin": "none"}), "k", "这里没有"),
    "given what is not there": (
        _line({"type": "plugin", "name": "k", "label": "K", "plugin": "pay", "given": {"sum": "amount"}}),
        "k",
        "“sum”不是表单的字段",
    ),
    "result asked too early": (
        flow_of(
            [
                *("start a", "exclusive g", "step b"),
                *({"type": "plugin", "name": "k", "label": "K", "plugin": "pay"}, "end z"),
            ],
            ["a g", "g b k.paid > 1", "g k default", "b k", "k z"],
        ),
        "w1",
        "“K”不在它前面",
    ),
    "result that there is not": (
        flow_of(
            [
                *("start a", {"type": "plugin", "name": "k", "label": "K", "plugin": "pay"}),
                *("exclusive g", "step b", "end z"),
            ],
            ["a k", "k g", "g b k.colour > 1", "g z default", "b z"],
        ),
        "w2",
        "k.colour",
    ),
}


def _people(who: AnyWho) -> int | None:
    return 0 if isinstance(who, ByTitle) and who.title == "没有" else 1


CONTEXT = FlowContext(
    count_people=_people,
    promise=StepLimit(amount=5),
    code="own",
    calls={"one": ["two"], "two": ["own"]},
    plugins={
        "pay": PluginPorts("缴费", {"sum": PluginPort("金额")}, {"paid": PluginPort("实缴", ValueKind.NUMBER)}),
    },
)


class TestCheckFlow:
    def test_names_each_fault_by_its_place(self) -> None:
        strays = []
        for case, (flow, where, words) in FAULTS.items():
            found = check_flow(flow, LEAVE_FORM, CONTEXT)
            if not any(fault.where == where and words in fault.message for fault in found):
                strays.append((case, where, words, found))
        assert strays == []

    def test_finds_nothing_in_what_is_right(self) -> None:
        loop = flow_of(["start a", "step b", "exclusive g", "end z"], ["a b", "b g", "g b days > 1", "g z default"])
        ends = flow_of(
            ["start a", "parallel f", "step b", "step c", "end y", "end z"], ["a f", "f b", "f c", "b y", "c z"]
        )
        nested = flow_of(
            [
                "start a",
                "parallel f",
                "inclusive g",
                "step b",
                "step c",
                "inclusive h",
                "step y",
                "parallel j",
                "end z",
            ],
            ["a f", "f g", "f y", "g b days > 1", "g c default", "b h", "c h", "h j", "y j", "j z"],
        )
        crossed = flow_of(
            [
                "start a",
                "parallel f",
                "step b",
                "step c",
                "parallel g",
                "step x",
                "step e",
                "parallel j",
                "parallel k",
                "end z",
            ],
            ["a f", "f b", "f c", "b g", "g x", "g j", "c j", "x k", "j e", "e k", "k z"],
        )
        killed = flow_of(
            [
                *("start a", "parallel f", "step b", "exclusive g", "step c", "parallel j"),
                *({"type": "end", "name": "y", "terminates": True}, "end z"),
            ],
            ["a f", "f b", "b g", "g y days > 1", "g j default", "f c", "c j", "j z"],
        )
        right = {
            "leave": read_flow(LEAVE),
            "loop": loop,
            "ends": ends,
            "nested": nested,
            "crossed": crossed,
            "killed": killed,
            "all joined as some": _two("parallel", "inclusive"),
            "known": _line(_step("b"), _step("c", who={"kind": "doer", "step": "b"})),
            "as promised": _line(_step("b", limit={"amount": 5})),
        }
        assert {case: found for case, flow in right.items() if (found := check_flow(flow, LEAVE_FORM, CONTEXT))} == {}

    def test_ends_with_the_widest_and_longest_flows(self) -> None:
        ladder = ["a p0", *(f"p{n} q{n}" for n in range(60)), *(f"p{n} p{n + 1}" for n in range(59)), "p59 j"]
        nodes = [
            "start a",
            *(f"parallel p{n}" for n in range(60)),
            *(f"step q{n}" for n in range(60)),
            "exclusive j",
            "end z",
        ]
        tangled = flow_of(nodes, [*ladder, *(f"q{n} j" for n in range(60)), "j z"])
        assert check_flow(tangled, None) != []
        chain = [_step(f"s{n}", limit={"amount": 1}) for n in range(497)]
        assert [fault.where for fault in check_flow(_line(*chain), LEAVE_FORM, CONTEXT)] == [""]


def _brute_force(flow: FlowDefinition) -> bool:
    """Whether a join can wait for ever or a way be walked twice, played without any folding."""
    edges = {edge.name: edge for edge in flow.edges}
    start = next(node.name for node in flow.nodes if node.type == "start")
    first = frozenset(edge.name for edge in flow.ways_out[start])
    seen, waiting = {first}, [first]
    while waiting:
        marking = waiting.pop()
        followers: list[frozenset[str]] = []
        for node in flow.nodes:
            into = {edge.name for edge in flow.ways_in[node.name]}
            here = into & marking
            if not here:
                continue
            is_all = node.type == "parallel"
            takes = ([here] if here == into else []) if is_all else [{one} for one in here]
            out = [edge.name for edge in flow.ways_out[node.name]]
            for taken in takes:
                rest = marking - taken
                for given_ways in [out] if is_all or node.type == "end" else [[one] for one in out]:
                    if rest & set(given_ways):
                        return True
                    followers.append(rest | set(given_ways))
        if marking and not followers:
            return True
        for follower in followers:
            if follower not in seen:
                seen.add(follower)
                waiting.append(follower)
        assert len(seen) < 20_000, edges
    return False


@st.composite
def _wired(draw: st.DrawFn) -> FlowDefinition | None:
    """Blocks in one another, with one of their ways or kinds changed at random."""
    nodes, ways = ["start a"], []
    count = iter(range(1_000))

    def block(source: str, depth: int) -> str:
        kind = draw(st.sampled_from(["step", "exclusive", "parallel"] if depth else ["step"]))
        number = next(count)
        if kind == "step":
            nodes.append(f"step s{number}")
            ways.append([source, f"s{number}"])
            return f"s{number}"
        join = draw(st.sampled_from([kind, kind, kind, "exclusive", "parallel"]))
        nodes.extend([f"{kind} f{number}", f"{join} j{number}"])
        ways.append([source, f"f{number}"])
        ways.extend([block(f"f{number}", depth - 1), f"j{number}"] for _ in range(draw(st.integers(2, 3))))
        return f"j{number}"

    last = "a"
    for _ in range(draw(st.integers(1, 2))):
        last = block(last, 2)
    nodes.append("end z")
    ways.append([last, "z"])
    if draw(st.booleans()):
        draw(st.sampled_from(ways[1:]))[1] = draw(st.sampled_from([node.split()[1] for node in nodes[1:]]))
    return flow_of(nodes, [" ".join(way) for way in ways])


class TestTokens:
    @settings(max_examples=150, deadline=None)
    @given(_wired())
    def test_folding_finds_what_playing_every_marking_finds(self, flow: FlowDefinition) -> None:
        if list(_shape(flow)):
            return
        assert bool(tokens.token_faults(flow)) == _brute_force(flow)


def _shape(flow: FlowDefinition) -> Iterator[Any]:
    from standards.flows.checks.shape import shape_faults

    return shape_faults(flow)


class TestReadFlow:
    def test_refuses_by_place_and_in_chinese(self) -> None:
        def but(path: str, value: Any) -> dict[str, Any]:
            found = json.loads(json.dumps(LEAVE))
            *way, last = path.split(".")
            at = found
            for one in way:
                at = at[int(one)] if one.isdigit() else at[one]
            at[int(last) if last.isdigit() else last] = value
            return dict(found)

        refused: dict[str, tuple[Any, str, str]] = {
            "type": (but("nodes.1.type", "script"), "nodes.1.type", "没有“script”这种节点"),
            "who": (but("nodes.1.who.kind", "rule"), "nodes.1.who.kind", "没有“rule”这种办理人规则"),
            "no who": (but("nodes.1.who", {"role": "clerk"}), "nodes.1.who", "节点或办理人缺少“类型”"),
            "name": (but("nodes.1.name", "Leader"), "nodes.1.name", "小写英文字母"),
            "reserved": (but("nodes.1.name", "today"), "nodes.1.name", "表达式里的词"),
            "double": (but("nodes.1.name", "begin"), "nodes.1.name", "名称都是“begin”"),
            "double of a way": (but("edges.0.name", "begin"), "edges.0.name", "名称都是“begin”"),
            "lost": (but("edges.0.target", "ledaer"), "edges.0.target", "“ledaer”不存在。最接近的是“leader”"),
            "more": (but("nodes.1.run", "x"), "nodes.1.run", "没有“run”这个属性"),
            "less": (but("nodes.1.label", ""), "nodes.1.label", "不能是空的"),
            "control": (but("nodes.1.label", "a\x0bb"), "nodes.1.label", "看不见的字符"),
            "outcome": (
                but("nodes.1.outcomes", [{"code": "x", "label": "一"}, {"code": "x", "label": "二"}]),
                "nodes.1.outcomes",
                "代码都是“x”",
            ),
            "limit": (but("nodes.1.limit", {"amount": 0}), "nodes.1.limit.amount", "不能小于 1"),
            "format": (but("format", 2), "format", "能读的是 1"),
            "text": ("{", "", "第 1 行"),
            "twice": ('{"format": 1, "format": 1}', "", "写了两次"),
            "not a number": ('{"format": NaN}', "", "不能写 NaN"),
            "large": (b" " * (5 * 1024 * 1024), "", "最多 1,024 KB"),
            "deep": ("[" * 2_000_000, "", "最多 1,024 KB"),
            "deeper": ("[" * 100_000 + "]" * 100_000, "", "嵌套太深"),
            "many": (but("nodes", [{"type": "end", "name": f"n{n}"} for n in range(10_000)]), "nodes", "最多 500 个"),
        }
        strays = []
        for case, (raw, where, words) in refused.items():
            with pytest.raises(Invalid) as refusal:
                read_flow(raw)
            faults = [(fault.where, fault.message) for fault in refusal.value.faults] or [("", refusal.value.message)]
            if not any(one == where and words in message for one, message in faults):
                strays.append((case, faults))
        assert strays == []

    def test_reads_what_it_wrote(self) -> None:
        flow = read_flow(LEAVE)
        assert read_flow(flow.as_json()) == flow
        assert flow.owner.model_dump() == OWNER | {"in_unit": False}


class TestConditions:
    def test_hold_over_the_form_and_the_last_outcomes(self) -> None:
        flow = read_flow(LEAVE)
        names = names_of_flow(flow, LEAVE_FORM)
        checked = check_condition('leader.outcome == "agreed" and days > 3', names)
        assert holds(checked, {"days": 4}, {"leader": "agreed"})
        assert not holds(checked, {"days": 4}, {"leader": "refused"})
        assert not holds(checked, {}, {})
        assert holds(check_condition('file.outcome == "done"', names), {}, {"file": "done"})
