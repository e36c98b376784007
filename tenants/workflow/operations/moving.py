"""Runs are moved to another version of their flow: what would happen is said first, then singly or many at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, DomainError, Invalid, NotFound
from foundation.many import MOST_AT_ONCE, RowOutcome, each_of
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require
from standards.flows.nodes import PluginNode, StepNode
from standards.flows.running import RunState, moved_to
from standards.flows.walking import RunStuck
from standards.forms.versions import Fate, MoveReport, move_values
from tenants.workflow.models import FlowVersion, Run, WorkItem
from tenants.workflow.operations.kept import move_filled
from tenants.workflow.operations.run_forms import moment_of
from tenants.workflow.operations.run_rows import (
    check_open,
    clean_opinion,
    keep_run,
    managed_run,
    note_act,
    state_of,
)
from tenants.workflow.queries.candidates import MANAGE
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.running import running_flow
from tenants.workflow.states import OPEN_ITEMS

# what becomes of a value that is neither kept as it is nor gone
_TOLD: Final = (Fate.CONVERTED, Fate.NEW)


@dataclass(frozen=True, slots=True)
class ForeseenMove:
    """What moving a run would do. ``steps``: where it would stand then; ``reason``: why it cannot be moved, ""
    where it can; ``forgets``: it could not go back behind this any more; ``lost``: label by name of the fields whose
    content the newer form does not keep; ``notes``: in Chinese, what else becomes of the form's content."""

    run_id: UUID
    number: int
    title: str
    steps: tuple[str, ...] = ()
    reason: str = ""
    forgets: bool = False
    lost: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def foresee_moves(
    *, by: Actor, hall: Hall, run_ids: Sequence[UUID], version_id: UUID, places: Mapping[str, str]
) -> list[ForeseenMove]:
    """What ``move_runs`` would do with each of these runs. It changes nothing."""
    require(by, MANAGE, hall_id=hall.pk)
    version = _version(version_id)
    found = []
    runs = Run.objects.select_related("version__form_version", "filled__version", "filled__form")
    for run in runs.filter(pk__in=list(run_ids)[:MOST_AT_ONCE]).order_by("pk"):
        facts = (run.pk, run.number, run.title)
        try:
            state = _moved(run, version, places)
            report = _form_moved(by, hall, run, version)
        except DomainError as refusal:
            found.append(ForeseenMove(*facts, reason=refusal.message))
            continue
        flow = running_flow(version)
        steps = tuple(flow.label(token.node) for token in state.held)
        forgets = bool(state_of(run).moves) and not state.moves
        lost = {one.name: one.label for one in report.of(Fate.LOST)} if report else {}
        notes = tuple(one.said for one in report.moved if one.fate in _TOLD) if report else ()
        found.append(ForeseenMove(*facts, steps=steps, forgets=forgets, lost=lost, notes=notes))
    return found


def move_runs(
    *,
    by: Actor,
    hall: Hall,
    run_ids: Sequence[UUID],
    version_id: UUID,
    places: Mapping[str, str],
    opinion: str = "",
    drops: Collection[str] = (),
) -> list[RowOutcome]:
    """迁移: move each of these runs to another version of its flow, in a transaction of its own. ``places``: by a step
    that the new version lacks, the one at which runs go on that stand there; ``drops``: names of fields whose content
    somebody has confirmed that it is not kept. Raises Invalid for too many."""
    require(by, MANAGE, hall_id=hall.pk)
    version, said = _version(version_id), clean_opinion(opinion)
    names = dict(Run.objects.filter(pk__in=run_ids).order_by("pk").values_list("pk", "title"))

    def act_on(run_id: UUID) -> str:
        _move(by, hall, run_id, version, places, said, drops)
        return names[run_id]

    ids = [*names, *(one for one in run_ids if one not in names)]
    return each_of(ids, act_on, named=lambda one: names.get(one, ""))


@transaction.atomic
def _move(
    by: Actor,
    hall: Hall,
    run_id: UUID,
    version: FlowVersion,
    places: Mapping[str, str],
    opinion: str,
    drops: Collection[str],
) -> None:
    run = managed_run(by, hall, run_id)
    state = _moved(run, version, places)
    report = _form_moved(by, hall, run, version)
    lost = report.of(Fate.LOST) if report else ()
    if unconfirmed := [one for one in lost if one.name not in drops]:
        message = f"{''.join(one.said for one in unconfirmed)}请先确认不再保留。"
        raise Conflict(message)
    if report and run.filled_id and version.form_version:
        move_filled(hall=hall, filled_id=run.filled_id, version=version.form_version, values=report.values)
    before = run.version.number
    run.version, run.state = version, state.as_json()
    flow = running_flow(version)
    nodes = {token.id: token.node for token in state.held}
    for item in WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS):
        item.step = nodes[item.token]
        item.label = flow.label(item.step)
        item.save(update_fields=["step", "label"])
    said = f"第 {before} 版 → 第 {version.number} 版"
    changes = {"lost": [None, "、".join(one.label for one in lost)]} if lost else {}
    moment = moment_of(by, hall, run, "迁移到新版本") if report else None
    note_act(by, hall, run, "move", to=said, opinion=opinion, changes=changes, moment=moment)
    keep_run(run, "version", "state")


def _moved(run: Run, version: FlowVersion, places: Mapping[str, str]) -> RunState:
    check_open(run)
    if version.flow_id != run.version.flow_id:
        raise Invalid.at("version_id", "这不是同一个流程的版本。")
    if version.pk == run.version_id:
        raise Conflict("这个流程已经在这一版上。")
    flow = running_flow(version)
    for old, new in places.items():
        if flow.step(new) is None:
            message = f"新版本里没有“{new[:40]}”这个环节。"
            raise Invalid.at(f"places.{old[:40]}", message)
    state = state_of(run)
    old_flow = running_flow(run.version)
    for token in state.held:
        was, now = old_flow.definition.named_nodes[token.node], flow.definition.named_nodes.get(token.node)
        if token.node not in places and now is not None and was.type != now.type:
            message = f"“{old_flow.label(token.node)}”在新版本里不是同一种节点，不能迁移。"
            raise Conflict(message)
        if isinstance(was, PluginNode) and isinstance(now, PluginNode) and was.plugin != now.plugin:
            message = f"“{old_flow.label(token.node)}”正在等外部系统，新版本里换了别的外部动作，不能迁移。"
            raise Conflict(message)
        if token.node in places and not isinstance(was, StepNode):
            raise Conflict("正在等待的节点不能换地方，请等它结束，或者先跳转。")
    try:
        return moved_to(flow.walking, state, places)
    except RunStuck as stuck:
        raise Conflict(stuck.message) from stuck


def _form_moved(by: Actor, hall: Hall, run: Run, version: FlowVersion) -> MoveReport | None:
    """What becomes of what was filled in; None where the form stays. Raises Conflict where it does not carry over
    lawfully, naming what is against it."""
    old, new = run.version.form_version, version.form_version
    if (old and old.pk) == (new and new.pk):
        return None
    if old is None or new is None or run.filled is None:
        raise Conflict("一个版本要填表单，另一个不要，不能迁移。")
    if old.form_id != new.form_id:
        raise Conflict("两个版本用的不是同一张表单，不能迁移。")
    context = filling_context(hall, FormFiller(by), run.filled)
    report = move_values(definition_of(old), definition_of(new), values_of(hall, run.filled), context)
    if doubtful := report.of(Fate.DOUBTFUL):
        message = f"已经填的内容不符合新版表单，不能迁移：{''.join(one.said for one in doubtful)}"
        raise Conflict(message)
    return report


def _version(version_id: UUID) -> FlowVersion:
    found = FlowVersion.objects.select_related("form_version", "flow").filter(pk=version_id).first()
    if found is None:
        raise NotFound("没有这个版本，可能属于其他服务厅。")
    return found
