"""Blank forms and samples: citizens have a file only while an item that they see here names it."""

from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from foundation.errors import NotFound
from province.catalogue.definition import ELEMENTS
from province.catalogue.definition.values import file_ids_in
from province.catalogue.models import CatalogueFile, ItemVersion, Material
from province.catalogue.queries.materials import file_with_id, materials_of
from tenants.services.queries.shown import shown_versions


def file_on_guides(file_id: UUID) -> CatalogueFile:
    """Raises NotFound for one that no version shown here now names, be it by a shared material."""
    if not any(str(file_id) in file_ids_of(version) for version in _naming(file_id)):
        raise NotFound("没有这个文件。")
    return file_with_id(file_id)


def file_ids_of(version: ItemVersion) -> set[str]:
    """Of all files that citizens are handed on the item's page."""
    return set(file_ids_in(ELEMENTS, guide_values(version)))


def guide_values(version: ItemVersion) -> dict[str, object]:
    """The version's own part, its materials with what the shared ones bring along."""
    return {**version.values, "materials": materials_of(version)} if version.material_ids else dict(version.values)


def _naming(file_id: UUID) -> list[ItemVersion]:
    """Those that have the id anywhere in their values, or a material with that file: each is looked at afterwards."""
    shared = Material.objects.filter(Q(blank_form=file_id) | Q(filled_sample=file_id)).values_list("pk", flat=True)
    versions = shown_versions().annotate(text=Cast("values", TextField()))
    return list(versions.filter(Q(text__contains=str(file_id)) | Q(material_ids__overlap=list(shared))))
