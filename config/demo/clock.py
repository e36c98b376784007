"""The demo's clock: the month before today is lived through the operations, each at the moment at which it would have
been done. Only a program of the demo's own sets it (docs/decisions/0076-a-month-of-the-demo.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models.signals import pre_save
from django.utils import timezone

from foundation.rows import HallRow


@contextmanager
def living_at(moment: datetime) -> Iterator[None]:
    """Let everything that this process does inside take ``moment`` for now, rows of halls included. The audit asks the
    system's own clock and keeps the true time. Danger: it holds for all threads of the process."""
    true_now = timezone.now

    def date_row(sender: type, instance: Any, **_: object) -> None:
        if issubclass(sender, HallRow) and instance._state.adding:  # noqa: SLF001 - Django documents it
            instance.created_at = moment

    timezone.now = lambda: moment
    pre_save.connect(date_row, weak=False, dispatch_uid="demo.clock")
    try:
        yield
    finally:
        timezone.now = true_now
        pre_save.disconnect(dispatch_uid="demo.clock")
