"""Reads a flow's definition as somebody sent it. What it takes can be drawn and saved; ``checks`` says what it still
lacks to be published."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from foundation.errors import Fault
from standards.definitions import MOST_FAULTS, DefinitionReader
from standards.flows.definition import MOST_WAYS_OUT, FlowDefinition
from standards.flows.nodes import NODE_TITLES, StepNode
from standards.flows.people import WHO_TITLES
from standards.forms.plans import RESERVED
from standards.nearest import nearest

_CALLED: Final[Mapping[str, str]] = {
    "account_ids": "人员",
    "acts": "可以做的事",
    "amount": "时长",
    "asks_opinion": "要不要写意见",
    "at": "时间",
    "at_limit": "到期后",
    "bends": "连线的转折",
    "code": "代码",
    "condition": "条件",
    "constants": "固定的值",
    "control": "控制措施",
    "copies": "抄送",
    "edges": "连线",
    "expression": "算式",
    "fallback": "没有人时由谁办",
    "fields": "字段权限",
    "flow": "子流程",
    "format": "格式版本",
    "free": "自由流转",
    "given": "交给的内容",
    "grade": "风险等级",
    "hint": "说明",
    "in_unit": "只限本部门",
    "is_default": "其余情况",
    "is_favourable": "是否算通过",
    "is_refused": "是否算不通过",
    "keeper": "负责人",
    "kind": "类型",
    "label": "名称",
    "leaders": "只限负责人",
    "leading": "主办",
    "levels": "上几级",
    "limit": "办理时限",
    "message": "消息",
    "name": "代码",
    "nodes": "节点",
    "on_refusal": "不同意时",
    "otherwise": "其他",
    "outcomes": "办理结果",
    "owner": "流程负责人",
    "phrases": "常用意见",
    "plugin": "插件",
    "public_label": "对外的名称",
    "public_names": "对外的环节名称",
    "remind_before": "提前提醒",
    "risk": "风险点",
    "role": "岗位",
    "share": "比例",
    "sharing": "几个人怎样办",
    "source": "起点",
    "step": "环节",
    "taken": "取回的内容",
    "target": "终点",
    "terminates": "是否终止整个流程",
    "title": "名称",
    "type": "类型",
    "unit": "单位",
    "unit_id": "部门",
    "wait": "等待多久",
    "waits": "是否等待",
    "who": "办理人",
    "x": "横向位置",
    "y": "纵向位置",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "name": "名称只能用小写英文字母、数字和单个下划线，以字母开头，最多 40 个字符，例如 leader_opinion。",
    "code": "代码只能用小写英文字母、数字和单个下划线，以字母开头，最多 40 个字符，例如 agreed。",
    "source": "起点应当是一个节点的名称。",
    "target": "终点应当是一个节点的名称。",
    "label": "文字前后不能有空格，中间不能换行。",
    "title": "文字前后不能有空格，中间不能换行。",
}


def read_flow(raw: str | bytes | Mapping[str, Any]) -> FlowDefinition:
    """The flow by its types, limits and names. Raises Invalid; each fault says where it is (``nodes.2.label``), and in
    Chinese what is wrong and what to do."""
    flow = _READER.read(raw)
    _READER.refuse(list(_faults_of_names(flow)))
    return flow


def _faults_of_names(flow: FlowDefinition) -> Iterator[Fault]:
    named = [
        *((f"nodes.{at}", node.name, node.label or NODE_TITLES[node.type]) for at, node in enumerate(flow.nodes)),
        *((f"edges.{at}", edge.name, edge.label or "连线") for at, edge in enumerate(flow.edges)),
    ]
    seen: dict[str, str] = {}
    for where, name, label in named:
        if name in RESERVED:
            yield Fault(f"{where}.name", f"“{name}”是表达式里的词，“{label}”请换一个名称。")
        elif name in seen:
            yield Fault(f"{where}.name", f"“{seen[name]}”和“{label}”的名称都是“{name}”，请改掉一个。")
        seen.setdefault(name, label)
    yield from _faults_of_ways(flow)
    for at, node in enumerate(flow.nodes):
        if isinstance(node, StepNode):
            doubles = [code for code, many in Counter(one.code for one in node.outcomes).items() if many > 1]
            for code in doubles:
                yield Fault(f"nodes.{at}.outcomes", f"环节“{node.label}”有两个办理结果的代码都是“{code}”，请改掉一个。")


def _faults_of_ways(flow: FlowDefinition) -> Iterator[Fault]:
    hints = MOST_FAULTS
    for at, edge in enumerate(flow.edges):
        for attribute, end in (("source", edge.source), ("target", edge.target)):
            if end not in flow.named_nodes:
                near = nearest(end, flow.named_nodes) if hints > 0 else ""
                hints -= 1
                hint = f"最接近的是“{near}”。" if near else ""
                yield Fault(f"edges.{at}.{attribute}", f"连线“{edge.label or edge.name}”连到的“{end}”不存在。{hint}")
    ways = Counter(edge.source for edge in flow.edges)
    for at, node in enumerate(flow.nodes):
        if ways[node.name] > MOST_WAYS_OUT:
            said = f"后面有 {ways[node.name]} 条路，最多 {MOST_WAYS_OUT} 条：请分成几个分支。"
            yield Fault(f"nodes.{at}", f"“{node.label or NODE_TITLES[node.type]}”{said}")


def _unknown_type(path: Sequence[str], tag: str) -> str:
    is_node = "nodes" in path and path[-1].isdigit() and path[-2] == "nodes"
    titles = NODE_TITLES if is_node else WHO_TITLES
    near = nearest(tag, titles, cutoff=0.5)
    known = "、".join(f"{title}（{one}）" for one, title in titles.items())
    hint = f"最接近的是“{near}”（{titles[near]}）。" if near else f"可用的有：{known}。"
    return f"没有“{tag[:40]}”这种{'节点' if is_node else '办理人规则'}。{hint}"


def _is_tag(before: object, part: object) -> bool:
    if isinstance(before, int):
        return part in NODE_TITLES or part in WHO_TITLES
    return before in {"who", "fallback", "owner", "keeper"} and part in WHO_TITLES


_READER: Final = DefinitionReader(
    FlowDefinition,
    noun="流程定义",
    deepest=10,
    part="节点或办理人",
    advice="请拆成几个子流程。",
    is_tag=_is_tag,
    unknown=_unknown_type,
    called=_CALLED.get,
    patterns=_PATTERNS,
)
