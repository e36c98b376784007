"""An item's form: sections of inputs over the definition, with what is wrong and what is missing at its place."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, Final, Literal, Protocol, override

from django.utils.datastructures import MultiValueDict

from foundation.design.inputs import FileLink, Input, InputRow, Rows, places_of
from foundation.errors import DomainError, Fault
from province.catalogue.forms.layout import FormDrawing
from province.catalogue.forms.posted import Posted, PostedForm, Upload, read_posted
from province.catalogue.queries.checks import check_item
from standards.items import (
    BY_NAME,
    ELEMENTS,
    HALL_DEFAULTS,
    Element,
    Filler,
    Kind,
    PartFindings,
    Section,
    check_hall_defaults,
)
from standards.items.binding import settled_values, settled_words
from standards.items.contradictions import Contradiction
from standards.items.elements.handling import LAYERS
from standards.items.handling import rows_of
from standards.items.live import additions
from standards.items.values import file_ids_in

type FormPart = Literal["province", "hall", "hall_defaults"]

_FILLERS: Final[Mapping[str, frozenset[Filler]]] = {
    "province": frozenset({Filler.PROVINCE, Filler.BOTH}),
    "hall": frozenset({Filler.HALL, Filler.BOTH}),
}
# said by the form itself
_TYPE: Final = "item_type"


class FileStore(Protocol):
    """Where the form leaves uploaded files, and how it names those that are there."""

    def keep(self, upload: Upload) -> str:
        """Its id; raises a domain error where the file is not taken."""

    def links(self, ids: Collection[str]) -> Mapping[str, FileLink]: ...


# fields of one posted form; short of what the program takes at all (DATA_UPLOAD_MAX_NUMBER_FIELDS), so that there is
# room for a row that is added
MOST_FIELDS: Final = 4_500


@dataclass(frozen=True, slots=True)
class FormProblem:
    message: str
    href: str


@dataclass(slots=True)
class FormSection:
    anchor: str
    label: str
    parts: list[Input | Rows]
    problems: list[FormProblem] = field(default_factory=list)
    lacking: list[FormProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contents:
    score: int
    parts: list[FormSection]


class ItemForm(PostedForm):
    """``values`` are the province's, ``hall_values`` a hall's own; ``part`` says which of the two the form is about.
    ``only``: the one element that it asks for. ``asks``: the elements that it asks for, where it leaves the others as
    they are; else it asks for all but those that are written on pages of their own (``LAYERS``).

    The part "hall_defaults" (常用信息) is what a hall says once: ``hall_values`` are its answers for a department,
    ``values`` those that count for all. They are of no item, so that family and type are empty.

    Gaps (``findings.missing``) are no faults; what the platform says of the item stays as it was.
    """

    def __init__(  # noqa: PLR0913 - a view gives it all of them
        self,
        *,
        family: str,
        item_type: str,
        part: FormPart,
        values: Mapping[str, Any],
        hall_values: Mapping[str, Any] | None = None,
        data: MultiValueDict[str, str] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        store: FileStore | None = None,
        only: str = "",
        asks: Collection[str] = (),
    ) -> None:
        self.part = part
        self.item_type = item_type
        self.is_bound = data is not None
        self._store = store
        self._province = values
        is_hall = part == "hall"
        settled = settled_values(values) if is_hall else {}
        self.settled = settled_words(values) if is_hall else []
        self._elements = {
            one.name: one
            for one in elements_of(part, item_type)
            if one.name not in settled and (not only or one.name == only)
        }
        if is_hall and not rows_of(values, "handling_items"):
            self._elements.pop("hall_handling", None)
            if steps := self._elements.get("hall_steps"):
                cells = tuple(cell for cell in steps.cells if cell.name != "code")
                self._elements["hall_steps"] = replace(steps, cells=cells)
        wanted = set(asks) or self._elements.keys() - set(LAYERS)
        # said on other pages of the same draft
        self._elsewhere = frozenset() if only else frozenset(self._elements) - wanted
        self._elements = {name: one for name, one in self._elements.items() if name not in self._elsewhere}
        given = values if part == "province" else {k: v for k, v in (hall_values or {}).items() if k not in settled}
        if data is None:
            self._posted = Posted(dict(given))
        else:
            self._posted = read_posted(self._elements, data, files or MultiValueDict(), store.keep if store else None)
            self._keep(given)
        # what is said against itself is no fault: it may be saved, and not submitted
        self.contradictions: tuple[Contradiction, ...] = ()
        self.findings = self._found(family)
        self._faults = [*self._posted.faults, *_size_faults(data), *self.findings.faults]

    def _found(self, family: str) -> PartFindings:
        own = self._posted.values
        if self.part == "hall_defaults":
            return check_hall_defaults({**self._province, **own})
        findings = check_item(
            family=family,
            item_type=self.item_type,
            values=own if self.part == "province" else self._province,
            hall_values=own if self.part == "hall" else None,
        )
        self.contradictions = findings.contradictions
        return findings.province if self.part == "province" else findings.hall

    def _keep(self, given: Mapping[str, Any]) -> None:
        """What no form asks for, and the order of choices: the first of an item's themes is its main one."""
        values = self._posted.values
        values |= {name: value for name, value in given.items() if is_kept(name) or name in self._elsewhere}
        for name in values.keys() & given.keys() & self._elements.keys():
            values[name] = in_order(self._elements[name], values[name], [given[name]])

    @override
    def take_faults(self, refusal: DomainError) -> None:
        super().take_faults(refusal)
        self.__dict__.pop("_drawn", None)

    @property
    def sections(self) -> list[FormSection]:
        return self._drawn[0]

    @property
    def problems(self) -> list[FormProblem]:
        return self._drawn[1]

    @property
    def contents(self) -> Contents:
        return Contents(self.findings.score, self.sections)

    @cached_property
    def _drawn(self) -> tuple[list[FormSection], list[FormProblem]]:
        values = self._posted.values
        around = {**self._province, **values, _TYPE: self.item_type}
        drawing = FormDrawing(self.item_type, self._files(), self._province if self.part == "hall" else None)
        sections: dict[Section, FormSection] = {}
        section = Section.BASICS
        for element in ELEMENTS:
            # what citizens do not see stands with what is before it
            section = element.section or section
            if asked := self._elements.get(element.name):
                one = sections.setdefault(section, FormSection(f"part-{section}", str(section.label), []))
                one.parts.append(drawing.part_of(asked, values, around))
        drawn = [sections[section] for section in Section if section in sections]
        return drawn, self._mark(drawn)

    def _files(self) -> Mapping[str, FileLink]:
        ids = set(file_ids_in(self._elements.values(), self._posted.values)) if self._store else set()
        return self._store.links(ids) if self._store and ids else {}

    def _mark(self, sections: list[FormSection]) -> list[FormProblem]:
        """Faults, gaps and the focus at their places; the problems in the order of the form."""
        homes = {part.name: section for section in sections for part in section.parts}
        places = {place.name: place for place in chain.from_iterable(places_of(one.parts) for one in sections)}
        problems: list[tuple[int, FormProblem]] = []
        order = {name: number for number, name in enumerate(places)}
        for fault in dict.fromkeys(self._faults):
            name = nearest_place(fault.where, places)
            problem = FormProblem(fault.message, f"#id_{name}" if name else "")
            problems.append((order.get(name, -1), problem))
            if name:
                places[name].errors.append(fault.message)
                homes[name.split(".")[0]].problems.append(problem)
        for fault in self.findings.missing:
            if name := nearest_place(fault.where, places):
                place = places[name]
                if not isinstance(place, InputRow):
                    place.is_missing = True
                if "." in name:
                    _row_of(name, places).lacking += 1
                homes[name.split(".")[0]].lacking.append(FormProblem(fault.message, f"#id_{name}"))
        self._open(places)
        return [problem for _, problem in sorted(problems, key=lambda one: one[0])]

    def _open(self, places: Mapping[str, Input | Rows | InputRow]) -> None:
        """Rows that somebody has to look at are not folded."""
        act, at = self._posted.focus
        for name, place in places.items():
            if place.errors or name == at:
                while name := name.rpartition(".")[0]:
                    if isinstance(around := places.get(name), InputRow):
                        around.is_open = True
            if isinstance(place, Rows) and len(place.rows) == 1:
                place.rows[0].is_open = True
            if isinstance(place, InputRow) and (place.errors or place.name == at):
                place.is_open = True
        focused = places.get(at)
        if isinstance(focused, Rows):
            focused.has_focus = True
        elif isinstance(focused, InputRow) and act == "add" and isinstance(focused.cells[0], Input):
            focused.cells[0].has_focus = True
        elif isinstance(focused, InputRow):
            focused.focused_act = act


def _size_faults(data: MultiValueDict[str, str] | None) -> list[Fault]:
    """A page that grows row by row is told so before the program refuses what it posts."""
    number = sum(len(values) for _, values in data.lists()) if data else 0
    if number <= MOST_FIELDS:
        return []
    message = f"这一页要填的有 {number:,} 处，超过 {MOST_FIELDS:,} 处就存不下了：请删去一些行，或者把事项分成几个子项。"
    return [Fault("", message)]


def elements_of(part: FormPart, item_type: str) -> tuple[Element, ...]:
    """What is filled in here, in the order of the definition."""
    if part == "hall_defaults":
        return HALL_DEFAULTS
    return tuple(
        element
        for element in ELEMENTS
        if element.by in _FILLERS[part] and item_type in element.applies and element.name != _TYPE
    )


def in_order(element: Element, value: Any, before: Sequence[Any]) -> Any:
    """Choices in the order in which they stood before, in whichever row that was."""
    lists = [one for one in before if isinstance(one, list)]
    if element.kind is Kind.CHOICES:
        same = [one for one in lists if len(one) == len(value) and all(code in one for code in value)]
        order = (same or lists or [[]])[0]
        return sorted(value, key=lambda code: order.index(code) if code in order else len(order))
    if element.kind is not Kind.ROWS:
        return value
    rows = [row for one in lists for row in one if isinstance(row, Mapping)]
    cells = {cell.name: (cell, [row.get(cell.name) for row in rows]) for cell in element.cells}
    return [{name: in_order(cells[name][0], one, cells[name][1]) for name, one in row.items()} for row in value]


def is_kept(name: str) -> bool:
    """What no form asks for: an item's type, what the platform says of it, and what was asked for once."""
    is_platforms = name in BY_NAME and BY_NAME[name].by is Filler.PLATFORM
    return name == _TYPE or is_platforms or additions().has_ended(name)


def nearest_place(where: str, places: Mapping[str, Any]) -> str:
    """The place itself, or the one around it that the form has; empty: the form has none."""
    while where and where not in places:
        where = where.rpartition(".")[0]
    return where


def problems_at(places: Mapping[str, Input | Rows | InputRow], faults: Iterable[Fault]) -> list[FormProblem]:
    """Write each fault to its place, and list them with the way there. Rows that somebody works on stay open."""
    problems = []
    for fault in dict.fromkeys(faults):
        name = nearest_place(fault.where, places)
        problems.append(FormProblem(fault.message, f"#id_{name}" if name else ""))
        if name:
            places[name].errors.append(fault.message)
    for place in places.values():
        if isinstance(place, InputRow):
            place.is_open = True
    return problems


def _row_of(name: str, places: Mapping[str, Input | Rows | InputRow]) -> InputRow:
    """The outermost row around a place."""
    row = places[".".join(name.split(".")[:2])]
    if not isinstance(row, InputRow):
        raise TypeError(name)
    return row
