"""One reader: reads the inbox of one person over and over and prints the seconds that each time took. It is started
by ``workflow``, and begins when that says so."""

import os
import sys
import time

import django
from django.http import HttpRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup()

from foundation import schemas  # noqa: E402 - Django is set up first
from province.halls.models import Hall  # noqa: E402
from province.people.models import Account  # noqa: E402
from province.people.queries.actors import actor_of  # noqa: E402
from province.rights.actors import Actor  # noqa: E402
from tenants.shell.layouts.desk import rows_of_page  # noqa: E402
from tenants.workflow.queries.colleagues import openable_runs  # noqa: E402
from tenants.workflow.queries.work import box_counts, held_count, items_in  # noqa: E402


def read_inbox(by: Actor, hall: Hall, box: str = "mine") -> None:
    """What the page of the inbox asks: the counts of its boxes, how many this one has as far as pages go, and its first
    thirty items."""
    box_counts(by, hall)
    held_count(by, hall)
    page = rows_of_page(HttpRequest(), items_in(by, hall, box))
    shown = [(page.paginator.count, one.run.title) for one in page]
    assert shown
    if box == "units":
        openable_runs(by, hall, page)


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
