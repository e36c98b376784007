"""What every act on a run shares: its row is held, what was done is written down, rights are asked once."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NoReturn
from uuid import UUID

from django.utils import timezone
from django.utils.dateformat import format as in_words

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Invalid, NotFound
from foundation.gathering import insert_row, send, update_row
from foundation.written import columns_of, read_rows, row_from
from province.audit.operations.entries import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require, require_work_at
from province.rights.roles import Reach, Role
from standards.flows.running import RunState
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import Run, RunAct, WorkItem
from tenants.workflow.models.runs import LONGEST_OPINION
from tenants.workflow.queries.candidates import MANAGE, TAKE_PART
from tenants.workflow.queries.run_access import may_claim, own_keys, self_of, visible_runs
from tenants.workflow.queries.run_pages import ACT_WORDS
from tenants.workflow.slots import RUN_SUBJECTS
from tenants.workflow.states import RunStatus, WorkState

declare(MANAGE, "管理本厅流程的运行（挂起、跳转、迁移）", reach=Reach.HALL, roles={Role.HALL_ADMINISTRATOR})

_NO_RUN = "没有这个流程，可能网址输入有误，或者属于其他服务厅。"
_NO_ITEM = "没有这项工作，可能网址输入有误，或者属于其他服务厅。"


def require_taking_part(by: Actor, hall: Hall) -> UUID:
    """Who it is that acts (the one who is stood in for, where somebody is). Raises NotAllowed for who takes part in
    nothing here, or is no person."""
    require_work_at(by, TAKE_PART, hall_id=hall.pk)
    check_inside(hall)
    me = self_of(by)
    if me is None:
        raise Invalid("流程里的工作要由具体的人办理。")
    return me


def held_run(run_id: UUID) -> Run:
    """Hold the run's row until the transaction ends. Raises NotFound."""
    found = _held_runs([run_id])
    if not found:
        raise NotFound(_NO_RUN)
    return found[0]


def _held_runs(run_ids: Collection[UUID]) -> list[Run]:
    # what a version says was read before: ``running_flow`` keeps it
    unread = ("version__definition", "version__flow__definition", "version__flow__promise")
    runs = Run.objects.select_for_update(of=("self",)).select_related("version__flow").defer(*unread)
    held = runs.filter(pk__in=run_ids).order_by("pk")
    found = list(held)
    # one that was waited for and has been moved to another version meanwhile is left out: now it is held, and read
    return found if len(found) == len(run_ids) else list(held.all())


def held_with_called(run_id: UUID) -> list[Run]:
    """Hold the row of a run, and those of the open runs that it has called, at any depth, until the transaction ends:
    itself first, then the others in the order of their ids, as who counts many runs holds them."""
    found = [held_run(run_id)]
    # no run of these is called any more once its caller is held
    while called := _called_by(found):
        found += _held_runs(called)
    return found


def _called_by(runs: Sequence[Run]) -> set[UUID]:
    """The ids of the open runs that these have called, at any depth, without themselves."""
    known = {one.pk for one in runs}
    found, level = set[UUID](), known
    while level:
        open_ones = Run.objects.filter(parent_item__run__in=level, ended_at=None).order_by()
        level = set(open_ones.values_list("pk", flat=True)) - found
        found |= level
    return found - known


def held_item(item_id: UUID) -> tuple[Run, WorkItem]:
    """Hold the run of an item, and read the item after that. Raises NotFound."""
    run, item, _ = _held(item_id)
    return run, item


def held_step(item_id: UUID) -> tuple[Run, WorkItem, list[WorkItem]]:
    """As ``held_item``; and all items of its step, itself among them, as they stand now."""
    run, item, number = _held(item_id)
    if number == 1:
        return run, item, [item]
    return run, item, [item if one.pk == item_id else one for one in items_beside(item)]


def items_beside(item: WorkItem) -> list[WorkItem]:
    """All items of its step, itself among them, in the order in which people have a say."""
    return list(WorkItem.objects.filter(run=item.run_id, token=item.token).order_by("place", "pk"))


# an item never goes to another run
_HOLD: Final = "SELECT FROM workflow_run WHERE id = (SELECT run_id FROM workflow_workitem WHERE id = %s) FOR UPDATE"
# what a version says was read before: ``flow_of_run`` keeps it
_READ: Final = f"""
SELECT (SELECT count(*) FROM workflow_workitem AS beside
    WHERE beside.run_id = item.run_id AND beside.token = item.token), {columns_of(WorkItem, "item")},
    {columns_of(Run, "run")}
FROM workflow_workitem AS item JOIN workflow_run AS run ON run.id = item.run_id WHERE item.id = %s
"""  # noqa: S608 - names of our own
_ITEM_WIDTH: Final = len(WorkItem._meta.concrete_fields)


def _held(item_id: UUID) -> tuple[Run, WorkItem, int]:
    """With how many items there are at the step."""
    # it goes in one message with what reads, which so reads the rows as they are once the run is held
    send(_HOLD, [item_id])
    found = read_rows(_READ, [item_id])
    if not found:
        raise NotFound(_NO_ITEM)
    number, *values = found[0]
    item, run = row_from(WorkItem, values[:_ITEM_WIDTH]), row_from(Run, values[_ITEM_WIDTH:])
    item.run = run
    return run, item, number


def own_item(by: Actor, hall: Hall, item_id: UUID) -> tuple[Run, WorkItem]:
    """Hold what is the actor's own to do now. Raises NotFound for what was never theirs, Conflict for what is not to be
    done any more, with who did what."""
    require_taking_part(by, hall)
    run, item = held_item(item_id)
    check_own(by, hall, run, item)
    return run, item


def check_own(by: Actor, hall: Hall, run: Run, item: WorkItem) -> None:
    """Raises what ``own_item`` does, of rows that are held."""
    if item.owner_id != self_of(by):
        is_candidate = may_claim(item, own_keys(by, hall))
        if is_candidate and item.state == WorkState.TO_CLAIM:
            raise Conflict("这项工作还没有人认领，请先认领。")
        if is_candidate or visible_runs(by, hall).filter(pk=run.pk).exists():
            raise Conflict(_what_happened(run, item))
        raise NotFound(_NO_ITEM)
    check_open(run)
    if item.state == WorkState.WAITING:
        raise Conflict("这项工作正在等其他人先办理，轮到您时会通知您。")
    if item.state != WorkState.CLAIMED:
        raise Conflict(_what_happened(run, item))


def managed_run(by: Actor, hall: Hall, run_id: UUID) -> Run:
    """Hold a run for who looks after the hall's runs. Raises NotAllowed, NotFound."""
    require(by, MANAGE, hall_id=hall.pk)
    check_inside(hall)
    return held_run(run_id)


def check_open(run: Run) -> None:
    """Raises Conflict for a run in which nothing may be done now."""
    if run.status != RunStatus.RUNNING:
        message = f"这个流程当前是“{run.get_status_display()}”，不能办理。"
        raise Conflict(message)


def refuse_late(run: Run, item: WorkItem) -> NoReturn:
    """Raises Conflict: who did what with it meanwhile."""
    raise Conflict(_what_happened(run, item))


def _what_happened(run: Run, item: WorkItem) -> str:
    latest = run.acts.filter(item=item).order_by("-pk").first() or run.acts.order_by("-pk").first()
    if latest is None:
        return "这项工作已经不能办理了。"
    at = in_words(timezone.localtime(latest.created_at), "n月j日 H:i")
    return f"{latest.by_name}在 {at} 已经{ACT_WORDS[latest.act]}，您的操作没有提交。请刷新后看看最新的情况。"


def clean_opinion(text: str, *, ask: str = "") -> str:
    """Raises Invalid where it is too long, or missing where ``ask`` says that it is needed."""
    return clean_reason(text, ask=ask, field="opinion", most=LONGEST_OPINION)


def state_of(run: Run) -> RunState:
    return RunState.from_json(run.state)


def note_act(
    by: Actor,
    hall: Hall,
    run: Run,
    act: str,
    *,
    item: WorkItem | None = None,
    changes: dict[str, Any] | None = None,
    **said: Any,
) -> None:
    """Write down what was done, in the run's history and in the audit: opinions stand in the history alone. ``said``:
    further columns of ``RunAct``."""
    to = str(said.pop("to", ""))[:200]
    made = RunAct(
        run=run,
        item=item,
        act=act,
        step_label=item.label if item else "",
        by_id=by.id,
        by_name=by.shown_name,
        to=to,
        **said,
    )
    insert_row(made)
    facts: dict[str, Any] = {"number": [None, run.number]}
    if item:
        facts["step"] = [None, item.label]
    if to:
        facts["to"] = [None, to]
    record_act(
        by=by,
        act=f"workflow.{act}_run" if item is None else f"workflow.{act}_item",
        object_type="run",
        object_id=run.pk,
        hall_id=hall.pk,
        changes=facts | (changes or {}),
    )


def latest_act_id(run: Run) -> UUID | None:
    """Of what was done last in the run: what people are told of once."""
    return run.acts.order_by("-pk").values_list("pk", flat=True).first()


def keep_run(run: Run, *fields: str) -> None:
    """Write the run; what somebody has read of it before is old now, and what it is about has moved."""
    run.revision += 1
    update_row(run, "revision", *fields)
    for subject in RUN_SUBJECTS.entries():
        subject.moved(run)
