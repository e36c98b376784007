"""An item being written: its beginning, and its form."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from foundation.errors import DomainError
from province.catalogue.forms import ItemForm
from province.catalogue.forms.console import NewItemForm, answers_posted, reasons_posted
from province.catalogue.forms.item_form import elements_of
from province.catalogue.forms.saving import ShownAgain, save_form
from province.catalogue.models import Item
from province.catalogue.operations import begin_item, save_draft, submit_version
from province.catalogue.queries.departments import department_named, departments
from province.catalogue.queries.desks import item_at_desk, require_over
from province.catalogue.queries.differences import difference
from province.catalogue.queries.reviews import reasons_for_draft
from province.catalogue.states import OPEN_REVIEWS
from province.catalogue.views.files import CatalogueFiles
from province.catalogue.views.parts import PARTS, part_asked, part_lines
from province.console.access import actor_of_request
from province.rights.actors import Actor
from province.rights.queries import may


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "catalogue.write")
    own = [one.name for one in departments() if may(by, "catalogue.write", unit_id=one.unit_id)]
    form = NewItemForm(request.POST or None, departments=own)
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            made = begin_item(
                by=by,
                family=form.family(),
                item_type=filled["item_type"],
                department=department_named(filled["department"]),
                values={"name": filled["name"], "basic_code": filled["basic_code"]},
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "草稿已建立。请逐项填写，可以随时保存，填完再报送。")
            return redirect("console-item-edit", item_id=made.pk)
    context = {"form": form, "has_departments": bool(own)}
    return render(request, "catalogue/item_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Saves, or saves and submits. What somebody else has saved meanwhile is never written over unseen."""
    by = actor_of_request(request, "catalogue.write")
    found = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", found)
    part = part_asked(request.GET.get("part", ""))
    if request.method == "GET":
        return _edit_page(request, _form(by, found, part), ShownAgain(found, found.revision))
    form = _form(by, found, part, request)
    version = save_form(
        form,
        found,
        request.POST,
        save=lambda read: _save(by, found, form, read),
        submit=lambda saved: submit_version(by=by, item=saved, answers=answers_posted(request.POST)),
    )
    if isinstance(version, ShownAgain):
        return _edit_page(request, form, version)
    if version is None:
        if form.contradictions:
            messages.warning(request, f"已保存，有 {len(form.contradictions)} 处自相矛盾，改好后才能报送。")
        else:
            messages.success(request, "已保存。")
        return redirect(f"{reverse('console-item-edit', args=[item_id])}{f'?part={part}' if part else ''}")
    messages.success(request, f"{version.called}已完成，等待各部门审核。")
    return redirect("console-item", item_id=item_id)


def _form(by: Actor, item: Item, part: str, request: HttpRequest | None = None) -> ItemForm:
    return ItemForm(
        asks=PARTS[part].elements if part else (),
        family=item.drafted_family,
        item_type=item.drafted_type,
        part="province",
        values=item.values,
        data=request.POST if request else None,
        files=request.FILES if request else None,
        store=CatalogueFiles(by),
    )


def _save(by: Actor, item: Item, form: ItemForm, revision: int) -> Item:
    blank: dict[str, Any] = dict.fromkeys(element.name for element in elements_of("province", item.drafted_type))
    return save_draft(by=by, item=item, revision=revision, values=blank | form.values())


def _edit_page(request: HttpRequest, form: ItemForm, shown: ShownAgain[Item]) -> HttpResponse:
    item = shown.draft
    latest = item.versions.order_by("-number").first()
    context = {
        "item": item,
        "form": form,
        "revision": shown.revision,
        "is_stale": shown.is_stale,
        "changes": difference(item.values, form.values()) if shown.is_stale else [],
        "reasons": reasons_posted(reasons_for_draft(item), request.POST),
        "parts": part_lines(item, request.GET.get("part", "")),
        "is_under_review": latest is not None and latest.state in OPEN_REVIEWS,
        "may_submit": may(actor_of_request(request), "catalogue.submit", unit_id=item.department.unit_id),
    }
    return render(request, "catalogue/item_edit.html", context, status=shown.status)
