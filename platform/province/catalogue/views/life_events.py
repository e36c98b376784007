"""Life events (一件事): their list and order, and each with a box to try it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.design.said import say_made
from foundation.errors import Conflict
from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.forms.life_events import LifeEventForm
from province.catalogue.models import LifeEvent
from province.catalogue.operations.life_events import (
    add_life_event,
    change_life_event,
    move_life_event,
    restore_life_event,
    retire_life_event,
)
from province.catalogue.queries.life_events import EventLine, EventTrial, event_lines, event_with_id, trial_of_event
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.rights.queries import may
from standards.items.facets import Whom

_HEADINGS = ("编码", "名称", "对谁", "事项数", "停用日期")


@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    lines = event_lines()
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], "一件事", _HEADINGS, map(_row, lines))
    context = {
        "tabs": tabs_of(by, "life-events"),
        "groups": [
            (whom.label, [one for one in lines if one.event.whom == whom and one.event.retired_at is None])
            for whom in Whom
        ],
        "retired": [one for one in lines if one.event.retired_at],
        "may_change": may(by, "catalogue.publish"),
    }
    return render(request, "catalogue/life_events.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """POST ``act``: try or save."""
    by = actor_of_request(request, "catalogue.publish")
    form = LifeEventForm(request.POST or None)
    if request.POST.get("act") == "try":
        return _page(request, form, None, _trial(form, None))
    if made := form.carry_out(
        lambda filled: add_life_event(by=by, name=filled["name"], whom=filled["whom"], code=filled["code"])
    ):
        said = "已增加。编写事项时可以选它；有事项归到这里以后，群众就能看到。"
        say_made(request, said, address=reverse("console-life-event", args=[made.pk]))
        return redirect("console-life-events")
    return _page(request, form, None, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """POST ``act``: try or save."""
    by = actor_of_request(request, "catalogue.publish")
    event = event_with_id(event_id)
    form = LifeEventForm(request.POST or None, event=event)
    if request.POST.get("act") == "try":
        return _page(request, form, event, _trial(form, event))
    if form.carry_out(
        lambda filled: change_life_event(
            by=by, event=event, revision=filled["revision"] or 0, name=filled["name"], whom=filled["whom"]
        )
    ):
        messages.success(request, "已保存，所有服务厅的网站立即照此显示。")
        return redirect("console-life-events")
    return _page(request, form, event, None if request.POST else _trial_now(event))


@require_POST
def move(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """POST ``to``: up or down."""
    by = actor_of_request(request, "catalogue.publish")
    try:
        move_life_event(by=by, event=event_with_id(event_id), up=request.POST.get("to") == "up")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("console-life-events")


@require_POST
def retire(request: HttpRequest, event_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    try:
        retire_life_event(by=by, event=event_with_id(event_id), revision=_revision(request))
        messages.success(request, "已停用，群众不再看到它，事项里仍然记着。停错了可以在“已停用”里恢复。")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("console-life-events")


@require_POST
def restore(request: HttpRequest, event_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    try:
        restore_life_event(by=by, event=event_with_id(event_id), revision=_revision(request))
        messages.success(request, "已恢复，仍归到它的事项立即重新显示。")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("console-life-events")


def _row(line: EventLine) -> tuple[object, ...]:
    event = line.event
    return event.code, event.name, event.get_whom_display(), line.number, event.retired_at and event.retired_at.date()


def _trial(form: LifeEventForm, event: LifeEvent | None) -> EventTrial | None:
    if not form.is_valid():
        return None
    return trial_of_event(event, name=form.cleaned_data["name"], whom=form.cleaned_data["whom"])


def _trial_now(event: LifeEvent) -> EventTrial:
    return trial_of_event(event, name=event.name, whom=event.whom)


def _page(request: HttpRequest, form: LifeEventForm, event: LifeEvent | None, trial: EventTrial | None) -> HttpResponse:
    context = {"form": form, "event": event, "trial": trial}
    return render(request, "catalogue/life_event.html", context, status=422 if form.errors else 200)


def _revision(request: HttpRequest) -> int:
    return posted_number(request.POST.get("revision", ""), otherwise=0)
