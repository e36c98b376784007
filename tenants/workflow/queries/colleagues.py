"""What the people of one's departments hold (部门在办)."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from province.halls.models import Hall
from province.people.models import Position
from province.rights.actors import Actor
from province.rights.queries import may
from province.rights.roles import Role
from tenants.workflow.models import WorkItem
from tenants.workflow.queries.candidates import MANAGE, keys_of
from tenants.workflow.queries.run_access import has_part, own_positions, visible_runs
from tenants.workflow.states import RunStatus, WorkState


def held_in_units(items: QuerySet[WorkItem], by: Actor, hall: Hall) -> QuerySet[WorkItem]:
    """Of these items those that people hold now: all of the hall for who looks after its runs; all that people of a
    department and of those below it hold for who leads it (审批领导); for others of a department what its people hold
    in runs that they may see themselves. Two queries to find out who that is."""
    held = items.filter(state=WorkState.CLAIMED, run__status=RunStatus.RUNNING)
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
        theirs |= Q(has_part(by, keys_of(positions), run="run__"), owner_id__in=others_alone)
    # for the index: whose it is comes before whether it may be seen
    return held.filter(theirs, owner_id__in=of_led | of_others)


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
