"""Flows that run in a hall, and what is done in their runs. All in the schema that is entered."""

from itertools import pairwise
from typing import Any

from province.halls.models import Hall
from standards.flows.nodes import StepAct
from tenants.workflow.models import Flow, FlowVersion, Form, Run, WorkItem
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.operations.runs import start_run
from tenants.workflow.states import OPEN_ITEMS, DesignState
from tests.conftest import person
from tests.standards.run_samples import flow_of_nodes, gateway, step

HANDLERS = {"kind": "role", "role": "handler"}
LEADERS = {"kind": "role", "role": "approving_leader"}
CLERKS = {"kind": "role", "role": "window_clerk"}
DECISIONS = [
    {"code": "agreed", "label": "同意"},
    {"code": "refused", "label": "不同意", "is_favourable": False},
]
ALL_ACTS = sorted(StepAct)


def people(*usernames: str) -> dict[str, Any]:
    return {"kind": "people", "account_ids": [str(person(one).id) for one in usernames]}


def free_step(name: str, who: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """A step whose person may do everything."""
    return step(name, who=who, **{"acts": ALL_ACTS} | attributes)


def make_flow(
    hall: Hall, *nodes: dict[str, Any], edges: list[tuple[str, ...]], form: Form | None = None, code: str = "leave"
) -> Flow:
    """A published flow of these nodes between ``start`` and ``finish``. It is owned by who starts it."""
    return publish_flow(hall, flow_of_nodes(*nodes, edges=edges).as_json(), form=form, code=code)


def publish_flow(hall: Hall, definition: dict[str, Any], *, form: Form | None = None, code: str = "leave") -> Flow:
    flow, is_new = Flow.objects.get_or_create(
        code=code, defaults={"title": "请假", "form": form, "definition": definition, "owner_id": hall.pk}
    )
    if is_new:
        flow.revisions.create(position=0, definition=definition)
    version = FlowVersion.objects.create(
        flow=flow,
        number=flow.versions.count() + 1,
        definition=definition,
        form_version=form.newest if form else None,
        submitted_by_name="何北",
    )
    flow.newest, flow.state = version, DesignState.PUBLISHED
    flow.save()
    return flow


def row_of(hall: Hall, *nodes: dict[str, Any], form: Form | None = None, code: str = "leave") -> Flow:
    """One step after the other."""
    names = ["start", *(node["name"] for node in nodes), "finish"]
    return make_flow(hall, *nodes, edges=list(pairwise(names)), form=form, code=code)


def forked_flow(hall: Hall, kind: str = "parallel") -> Flow:
    """hand (handler) → two branches (clerk; leader) → last (handler)."""
    return make_flow(
        hall,
        free_step("hand", HANDLERS),
        gateway("fork", kind),
        free_step("left", CLERKS),
        free_step("right", LEADERS),
        gateway("join", kind),
        free_step("last", HANDLERS),
        edges=[
            ("start", "hand"),
            ("hand", "fork"),
            ("fork", "left"),
            ("fork", "right"),
            ("left", "join"),
            ("right", "join"),
            ("join", "last"),
            ("last", "finish"),
        ],
    )


def begin_run(hall: Hall, flow: Flow, by: str = "sun", **given: Any) -> Run:
    return start_run(by=person(by), hall=hall, flow_id=flow.pk, **given)


def item_at(run: Run, step: str, owner: str = "") -> WorkItem:
    """What is open there, or of one person there."""
    found = WorkItem.objects.filter(run=run, step=step, state__in=OPEN_ITEMS)
    return found.get(owner_id=person(owner).id) if owner else found.get()


def open_steps(run: Run) -> list[str]:
    return sorted(WorkItem.objects.filter(run=run, state__in=OPEN_ITEMS).values_list("step", flat=True))


def do(hall: Hall, run: Run, step: str, by: str, outcome: str = "", **given: Any) -> WorkItem:
    """Do what is open at a step, claimed first where it has to be."""
    found = WorkItem.objects.filter(run=run, step=step, state__in=OPEN_ITEMS)
    item = found.filter(owner_id=person(by).id).first() or found.get(owner_id=None)
    if item.owner_id is None:
        claim_item(by=person(by), hall=hall, item_id=item.pk)
    return finish_item(by=person(by), hall=hall, item_id=item.pk, outcome=outcome, **given)
