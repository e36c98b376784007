"""People: who there is, who comes, and a table of them in and out."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request, first_view, list_download, require_fresh
from province.console.queries.picks import picks_for
from province.console.queries.tables import own_table
from province.halls.queries import hall_with_code
from province.people.forms import PEOPLE_STATES, PeopleFilter, PeopleImportForm, PersonForm
from province.people.operations.people import admit_person, appoint_person
from province.people.operations.people_imports import HEADINGS, import_people
from province.people.queries.people import people_table
from province.people.queries.places import Place, hall_names, place_of_hall
from province.people.queries.roles import role_with_key
from province.people.queries.units import unit_paths, unit_with_id
from province.people.views.places import PlaceChoice, chosen_place
from province.rights.roles import Reach, Role

_PAGE = 50
_TABLE = TableKind(
    "console.people",
    (
        TableColumn("username", "账号", sort="username", is_fixed=True),
        TableColumn("name", "姓名", sort="name"),
        TableColumn("positions", "岗位"),
        TableColumn("login", "最近登录", sort="last_login"),
    ),
    filters=("search", "hall", "role", "state"),
)
_EXPORTED_AT_ONCE = 500


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "people.read")
    table = own_table(by, _TABLE, request.GET)
    if first := first_view(request, table):
        return redirect(first)
    form = PeopleFilter(request.GET, picks=picks_for(by))
    filters = form.filters()
    hall = hall_with_code(filters["hall"]) if filters["hall"] else None
    accounts = people_table(
        by=by,
        search=filters["search"],
        hall_id=hall.pk if hall else None,
        role=filters["role"],
        state=filters["state"],
    )
    if "hall" in form.errors:
        # words that fit several halls or none: nobody, rather than everybody
        accounts = accounts.none()
    if request.GET.get("format") in EXPORT_FORMATS:
        place = place_of_hall(hall) if hall else None
        return list_download(
            by=by,
            hall_id=hall.pk if hall else None,
            file_format=request.GET["format"],
            name="人员",
            headings=[*HEADINGS, "服务厅", "状态"],
            lines=_lines(accounts, place),
            narrowed=[
                place.name if place else "",
                dict(Role.choices).get(filters["role"], "自设的角色" if filters["role"] else ""),
                dict(PEOPLE_STATES).get(filters["state"], "") if filters["state"] else "",
            ],
            words=[filters["search"]],
        )
    page = Paginator(table.in_order(accounts), _PAGE).get_page(request.GET.get("page"))
    names = hall_names(position for account in page for position in account.positions.all())
    context = {
        "tab": "people",
        "table": table,
        "filters": filters,
        "filter_form": form,
        "is_filtered": any(filters.values()) or bool(form.errors),
        "roles": Role.choices,
        "page": page,
        "people": [
            (account, [(position, names.get(position.hall_id, "")) for position in account.positions.all()])
            for account in page
        ],
    }
    return render(request, "people/people.html", context)


def _lines(accounts: Any, place: Place | None) -> Iterator[list[object]]:
    """A line for every position (of that place alone, if one is asked for), and one for an account without any."""
    paths: dict[UUID | None, dict[UUID, str]] = {}
    for account in accounts.iterator(chunk_size=_EXPORTED_AT_ONCE):
        positions = [
            position for position in account.positions.all() if place is None or position.hall_id == place.hall_id
        ]
        names = hall_names(positions)
        state = "启用" if account.is_active else "已停用"
        for position in positions:
            units = paths.setdefault(position.hall_id, unit_paths(position.hall_id) if position.unit_id else {})
            if position.unit_id and not units:
                units = paths[position.hall_id] = unit_paths(position.hall_id)
            unit = units.get(position.unit_id, "") if position.unit_id else ""
            yield [
                account.username,
                account.name,
                unit,
                position.title,
                position.role_name,
                names.get(position.hall_id, ""),
                state,
            ]
        if not positions:
            yield [account.username, account.name, "", "", "", "", state]


@never_cache
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """A new account with its first position, and its activation code in this answer alone; or the first position of an
    account that is there already."""
    by = actor_of_request(request, "people.manage")
    require_fresh(request)
    choice = chosen_place(request, by, "people.manage")
    place = choice.place
    form = PersonForm(request.POST or None, place=place)
    context = _frame(choice)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            asked: dict[str, Any] = {
                "username": facts["username"],
                "name": facts["name"],
                "hall_id": place.hall_id,
                "prefix": place.prefix,
                **position_facts(facts, place),
            }
            if facts["is_there"]:
                context["account"] = appoint_person(by=by, **asked)
                messages.success(request, f"{facts['name']}的岗位已设好，下次打开页面即生效。")
            else:
                context["account"], code = admit_person(by=by, **asked)
                context["codes"] = [(facts["username"], facts["name"], code)]
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            form = PersonForm(place=place)
    return render(request, "people/person_new.html", context | {"form": form}, status=422 if form.errors else 200)


def position_facts(facts: dict[str, Any], place: Place) -> dict[str, Any]:
    """What PostForm says, as operations take it. Raises NotFound."""
    return {
        "role": role_with_key(facts["role"], place.hall_id),
        "unit": unit_with_id(UUID(facts["unit"])) if facts["unit"] else None,
        "title": facts["title"],
        "reach": Reach(facts["reach"]) if facts["reach"] else None,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def import_file(request: HttpRequest) -> HttpResponse:
    """A table in: first what would happen, then what did, with the new people's activation codes, once."""
    by = actor_of_request(request, "people.manage")
    require_fresh(request)
    choice = chosen_place(request, by, "people.manage")
    place = choice.place
    form = PeopleImportForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            report = import_people(
                by=by,
                file=form.cleaned_data["file"],
                hall_id=place.hall_id,
                prefix=place.prefix,
                is_trial=form.cleaned_data["is_trial"],
            )
        except DomainError as refusal:
            form.add_error("file", refusal.message)
    context = _frame(choice) | {
        "form": form,
        "report": report,
        "codes": report.codes if report else [],
        "is_trial": bool(report and form.cleaned_data["is_trial"]),
        "headings": HEADINGS,
    }
    return render(request, "people/people_import.html", context, status=422 if form.errors else 200)


@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty table with the right headings and one line to follow."""
    actor_of_request(request, "people.manage")
    example = ("zhangsan", "张三", "政务科/综合窗口", "科员", Role.EDITOR.label)
    return export_table("xlsx", "人员导入表", list(HEADINGS), [example])


def _frame(choice: PlaceChoice) -> dict[str, Any]:
    return {"tab": "people", "place": choice.place, "choice": choice}
