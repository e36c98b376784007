"""Single fields of a form, as they can be asked where the rest of the form is not known."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from foundation.errors import Invalid
from standards.forms.definition import FORMAT, FormDefinition
from standards.forms.fields.base import BaseField
from standards.forms.fields.office import EarlierCaseField, EarlierFormField
from standards.forms.fields.places import MapPlaceField
from standards.forms.reading import read_definition

# what stands in relation to the fields beside it
_BESIDE: Final = frozenset({"visible_when", "required_when", "together", "day_field"})


def excerpts_of(fields: Iterable[BaseField]) -> Iterator[dict[str, Any]]:
    """Each field as plain JSON, without what it says of the fields beside it. Those that need them, or rows that one
    hall alone has, are left out."""
    for field in fields:
        raw = _alone(field.model_dump(mode="json", exclude_unset=True))
        if not _is_of_one_hall(field) and _stands_alone(raw):
            yield raw


def form_of_excerpts(title: str, excerpts: Iterable[Mapping[str, Any]]) -> FormDefinition:
    """A form of these fields alone. Raises Invalid."""
    part = {"name": "excerpts", "label": title, "fields": [*excerpts]}
    return read_definition({"format": FORMAT, "title": title, "parts": [part]})


def _alone(raw: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in raw.items() if name not in _BESIDE}
    return kept | ({"cells": [_alone(one) for one in kept["cells"]]} if "cells" in kept else {})


def _stands_alone(raw: Mapping[str, Any]) -> bool:
    try:
        form_of_excerpts("一项", [raw])
    except Invalid:
        return False
    return True


def _is_of_one_hall(field: BaseField) -> bool:
    is_place = isinstance(field, MapPlaceField) and field.is_of_hall
    return is_place or isinstance(field, EarlierCaseField | EarlierFormField)
