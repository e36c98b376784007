"""How two definitions of a flow differ, in Chinese."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from standards.flows.definition import FlowDefinition
from standards.flows.graph import called
from standards.flows.nodes import NODE_TITLES, FlowEdge

ATTRIBUTES: Final[Mapping[str, str]] = {
    "type": "种类",
    "label": "名称",
    "hint": "说明",
    "who": "办理人",
    "fallback": "找不到人时交给谁",
    "sharing": "多人办理",
    "share": "会签比例",
    "outcomes": "办理结果",
    "on_refusal": "不同意时",
    "acts": "可以做的操作",
    "otherwise": "其他字段的权限",
    "fields": "字段权限",
    "asks_opinion": "意见",
    "phrases": "意见的常用语",
    "limit": "时限",
    "remind_before": "提前提醒",
    "at_limit": "超时处理",
    "copies": "抄送",
    "free": "自由流转",
    "risk": "廉政风险点",
    "public_label": "群众看到的名称",
    "public_names": "群众能否看到办理人",
    "terminates": "结束全部分支",
    "is_refused": "以不通过结束",
    "wait": "等待时间",
    "message": "等待的消息",
    "flow": "子流程",
    "waits": "等待子流程",
    "given": "传入",
    "taken": "取回",
    "plugin": "外部动作",
    "constants": "固定的值",
    "keeper": "失败时由谁处理",
    "condition": "条件",
    "is_default": "是否其他情况",
    "source": "起点",
    "target": "终点",
}
_PLACES: Final = frozenset({"x", "y", "bends", "name"})


@dataclass(frozen=True, slots=True)
class FlowDifference:
    """``where``: a node or a way; "" for the whole."""

    where: str
    said: str


def compare_flows(before: FlowDefinition, after: FlowDefinition) -> list[FlowDifference]:
    """What was added, taken away and changed; where signs stand on the drawing is no difference."""
    return [*_of_whole(before, after), *_of_nodes(before, after), *_of_ways(before, after)]


def _of_whole(before: FlowDefinition, after: FlowDefinition) -> Iterator[FlowDifference]:
    if before.title != after.title:
        yield FlowDifference("", f"流程名称由“{before.title}”改为“{after.title}”。")
    if before.hint != after.hint:
        yield FlowDifference("", "流程说明有改动。")
    if before.owner != after.owner:
        yield FlowDifference("", "流程负责人有改动。")


def _of_nodes(before: FlowDefinition, after: FlowDefinition) -> Iterator[FlowDifference]:
    for node in before.nodes:
        if node.name not in after.named_nodes:
            yield FlowDifference(node.name, f"删去了{NODE_TITLES[node.type]}{called(node)}。")
    for node in after.nodes:
        old = before.named_nodes.get(node.name)
        if old is None:
            yield FlowDifference(node.name, f"增加了{NODE_TITLES[node.type]}{called(node)}。")
            continue
        changed = _changed(old.model_dump(mode="json"), node.model_dump(mode="json"))
        if "label" in changed and old.label and node.label:
            yield FlowDifference(node.name, f"{called(old)}改名为{called(node)}。")
            changed.remove("label")
        if changed:
            said = "、".join(ATTRIBUTES.get(one, one) for one in changed)
            yield FlowDifference(node.name, f"{called(node)}的{said}有改动。")


def _of_ways(before: FlowDefinition, after: FlowDefinition) -> Iterator[FlowDifference]:
    old = {edge.name: edge for edge in before.edges}
    new = {edge.name: edge for edge in after.edges}
    for name, edge in old.items():
        if name not in new:
            yield FlowDifference(name, f"删去了{_way(before, edge)}。")
    for name, edge in new.items():
        if name not in old:
            yield FlowDifference(name, f"增加了{_way(after, edge)}。")
        elif changed := _changed(old[name].model_dump(mode="json"), edge.model_dump(mode="json")):
            said = "、".join(ATTRIBUTES.get(one, one) for one in changed)
            yield FlowDifference(name, f"{_way(after, edge)}的{said}有改动。")


def _way(flow: FlowDefinition, edge: FlowEdge) -> str:
    return f"{called(flow.named_nodes[edge.source])}到{called(flow.named_nodes[edge.target])}的连线"


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys([*old, *new])
    return [name for name in names if name not in _PLACES and _plain(old.get(name)) != _plain(new.get(name))]


def _plain(value: Any) -> str:
    """Without the order in which a set was written."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = sorted(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
