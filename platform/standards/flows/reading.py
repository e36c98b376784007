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
    patterns=_PATTERNS,
)
