"""Calls to the outside that halls' rows wait for: wanted in the transaction of the change, sent by ``outgoing``."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.events.models import OutsideCall
from foundation.events.outgoing import send_next
from foundation.gathering import send as send_with_next


def want_calls(*, kind: str, hall_id: UUID, subject_ids: Collection[UUID]) -> None:
    """Have these called at once. One that was given up is tried as if for the first time; one that waits for its next
    try goes now, and keeps its count."""
    OutsideCall.objects.bulk_create(
        [
            OutsideCall(kind=kind, subject_id=one, hall_id=hall_id, next_attempt_at=timezone.now())
            for one in subject_ids
        ],
        ignore_conflicts=True,
    )
    calls = calls_for(kind, subject_ids)
    calls.filter(state=OutsideCall.State.WAITING).update(next_attempt_at=timezone.now())
    # attempts stay above 0: it may have arrived
    calls.filter(state=OutsideCall.State.DEAD).update(
        state=OutsideCall.State.WAITING, attempts=1, next_attempt_at=timezone.now(), finished_at=None, last_error=""
    )


def drop_calls(*, kind: str, subject_ids: Collection[UUID]) -> None:
    """Nobody waits for these any more. What a worker sends at this moment cannot be held back: its answer finds no
    row."""
    send_with_next(
        "DELETE FROM events_outsidecall WHERE kind = %s AND subject_id = ANY (%s)", [kind, list(subject_ids)]
    )


def drop_calls_of_hall(*, kind: str, hall_id: UUID) -> None:
    send_with_next("DELETE FROM events_outsidecall WHERE kind = %s AND hall_id = %s", [kind, hall_id])


def calls_for(kind: str, subject_ids: Collection[UUID]) -> QuerySet[OutsideCall]:
    return OutsideCall.objects.filter(kind=kind, subject_id__in=list(subject_ids))


def send_next_call(*, kind: str, send: Callable[[OutsideCall], Mapping[str, str]], first_wait: timedelta) -> bool:
    """Claim one of this kind that may go now, send it, note what came of it; False where none may go."""
    return send_next(OutsideCall.objects.filter(kind=kind).order_by("next_attempt_at"), send, first_wait=first_wait)
