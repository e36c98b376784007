"""Fills the template database: migrations, hall templates, two halls, a cast of named people."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after set-up

from foundation.crypto.keyring import keyring  # noqa: E402
from foundation.crypto.versions import INDEX_VERSION, note_key  # noqa: E402
from foundation.sealing.keys import current_key  # noqa: E402
from province.halls.models import Hall, HallKind  # noqa: E402
from provisioning.grants import grant_to_application  # noqa: E402
from provisioning.templates import build_template  # noqa: E402
from tests.factories.halls import make_cast  # noqa: E402

if __name__ == "__main__":
    call_command("migrate_schemas", "--shared", verbosity=0)
    grant_to_application()
    for kind in HallKind:
        build_template(kind)
    make_cast()
    # as in a province at work: whoever seals something looks for its key once a connection, and once a test where that
    # test would be the first to have one
    note_key(INDEX_VERSION, keyring().index_key)
    for hall in Hall.objects.all():
        current_key(hall.pk)
