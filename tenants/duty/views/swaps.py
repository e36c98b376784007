"""换班 at the desk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tenants.duty.forms import SwapForm
from tenants.duty.layouts import at_keeping
from tenants.duty.operations.swaps import exchange_turns, replace_turn
from tenants.duty.queries.staff import duty_staff
from tenants.duty.queries.turns import turn_with_id
from tenants.duty.states import DutyPart
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk


@at_keeping
@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest, desk: Desk, turn_id: UUID) -> HttpResponse:
    """Somebody takes this turn, or two change theirs."""
    turn, staff = turn_with_id(turn_id), duty_staff(desk.hall.pk)
    form = SwapForm(request.POST or None, turn=turn, staff=staff)

    def act(filled: dict[str, str]) -> object:
        reason = filled["reason"]
        if filled["other_id"]:
            other_id = UUID(filled["other_id"])
            return exchange_turns(by=desk.by, hall=desk.hall, turn_id=turn_id, other_id=other_id, reason=reason)
        return replace_turn(by=desk.by, hall=desk.hall, turn_id=turn_id, to_id=UUID(filled["to_id"]), reason=reason)

    if form.carry_out(act):
        messages.success(request, "已换班，换到的和换出的都已通知。")
        return redirect(reverse("desk-duty", query={"month": f"{turn.on:%Y-%m}"}))
    context = {
        "place": "duty",
        "form": form,
        "turn": turn,
        "part": DutyPart(turn.part).label,
        "name": staff.labels.get(turn.account_id, turn.account_name),
    }
    return desk_page(request, desk, "duty/desk/swap.html", context, status=422 if form.errors else 200)
