"""Forms that staff fill in: where they begin, the whole form on one page, what was sent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from foundation.exports import export_file
from foundation.files.store import link_for_readers
from foundation.paper.forms import write_form
from province.rights.queries import may
from tenants.shell.layouts.desk import act_and_return, desk_page, rows_of_page
from tenants.shell.layouts.site import redirect_to
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_part
from tenants.workflow.operations.filling import begin_filling, drop_filling, send_filling
from tenants.workflow.operations.sent import READ_SENT
from tenants.workflow.queries.filled import FormFiller, own_draft_of, own_drafts, own_filled, own_sent, upload_of
from tenants.workflow.queries.forms import definition_of, fillable_forms, form_with_id, newest_version
from tenants.workflow.queries.pages import show_filling
from tenants.workflow.queries.taken import page_made_of, untaken
from tenants.workflow.states import FilledState
from tenants.workflow.views.pages import asides_of, page_context, paper_of, take_page

_PLACE = "fillings"


@at_part
@require_safe
def fillings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Forms that can be begun, one's drafts, and what one has sent."""
    who = FormFiller(desk.by)
    context = {
        "place": _PLACE,
        "forms": untaken(fillable_forms(is_citizen=False), "pk"),
        "reads_sent": may(desk.by, READ_SENT, hall_id=desk.hall.pk),
        "drafts": untaken(own_drafts(who))[:100],
        "page": rows_of_page(request, untaken(own_sent(who))),
    }
    return desk_page(request, desk, "workflow/desk/fillings.html", context)


@at_part
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:
    """What the form is for; POST begins it, or goes on with the draft that there is."""
    who = FormFiller(desk.by)
    if request.method == "POST":
        is_another = request.POST.get("another") == "yes"
        filled = begin_filling(who=who, hall=desk.hall, form_id=form_id, is_another=is_another)
        return redirect("desk-filling", filled.pk)
    form = form_with_id(form_id)
    context = {
        "place": _PLACE,
        "form": form,
        "definition": definition_of(newest_version(form_id)),
        "draft": own_draft_of(who, form_id),
    }
    return desk_page(request, desk, "workflow/desk/begin.html", context)


@at_part
@require_http_methods(["GET", "POST"])
def filling(request: HttpRequest, desk: Desk, filled_id: UUID) -> HttpResponse:
    """The whole form. What was sent is only read."""
    who = FormFiller(desk.by)
    filled = own_filled(who, filled_id)
    if filled.state != FilledState.DRAFT and request.method == "GET":
        return _sent_page(request, desk, who, filled_id)
    taken = None
    if request.method == "POST":
        taken = take_page(request, who, desk.hall, filled)
        if taken.is_same:
            return HttpResponse(status=204)
        filled = taken.filled
        if taken.conflict and own_filled(who, filled_id).state != FilledState.DRAFT:
            # a button that was pressed twice
            return redirect("desk-filling", filled_id)
        if taken.act == "send" and taken.is_right:
            return _send(request, desk, who, filled_id, filled.revision)
        if taken.act in {"keep", "overwrite"} and taken.is_right:
            messages.success(request, "已保存为草稿。")
            return redirect("desk-filling", filled_id)
    shown = taken.shown if taken else show_filling(desk.hall, who, filled)
    names = [one.field.name for part in shown.parts for one in part.fields]
    context = {
        "place": _PLACE,
        "files_at": _files_at(filled_id),
        "asides": asides_of(request, desk.hall, who, filled, names),
        **page_context(taken, shown, filled),
    }
    return desk_page(request, desk, "workflow/desk/filling.html", context, status=taken.status if taken else 200)


def _send(request: HttpRequest, desk: Desk, who: FormFiller, filled_id: UUID, revision: int) -> HttpResponse:
    answer = act_and_return(
        request,
        lambda: send_filling(who=who, hall=desk.hall, filled_id=filled_id, revision=revision),
        said="已提交。",
        to="desk-filling",
        args=(filled_id,),
    )
    made = page_made_of(own_filled(who, filled_id))
    return redirect(made) if made else answer


def _sent_page(request: HttpRequest, desk: Desk, who: FormFiller, filled_id: UUID) -> HttpResponse:
    filled = own_filled(who, filled_id)
    shown = show_filling(desk.hall, who, filled, is_read=True)
    context = {"place": _PLACE, "filled": filled, "shown": shown, "files_at": _files_at(filled_id)}
    return desk_page(request, desk, "workflow/desk/sent.html", context)


def _files_at(filled_id: UUID) -> str:
    return f"{reverse('desk-filling', args=[filled_id])}files/"


@at_part
@require_POST
def drop(request: HttpRequest, desk: Desk, filled_id: UUID) -> HttpResponse:
    return act_and_return(
        request,
        lambda: drop_filling(who=FormFiller(desk.by), hall=desk.hall, filled_id=filled_id),
        said="草稿已删除。",
        to="desk-fillings",
    )


@at_part
@require_GET
def paper(request: HttpRequest, desk: Desk, filled_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The form as a PDF."""
    who = FormFiller(desk.by)
    filled = own_filled(who, filled_id)
    shown = show_filling(desk.hall, who, filled, is_read=True)
    return export_file("pdf", shown.definition.title, write_form(paper_of(desk.hall, filled, shown)))


@at_part
@require_GET
def open_upload(request: HttpRequest, desk: Desk, filled_id: UUID, upload_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A short-lived link to a file of one's own form."""
    upload = upload_of(own_filled(FormFiller(desk.by), filled_id), upload_id)
    return redirect_to(link_for_readers(upload, ""))
