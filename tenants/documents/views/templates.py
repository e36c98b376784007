"""文书模板 at the desk: the kinds, and the template and the numbers of each."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.exports import export_file
from province.audit.queries import act_label, entries_about
from province.document_templates.queries.kinds import document_kind
from province.document_templates.queries.samples import sample_pdf, template_file
from standards.documents.kinds import GIVEN, ORDINAL, PLACES
from standards.documents.reading import LARGEST
from tenants.documents.forms import NumberRuleForm, TemplateForm
from tenants.documents.layouts import at_templates
from tenants.documents.operations.numbers import set_number_rule
from tenants.documents.operations.templates import load_template, publish_template
from tenants.documents.queries.templates import (
    kind_at_desk,
    kinds_at_desk,
    layout_to_show,
    template_id,
    version_with_id,
    versions_of_kind,
)
from tenants.shell.layouts.desk import act_and_return, desk_page
from tenants.shell.slots import Desk

_PLACE: Final = "document-templates"


@at_templates
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    return desk_page(request, desk, "documents/desk/kinds.html", {"place": _PLACE, "kinds": kinds_at_desk()})


@at_templates
@require_http_methods(["GET", "POST"])
def kind(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """A kind: its fields, its template and versions, its numbers; posted: a Word file to be loaded."""
    found = kind_at_desk(kind)
    form = TemplateForm(request.POST or None, request.FILES or None)
    loaded = form.carry_out(
        lambda filled: load_template(
            by=desk.by,
            hall=desk.hall,
            kind=kind,
            name=filled["file"].name or "",
            content=form.content_of("file", most=LARGEST),
        )
    )
    if loaded:
        messages.success(request, f"已载入为第 {loaded.number} 版，还没有启用。请先看样稿，再点“启用”。")
        return redirect("desk-document-kind", kind)
    row = template_id(kind)
    context = {
        "place": _PLACE,
        "found": found,
        "form": form,
        "rule_form": NumberRuleForm(initial={"rule": found.rule if found.has_own_rule else ""}),
        "versions": versions_of_kind(kind),
        "given": GIVEN,
        "places": PLACES,
        "ordinal": ORDINAL,
        "history": [(act_label(one.act), one) for one in entries_about(row).order_by("-created_at")[:30]]
        if row
        else [],
    }
    return desk_page(request, desk, "documents/desk/kind.html", context, status=422 if form.errors else 200)


@at_templates
@require_POST
def publish(request: HttpRequest, desk: Desk, kind: str, version_id: UUID | None = None) -> HttpResponse:
    """Put a version to use; without one, the province's template, or the platform's where there is none."""

    def act() -> object:
        return publish_template(by=desk.by, hall=desk.hall, kind=kind, version_id=version_id)

    return act_and_return(request, act, said="已启用，从下一份文书起用它。", to="desk-document-kind", args=(kind,))


@at_templates
@require_POST
def number_rule(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    def act() -> object:
        return set_number_rule(by=desk.by, hall=desk.hall, kind=kind, rule=request.POST.get("rule", ""))

    return act_and_return(request, act, said="已保存，从下一份文书起用它。", to="desk-document-kind", args=(kind,))


@at_templates
@require_GET
def preview(
    request: HttpRequest,  # noqa: ARG001 - Django's call
    desk: Desk,
    kind: str,
    version_id: UUID | None = None,
    *,
    is_given: bool = False,
) -> HttpResponse:
    """A sample of the template as PDF, to be shown by the browser. ``is_given``: of what the province has in force."""
    version = version_with_id(kind, version_id) if version_id else None
    layout = layout_to_show(kind, version, is_given=is_given)
    content = sample_pdf(document_kind(kind), layout, issuer=desk.hall.name)
    return HttpResponse(content, content_type="application/pdf")


@at_templates
@require_GET
def download(
    request: HttpRequest,  # noqa: ARG001 - Django's call
    desk: Desk,  # noqa: ARG001 - the layout's call
    kind: str,
    version_id: UUID | None = None,
    *,
    is_given: bool = False,
) -> HttpResponse:
    """The template as a Word file, as ``preview``."""
    stated = document_kind(kind)
    version = version_with_id(kind, version_id) if version_id else None
    content = template_file(stated, layout_to_show(kind, version, is_given=is_given))
    number = f"第{version.number}版" if version else ""
    return export_file("docx", f"{stated.name}{'省级' if is_given else ''}模板{number}", content)
