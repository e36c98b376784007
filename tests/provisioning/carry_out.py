"""What processes of their own do in tests that kill them; loaded once into multiprocessing's fork server."""

import django

django.setup()

from django.test.utils import override_settings  # noqa: E402

from province.halls.models import HallKind  # noqa: E402
from province.rights.queries import system_actor  # noqa: E402
from provisioning.create import provision_halls  # noqa: E402
from provisioning.migrating import kind_migrations, names_of  # noqa: E402
from provisioning.upgrade import upgrade_halls  # noqa: E402

# the program is one migration ahead of every hall
AHEAD = {"portal": "tests.provisioning.next_release.migrations"}
TODAY = list(names_of(kind_migrations(HallKind.COUNTY)))
NOTE = "portal.9999_column_note"


def provision(under: str) -> None:
    provision_halls(by=system_actor(), under=under, workers=1)


def upgrade() -> None:
    with override_settings(MIGRATION_MODULES=AHEAD):
        upgrade_halls(by=system_actor(), workers=1)
