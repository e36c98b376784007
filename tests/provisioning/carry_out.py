"""What processes of their own do, most of them to be killed; loaded once into multiprocessing's fork server."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

from config.cli.provisioning import app as halls  # noqa: E402
from config.machine.progress import Progress, Step  # noqa: E402
from config.machine.release import RELEASE_STEPS, bring_release  # noqa: E402
from province.halls.models import HallKind  # noqa: E402
from province.rights.queries import system_actor  # noqa: E402
from provisioning.create import provision_halls  # noqa: E402
from provisioning.migrating import kind_migrations, names_of  # noqa: E402
from provisioning.upgrade import upgrade_halls  # noqa: E402

# the program is one migration ahead of every hall
AHEAD = {"portal": "tests.provisioning.next_release.migrations"}
# and so is a table that all share
RELEASE_AHEAD = AHEAD | {"idempotency": "tests.provisioning.next_release.public.migrations"}
TODAY = list(names_of(kind_migrations(HallKind.COUNTY)))
NOTE = "portal.9999_column_note"


def migrate_public(port: int, database: str) -> None:
    """Make the public tables of an empty database of another server."""
    connection.settings_dict |= {"PORT": port, "NAME": database}
    call_command("migrate_schemas", "--shared", interactive=False, verbosity=0)


def call_halls(port: int, database: str, bucket: str, *commands: tuple[str, ...]) -> None:
    """`yizhan halls`, on another server."""
    connection.settings_dict |= {"PORT": port, "NAME": database}
    with override_settings(S3_BUCKET=bucket):
        for words in commands:
            done = CliRunner().invoke(halls, words)
            assert done.exit_code == 0, done.output


def provision(under: str) -> None:
    provision_halls(by=system_actor(), under=under, workers=1)


def upgrade() -> None:
    with override_settings(MIGRATION_MODULES=AHEAD):
        upgrade_halls(by=system_actor(), workers=1)


class _Deadly(Progress):
    """Kills its own process in the given step (1 is the first), so many seconds after its beginning."""

    def __init__(self, step: int, seconds: float) -> None:
        super().__init__(total=RELEASE_STEPS, to_stderr=True)
        self._deadly, self._seconds, self._at = step, seconds, 0

    @contextmanager
    def step(self, label: str) -> Iterator[Step]:
        self._at += 1
        if self._at == self._deadly:
            if not self._seconds:
                _die()
            end = Timer(self._seconds, _die)
            end.daemon = True
            end.start()
        with super().step(label) as step:
            yield step


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def release(killed_in: int, seconds: float) -> None:
    """As the upgrade job does it. ``killed_in`` 0: to the end."""
    with override_settings(MIGRATION_MODULES=RELEASE_AHEAD):
        bring_release(_Deadly(killed_in, seconds), workers=1)
