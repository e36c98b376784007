"""Merging and splitting items: one person asks for it, having read what it touches, another one decides."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError, Invalid
from province.catalogue.forms.successions import AskedSuccessionForm, SuccessionForm
from province.catalogue.models import Item
from province.catalogue.operations.successions import (
    confirm_succession,
    decline_succession,
    propose_succession,
    withdraw_succession,
)
from province.catalogue.queries.desks import item_at_desk, require_over
from province.catalogue.queries.successions import (
    SuccessionPreview,
    items_with_codes,
    succession_preview,
    succession_with_id,
)
from province.catalogue.states import SuccessionKind, SuccessionState
from province.console.access import actor_of_request, require_fresh
from province.rights.actors import Actor


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """``?kind=&codes=``: show what the merger or the split would touch; POST asks a second person for it."""
    by = actor_of_request(request, "catalogue.submit")
    found = item_at_desk(by, item_id)
    require_over(by, "catalogue.submit", found)
    form: SuccessionForm
    if request.method == "POST":
        form = AskedSuccessionForm(request.POST)
        made = form.carry_out(
            lambda filled: propose_succession(
                by=by,
                kind=SuccessionKind(filled["kind"]),
                item=found,
                parts=items_with_codes(by, filled["codes"]),
                goes_on=filled["goes_on"],
                begins_at=form.begins_at(),
                reason=filled["reason"],
            )
        )
        if made is not None:
            messages.success(request, f"已提请{made.get_kind_display()}，由另一人确认后执行。")
            return redirect("console-item", item_id=item_id)
    else:
        form = SuccessionForm(request.GET if "codes" in request.GET else None)
        form.full_clean()
    context = {"item": found, "form": form, "preview": _preview(by, found, form)}
    return render(request, "catalogue/succession.html", context, status=422 if form.errors else 200)


@require_POST
def decide(request: HttpRequest, succession_id: UUID) -> HttpResponse:
    """Confirm what somebody else has asked for, decline it, or take it back before its day."""
    by = actor_of_request(request, "catalogue.submit")
    found = succession_with_id(by, succession_id)
    require_fresh(request)
    try:
        messages.success(request, _done(by, succession_id, request.POST.get("act"), request.POST.get("reason", "")))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-item", item_id=found.item_id)


def _preview(by: Actor, item: Item, form: SuccessionForm) -> SuccessionPreview | None:
    filled = getattr(form, "cleaned_data", {})
    if not form.is_bound or "codes" not in filled or "kind" not in filled:
        return None
    try:
        parts = items_with_codes(by, filled["codes"])
    except Invalid as refusal:
        form.take_faults(refusal)
        return None
    kind = SuccessionKind(filled["kind"])
    goes_on = bool(filled.get("goes_on")) or kind is SuccessionKind.MERGER
    return succession_preview(kind, item, parts, goes_on=goes_on, begins_at=form.begins_at())


def _done(by: Actor, succession_id: UUID, act: str | None, reason: str) -> str:
    match act:
        case "confirm":
            done = confirm_succession(by=by, succession_id=succession_id)
            when = "已执行，各服务厅自动跟随" if done.state == SuccessionState.DONE else "到期自动执行"
            return f"已确认{done.get_kind_display()}，{when}。"
        case "decline":
            decline_succession(by=by, succession_id=succession_id, reason=reason)
            return "未同意，事项照旧。"
        case "withdraw":
            withdraw_succession(by=by, succession_id=succession_id)
            return "已撤回，事项照旧。"
        case _:
            raise Invalid("请选择要做的操作。")
