"""Files of items in, and the base list, over HTTP."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import ItemImport
from province.catalogue.operations import import_items, upload_items
from province.catalogue.operations.base_list import start_base_list
from province.catalogue.queries.imports import import_figures, import_lines, import_of
from province.catalogue.schemas.imports import BaseListIn, BaseListLoadOut, ItemImportLineOut, ItemImportOut
from province.rights.actors import Actor

router = Router(tags=["catalogue"])


@router.post("/imports", response={201: ItemImportOut})
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[ItemImportOut]:
    """Upload a workbook or a JSON file of items, to be read in the background. Nothing is changed until it is
    confirmed, so that a second upload does no harm."""
    return Status(201, _answer(upload_items(by=_actor(request), name=file.name or "", file=file)))


@router.get("/imports/{uuid:import_id}", response=ItemImportOut)
def show_import(request: HttpRequest, import_id: UUID) -> ItemImportOut:
    """Show how far it is. 404 for somebody else's."""
    return _answer(import_of(_actor(request), import_id))


@router.get("/imports/{uuid:import_id}/lines", response=Page[ItemImportLineOut])
def list_lines(request: HttpRequest, import_id: UUID, page: PageParameters, show: str = "") -> dict[str, Any]:
    """List what it would do, or did, with each item. ``show``: new, changed, unchanged, faulty, removals, written,
    same or refused."""
    return page_of(import_lines(import_of(_actor(request), import_id), show), page)


@router.post("/imports/{uuid:import_id}/confirm", response=ItemImportOut)
@idempotent
def confirm(request: HttpRequest, import_id: UUID) -> tuple[int, ItemImportOut]:
    """Have the drafts written in the background. 409 where it is not yet read, or there is nothing to write."""
    by = _actor(request)
    return 200, _answer(import_items(by=by, upload=import_of(by, import_id)))


@router.post("/base-list", response={202: BaseListLoadOut})
@idempotent
def load_base_list(request: HttpRequest, body: BaseListIn | None = None) -> tuple[int, BaseListLoadOut]:
    """Have the base list loaded in the background, as drafts. While one load is under way no second one begins."""
    publishes = body is not None and body.publishes
    return 202, BaseListLoadOut(id=start_base_list(by=_actor(request), publishes=publishes))


def _answer(found: ItemImport) -> ItemImportOut:
    figures = import_figures(found)
    same = ("id", "file_name", "state", "refusal", "created_at", "confirmed_at", "finished_at", "faults", "notices")
    return ItemImportOut(
        **{name: getattr(found, name) for name in same},
        kinds=dict(figures.kinds),
        total=figures.total,
        settled=figures.settled,
    )


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]
