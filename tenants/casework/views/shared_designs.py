"""统一表单和流程 at the desk: what came down beside what the hall has, taken or declined."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from foundation.design.forms import posted_number
from foundation.errors import Invalid
from province.catalogue.queries.designs import steps_of_design
from province.designers.queries.form_designs import outline_of
from tenants.casework.layouts import at_setups
from tenants.casework.operations.shared_designs import decline_design, take_design
from tenants.casework.queries.design_merges import why_flow_stays
from tenants.casework.queries.setups import setup_with_id, setups_by_name
from tenants.casework.queries.shared_designs import offer_of_setup, taken_version
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk


@at_setups
@require_http_methods(["GET", "POST"])
def shared(request: HttpRequest, desk: Desk, setup_id: UUID) -> HttpResponse:
    """Compare; POST takes it or declines it (``act``)."""
    found = setup_with_id(setup_id)
    if request.method == "POST":
        given: dict[str, Any] = {
            "by": desk.by,
            "hall": desk.hall,
            "setup_id": setup_id,
            "revision": posted_number(request.POST.get("revision", ""), otherwise=-1),
            "seen": request.POST.get("seen", "")[:200],
        }
        acts = {
            "take": (take_design, "已采用省里的表单和流程，新的申请按它办理。"),
            "decline": (decline_design, "已记下，本厅照现在的继续办。"),
        }

        def act() -> object:
            if request.POST.get("act") not in acts:
                raise Invalid("请选择采用或者不采用。")
            return acts[request.POST["act"]][0](**given)

        said = acts.get(request.POST.get("act", ""), (None, ""))[1]
        return act_and_return(request, act, said=said, to="desk-case-setup", args=(setup_id,))
    offer = offer_of_setup(found)
    form, flow = offer.design.read_form, offer.design.read_flow
    context = {
        "place": "cases",
        "setup": found,
        "name": setups_by_name([found])[0][0],
        "offer": offer,
        "taken": taken_version(found),
        "flow_stays": why_flow_stays(offer),
        "outline": outline_of(offer.design.form) if offer.design.form else [],
        "steps": steps_of_design(flow, form) if flow else [],
    }
    return desk_page(request, desk, "casework/desk/setup_shared.html", context)
