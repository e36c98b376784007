"""The form of the hall above: filled in, its materials photographed, read back, handed over."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.errors import Conflict
from province.cases.states import Consent
from province.designers.queries.shown import ShownForm
from standards.forms.definition import FormDefinition
from tenants.assistance.forms import HandingOverForm
from tenants.assistance.layouts import at_assistance
from tenants.assistance.models import Assistance
from tenants.assistance.operations.files import add_assistance_file, add_piece_of_file, begin_assistance_file
from tenants.assistance.operations.handing_over import hand_over
from tenants.assistance.operations.taking_in import save_assistance
from tenants.assistance.queries.assistances import assistance_here, assistance_lines
from tenants.assistance.queries.filling import form_of, papers_of, read_assistance, show_assistance
from tenants.assistance.states import AssistanceState
from tenants.shell.layouts.desk import desk_page
from tenants.shell.layouts.pieces import piece_of_request, take_files, tell_uploader
from tenants.shell.slots import Desk
from tenants.workflow.forms.filling import PostedPage, read_page

_PLACE: Final = {"place": "assistance"}
# of the page, not of the form: names of fields have no dash
_PAPERS: Final = "consent-papers"


@at_assistance
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    """The whole form with its pictures. POST keeps it; a wrong one, too."""
    found = assistance_here(assistance_id)
    if found.state != AssistanceState.DRAFT:
        return redirect("desk-assistance", found.pk)
    offered = form_of(found)
    if offered.definition is None:
        return _page(request, desk, found, None, {"refusal": offered.refusal}, status=409 if request.POST else 200)
    if request.method == "GET":
        typed = read_assistance(desk.by, desk.hall, found, offered.definition, {})
        return _page(request, desk, found, show_assistance(desk.by, desk.hall, offered.definition, typed), {})
    return _take(request, desk, found, offered.definition)


def _take(request: HttpRequest, desk: Desk, found: Assistance, definition: FormDefinition) -> HttpResponse:
    posted = read_page(request.POST, request.FILES)
    if posted.act == "look":
        typed = read_assistance(desk.by, desk.hall, found, definition, _values(posted, {}))
        shown = show_assistance(desk.by, desk.hall, definition, typed)
        same = shown.seen == posted.seen
        return HttpResponse(status=204) if same else _page(request, desk, found, shown, {})
    ids, refused = take_files(
        posted.files,
        lambda name, content: add_assistance_file(
            by=desk.by, hall=desk.hall, assistance_id=found.pk, name=name, content=content
        ),
    )
    values = _values(posted, ids)
    papers = (*posted.texts.get(_PAPERS, ()), *ids.get(_PAPERS, ()))
    try:
        saved = save_assistance(
            by=desk.by,
            hall=desk.hall,
            assistance_id=found.pk,
            posted=values,
            revision=posted.revision,
            papers=tuple(papers) if _PAPERS in posted.texts else None,
        )
    except Conflict as refusal:
        found.refresh_from_db()
        if found.state != AssistanceState.DRAFT:
            return redirect("desk-assistance", found.pk)
        typed = read_assistance(desk.by, desk.hall, found, definition, values)
        shown = show_assistance(desk.by, desk.hall, definition, typed, more=posted.more)
        # what was typed on an older state is kept by a button of its own alone
        said = {"conflict": refusal.message, "newer": found.revision, "revision": -1}
        return _page(request, desk, found, shown, said, status=409)
    faults = [*refused, *(saved.result.faults if posted.is_judged else ())]
    if posted.act in {"keep", "overwrite"} and not faults:
        messages.success(request, "已保存，可以换一台设备接着填。")
        return redirect("desk-assistances")
    if posted.act == "send" and not faults:
        return redirect("desk-assistance-check", found.pk)
    typed = read_assistance(desk.by, desk.hall, saved.assistance, definition, {})
    shown = show_assistance(desk.by, desk.hall, definition, typed, faults=faults, more=posted.more)
    return _page(request, desk, saved.assistance, shown, {}, status=422 if faults else 200)


@at_assistance
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    """What was filled in, to be read to the person; POST hands it over."""
    found = assistance_here(assistance_id)
    if found.state != AssistanceState.DRAFT:
        return redirect("desk-assistance", found.pk)
    definition = form_of(found).definition
    if definition is None:
        return redirect("desk-assistance-form", found.pk)
    handing = HandingOverForm(request.POST or None, initial={"revision": found.revision})
    if handing.carry_out(lambda data: hand_over(by=desk.by, hall=desk.hall, assistance_id=assistance_id, **data)):
        messages.success(request, "已交办，对方签收以后这里能看到办件编号。")
        return redirect("desk-assistance", found.pk)
    typed = read_assistance(desk.by, desk.hall, found, definition, {})
    context = {"handing": handing, "files_at": _files_at(found), "papers": papers_of(desk.hall, found)}
    shown = show_assistance(desk.by, desk.hall, definition, typed, is_read=True)
    status = 422 if handing.errors else 200
    return desk_page(request, desk, "assistance/check.html", _PLACE | _of(desk, found, shown) | context, status=status)


@at_assistance
@require_POST
def begin_file(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    """Begin a picture or a paper that upload.js sends in pieces."""

    def begin() -> dict[str, Any]:
        begun = begin_assistance_file(
            by=desk.by,
            hall=desk.hall,
            assistance_id=assistance_id,
            name=request.POST.get("name", ""),
            size=posted_number(request.POST.get("size", ""), otherwise=0),
            mark=request.POST.get("mark", ""),
        )
        return {"at": reverse("desk-assistance-chunk", args=[assistance_id, begun.pk]), "offset": begun.received}

    return tell_uploader(begin)


@at_assistance
@require_POST
def add_piece(request: HttpRequest, desk: Desk, assistance_id: UUID, file_id: UUID) -> HttpResponse:
    """One piece; ``offset`` of the address says where it begins."""

    def add() -> dict[str, Any]:
        outcome = add_piece_of_file(
            by=desk.by,
            hall=desk.hall,
            assistance_id=assistance_id,
            file_id=file_id,
            offset=posted_number(request.GET.get("offset", ""), otherwise=-1),
            content=piece_of_request(request),
            length=posted_number(request.META.get("CONTENT_LENGTH", ""), otherwise=0),
        )
        file = outcome.file
        return {"offset": outcome.offset, "upload": {"id": str(file.pk), "name": file.name} if file else None}

    return tell_uploader(add)


def _page(
    request: HttpRequest,
    desk: Desk,
    found: Assistance,
    shown: ShownForm | None,
    said: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "files_at": _files_at(found),
        "takes_photos": True,
        "papers": papers_of(desk.hall, found),
        "papers_name": _PAPERS,
        "asks_for_papers": found.consent == Consent.SIGNED,
        "revision": found.revision,
    }
    whole = _PLACE | _of(desk, found, shown) | context | dict(said)
    return desk_page(request, desk, "assistance/form.html", whole, status=status)


def _of(desk: Desk, found: Assistance, shown: ShownForm | None) -> dict[str, Any]:
    (line,) = assistance_lines(desk.hall, [found])
    return {"assistance": found, "line": line, "shown": shown}


def _files_at(found: Assistance) -> str:
    return f"{reverse('desk-assistance-form', args=[found.pk])}files/"


def _values(posted: PostedPage, ids: Mapping[str, Sequence[str]]) -> dict[str, object]:
    values = posted.values(ids)
    values.pop(_PAPERS, None)
    return values
