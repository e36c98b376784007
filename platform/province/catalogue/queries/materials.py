from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, QuerySet, UUIDField

from foundation.design.inputs import FileLink
from foundation.errors import NotFound
from foundation.written import models_once
from province.catalogue.models import CatalogueFile, ItemVersion, Material
from province.catalogue.states import VersionState
from standards.items import ELEMENTS
from standards.items.values import file_ids_in


def materials(*, words: str = "") -> QuerySet[Material]:
    """All shared materials by their names."""
    rows = Material.objects.select_related("blank_form", "filled_sample").order_by("name")
    for word in words.split():
        rows = rows.filter(name__icontains=word)
    return rows


def material_with_id(material_id: UUID) -> Material:
    """The material. Raises NotFound."""
    found = materials().filter(pk=material_id).first()
    if found is None:
        raise NotFound("没有这份材料。")
    return found


def items_with(material: Material) -> QuerySet[ItemVersion]:
    """The published versions that ask for the material."""
    return (
        ItemVersion.objects.filter(material_ids__contains=[material.pk], state=VersionState.PUBLISHED, valid_to=None)
        .select_related("item", "department")
        .order_by("item__basic_code")
    )


def use_counts(material_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many published items ask for each of the materials: one query; those that none asks for are left out."""
    versions = ItemVersion.objects.filter(material_ids__overlap=list(material_ids), state=VersionState.PUBLISHED)
    each = Func(F("material_ids"), function="unnest", output_field=UUIDField())
    rows = versions.filter(valid_to=None).values(material=each).annotate(number=Count("pk"))
    return {row["material"]: row["number"] for row in rows}


def materials_of(version: ItemVersion) -> list[dict[str, Any]]:
    """The version's own rows; where one is silent, with what the shared material of that name brings along today."""
    found = models_once(Material, _named, version.material_ids) if version.material_ids else []
    known = {one.name: one for one in found}
    return [_together(known.get(row.get("name", "")), row) for row in version.values.get("materials", [])]


def _named(material_ids: Collection[UUID]) -> QuerySet[Material]:
    return Material.objects.filter(pk__in=material_ids)


def with_materials(version: ItemVersion) -> dict[str, Any]:
    """The version's values, its materials completed from the shared ones."""
    return {**version.values, "materials": materials_of(version)} if version.material_ids else dict(version.values)


def file_links(values: Mapping[str, Any], *, address: str) -> dict[str, FileLink]:
    """Links to the files that these values of an item name, by their ids. ``address``: that of the item's page, below
    which they lie."""
    files = files_with_ids(set(file_ids_in(ELEMENTS, values)))
    return {str(file.pk): FileLink(file.name, f"{address}files/{file.pk}/") for file in files}


def file_with_id(file_id: UUID) -> CatalogueFile:
    """The file. Raises NotFound."""
    found = CatalogueFile.objects.filter(pk=file_id).first()
    if found is None:
        raise NotFound("没有这个文件。")
    return found


def files_with_ids(ids: Collection[str]) -> QuerySet[CatalogueFile]:
    """The files of these ids that there are."""
    return CatalogueFile.objects.filter(pk__in=list(_uuids(ids)))


def _uuids(texts: Collection[str]) -> Iterator[UUID]:
    for text in texts:
        with suppress(ValueError):
            yield UUID(text)


def _together(material: Material | None, row: dict[str, Any]) -> dict[str, Any]:
    if material is None:
        return row
    files = {
        name: str(file_id)
        for name, file_id in (("blank_form", material.blank_form_id), ("filled_sample", material.filled_sample_id))
        if file_id
    }
    return {**material.values, **files} | {name: value for name, value in row.items() if value not in ("", None)}
