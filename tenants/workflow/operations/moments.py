"""What a form said when something was done with it."""

from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.workflow.models import FilledForm, FilledMoment
from tenants.workflow.models.filled import LONGEST_LABEL
from tenants.workflow.queries.filled import values_of


def keep_moment(by: Actor, hall: Hall, filled: FilledForm, label: str) -> FilledMoment:
    """Keep what the form says now, for good, and which fields differ from the moment before. ``label``: what was done
    (the step and its outcome). Whether somebody may do it the caller has looked at, and holds the row, or the run that
    alone writes into it."""
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
