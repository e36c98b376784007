"""What a page shows of a form: its parts, their fields, what can be chosen, and what is wrong."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from province.designers.queries.place_maps import PlaceMap
from standards.forms.definition import DefinitionPart, FormDefinition
from standards.forms.fields.base import BaseField, Value
from standards.forms.rights import FieldRight

# a control that is more than one box, and so stands in a fieldset
_GROUPED: Final = frozenset(
    {"choices", "yes_no", "period", "division", "address", "material", "picture", "licence", "opinion"}
    | {"map_place", "group", "declaration", "choice"}
)
# as radio buttons; more stand in a list that opens
_MOST_RADIOS: Final = 8


@dataclass(frozen=True, slots=True)
class OfferedOption:
    """One that can be chosen. ``value``: what is posted."""

    value: str
    label: str
    hint: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """The divisions of one level, from which one is chosen; ``name``: of the level."""

    name: str
    label: str
    options: tuple[OfferedOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field as one person sees it. ``name``: as it is posted (``lines.0.amount``); ``typed``: what stands in its
    boxes; ``text``: as people read it; ``origin``: where its value came from; ``told``: what follows from it;
    ``advice``: what may stand here now; ``remark``: what has to be known of a value that may not stay right."""

    field: BaseField
    name: str
    right: FieldRight
    is_needed: bool = False
    typed: Any = ""
    value: Value = None
    text: str = ""
    errors: tuple[str, ...] = ()
    origin: str = ""
    told: str = ""
    advice: str = ""
    remark: str = ""
    options: tuple[OfferedOption, ...] = ()
    levels: tuple[LevelChoice, ...] = ()
    lines: tuple[tuple["ShownField", ...], ...] = ()
    sums: tuple[tuple[str, str], ...] = ()
    # on which an option can be picked, too
    place_map: PlaceMap | None = None

    @property
    def id(self) -> str:
        """Of its first box, to which the summary of faults leads."""
        return f"f-{self.name.replace('.', '-')}"

    @property
    def template(self) -> str:
        return f"designers/fields.html#{self.field.type}"

    @property
    def is_writable(self) -> bool:
        return self.right.is_writable and self.field.is_filled

    @property
    def is_group(self) -> bool:
        return self.field.type in _GROUPED

    @property
    def is_plain(self) -> bool:
        """A heading or a note: nothing is asked."""
        return self.field.type in {"heading", "note"}

    @property
    def is_list(self) -> bool:
        return len(self.options) > _MOST_RADIOS

    @property
    def described_by(self) -> str:
        """Ids of what is said of it besides its label."""
        parts = (("hint", self.field.hint), ("advice", self.advice), ("error", self.errors), ("origin", self.origin))
        return " ".join(f"{self.id}-{name}" for name, said in parts if said)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the form; without a field that this person sees, it is not there."""

    part: DefinitionPart
    fields: tuple[ShownField, ...]

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def has_faults(self) -> bool:
        return any(_has_errors(one) for one in self.fields)

    @property
    def title_field(self) -> str:
        """The name of the one field that is asked, whose label is the title of its page; "" where there are several."""
        asked = [one.name for one in self.fields if one.is_writable]
        return asked[0] if len(asked) == 1 else ""

    @property
    def title(self) -> str:
        """Of a page: its one field, else the heading that stands above all, else its part."""
        words = takewhile(lambda one: one.is_plain, self.fields)
        titles = [one for one in self.fields if one.name == self.title_field] or words
        return next((one.field.label for one in titles if one.field.type != "note"), self.part.label)


@dataclass(frozen=True, slots=True)
class ShownForm:
    """``faults``: (id of the box, what is wrong), in the order of the page; ``seen``: changes with what is shown, so
    that a page which asks again learns whether it has to be drawn anew."""

    definition: FormDefinition
    parts: tuple[ShownPart, ...]
    faults: tuple[tuple[str, str], ...]
    seen: str

    def part(self, name: str) -> ShownPart | None:
        return next((one for one in self.parts if one.name == name), None)


def _has_errors(one: ShownField) -> bool:
    return bool(one.errors) or any(_has_errors(cell) for line in one.lines for cell in line)


def placed_faults(one: ShownField) -> Iterator[tuple[str, str]]:
    """What is wrong with a field and the cells of its lines, each with the id of its box."""
    for message in one.errors:
        yield one.id, message
    for line in one.lines:
        for cell in line:
            yield from placed_faults(cell)


def digest(parts: Iterable[ShownPart]) -> str:
    """Of what a page shows besides what is typed into it."""
    found: list[str] = []
    for part in parts:
        for one in part.fields:
            found += [one.name, one.right, str(one.is_needed), str(len(one.lines)), one.told]
            found += [one.advice, one.remark]
            if not one.is_writable:
                found.append(one.text)
            for level in one.levels:
                found += [level.name, level.options[0].value]
            for cell in (cell for line in one.lines for cell in line):
                found.append(f"{cell.name} {cell.is_needed}" if cell.is_writable else f"{cell.name} {cell.text}")
                found.append(f"{cell.advice} {cell.remark}")
            found += [f"{label} {text}" for label, text in one.sums]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()[:24]
