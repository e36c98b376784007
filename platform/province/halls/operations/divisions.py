"""Load divisions from files. What is new goes in at once; what would change something becomes a plan."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from foundation.bulk_copy import copy_rows
from foundation.errors import Fault, Invalid
from foundation.sounds import spelled_out
from province.audit.operations import record_act
from province.halls.models import DivisionChange, DivisionPlan
from province.halls.queries.division_changes import CodeChange, division_changes
from province.halls.queries.division_files import Content, DivisionRow, read_divisions
from province.halls.queries.division_plans import change_counts
from province.halls.queries.divisions import present_divisions
from province.halls.states import PLAN_TRANSITIONS, ChangeState, PlanState
from province.rights.actors import Actor
from province.rights.queries import require
from standards.numbers.divisions import parent_of

LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did: ``added`` rows went in at once, or a plan with ``changes`` (kind -> lines) waits for somebody's
    confirmation. Neither: the files say what is in force already."""

    rows: int
    added: int = 0
    plan_id: UUID | None = None
    changes: dict[str, int] = field(default_factory=dict)


def load_divisions(*, by: Actor, source: str, lines_or_bytes: Content, effective_on: date) -> LoadResult:
    """Load one file of divisions, as ``load_files`` does."""
    return load_files(by=by, files={source: lines_or_bytes}, effective_on=effective_on)


@transaction.atomic
def load_files(*, by: Actor, files: Mapping[str, Content], effective_on: date) -> LoadResult:
    """Load ``code,name`` files together. Raises Invalid with a fault for every wrong line; then nothing is loaded.

    Provinces of which nothing is in force yet apply at once. Otherwise the differences become a DivisionPlan, and the
    same files again find the same plan.
    """
    require(by, "halls.manage")
    lock_divisions()
    rows, faults = read_divisions(files)
    if faults:
        message = f"区划文件有 {len(faults):,} 处错误，没有载入任何内容。"
        raise Invalid(message, faults=faults)
    source = "、".join(files)
    if len(source) > LONGEST_SOURCE:
        source = source[: LONGEST_SOURCE - 1] + "…"
    roots = _roots_of(rows)
    present = present_divisions(roots)
    if not present and not any(parent_of(code) for code in roots):
        insert_divisions(rows, effective_on)
        record_act(
            by=by,
            act="halls.load_divisions",
            object_type="division",
            object_id=_first_id(rows),
            changes={"source": [None, source], "rows": [None, len(rows)]},
        )
        return LoadResult(rows=len(rows), added=len(rows))
    changes = division_changes(present, rows)
    if not changes:
        return LoadResult(rows=len(rows))
    _check_effective_date(effective_on, [one.valid_from for one in present])
    plan = _plan_for(by, source, effective_on, rows, changes)
    return LoadResult(rows=len(rows), plan_id=plan.pk, changes=change_counts(plan))


def lock_divisions() -> None:
    """Lock the divisions until the transaction ends: one load or plan at a time. Readers and the creation of halls go
    on meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE halls_division IN SHARE ROW EXCLUSIVE MODE")


def insert_divisions(rows: Iterable[DivisionRow], valid_from: date) -> None:
    """New divisions with their first code, below parents that are in force or among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE halls_new_division (
                id uuid DEFAULT uuidv7(), code varchar(12) PRIMARY KEY, name varchar(80), level varchar(8),
                parent_code varchar(12), is_government boolean, sounds text) ON COMMIT DROP
            """
        )
        copy_rows(
            "halls_new_division",
            ("code", "name", "level", "parent_code", "is_government", "sounds"),
            ((row.code, row.name, row.level, row.parent, row.is_government, spelled_out(row.name)) for row in rows),
        )
        cursor.execute("ANALYZE halls_new_division")
        cursor.execute(
            """
            INSERT INTO halls_division (id, code, name, sounds, level, parent_id, is_government, valid_from)
            SELECT new.id, new.code, new.name, new.sounds, new.level, coalesce(above.id, present.id),
                new.is_government, %s
            FROM halls_new_division AS new
            LEFT JOIN halls_new_division AS above ON above.code = new.parent_code
            LEFT JOIN halls_division AS present ON present.code = new.parent_code AND present.valid_to IS NULL
            ORDER BY new.code
            """,
            [valid_from],
        )
        cursor.execute(
            """
            INSERT INTO halls_divisioncode (division_id, code, name, valid_from)
            SELECT id, code, name, %s FROM halls_new_division ORDER BY code
            """,
            [valid_from],
        )
        cursor.execute("DROP TABLE halls_new_division")


def _roots_of(rows: Sequence[DivisionRow]) -> list[str]:
    """The topmost codes of the files: what they speak about, and all below."""
    codes = {row.code for row in rows}
    return [row.code for row in rows if row.parent not in codes]


def _first_id(rows: Sequence[DivisionRow]) -> UUID:
    return next(iter(present_divisions([rows[0].code]))).id


def _check_effective_date(effective_on: date, in_force: list[date]) -> None:
    latest = max(in_force, default=effective_on)
    if effective_on < latest:
        message = f"生效日期不能早于现行区划的生效日期 {latest:%Y-%m-%d}。"
        raise Invalid(message, faults=[Fault("effective_on", message)])


def _plan_for(
    by: Actor, source: str, effective_on: date, rows: Sequence[DivisionRow], changes: Sequence[CodeChange]
) -> DivisionPlan:
    digest = hashlib.sha256("\n".join(f"{row.code},{row.name}" for row in rows).encode()).hexdigest()
    drafts = DivisionPlan.objects.filter(state=PlanState.DRAFT, digest=digest, effective_on=effective_on)
    for draft in drafts.select_for_update():
        if _is_begun(draft) or _guesses_of(draft) == list(changes):
            return draft
        # the divisions have changed since, and nobody has decided anything: the same file now means something else
        drop_plan(draft)
    plan = DivisionPlan.objects.create(source=source, effective_on=effective_on, digest=digest)
    copy_rows(
        "halls_divisionchange",
        ("plan_id", "state", "revision", *_COLUMNS, "decided_by_name", "reason"),
        ((plan.pk, ChangeState.PROPOSED, 1, *_cells(change), "", "") for change in changes),
    )
    record_act(
        by=by,
        act="halls.plan_divisions",
        object_type="division_plan",
        object_id=plan.pk,
        changes={"source": [None, source], "lines": [None, len(changes)]},
    )
    return plan


_COLUMNS = (
    *("kind", "division_id", "old_code", "old_name", "new_code", "new_name", "note"),
    *("guessed_kind", "guessed_origin_id", "guessed_code", "guessed_name"),
)


def _cells(change: CodeChange) -> tuple[object, ...]:
    guess = change.kind, change.division_id, change.new_code, change.new_name
    decided = change.kind, change.division_id, change.old_code, change.old_name, change.new_code, change.new_name
    return *decided, change.note, *guess


def drop_plan(plan: DivisionPlan) -> None:
    """Close the plan, and what is left of it to be decided, in the caller's transaction."""
    PLAN_TRANSITIONS.check(plan.state, PlanState.DISCARDED)
    plan.state = PlanState.DISCARDED
    plan.save(update_fields=["state"])
    left = plan.changes.exclude(state__in=(ChangeState.APPLIED, ChangeState.DROPPED))
    left.update(state=ChangeState.DROPPED, revision=F("revision") + 1)


def _is_begun(plan: DivisionPlan) -> bool:
    return plan.changes.exclude(state=ChangeState.PROPOSED).exists()


def _guesses_of(plan: DivisionPlan) -> list[CodeChange]:
    lines = DivisionChange.objects.filter(plan=plan).order_by("pk")
    return [
        CodeChange(one.kind, one.division_id, one.old_code, one.old_name, one.new_code, one.new_name, one.note)
        for one in lines
    ]
