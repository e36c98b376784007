"""What a hall does when it hears of something."""

from foundation import schemas
from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import handles
from province.catalogue.models import Assignment
from province.catalogue.queries.assignments import ASSIGNED
from province.halls.models import Hall
from province.halls.states import HallState
from province.identity.models import Actor
from tenants.services.operations.assignments import adopt_assigned


@handles(ASSIGNED)
def _adopt(event: OutboxEvent) -> None:
    """The rows come with the event: a repeat finds them there."""
    assert event.hall_id  # noqa: S101 - this kind always has both
    assert event.subject_id  # noqa: S101
    hall = Hall.objects.filter(pk=event.hall_id).exclude(state=HallState.RETIRED).first()
    assignment = Assignment.objects.filter(pk=event.subject_id).first()
    if hall is None or assignment is None or not schemas.schema_exists(hall.schema_name):
        return
    with schemas.enter(hall.schema_name):
        adopt_assigned(ordered_by=Actor(assignment.by_id, assignment.by_name, ()), hall=hall, assignment=assignment)
