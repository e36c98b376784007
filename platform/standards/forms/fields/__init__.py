"""Every type of field: one class a type, which says everything about it. What stands here, a form may have."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from standards.forms.fields.attached import SignatureField
from standards.forms.fields.base import BaseField
from standards.forms.fields.choices import DeclarationField
from standards.forms.fields.groups import CELL_TYPES, AnyCell, GroupField
from standards.forms.fields.office import EarlierCaseField, EarlierFormField, OpinionField
from standards.forms.fields.places import MapPlaceField
from standards.forms.fields.shown import HeadingField, NoteField

AnyField = Annotated[
    AnyCell
    | GroupField
    | SignatureField
    | DeclarationField
    | EarlierCaseField
    | EarlierFormField
    | OpinionField
    | MapPlaceField
    | HeadingField
    | NoteField,
    Field(discriminator="type"),
]
_ALONE: Final = (
    *(GroupField, SignatureField, DeclarationField, EarlierCaseField, EarlierFormField, OpinionField),
    *(MapPlaceField, HeadingField, NoteField),
)


def _by_type(types: tuple[type[BaseField], ...]) -> dict[str, type[BaseField]]:
    return {one.model_fields["type"].annotation.__args__[0]: one for one in types}  # type: ignore[union-attr]


# by the word that stands in a definition, in the order of the palette
FIELD_TYPES: Final[Mapping[str, type[BaseField]]] = _by_type((*CELL_TYPES, *_ALONE))
CELL_TYPE_NAMES: Final = frozenset(_by_type(CELL_TYPES))
