"""What a form said when something was done with it."""

from collections.abc import Mapping
from typing import Any

from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.workflow.models import FilledForm, FilledMoment
from tenants.workflow.models.filled import LONGEST_LABEL
from tenants.workflow.queries.filled import values_of


def keep_moment(by: Actor, hall: Hall, filled: FilledForm, label: str) -> FilledMoment:
    """Keep what the form says now, for good, and which fields differ from the moment before. ``label``: what was done
    (the step and its outcome). Whether somebody may do it the caller has looked at, and holds the row, or the run that
    alone writes into it. As long as the form says it, it is not written a second time (``keep_former``)."""
    latest = _latest(filled)
    before: Mapping[str, Any] = latest.values.opened(hall.pk) if latest and latest.values else {}
    # a last moment without values of its own: the form says what it said then
    now = before if latest and latest.values is None else values_of(hall, filled)
    # the first differs from nothing
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)] if latest else []
    return FilledMoment.objects.create(
        filled=filled,
        number=latest.number + 1 if latest else 1,
        label=label[:LONGEST_LABEL],
        changed=names,
        by_id=by.id,
        by_name=by.name,
    )


def keep_former(hall: Hall, filled: FilledForm, said: Mapping[str, Any]) -> None:
    """Who lets a form say something else calls this before: what it ``said`` so far is written to its last moment,
    where it was not. The caller holds the row."""
    latest = _latest(filled)
    if latest and latest.values is None:
        latest.values = OwnedJSON(hall.pk, dict(said))
        latest.save(update_fields=["values"])


def _latest(filled: FilledForm) -> FilledMoment | None:
    return filled.moments.order_by("-number").first()
