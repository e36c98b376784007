"""One reader: reads the inbox of one person over and over and prints the seconds that each time took. It is started
by ``workflow``, and begins when that says so."""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from foundation import schemas  # noqa: E402 - Django is set up first
from province.halls.models import Hall  # noqa: E402
from province.people.models import Account  # noqa: E402
from province.people.queries.actors import actor_of  # noqa: E402
from province.rights.actors import Actor  # noqa: E402
from tenants.workflow.queries.colleagues import openable_runs  # noqa: E402
from tenants.workflow.queries.work import box_counts, held_count, items_in  # noqa: E402


def read_inbox(by: Actor, hall: Hall, box: str = "mine") -> None:
    """What the page of the inbox asks: the counts of its boxes, and the first thirty items of one; of what others hold
    also which of them open."""
    box_counts(by, hall)
    held_count(by, hall)
    items = items_in(by, hall, box)[:30]
    # a box without rows would be read in no time
    assert [one.run.title for one in items]
    if box == "units":
        openable_runs(by, hall, items)


if __name__ == "__main__":
    _schema, _times, _account_id = sys.argv[1:]
    _hall = Hall.objects.select_related("division").get(schema_name=_schema)
    _by = actor_of(Account.objects.get(pk=_account_id))
    with schemas.enter(_schema):
        read_inbox(_by, _hall)
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(int(_times)):
            _began_at = time.perf_counter()
            read_inbox(_by, _hall)
            print(time.perf_counter() - _began_at)
