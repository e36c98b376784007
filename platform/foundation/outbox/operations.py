"""Leave an event, set a due time, carry both out."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from foundation.outbox.models import DueTime, OutboxEvent

type Handler = Callable[[OutboxEvent], None]

ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=1)
# longer than any queue
URGENT_AHEAD = timedelta(days=1)

_handlers: dict[str, Handler] = {}
log = structlog.get_logger(__name__)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the one handler of a kind. It runs with the event's row locked, perhaps more than once."""

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            message = f"two handlers for {kind}"
            raise RuntimeError(message)
        _handlers[kind] = handler
        return handler

    return register


def emit_event(
    *,
    kind: str,
    subject_id: UUID | None = None,
    hall_id: UUID | None = None,
    payload: dict[str, Any] | None = None,
    is_urgent: bool = False,
) -> OutboxEvent:
    """Write the event into the caller's transaction: it exists exactly when the change does.

    An urgent one is handled before all others that wait.
    """
    ahead = {"available_at": timezone.now() - URGENT_AHEAD} if is_urgent else {}
    return OutboxEvent.objects.create(kind=kind, subject_id=subject_id, hall_id=hall_id, payload=payload or {}, **ahead)


def emit_events(*, kind: str, subject_id: UUID, hall_ids: Iterable[UUID]) -> None:
    """The same for many halls at once, an event each."""
    events = (OutboxEvent(kind=kind, subject_id=subject_id, hall_id=hall_id) for hall_id in hall_ids)
    OutboxEvent.objects.bulk_create(events, batch_size=1_000)


def set_due_time(*, kind: str, subject_id: UUID, due_at: datetime, hall_id: UUID | None = None) -> None:
    """When ``due_at`` comes, an event of this kind is handled. A second call moves the time."""
    DueTime.objects.bulk_create(
        [DueTime(kind=kind, subject_id=subject_id, hall_id=hall_id, due_at=due_at)],
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["due_at", "hall_id"],
    )


def clear_due_time(*, kind: str, subject_id: UUID) -> None:
    DueTime.objects.filter(kind=kind, subject_id=subject_id).delete()


@transaction.atomic
def raise_due_events(*, most: int = 200) -> int:
    """Turn what has come due into events; returns how many. Two relays never take the same row."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                DELETE FROM outbox_duetime WHERE id IN (
                    SELECT id FROM outbox_duetime WHERE due_at <= statement_timestamp()
                    ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING kind, subject_id, hall_id)
            INSERT INTO outbox_outboxevent
                (kind, subject_id, hall_id, payload, state, attempts, last_error)
            SELECT kind, subject_id, hall_id, '{}', 'waiting', 0, '' FROM due
            """,
            [most],
        )
        raised: int = cursor.rowcount
    return raised


@transaction.atomic
def handle_next_event() -> bool:
    """Handle one waiting event, or return False where there is none.

    The row stays locked while its handler works, so a killed relay leaves it waiting; a failing handler's own writes
    are rolled back, and the event waits longer each time until it is given up.
    """
    event = (
        OutboxEvent.objects.select_for_update(skip_locked=True)
        .filter(state=OutboxEvent.State.WAITING, available_at__lte=timezone.now())
        .order_by("available_at")
        .first()
    )
    if event is None:
        return False
    event.attempts += 1
    try:
        with transaction.atomic():
            if handler := _handlers.get(event.kind):
                handler(event)
    except Exception as error:
        log.warning("event_failed", kind=event.kind, event_id=str(event.id), attempts=event.attempts, exc_info=True)
        event.last_error = f"{type(error).__name__}: {error}"[:2000]
        if event.attempts >= ATTEMPTS:
            event.state = OutboxEvent.State.DEAD
            event.finished_at = timezone.now()
        else:
            wait = min(timedelta(seconds=2**event.attempts), LONGEST_WAIT)
            event.available_at = timezone.now() + wait
    else:
        event.state = OutboxEvent.State.DONE
        event.finished_at = timezone.now()
    event.save(update_fields=["attempts", "last_error", "state", "finished_at", "available_at"])
    return True


def drain_events(*, most: int = 10_000) -> int:
    """Raise what is due and handle all that waits; returns how many were handled."""
    raise_due_events()
    handled = 0
    while handled < most and handle_next_event():
        handled += 1
    return handled
