"""What the people of one's departments hold (部门在办)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from province.halls.models import Hall
from province.people.models import Position
from province.rights.actors import Actor
from province.rights.queries import may
from province.rights.roles import Role
from tenants.workflow.models import WorkItem
from tenants.workflow.queries.candidates import MANAGE, keys_of
from tenants.workflow.queries.run_access import has_part, own_positions, visible_runs
from tenants.workflow.states import WorkState

MOST_LOOKED_AT: Final = 500


def held_in_units(items: QuerySet[WorkItem], by: Actor, hall: Hall) -> QuerySet[WorkItem]:
    """Of these items those that people hold now, also in runs that are held up: all of the hall for who looks after its
    runs; all that people of a department and of those below it hold for who leads it (审批领导); for others of a
    department, of the ``MOST_LOOKED_AT`` most urgent that its people hold, those in runs that they may see themselves.
    Three queries at most to find out which."""
    held = items.filter(state=WorkState.CLAIMED)
    if may(by, MANAGE, hall_id=hall.pk):
        return held
    positions = list(own_positions(by, hall))
    led = {one.unit_id for one in positions if one.role == Role.APPROVING_LEADER and one.unit_id}
    others = {one.unit_id for one in positions if one.unit_id} - led
    if not led and not others:
        return held.none()
    of_led, of_others = _people_of(hall, led, others)
    theirs = Q(owner_id__in=of_led)
    if others_alone := of_others - of_led:
        theirs |= Q(pk__in=_readable(others_alone, by, keys_of(positions)))
    return held.filter(theirs)


def _readable(people: Collection[UUID], by: Actor, keys: Sequence[str]) -> list[UUID]:
    """Whether one may see a run is asked of so many and no more: of a million it is answered by reading them all. One
    query: to bring so many ids here and back again takes longer than to find them."""
    held = WorkItem.objects.filter(owner_id__in=people, state=WorkState.CLAIMED)
    urgent = held.order_by(F("due_at").asc(nulls_last=True), "pk").values("pk")[:MOST_LOOKED_AT]
    return list(WorkItem.objects.filter(has_part(by, keys, run="run__"), pk__in=urgent).values_list("pk", flat=True))


def _people_of(hall: Hall, led: set[UUID], others: set[UUID]) -> tuple[set[UUID], set[UUID]]:
    """The accounts of people in the departments that are led or below them, and of those in the others."""
    rule = Q(unit__in=led | others) | Q(unit__ancestors__overlap=list(led))
    rows = Position.objects.filter(rule, hall_id=hall.pk).values_list("account_id", "unit_id", "unit__ancestors")
    of_led, of_others = set(), set()
    for account_id, unit_id, ancestors in rows:
        if unit_id in led or not led.isdisjoint(ancestors or ()):
            of_led.add(account_id)
        else:
            of_others.add(account_id)
    return of_led, of_others


def openable_runs(by: Actor, hall: Hall, items: Iterable[WorkItem]) -> set[UUID]:
    """Of the runs of these items those whose page the actor may see."""
    ids = {one.run_id for one in items}
    return set(visible_runs(by, hall).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
