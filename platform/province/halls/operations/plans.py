"""Carry out what was decided on a plan's lines. Halls keep their schema, their links, and answer to former codes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import emit_event
from foundation.sounds import spelled_out
from province.audit.operations import record_act
from province.halls.events import DIVISIONS_CHANGED
from province.halls.models import CodeMove, DivisionChange, DivisionPlan
from province.halls.operations.division_changes import hold_plan
from province.halls.operations.divisions import drop_plan, insert_divisions, lock_divisions
from province.halls.operations.halls import touch_halls
from province.halls.queries.dependencies import Dependencies
from province.halls.queries.division_files import DivisionRow
from province.halls.queries.prefixes import PREFIXES
from province.halls.states import CHANGE_TRANSITIONS, DECIDED, UNDECIDED, ChangeState, PlanState
from province.rights.actors import Actor
from province.rights.queries import require
from standards.numbers.divisions import PSEUDO_NAMES, level_of, parent_of

Kind = DivisionChange.Kind
# lines in one transaction; those that hang together are never parted
LINES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Applied:
    """``lines`` were carried out now; ``waiting`` are decided and lack something; ``undecided`` nobody has decided."""

    plan: DivisionPlan
    lines: int
    waiting: int
    undecided: int


def apply_plan(*, by: Actor, plan: DivisionPlan) -> Applied:
    """Carry out every decided line that lacks nothing, so many a transaction: stopped halfway, the next call goes on,
    and where nothing is left to carry out, nothing happens. Raises Conflict where the plan is not yet effective, or is
    closed.

    A hall of a recoded division goes on under its new code. A hall of a merged one moves to the division that took it
    in, if that has none; otherwise it stays, as a hall of former times that also hears what is sent to its new place.
    """
    lines = 0
    while done := apply_some(by=by, plan=plan):
        lines += done
    found = DivisionPlan.objects.get(pk=plan.pk)
    waiting = found.changes.filter(state__in=DECIDED).count()
    return Applied(found, lines, waiting, found.changes.filter(state__in=UNDECIDED).count())


@transaction.atomic
def apply_some(*, by: Actor, plan: DivisionPlan) -> int:
    """Carry out the next lines that are ready: all of them or none; returns how many. Raises as ``apply_plan`` does."""
    require(by, "halls.manage")
    lock_divisions()
    # one that is finished has nothing left: a second press changes nothing
    if DivisionPlan.objects.filter(pk=plan.pk, state=PlanState.APPLIED).exists():
        return 0
    found = hold_plan(plan)
    if found.is_early:
        message = f"这份变更 {found.effective_on:%Y-%m-%d} 才生效，请届时再执行。"
        raise Conflict(message)
    if not (line_ids := _next_lines(found)):
        return 0
    run = uuid4()
    batch = _Batch(found, line_ids)
    halls = batch.carry_out()
    _note_moves(run, line_ids)
    lines = found.changes.filter(pk__in=line_ids)
    for state in lines.values_list("state", flat=True).distinct():
        CHANGE_TRANSITIONS.check(state, ChangeState.APPLIED)
    counts = _counted(lines)
    lines.update(state=ChangeState.APPLIED, applied_at=timezone.now(), revision=F("revision") + 1)
    _close_if_done(found)
    emit_event(kind=DIVISIONS_CHANGED, subject_id=run)
    record_act(
        by=by,
        act="halls.apply_plan",
        object_type="division_plan",
        object_id=found.pk,
        changes={"lines": counts, "halls": len(halls)},
    )
    return len(line_ids)


@transaction.atomic
def discard_plan(*, by: Actor, plan: DivisionPlan) -> DivisionPlan:
    """Give up what is not carried out. What is, stays so. Raises Conflict where the plan is closed."""
    require(by, "halls.manage")
    found = hold_plan(plan)
    drop_plan(found)
    record_act(by=by, act="halls.discard_plan", object_type="division_plan", object_id=found.pk)
    return found


def _next_lines(plan: DivisionPlan) -> list[UUID]:
    """Whole groups that are ready, some 500 lines: so that one transaction stays short."""
    hanging = Dependencies.of(plan)
    ready = hanging.ready()
    chosen: dict[UUID, None] = {}
    for line_id in sorted(ready):
        if line_id not in chosen:
            group = [one for one in hanging.group_of[line_id] if one in ready]
            if chosen and len(chosen) + len(group) > LINES_AT_ONCE:
                break
            chosen |= dict.fromkeys(group)
    return list(chosen)


def _counted(lines: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind in lines.order_by().values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    return counts


def _close_if_done(plan: DivisionPlan) -> None:
    if not plan.changes.filter(state__in=(*UNDECIDED, *DECIDED)).exists():
        plan.state = PlanState.APPLIED
        plan.save(update_fields=["state"])


def _note_moves(run: UUID, line_ids: Collection[UUID]) -> None:
    lines = DivisionChange.objects.filter(pk__in=line_ids).order_by("pk")
    CodeMove.objects.bulk_create(
        CodeMove(
            run=run,
            change_id=line.pk,
            division_id=line.division_id,
            kind=line.kind,
            old_code=line.old_code,
            new_code=line.new_code,
        )
        for line in lines
    )


def run_sql(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """What a statement of this package answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


class _Batch:
    """Some lines of a plan, carried out together."""

    def __init__(self, plan: DivisionPlan, line_ids: Collection[UUID]) -> None:
        self.plan = plan
        self.lines = list(line_ids)

    def carry_out(self) -> list[UUID]:
        """Returns the halls that are touched."""
        self._end_codes()
        self._recode()
        insert_divisions(self._rows_to_add(), self.plan.effective_on)
        self._name_parents()
        self._begin_codes()
        self._hand_over_merged()
        divisions = self._divisions()
        renewed = renew_prefixes(divisions)
        halls = run_sql("SELECT id FROM halls_hall WHERE division_id = ANY (%(divisions)s)", divisions=divisions)
        touched = list({*renewed, *(hall_id for (hall_id,) in halls)})
        touch_halls(touched)
        return touched

    def _end_codes(self) -> None:
        """Ends first: a code may pass from one division to another in the same plan."""
        self._run(
            """
            UPDATE halls_division AS own SET valid_to = %(on)s FROM halls_divisionchange AS line
            WHERE line.id = ANY (%(lines)s) AND line.division_id = own.id AND line.kind IN ('recode', 'merge', 'remove')
            """,
        )
        self._run(
            """
            UPDATE halls_divisioncode AS former SET valid_to = %(on)s FROM halls_divisionchange AS line
            WHERE line.id = ANY (%(lines)s) AND line.division_id = former.division_id AND former.valid_to IS NULL
                AND line.kind IN ('rename', 'recode', 'merge', 'remove')
            """,
        )

    def _recode(self) -> None:
        self._run(
            """
            UPDATE halls_division AS own
            SET code = line.new_code, name = line.new_name, valid_to = NULL,
                is_government = NOT line.new_name = ANY (%(pseudo)s::varchar[])
            FROM halls_divisionchange AS line
            WHERE line.id = ANY (%(lines)s) AND line.division_id = own.id AND line.kind IN ('rename', 'recode')
            """,
            pseudo=sorted(PSEUDO_NAMES),
        )
        self._sound()

    def _sound(self) -> None:
        """How the new names sound, which SQL cannot say."""
        renamed = DivisionChange.objects.filter(pk__in=self.lines, kind__in=(Kind.RENAME, Kind.RECODE))
        lines = list(renamed.values_list("division_id", "new_name"))
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE halls_division AS own SET sounds = line.sounds
                FROM unnest(%s::uuid[], %s::text[]) AS line (id, sounds) WHERE own.id = line.id
                """,
                [[one for one, _ in lines], [spelled_out(name) for _, name in lines]],
            )

    def _rows_to_add(self) -> Sequence[DivisionRow]:
        lines = DivisionChange.objects.filter(pk__in=self.lines, kind__in=(Kind.ADD, Kind.SPLIT)).order_by("new_code")
        return [
            DivisionRow(code, name, level_of(code), parent_of(code))
            for code, name in lines.values_list("new_code", "new_name")
        ]

    def _name_parents(self) -> None:
        """Below which division the recoded ones now stand; only now are all parents there."""
        lines = DivisionChange.objects.filter(pk__in=self.lines, kind=Kind.RECODE).values_list(
            "division_id", "new_code"
        )
        ids, codes = [], []
        for division_id, code in lines:
            ids.append(division_id)
            codes.append(parent_of(code))
        self._run(
            """
            UPDATE halls_division AS own SET parent_id = above.id
            FROM unnest(%(ids)s::uuid[], %(codes)s::varchar[]) AS moved (id, parent_code)
            JOIN halls_division AS above ON above.code = moved.parent_code AND above.valid_to IS NULL
            WHERE own.id = moved.id
            """,
            ids=ids,
            codes=codes,
        )

    def _begin_codes(self) -> None:
        self._run(
            """
            INSERT INTO halls_divisioncode (division_id, code, name, valid_from)
            SELECT division_id, new_code, new_name, %(on)s FROM halls_divisionchange
            WHERE id = ANY (%(lines)s) AND kind IN ('rename', 'recode')
            """,
        )

    def _hand_over_merged(self) -> None:
        """The division that took another in has its codes from now on, and its hall where it has none of its own."""
        self._run(
            """
            INSERT INTO halls_divisioncode (division_id, code, name, valid_from, valid_to)
            SELECT heir.id, former.code, former.name, former.valid_from, former.valid_to
            FROM halls_divisionchange AS line
            JOIN halls_division AS heir ON heir.code = line.new_code AND heir.valid_to IS NULL
            JOIN halls_divisioncode AS former ON former.division_id = line.division_id
            WHERE line.id = ANY (%(lines)s) AND line.kind = 'merge'
            """,
        )
        self._run(
            """
            UPDATE halls_division AS own SET merged_into_id = heir.id
            FROM halls_divisionchange AS line
            JOIN halls_division AS heir ON heir.code = line.new_code AND heir.valid_to IS NULL
            WHERE line.id = ANY (%(lines)s) AND line.kind = 'merge' AND own.id = line.division_id
            """,
        )
        self._run(
            """
            WITH chosen AS (
                SELECT DISTINCT ON (heir.id) heir.id AS heir_id, line.division_id, line.id
                FROM halls_divisionchange AS line
                JOIN halls_division AS heir ON heir.code = line.new_code AND heir.valid_to IS NULL
                JOIN halls_hall AS merged ON merged.division_id = line.division_id AND merged.state <> 'retired'
                WHERE line.id = ANY (%(lines)s) AND line.kind = 'merge'
                    AND NOT EXISTS (SELECT FROM halls_hall AS other WHERE other.division_id = heir.id)
                ORDER BY heir.id, line.old_code),
            moved AS (
                UPDATE halls_hall AS own SET division_id = chosen.heir_id FROM chosen
                WHERE own.division_id = chosen.division_id RETURNING own.id, chosen.id AS line_id)
            UPDATE halls_divisionchange AS line SET moved_hall_id = moved.id FROM moved WHERE line.id = moved.line_id
            """,
        )

    def _divisions(self) -> list[UUID]:
        """Those that the lines speak of, and those that took others in."""
        rows = self._run(
            """
            SELECT line.division_id FROM halls_divisionchange AS line
            WHERE line.id = ANY (%(lines)s) AND line.kind IN ('rename', 'recode', 'merge', 'remove')
            UNION
            SELECT own.merged_into_id FROM halls_divisionchange AS line
            JOIN halls_division AS own ON own.id = line.division_id
            WHERE line.id = ANY (%(lines)s) AND line.kind = 'merge' AND own.merged_into_id IS NOT NULL
            """
        )
        return [division_id for (division_id,) in rows]

    def _run(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return run_sql(sql, lines=self.lines, on=self.plan.effective_on, **parameters)


def renew_prefixes(divisions: Collection[UUID]) -> list[UUID]:
    """Write anew the prefixes of the halls of these divisions, of those below them and of those that they took in;
    returns the halls whose prefixes have changed."""
    rows = run_sql(
        """
        WITH RECURSIVE concerned (id) AS (
            SELECT unnest(%(roots)s::uuid[])
            UNION
            SELECT own.id FROM concerned JOIN halls_division AS own
                ON own.parent_id = concerned.id OR own.merged_into_id = concerned.id)
        SELECT array_agg(hall.division_id) FROM halls_hall AS hall JOIN concerned ON concerned.id = hall.division_id
        """,
        roots=list(divisions),
    )
    changed = run_sql(
        f"""
        UPDATE halls_hall AS own SET prefixes = found.prefixes FROM ({PREFIXES}) AS found
        WHERE found.division_id = own.division_id AND found.prefixes <> own.prefixes RETURNING own.id
        """,  # noqa: S608 - only constants of ours
        divisions=rows[0][0] or [],
    )
    return [hall_id for (hall_id,) in changed]
