from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.catalogue.events import REVIEW_LATE, VERSION_DECIDED, VERSION_SUBMITTED, VersionDecision
from province.catalogue.operations.notices import ask_offices, tell_item_decision, tell_item_late


@subscribes(VERSION_SUBMITTED, "catalogue.ask_offices")
def _ask(event: ReceivedEvent[NoPayload]) -> None:
    ask_offices(version_id=event.subject_id)


@subscribes(VERSION_DECIDED, "catalogue.tell_decision")
def _tell(event: ReceivedEvent[VersionDecision]) -> None:
    tell_item_decision(version_id=event.subject_id, cause_id=event.id, decision=event.payload)


@subscribes(REVIEW_LATE, "catalogue.tell_late")
def _tell_late(event: ReceivedEvent[NoPayload]) -> None:
    tell_item_late(version_id=event.subject_id, cause_id=event.id)
