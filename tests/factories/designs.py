"""Forms and flows that the province gives with an item, and halls that take them."""

from itertools import pairwise
from typing import Any

from province.catalogue.models import Item, ItemDesign
from province.catalogue.operations.designs import write_item_design
from province.catalogue.queries.designs import design_revision, suggested_form
from province.halls.models import Hall
from tenants.casework.models import CaseSetup
from tenants.casework.operations.shared_designs import take_design
from tenants.casework.queries.setups import setup_with_id
from tenants.casework.queries.shared_designs import offer_of_setup
from tests.conftest import person
from tests.factories.runs import HANDLERS, LEADERS, free_step
from tests.standards.run_samples import flow_of_nodes

# whoever keeps its runs where nobody else has them
_OWNER = {"kind": "role", "role": "hall_administrator"}
PLACE = {"type": "map_place", "name": "spot", "label": "经营场所位置"}


def shared_form(item: Item, *fields: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """Made of the item's materials; ``fields`` stand in a part of their own."""
    form = suggested_form(item)
    if fields:
        form["parts"].append({"name": "more", "label": "经营情况", "fields": list(fields)})
    return form | attributes


def text_field(name: str, label: str) -> dict[str, Any]:
    return {"type": "short_text", "name": name, "label": label}


def shared_flow(*nodes: dict[str, Any], owner: dict[str, Any] = _OWNER, title: str = "统一审查") -> dict[str, Any]:
    """One step after the other: of a handler, then of a leader, where no others are given."""
    steps = nodes or (free_step("check", HANDLERS), free_step("leader", LEADERS))
    names = ["start", *(one["name"] for one in steps), "finish"]
    edges = list(pairwise(names))
    return flow_of_nodes(*steps, edges=edges).model_copy(update={"title": title}).as_json() | {"owner": owner}


def design(
    item: Item, form: dict[str, Any] | None = None, flow: dict[str, Any] | None = None, *, by: str = "zhao"
) -> ItemDesign:
    """What the item's next version brings along; a first form and flow where none is given."""
    form, flow = (form, flow) if form or flow else (shared_form(item), shared_flow())
    return write_item_design(by=person(by), item=item, revision=design_revision(item), form=form, flow=flow)


def take(hall: Hall, setup: CaseSetup, *, by: str = "he") -> CaseSetup:
    """As one click takes what is shown. In the schema that is entered."""
    found = setup_with_id(setup.pk)
    seen = offer_of_setup(found).seen
    return take_design(by=person(by), hall=hall, setup_id=setup.pk, revision=found.revision, seen=seen)
