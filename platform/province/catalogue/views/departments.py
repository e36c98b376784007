"""主管部门: which there are, and whose people write their items."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.said import say_made
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.forms.arrangement import AssignForm, DepartmentForm, RenameForm
from province.catalogue.models import Department
from province.catalogue.operations.departments import assign_department, create_department, rename_department
from province.catalogue.queries.departments import department_with_id, departments, item_counts
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.people.queries.units import unit_paths
from province.rights.queries import may

_HEADINGS = ("主管部门", "事项", "编写处室")


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    department: Department
    items: int
    unit: str


@require_GET
def department_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    counts, units = item_counts(by), unit_paths(None)
    lines = [
        DepartmentLine(one, counts[one.pk], units.get(one.unit_id, "") if one.unit_id else "") for one in departments()
    ]
    if request.GET.get("format") in EXPORT_FORMATS:
        rows = ((one.department.name, one.items, one.unit) for one in lines)
        return export_table(request.GET["format"], "主管部门", _HEADINGS, rows)
    context = {"tabs": tabs_of(by, "departments"), "lines": lines, "may_arrange": may(by, "catalogue.publish")}
    return render(request, "catalogue/departments.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    form = DepartmentForm(request.POST or None)
    if made := form.carry_out(lambda filled: create_department(by=by, **filled)):
        say_made(request, f"已新建主管部门“{made.name}”。", address=reverse("console-department", args=[made.pk]))
        return redirect("console-departments")
    return render(request, "catalogue/department_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """POST ``act``: rename or assign."""
    by = actor_of_request(request, "catalogue.publish")
    found = department_with_id(department_id)
    is_renaming = request.POST.get("act") == "rename"
    rename = RenameForm(request.POST if is_renaming else None, initial={"name": found.name})
    is_assigning = request.method == "POST" and not is_renaming
    assign = AssignForm(request.POST if is_assigning else None, initial={"unit_id": found.unit_id or ""})
    form = rename if is_renaming else assign
    if form.is_valid():
        try:
            if is_renaming:
                rename_department(by=by, department=found, name=rename.cleaned_data["name"])
            else:
                assign_department(by=by, department=found, unit_id=assign.cleaned_data["unit_id"])
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "已改名，各事项的草稿也改用新名称。" if is_renaming else "已保存编写处室。")
            return redirect("console-departments")
    context = {
        "department": found,
        "items": item_counts(by)[found.pk],
        "rename": rename,
        "assign": assign,
        "form": form,
    }
    return render(request, "catalogue/department.html", context, status=422 if form.errors else 200)
