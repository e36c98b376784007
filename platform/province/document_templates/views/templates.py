"""省级文书模板 at the console: what is in force for each kind, and the versions of one."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.errors import Conflict, Invalid
from foundation.exports import export_file
from province.audit.queries import act_label, entries_about
from province.console.access import actor_of_request
from province.document_templates.forms import ProvinceTemplateForm
from province.document_templates.operations.templates import (
    MANAGE,
    load_province_template,
    publish_province_template,
    withdraw_province_template,
)
from province.document_templates.queries.console import (
    SAMPLE_ISSUER,
    layout_to_show,
    province_kind,
    province_kinds,
    province_version,
    versions_of_province,
)
from province.document_templates.queries.samples import sample_pdf, template_file
from standards.documents.kinds import GIVEN, ORDINAL, PLACES
from standards.documents.reading import LARGEST


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    actor_of_request(request, MANAGE)
    return render(request, "document_templates/kinds.html", {"kinds": province_kinds()})


@require_http_methods(["GET", "POST"])
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind: its fields, what is in force, its versions; posted: a Word file to be loaded."""
    by = actor_of_request(request, MANAGE)
    found = province_kind(kind)
    form = ProvinceTemplateForm(request.POST or None, request.FILES or None)
    loaded = form.carry_out(
        lambda filled: load_province_template(
            by=by, kind=kind, name=filled["file"].name or "", content=form.content_of("file", most=LARGEST)
        )
    )
    if loaded:
        messages.success(request, f"已载入为第 {loaded.number} 版，还没有施行。请先看样稿，再点“启用”。")
        return redirect("console-document-kind", kind)
    history = entries_about(found.row_id).order_by("-created_at")[:30] if found.row_id else []
    context = {
        "found": found,
        "form": form,
        "versions": versions_of_province(kind),
        "given": GIVEN,
        "places": PLACES,
        "ordinal": ORDINAL,
        "history": [(act_label(one.act), one) for one in history],
    }
    return render(request, "document_templates/kind.html", context, status=422 if form.errors else 200)


@require_POST
def publish(request: HttpRequest, kind: str, version_id: UUID) -> HttpResponse:
    by = actor_of_request(request, MANAGE)

    def act(revision: int) -> object:
        return publish_province_template(by=by, kind=kind, version_id=version_id, revision=revision)

    return _decided(request, kind, act, "已启用。没有自己模板的服务厅，从下一份文书起用它；已经制发的不变。")


@require_POST
def withdraw(request: HttpRequest, kind: str) -> HttpResponse:
    by = actor_of_request(request, MANAGE)

    def act(revision: int) -> object:
        return withdraw_province_template(by=by, kind=kind, revision=revision)

    return _decided(request, kind, act, "已撤下，从下一份文书起用平台自带的模板；各版本都还在。")


def _decided(request: HttpRequest, kind: str, act: Callable[[int], object], said: str) -> HttpResponse:
    try:
        act(posted_number(request.POST.get("revision", ""), otherwise=-1))
    except (Conflict, Invalid) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("console-document-kind", kind)


@require_GET
def preview(request: HttpRequest, kind: str, version_id: UUID | None = None) -> HttpResponse:
    """A sample of the template as PDF, to be shown by the browser; without a version, of the platform's own."""
    actor_of_request(request, MANAGE)
    stated = province_kind(kind).kind
    content = sample_pdf(stated, layout_to_show(kind, version_id), issuer=SAMPLE_ISSUER)
    return HttpResponse(content, content_type="application/pdf")


@require_GET
def download(request: HttpRequest, kind: str, version_id: UUID | None = None) -> HttpResponse:
    """The template as a Word file; without a version, the platform's own."""
    actor_of_request(request, MANAGE)
    stated = province_kind(kind).kind
    number = f"第{province_version(kind, version_id).number}版" if version_id else ""
    content = template_file(stated, layout_to_show(kind, version_id))
    return export_file("docx", f"{stated.name}省级模板{number}" if number else f"{stated.name}模板", content)
