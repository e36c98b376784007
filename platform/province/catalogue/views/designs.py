"""统一表单和流程 of an item: its draft, brought in from a file or made of the item, and out as files."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.forms import posted_number
from foundation.errors import Conflict, Invalid
from province.catalogue.forms.console import FlowFileForm, FormFileForm
from province.catalogue.models import Item
from province.catalogue.operations.designs import write_item_design
from province.catalogue.queries.designs import (
    SharedDesign,
    design_faults,
    design_from_file,
    design_of_version,
    design_revision,
    drafted_design,
    outline_of_design,
    steps_of_design,
    suggested_flow,
    suggested_form,
    takes_designs,
)
from province.catalogue.queries.desks import item_at_desk, require_over, version_at_desk
from province.console.access import actor_of_request
from province.rights.actors import Actor

_PARTS: Final[Mapping[str, str]] = {"form": "表单", "flow": "流程"}
_SAID: Final[Mapping[str, str]] = {
    "file": "已换成文件里的{word}。",
    "make": "已按事项生成{word}的第一稿。",
    "remove": "已移除{word}。",
}


@require_http_methods(["GET", "POST"])
def design(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The draft. POST brings in a file (``act`` file), makes a first one of the item (make), or takes it out (remove);
    ``part``: form or flow."""
    by = actor_of_request(request, "catalogue.write")
    found = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", found)
    if request.method == "GET":
        return _page(request, found, {})
    part, act = request.POST.get("part", ""), request.POST.get("act", "")
    if part not in _PARTS or act not in _SAID:
        raise Http404
    form = (FlowFileForm if part == "flow" else FormFileForm)(request.POST, request.FILES, prefix=part)
    if act == "file" and not form.is_valid():
        return _page(request, found, {part: form}, status=422)
    try:
        _write(request, by, found, part, act, form)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    except Invalid as refusal:
        faults = [one.message for one in refusal.faults] or [refusal.message]
        return _page(request, found, {part: form}, refused=(_PARTS[part], faults), status=422)
    else:
        messages.success(request, _SAID[act].format(word=_PARTS[part]))
    return redirect(f"{reverse('console-item-design', args=[item_id])}#{part}")


def _write(request: HttpRequest, by: Actor, found: Item, part: str, act: str, form: FormFileForm) -> None:
    kept = drafted_design(found)
    both: dict[str, Mapping[str, Any] | None] = {"form": kept.form, "flow": kept.flow, part: None}
    if act == "make":
        both[part] = suggested_form(found) if part == "form" else suggested_flow(found).as_json()
    elif act == "file":
        read = design_from_file(part, form.content())
        both[part] = read.definition
        for fault in read.left_out:
            messages.warning(request, fault.message)
    revision = posted_number(request.POST.get("revision", ""), otherwise=-1)
    write_item_design(by=by, item=found, revision=revision, **both)


@require_GET
def export_form(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The form as a file that halls can bring in: of the draft, or with ``?version=`` of a version."""
    return _export(request, item_id, "form")


@require_GET
def export_flow(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The flow, as ``export_form`` does."""
    return _export(request, item_id, "flow")


def _export(request: HttpRequest, item_id: UUID, part: str) -> HttpResponse:
    by = actor_of_request(request, "catalogue.read")
    found = item_at_desk(by, item_id)
    if asked := request.GET.get("version", ""):
        shown = design_of_version(version_at_desk(by, _uuid(asked)).pk)
    else:
        require_over(by, "catalogue.write", found)
        shown = drafted_design(found)
    definition = shown.form if part == "form" else shown.flow
    if definition is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{found.basic_code}-{part}.json"'}
    text = json.dumps(definition, ensure_ascii=False, indent=2)
    return HttpResponse(text, content_type="application/json", headers=headers)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def design_context(design: SharedDesign) -> dict[str, Any]:
    """What the table of a form and a flow shows."""
    form, flow = design.read_form, design.read_flow
    return {
        "design": design,
        "outline": outline_of_design(form) if form else [],
        "steps": steps_of_design(flow, form) if flow else [],
    }


def _page(
    request: HttpRequest,
    found: Item,
    forms: Mapping[str, FormFileForm],
    *,
    refused: tuple[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = drafted_design(found)
    context = {
        "item": found,
        "revision": design_revision(found),
        "faults": design_faults(found, shown),
        "takes_designs": takes_designs(found),
        "refused": refused,
        "form_file": forms.get("form") or FormFileForm(prefix="form"),
        "flow_file": forms.get("flow") or FlowFileForm(prefix="flow"),
        **design_context(shown),
    }
    return render(request, "catalogue/item_design.html", context, status=status)
