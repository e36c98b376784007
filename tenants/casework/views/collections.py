"""代收 at the desk: applications that are taken in here for halls above."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from foundation.exports import EXPORT_FORMATS, export_list
from foundation.masking import masked
from tenants.casework.forms.cases import CollectionForm
from tenants.casework.layouts import at_cases
from tenants.casework.models import Collection
from tenants.casework.operations.collecting import begin_collecting
from tenants.casework.queries.collections import (
    collection_here,
    collection_lines,
    collections_here,
    form_of_collection,
    offers_to_collect,
)
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "cases"}
_HEADINGS: Final = ("事项", "办件编号", "办理的服务厅", "情况", "对方期限", "代办人", "代收")


@at_cases
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = collections_here()
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        return export_list(kind, f"{desk.hall.short_name}代收", _HEADINGS, rows, _cells)
    page = rows_of_page(request, rows)
    context = {"page": page, "lines": collection_lines(list(page))}
    return desk_page(request, desk, "casework/desk/collections.html", _PLACE | context)


def _cells(collections: list[Collection]) -> Iterator[tuple[Any, ...]]:
    for line in collection_lines(collections):
        one, last = line.collection, line.last
        yield (
            *(one.item_name, last.receipt.case_number if last and last.receipt else ""),
            *(last.referral.to_hall.name if last else one.hall_name, last.progress_words if last else "没有送出"),
            *(last.due_words if last else "", masked(one.clerk_name), one.created_at),
        )


@at_cases
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """For which item, and how the person has agreed; then the form of the hall above."""
    offers = [(str(one.pk), f"{one.item_name}（{one.hall.name}）") for one in offers_to_collect(desk.hall)]
    form = CollectionForm(request.POST or None, offers=offers)
    begun = form.carry_out(lambda data: begin_collecting(by=desk.by, hall=desk.hall, **data))
    if begun:
        return redirect("desk-filling", begun.filled_id)
    status = 422 if form.errors else 200
    context = {"form": form, "has_offers": bool(offers)}
    return desk_page(request, desk, "casework/desk/collection_new.html", _PLACE | context, status=status)


@at_cases
@require_GET
def collection(request: HttpRequest, desk: Desk, collection_id: UUID) -> HttpResponse:
    """What was taken in, where it is, and what came of it."""
    found = collection_here(collection_id)
    (line,) = collection_lines([found])
    context = {"line": line, "collection": found, "shown": form_of_collection(desk, found)}
    return desk_page(request, desk, "casework/desk/collection.html", _PLACE | context)
