"""地点清单 at the desk: the table, the page of each place, a file in and out."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.said import say_made
from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, export_list
from province.console.access import first_view
from province.console.queries.tables import own_table
from tenants.shell.layouts.desk import act_and_return, desk_page, rows_of_page
from tenants.shell.slots import Desk
from tenants.workflow.forms.places import HallPlaceForm, PlacesFileForm
from tenants.workflow.layouts import at_design
from tenants.workflow.operations.place_tables import HEADINGS, import_places, place_table
from tenants.workflow.operations.places import PlaceFacts, change_place, create_place, facts_of, use_place
from tenants.workflow.queries.places import STATES, kinds_in_list, offered_places, place_with_id, places_at_desk

_TABLE: Final = TableKind(
    "desk.places",
    (
        TableColumn("name", "名称", sort="name", is_fixed=True),
        TableColumn("kind", "类别", sort="kind"),
        TableColumn("address", "地址"),
        TableColumn("degrees", "经纬度"),
        TableColumn("keeper", "管理单位", sort="keeper"),
        TableColumn("phone", "联系电话"),
        TableColumn("state", "状态"),
    ),
    filters=("search", "state", "kind"),
)
_PLACE: Final = "places"


@at_design
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    chosen = {name: request.GET.get(name, "") for name in ("search", "state", "kind")}
    rows = shown.in_order(places_at_desk(**chosen))
    if (asked := request.GET.get("export", "")) in EXPORT_FORMATS:
        return export_list(asked, f"{desk.hall.short_name}地点清单", list(HEADINGS), rows, place_table)
    context = {
        "place": _PLACE,
        "page": rows_of_page(request, rows),
        "table": shown,
        "chosen": chosen,
        "states": STATES,
        "kinds": kinds_in_list(),
        "is_filtered": any(chosen.values()),
    }
    return desk_page(request, desk, "workflow/desk/places.html", context)


@at_design
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    # the list has one system of coordinates
    form = HallPlaceForm(request.POST or None, facts=PlaceFacts(name="", datum=offered_places().datum))
    if made := form.carry_out(lambda _: create_place(by=desk.by, hall=desk.hall, facts=form.facts())):
        said = f"已添加“{made.name}”，用地点清单的表单马上能选到。"
        say_made(request, said, address=reverse("desk-place", args=[made.pk]))
        return redirect("desk-places")
    context = {"place": _PLACE, "form": form, "kinds": kinds_in_list()}
    return desk_page(request, desk, "workflow/desk/place.html", context, status=422 if form.errors else 200)


@at_design
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, desk: Desk, place_id: UUID) -> HttpResponse:
    found = place_with_id(place_id)
    form = HallPlaceForm(request.POST or None, facts=facts_of(found), revision=found.revision)
    if changed := form.carry_out(
        lambda filled: change_place(
            by=desk.by, hall=desk.hall, place_id=place_id, revision=filled["revision"] or 0, facts=form.facts()
        )
    ):
        messages.success(request, f"已保存“{changed.name}”；已经提交的表单，仍是当时选的样子。")
        return redirect("desk-places")
    context = {"place": _PLACE, "form": form, "found": found, "kinds": kinds_in_list()}
    return desk_page(request, desk, "workflow/desk/place.html", context, status=422 if form.errors else 200)


@at_design
@require_POST
def use(request: HttpRequest, desk: Desk, place_id: UUID, verb: str) -> HttpResponse:
    """Take it out of use (``end``), or put it back (``use``)."""
    is_in_use = verb == "use"
    said = (
        "已启用，用地点清单的表单又能选到它。"
        if is_in_use
        else "已停用，不能再选；已经提交的表单不变，没交的草稿要另选。"
    )
    return act_and_return(
        request,
        lambda: use_place(by=desk.by, hall=desk.hall, place_id=place_id, is_in_use=is_in_use),
        said=said,
        to="desk-place",
        args=(place_id,),
    )


@at_design
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """POST ``act``: preview, which changes nothing, or import."""
    form = PlacesFileForm(request.POST or None, request.FILES or None)
    is_trial = request.POST.get("act") != "import"
    report = form.carry_out(
        lambda filled: import_places(by=desk.by, hall=desk.hall, file=filled["file"], is_trial=is_trial)
    )
    context = {"place": _PLACE, "form": form, "report": report, "is_trial": is_trial}
    return desk_page(request, desk, "workflow/desk/places_import.html", context, status=422 if form.errors else 200)
