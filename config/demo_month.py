"""Lives the demo's month in the background, and ends: ``python -m config.demo_month``. Killed, it goes on."""

import os

import django

from config.logs import configure_logs
from config.sentry import watch_errors


def main() -> None:
    """Live what is left of it. Its clock holds for the whole process: nothing else may run in it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    configure_logs()
    watch_errors()
    django.setup()
    # only once the apps are loaded
    from config.demo.month import live_month  # noqa: PLC0415

    # people's own programs come first
    os.nice(10)
    live_month()


if __name__ == "__main__":
    main()
