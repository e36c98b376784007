"""One reader: asks what the page of cases asks for one person, over and over, and prints the seconds that each time
took, and those of the processor in this process. It is started by ``cases``, and begins when that says so."""

import os
import sys
import time
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.test import RequestFactory  # noqa: E402 - Django is set up first

from foundation import schemas  # noqa: E402
from province.halls.models import Hall  # noqa: E402
from province.people.models import Account  # noqa: E402
from province.people.queries.actors import actor_of  # noqa: E402
from tenants.casework.queries.desk import (  # noqa: E402
    case_lines,
    cases_at_desk,
    cases_by_filter,
    due_first,
    is_due_first,
)
from tenants.shell.layouts.desk import rows_of_page  # noqa: E402
from tenants.shell.slots import Desk  # noqa: E402


def read_page(desk: Desk, *, state: str, unit: str = "", words: str = "") -> int:
    """The counts of the filters, how many the list has, and its first page with applicants, whose names are opened, and
    clocks; returns how many lines that has."""
    numbers = cases_by_filter(desk)
    rows = cases_at_desk(desk, state=state, unit=unit, words=words)
    number = None if unit or words else numbers.get(state)
    all_open = number if state == "open" else None
    between = partial(due_first, desk, rows, all_open=all_open) if is_due_first(state) else None
    page = rows_of_page(RequestFactory().get("/"), rows, between=between, number=number)
    lines = case_lines(desk.hall, list(page))
    [str(page.paginator.num_pages), *(one.applicant.shown_name for one in lines if one.applicant and state == "open")]
    return len(lines)


if __name__ == "__main__":
    _schema, _times, _account_id = sys.argv[1:]
    _hall = Hall.objects.select_related("division").get(schema_name=_schema)
    _desk = Desk(actor_of(Account.objects.get(pk=_account_id)), _hall)
    with schemas.enter(_schema):
        read_page(_desk, state="open")
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(int(_times)):
            _began_at, _worked = time.perf_counter(), time.process_time()
            read_page(_desk, state="open")
            print(time.perf_counter() - _began_at, time.process_time() - _worked)
