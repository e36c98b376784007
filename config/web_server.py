"""The web server with the program loaded once: ``python -m config.web_server``, then what granian is told.

Its processes are forked from this one and share what is loaded here, some 150 MB, instead of loading it again each. On
one machine it is a fork itself (config.programs).
"""

import gc
import os
import signal
from pathlib import Path

from django.conf import settings


def load_program() -> None:
    """Load what pages need, all templates, the two dictionaries that searching reads and what is made of how citizens
    speak. No connection is left open: forked, it would be two processes' at once."""
    # nearly all of it stays to the end: to look for garbage all the while takes a seventh of the time
    gc.disable()
    # first of all: what it frees again, the program takes up
    from foundation.tokenizing import load_dictionaries  # noqa: PLC0415

    load_dictionaries()
    # imported here because this reads the settings and loads all apps
    from django.apps import apps  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.template.loader import get_template  # noqa: PLC0415
    from django.urls import get_resolver  # noqa: PLC0415

    import config.wsgi  # noqa: F401, PLC0415
    from province.catalogue.queries.search.speech import speech_of  # noqa: PLC0415

    for routes in (settings.ROOT_URLCONF, settings.EVERY_HALL_URLCONF, *settings.HALL_URLCONFS.values()):
        # who asks for the names of all levels has them loaded
        len(get_resolver(routes).reverse_dict)
    for one in apps.get_app_configs():
        folder = Path(one.path) / "templates"
        for file in folder.rglob("*.html"):
            get_template(str(file.relative_to(folder)))
    # by the rules of the file; where a province has changed them, each process makes its own at the first search
    speech_of(None)
    connections.close_all()
    gc.enable()


def serve() -> None:
    """Run granian, which reads the words of the command, in processes forked from this one."""
    from foundation.embedded_services.tether import end_with_parent  # noqa: PLC0415
    from foundation.shared_connections.base import DatabaseWrapper, LeftConnections  # noqa: PLC0415

    DatabaseWrapper.left = LeftConnections()
    # what a fork inherits of this it does not inherit: whose death ends it
    os.register_at_fork(after_in_child=lambda: end_with_parent(signal.SIGTERM))
    # the collector must not write into what is shared
    gc.collect()
    gc.freeze()
    from granian.cli import cli  # noqa: PLC0415

    cli()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    load_program()
    serve()


if __name__ == "__main__":
    main()
