"""Limits of steps against the promise, and what a step says of its own time and outcomes."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from foundation.errors import Fault
from standards.flows.definition import FlowDefinition
from standards.flows.graph import arrows_of, called, in_order
from standards.flows.nodes import (
    AtLimit,
    BaseNode,
    Sharing,
    StepLimit,
    StepNode,
    TimerNode,
    TimeUnit,
)

# hours by the clock: five working days of eight hours are a week
_HOURS: Final = {
    TimeUnit.WORKING_DAYS: Fraction(7 * 24, 5),
    TimeUnit.WORKING_HOURS: Fraction(7 * 24, 5 * 8),
    TimeUnit.DAYS: Fraction(24),
    TimeUnit.HOURS: Fraction(1),
}
UNIT_WORDS: Final = {
    TimeUnit.WORKING_DAYS: "个工作日",
    TimeUnit.WORKING_HOURS: "个工作小时",
    TimeUnit.DAYS: "天",
    TimeUnit.HOURS: "小时",
}


def limit_text(limit: StepLimit) -> str:
    """A limit as people read it: 3 个工作日."""
    return f"{limit.amount} {UNIT_WORDS[limit.unit]}"


def hours_of(limit: StepLimit) -> Fraction:
    """How long a limit is by the clock, in hours, without holidays: for comparing limits of several units."""
    return limit.amount * _HOURS[limit.unit]


def time_faults(flow: FlowDefinition, promise: StepLimit | None) -> Iterator[Fault]:
    """Steps whose own times contradict each other, and a way that takes longer than the promise. Loops count once."""
    for step in flow.steps:
        yield from _faults_of_step(step)
    if promise is None:
        return
    hours, way = longest_way(flow)
    if hours > hours_of(promise):
        named = "、".join(f"{called(node)}用 {limit_text(_limit_of(node))}" for node in way)
        days = float(hours / _HOURS[promise.unit])
        said = f"各环节时限合起来约 {days:.4g} {UNIT_WORDS[promise.unit]}，超过承诺的 {limit_text(promise)}"
        yield Fault("", f"{said}：最长的一条路是{named}。请缩短其中的时限。")


def longest_way(flow: FlowDefinition) -> tuple[Fraction, list[BaseNode]]:
    """The longest time from the start to anywhere, in hours by the clock, and the nodes that take it."""
    followers, _ = arrows_of(flow)
    order, back = in_order(followers, [node.name for node in flow.nodes if node.type == "start"])
    best: dict[str, tuple[Fraction, str]] = {name: (Fraction(0), "") for name in order}
    longest, last = Fraction(0), ""
    for name in order:
        node = flow.named_nodes[name]
        limit = node.limit if isinstance(node, StepNode) else node.wait if isinstance(node, TimerNode) else None
        total = best[name][0] + (hours_of(limit) if limit else 0)
        if total > longest:
            longest, last = total, name
        for follower in followers[name]:
            if (name, follower) not in back and total > best[follower][0]:
                best[follower] = (total, name)
    way: list[BaseNode] = []
    while last:
        node = flow.named_nodes[last]
        if isinstance(node, TimerNode) or (isinstance(node, StepNode) and node.limit):
            way.append(node)
        last = best[last][1]
    return longest, way[::-1]


def _limit_of(node: BaseNode) -> StepLimit:
    limit = node.wait if isinstance(node, TimerNode) else node.limit if isinstance(node, StepNode) else None
    assert limit is not None  # noqa: S101 - longest_way names no other
    return limit


def _faults_of_step(step: StepNode) -> Iterator[Fault]:
    if step.limit is None and step.at_limit != AtLimit.REMIND:
        yield Fault(f"{step.name}.limit", f"{called(step)}写了超时怎么办，可是没有时限：请写上时限。")
    if step.remind_before and (step.limit is None or hours_of(step.remind_before) >= hours_of(step.limit)):
        said = f"要提前 {limit_text(step.remind_before)} 提醒，可是时限没有这么长：请缩短提前的时间。"
        yield Fault(f"{step.name}.limit", f"{called(step)}{said}")
    if step.at_limit == AtLimit.PASS and step.outcomes and not step.outcomes[0].is_favourable:
        said = "超时自动通过用的是第一个办理结果，它应当是同意一类的：请调整顺序。"
        yield Fault(f"{step.name}.outcomes", f"{called(step)}{said}")
    if step.outcomes and not any(one.is_favourable for one in step.outcomes):
        yield Fault(f"{step.name}.outcomes", f"{called(step)}的办理结果里没有同意一类的：请至少留一个。")
    if step.free and step.sharing != Sharing.ANY:
        yield Fault(f"{step.name}.sharing", f"{called(step)}是自由流转，一次只到一个人，不能同时会签或依次办理。")
