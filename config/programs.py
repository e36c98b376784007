"""Our programs on one machine, forked from one that has loaded all of it: ``python -m config.programs``, and then the
file with the variables of the tables' owner.

Each by itself they would load the same again, 80 to 230 MB. In containers each runs by itself (``yizhan run``).
"""

import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from logging.config import dictConfig
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    _load()
    from config import worker  # noqa: PLC0415
    from config.growth import Growth  # noqa: PLC0415
    from config.machine.parts import BEAT, BUILDER, RELAY, WEB, WORKER  # noqa: PLC0415
    from foundation.embedded_services.forking import Forks  # noqa: PLC0415

    # readers wait for the first of them
    programs: dict[str, Callable[[], None]] = {
        WEB: _serve,
        # forked again, worker and relay are as small as they were; a worker has hardly ever a minute without any task
        WORKER: partial(_quiet, lambda: worker.run(Growth(quiet_seconds=10))),
        BUILDER: partial(_quiet, partial(_watch_for_halls, Path(sys.argv[1]))),
        BEAT: partial(_quiet, _beat),
        RELAY: partial(_quiet, _relay),
    }
    if program := Forks({name: partial(_become, name, program) for name, program in programs.items()}).run():
        program()


def _load() -> None:
    """What pages need, and all tasks. No connection is left open: forked, it would be two processes' at once."""
    # imported here because this reads the settings and loads all apps
    from config.web_server import load_program  # noqa: PLC0415

    load_program()
    # what worker, scheduler and the broker's client load by themselves once they begin
    import celery.apps.beat  # noqa: PLC0415
    import celery.apps.worker  # noqa: PLC0415
    import celery.concurrency.thread  # noqa: PLC0415
    import celery.worker.consumer  # noqa: F401, PLC0415
    from django.db import connections  # noqa: PLC0415

    import config.broker  # noqa: PLC0415
    import config.machine.relay  # noqa: F401, PLC0415
    from config.celery import app  # noqa: PLC0415

    app.loader.import_default_modules()
    app.finalize()
    connections.close_all()


def _become(name: str, program: Callable[[], None]) -> None:
    """Go by the program's own name, by which lines of the log call it."""
    from django.conf import settings  # noqa: PLC0415

    from config.logs import configure_logs, log_what_ends_the_process  # noqa: PLC0415

    sys.argv = [name]
    dictConfig(settings.LOGGING)
    configure_logs()
    log_what_ends_the_process()
    program()


def _quiet(program: Callable[[], None]) -> None:
    """By itself it speaks of trouble alone."""
    from config import environment  # noqa: PLC0415

    if not environment.is_set("LOG_LEVEL"):
        logging.getLogger().setLevel(logging.WARNING)
    program()


def _serve() -> None:
    from django.conf import settings  # noqa: PLC0415

    from config.machine.parts import web_command  # noqa: PLC0415
    from config.web_server import serve  # noqa: PLC0415

    # of one that was killed
    settings.WEB_SOCKET.unlink(missing_ok=True)
    _, _, _, *words = web_command(settings.WEB_SOCKET)
    sys.argv += words
    serve()


def _watch_for_halls(owners: Path) -> None:
    from config.builder_asleep import Sleeper  # noqa: PLC0415
    from config.machine.parts import BUILDER, our_command  # noqa: PLC0415
    from foundation.embedded_services import tether  # noqa: PLC0415

    # this process has none of the owner's secrets; the one that it runs reads them from the file
    Sleeper(tether.command(our_command(BUILDER), environment=owners)).run()


def _beat() -> None:
    from config.machine.parts import BEAT, our_command  # noqa: PLC0415
    from config.scheduler import run  # noqa: PLC0415

    run(our_command(BEAT)[-1])


def _relay() -> None:
    from config.machine.relay import Relay  # noqa: PLC0415

    Relay(begin_anew=sys.exit).run()


if __name__ == "__main__":
    main()
