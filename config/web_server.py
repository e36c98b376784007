"""The web server with the program loaded once: ``python -m config.web_server``, then what granian is told.

Its processes are forked from this one and share what is loaded here, some 150 MB, instead of loading it again each.
"""

import gc
import os
import signal
from pathlib import Path

from django.conf import settings


def load_program() -> None:
    """Load what pages need, all templates, the two dictionaries that searching reads and what is made of how citizens
    speak. No connection is left open: forked, it would be two processes' at once."""
    # first of all: what it frees again, the program takes up
    from foundation.tokenizing import load_dictionaries  # noqa: PLC0415

    load_dictionaries()
    # imported here because this reads the settings and loads all apps
    from django.apps import apps  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415
    from django.template.loader import get_template  # noqa: PLC0415
    from django.urls import get_resolver  # noqa: PLC0415

    import config.wsgi  # noqa: F401, PLC0415
    from foundation.shared_connections.base import DatabaseWrapper, LeftConnections  # noqa: PLC0415
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
    DatabaseWrapper.left = LeftConnections()
    connections.close_all()


def main() -> None:
    from foundation.embedded_services.tether import end_with_parent  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # nearly all that is loaded stays to the end: walking through it again and again takes a fifth of the start
    gc.disable()
    load_program()
    # what a fork inherits of this it does not inherit: whose death ends it
    os.register_at_fork(after_in_child=lambda: end_with_parent(signal.SIGTERM))
    # the collector must not write into what is shared
    gc.collect()
    gc.freeze()
    gc.enable()
    from granian.cli import cli  # noqa: PLC0415

    cli()


if __name__ == "__main__":
    main()
