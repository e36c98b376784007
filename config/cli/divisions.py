"""Commands of ``yizhan divisions``."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer

from config.cli.output import ActingAs, AsJson, actor_named, answer

app = typer.Typer(no_args_is_help=True)

# as the models have them (a test compares); to ask the models would be to wait for Django
PlanStateName = Literal["draft", "applied", "discarded"]

_PLAN_COLUMNS = {"id": "编号", "source": "来源", "effective_on": "生效日期", "state": "状态", "changes": "变更"}
_CHANGE_COLUMNS = {
    "id": "编号",
    "revision": "版次",
    "state": "状态",
    "kind": "变更",
    "old_code": "原代码",
    "old_name": "原名称",
    "new_code": "新代码",
    "new_name": "新名称",
    "note": "依据",
}
PlanId = Annotated[UUID, typer.Argument(metavar="编号")]


@app.command("load")
def load(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, metavar="文件……")],
    *,
    effective: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="生效日期，默认今天")] = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """载入区划文件（CSV:12 位代码,名称）。已有区划时列出变更等待决定，不会直接改动。"""
    from django.utils import timezone

    from province.halls import operations

    result = operations.load_files(
        by=actor_named(acting_as),
        files={path.name: path.read_bytes() for path in files},
        effective_on=effective.date() if effective else timezone.localdate(),
    )
    if result.plan_id:
        decide = f"yizhan divisions decide {result.plan_id}"
        sentence = f"文件有 {result.rows:,} 行，与现行区划不同，已列出变更，等待决定：{decide}"
    elif result.added:
        sentence = f"已载入 {result.added:,} 个区划。"
    else:
        sentence = f"文件的 {result.rows:,} 行与现行区划相同，没有变化。"
    columns = {"plan_id": "变更编号", "changes": "变更"} if result.plan_id else {"rows": "行数"}
    answer(result, json, columns=columns, sentence=sentence)


@app.command("plans")
def plans(*, state: Annotated[PlanStateName | None, typer.Option()] = None, json: AsJson = False) -> None:
    """列出区划变更，最近的在前。"""
    from province.halls import queries

    rows = [
        {
            "id": one.pk,
            "source": one.source,
            "effective_on": one.effective_on,
            "state": one.state if json else one.get_state_display(),
            "changes": queries.change_counts(one),
        }
        for one in queries.plans_table(state or "")
    ]
    answer(rows, json, columns=_PLAN_COLUMNS)


@app.command("plan")
def plan(plan_id: PlanId, *, json: AsJson = False) -> None:
    """逐条显示一份区划变更。"""
    from province.halls import queries
    from province.halls.models import DivisionChange

    lines = queries.changes_of(queries.plan_with_id(plan_id))
    rows = [
        {name: getattr(line, name) for name in _CHANGE_COLUMNS}
        | {"kind": DivisionChange.Kind(line.kind).label, "state": line.state if json else line.get_state_display()}
        for line in lines
    ]
    answer(rows, json, columns=_CHANGE_COLUMNS)


@app.command("decide")
def decide(
    plan_id: PlanId,
    *,
    table: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="填好“决定”一列的 Excel；不给就采纳全部判断")
    ] = None,
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """决定一份区划变更的各项：按填好的 Excel，或者采纳还没有决定的全部判断。决定以后要执行才生效。"""
    from province.halls import operations, queries

    by, found = actor_named(acting_as), queries.plan_with_id(plan_id)
    if table is None:
        decided = operations.accept_guesses(by=by, plan=found)
    else:
        with table.open("rb") as file:
            decided = operations.import_decisions(by=by, plan=found, file=file).decided
    sentence = f"已决定 {decided:,} 项。执行：yizhan divisions apply {plan_id}"
    answer({"id": plan_id, "decided": decided}, json, columns={}, sentence=sentence)


@app.command("apply")
def apply(plan_id: PlanId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """执行一份区划变更里已经决定的各项；中途断开，再执行一次就接着做。"""
    from province.halls import operations, queries

    done = operations.apply_plan(by=actor_named(acting_as), plan=queries.plan_with_id(plan_id))
    told = {"id": done.plan.pk, "state": done.plan.state, "lines": done.lines}
    told |= {"waiting": done.waiting, "undecided": done.undecided}
    sentence = f"已生效 {done.lines:,} 项；已决定还缺条件的 {done.waiting:,} 项，没有决定的 {done.undecided:,} 项。"
    answer(told, json, columns={}, sentence=sentence)


@app.command("undo")
def undo(
    plan_id: PlanId,
    change_ids: Annotated[list[UUID], typer.Argument(metavar="变更项编号……")],
    *,
    reason: Annotated[str, typer.Option(help="为什么撤回")],
    json: AsJson = False,
    acting_as: ActingAs = None,
) -> None:
    """撤回已经生效的变更项；它们改为暂缓。"""
    from province.halls import operations, queries

    found = queries.plan_with_id(plan_id)
    count = operations.undo_changes(by=actor_named(acting_as), plan=found, change_ids=change_ids, reason=reason)
    answer({"id": plan_id, "undone": count}, json, columns={}, sentence=f"已撤回 {count:,} 项。")


@app.command("discard")
def discard(plan_id: PlanId, *, json: AsJson = False, acting_as: ActingAs = None) -> None:
    """放弃一份区划变更。"""
    from province.halls import operations, queries

    done = operations.discard_plan(by=actor_named(acting_as), plan=queries.plan_with_id(plan_id))
    answer({"id": done.pk, "state": done.state}, json, columns={}, sentence="区划变更已放弃。")


@app.command("search")
def search(words: Annotated[list[str], typer.Argument(metavar="名称或代码……")], *, json: AsJson = False) -> None:
    """按名称或代码（包括曾用代码）查找区划。"""
    from province.halls import queries

    rows = [
        {"code": one.code, "name": one.name, "level": one.get_level_display(), "above": one.parent and one.parent.name}
        for one in queries.search_divisions(" ".join(words))
    ]
    answer(rows, json, columns={"code": "区划代码", "name": "名称", "level": "层级", "above": "上级"})
