"""The offices of the joint review, and what each decides on."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.said import say_made
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.forms.arrangement import OfficeForm
from province.catalogue.models import Office
from province.catalogue.operations.offices import add_office, arrange_office, retire_office
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.reviews import (
    elements_without_office,
    office_with_id,
    offices,
    offices_retired,
    part_of,
    versions_under_review,
)
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request
from province.people.queries.holders import holders_of
from province.people.queries.units import unit_paths
from province.rights.queries import may
from standards.items import Section

_HEADINGS = ("步骤", "审核部门", "审核的部分", "单独审核的要素", "省级处室")


@dataclass(frozen=True, slots=True)
class OfficeLine:
    office: Office
    sections: str
    # those that stand in none of its sections
    elements: str
    unit: str


@require_GET
def office_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    units = unit_paths(None)
    lines = [_line(office, units) for office in offices()]
    if request.GET.get("format") in EXPORT_FORMATS:
        rows = ((one.office.step, one.office.name, one.sections, one.elements, one.unit) for one in lines)
        return export_table(request.GET["format"], "审核部门", _HEADINGS, rows)
    without_unit = [one.office for one in lines if one.office.unit_id is None]
    reviewers = len(holders_of("catalogue.review", hall_id=None, prefixes=[""]))
    context = {
        "without_unit": without_unit,
        "reviewers": reviewers,
        "is_short": reviewers < len(without_unit),
        "tabs": tabs_of(by, "offices"),
        "lines": lines,
        "retired": offices_retired(),
        "orphans": elements_without_office(),
        "may_arrange": may(by, "catalogue.publish"),
    }
    return render(request, "catalogue/offices.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    form = OfficeForm(request.POST or None)
    if made := form.carry_out(lambda filled: add_office(by=by, **filled)):
        said = f"已增加{made.name}，以后报送的版本由它一起审核。"
        say_made(request, said, address=reverse("console-office", args=[made.pk]))
        return redirect("console-offices")
    return render(request, "catalogue/office.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, office_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    check_reader(by)
    found = office_with_id(office_id)
    form = OfficeForm(request.POST or None, office=found)
    if form.carry_out(lambda filled: arrange_office(by=by, code=found.code, **filled)):
        messages.success(request, "已保存，从以后报送的版本起执行。")
        return redirect("console-offices")
    context = {"form": form, "office": found, "under_way": versions_under_review(found)}
    return render(request, "catalogue/office.html", context, status=422 if form.errors else 200)


@require_POST
def retire(request: HttpRequest, office_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "catalogue.publish")
    found = office_with_id(office_id)
    try:
        retire_office(by=by, office=found)
        messages.success(request, f"{found.name}已停用，以后报送的版本不再由它审核。停错了可以在“已停用”里恢复。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-offices")


def _line(office: Office, units: dict[UUID, str]) -> OfficeLine:
    own = [element.label for element in part_of(office) if element.section not in office.sections]
    sections = [str(section.label) for section in Section if section in office.sections]
    unit = units.get(office.unit_id, "") if office.unit_id else ""
    return OfficeLine(office, "、".join(sections), "、".join(own), unit)
