"""补正 and 容缺补交: what the hall above asks for later, photographed and handed over."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from foundation.design.forms import ids_of
from foundation.errors import Conflict
from province.designers.queries.shown import ShownForm
from tenants.assistance.forms import RestHandOverForm
from tenants.assistance.layouts import at_assistance
from tenants.assistance.models import Assistance
from tenants.assistance.operations.bringing import hand_over_rest, save_rest
from tenants.assistance.operations.files import add_assistance_file
from tenants.assistance.queries.asked import AskedHere, asked_of, read_rest, show_rest
from tenants.assistance.queries.assistances import assistance_here, assistance_lines
from tenants.shell.layouts.desk import desk_page
from tenants.shell.layouts.pieces import take_files
from tenants.shell.slots import Desk
from tenants.workflow.forms.filling import read_page

_PLACE: Final = {"place": "assistance"}
# of the page, not of the form: names of fields have no dash
_OF_PAGE: Final = "handing"


@at_assistance
@require_http_methods(["GET", "POST"])
def rest(request: HttpRequest, desk: Desk, assistance_id: UUID) -> HttpResponse:
    """What is asked for now. POST keeps it, and hands it over where ``_act`` says so."""
    found = assistance_here(assistance_id)
    asked = asked_of(found)
    if asked is None or asked.definition is None or asked.handed_at:
        return redirect("desk-assistance", found.pk)
    if request.method == "POST":
        return _take(request, desk, found, asked)
    shown = show_rest(desk.by, desk.hall, asked, read_rest(desk.by, desk.hall, found, asked, {}))
    return _page(request, desk, found, asked, shown, RestHandOverForm(prefix=_OF_PAGE))


def _take(request: HttpRequest, desk: Desk, found: Assistance, asked: AskedHere) -> HttpResponse:
    posted = read_page(request.POST, request.FILES)
    ids, refused = take_files(
        posted.files,
        lambda name, content: add_assistance_file(
            by=desk.by, hall=desk.hall, assistance_id=found.pk, name=name, content=content
        ),
    )
    bringing = RestHandOverForm(request.POST, prefix=_OF_PAGE)
    values = {name: value for name, value in posted.values(ids).items() if "-" not in name}
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "assistance_id": found.pk}
    given["asking_id"] = next(iter(ids_of([request.POST.get("_asking", "")])), asked.asking_id)
    try:
        saved = save_rest(**given, posted=values, revision=posted.revision)
    except Conflict as refusal:
        found.refresh_from_db()
        if asked_of(found) != asked:
            messages.error(request, refusal.message)
            return redirect("desk-assistance", found.pk)
        shown = show_rest(desk.by, desk.hall, asked, read_rest(desk.by, desk.hall, found, asked, values))
        said = {"conflict": refusal.message, "newer": found.revision, "revision": -1}
        return _page(request, desk, found, asked, shown, bringing, said, status=409)
    kept = saved.assistance
    faults = [*refused, *(saved.result.faults if posted.is_judged else ())]
    if posted.act in {"keep", "overwrite"} and not faults:
        messages.success(request, "已保存，还没有交给对方。")
        return redirect("desk-assistance", found.pk)
    if posted.act == "send" and not faults:
        sent = bringing.carry_out(lambda filled: hand_over_rest(**given, revision=kept.revision, **filled))
        if sent:
            messages.success(request, "已交给对方，对方收下以后接着办。")
            return redirect("desk-assistance", found.pk)
    shown = show_rest(
        desk.by, desk.hall, asked, read_rest(desk.by, desk.hall, kept, asked, {}), faults=faults, more=posted.more
    )
    status = 422 if faults or bringing.errors else 200
    return _page(request, desk, kept, asked, shown, bringing, status=status)


def _page(
    request: HttpRequest,
    desk: Desk,
    found: Assistance,
    asked: AskedHere,
    shown: ShownForm,
    bringing: RestHandOverForm,
    said: Mapping[str, Any] = {},
    *,
    status: int = 200,
) -> HttpResponse:
    (line,) = assistance_lines(desk.hall, [found])
    context = {
        "assistance": found,
        "line": line,
        "asked": asked,
        "shown": shown,
        "bringing": bringing,
        "revision": found.revision,
        "files_at": f"{reverse('desk-assistance-form', args=[found.pk])}files/",
        "takes_photos": True,
    }
    return desk_page(request, desk, "assistance/rest.html", _PLACE | context | dict(said), status=status)
