"""Who does a step: a rule of a flow becomes people of the hall, and rows by which they find the step."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.written import rows_once
from province.people.models import Position, Unit
from province.people.queries.holders import positions_carrying
from province.rights.roles import Role
from standards.flows.people import (
    AnyWho,
    ByChoice,
    ByDoer,
    ByExpression,
    ByInitiator,
    ByInitiatorsLeader,
    ByPeople,
    ByRole,
    ByTitle,
    ByUnit,
    OnDuty,
)
from tenants.workflow.slots import DUTY_ROSTER

TAKE_PART: Final = "workflow.take_part"
MANAGE: Final = "workflow.manage"
# of those who may claim a step, so many are told of it by name
MOST_PEOPLE: Final = 500


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a rule asks of the run. ``chosen``: account ids, chosen for the step that begins; ``doer_of``: who did a
    step last; ``named``: by expression, the id that it gives."""

    hall_id: UUID
    initiator_id: UUID
    unit_id: UUID | None
    chosen: Sequence[UUID]
    doer_of: Callable[[str], UUID | None]
    named: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """``people``: account id → name, those who can sign in and take part; ``keys``: of candidate rows."""

    people: Mapping[UUID, str]
    keys: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people)


def people_for(who: AnyWho, facts: RunFacts) -> Found:
    """The people of a rule now, in the order of their names; at most three queries."""
    ids = _ids_in(who, facts)
    return _accounts(facts, ids) if ids is not None else _in_places(who, facts)


def _ids_in(who: AnyWho, facts: RunFacts) -> Collection[UUID] | None:
    """The accounts that a rule names; None for one that names a place or a post."""
    match who:
        case ByInitiator():
            return [facts.initiator_id]
        case ByPeople(account_ids=ids):
            return ids
        case ByChoice():
            return facts.chosen
        case ByDoer(step=step):
            return [doer] if (doer := facts.doer_of(step)) else []
        case OnDuty():
            return {pk for roster in DUTY_ROSTER.entries() for pk in roster.on_duty(timezone.now(), who)}
        case _:
            return None


def _in_places(who: AnyWho, facts: RunFacts) -> Found:
    match who:
        case ByRole(role=role, in_unit=in_unit) if facts.unit_id or not in_unit:
            place, here = (f"@{facts.unit_id}", Q(unit=facts.unit_id)) if in_unit else ("", Q())
            return _found(facts, _of_role(role) & here, [f"role:{role}{place}"])
        case ByUnit(unit_id=unit_id, leaders=leaders):
            return _leaders(facts, [unit_id]) if leaders else _found(facts, Q(unit=unit_id), [f"unit:{unit_id}"])
        case ByTitle(title=title):
            return _found(facts, Q(title=title), [f"title:{title}"])
        case ByInitiatorsLeader(levels=levels) if facts.unit_id:
            return _leaders_above(facts, facts.unit_id, levels)
        case ByExpression(expression=expression) if named := _uuid(facts.named.get(expression, "")):
            return _accounts(facts, [named]) or _found(facts, Q(unit=named), [f"unit:{named}"])
        case _:
            return Found({})


def managers_of(hall_id: UUID) -> Found:
    """Who looks after the hall's runs: the last to have a step for which nobody is found."""
    positions = positions_carrying(MANAGE).filter(hall_id=hall_id)
    people = _people(positions)
    return Found(people, _account_keys(people))


def keys_of(positions: Iterable[Position]) -> list[str]:
    """The keys under which somebody with these positions of one hall finds what they may claim."""
    found: set[str] = set()
    for one in positions:
        role = one.role or str(one.own_role_id)
        found |= {f"account:{one.account_id}", f"role:{role}"}
        if one.unit_id:
            found |= {f"role:{role}@{one.unit_id}", f"unit:{one.unit_id}"}
        if one.title:
            found.add(f"title:{one.title}")
    return sorted(found)


def _found(facts: RunFacts, rule: Q, keys: Sequence[str]) -> Found:
    return Found(_people(_taking_part(facts.hall_id).filter(rule)), tuple(keys))


def _accounts(facts: RunFacts, ids: Collection[UUID]) -> Found:
    if not ids:
        return Found({})
    # a step begins by it
    people = dict(rows_once(_named, facts.hall_id, list(ids)))
    return Found(people, _account_keys(people))


def _named(hall_id: UUID, ids: Collection[UUID]) -> "QuerySet[Position, tuple[UUID, str]]":
    return _rows(_taking_part(hall_id).filter(account__in=ids))


def _account_keys(people: Mapping[UUID, str]) -> tuple[str, ...]:
    return tuple(f"account:{one}" for one in people)


def _taking_part(hall_id: UUID) -> QuerySet[Position]:
    return positions_carrying(TAKE_PART).filter(hall_id=hall_id)


def _people(positions: QuerySet[Position]) -> dict[UUID, str]:
    return dict(_rows(positions))


def _rows(positions: QuerySet[Position]) -> "QuerySet[Position, tuple[UUID, str]]":
    rows = positions.order_by("account__name", "account_id").values_list("account_id", "account__name").distinct()
    return rows[:MOST_PEOPLE]


def _of_role(role: str) -> Q:
    own = _uuid(role)
    return Q(own_role=own) if own else Q(role=role)


def _leaders(facts: RunFacts, unit_ids: Collection[UUID]) -> Found:
    """审批领导 of a department lead it: no other row says who does."""
    rule = Q(role=Role.APPROVING_LEADER, unit__in=unit_ids)
    return _found(facts, rule, [f"role:{Role.APPROVING_LEADER}@{one}" for one in unit_ids])


def _leaders_above(facts: RunFacts, unit_id: UUID, levels: int) -> Found:
    """Of the initiator's department, or so many above it; never the initiator: then those of the next one above."""
    unit = Unit.objects.filter(pk=unit_id).first()
    chain = [unit_id, *reversed(unit.ancestors if unit else [])]
    led = _taking_part(facts.hall_id).filter(role=Role.APPROVING_LEADER, unit__in=chain)
    by_unit: dict[UUID, dict[UUID, str]] = {}
    for place, account_id, name in led.order_by("account__name").values_list("unit_id", "account_id", "account__name"):
        if account_id != facts.initiator_id and place:
            by_unit.setdefault(place, {})[account_id] = name
    own_leads = led.filter(account=facts.initiator_id, unit=unit_id).exists()
    places = chain[levels - 1 + int(own_leads) :] or chain[-1:]
    people = next((by_unit[one] for one in places if one in by_unit), {})
    return Found(people, _account_keys(people))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
