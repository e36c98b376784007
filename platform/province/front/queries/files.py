"""Forms and samples: everybody can have a file only while the page of an item that is in force names it."""

from typing import Any
from uuid import UUID

from foundation.design.inputs import FileLink
from foundation.errors import NotFound
from province.catalogue.models import CatalogueFile, ItemVersion
from province.catalogue.queries.made_forms import MadeForm, made_form, with_made_forms
from province.catalogue.queries.materials import file_links, file_with_id, with_materials
from province.front.queries.items import service_now
from standards.items import ELEMENTS
from standards.items.values import file_ids_in


def values_with_files(version: ItemVersion, *, address: str) -> tuple[dict[str, Any], dict[str, FileLink]]:
    """The version's values, its materials completed from the shared ones and with the forms that are made; and links to
    all files in them. ``address``: that of the item's page."""
    values = with_materials(version)
    together, made = with_made_forms(values, address=address)
    return together, file_links(values, address=address) | made


def file_of_service(item_id: UUID, file_id: UUID) -> CatalogueFile:
    """The file. Raises NotFound where the item in force does not name it."""
    if str(file_id) not in set(file_ids_in(ELEMENTS, with_materials(service_now(item_id)))):
        raise NotFound("没有这个文件。")
    return file_with_id(file_id)


def form_of_service(item_id: UUID, key: str, kind: str, *, ending: str) -> MadeForm:
    """The form as a file of this ending. Raises NotFound, Unavailable."""
    version = service_now(item_id)
    return made_form(version, with_materials(version), key=key, kind=kind, ending=ending)
