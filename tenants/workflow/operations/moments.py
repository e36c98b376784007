"""What a form said when something was done with it."""

from uuid import UUID

from django.db import transaction

from foundation.errors import NotFound
from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import FilledForm, FilledMoment
from tenants.workflow.models.filled import LONGEST_LABEL
from tenants.workflow.queries.filled import NO_FILLED, values_of


@transaction.atomic
def record_moment(*, by: Actor, hall: Hall, filled_id: UUID, label: str) -> FilledMoment:
    """Keep what the form says now, for good, and which fields differ from the moment before. ``label``: what was done
    (the step and its outcome). Whether somebody may do it, the caller has looked at. Raises NotFound."""
    check_inside(hall)
    filled = FilledForm.objects.select_for_update().filter(pk=filled_id).first()
    if filled is None:
        raise NotFound(NO_FILLED)
    return keep_moment(by, hall, filled, label)


def keep_moment(by: Actor, hall: Hall, filled: FilledForm, label: str) -> FilledMoment:
    """As ``record_moment``, of a row that the caller has locked."""
    latest = filled.moments.order_by("-number").first()
    before, now = values_of(hall, latest) if latest else {}, values_of(hall, filled)
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return FilledMoment.objects.create(
        filled=filled,
        number=latest.number + 1 if latest else 1,
        label=label[:LONGEST_LABEL],
        values=OwnedJSON(hall.pk, now),
        changed=changed,
        by_id=by.id,
        by_name=by.name,
    )
