"""Who may see a run, and who somebody is in it."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.errors import NotFound
from province.halls.models import Hall
from province.people.models import Position
from province.rights.actors import Actor
from province.rights.queries import may
from tenants.workflow.models import Run, RunAct, RunCopy, WorkCandidate, WorkItem
from tenants.workflow.queries.candidates import MANAGE, MOST_PEOPLE, keys_of

# no account's id
NOBODY: Final = UUID(int=0)


def self_of(by: Actor) -> UUID | None:
    """Whose work the actor does: that of the person for whom they stand in, or their own."""
    return by.acting_for_id or by.id


def own_keys(by: Actor, hall: Hall) -> list[str]:
    """The keys under which the actor finds what they may claim in this hall: one query."""
    return keys_of(own_positions(by, hall))


def own_positions(by: Actor, hall: Hall) -> QuerySet[Position]:
    """The positions in this hall in which the actor is here."""
    held = Position.objects.filter(account=self_of(by), hall_id=hall.pk)
    return held.filter(pk=by.position_id) if by.position_id else held


def may_claim(item: WorkItem, keys: Iterable[str]) -> bool:
    """Whether one of these keys is a candidate of the item."""
    return WorkCandidate.objects.filter(item=item, key__in=list(keys)).exists()


def visible_runs(by: Actor, hall: Hall) -> QuerySet[Run]:
    """The runs that the actor may see: all for who looks after them; else those that they began, had a part in, may
    claim something of, or are shown."""
    runs = Run.objects.select_related("version__form_version", "version__flow", "filled")
    if may(by, MANAGE, hall_id=hall.pk):
        return runs
    return runs.filter(has_part(by, own_keys(by, hall)))


def has_part(by: Actor, keys: Sequence[str], *, run: str = "") -> Q:
    """What holds of a run that the actor, with these keys, may see and does not look after. ``run``: the way to it from
    the rows that are asked for (``run__``)."""
    me = self_of(by) or NOBODY
    this = OuterRef(f"{run}pk")
    return (
        Q(**{f"{run}initiator_id": me})
        | Exists(WorkItem.objects.filter(run=this, owner_id=me))
        | Exists(RunAct.objects.filter(run=this, by_id=me))
        | Exists(RunCopy.objects.filter(run=this, account_id=me))
        | Exists(WorkCandidate.objects.filter(item__run=this, is_open=True, key__in=keys))
    )


def run_of(by: Actor, hall: Hall, run_id: UUID) -> Run:
    """Raises NotFound, also for what the actor has no part in and for another hall's."""
    found = visible_runs(by, hall).filter(pk=run_id).first()
    if found is None:
        raise NotFound("没有这个流程，可能网址输入有误，或者属于其他服务厅。")
    return found


def run_of_item(by: Actor, hall: Hall, item_id: UUID) -> Run:
    """The run of an item, as ``run_of``."""
    found = visible_runs(by, hall).filter(items=item_id).first()
    if found is None:
        raise NotFound("没有这项工作，可能网址输入有误，或者属于其他服务厅。")
    return found


def people_with_keys(hall: Hall, item: WorkItem) -> list[UUID]:
    """Who may claim an item now: one query for its keys, one for the people."""
    rule = Q(pk__in=())
    for key in item.candidates.values_list("key", flat=True):
        kind, _, value = key.partition(":")
        rule |= _rule_of(kind, value)
    found = Position.objects.filter(rule, hall_id=hall.pk, account__is_active=True)
    return list(found.values_list("account_id", flat=True).distinct()[:MOST_PEOPLE])


def _rule_of(kind: str, value: str) -> Q:
    match kind:
        case "account":
            return Q(account=value)
        case "unit":
            return Q(unit=value)
        case "title":
            return Q(title=value)
        case _:
            role, _, unit = value.partition("@")
            # the id of a hall's own role has hyphens, the code of a ready one none
            of_role = Q(own_role=role) if "-" in role else Q(role=role)
            return of_role & Q(unit=unit) if unit else of_role
