"""What a hall does when it hears of something."""

from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.catalogue.events import GUIDE_DECIDED, ITEM_SUCCEEDED, ITEMS_ASSIGNED, SUCCESSION_DONE
from province.catalogue.models import Assignment, GuideDecision
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.services.events import GUIDE_IMPORT_FORGOTTEN, GUIDE_LATE, GUIDES_CHECKED, GUIDES_MOVED, GuidesMoved
from tenants.services.operations.assignments import adopt_assigned
from tenants.services.operations.decisions_above import carry_out_decision
from tenants.services.operations.guide_imports import forget_guide_import
from tenants.services.operations.notices import tell_guide_late, tell_guides_move
from tenants.services.operations.reports import report_again
from tenants.services.operations.succession import follow_item
from tenants.services.operations.successors import follow_succession, look_after_guides
from tenants.shell.subscribers import in_hall


@subscribes(ITEMS_ASSIGNED, "services.adopt_assigned")
@in_hall
def _adopt(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    """The rows come with the event: a repeat finds them there."""
    assignment = Assignment.objects.filter(pk=event.subject_id).first()
    if assignment is not None:
        adopt_assigned(ordered_by=Actor(assignment.by_id, assignment.by_name, ()), hall=hall, assignment=assignment)


@subscribes(GUIDE_DECIDED, "services.carry_out_decision")
@in_hall
def _decide(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    decision = GuideDecision.objects.filter(pk=event.subject_id, hall_id=hall.pk).first()
    if decision is not None:
        carry_out_decision(hall=hall, decision=decision)


@subscribes(ITEM_SUCCEEDED, "services.follow_item")
@in_hall
def _follow(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    follow_item(hall=hall, item_id=event.subject_id)


@subscribes(SUCCESSION_DONE, "services.follow_succession")
@in_hall
def _follow_succession(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    follow_succession(hall=hall, succession_id=event.subject_id)


@subscribes(GUIDES_CHECKED, "services.check_guides")
@in_hall
def _check(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    look_after_guides(hall=hall)


@subscribes(HALL_RESTORED, "services.report_again")
@in_hall
def _report_again(_: ReceivedEvent[NoPayload], hall: Hall) -> None:
    report_again(hall)


@subscribes(GUIDE_IMPORT_FORGOTTEN, "services.forget_guide_import")
@in_hall
def _forget_import(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    forget_guide_import(hall=hall, import_id=event.subject_id)


@subscribes(GUIDES_MOVED, "services.tell_guides_move")
@in_hall
def _tell(event: ReceivedEvent[GuidesMoved], hall: Hall) -> None:
    tell_guides_move(hall=hall, cause_id=event.id, moved=event.payload)


@subscribes(GUIDE_LATE, "services.tell_guide_late")
@in_hall
def _tell_late(event: ReceivedEvent[NoPayload], hall: Hall) -> None:
    tell_guide_late(hall=hall, version_id=event.subject_id, cause_id=event.id)
