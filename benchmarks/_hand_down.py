"""A relay of its own, to be killed while it hands items down: handles what waits until it is told to stop."""

import django

django.setup()

from foundation.events.operations import drain_events  # noqa: E402

if __name__ == "__main__":
    drain_events()
