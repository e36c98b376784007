"""A form while it is designed: what its designer's program begins with and is told, and its fields as a list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from foundation.errors import Fault
from standards.forms.definition import FormDefinition
from standards.forms.designing import is_editable, study_definition
from standards.forms.fields import FIELD_TYPES
from standards.forms.reading import read_definition

# how the draft is seen: what its page is asked for, and how wide it is
_PREVIEWS: Final = [
    {"name": "citizen", "label": "群众", "asked": {"as": "citizen"}},
    {"name": "staff", "label": "工作人员", "asked": {"as": "staff"}},
    {"name": "phone", "label": "手机", "asked": {"as": "citizen"}},
    {"name": "elder", "label": "长者模式", "asked": {"as": "citizen", "mode": "elder"}},
    {"name": "print", "label": "打印", "asked": {"as": "staff", "look": "print"}},
]


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A field; ``cells``: of the lines of a group."""

    label: str
    kind: str
    is_required: bool
    cells: "list[OutlineLine]"


@dataclass(frozen=True, slots=True)
class FormOutline:
    """A page of a form with its fields."""

    label: str
    fields: list[OutlineLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCanvas:
    """Where a form is designed. ``urls``: where the program asks and saves (save, study, expression, names,
    materials); ``preview_url``: of the frame; ``choices``: code and label of the ``roles``, ``forms`` and
    ``place_kinds`` that the form can name; ``goal``: what follows once nothing is wrong (发布); ``materials``: where
    materials are looked for, in words."""

    urls: Mapping[str, str]
    preview_url: str
    choices: Mapping[str, Sequence[tuple[str, str]]]
    goal: str
    materials: str

    def given(self, definition: Mapping[str, Any], revision: int) -> dict[str, Any]:
        """What the program begins with, as JSON."""
        return {
            "definition": definition,
            "revision": revision,
            "urls": self.urls,
            "choices": self.choices,
            "preview_url": self.preview_url,
            "previews": _PREVIEWS,
            "words": {"goal": self.goal, "materials": self.materials},
        }


def study_of(
    definition: Mapping[str, Any], faults_there: Callable[[FormDefinition], Iterable[Fault]]
) -> dict[str, Any]:
    """What a designer's program asks while a form grows; plain JSON. ``faults_there``: of a form that can be read, what
    it names and the place where it is designed does not allow."""
    study = study_definition(definition)
    faults = study.faults or tuple(faults_there(read_definition(definition)))
    return {**replace(study, faults=faults).as_json(), "is_editable": is_editable(definition)}


def outline_of(definition: Mapping[str, Any]) -> list[FormOutline]:
    """Pages with their fields, for people; a draft that cannot be read has none."""
    if not is_editable(definition):
        return []
    return [
        FormOutline(str(part.get("label", "")), [_line_of(field) for field in part["fields"]])
        for part in definition["parts"]
    ]


def _line_of(field: Mapping[str, Any]) -> OutlineLine:
    label, kind = str(field.get("label", "")), FIELD_TYPES[field["type"]].title
    return OutlineLine(label, kind, bool(field.get("required")), [_line_of(cell) for cell in field.get("cells") or ()])
