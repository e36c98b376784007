"""Shared materials and the files of the catalogue."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from ninja import File, Router, Status, UploadedFile

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.files.store import link_to
from province.catalogue.models import CatalogueFile, Material
from province.catalogue.operations.materials import add_file, change_material
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.materials import file_with_id, items_with, material_with_id, materials
from province.catalogue.schemas.items import ItemVersionLineOut
from province.catalogue.schemas.materials import CatalogueFileOut, MaterialIn, MaterialOut
from province.rights.actors import Actor

router = Router(tags=["catalogue"])


def _actor(request: HttpRequest) -> Actor:
    """The actor who asks, if the catalogue is open to them."""
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(actor)
    return actor


@router.get("/materials", response=Page[MaterialOut])
def list_materials(request: HttpRequest, page: PageParameters, words: str = "") -> dict[str, Any]:
    _actor(request)
    return page_of(materials(words=words), page)


@router.get("/materials/{uuid:material_id}", response=MaterialOut)
def show_material(request: HttpRequest, material_id: UUID) -> Material:
    _actor(request)
    return material_with_id(material_id)


@router.get("/materials/{uuid:material_id}/items", response=Page[ItemVersionLineOut])
def list_items_with(request: HttpRequest, material_id: UUID, page: PageParameters) -> dict[str, Any]:
    """List the items that ask for the material."""
    _actor(request)
    return page_of(items_with(material_with_id(material_id)), page)


@router.put("/materials/{uuid:material_id}", response=MaterialOut)
@idempotent
def put_material(request: HttpRequest, material_id: UUID, data: MaterialIn) -> tuple[int, MaterialOut]:
    """Write what the material brings along, for all items that ask for it."""
    by = _actor(request)
    changed = change_material(
        by=by,
        material=material_with_id(material_id),
        values=data.values,
        blank_form=file_with_id(data.blank_form_id) if data.blank_form_id else None,
        filled_sample=file_with_id(data.filled_sample_id) if data.filled_sample_id else None,
    )
    return 200, MaterialOut.from_orm(changed)


@router.post("/files", response={201: CatalogueFileOut})
def upload_file(request: HttpRequest, file: File[UploadedFile]) -> Status[CatalogueFile]:
    """Upload a blank form or a sample. A file that is there already is not stored twice."""
    return Status(201, add_file(by=_actor(request), name=file.name or "", content=file))


@router.get("/files/{uuid:file_id}", response={302: None})
def open_file(request: HttpRequest, file_id: UUID) -> HttpResponseRedirect:
    """Redirect to a link that opens the file for five minutes."""
    _actor(request)
    file = file_with_id(file_id)
    return HttpResponseRedirect(link_to(file.key, download_as=file.name))
