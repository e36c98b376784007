"""Whose work it is what was taken in: of who took it in, until somebody takes it over."""

from uuid import UUID

from django.db import transaction

from province.halls.models import Hall
from province.people.operations.work import close_open_work, keep_open_work, replace_open_work
from province.rights.actors import Actor
from tenants.assistance.models import Assistance
from tenants.assistance.operations.rows import note_act
from tenants.assistance.states import ASSISTANCE_KIND, AssistanceState
from tenants.portal.operations.figures import check_inside


def keep_work(hall: Hall, assistance: Assistance) -> None:
    """Note whose it is, or that it has ended, in the transaction of the change."""
    if assistance.state == AssistanceState.ENDED:
        close_open_work(kind=ASSISTANCE_KIND, object_ids=[assistance.pk])
    else:
        keep_open_work(hall_id=hall.pk, kind=ASSISTANCE_KIND, owners={assistance.pk: assistance.clerk_id})


@transaction.atomic
def take_over_assistances(*, by: Actor, hall: Hall, leaver_id: UUID, successor: tuple[UUID, str]) -> int:
    """Somebody has left: what they took in and has not ended is the successor's. A repeat finds nothing. Returns how
    many."""
    check_inside(hall)
    rows = Assistance.objects.select_for_update().exclude(state=AssistanceState.ENDED)
    found = list(rows.filter(clerk_id=leaver_id).order_by("pk"))
    for one in found:
        before = one.clerk_name
        one.clerk_id, one.clerk_name = successor
        one.save(update_fields=["clerk_id", "clerk_name"])
        keep_work(hall, one)
        note_act(by, hall, one, "take_over", changes={"clerk": [before, one.clerk_name]})
    return len(found)


def keep_all_work(hall: Hall) -> None:
    """The hall's rows came out of an archive: whose they are is noted anew."""
    open_rows = Assistance.objects.exclude(state=AssistanceState.ENDED)
    owners = dict(open_rows.values_list("pk", "clerk_id"))
    replace_open_work(hall_id=hall.pk, kind=ASSISTANCE_KIND, owners=owners)
