"""A run as those read it whom it concerns: a plain line of steps in the designer's words, without anybody's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from standards.flows.graph import arrows_of, in_order, reached
from standards.flows.nodes import StepNode
from standards.flows.running import RunState
from tenants.workflow.models import Run, WorkItem
from tenants.workflow.queries.running import running_flow
from tenants.workflow.states import ItemPart, RunStatus, WorkState

type Look = Literal["done", "now", "next"]
_OPEN: Final = (RunStatus.RUNNING, RunStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class PublicStep:
    """``at``: when it was done last. ``who``: who did it, where the flow says that citizens read that; else ""."""

    label: str
    look: Look
    at: datetime | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class PublicLine:
    """``said``: how the run stands, in one sentence. No steps where the flow names none for citizens."""

    steps: tuple[PublicStep, ...]
    said: str


def public_line(run: Run) -> PublicLine:
    """The steps that have a name for citizens (``public_label``), in the order of the flow: done, now, and those that
    may still come. Steps of one name that follow each other are one. One query, and one for the flow where it was not
    read before. Whether somebody may see the run, the caller has looked at."""
    flow = running_flow(run.version).definition
    followers, _ = arrows_of(flow)
    state = RunState.from_json(run.state)
    held = {token.node for token in state.tokens}
    ahead = reached(followers, [one for name in held for one in followers[name]])
    begun = [node.name for node in flow.nodes if node.type == "start"]
    # backwards, so that the first way of a branch stands before the others
    order, _ = in_order({name: ways[::-1] for name, ways in followers.items()}, begun)
    named = [node for name in order if isinstance(node := flow.named_nodes[name], StepNode) and node.public_label]
    done = _done_items(run, state)
    steps: list[PublicStep] = []
    for node in named:
        if node.name in held:
            one = PublicStep(node.public_label, "now")
        elif item := done.get(node.name):
            who = item.owner_name if node.public_names else ""
            one = PublicStep(node.public_label, "done", item.done_at, who)
        elif node.name in ahead:
            one = PublicStep(node.public_label, "next")
        else:
            continue
        if steps and steps[-1].label == one.label:
            steps[-1] = _joined(steps[-1], one)
        else:
            steps.append(one)
    return PublicLine(tuple(steps), _said(run, steps))


def _done_items(run: Run, state: RunState) -> dict[str, WorkItem]:
    """By step the item by which it was done last; what was led back counts no more."""
    items = WorkItem.objects.filter(run=run, state=WorkState.DONE, part=ItemPart.MAIN, step__in=state.outcomes)
    return {item.step: item for item in items.only("step", "owner_name", "done_at").order_by("done_at", "pk")}


def _joined(first: PublicStep, second: PublicStep) -> PublicStep:
    if first.look == second.look == "done":
        return PublicStep(first.label, "done", second.at, second.who)
    # between the two it is under way
    look: Look = "next" if first.look == second.look == "next" else "now"
    return PublicStep(first.label, look)


def _said(run: Run, steps: list[PublicStep]) -> str:
    if run.status not in _OPEN:
        return f"{run.get_status_display()}。"
    now = [one.label for one in steps if one.look == "now"]
    return f"正在办理：{'、'.join(now)}。" if now else "正在办理。"
