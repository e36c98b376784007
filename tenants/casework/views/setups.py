"""办件设置 at the desk."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from foundation.design.forms import ids_of, posted_number
from foundation.errors import Invalid
from province.people.queries.units import unit_choices
from province.rights.queries import may
from standards.items.codelists import CaseType
from tenants.casework.forms.cases import SetupForm
from tenants.casework.layouts import at_setups
from tenants.casework.models import CaseSetup
from tenants.casework.operations.setups import SetupWish, change_setup, close_setup, open_setup, set_up_cases
from tenants.casework.queries.design_merges import can_undo_merge, why_flow_stays
from tenants.casework.queries.flow_changes import FlowChange, foresee_flow_change
from tenants.casework.queries.joint import partners_of
from tenants.casework.queries.setups import (
    addable_items,
    flow_choices,
    guide_of_setup,
    setup_lines,
    setup_parts,
    setup_with_id,
)
from tenants.casework.queries.shared_designs import design_offer, taken_version
from tenants.casework.views.joint_offers import givers_elsewhere
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk
from tenants.workflow.operations.designs import DESIGN

_PLACE: Final = {"place": "cases"}
_MADE: Final = "申请表已生成。请检查，再开通申请。"


@at_setups
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All that were set up; POST begins with another item, or goes on to its handling items where it has some."""
    items = addable_items()
    if request.method == "POST":
        chosen = ids_of([request.POST.get("item_id", "")])
        if chosen and len(setup_parts(chosen[0])) > 1:
            return redirect("desk-case-setup-parts", chosen[0])

        def act() -> object:
            if not chosen:
                raise Invalid("请选择一个事项。")
            return set_up_cases(by=desk.by, hall=desk.hall, item_id=chosen[0])

        return act_and_return(request, act, said=_MADE, to="desk-case-setups", made_at="desk-case-setup")
    context = {"items": items, "lines": setup_lines()}
    return desk_page(request, desk, "casework/desk/setups.html", _PLACE | context)


@at_setups
@require_http_methods(["GET", "POST"])
def parts(request: HttpRequest, desk: Desk, item_id: UUID) -> HttpResponse:
    """An item as a whole and its handling items (业务办理项): what is set up; POST sets up one more (``code``)."""
    choices = setup_parts(item_id)
    if request.method == "POST":
        code = request.POST.get("code", "")

        def act() -> object:
            if code not in {one.code for one in choices}:
                raise Invalid("请选择一个业务办理项。")
            return set_up_cases(by=desk.by, hall=desk.hall, item_id=item_id, handling_code=code)

        return act_and_return(
            request, act, said=_MADE, to="desk-case-setup-parts", args=(item_id,), made_at="desk-case-setup"
        )
    context = {"choices": choices, "name": choices[0].name}
    return desk_page(request, desk, "casework/desk/setup_parts.html", _PLACE | context)


@at_setups
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, desk: Desk, setup_id: UUID) -> HttpResponse:
    """One item: POST saves, opens or closes it."""
    found = setup_with_id(setup_id)
    act = request.POST.get("act", "")
    if act in {"open", "close"}:
        given: dict[str, Any] = {
            "by": desk.by,
            "hall": desk.hall,
            "setup_id": setup_id,
            "revision": posted_number(request.POST.get("revision", ""), otherwise=-1),
        }
        said = "已开通申请。" if act == "open" else "已停办。"
        operation = open_setup if act == "open" else close_setup
        return act_and_return(request, lambda: operation(**given), said=said, to="desk-case-setup", args=(setup_id,))
    guide = guide_of_setup(found)
    form = SetupForm(
        request.POST or None,
        bodies=guide.joint_bodies if guide and guide.case_type == CaseType.JOINT else [],
        partners=partners_of(found),
        givers=givers_elsewhere(desk.hall),
        flows=[*flow_choices()],
        units=unit_choices(desk.hall.pk),
        initial={
            "flow_id": found.flow_id and str(found.flow_id),
            "unit_id": found.unit_id and str(found.unit_id),
            "is_online": found.is_online,
            "is_paid_first": found.is_paid_first,
            "opening_workdays": found.opening_workdays,
            "retention_years": found.retention_years,
            "review_body": found.review_body,
            "court": found.court,
            "revision": found.revision,
        },
    )

    def change(data: dict[str, Any]) -> object:
        for name in ("flow_id", "unit_id"):
            data[name] = UUID(data[name]) if data[name] else None
        revision = data.pop("revision")
        return change_setup(by=desk.by, hall=desk.hall, setup_id=setup_id, revision=revision, wish=SetupWish(**data))

    foreseen = _unread_change(request, found, form)
    saved = None if foreseen else form.carry_out(change)
    if saved:
        messages.success(request, "已保存。")
        return redirect("desk-case-setup", setup_id)
    name = guide.name if guide else found.form.title
    offer = design_offer(found, guide)
    may_design = may(desk.by, DESIGN, hall_id=desk.hall.pk)
    context = {
        "setup": found,
        "guide": guide,
        "name": name,
        "form": form,
        "may_design": may_design,
        "offer": offer,
        "flow_stays": why_flow_stays(offer) if offer else "",
        "taken": taken_version(found),
        "foreseen": foreseen,
        "can_undo": can_undo_merge(found),
    }
    status = 422 if form.errors or foreseen else 200
    return desk_page(request, desk, "casework/desk/setup.html", _PLACE | context, status=status)


def _unread_change(request: HttpRequest, setup: CaseSetup, form: SetupForm) -> FlowChange | None:
    """What another flow would do with cases that were received, where who saves has not read it yet."""
    if not form.is_bound or not form.is_valid():
        return None
    chosen = form.cleaned_data["flow_id"]
    foreseen = foresee_flow_change(setup, UUID(chosen) if chosen else None)
    return foreseen if foreseen.is_needed and request.POST.get("seen") != foreseen.seen else None
