"""Flows that examine cases and ask for something: a document, a fee."""

from itertools import pairwise
from typing import Any

from django.utils import timezone

from foundation.events.models import EventDelivery, OutsideCall
from foundation.events.operations import drain_events
from foundation.events.outgoing import Deferred, Refused
from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.workflow.models import Flow, Form, PluginCall
from tenants.workflow.operations.calling import send_next_plugin_call
from tenants.workflow.queries.plugins import plugins_at
from tenants.workflow.slots import OutsideStep
from tests.factories.runs import make_flow, people

# a notice whose place the applicant's name stands in, so that something personal is handed over
CHECK: dict[str, Any] = {
    "type": "plugin",
    "name": "notify",
    "label": "发核查通知",
    "plugin": "document_site_check",
    "given": {"applicant_name": "checkers", "applicant_nature": "place"},
    "constants": {"check_on": "2026-12-20", "matters": "经营场所的面积和布局"},
}
FEE: dict[str, Any] = {
    "type": "plugin",
    "name": "charge",
    "label": "收工本费",
    "plugin": "fee",
    "constants": {"fee": "工本费"},
}


def examined_by(hall: Hall, *nodes: dict[str, Any], edges: list[tuple[str, ...]] | None = None) -> Flow:
    """The hall's only setup is examined by these nodes, one after the other where ``edges`` says nothing else, on its
    own form; what fails is cao's. In the schema that is entered."""
    setup = CaseSetup.objects.get()
    names = ["start", *(node["name"] for node in nodes), "finish"]
    kept = [node | {"keeper": people("cao")} if node["type"] == "plugin" else node for node in nodes]
    form = Form.objects.select_related("newest").get(pk=setup.form_id)
    flow = make_flow(hall, *kept, edges=edges or list(pairwise(names)), form=form, code="examine")
    assert flow.newest
    # the draft, which the check looks at
    flow.definition = flow.newest.definition
    flow.save()
    setup.flow = flow
    setup.save()
    return flow


def heard() -> None:
    """Have flows hear of fees, and fees of flows. What else waits takes its time: papers are made, pages renewed."""
    EventDelivery.objects.exclude(subscriber__in=["fees.ask_steps", "fees.drop_order_of_step"]).delete()
    drain_events()


def sent(most: int = 20) -> int:
    """Call until nothing waits that was not asked yet; claims of the killed are over."""
    heard()
    number = 0
    while number < most:
        OutsideCall.objects.filter(state="waiting").update(claimed_until=None)
        if not send_next_plugin_call():
            break
        number += 1
    return number


def sent_at_last() -> int:
    """As ``sent``, once the time has come of all that waits."""
    OutsideCall.objects.filter(state="waiting").update(next_attempt_at=timezone.now())
    return sent()


def asked_directly(hall: Hall, case: Case) -> Any:
    """As a worker leaves it that dies before the answer is kept. Returns the answer, or what the action raised."""
    call = PluginCall.objects.select_related("run__version__flow").get(run=case.run_id)
    plugin, run = plugins_at(hall)[call.plugin], call.run
    title = run.version.flow.title
    step = OutsideStep(call.key, call.item_id, 1, hall, run.pk, run.number, title, run.initiator_id)
    try:
        return plugin.call(step, plugin.given.model_validate(call.given.opened(hall.pk)))
    except (Deferred, Refused) as raised:
        return raised
