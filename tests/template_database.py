"""Fills the template database: migrations, hall templates, two halls, a cast of named people."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after set-up

from province.halls.models import HallKind  # noqa: E402
from provisioning.grants import grant_to_application  # noqa: E402
from provisioning.templates import build_template  # noqa: E402
from tests.factories.halls import make_cast  # noqa: E402

if __name__ == "__main__":
    call_command("migrate_schemas", "--shared", verbosity=0)
    grant_to_application()
    for kind in HallKind:
        build_template(kind)
    make_cast()
