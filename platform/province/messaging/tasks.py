"""Notices that very many people get, piece by piece; and old ones that go."""

from celery import shared_task

from foundation.events.kinds import ReceivedEvent, subscribes
from province.messaging.events import NOTICES_WANTED, NoticesWanted
from province.messaging.operations.notices import forget_old_notices, write_notices


@subscribes(NOTICES_WANTED, "messaging.write_notices")
def _write(event: ReceivedEvent[NoticesWanted]) -> None:
    write_notices(event.payload)


@shared_task(name="messaging.forget_old_notices")
def forget() -> None:
    forget_old_notices()
