"""办件 at the desk: the list, one case with what can be done with it, and applications that are taken in."""

from functools import partial
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.addresses import is_page_here
from foundation.design.forms import FaultyForm, ids_of
from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, MOST_EXPORTED, export_file, in_batches
from foundation.files.store import link_for_readers
from foundation.many import RowOutcome
from foundation.paper.forms import write_form
from province.cases.queries.list_exports import ListWish
from province.cases.states import CaseChannel, CaseState
from province.console.access import first_view
from province.console.queries.tables import own_table
from province.people.queries.units import unit_choices
from province.rights.queries import may, works_at
from tenants.casework.forms.cases import IntakeForm
from tenants.casework.layouts import at_cases
from tenants.casework.models import Case
from tenants.casework.operations.acceptance import note_materials
from tenants.casework.operations.batches import accept_cases
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.searches import note_case_search
from tenants.casework.operations.serving import ServiceWish
from tenants.casework.queries.access import FIGURES, KEYS, SET_UP, case_of
from tenants.casework.queries.desk import (
    FILTERS,
    case_lines,
    cases_at_desk,
    cases_by_filter,
    due_first,
    is_due_first,
)
from tenants.casework.queries.list_exports import HEADINGS, cells_of, wish_words
from tenants.casework.queries.own_packages import siblings_of
from tenants.casework.queries.packages import packages_here
from tenants.casework.queries.referrals import referrals_of_case
from tenants.casework.queries.service_papers import paper_of_service
from tenants.casework.queries.setups import has_open_setups, open_setups
from tenants.casework.queries.shown import case_view, file_of_case, shown_form
from tenants.casework.queries.special_procedures import special_paper
from tenants.casework.slots import DESK_CASE_PARTS
from tenants.casework.states import MaterialState
from tenants.casework.views.case_acts import VERBS, form_for, verbs_for
from tenants.shell.layouts.desk import act_and_return, desk_export, desk_page, rows_of_page
from tenants.shell.layouts.site import redirect_to
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import Desk
from tenants.workflow.queries.filled import FormFiller

_PLACE: Final = {"place": "cases"}
_CHOSEN: Final = ("state", "unit", "words")
# before a material's id, as the page names what is chosen for it
_STATE_OF: Final = "state-"
_TABLE: Final = TableKind(
    "desk.cases",
    (
        TableColumn("number", "办件", is_fixed=True),
        TableColumn("state", "状态"),
        TableColumn("due", "期限"),
        TableColumn("applicant", "申请人"),
        TableColumn("unit", "承办部门"),
        TableColumn("owner", "承办人"),
        TableColumn("received", "收件"),
    ),
    filters=_CHOSEN,
)


@at_cases
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in _CHOSEN}
    units = unit_choices(desk.hall.pk)
    if chosen["unit"] not in {"window", *(key for key, _ in units)}:
        chosen["unit"] = ""
    if not any(chosen.values()) and "all" not in request.GET:
        chosen["state"] = "open"
    if chosen["words"]:
        note_case_search(by=desk.by, hall=desk.hall, words=chosen["words"])
    rows = cases_at_desk(desk, **chosen)
    if request.GET.get("export") in EXPORT_FORMATS:
        if rows.order_by()[MOST_EXPORTED:].exists():
            messages.info(request, f"符合条件的超过 {MOST_EXPORTED:,} 件，要在后台生成文件。")
            asked = urlencode(chosen | {"file_format": request.GET["export"]})
            return redirect(f"{reverse('desk-case-list-exports')}?{asked}")
        lines = in_batches(rows, lambda some: cells_of(case_lines(desk.hall, some)))
        wish = ListWish(**chosen, file_format=request.GET["export"])
        narrowed = [wish_words(desk, wish, is_masked=True)]
        return desk_export(desk, wish.file_format, f"{desk.hall.short_name}办件", HEADINGS, lines, narrowed=narrowed)
    numbers = cases_by_filter(desk)
    is_filtered = bool(chosen["unit"] or chosen["words"])
    number = None if is_filtered else numbers.get(chosen["state"])
    all_open = number if chosen["state"] == "open" else None
    page = rows_of_page(
        request,
        rows,
        between=partial(due_first, desk, rows, all_open=all_open) if is_due_first(chosen["state"]) else None,
        number=number,
    )
    context = {
        "page": page,
        "table": shown,
        "lines": case_lines(desk.hall, list(page)),
        "may_tick": any(one.state == CaseState.RECEIVED for one in page),
        "chosen": chosen,
        "is_filtered": is_filtered,
        "filters": [(key, label, numbers.get(key)) for key, label in FILTERS.items()],
        "units": units,
        "may_set_up": may(desk.by, SET_UP, hall_id=desk.hall.pk),
        "may_figures": works_at(desk.by, FIGURES, hall_id=desk.hall.pk),
        "may_keys": may(desk.by, KEYS, hall_id=desk.hall.pk),
        "has_setups": has_open_setups(),
        "has_packages": bool(packages_here(desk.hall)),
    }
    return desk_page(request, desk, "casework/desk/cases.html", _PLACE | context)


@at_cases
@require_POST
def accept_ticked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Accept everything that is ticked, with a word about each that was refused."""
    ticked = ids_of(request.POST.getlist("case"))
    outcomes: list[RowOutcome] = []
    try:
        outcomes = accept_cases(by=desk.by, hall=desk.hall, case_ids=ticked)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    for one in outcomes:
        if not one.is_done:
            messages.error(request, f"{one.name}：{one.reason}".removeprefix("："))
    if number := sum(one.is_done for one in outcomes):
        messages.success(request, f"已受理 {number} 件。")
    elif not ticked:
        messages.error(request, "请先勾选。")
    back = request.POST.get("back", "")
    return redirect(back if is_page_here(back) else "desk-cases")


@at_cases
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take an application in at the window or by telephone: which item, then its form."""
    form = IntakeForm(request.POST or None, setups=open_setups())
    begun = form.carry_out(
        lambda data: begin_application(
            who=FormFiller(desk.by),
            hall=desk.hall,
            setup_id=UUID(data["setup_id"]),
            channel=CaseChannel(data["channel"]),
            is_another=True,
            service=ServiceWish(way=data["way"], address=data["address"]) if data["way"] else None,
        )
    )
    if begun:
        return redirect("desk-filling", begun.pk)
    status = 422 if form.errors else 200
    return desk_page(request, desk, "casework/desk/new.html", _PLACE | {"form": form}, status=status)


@at_cases
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """One case. POST carries out one of ``VERBS``: ``act``; what was typed stays, where it is refused."""
    found = case_of(desk, case_id)
    verb = VERBS.get(request.POST.get("act", ""))
    if verb is None:
        return _page(request, desk, found)
    form = form_for(request.POST["act"], case_view(desk, found), request.POST, request.FILES)
    done = form.carry_out(lambda data: verb.act(by=desk.by, hall=desk.hall, case_id=found.pk, **data) or True)
    if done is None:
        return _page(request, desk, case_of(desk, case_id), request.POST["act"], form)
    messages.success(request, verb.said)
    return redirect("desk-case", found.pk)


@at_cases
@require_POST
def materials(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Note which materials are there."""
    named = ids_of(name.removeprefix(_STATE_OF) for name in request.POST if name.startswith(_STATE_OF))
    states = {one: request.POST.get(f"{_STATE_OF}{one}", "") for one in named}

    def act() -> object:
        return note_materials(by=desk.by, hall=desk.hall, case_id=case_id, states=states)

    return act_and_return(request, act, said="材料已登记。", to="desk-case", args=(case_id,))


@at_cases
@require_GET
def service_paper(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:  # noqa: ARG001
    """送达地址确认书, to be signed."""
    found = case_of(desk, case_id)
    return export_file("pdf", f"送达地址确认书 {found.number}", write_form(paper_of_service(desk.hall, found)))


@at_cases
@require_GET
def open_file(request: HttpRequest, desk: Desk, case_id: UUID, upload_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A short-lived link to a file of the application."""
    return redirect_to(link_for_readers(file_of_case(desk, case_of(desk, case_id), upload_id), ""))


@at_cases
@require_GET
def open_special_paper(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A short-lived link to a document that came with the result of a special procedure."""
    return redirect_to(link_for_readers(special_paper(case_of(desk, case_id), file_id), ""))


def _page(request: HttpRequest, desk: Desk, found: Case, act: str = "", form: FaultyForm | None = None) -> HttpResponse:
    view = case_view(desk, found)
    verbs = [
        (name, verb, form if name == act and form else form_for(name, view)) for name, verb in verbs_for(desk, view)
    ]
    context = {
        "view": view,
        "case": found,
        "line": case_lines(desk.hall, [found])[0],
        "shown": shown_form(desk, found),
        "verbs": verbs,
        "opened": act or next((name for name, verb, _ in verbs if verb.look == "primary"), ""),
        "files_at": f"{reverse('desk-case', args=[found.pk])}files/",
        "material_states": [one for one in MaterialState.choices if one[0] != MaterialState.OWED],
        "ways": referrals_of_case(desk.hall, found),
        "siblings": siblings_of(desk, found),
        "parts": [shown for part in shown_at(DESK_CASE_PARTS, desk.hall) if (shown := part(desk, found))],
        "may_note": found.is_open and view.decision is None,
    }
    return desk_page(request, desk, "casework/desk/case.html", _PLACE | context, status=422 if form else 200)
