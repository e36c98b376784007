"""The hall's part being filled in, and what a new version of the item would change."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from province.catalogue.forms import ItemForm
from province.catalogue.models import ItemVersion
from province.catalogue.queries.differences import difference
from province.catalogue.states import PartState
from province.identity.queries.rights import require
from tenants.portal.frames.desk import desk_page
from tenants.portal.queries.access import Desk
from tenants.services.models import Adoption
from tenants.services.operations.parts import save_part, submit_part
from tenants.services.queries.desk import adoption_at_desk
from tenants.services.queries.parts import version_to_fill
from tenants.services.queries.standing import coming_of, standing_of
from tenants.services.views.frame import at_items, number_of


@at_items
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, desk: Desk, adoption_id: UUID) -> HttpResponse:
    """Saves, or saves and submits; ``number``: for a newer version of the item. What somebody else has saved meanwhile
    is never written over unseen."""
    require(desk.by, "services.adopt", hall_id=desk.hall.pk)
    found = adoption_at_desk(adoption_id)
    if request.method == "GET" and found.part_state == PartState.SUBMITTED:
        messages.info(request, "正在审核，不能修改。如需修改，请先撤回送审。")
        return redirect("desk-item", adoption_id)
    asked = (request.POST if request.method == "POST" else request.GET).get("number", "")
    version = version_to_fill(found, number_of(asked) if asked else None)
    if request.method == "GET":
        return _edit_page(request, desk, found, version, _form(found, version), revision=found.revision)
    form = _form(found, version, request)
    read = number_of(request.POST.get("over") or request.POST.get("revision", ""))
    if form.is_at_rows or not form.is_valid():
        status = 200 if form.is_at_rows else 422
        return _edit_page(request, desk, found, version, form, revision=read, status=status)
    # the page then says more of it than the refusal
    is_stale = read != found.revision
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "adoption_id": adoption_id}
    saved = found
    try:
        saved = save_part(**given, values=form.values(), revision=read, number=version.number)
        part = submit_part(**given) if request.POST.get("act") == "submit" else None
    except DomainError as refusal:
        if not is_stale:
            form.take_faults(refusal)
        # the draft may have been saved before the refusal
        shown = read if is_stale else saved.revision
        return _edit_page(request, desk, found, version, form, revision=shown, status=refusal.status, is_stale=is_stale)
    if part is None:
        gaps = len(form.findings.missing)
        messages.success(request, f"已保存，还有 {gaps} 处要补充。" if gaps else "已保存，内容已齐，可以提交审核。")
    else:
        messages.success(request, f"第 {part.number} 份已提交，等待其他人审核。")
    return redirect("desk-item", adoption_id)


@at_items
@require_GET
def newer(request: HttpRequest, desk: Desk, adoption_id: UUID) -> HttpResponse:
    """What changes with it, from when, and what of the hall's part does not go with it."""
    adoption = adoption_at_desk(adoption_id)
    standing = standing_of(desk, adoption)
    if standing.newer is None:
        messages.info(request, "本厅已接受最新一版，没有新版要处理。")
        return redirect("desk-item", adoption_id)
    context = {
        "place": "items",
        "adoption": adoption,
        "standing": standing,
        "newer": standing.newer,
        "coming": coming_of(standing, standing.newer),
    }
    return desk_page(request, desk, "services/desk/newer.html", context)


def _form(adoption: Adoption, version: ItemVersion, request: HttpRequest | None = None) -> ItemForm:
    return ItemForm(
        family=version.item.family,
        item_type=version.item.item_type,
        part="hall",
        values=version.values,
        hall_values=adoption.values,
        data=request.POST if request else None,
    )


def _edit_page(
    request: HttpRequest,
    desk: Desk,
    adoption: Adoption,
    version: ItemVersion,
    form: ItemForm,
    *,
    revision: int,
    status: int = 200,
    is_stale: bool = False,
) -> HttpResponse:
    """``is_stale``: somebody saved since; the revision stays what was read until the writer has seen the other's."""
    context = {
        "place": "items",
        "adoption": adoption,
        "version": version,
        "form": form,
        "revision": revision,
        "is_stale": is_stale,
        "changes": difference(adoption.values, form.values()) if is_stale else [],
    }
    return desk_page(request, desk, "services/desk/edit.html", context, status=status)
