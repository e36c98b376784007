"""Suspending and abolishing an item: one person asks for it, another one decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, Invalid
from province.catalogue.forms.console import AbolishForm, SuspendForm
from province.catalogue.operations import confirm_pause, decline_pause, propose_pause, withdraw_pause
from province.catalogue.queries.desks import item_at_desk
from province.catalogue.queries.pause_requests import pause_request_with_id, pause_requests_to_confirm
from province.catalogue.queries.successions import successions_to_confirm
from province.catalogue.queries.uses import uses_of
from province.catalogue.states import ItemLife
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request, require_fresh
from province.rights.actors import Actor


@require_GET
def pause_list(request: HttpRequest) -> HttpResponse:
    """Show what others have asked for and this person may confirm."""
    by = actor_of_request(request, "catalogue.publish")
    context = {
        "tabs": tabs_of(by, "pauses"),
        "requests": pause_requests_to_confirm(by),
        "asked": successions_to_confirm(by),
    }
    return render(request, "catalogue/pauses.html", context)


@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, item_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    found = item_at_desk(by, item_id)
    require_fresh(request)
    form = SuspendForm(request.POST or None)
    made = form.carry_out(lambda filled: propose_pause(by=by, item=found, kind=ItemLife.SUSPENDED, **filled))
    if made is not None:
        words = "已紧急暂停，所有服务厅立即不再显示；一天内须由另一人确认，否则自动恢复。"
        messages.success(request, words if made.is_urgent else "已提请暂停，由另一人确认后执行。")
        return redirect("console-item", item_id=item_id)
    context = {"item": found, "form": form}
    return render(request, "catalogue/suspend.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def abolish(request: HttpRequest, item_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.abolish")
    found = item_at_desk(by, item_id)
    require_fresh(request)
    form = AbolishForm(request.POST or None)
    if form.carry_out(lambda filled: propose_pause(by=by, item=found, kind=ItemLife.ABOLISHED, **filled)):
        messages.success(request, "已提请废止，由另一人确认后执行。")
        return redirect("console-item", item_id=item_id)
    context = {"item": found, "form": form, "uses": uses_of(found)}
    return render(request, "catalogue/abolish.html", context, status=422 if form.errors else 200)


@require_POST
def decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Confirm what somebody else has asked for, decline it, or take one's own back."""
    by = actor_of_request(request, "catalogue.publish")
    found = pause_request_with_id(by, request_id)
    require_fresh(request)
    try:
        messages.success(request, _done(by, request_id, request.POST.get("act"), request.POST.get("reason", "")))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-item", item_id=found.item_id)


def _done(by: Actor, request_id: UUID, act: str | None, reason: str) -> str:
    match act:
        case "confirm":
            return f"已确认{confirm_pause(by=by, request_id=request_id).get_kind_display()}。"
        case "decline":
            declined = decline_pause(by=by, request_id=request_id, reason=reason)
            return "未同意，各服务厅恢复显示。" if declined.is_urgent else "未同意，事项照常使用。"
        case "withdraw":
            withdraw_pause(by=by, request_id=request_id)
            return "提请已撤回。"
        case _:
            raise Invalid("请选择要做的操作。")
