"""Forms that citizens fill in at the hall's host: one part a page, what they wrote, and the way to hand it in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from foundation.errors import DomainError, NotFound
from foundation.exports import export_file
from foundation.files.store import link_for_readers
from foundation.paper.forms import write_form
from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.shell.layouts.citizen import citizen_page, for_citizen
from tenants.shell.layouts.site import hall_of, redirect_to
from tenants.shell.slots import Once
from tenants.workflow.models import FilledForm, Form
from tenants.workflow.operations.filling import begin_filling, drop_filling, send_filling
from tenants.workflow.queries.designs import nothing_found
from tenants.workflow.queries.filled import (
    FormFiller,
    filler_of,
    own_draft_of,
    own_drafts,
    own_filled,
    own_filled_forms,
    own_sent,
    upload_of,
)
from tenants.workflow.queries.forms import (
    definition_of,
    fillable_form,
    fillable_forms,
    newest_version,
)
from tenants.workflow.queries.pages import show_filling
from tenants.workflow.queries.reading import read_filling
from tenants.workflow.queries.shown import ShownForm
from tenants.workflow.queries.taken import page_made_of, reopened_fields, taker_of, untaken
from tenants.workflow.states import FilledState
from tenants.workflow.views.pages import asides_of, page_context, paper_of, take_page

_MOST_OWN = 10


@for_citizen
@require_safe
def forms(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Forms that can be begun, the citizen's drafts, and what they have sent."""
    who = filler_of(citizen)
    context = {
        "forms": untaken(fillable_forms(is_citizen=True), "pk"),
        "drafts": untaken(own_drafts(who))[:100],
        "sent": untaken(own_sent(who))[:100],
    }
    return citizen_page(request, "workflow/site/forms.html", context)


@for_citizen
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, citizen: Citizen, form_id: UUID) -> HttpResponse:
    """What the form is for; POST begins it, or goes on with the draft that there is."""
    who = filler_of(citizen)
    if taker_of(form_id):
        raise NotFound(nothing_found(Form))
    if request.method == "POST":
        is_another = request.POST.get("another") == "yes"
        begun = begin_filling(who=who, hall=hall_of(request), form_id=form_id, is_another=is_another)
        return redirect("site-filled", begun.pk)
    form = fillable_form(form_id, is_citizen=True)
    context = {
        "form": form,
        "definition": definition_of(newest_version(form_id)),
        "draft": own_draft_of(who, form_id),
    }
    return citizen_page(request, "workflow/site/begin.html", context)


@for_citizen
@require_safe
def filled(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    """What was sent; a draft goes on where it was left."""
    who = filler_of(citizen)
    found = own_filled(who, filled_id)
    if found.state == FilledState.DRAFT:
        names = [part.name for part in show_filling(hall_of(request), who, found).parts]
        if found.page in names[:-1]:
            return redirect("site-filled-part", filled_id, names[names.index(found.page) + 1])
        if found.page in names or not names:
            return redirect("site-filled-check", filled_id)
        return redirect("site-filled-part", filled_id, names[0])
    shown = show_filling(hall_of(request), who, found, is_read=True)
    context = {"filled": found, "shown": shown, "files_at": _files_at(filled_id), **_place_of(found)}
    return citizen_page(request, "workflow/site/sent.html", context)


@for_citizen
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, citizen: Citizen, filled_id: UUID, part: str) -> HttpResponse:
    """One part of a draft: POST keeps it and goes on to the next, where nothing is wrong."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    if found.state != FilledState.DRAFT and request.method == "GET":
        return redirect("site-filled", filled_id)
    taken = None
    if request.method == "POST":
        taken = take_page(request, who, hall, found, part)
        found = taken.filled
        if taken.is_same:
            return HttpResponse(status=204)
        if taken.conflict and own_filled(who, filled_id).state != FilledState.DRAFT:
            return redirect("site-filled", filled_id)
        if taken.is_right and taken.act not in {"look", "line"}:
            return _onward(request, who, hall, found, part, act=taken.act)
    whole = show_filling(hall, who, found)
    here = whole.part(part)
    if here is None:
        # a condition has taken the page away since
        return redirect("site-filled-check", filled_id)
    shown = taken.shown if taken else show_filling(hall, who, found, page=part)
    context = {
        **page_context(taken, shown, found),
        "part": shown.part(part) or here,
        "place": whole.parts.index(here) + 1,
        "places": len(whole.parts),
        "before": _before(whole, part),
        "asides": asides_of(request, hall, who, found, [one.field.name for one in here.fields]),
        "files_at": _files_at(filled_id),
        **_place_of(found),
    }
    return citizen_page(request, "workflow/site/part.html", context, status=taken.status if taken else 200)


def _onward(
    request: HttpRequest, who: FormFiller, hall: Hall, found: FilledForm, part: str, *, act: str
) -> HttpResponse:
    if act == "keep":
        messages.success(request, "已保存。下次登录后，在“我的”里接着填，换一部手机也可以。")
        return redirect(_place_of(found)["place_at"])
    names = [one.name for one in show_filling(hall, who, found).parts]
    if act == "check" or part not in names[:-1]:
        return redirect("site-filled-check", found.pk)
    return redirect("site-filled-part", found.pk, names[names.index(part) + 1])


def _before(whole: ShownForm, part: str) -> str:
    names = [one.name for one in whole.parts]
    return names[names.index(part) - 1] if part in names[1:] else ""


@for_citizen
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    """Everything that was written, to be looked through; POST hands it in."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    if found.state != FilledState.DRAFT:
        return redirect(_page_of(found))
    refused = ""
    if request.method == "POST":
        try:
            sent = send_filling(who=who, hall=hall, filled_id=filled_id, revision=found.revision)
        except NotFound:
            raise
        except DomainError as refusal:
            refused = refusal.message
        else:
            messages.success(request, "已提交。")
            return redirect(_page_of(sent))
    typed = read_filling(who, hall, found, {})
    shown = show_filling(hall, who, found, typed=typed, faults=typed[0].faults, is_read=True)
    values: dict[str, Any] = {
        "filled": found,
        "shown": shown,
        "refused": refused,
        "files_at": _files_at(filled_id),
        **_place_of(found),
    }
    return citizen_page(request, "workflow/site/check.html", values, status=422 if refused else 200)


@for_citizen
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    """Those fields of a form that was sent which may be changed again; POST keeps them."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    if not (names := reopened_fields(found)):
        return redirect(_page_of(found))
    taken = take_page(request, who, hall, found) if request.method == "POST" else None
    if taken:
        found = taken.filled
        if taken.is_same:
            return HttpResponse(status=204)
        if taken.is_right and taken.act not in {"look", "line"}:
            messages.success(request, "已保存。补齐以后，请点“补齐了，提交”。")
            return redirect(_page_of(found))
    shown = taken.shown if taken else show_filling(hall, who, found)
    parts = [(part, [one for one in part.fields if one.field.name in names]) for part in shown.parts]
    context = {
        **page_context(taken, shown, found),
        "parts": [(part, fields) for part, fields in parts if fields],
        "back": _page_of(found),
        "asides": asides_of(request, hall, who, found, names),
        "files_at": _files_at(filled_id),
        **_place_of(found),
    }
    return citizen_page(request, "workflow/site/again.html", context, status=taken.status if taken else 200)


@for_citizen
@require_POST
def drop(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    who = filler_of(citizen)
    place = _place_of(own_filled(who, filled_id))["place_at"]
    try:
        drop_filling(who=who, hall=hall_of(request), filled_id=filled_id)
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "草稿已删除。")
    return redirect(place)


@for_citizen
@require_GET
def paper(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    """The form as a PDF."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    shown = show_filling(hall, who, found, is_read=True)
    return export_file("pdf", shown.definition.title, write_form(paper_of(hall, found, shown)))


@for_citizen
@require_GET
def open_upload(request: HttpRequest, citizen: Citizen, filled_id: UUID, upload_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A short-lived link to a file of one's own form."""
    return redirect_to(link_for_readers(upload_of(own_filled(filler_of(citizen), filled_id), upload_id), ""))


def _files_at(filled_id: UUID) -> str:
    return f"{reverse('site-filled', args=[filled_id])}files/"


def _place_of(filled: FilledForm) -> dict[str, str]:
    """Where the person finds what they fill in here, and what it is called."""
    taker = taker_of(filled.form_id)
    at, called = taker.kept_at() if taker else (reverse("site-forms"), "我的表单")
    return {"place_at": at, "place_called": called, "noun": taker.noun if taker else "表单"}


def _page_of(filled: FilledForm) -> str:
    """The page of what was sent: of what was made of it, where something was."""
    return page_made_of(filled) or reverse("site-filled", args=[filled.pk])


def own_forms(hall: Hall, citizen: Citizen, once: Once) -> SafeString | None:  # noqa: ARG001 - the slot's signature
    """我的表单 on the citizen's own page."""
    who = filler_of(citizen)
    found = list(untaken(own_filled_forms(who))[:_MOST_OWN])
    has_forms = untaken(fillable_forms(is_citizen=True), "pk").exists()
    if not found and not has_forms:
        return None
    return render_to_string("workflow/site/own_part.html", {"filled": found, "has_forms": has_forms})
