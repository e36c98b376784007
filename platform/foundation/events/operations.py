"""Emit events, set due times, deliver both to those who subscribe."""

import json
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from foundation.events.kinds import REGISTRY, EventKind, NoPayload, Payload, ReceivedEvent
from foundation.events.models import DueTime, EventDelivery
from foundation.events.queries import waiting_deliveries
from foundation.gathering import send
from foundation.origins import current_origin, going_on

ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=1)
# longer than any queue
URGENT_AHEAD = timedelta(days=1)
# how long what was handled is kept, for who looks what came of an act
KEPT = timedelta(days=3)
_FORGOTTEN_AT_ONCE = 2_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Happening[P: Payload]:
    """One of many events of a kind: about what, in which hall, and what it says."""

    subject_id: UUID | None
    hall_id: UUID | None
    payload: P


class Postponed(Exception):
    """A subscriber's own part outside is away: the delivery waits for so many ``seconds``, and is never given up."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.wait = timedelta(seconds=seconds)


# one statement: outside a transaction, too, no event is ever there without its deliveries
_EMIT = """
    WITH emitted AS (
        INSERT INTO events_event (kind, subject_id, hall_id, payload, origin)
        SELECT %(kind)s, subject_id, hall_id, payload, %(origin)s::jsonb
        FROM unnest(%(subjects)s::uuid[], %(halls)s::uuid[], %(payloads)s::jsonb[])
            AS happened (subject_id, hall_id, payload)
        RETURNING id)
    INSERT INTO events_eventdelivery (event_id, subscriber, state, available_at, attempts, last_error)
    SELECT emitted.id, subscriber, 'waiting', statement_timestamp() - %(ahead)s, 0, ''
    FROM emitted CROSS JOIN unnest(%(subscribers)s::varchar[]) AS subscriber
"""
_RAISE = """
    WITH due AS (
        DELETE FROM events_duetime WHERE id IN (
            SELECT id FROM events_duetime
            WHERE due_at <= statement_timestamp() AND kind = ANY (%(declared)s::varchar[])
            ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)
        RETURNING kind, subject_id, hall_id),
    raised AS (
        INSERT INTO events_event (kind, subject_id, hall_id, payload)
        SELECT kind, subject_id, hall_id, '{}' FROM due
        RETURNING id, kind),
    delivered AS (
        INSERT INTO events_eventdelivery (event_id, subscriber, state, attempts, last_error)
        SELECT raised.id, subscribed.name, 'waiting', 0, '' FROM raised
        JOIN unnest(%(kinds)s::varchar[], %(subscribers)s::varchar[]) AS subscribed (kind, name)
            ON subscribed.kind = raised.kind)
    SELECT count(*) FROM raised
"""


# ids follow the time (UUIDv7), so what is old stands first. A delivery that waits or was given up keeps its event
_FORGET = """
    WITH old AS MATERIALIZED (
        SELECT id FROM events_event AS event
        WHERE id > %(after)s AND created_at < %(before)s AND kind = ANY (%(passing)s::varchar[])
            AND NOT EXISTS (SELECT FROM events_eventdelivery WHERE event_id = event.id AND state <> 'done')
        ORDER BY id LIMIT %(most)s),
    delivered AS (DELETE FROM events_eventdelivery USING old WHERE event_id = old.id),
    forgotten AS (DELETE FROM events_event USING old WHERE events_event.id = old.id)
    SELECT count(*), (SELECT id FROM old ORDER BY id DESC LIMIT 1) FROM old
"""


def emit_event[P: Payload](
    *,
    kind: EventKind[P],
    payload: P | None = None,
    subject_id: UUID | None = None,
    hall_id: UUID | None = None,
    is_urgent: bool = False,
) -> None:
    """Write the event, and a delivery for each subscriber, into the caller's transaction: they exist exactly when the
    change does. An urgent event is delivered before all others that wait.

    Raises RuntimeError for a kind that is not declared, TypeError for another kind's payload.
    """
    said = _said(kind, payload)
    _emit(kind, [Happening(subject_id, hall_id, said)], ahead=URGENT_AHEAD if is_urgent else timedelta())


def emit_events[P: Payload](
    *, kind: EventKind[P], payload: P | None = None, subject_id: UUID, hall_ids: Iterable[UUID]
) -> None:
    """Write an event for each of these halls, all in one statement. Raises what ``emit_event`` does."""
    said = _said(kind, payload)
    _emit(kind, [Happening(subject_id, one, said) for one in hall_ids], ahead=timedelta())


def emit_each[P: Payload](*, kind: EventKind[P], happenings: Sequence[Happening[P]]) -> None:
    """Write an event for each of these, with its own subject and words, all in one statement. Raises what
    ``emit_event`` does."""
    for one in happenings:
        _said(kind, one.payload)
    if happenings:
        _emit(kind, happenings, ahead=timedelta())


def _said[P: Payload](kind: EventKind[P], payload: P | None) -> P:
    REGISTRY.check_declared(kind)
    said = NoPayload() if payload is None else payload
    if type(said) is not kind.payload_type:
        message = f"{kind.name} says {kind.payload_type.__name__}, not {type(said).__name__}"
        raise TypeError(message)
    return said


def _emit[P: Payload](kind: EventKind[P], happenings: Sequence[Happening[P]], *, ahead: timedelta) -> None:
    # halls are told the same by the thousand
    written = {id(one.payload): one.payload.model_dump_json() for one in happenings}
    parameters: dict[str, Any] = {
        "kind": kind.name,
        "subjects": [one.subject_id for one in happenings],
        "payloads": [written[id(one.payload)] for one in happenings],
        "origin": json.dumps(current_origin()),
        "halls": [one.hall_id for one in happenings],
        "ahead": ahead,
        "subscribers": kind.listening,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EMIT, parameters)


def set_due_time(
    *, kind: EventKind[NoPayload], subject_id: UUID, due_at: datetime, hall_id: UUID | None = None
) -> None:
    """When ``due_at`` comes, an event of this kind is emitted. A second call moves the time."""
    set_due_times(kind=kind, subject_ids=[subject_id], due_at=due_at, hall_id=hall_id)


def set_due_times(
    *, kind: EventKind[NoPayload], subject_ids: Iterable[UUID], due_at: datetime, hall_id: UUID | None = None
) -> None:
    """Set the same time for several subjects, in one statement: an event for each comes of it."""
    REGISTRY.check_declared(kind)
    DueTime.objects.bulk_create(
        [DueTime(kind=kind.name, subject_id=one, hall_id=hall_id, due_at=due_at) for one in subject_ids],
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["due_at", "hall_id"],
    )


def clear_due_time(*, kind: EventKind[NoPayload], subject_id: UUID) -> None:
    clear_due_times(kinds=[kind], subject_ids=[subject_id])


def clear_due_times(*, kinds: Iterable[EventKind[NoPayload]], subject_ids: Iterable[UUID]) -> None:
    """Clear every time of these kinds that is set for one of these subjects, in one statement."""
    names = [kind.name for kind in kinds]
    send("DELETE FROM events_duetime WHERE kind = ANY (%s) AND subject_id = ANY (%s)", [names, list(subject_ids)])


def raise_due_events(*, most: int = 200) -> int:
    """Turn what has come due into events; returns how many. Two relays never take the same row.

    A due time of a kind that this program does not declare stays: a newer release may have set it.
    """
    subscribed = [(kind.name, name) for kind in REGISTRY.kinds for name in kind.listening]
    parameters: dict[str, Any] = {
        "declared": [kind.name for kind in REGISTRY.kinds],
        "most": most,
        "kinds": [kind for kind, _ in subscribed],
        "subscribers": [name for _, name in subscribed],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, parameters)
        (raised,) = cursor.fetchone()
    return int(raised)


def handle_next_delivery() -> bool:
    """Have one waiting delivery handled, or return False where there is none.

    The row stays locked while its subscriber works, so a killed relay leaves it waiting; a failing subscriber's own
    writes are rolled back, and its delivery waits longer each time until it is given up. Deliveries of the same event
    to other subscribers are rows of their own and wait for nothing. Where a subscriber is gone, its deliveries stay.
    """
    # around the transaction: what its commit sets off (tasks) comes from there as well
    with ExitStack() as origin, transaction.atomic():
        return _handle_next(origin)


def _handle_next(origin: ExitStack) -> bool:
    delivery = (
        waiting_deliveries()
        .filter(available_at__lte=timezone.now())
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("event")
        .order_by("available_at", "id")
        .first()
    )
    if delivery is None:
        return False
    origin.enter_context(going_on(f"event {delivery.subscriber}", delivery.event.origin))
    delivery.attempts += 1
    try:
        with transaction.atomic():
            _hand_over(delivery)
    except Postponed as postponed:
        _postpone(delivery, postponed)
    except Exception as error:
        facts = {"kind": delivery.event.kind, "subscriber": delivery.subscriber, "event_id": str(delivery.event_id)}
        log.exception("event_failed", **facts, attempts=delivery.attempts)
        _note_failure(delivery, error)
    else:
        delivery.state = EventDelivery.State.DONE
        delivery.finished_at = timezone.now()
    delivery.save(update_fields=["attempts", "last_error", "state", "finished_at", "available_at"])
    return True


def _hand_over(delivery: EventDelivery) -> None:
    kind = REGISTRY.kind_of_subscriber(delivery.subscriber)
    if kind.name != delivery.event.kind:
        message = f"{delivery.subscriber} subscribes to {kind.name} by now"
        raise LookupError(message)
    kind.subscribers[delivery.subscriber](ReceivedEvent(delivery.event, kind.payload_of(delivery.event)))


def _postpone(delivery: EventDelivery, postponed: Postponed) -> None:
    """This one, and all others that wait for the same part now: else each would cost the relay a try."""
    delivery.attempts -= 1
    delivery.last_error = f"{postponed}"[:2000]
    now = timezone.now()
    delivery.available_at = now + postponed.wait
    others = waiting_deliveries().filter(subscriber=delivery.subscriber, available_at__lte=now).exclude(pk=delivery.pk)
    locked = others.select_for_update(skip_locked=True, of=("self",)).values("pk")
    EventDelivery.objects.filter(pk__in=locked).update(available_at=delivery.available_at)


def _note_failure(delivery: EventDelivery, error: Exception) -> None:
    delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
    if delivery.attempts >= ATTEMPTS:
        delivery.state = EventDelivery.State.DEAD
        delivery.finished_at = timezone.now()
    else:
        wait = min(timedelta(seconds=2**delivery.attempts), LONGEST_WAIT)
        delivery.available_at = timezone.now() + wait


def settle_deliveries(*, subject_id: UUID, subscribers: Iterable[str]) -> None:
    """Count what these subscribers have still to do about this subject as done: it was told otherwise, or is not to be
    told any more."""
    waiting = EventDelivery.objects.filter(
        state=EventDelivery.State.WAITING, subscriber__in=list(subscribers), event__subject_id=subject_id
    )
    waiting.update(state=EventDelivery.State.DONE, finished_at=timezone.now())


def retry_deliveries(deliveries: QuerySet[EventDelivery]) -> int:
    """Have these handled at once, as if for the first time; returns how many."""
    return deliveries.update(
        state=EventDelivery.State.WAITING, attempts=0, finished_at=None, available_at=timezone.now()
    )


def forget_old_events(*, kept: timedelta = KEPT) -> int:
    """Delete events that were handled by all who subscribe and are older than ``kept``, with their deliveries, some
    thousands a statement; returns how many. Those of a kind that somebody reads later (``is_kept``) stay."""
    facts: dict[str, Any] = {
        "before": timezone.now() - kept,
        # what this program does not declare a newer release may keep
        "passing": [one.name for one in REGISTRY.kinds if not one.is_kept],
        "most": _FORGOTTEN_AT_ONCE,
        "after": UUID(int=0),
    }
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, facts)
            found, last = cursor.fetchone()
        if not found:
            return forgotten
        forgotten += found
        facts["after"] = last


def drain_events(*, most: int = 10_000) -> int:
    """Raise what is due and have all that waits handled; returns how many deliveries were."""
    raise_due_events()
    handled = 0
    while handled < most and handle_next_delivery():
        handled += 1
    return handled
