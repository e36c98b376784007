"""Materials that many items ask for."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from province.catalogue.forms.material_form import MaterialForm
from province.catalogue.models import Material
from province.catalogue.operations.materials import change_material
from province.catalogue.queries.display_values import display_values_of
from province.catalogue.queries.materials import files_with_ids, items_with, material_with_id, materials, use_counts
from province.catalogue.views.files import CatalogueFiles
from province.catalogue.views.tabs import tabs_of
from province.console.access import actor_of_request, first_view
from province.console.queries.tables import own_table
from province.rights.actors import Actor
from province.rights.queries import may, require
from standards.items import BY_NAME

_PAGE = 50
_TABLE: Final = TableKind(
    "console.materials",
    (
        TableColumn("name", "材料", sort="name", is_fixed=True),
        TableColumn("uses", "使用的事项", is_number=True),
        TableColumn("blank", "空白表格", sort="blank_form__name"),
        TableColumn("sample", "示例样表", sort="filled_sample__name"),
    ),
    filters=("words",),
)
_HEADINGS = ("材料名称", "使用的事项", "空白表格", "示例样表")


@require_GET
def material_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    shown = own_table(by, _TABLE, request.GET)
    if first := first_view(request, shown):
        return redirect(first)
    words = request.GET.get("words", "").strip()[:80]
    rows = shown.in_order(materials(words=words))
    if request.GET.get("format") in EXPORT_FORMATS:
        return export_table(request.GET["format"], "共用材料", _HEADINGS, _lines(list(rows)))
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    counts = use_counts([one.pk for one in page])
    context = {
        "tabs": tabs_of(by, "materials"),
        "table": shown,
        "page": page,
        "lines": [(one, counts.get(one.pk, 0)) for one in page],
        "words": words,
    }
    return render(request, "catalogue/materials.html", context)


@require_http_methods(["GET", "POST"])
def material(request: HttpRequest, material_id: UUID) -> HttpResponse:
    """Show the material: a form for those who publish, a page to read for others."""
    by = actor_of_request(request, "catalogue.read")
    found = material_with_id(material_id)
    if request.method == "GET":
        form = MaterialForm(material=found, store=CatalogueFiles(by)) if may(by, "catalogue.publish") else None
        return _material_page(request, by, found, form)
    # before any file is kept
    require(by, "catalogue.publish")
    form = MaterialForm(material=found, store=CatalogueFiles(by), data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _material_page(request, by, found, form, status=200 if form.is_at_rows else 422)
    try:
        _change(by, found, form)
    except DomainError as refusal:
        form.take_faults(refusal)
        return _material_page(request, by, found, form, status=refusal.status)
    messages.success(request, "已保存，用到这份材料的事项立即按新的内容显示。")
    return redirect("console-material", material_id=material_id)


def _change(by: Actor, found: Material, form: MaterialForm) -> None:
    ids = form.file_ids()
    files = {str(file.pk): file for file in files_with_ids(ids.values())}
    change_material(
        by=by,
        material=found,
        values=form.values(),
        blank_form=files.get(ids.get("blank_form", "")),
        filled_sample=files.get(ids.get("filled_sample", "")),
    )


def _material_page(
    request: HttpRequest, by: Actor, found: Material, form: MaterialForm | None, *, status: int = 200
) -> HttpResponse:
    parts, problems = form.drawn() if form else ([], [])
    files = {str(file_id) for file_id in (found.blank_form_id, found.filled_sample_id) if file_id}
    context = {
        "material": found,
        "form": form,
        "parts": parts,
        "problems": [] if form and form.is_at_rows else problems,
        "display_values": [] if form else display_values_of(BY_NAME["materials"].cells, found.values),
        "links": CatalogueFiles(by).links(files).values(),
        "items": items_with(found),
    }
    return render(request, "catalogue/material.html", context, status=status)


def _lines(rows: list[Material]) -> Iterable[tuple[Any, ...]]:
    counts = use_counts([one.pk for one in rows])
    for one in rows:
        files = (one.blank_form.name if one.blank_form else "", one.filled_sample.name if one.filled_sample else "")
        yield (one.name, counts.get(one.pk, 0), *files)
