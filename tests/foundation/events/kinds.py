"""Kinds that only tests emit, with their subscribers; also loaded by the processes that tests kill."""

import os
import signal
from typing import Any

from foundation.events.kinds import NoPayload, Payload, ReceivedEvent, declare_event, subscribes
from foundation.events.models import Event
from foundation.events.operations import emit_event

# in the environment of a process whose second subscriber is to be killed
DIES = "YIZHAN_TEST_DIES"
POISON = "poison"


class Said(Payload):
    words: str
    number: int = 0


class Note(Payload):
    by: str
    words: str


SAID = declare_event("tests.said", Said)
DUE = declare_event("tests.due", NoPayload)
KEPT = declare_event("tests.kept", NoPayload, is_kept=True)
NOTED = declare_event("tests.noted", Note, without_subscribers="the tests count these rows")


def note(by: str, words: str, event: ReceivedEvent[Any]) -> None:
    """What a subscriber did is an event, too: it stays exactly when the subscriber's transaction does."""
    emit_event(kind=NOTED, payload=Note(by=by, words=words), subject_id=event.id)


def notes(*, by: str | None = None) -> list[str]:
    """The words that were noted, in their order."""
    rows = Event.objects.filter(kind=NOTED.name).order_by("id")
    if by is not None:
        rows = rows.filter(payload__by=by)
    return [NOTED.payload_of(one).words for one in rows]


@subscribes(SAID, "tests.first")
def note_first(event: ReceivedEvent[Said]) -> None:
    note("first", event.payload.words, event)


@subscribes(SAID, "tests.second")
def note_second(event: ReceivedEvent[Said]) -> None:
    note("second", event.payload.words, event)
    if event.payload.words == POISON:
        raise ValueError(POISON)
    if os.environ.get(DIES):
        os.kill(os.getpid(), signal.SIGKILL)


@subscribes(DUE, "tests.due")
def note_due(event: ReceivedEvent[NoPayload]) -> None:
    note("due", str(event.subject_id), event)


@subscribes(KEPT, "tests.keep")
def keep_kept(_: ReceivedEvent[NoPayload]) -> None:
    """Nothing is to be done."""
