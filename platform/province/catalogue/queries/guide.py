"""What a citizen reads of an item, in the order in which people ask; made from the definition."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from foundation.design.inputs import FileLink
from standards.items import BY_NAME, ELEMENTS, Element, Kind, Section, effective
from standards.items.codelists import LimitUnit, StatutoryUnit
from standards.items.elements.grounds import LAW_CELLS
from standards.items.elements.materials import FORM_CELLS
from standards.items.values import is_blank
from standards.items.words import as_spoken, citation
from standards.numbers.phones import dialled

type Values = Mapping[str, Any]

_LIMITS: Final = ("promised_days", "statutory_days")
# what one wants to know before reading on; where and whom to call come out of the windows
_WHERE, _PHONE = "where", "phone"
_AT_A_GLANCE: Final = (
    *("promised_days", "has_fee", _WHERE, _PHONE, "visits", "is_online"),
    *("disclosure_manner", "disclosure_limit"),
)
_CALLED: Final = frozenset({Section.PLACE, Section.QUESTIONS, Section.REMEDY})
# said of what is brought, and not of what the window looks up
_BROUGHT: Final = frozenset(
    {"need", "kind", "carrier", "copies", "page_format", "submission", "later_days", "source", "source_note"}
)
# the item itself: the page's title
_TITLE: Final = "name"
# materials that a hall adds: of them, too, forms are made
_OF_THE_HALL: Final = "local_materials"


class Look(enum.Enum):
    """How an answer stands on the page."""

    WORDS = "words"
    LINK = "link"
    NAMES = "names"
    CHECKLIST = "checklist"
    STEPS = "steps"
    QUESTIONS = "questions"
    LAWS = "laws"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class GuideAnswer:
    """The answer to one question: paragraphs, one of which may be a link or a telephone number, or entries. ``name``
    is the element's."""

    name: str
    heading: str
    words: tuple[str, ...] = ()
    href: str = ""
    entries: "tuple[GuideEntry, ...]" = ()
    look: Look = Look.WORDS
    # said without the question: 必须带, 原件, 1 份
    is_brief: bool = False
    # what can only be opened is left out on paper
    is_printed: bool = True

    @property
    def is_file(self) -> bool:
        return self.look is Look.LINK and bool(self.href)


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One row of a list: a material, a step, a question, a law."""

    title: str
    answers: tuple[GuideAnswer, ...] = ()

    @property
    def brief(self) -> tuple[str, ...]:
        return tuple(word for answer in self.answers if answer.is_brief for word in answer.words)

    @property
    def others(self) -> tuple[GuideAnswer, ...]:
        return tuple(answer for answer in self.answers if not answer.is_brief and not answer.is_file)

    @property
    def files(self) -> tuple[GuideAnswer, ...]:
        """What one takes along from the page: blank forms and samples."""
        return tuple(answer for answer in self.answers if answer.is_file)


@dataclass(frozen=True, slots=True)
class GuidePart:
    section: Section
    answers: tuple[GuideAnswer, ...]

    @property
    def anchor(self) -> str:
        return f"guide-{self.section}"

    @property
    def heading(self) -> str:
        return str(self.section.label)


@dataclass(frozen=True, slots=True)
class Guide:
    """An item's page. ``at_a_glance``: how long, how much, where, whom to call, how often, from where. ``parts``: what
    to bring comes first, and is read without unfolding it."""

    name: str
    at_a_glance: tuple[GuideAnswer, ...]
    parts: tuple[GuidePart, ...]

    @property
    def answers(self) -> Iterator[GuideAnswer]:
        return (answer for part in self.parts for answer in part.answers)


@dataclass(frozen=True, slots=True)
class _Reader:
    files: Mapping[str, FileLink] = field(default_factory=dict)

    def answers(self, elements: Iterable[Element], values: Values) -> Iterator[GuideAnswer]:
        elements = tuple(elements)
        units = {element.unit_in for element in elements}
        for element in elements:
            if element.when and not element.when.applies(values):
                continue
            # a unit is said with its number
            if element.shown_as and element.name not in units and not is_blank(values.get(element.name)):
                answer = self._answer(element, values[element.name], values)
                if answer.words or answer.href or answer.entries:
                    yield answer
                if element.kind is Kind.FILE:
                    yield from self._beside(element, values[element.name])

    def _answer(self, element: Element, value: Any, beside: Values) -> GuideAnswer:
        heading = element.shown_as
        if element.kind is Kind.ROWS:
            rows = value if isinstance(value, list) else []
            read = (self._entry(element, row) for row in rows if isinstance(row, Mapping))
            entries = tuple(one for one in read if one.title or one.answers)
            return GuideAnswer(element.name, heading, entries=entries, look=_look(element, entries))
        if element.kind is Kind.FILE:
            file = self.files.get(value) if isinstance(value, str) else None
            words = (file.name,) if file else ()
            return GuideAnswer(element.name, heading, words, file.address if file else "", look=Look.LINK)
        text = as_spoken(element, value, beside)
        lines = tuple(line.strip() for line in text.split("\n") if line.strip())
        if element.kind is Kind.LINK:
            is_link = text.startswith(("https://", "http://"))
            return GuideAnswer(element.name, heading, lines, text if is_link else "", look=Look.LINK)
        is_brief = element.kind in {Kind.CHOICE, Kind.NUMBER}
        return GuideAnswer(element.name, heading, lines, _phone(element, text), is_brief=is_brief)

    def _beside(self, element: Element, value: Any) -> Iterator[GuideAnswer]:
        """Yield the links to a file in its other formats."""
        file = self.files.get(value) if isinstance(value, str) else None
        for other in file.beside if file else ():
            yield GuideAnswer(
                element.name, element.shown_as, (other.name,), other.address, look=Look.LINK, is_printed=False
            )

    def _entry(self, element: Element, row: Values) -> GuideEntry:
        """The first cell that is shown is the entry's title; of a law, its citation."""
        if element.cells is LAW_CELLS:
            text = row.get("text")
            shown = (
                (GuideAnswer("text", "条文", tuple(text.split("\n"))),)
                if isinstance(text, str) and text.strip()
                else ()
            )
            return GuideEntry(citation(row), shown)
        first, *others = (cell for cell in element.cells if cell.shown_as)
        if element.name == _OF_THE_HALL:
            others += FORM_CELLS
        if not is_blank(row.get("exemption")):
            others = [cell for cell in others if cell.name not in _BROUGHT]
        title = as_spoken(first, row.get(first.name), row)
        return GuideEntry(title, tuple(self.answers(others, row)))


def guide_of(
    item_type: str,
    values: Values,
    hall_values: Values | None = None,
    *,
    files: Mapping[str, FileLink] | None = None,
) -> Guide:
    """The page of an item as a hall handles it. ``files`` are the stored files that may be shown, by id."""
    together = effective({"item_type": item_type, **values}, hall_values or {})
    shown = [element for element in ELEMENTS if item_type in element.applies and element.name != _TITLE]
    answers = {answer.name: answer for answer in _Reader(files or {}).answers(shown, together)}
    answers = _as_sentences(answers, together)
    sections = {element.name: element.section for element in shown}
    # what to bring is asked first, what it is called and numbered last
    ends = (Section.MATERIALS, Section.BASICS)
    order = [ends[0], *(section for section in Section if section not in ends), ends[1]]
    parts = [
        GuidePart(section, tuple(answer for name, answer in answers.items() if sections[name] == section))
        for section in order
    ]
    glanced = answers | _place(answers)
    return Guide(
        name=as_spoken(BY_NAME[_TITLE], together.get(_TITLE)),
        at_a_glance=tuple(glanced[name] for name in _AT_A_GLANCE if name in glanced),
        parts=tuple(part for part in parts if part.answers),
    )


def _look(element: Element, entries: tuple[GuideEntry, ...]) -> Look:
    if element.cells is LAW_CELLS:
        return Look.LAWS
    if not any(entry.answers for entry in entries):
        return Look.NAMES
    looks = {
        Section.MATERIALS: Look.CHECKLIST,
        Section.STEPS: Look.STEPS,
        Section.PROCEEDING: Look.STEPS,
        Section.QUESTIONS: Look.QUESTIONS,
    }
    return looks.get(element.section, Look.ENTRIES) if element.section else Look.ENTRIES


def _phone(element: Element, text: str) -> str:
    """A link that dials, where the text names a number to call."""
    number = dialled(text) if element.kind is Kind.LINE and element.section in _CALLED else ""
    return f"tel:{number}" if number else ""


def _as_sentences(answers: dict[str, GuideAnswer], values: Values) -> dict[str, GuideAnswer]:
    """Where people say in one sentence what the standard asks in two."""
    changed = dict(answers)
    if limit := _limit_sentence(values):
        changed.pop("statutory_days", None)
        changed = {"promised_days" if name == "statutory_days" else name: one for name, one in changed.items()}
        changed["promised_days"] = _said(answers.get("promised_days"), "promised_days", limit)
    visits = values.get("visits")
    if "visits" in changed and isinstance(visits, int):
        words = "一次都不用跑" if visits == 0 else f"最多跑 {visits} 次"
        changed["visits"] = _said(answers["visits"], "visits", words)
    return changed


def _place(answers: Mapping[str, GuideAnswer]) -> dict[str, GuideAnswer]:
    """The first window, and the number to call: its own, or that of the advice."""
    windows = answers["windows"].entries if "windows" in answers else ()
    found = {}
    phone = answers.get("consult")
    if windows:
        told = {answer.name: answer for answer in windows[0].answers}
        words = [windows[0].title, *(told["address"].words if "address" in told else ())]
        more = f"（共 {len(windows)} 处）" if len(windows) > 1 else ""
        found[_WHERE] = GuideAnswer(_WHERE, "到哪里办", ("，".join(word for word in words if word) + more,))
        phone = told.get("phone") or phone
    if phone and phone.words:
        found[_PHONE] = GuideAnswer(_PHONE, "打电话问", phone.words, phone.href)
    return found


def _said(answer: GuideAnswer | None, name: str, words: str) -> GuideAnswer:
    return GuideAnswer(name, answer.heading if answer else name, (words,))


def _limit_sentence(values: Values) -> str:
    """5 个工作日内办好,法律规定最长 20 个工作日."""
    promised, statutory = (as_spoken(BY_NAME[name], values.get(name), values) for name in _LIMITS)
    if not promised or is_blank(values.get("promised_unit")):
        return ""
    sentence = promised if values["promised_unit"] == LimitUnit.AT_ONCE else f"{promised}内办好"
    unit = values.get("statutory_unit")
    if not statutory or unit == StatutoryUnit.AT_ONCE or is_blank(unit):
        return sentence
    return f"{sentence}，{statutory}" if unit == StatutoryUnit.NONE else f"{sentence}，法律规定最长 {statutory}"
