"""The hall guide being filled in, and what a new version of the item would change."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.forms import posted_number
from province.catalogue.forms import ItemForm
from province.catalogue.forms.saving import ShownAgain, save_form
from province.catalogue.models import ItemVersion
from province.catalogue.queries.differences import difference
from province.catalogue.states import HallGuideState
from tenants.services.layouts import at_items
from tenants.services.models import Adoption
from tenants.services.operations.hall_guides import save_hall_guide, submit_hall_guide
from tenants.services.queries.access import require_fills_in
from tenants.services.queries.desk import adoption_at_desk
from tenants.services.queries.hall_guides import version_to_fill
from tenants.services.queries.overviews import adoption_overview, coming_of
from tenants.shell.layouts.desk import desk_page
from tenants.shell.slots import Desk


@at_items
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, desk: Desk, adoption_id: UUID) -> HttpResponse:
    """Saves, or saves and submits; ``number``: for a newer version of the item. What somebody else has saved meanwhile
    is never written over unseen."""
    found = adoption_at_desk(adoption_id)
    require_fills_in(desk.by, desk.hall, found)
    if request.method == "GET" and found.guide_state == HallGuideState.SUBMITTED:
        messages.info(request, "正在审核，不能修改。如需修改，请先撤回送审。")
        return redirect("desk-item", adoption_id)
    asked = (request.POST if request.method == "POST" else request.GET).get("number", "")
    version = version_to_fill(found, posted_number(asked, otherwise=-1) if asked else None)
    if request.method == "GET":
        return _edit_page(request, desk, version, _form(found, version), ShownAgain(found, found.revision))
    form = _form(found, version, request)
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "adoption_id": adoption_id}
    submitted = save_form(
        form,
        found,
        request.POST,
        save=lambda read: save_hall_guide(**given, values=form.values(), revision=read, number=version.number),
        submit=lambda _: submit_hall_guide(**given),
    )
    if isinstance(submitted, ShownAgain):
        return _edit_page(request, desk, version, form, submitted)
    if submitted is None:
        gaps = len(form.findings.missing)
        against = len(form.contradictions)
        if against:
            messages.warning(request, f"已保存，有 {against} 处自相矛盾，改好后才能提交。")
        else:
            messages.success(request, f"已保存，还有 {gaps} 处要补充。" if gaps else "已保存，内容已齐，可以提交审核。")
    else:
        messages.success(request, f"第 {submitted.number} 份已提交，等待其他人审核。")
    return redirect("desk-item", adoption_id)


@at_items
@require_GET
def newer(request: HttpRequest, desk: Desk, adoption_id: UUID) -> HttpResponse:
    """Show what changes with the new version, from when, and what of the hall's guide does not go with it."""
    adoption = adoption_at_desk(adoption_id)
    overview = adoption_overview(desk, adoption)
    if overview.newer is None:
        messages.info(request, "本厅已接受最新一版，没有新版要处理。")
        return redirect("desk-item", adoption_id)
    context = {
        "place": "items",
        "adoption": adoption,
        "overview": overview,
        "newer": overview.newer,
        "coming": coming_of(overview, overview.newer),
    }
    return desk_page(request, desk, "services/desk/newer.html", context)


def _form(adoption: Adoption, version: ItemVersion, request: HttpRequest | None = None) -> ItemForm:
    return ItemForm(
        family=version.family,
        item_type=version.item_type,
        part="hall",
        values=version.values,
        hall_values=adoption.values,
        data=request.POST if request else None,
    )


def _edit_page(
    request: HttpRequest, desk: Desk, version: ItemVersion, form: ItemForm, shown: ShownAgain[Adoption]
) -> HttpResponse:
    context = {
        "place": "items",
        "adoption": shown.draft,
        "version": version,
        "form": form,
        "revision": shown.revision,
        "is_stale": shown.is_stale,
        "changes": difference(shown.draft.values, form.values()) if shown.is_stale else [],
    }
    return desk_page(request, desk, "services/desk/edit.html", context, status=shown.status)
