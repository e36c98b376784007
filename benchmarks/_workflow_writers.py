"""One writer: does steps of its own runs and prints the seconds that each took, and those of the processor in this
process. It is started by ``workflow``, and begins when that says so."""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.urls import reverse  # noqa: E402

from foundation import schemas  # noqa: E402
from province.halls.models import Hall  # noqa: E402
from province.people.models import Account  # noqa: E402
from province.people.queries.actors import actor_of  # noqa: E402
from tenants.workflow.models import WorkItem  # noqa: E402
from tenants.workflow.operations.items import finish_item  # noqa: E402
from tenants.workflow.operations.runs import start_run  # noqa: E402
from tenants.workflow.states import WorkState  # noqa: E402

_schema, _flow_id, _acts, _account_id = sys.argv[1:]
_hall = Hall.objects.select_related("division").get(schema_name=_schema)
_by = actor_of(Account.objects.get(pk=_account_id))
# a web process has read its addresses before anybody comes
reverse("desk-run", args=[_hall.pk], urlconf=settings.HALL_URLCONFS[_hall.kind])
with schemas.enter(_schema):
    _run = start_run(by=_by, hall=_hall, flow_id=_flow_id)  # type: ignore[arg-type]  # a text that is an id
    # the first step of a version reads what the version says
    _first = WorkItem.objects.filter(run=_run, state=WorkState.CLAIMED).get()
    finish_item(by=_by, hall=_hall, item_id=_first.pk)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(_acts)):
        _item = WorkItem.objects.filter(run=_run, state=WorkState.CLAIMED).first()
        if _item is None:
            _run = start_run(by=_by, hall=_hall, flow_id=_flow_id)  # type: ignore[arg-type]
            continue
        _began_at, _worked = time.perf_counter(), time.process_time()
        finish_item(by=_by, hall=_hall, item_id=_item.pk)
        print(time.perf_counter() - _began_at, time.process_time() - _worked)
