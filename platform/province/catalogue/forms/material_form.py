"""A shared material's form: the cells that it brings along for all items, and its two files."""

from collections.abc import Mapping
from typing import Any, Final, override

from django.utils.datastructures import MultiValueDict

from foundation.design.inputs import Input, Rows, places_of
from province.catalogue.forms.item_form import FileStore, FormProblem, in_order, problems_at
from province.catalogue.forms.layout import FormDrawing
from province.catalogue.forms.posted import Posted, PostedForm, read_posted
from province.catalogue.models import Material
from province.catalogue.operations.materials import ITEMS_OWN
from standards.items import BY_NAME
from standards.items.codelists import ItemType
from standards.items.values import file_ids_in

_FILES: Final = ("blank_form", "filled_sample")
_CELLS: Final = {cell.name: cell for cell in BY_NAME["materials"].cells if cell.name not in ITEMS_OWN}


class MaterialForm(PostedForm):
    """A shared material: its cells and its files."""

    def __init__(
        self,
        *,
        material: Material,
        store: FileStore,
        data: MultiValueDict[str, str] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        self._store = store
        given = {**material.values, **{name: str(getattr(material, f"{name}_id") or "") for name in _FILES}}
        self.is_bound = data is not None
        self._posted = Posted(given)
        if data is not None:
            self._posted = read_posted(_CELLS, data, files or MultiValueDict(), store.keep)
            values = self._posted.values
            for name in values.keys() & given.keys():
                values[name] = in_order(_CELLS[name], values[name], [given[name]])
        self._faults = list(self._posted.faults)

    @override
    def values(self) -> dict[str, Any]:
        """The cells as plain data, without the files."""
        return {name: value for name, value in super().values().items() if name not in _FILES}

    def file_ids(self) -> Mapping[str, str]:
        """By cell, those that are kept or new."""
        return {name: self._posted.values[name] for name in _FILES if self._posted.values.get(name)}

    def drawn(self) -> tuple[list[Input | Rows], list[FormProblem]]:
        """The inputs with what is wrong at its place, and the same as a list."""
        values = self._posted.values
        links = self._store.links(set(file_ids_in(_CELLS.values(), values)))
        drawing = FormDrawing(ItemType.LICENCE, links)
        parts = [drawing.part_of(cell, values, values) for cell in _CELLS.values()]
        for part in parts:
            # an item's own row says what is missing here
            part.is_needed, part.optional_words = False, "选填"
        places = {place.name: place for place in places_of(parts)}
        return parts, problems_at(places, self._faults)
