"""一件事 packages (国办发〔2022〕32号; GB/T 45836-2025): several items that one applies for at once.

What a package is, is plain data with the elements below: which items, in which order, and the questions whose answers
choose among them. Items are named by their 基本编码, each once.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from foundation.errors import Fault
from standards.items.codelists import DONE, ItemType
from standards.items.elements.handling import CODE_LENGTH, MOST_QUESTIONS, question_cells
from standards.items.handling import Values, rows_of
from standards.items.kinds import Element, Kind
from standards.items.situations import (
    MOST_PATHS,
    NONE_OF_THEM,
    Answers,
    SituationAnswer,
    SituationQuestion,
    Situations,
    situations_of,
    texts_of_answers,
)
from standards.items.values import Report, check_value, is_blank

MOST_ITEMS: Final = 12
_LEAST_ITEMS: Final = 2
_S: Final = "国办发〔2022〕32号"
_SHORT_CODE: Final = re.compile(r"[0-9A-Za-z]{1,2}", re.ASCII)
# cells of an answer that add and remove items
_CHOOSES: Final = ("adds", "removes")


def _codes(name: str, label: str) -> Element:
    return Element(name=name, label=label, kind=Kind.NAMES, most=MOST_ITEMS, source=_S)


_ANSWER_CELLS: Final = (
    Element(name="label", label="回答", needed=DONE, most=100, source=_S),
    Element(name="code", label="回答编号", most=CODE_LENGTH, source=_S),
    Element(name="leads_to", label="接着问哪些问题（问题编号）", kind=Kind.NAMES, most=MOST_QUESTIONS, source=_S),
    _codes("adds", "才办的事项（基本编码）"),
    _codes("removes", "不办的事项（基本编码）"),
    Element(name="note", label="提醒的话", kind=Kind.TEXT, most=1000, source=_S),
    Element(name="refusal", label="不能一起办的，说明怎么办", kind=Kind.TEXT, most=1000, source=_S),
)
PACKAGE_ELEMENTS: Final = (
    Element(
        name="summary",
        label="办成什么",
        kind=Kind.TEXT,
        needed=DONE,
        most=1000,
        help="给群众看的：这件事把哪些事项放在一起，办好以后得到什么。",
        source=_S,
    ),
    Element(
        name="items",
        label="事项",
        kind=Kind.ROWS,
        needed=DONE,
        most=MOST_ITEMS,
        help="没有先后的同时收件；有先后的，前一项准予以后才收后一项。",
        cells=(
            Element(name="code", label="基本编码", needed=DONE, most=12, source=_S),
            Element(name="handling_code", label="业务办理项序号", most=CODE_LENGTH, source=_S),
            _codes("after", "等哪些事项准予以后才收件（基本编码）"),
        ),
        source=_S,
    ),
    Element(
        name="situations",
        label="情形",
        kind=Kind.ROWS,
        most=MOST_QUESTIONS,
        help="问几句就知道要办哪几项。一项也不写在“才办的事项”里的，人人都办。",
        cells=question_cells(_ANSWER_CELLS, source=_S),
        source=_S,
    ),
)


@dataclass(frozen=True, slots=True)
class PackageItem:
    """One item of a package. ``after``: codes of those that have to be granted before it is received; ``place``: its
    row's number, from 1."""

    place: int
    code: str
    handling_code: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChosenItems:
    """What somebody's answers come to. ``items``: those to be applied for, each ``after`` those alone that were chosen,
    too; as long as there are ``open_questions``, also what their answers may add. ``refusals``: why this cannot be done
    in one; ``words``: what was answered."""

    items: tuple[PackageItem, ...]
    notes: tuple[str, ...]
    refusals: tuple[str, ...]
    open_questions: tuple[SituationQuestion, ...]
    words: str


class PackageDefinition:
    """A package as its values say it; what they do not know is taken as not said."""

    def __init__(self, values: Values) -> None:
        self.summary = str(values.get("summary") or "")
        self.items = tuple(_item(place, row) for place, row in enumerate(rows_of(values, "items"), start=1))
        self.situations: Situations = situations_of(values)
        self._rows: list[Mapping[str, Any]] = [{"code": one.code} for one in self.items]

    def known(self, given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """Of what somebody sent, the answers that there are."""
        return self.situations.known(given)

    def chosen(self, answers: Answers) -> ChosenItems:
        """The items that count for these answers."""
        given = self.situations.chosen(answers)
        still_open = [one for one in self.situations.asked(answers) if one.code not in answers]
        rows = self.situations.choose(self._rows, "code", _CHOOSES, given, still_open, [])
        codes = {row["code"] for row in rows}
        return ChosenItems(
            items=tuple(
                PackageItem(one.place, one.code, one.handling_code, tuple(code for code in one.after if code in codes))
                for one in self.items
                if one.code in codes
            ),
            notes=texts_of_answers(given, "note"),
            refusals=texts_of_answers(given, "refusal"),
            open_questions=tuple(still_open),
            words=self.situations.words(answers),
        )


def check_package(values: Mapping[str, Any]) -> Report:
    """What is wrong with the values by themselves, and what they lack; which items there are, the catalogue knows."""
    report = Report()
    known = {element.name: element for element in PACKAGE_ELEMENTS}
    for name in values.keys() - known.keys():
        report.add_fault(name, f"没有“{name[:40]}”这一栏。")
    for name, element in known.items():
        given, words = values.get(name), f"「{element.label}」"
        if not is_blank(given):
            check_value(element, given, item_type=ItemType.LICENCE, where=name, words=words, report=report)
        elif element.needed:
            report.missing.append(Fault(name, f"缺少{words}。"))
    if not report.faults:
        definition = PackageDefinition(values)
        for fault in (*_faults_of_items(definition), *_faults_of_questions(definition)):
            report.add_fault(fault.where, fault.message)
        if not report.faults:
            report.faults += _faults_of_choice(definition)
    return report


def order_circle(items: Collection[PackageItem]) -> tuple[str, ...]:
    """Codes of items that wait for each other, of the first such circle; empty where there is none."""
    by_code = {one.code: one for one in items}
    done: set[str] = set()

    def walk(code: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if code in way:
            return (*way[way.index(code) :], code)
        if code in done or code not in by_code:
            return ()
        for one in by_code[code].after:
            if found := walk(one, (*way, code)):
                return found
        done.add(code)
        return ()

    return next((found for one in items if (found := walk(one.code, ()))), ())


def _item(place: int, row: Values) -> PackageItem:
    after = row.get("after")
    codes = [one for one in after if isinstance(one, str)] if isinstance(after, list) else []
    return PackageItem(place, str(row.get("code") or ""), str(row.get("handling_code") or ""), tuple(codes))


def _faults_of_items(definition: PackageDefinition) -> Iterator[Fault]:
    codes = Counter(one.code for one in definition.items)
    if 0 < len(definition.items) < _LEAST_ITEMS:
        yield Fault("items", "一件事至少要有两个事项；只有一个的，直接办那个事项。")
    for one in definition.items:
        if one.code and codes[one.code] > 1:
            yield Fault(f"items.{one.place}.code", f"事项“{one.code}”写了两次。")
        for code in one.after:
            if code not in codes or code == one.code:
                yield Fault(f"items.{one.place}.after", f"“{code}”不是这件事里的其他事项。")
    if circle := order_circle(definition.items):
        yield Fault("items", f"先后绕成了圈：{' → '.join(circle)}，谁也收不了件。")


def _faults_of_questions(definition: PackageDefinition) -> Iterator[Fault]:
    situations, items = definition.situations, {one.code for one in definition.items}
    codes = Counter(question.code for question in situations.questions)
    for question in situations.questions:
        place = f"situations.{question.place}"
        if codes[question.code] > 1 or not _SHORT_CODE.fullmatch(question.code):
            yield Fault(f"{place}.code", f"问题“{question.text}”的编号应为一两个字母或数字，不能重复。")
        numbers = Counter(answer.code for answer in question.answers)
        for number, answer in enumerate(question.answers, start=1):
            at, which = f"{place}.answers.{number}", f"问题“{question.text}”的回答“{answer.label}”"
            if numbers[answer.code] > 1 or answer.code == NONE_OF_THEM or not _SHORT_CODE.fullmatch(answer.code):
                yield Fault(f"{at}.code", f"{which}的编号应为一两个字母或数字，不能重复，也不能是 0。")
            yield from _faults_of_names(answer, at, which, codes.keys(), items)
    if circle := situations.cycle:
        yield Fault("situations", f"问题绕成了圈：{' → '.join(circle)}，谁也答不完。")
    elif situations.has_too_many_paths():
        yield Fault("situations", f"问题的走法超过 {MOST_PATHS} 种，没有人看得过来。请减少问题。")


def _faults_of_names(
    answer: SituationAnswer, at: str, which: str, questions: Collection[str], items: Collection[str]
) -> Iterator[Fault]:
    for code in answer.names("leads_to"):
        if code not in questions:
            yield Fault(f"{at}.leads_to", f"{which}接着问的问题“{code}”不存在。")
    for cell in _CHOOSES:
        for code in answer.names(cell):
            if code not in items:
                yield Fault(f"{at}.{cell}", f"{which}说的“{code}”不是这件事里的事项。")


def _faults_of_choice(definition: PackageDefinition) -> Iterator[Fault]:
    """Who answers all questions has something to apply for, and no item is there for nobody."""
    reached: set[str] = set()
    for path in definition.situations.paths():
        chosen = definition.chosen(path.answers)
        if chosen.refusals:
            continue
        reached |= {one.code for one in chosen.items}
        if definition.items and not chosen.items:
            yield Fault("situations", f"回答“{path.words}”的，一项也不用办：请写明不能一起办的原因。")
            return
    for one in definition.items:
        if one.code not in reached:
            yield Fault(f"items.{one.place}.code", f"事项“{one.code}”怎么回答都不用办，请删去它或者改问题。")
