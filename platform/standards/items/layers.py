"""What is wrong with the layers below an item (业务办理项, 情形), and what they say against each other on any path."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from foundation.errors import Fault
from standards.items.contradictions import Contradiction, contradictions_of, named_contradiction
from standards.items.elements import BY_NAME
from standards.items.elements.handling import LAYERS, NAMED_ROWS, OVERRIDES
from standards.items.handling import Values, handled, is_handled_here, rows_of
from standards.items.rules import PROVINCE_RULES, is_longer, limit_words
from standards.items.situations import (
    MOST_PATHS,
    MOST_WAYS,
    NONE_OF_THEM,
    Path,
    SituationAnswer,
    SituationQuestion,
    Situations,
    situations_of,
)
from standards.items.values import Report, check_value

_CODE: Final = re.compile(r"(?!00)\d{2}", re.ASCII)
_SHORT_CODE: Final = re.compile(r"[0-9A-Za-z]{1,2}", re.ASCII)
_CHOICES: Final = (
    ("materials", ("adds", "removes")),
    ("flow", ("steps_added", "steps_removed")),
    ("fees", ("fees_added", "fees_removed")),
)
# what an answer may say without choosing anything
_IDLE: Final = frozenset({"code", "label"})


@dataclass(frozen=True, slots=True)
class HandlingWay:
    """One way to handle an item: a handling item (``code``; "" where the item has none) and a path through its
    questions. ``words`` name it to people; ``values`` are what counts on it."""

    code: str
    handling: str
    path: Path
    values: Mapping[str, Any]
    conflicts: tuple[str, ...]
    refusals: tuple[str, ...]

    @property
    def words(self) -> str:
        """What one has chosen, in one line."""
        return " · ".join(word for word in (self.handling, self.path.words) if word)


def ways_of(values: Values) -> Iterator[HandlingWay]:
    """Yield every way to handle an item with these values (``effective``, where they are a hall's), each once, and of
    more than MOST_WAYS so many. An item without layers has one."""
    yield from islice(_ways(values), MOST_WAYS)


def _ways(values: Values) -> Iterator[HandlingWay]:
    for code, name, together in _branches(values):
        situations = situations_of(together)
        for path in situations.paths() or [Path({}, "")]:
            found = situations.apply(together, path.answers)
            yield HandlingWay(code, name, path, found.values, found.conflicts, found.refusals)


def branches_here(values: Values) -> list[tuple[str, dict[str, Any]]]:
    """Return the name and the values of each handling item that the hall handles; of an item without any, "" and its
    own. ``values`` are the province's and the hall's together (``effective``)."""
    return [(name, together) for code, name, together in _branches(values) if is_handled_here(values, code)]


def check_layers(values: Values, *, item_type: str, report: Report) -> None:
    """Add to ``report`` what is wrong and what is missing in the layers of an item. ``values``: those that are of the
    right kind (the province's)."""
    rows = rows_of(values, LAYERS[0])
    known = {fault.message for rule in PROVINCE_RULES for fault in rule({**values, "item_type": item_type})}
    _check_unique(rows, report)
    ways = 0
    for number, row in enumerate(rows, start=1):
        where, words = f"{LAYERS[0]}.{number}", f"业务办理项“{row.get('name') or number}”"
        together = handled(values, row)
        _check_rows(row, together, where, words, item_type, report)
        for rule in PROVINCE_RULES:
            for fault in rule({**together, "item_type": item_type}):
                if fault.message not in known:
                    report.add_fault(_place(fault.where, row, where), f"{words}：{fault.message}")
        if ways <= MOST_WAYS:
            place = f"{where}.situations" if "situations" in row else "situations"
            ways += _check_situations(together, place, words, report)
    if ways > MOST_WAYS:
        message = f"各业务办理项的「情形」走法加起来超过 {MOST_WAYS:,} 种，没有人看得过来。请减少问题。"
        report.add_fault(LAYERS[0], message)
    if not rows:
        _check_situations(values, "situations", "", report)


def _check_unique(rows: Sequence[Values], report: Report) -> None:
    codes, names = (Counter(str(row.get(key) or "") for row in rows) for key in ("code", "name"))
    for number, row in enumerate(rows, start=1):
        where, words = f"{LAYERS[0]}.{number}", f"业务办理项“{row.get('name') or number}”"
        code = str(row.get("code") or "")
        if code and not _CODE.fullmatch(code):
            report.add_fault(f"{where}.code", f"{words}的「办理项序号」应为 01–99。")
        for key, counts, label in (("code", codes, "序号"), ("name", names, "名称")):
            if (said := str(row.get(key) or "")) and counts[said] > 1:
                report.add_fault(f"{where}.{key}", f"{words}的{label}“{said}”重复。")


def layer_contradictions(values: Values) -> tuple[Contradiction, ...]:
    """What a guide says against itself only where one has chosen a handling item or given answers: of each the first
    way on which it does, named. ``values``: the province's and the hall's together, with ``item_type``."""
    if not any(rows_of(values, name) for name in LAYERS):
        return ()
    general = {(one.code, one.message) for one in contradictions_of(values)}
    found: dict[tuple[str, str], Contradiction] = {}
    for way in ways_of(values):
        of_way = list(contradictions_of(way.values))
        of_way += [named_contradiction("answers-against-each-other", f"{words}。") for words in way.conflicts]
        if not way.refusals and rows_of(values, "materials") and not rows_of(way.values, "materials"):
            of_way.append(named_contradiction("no-materials-left", "一样材料也不要了，受理条件却要凭材料核对。"))
        for one in of_way:
            if (one.code, one.message) not in general:
                key = (one.code, one.message)
                found.setdefault(key, replace(one, message=f"选“{way.words}”时：{one.message}"))
    for where, situations in _situations(values):
        for question in situations.questions:
            chosen = [{name: cell for name, cell in one.row.items() if name not in _IDLE} for one in question.answers]
            if len(chosen) > 1 and all(one == chosen[0] for one in chosen):
                message = f"{where}问“{question.text}”，怎样回答都一样。"
                found[("question-chooses-nothing", message)] = named_contradiction("question-chooses-nothing", message)
    return tuple(found.values())


def _branches(values: Values) -> Iterator[tuple[str, str, dict[str, Any]]]:
    rows = rows_of(values, LAYERS[0])
    for row in rows:
        yield str(row.get("code") or ""), str(row.get("name") or ""), handled(values, row)
    if not rows:
        yield "", "", dict(values)


def _situations(values: Values) -> Iterator[tuple[str, Situations]]:
    if rows_of(values, "situations"):
        yield "", Situations(rows_of(values, "situations"))
    for row in rows_of(values, LAYERS[0]):
        if rows_of(row, "situations"):
            yield f"“{row.get('name')}”", Situations(rows_of(row, "situations"))


def _check_rows(row: Values, together: Values, where: str, words: str, item_type: str, report: Report) -> None:
    """Rows that the handling item has of its own must be whole once the item's rows of the same name are put in."""
    for name in NAMED_ROWS:
        if name not in row:
            continue
        element, inner = BY_NAME[name], Report()
        check_value(
            element,
            together[name],
            item_type=item_type,
            where=f"{where}.{name}",
            words=f"{words}的「{element.label}」",
            report=inner,
        )
        report.missing += inner.missing


def _place(where: str, row: Values, outer: str) -> str:
    """The handling item's own place, where it says the element; else the handling item itself."""
    name = where.split(".", maxsplit=1)[0]
    return f"{outer}.{where}" if name in OVERRIDES and name in row else f"{outer}.name"


def _check_situations(together: Values, where: str, words: str, report: Report) -> int:
    """How many ways there are; 0 where they cannot be counted."""
    situations = situations_of(together)
    if not situations:
        return 0
    before = len(report.faults)
    said = f"{words}的" if words else ""
    codes = Counter(question.code for question in situations.questions)
    for question in situations.questions:
        place, nth = f"{where}.{question.place}", f"{said}问题“{question.text}”"
        if codes[question.code] > 1 or not _SHORT_CODE.fullmatch(question.code):
            report.add_fault(f"{place}.code", f"{nth}的编号应为一两个字母或数字，不能重复。")
        _check_answers(question, codes.keys(), together, place, nth, report)
    if len(report.faults) > before:
        return 0
    if circle := situations.cycle:
        message = f"{said}「情形」的问题绕成了圈：{' → '.join(circle)}，谁也答不完。"
        report.add_fault(where, message)
        return 0
    if (ways := situations.path_count()) > MOST_PATHS:
        message = f"{said}「情形」的走法超过 {MOST_PATHS} 种，没有人看得过来。请减少问题，或者少用“能不能选几个”。"
        report.add_fault(where, message)
    return ways


def _check_answers(
    question: SituationQuestion, codes: Collection[str], together: Values, place: str, nth: str, report: Report
) -> None:
    labels = Counter(answer.label for answer in question.answers)
    numbers = Counter(answer.code for answer in question.answers)
    for number, answer in enumerate(question.answers, start=1):
        at, which = f"{place}.answers.{number}", f"{nth}的回答“{answer.label}”"
        if labels[answer.label] > 1:
            report.add_fault(f"{at}.label", f"{which}重复。")
        if numbers[answer.code] > 1 or answer.code == NONE_OF_THEM or not _SHORT_CODE.fullmatch(answer.code):
            report.add_fault(f"{at}.code", f"{which}的编号应为一两个字母或数字，不能重复，也不能是 0。")
        for code in answer.names("leads_to"):
            if code not in codes:
                report.add_fault(f"{at}.leads_to", f"{which}接着问的问题“{code}”不存在。")
        _check_names(together, answer, at, which, report)


def _limit(values: Values) -> tuple[int, str] | None:
    days, unit = values.get("promised_days"), values.get("promised_unit")
    return (days, unit) if isinstance(days, int) and isinstance(unit, str) else None


def _check_names(together: Values, answer: SituationAnswer, at: str, which: str, report: Report) -> None:
    for name, cells in _CHOICES:
        known: Sequence[Any] = [row.get(NAMED_ROWS[name]) for row in rows_of(together, name)]
        for cell in cells:
            for one in answer.names(cell):
                if one not in known:
                    label = BY_NAME[name].label
                    report.add_fault(f"{at}.{cell}", f"{which}说的“{one}”不在「{label}」里，名称要一字不差。")


def hall_layer_faults(values: Values, hall_values: Values) -> Iterator[Fault]:
    """Yield what a hall says wrongly of handling items: of one that there is not, of one twice, of a longer promise
    than the province's. ``values`` are the province's."""
    known = {str(row.get("code")): row for row in rows_of(values, LAYERS[0])}
    seen: set[str] = set()
    for number, own in enumerate(rows_of(hall_values, "hall_handling"), start=1):
        code, where = str(own.get("code") or ""), f"hall_handling.{number}"
        if code not in known:
            yield Fault(f"{where}.code", f"「本厅的业务办理项」第 {number} 项：省里没有序号“{code}”的业务办理项。")
            continue
        name = known[code].get("name")
        if code in seen:
            yield Fault(f"{where}.code", f"「本厅的业务办理项」里“{name}”写了两次。")
        seen.add(code)
        province = handled(values, known[code])
        limits = [limit for one in (own, province) if (limit := _limit(one)) is not None]
        if len(limits) == 2 and is_longer(*limits):  # noqa: PLR2004 - the hall's and the province's
            yield Fault(
                f"{where}.promised_days",
                f"“{name}”的承诺时限（{limit_words(*limits[0])}）不得超过省里规定的 {limit_words(*limits[1])}。",
            )
    if (
        known
        and seen == set(known)
        and not any(one.get("is_handled") is not False for one in rows_of(hall_values, "hall_handling"))
    ):
        yield Fault("hall_handling", "「本厅的业务办理项」一项也不办，请改为停办这个事项。")
