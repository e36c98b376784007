"""Forms of citizens at the hall's host: where they begin, what was sent, what may be changed again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
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
from tenants.workflow.models import Form
from tenants.workflow.operations.filling import begin_filling, drop_filling
from tenants.workflow.queries.asking import filling_pages
from tenants.workflow.queries.designs import nothing_found
from tenants.workflow.queries.filled import (
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
from tenants.workflow.queries.taken import reopened_fields, taker_of, untaken
from tenants.workflow.states import FilledState
from tenants.workflow.views.pages import asides_of, page_context, paper_of, take_page
from tenants.workflow.views.sites import address_of, files_at, page_of_sent, place_of

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
        return redirect(address_of(filled_id, filling_pages(hall_of(request), who, found).resumed(found.page)))
    shown = show_filling(hall_of(request), who, found, is_read=True)
    context = {"filled": found, "shown": shown, "files_at": files_at(filled_id), **place_of(found)}
    return citizen_page(request, "workflow/site/sent.html", context)


@for_citizen
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    """Those fields of a form that was sent which may be changed again; POST keeps them."""
    who, hall = filler_of(citizen), hall_of(request)
    found = own_filled(who, filled_id)
    if not (names := reopened_fields(found)):
        return redirect(page_of_sent(found))
    taken = take_page(request, who, hall, found) if request.method == "POST" else None
    if taken:
        found = taken.filled
        if taken.is_same:
            return HttpResponse(status=204)
        if taken.is_right and taken.act not in {"look", "line"}:
            messages.success(request, "已保存。补齐以后，请点“补齐了，提交”。")
            return redirect(page_of_sent(found))
    shown = taken.shown if taken else show_filling(hall, who, found)
    parts = [(part, [one for one in part.fields if one.field.name in names]) for part in shown.parts]
    context = {
        **page_context(taken, shown, found),
        "parts": [(part, fields) for part, fields in parts if fields],
        "back": page_of_sent(found),
        "asides": asides_of(request, hall, who, found, names),
        "files_at": files_at(filled_id),
        **place_of(found),
    }
    return citizen_page(request, "workflow/site/again.html", context, status=taken.status if taken else 200)


@for_citizen
@require_POST
def drop(request: HttpRequest, citizen: Citizen, filled_id: UUID) -> HttpResponse:
    who = filler_of(citizen)
    place = place_of(own_filled(who, filled_id))["place_at"]
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


def own_forms(hall: Hall, citizen: Citizen, once: Once) -> SafeString | None:  # noqa: ARG001 - the slot's signature
    """我的表单 on the citizen's own page."""
    who = filler_of(citizen)
    found = list(untaken(own_filled_forms(who))[:_MOST_OWN])
    has_forms = untaken(fillable_forms(is_citizen=True), "pk").exists()
    if not found and not has_forms:
        return None
    return render_to_string("workflow/site/own_part.html", {"hall": hall, "filled": found, "has_forms": has_forms})
