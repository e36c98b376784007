"""Apply or discard a plan of division changes. Halls keep their schema, their links, and answer to former codes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.halls.events import DIVISIONS_CHANGED
from province.halls.models import DivisionChange, DivisionPlan
from province.halls.operations.divisions import insert_divisions, lock_divisions
from province.halls.operations.halls import touch_halls
from province.halls.queries.division_files import DivisionRow
from province.halls.queries.divisions import change_counts
from province.halls.queries.prefixes import LEVELS, PREFIXES, UPPER_LEVELS
from province.halls.states import PLAN_TRANSITIONS, PlanState
from province.rights.actors import Actor
from province.rights.queries import require
from standards.numbers.divisions import PSEUDO_NAMES, level_of, parent_of

Kind = DivisionChange.Kind


@transaction.atomic
def apply_plan(*, by: Actor, plan: DivisionPlan) -> DivisionPlan:
    """Carry out every line, or none. Raises Conflict where the plan is not a draft, is not yet effective, or no longer
    fits because divisions have changed since.

    A hall of a recoded division goes on under its new code. A hall of a merged one moves to the division that took it
    in, if that has none; otherwise it stays, as a hall of former times that also hears what is sent to its new place.
    """
    require(by, "halls.manage")
    lock_divisions()
    found = _moved(plan, PlanState.APPLIED)
    if found.effective_on > timezone.localdate():
        message = f"这份变更 {found.effective_on:%Y-%m-%d} 才生效，请届时再执行。"
        raise Conflict(message)
    _check_fits(found)
    _end_codes(found)
    _recode(found)
    insert_divisions(_rows_to_add(found), found.effective_on)
    _name_parents(found)
    _begin_codes(found)
    _hand_over_merged(found)
    halls = _renew_halls(found)
    emit_event(kind=DIVISIONS_CHANGED, subject_id=found.pk)
    record_act(
        by=by,
        act="halls.apply_plan",
        object_type="division_plan",
        object_id=found.pk,
        changes={"lines": change_counts(found), "halls": len(halls)},
    )
    return found


@transaction.atomic
def discard_plan(*, by: Actor, plan: DivisionPlan) -> DivisionPlan:
    require(by, "halls.manage")
    found = _moved(plan, PlanState.DISCARDED)
    record_act(by=by, act="halls.discard_plan", object_type="division_plan", object_id=found.pk)
    return found


def _moved(plan: DivisionPlan, state: PlanState) -> DivisionPlan:
    found = DivisionPlan.objects.select_for_update().get(pk=plan.pk)
    PLAN_TRANSITIONS.check(found.state, state)
    found.state = state
    found.save(update_fields=["state"])
    return found


def _run(sql: str, plan: DivisionPlan, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"plan": plan.pk, "on": plan.effective_on, **parameters})
        return cursor.fetchall() if cursor.description else []


def _check_fits(plan: DivisionPlan) -> None:
    strays = _run(
        """
        SELECT line.id FROM halls_divisionchange AS line
        LEFT JOIN halls_division AS own ON own.id = line.division_id
        WHERE line.plan_id = %(plan)s AND (
            (line.division_id IS NOT NULL
                AND (own.code, own.name, own.valid_to IS NULL) IS DISTINCT FROM (line.old_code, line.old_name, true))
            -- a new code must be free, or become so by the same plan
            OR (line.kind IN ('add', 'split', 'recode') AND EXISTS (
                SELECT FROM halls_division AS holder
                WHERE holder.code = line.new_code AND holder.valid_to IS NULL AND NOT EXISTS (
                    SELECT FROM halls_divisionchange AS freed
                    WHERE freed.plan_id = line.plan_id AND freed.division_id = holder.id
                        AND freed.kind IN ('recode', 'merge', 'remove')))))
        LIMIT 1
        """,
        plan,
    )
    if strays:
        raise Conflict("载入这份文件以后，区划又有过变更，请放弃这份变更并重新载入文件。")


def _end_codes(plan: DivisionPlan) -> None:
    """Ends first: a code may pass from one division to another in the same plan."""
    _run(
        """
        UPDATE halls_division AS own SET valid_to = %(on)s FROM halls_divisionchange AS line
        WHERE line.plan_id = %(plan)s AND line.division_id = own.id AND line.kind IN ('recode', 'merge', 'remove')
        """,
        plan,
    )
    _run(
        """
        UPDATE halls_divisioncode AS former SET valid_to = %(on)s FROM halls_divisionchange AS line
        WHERE line.plan_id = %(plan)s AND line.division_id = former.division_id AND former.valid_to IS NULL
            AND line.kind IN ('rename', 'recode', 'merge', 'remove')
        """,
        plan,
    )


def _recode(plan: DivisionPlan) -> None:
    _run(
        """
        UPDATE halls_division AS own
        SET code = line.new_code, name = line.new_name, valid_to = NULL,
            is_government = NOT line.new_name = ANY (%(pseudo)s::varchar[])
        FROM halls_divisionchange AS line
        WHERE line.plan_id = %(plan)s AND line.division_id = own.id AND line.kind IN ('rename', 'recode')
        """,
        plan,
        pseudo=sorted(PSEUDO_NAMES),
    )


def _rows_to_add(plan: DivisionPlan) -> Sequence[DivisionRow]:
    lines = DivisionChange.objects.filter(plan=plan, kind__in=(Kind.ADD, Kind.SPLIT)).order_by("new_code")
    return [
        DivisionRow(code, name, level_of(code), parent_of(code))
        for code, name in lines.values_list("new_code", "new_name")
    ]


def _name_parents(plan: DivisionPlan) -> None:
    """Below which division the recoded ones now stand; only now are all parents there."""
    lines = DivisionChange.objects.filter(plan=plan, kind=Kind.RECODE).values_list("division_id", "new_code")
    ids, codes = [], []
    for division_id, code in lines:
        ids.append(division_id)
        codes.append(parent_of(code))
    _run(
        """
        UPDATE halls_division AS own SET parent_id = above.id
        FROM unnest(%(ids)s::uuid[], %(codes)s::varchar[]) AS moved (id, parent_code)
        JOIN halls_division AS above ON above.code = moved.parent_code AND above.valid_to IS NULL
        WHERE own.id = moved.id
        """,
        plan,
        ids=ids,
        codes=codes,
    )


def _begin_codes(plan: DivisionPlan) -> None:
    _run(
        """
        INSERT INTO halls_divisioncode (division_id, code, name, valid_from)
        SELECT division_id, new_code, new_name, %(on)s FROM halls_divisionchange
        WHERE plan_id = %(plan)s AND kind IN ('rename', 'recode')
        """,
        plan,
    )


def _hand_over_merged(plan: DivisionPlan) -> None:
    """The division that took another in has its codes from now on, and its hall where it has none of its own."""
    _run(
        """
        INSERT INTO halls_divisioncode (division_id, code, name, valid_from, valid_to)
        SELECT heir.id, former.code, former.name, former.valid_from, former.valid_to
        FROM halls_divisionchange AS line
        JOIN halls_division AS heir ON heir.code = line.new_code AND heir.valid_to IS NULL
        JOIN halls_divisioncode AS former ON former.division_id = line.division_id
        WHERE line.plan_id = %(plan)s AND line.kind = 'merge'
        """,
        plan,
    )
    _run(
        """
        UPDATE halls_hall AS own SET division_id = chosen.heir_id FROM (
            SELECT DISTINCT ON (heir.id) heir.id AS heir_id, line.division_id
            FROM halls_divisionchange AS line
            JOIN halls_division AS heir ON heir.code = line.new_code AND heir.valid_to IS NULL
            JOIN halls_hall AS merged ON merged.division_id = line.division_id AND merged.state <> 'retired'
            WHERE line.plan_id = %(plan)s AND line.kind = 'merge'
                AND NOT EXISTS (SELECT FROM halls_hall AS other WHERE other.division_id = heir.id)
            ORDER BY heir.id, line.old_code) AS chosen
        WHERE own.division_id = chosen.division_id
        """,
        plan,
    )


def _renew_halls(plan: DivisionPlan) -> list[UUID]:
    """Halls of all divisions in the plan: prefixes, and every cached page. Positions follow by the event."""
    rows = _run(
        """
        SELECT DISTINCT hall.id, hall.division_id FROM halls_hall AS hall
        JOIN halls_division AS own ON own.id = hall.division_id
        JOIN halls_divisionchange AS line ON line.plan_id = %(plan)s
            AND (line.division_id = own.id OR (line.kind = 'merge' AND line.new_code = own.code))
        """,
        plan,
    )
    _run(
        f"""
        UPDATE halls_hall AS own SET prefixes = found.prefixes FROM ({PREFIXES}) AS found
        WHERE found.division_id = own.division_id
        """,  # noqa: S608 - only constants of ours
        plan,
        divisions=[division_id for _, division_id in rows],
    )
    _add_prefixes_of_heirs(plan)
    hall_ids = [hall_id for hall_id, _ in rows]
    touch_halls(hall_ids)
    return hall_ids


def _add_prefixes_of_heirs(plan: DivisionPlan) -> None:
    """A hall that stays with its merged division hears what is sent to the place that took it in."""
    _run(
        f"""
        UPDATE halls_hall AS own SET prefixes = (
            SELECT array_agg(one.prefix ORDER BY length(one.prefix), one.prefix) FROM (
                SELECT unnest(own.prefixes)
                UNION SELECT left(line.new_code, upper.digits)::varchar FROM {UPPER_LEVELS}
                WHERE upper.digits <= levels.digits) AS one (prefix))
        FROM halls_divisionchange AS line
        JOIN halls_division AS merged ON merged.id = line.division_id
        JOIN {LEVELS} ON levels.level = merged.level
        WHERE line.plan_id = %(plan)s AND line.kind = 'merge' AND line.division_id = own.division_id
        """,  # noqa: S608 - only constants of ours
        plan,
    )
