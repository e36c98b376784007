"""A relay in a process of its own, for tests that kill it; loaded once into multiprocessing's fork server."""

import django

django.setup()

from foundation.events.operations import drain_events  # noqa: E402


def relay() -> None:
    drain_events()
