"""A run as one person sees it: what they may do with it now, how it stands, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from province.halls.models import Hall
from province.people.queries.holders import positions_carrying
from province.rights.actors import Actor
from province.rights.queries import may
from standards.flows import running
from standards.flows.nodes import MessageNode, StepAct, StepNode, StepOutcome
from standards.flows.people import ByChoice
from standards.flows.running import RunState, RunToken
from standards.forms.rights import FieldRight, Rights
from tenants.workflow.models import Run, RunAct, WorkCandidate, WorkItem
from tenants.workflow.queries.calls import CallView, open_calls
from tenants.workflow.queries.candidates import MANAGE, TAKE_PART
from tenants.workflow.queries.run_access import own_keys, self_of
from tenants.workflow.queries.running import RunningFlow, running_flow
from tenants.workflow.states import OPEN_ITEMS, ItemPart, RunStatus, WorkState

ACT_WORDS: Final = {
    "start": "发起",
    "submit": "重新提交",
    "claim": "认领",
    "put_back": "放回",
    "finish": "办理",
    "return": "退回",
    "transfer": "转办",
    "delegate": "委派",
    "add_signer": "加签",
    "remove_signer": "减签",
    "copy": "抄送",
    "urge": "催办",
    "withdraw": "撤回",
    "terminate": "终止",
    "cancel": "撤销",
    "suspend": "挂起",
    "resume": "恢复",
    "stop_time": "停止计时",
    "resume_time": "恢复计时",
    "jump": "跳转",
    "move": "迁移到新版本",
    "hand_over": "移交",
    "wake": "自动继续",
    "message": "收到消息",
    "late": "已超期",
    "answered": "已由系统完成",
    "late_answer": "后来才由系统完成，没有采用",
    "fail": "没有成功",
    "call_again": "再试一次",
    "by_hand": "手工填写结果",
    "end": "结束",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A step to which the run could go back."""

    step: str
    label: str


@dataclass(frozen=True, slots=True)
class RunView:
    """``item``: what the person has to do now, or could claim; ``acts``: what its step lets them do besides;
    ``chooses``: steps for which they choose the people; ``rights``: to the fields of the form; ``calls``: what the run
    waits for outside."""

    run: Run
    flow: RunningFlow
    items: tuple[WorkItem, ...]
    history: tuple[RunAct, ...]
    item: WorkItem | None
    node: StepNode | None
    visits: tuple[Visit, ...]
    chooses: tuple[StepNode, ...]
    rights: Rights
    may_manage: bool
    is_initiator: bool
    to_withdraw: WorkItem | None
    may_put_back: bool
    calls: tuple[CallView, ...]

    @property
    def messages(self) -> list[MessageNode]:
        """Those for which the run waits."""
        nodes = (self.flow.definition.named_nodes[one.step] for one in self.open_items)
        return [node for node in nodes if isinstance(node, MessageNode)]

    @property
    def acts(self) -> frozenset[StepAct]:
        return self.node.acts if self.node and self.item and self.item.state == WorkState.CLAIMED else frozenset()

    @property
    def outcomes(self) -> Sequence[StepOutcome]:
        decides = self.item is not None and self.item.part not in {ItemPart.DELEGATE, ItemPart.BEFORE}
        return self.node.outcomes if self.node and decides else ()

    @property
    def is_free(self) -> bool:
        return bool(self.node and self.node.free)

    @property
    def is_open(self) -> bool:
        return self.run.status == RunStatus.RUNNING

    @property
    def open_items(self) -> list[WorkItem]:
        return [one for one in self.items if one.state in OPEN_ITEMS]

    @property
    def own_signers(self) -> list[WorkItem]:
        """Those whom the person has added, or lent their work to, and who are not done."""
        me = [one.pk for one in self.items if self.item and one.owner_id == self.item.owner_id]
        return [one for one in self.open_items if one.parent_id in me]


def run_view(by: Actor, hall: Hall, run: Run) -> RunView:
    """Some six queries, however long the run has been under way; four more where something outside is waited for."""
    flow = running_flow(run.version)
    items = tuple(WorkItem.objects.filter(run=run).order_by("pk"))
    item = _own(by, hall, run, items)
    node = flow.step(item.step) if item else None
    state = RunState.from_json(run.state)
    may_manage = may(by, MANAGE, hall_id=hall.pk)
    return RunView(
        run=run,
        flow=flow,
        items=items,
        history=tuple(run.acts.select_related("moment").order_by("pk")),
        item=item,
        node=node,
        visits=tuple(_visits(flow, state, item)),
        chooses=choosable_steps(flow, item.step) if item else (),
        rights=_rights(flow, item, by, run, items),
        may_manage=may_manage,
        is_initiator=run.initiator_id == self_of(by),
        to_withdraw=_to_withdraw(by, run, items, state, flow),
        may_put_back=bool(item) and WorkCandidate.objects.filter(item=item).exists(),
        calls=tuple(open_calls(by, hall, items, may_manage=may_manage)),
    )


def choosable_steps(flow: RunningFlow, at: str) -> tuple[StepNode, ...]:
    """The steps for which the person of this one chooses the people."""
    return tuple(one for one in flow.definition.steps if isinstance(one.who, ByChoice) and one.who.at == at)


def _own(by: Actor, hall: Hall, run: Run, items: Sequence[WorkItem]) -> WorkItem | None:
    if run.status != RunStatus.RUNNING:
        return None
    me = self_of(by)
    mine = next((one for one in items if one.owner_id == me and one.state == WorkState.CLAIMED), None)
    if mine:
        return mine
    claimable = [one for one in items if one.state == WorkState.TO_CLAIM]
    if not claimable:
        return None
    keys = own_keys(by, hall)
    found = {one.pk: one for one in claimable}
    row = WorkItem.objects.filter(pk__in=found, candidates__key__in=keys).values_list("pk", flat=True).first()
    return found.get(row) if row else None


def _visits(flow: RunningFlow, state: RunState, item: WorkItem | None) -> list[Visit]:
    if item is None or item.part != ItemPart.MAIN or not any(one.id == item.token for one in state.held):
        return []
    visits = running.earlier(flow.walking, state, item.token)
    return [Visit(one.node, flow.label(one.node)) for one in visits]


def _rights(flow: RunningFlow, item: WorkItem | None, by: Actor, run: Run, items: Sequence[WorkItem]) -> Rights:
    """At the step that is theirs now; else what they could see at a step that was theirs, only to be read."""
    if flow.form is None:
        return {}
    if item is not None and item.state == WorkState.CLAIMED and item.part not in {ItemPart.BEFORE, ItemPart.AFTER}:
        return flow.rights_at(item.step)
    me = self_of(by)
    steps = {one.step for one in items if one.owner_id == me or (item and one.pk == item.pk)}
    if run.initiator_id == me:
        steps.add(flow.walking.start)
    return seen_at(flow, steps or {flow.walking.start})


def seen_at(flow: RunningFlow, steps: set[str]) -> dict[str, FieldRight]:
    """What may be read by who has had one of these steps."""
    found: dict[str, FieldRight] = {}
    for step in sorted(steps):
        for name, right in flow.rights_at(step).items():
            if right != FieldRight.HIDDEN:
                found[name] = FieldRight.READ
    return {name: found.get(name, FieldRight.HIDDEN) for name in flow.rights_at(flow.walking.start)}


def _to_withdraw(by: Actor, run: Run, items: Sequence[WorkItem], state: RunState, flow: RunningFlow) -> WorkItem | None:
    """The last thing that the person has done, where taking it back is not refused already by what the run shows."""
    me = self_of(by)
    done = [one for one in items if one.owner_id == me and one.state == WorkState.DONE and one.part == ItemPart.MAIN]
    if run.status != RunStatus.RUNNING or not done:
        return None
    last = max(done, key=lambda one: (one.done_at or one.created_at, one.pk))
    node = flow.step(last.step)
    if node is not None and StepAct.WITHDRAW not in node.acts:
        return None
    waits = any(one.id == last.token for one in state.held)
    known = any(move.consumed[0] == RunToken(last.token, last.step) for move in state.moves)
    return last if waits or (known and not running.undone_by(flow.walking, state, last.token)) else None


def colleagues_of(hall: Hall) -> list[tuple[str, str]]:
    """(id, name with department) of all who take part in flows here, by name: one query."""
    rows = positions_carrying(TAKE_PART).filter(hall_id=hall.pk).order_by("account__name", "account_id", "pk")
    found: dict[UUID, str] = {}
    for account_id, name, unit in rows.values_list("account_id", "account__name", "unit__name"):
        found.setdefault(account_id, f"{name}（{unit}）" if unit else name)
    return [(str(one), name) for one, name in found.items()]


def history_lines(view: RunView) -> list[tuple[RunAct, str, str]]:
    """What was done, each act with its word and with the fields that changed by it and that this person may see."""
    fields = view.flow.form.named_fields if view.flow.form else {}
    found = []
    for one in view.history:
        changed = one.moment.changed if one.moment and one.act != "start" else []
        seen = [fields[name].label for name in changed if name in fields and view.rights.get(name) != FieldRight.HIDDEN]
        found.append((one, ACT_WORDS[one.act], "、".join(seen)))
    return found


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step on the plain line: ``look`` is done, now or ahead."""

    label: str
    look: str
    said: str = ""


# of a step's items, those that stand for it
ON_LINE: Final = frozenset({ItemPart.MAIN, ItemPart.WAIT, ItemPart.OUTSIDE})


def step_lines(view: RunView) -> list[StepLine]:
    """The steps that were done and those that wait, in the order in which they began; each with who and how long."""
    lines = []
    for item in view.items:
        if item.state in {WorkState.CANCELLED, WorkState.RETURNED} or item.part not in ON_LINE:
            continue
        is_open = item.state in OPEN_ITEMS
        who = holder_of(item)
        said = [who, "" if is_open else how_long(item.created_at, item.done_at)]
        lines.append(StepLine(item.label, "now" if is_open else "done", "，".join(filter(None, said))))
    return lines


def holder_of(item: WorkItem) -> str:
    """Who has it, as the page says it; "" for what the clock has. While something outside is waited for, its keeper has
    nothing to do."""
    if item.part == ItemPart.OUTSIDE and item.state == WorkState.WAITING:
        return "等结果"
    return item.owner_name or ("待认领" if item.state == WorkState.TO_CLAIM else "")


def how_long(begun: datetime, ended: datetime | None, word: str = "用时") -> str:
    """Between two moments, in words that begin with ``word``; "" where it is not over."""
    if ended is None:
        return ""
    minutes = int((ended - begun).total_seconds() // 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{word} {max(minutes, 1)} 分钟"
    hours = minutes // 60
    return f"{word} {hours} 小时" if hours < 48 else f"{word} {hours // 24} 天"  # noqa: PLR2004 - two days
