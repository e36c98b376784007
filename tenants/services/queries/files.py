"""Blank forms and samples: citizens can open a file only while the page of an item that they see here names it."""

from uuid import UUID

from foundation.errors import NotFound
from province.catalogue.models import CatalogueFile
from province.catalogue.queries.made_forms import MadeForm, made_form
from province.catalogue.queries.materials import file_with_id, with_materials
from standards.items import ELEMENTS, effective
from standards.items.values import file_ids_in
from tenants.services.queries.choosing import Asked, guide_choice
from tenants.services.queries.shown import shown_guide


def file_on_guide(item_id: UUID, file_id: UUID) -> CatalogueFile:
    """The file. Raises NotFound where the guide shown here now does not name it, neither itself nor by a shared
    material."""
    version = shown_guide(item_id).version
    if str(file_id) not in set(file_ids_in(ELEMENTS, with_materials(version))):
        raise NotFound("没有这个文件。")
    return file_with_id(file_id)


def form_on_guide(item_id: UUID, key: str, kind: str, *, ending: str, place: str, asked: Asked) -> MadeForm:
    """A form that follows from the guide shown here now, of the hall's own materials too, as a file of this ending
    with the hall's name (``place``). ``asked``: what the reader has chosen there (names and values of the address).
    Raises NotFound, Unavailable."""
    shown = shown_guide(item_id)
    choice = guide_choice(effective(with_materials(shown.version), shown.hall_values), asked)
    values = choice.chosen.situated.values
    return made_form(shown.version, values, key=key, kind=kind, ending=ending, place=place)
