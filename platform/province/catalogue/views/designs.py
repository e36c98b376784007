"""统一表单和流程 of an item: its draft, brought in from a file or made of the item, and out as files."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.forms import posted_number
from foundation.errors import Conflict, Fault, Invalid
from province.catalogue.forms.console import FlowFileForm, FormFileForm
from province.catalogue.models import Item
from province.catalogue.operations.designs import write_item_design
from province.catalogue.queries.designing import blank_flow, blank_form, standing_of_design
from province.catalogue.queries.designs import (
    SharedDesign,
    design_faults,
    design_from_file,
    design_of_version,
    drafted_design,
    steps_of_design,
    suggested_flow,
    suggested_form,
    takes_designs,
)
from province.catalogue.queries.desks import item_at_desk, require_over, version_at_desk
from province.console.access import actor_of_request
from province.designers.queries.flow_tables import placed_faults
from province.designers.queries.form_designs import outline_of
from province.rights.actors import Actor

_MOST_SHOWN: Final = 20
_PARTS: Final[Mapping[str, str]] = {"form": "表单", "flow": "流程"}
_DESIGNERS: Final[Mapping[str, str]] = {"form": "console-item-form", "flow": "console-item-flow"}
_SAID: Final[Mapping[str, str]] = {
    "file": "已换成文件里的{word}。",
    "make": "已按事项生成{word}的第一稿。",
    "blank": "已开始{word}，可以设计了。",
    "remove": "已移除{word}。",
}


@require_http_methods(["GET", "POST"])
def design(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The draft. POST brings in a file (``act`` file), makes a first one of the item (make) or of next to nothing
    (blank), or takes it out (remove); ``part``: form or flow."""
    by = actor_of_request(request, "catalogue.write")
    found = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", found)
    if request.method == "GET":
        return _page(request, by, found, {})
    part, act = request.POST.get("part", ""), request.POST.get("act", "")
    if part not in _PARTS or act not in _SAID:
        raise Http404
    form = (FlowFileForm if part == "flow" else FormFileForm)(request.POST, request.FILES, prefix=part)
    if act == "file" and not form.is_valid():
        return _page(request, by, found, {part: form}, status=422)
    try:
        _write(request, by, found, part, act, form)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    except Invalid as refusal:
        faults = [one.message for one in refusal.faults] or [refusal.message]
        return _page(request, by, found, {part: form}, refused=(_PARTS[part], faults), status=422)
    else:
        messages.success(request, _SAID[act].format(word=_PARTS[part]))
        if act == "blank":
            return redirect(_DESIGNERS[part], item_id)
    return redirect(f"{reverse('console-item-design', args=[item_id])}#{part}")


def _write(request: HttpRequest, by: Actor, found: Item, part: str, act: str, form: FormFileForm) -> None:
    kept = drafted_design(found)
    both: dict[str, Mapping[str, Any] | None] = {"form": kept.form, "flow": kept.flow, part: None}
    if act == "make":
        both[part] = suggested_form(found) if part == "form" else suggested_flow(found).as_json()
    elif act == "blank":
        both[part] = blank_form(found) if part == "form" else blank_flow(found)
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
        "outline": outline_of(design.form) if design.form else [],
        "steps": steps_of_design(flow, form) if flow else [],
    }


def _placed(item_id: UUID, shown: SharedDesign, faults: Iterable[Fault]) -> Iterator[tuple[str, str]]:
    """Each fault in words, with the address of the page where it can be mended."""
    form_at, flow_at = (reverse(_DESIGNERS[part], args=[item_id]) for part in ("form", "flow"))
    whole = reverse("console-item-flow-whole", args=[item_id])
    for fault in faults:
        part, _, where = fault.where.partition(".")
        if part == "flow":
            in_flow = [replace(fault, where=where)]
            named = placed_faults(
                shown.read_flow, in_flow, lambda name: reverse("console-item-flow-node", args=[item_id, name]), whole
            )
            yield from ((said, address or flow_at) for said, address in named)
        else:
            yield fault.message, f"{form_at}#{where}" if shown.form is not None else ""


def _page(
    request: HttpRequest,
    by: Actor,
    found: Item,
    forms: Mapping[str, FormFileForm],
    *,
    refused: tuple[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = drafted_design(found)
    standing = standing_of_design(by, found)
    context = {
        "item": found,
        "revision": standing.design.revision,
        "lock_owner": standing.holder,
        "faults": list(_placed(found.pk, shown, design_faults(found, shown)))[:_MOST_SHOWN],
        "takes_designs": takes_designs(found),
        "refused": refused,
        "form_file": forms.get("form") or FormFileForm(prefix="form"),
        "flow_file": forms.get("flow") or FlowFileForm(prefix="flow"),
        "locked": standing.design,
        **design_context(shown),
    }
    return render(request, "catalogue/item_design.html", context, status=status)
