"""The form of a 一件事 package: its name, and what ``standards.items.packages`` says that it is."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.datastructures import MultiValueDict

from foundation.design.inputs import Input, Rows, places_of
from foundation.errors import Fault
from province.catalogue.forms.item_form import FormProblem, problems_at
from province.catalogue.forms.layout import FormDrawing
from province.catalogue.forms.posted import Posted, PostedForm, read_posted
from province.catalogue.operations.packages import LONGEST_PACKAGE
from standards.items import Element
from standards.items.codelists import DONE, ItemType
from standards.items.packages import PACKAGE_ELEMENTS

_NAME: Final = Element(name="name", label="名称", needed=DONE, most=LONGEST_PACKAGE, help="例如“新生儿出生一件事”。")
_ELEMENTS: Final = {one.name: one for one in (_NAME, *PACKAGE_ELEMENTS)}


class PackageForm(PostedForm):
    """``name`` and ``values``: as they are now; ``gaps``: what stands against publishing them."""

    def __init__(
        self,
        *,
        name: str = "",
        values: Mapping[str, Any] | None = None,
        gaps: tuple[Fault, ...] = (),
        data: MultiValueDict[str, str] | None = None,
    ) -> None:
        self.is_bound = data is not None
        self._posted = Posted({"name": name, **(values or {})})
        if data is not None:
            self._posted = read_posted(_ELEMENTS, data, MultiValueDict(), None)
        self._faults = [*self._posted.faults, *gaps]

    @property
    def name(self) -> str:
        return str(self._posted.values.get("name") or "")

    def values(self) -> dict[str, Any]:
        """Without the name."""
        return {name: value for name, value in super().values().items() if name != _NAME.name}

    def drawn(self) -> tuple[list[Input | Rows], list[FormProblem]]:
        """The inputs with what is wrong at its place, and the same as a list."""
        values = self._posted.values
        drawing = FormDrawing(ItemType.LICENCE, {})
        parts = [drawing.part_of(element, values, values) for element in _ELEMENTS.values()]
        places = {place.name: place for place in places_of(parts)}
        return parts, problems_at(places, self._faults)
