"""One writer: does steps of its own runs and prints the seconds that each took. It is started by ``workflow``."""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup()

from foundation import schemas  # noqa: E402 - Django is set up first
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
with schemas.enter(_schema):
    _run = start_run(by=_by, hall=_hall, flow_id=_flow_id)  # type: ignore[arg-type]  # a text that is an id
    for _ in range(int(_acts)):
        _item = WorkItem.objects.filter(run=_run, state=WorkState.CLAIMED).first()
        if _item is None:
            _run = start_run(by=_by, hall=_hall, flow_id=_flow_id)  # type: ignore[arg-type]
            continue
        _began_at = time.perf_counter()
        finish_item(by=_by, hall=_hall, item_id=_item.pk)
        print(time.perf_counter() - _began_at)
