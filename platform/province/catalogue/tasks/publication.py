from foundation.events.kinds import NoPayload, ReceivedEvent, subscribes
from province.catalogue.events import (
    ELEMENT_TURNS,
    ITEM_ENDS,
    PAUSE_UNCONFIRMED,
    SUCCESSION_BEGINS,
    VERSION_BEGINS,
    VERSION_REQUIRED,
)
from province.catalogue.operations.extra_elements import turn_element
from province.catalogue.operations.pause_requests import lapse_pause
from province.catalogue.operations.planned_ends import end_as_planned
from province.catalogue.operations.publication import begin_version, require_version
from province.catalogue.operations.successions import begin_succession


@subscribes(VERSION_BEGINS, "catalogue.begin_version")
def _begin(event: ReceivedEvent[NoPayload]) -> None:
    begin_version(version_id=event.subject_id)


@subscribes(VERSION_REQUIRED, "catalogue.require_version")
def _require(event: ReceivedEvent[NoPayload]) -> None:
    require_version(version_id=event.subject_id)


@subscribes(ITEM_ENDS, "catalogue.end_as_planned")
def _end(event: ReceivedEvent[NoPayload]) -> None:
    end_as_planned(version_id=event.subject_id)


@subscribes(SUCCESSION_BEGINS, "catalogue.begin_succession")
def _succeed(event: ReceivedEvent[NoPayload]) -> None:
    begin_succession(succession_id=event.subject_id)


@subscribes(PAUSE_UNCONFIRMED, "catalogue.lapse_pause")
def _lapse(event: ReceivedEvent[NoPayload]) -> None:
    lapse_pause(request_id=event.subject_id)


@subscribes(ELEMENT_TURNS, "catalogue.turn_element")
def _turn(event: ReceivedEvent[NoPayload]) -> None:
    turn_element(element_id=event.subject_id)
