"""合并 at the desk: the province's newer form and flow, put together with what the hall has changed."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from foundation.design.forms import posted_number
from foundation.errors import Invalid
from standards.reconciling import Side
from tenants.casework.layouts import at_setups
from tenants.casework.operations.design_merges import merge_design, publish_merge, undo_merge
from tenants.casework.queries.design_merges import foresee_merge, why_flow_stays
from tenants.casework.queries.setups import setup_with_id, setups_by_name
from tenants.casework.queries.shared_designs import offer_of_setup, taken_version
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk

_CHOICE: Final = "choice."
_ACTS: Final[Mapping[str, tuple[Any, str]]] = {
    "merge": (merge_design, "已合并成草稿。请检查表单和流程，再发布；在办的办件不受影响。"),
    "undo": (undo_merge, "已撤销合并，草稿回到合并以前的样子。"),
    "publish": (publish_merge, "已发布，新的申请按合并后的表单和流程办理。"),
}


@at_setups
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, desk: Desk, setup_id: UUID) -> HttpResponse:
    """Look at what would become of both (POST ``act=look`` with other choices); POST merges, undoes or publishes."""
    found = setup_with_id(setup_id)
    choices = _choices(request)
    chosen = request.POST.get("act", "")
    if request.method == "POST" and chosen != "look":
        given: dict[str, Any] = {
            "by": desk.by,
            "hall": desk.hall,
            "setup_id": setup_id,
            "revision": posted_number(request.POST.get("revision", ""), otherwise=-1),
        }
        if chosen == "merge":
            given |= {"seen": request.POST.get("seen", "")[:200], "choices": choices}
        operation, said = _ACTS.get(chosen, (None, ""))

        def act() -> object:
            if operation is None:
                raise Invalid("请选择合并、撤销或者发布。")
            return operation(**given)

        return act_and_return(request, act, said=said, to="desk-case-setup", args=(setup_id,))
    offer = offer_of_setup(found)
    context = {
        "place": "cases",
        "setup": found,
        "name": setups_by_name([found])[0][0],
        "offer": offer,
        "taken": taken_version(found),
        "merge": foresee_merge(offer, choices) if offer.is_newer else None,
        "flow_stays": why_flow_stays(offer),
    }
    return desk_page(request, desk, "casework/desk/setup_merge.html", context)


def _choices(request: HttpRequest) -> dict[str, Side]:
    found: dict[str, Side] = {}
    for name, value in request.POST.items():
        if name.startswith(_CHOICE) and isinstance(value, str):
            found[name.removeprefix(_CHOICE)] = "theirs" if value == "theirs" else "ours"
    return found
