"""One clerk: takes an application in every so many seconds and prints the seconds that its sending took, in which it
becomes a case, and those of the processor in this process. It is started by ``cases``, and begins when that says so."""

import os
import sys
import time
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from benchmarks._case_lives import type_in  # noqa: E402 - Django is set up first
from foundation import schemas  # noqa: E402
from province.halls.models import Hall  # noqa: E402
from province.people.models import Account  # noqa: E402
from province.people.queries.actors import actor_of  # noqa: E402
from tenants.workflow.models import FilledForm  # noqa: E402
from tenants.workflow.operations.filling import send_filling  # noqa: E402
from tenants.workflow.queries.filled import FormFiller  # noqa: E402

_schema, _setup_id, _times, _every, _place, _account_id = sys.argv[1:]
_hall = Hall.objects.select_related("division").get(schema_name=_schema)
_who = FormFiller(actor_of(Account.objects.get(pk=_account_id)))


def _typed(place: int) -> FilledForm:
    return type_in(_who, _hall, UUID(_setup_id), place)


def _send(filled: FilledForm) -> None:
    send_filling(who=_who, hall=_hall, filled_id=filled.pk, revision=filled.revision)


with schemas.enter(_schema):
    _send(_typed(int(_place)))
    print("ready", flush=True)
    sys.stdin.readline()
    _due = time.perf_counter()
    for _number in range(int(_times)):
        _filled = _typed(int(_place) + 1 + _number)
        time.sleep(max(0.0, _due - time.perf_counter()))
        _due = time.perf_counter() + float(_every)
        _began_at, _worked = time.perf_counter(), time.process_time()
        _send(_filled)
        print(time.perf_counter() - _began_at, time.process_time() - _worked)
