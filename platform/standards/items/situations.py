"""情形: questions whose answers choose materials, steps, fees and limits of an item, or of one of its handling items.

A question that no answer leads to is asked of everybody; the others are asked where an answer that was given leads to
them. What some answer adds (才要的材料) counts only where such an answer was given; everything else counts unless an
answer removes it. Answers are a mapping: code of a question -> codes of its answers, the empty tuple for 都没有.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any, Final

from standards.items.elements.handling import NAMED_ROWS
from standards.items.hall_steps import without_overlong_steps
from standards.items.handling import Values, rows_of, settle_limits
from standards.items.values import is_blank

type Answers = Mapping[str, tuple[str, ...]]

# of one item or handling item; what has more ways nobody can look through
MOST_PATHS: Final = 500
# of an item with all its handling items: of each way it is asked whether it says something against itself
MOST_WAYS: Final = 2_000
NONE_OF_THEM: Final = "0"
# list of the item -> the cells of an answer that add and remove its rows
_CHOOSES: Final = {
    "materials": ("adds", "removes"),
    "flow": ("steps_added", "steps_removed"),
    "fees": ("fees_added", "fees_removed"),
}


@dataclass(frozen=True, slots=True)
class SituationAnswer:
    """One answer and what it chooses: ``row`` has its cells."""

    code: str
    label: str
    row: Values

    def names(self, cell: str) -> tuple[str, ...]:
        """The names in one of its cells."""
        given = self.row.get(cell)
        return tuple(one for one in given if isinstance(one, str)) if isinstance(given, list) else ()


@dataclass(frozen=True, slots=True)
class SituationQuestion:
    """One question; ``place``: its row's number, from 1."""

    place: int
    code: str
    text: str
    help: str
    is_multiple: bool
    answers: tuple[SituationAnswer, ...]

    def options(self) -> Iterator[tuple[str, ...]]:
        """Yield every way to answer it. One that has no answers yet is passed by in one way: else the walk through all
        ways would go on behind it for ever, and come to none."""
        codes = [answer.code for answer in self.answers]
        if not self.is_multiple:
            yield from ((code,) for code in codes)
            if not codes:
                yield ()
            return
        for count in range(len(codes) + 1):
            yield from combinations(codes, count)

    @property
    def option_count(self) -> int:
        """How many ways there are."""
        return 2 ** len(self.answers) if self.is_multiple else len(self.answers)


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the questions: every question that is asked on it is answered. ``words`` name it to people."""

    answers: Answers
    words: str


@dataclass(frozen=True, slots=True)
class Situated:
    """What counts for somebody's answers. ``open_questions``: still to be answered; as long as there are any, what
    their answers may add stands in the values, too."""

    values: dict[str, Any]
    notes: tuple[str, ...]
    refusals: tuple[str, ...]
    form_parts: tuple[str, ...]
    open_questions: tuple[SituationQuestion, ...]
    # what the answers say against each other, in sentences
    conflicts: tuple[str, ...]


class Situations:
    """The questions of an item or of a handling item, in the order in which they are asked."""

    def __init__(self, rows: Sequence[Values]) -> None:
        self.questions = tuple(_question(place, row) for place, row in enumerate(rows, start=1))
        self._by_code = {one.code: one for one in self.questions}
        self._led_to = self._named("leads_to")
        self._bound: dict[str, set[str]] = {}

    def __bool__(self) -> bool:
        return bool(self.questions)

    @property
    def cycle(self) -> tuple[str, ...]:
        """Codes of questions that lead back to themselves, of the first such circle; empty where there is none. A
        question that nobody is ever asked stands in or behind a circle."""
        reached: set[str] = set()
        found: list[str] = []

        def walk(code: str, way: tuple[str, ...]) -> None:
            if found or code not in self._by_code:
                return
            if code in way:
                found.extend((*way[way.index(code) :], code))
                return
            if code not in reached:
                for one in self._next(code):
                    walk(one, (*way, code))
                reached.add(code)

        for question in self.questions:
            walk(question.code, ())
        return tuple(found)

    def asked(self, answers: Answers) -> list[SituationQuestion]:
        """The questions to be asked of somebody who has given these answers, those that were answered among them."""
        active = {one.code for one in self.questions if one.code not in self._led_to}
        waiting = list(active)
        while waiting:
            question = self._by_code[waiting.pop()]
            chosen = answers.get(question.code, ())
            for answer in question.answers:
                if answer.code in chosen:
                    fresh = {one for one in answer.names("leads_to") if one in self._by_code} - active
                    active |= fresh
                    waiting += fresh
        return [one for one in self.questions if one.code in active]

    def known(self, given: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """Of what somebody sent, the answers that there are to questions that are asked: several only where several may
        be chosen."""
        answers: dict[str, tuple[str, ...]] = {}
        while True:
            fresh = next((one for one in self.asked(answers) if one.code not in answers and _given(one, given)), None)
            if fresh is None:
                return answers
            answers[fresh.code] = _given(fresh, given) or ()
            if answers[fresh.code] == (NONE_OF_THEM,):
                answers[fresh.code] = ()

    def has_too_many_paths(self) -> bool:
        """Say whether there are more than MOST_PATHS ways through."""
        return self.path_count() > MOST_PATHS

    def path_count(self) -> int:
        """How many ways through there are, where questions go in no circle; of more than MOST_PATHS it counts no
        further."""
        if any(one.option_count > MOST_PATHS for one in self.questions):
            return MOST_PATHS + 1
        return sum(1 for _ in islice(self._paths({}), MOST_PATHS + 1))

    def paths(self) -> list[Path]:
        """Every way through, each once; at most MOST_PATHS, and none where questions go in a circle."""
        found: list[Path] = []
        if self.cycle or any(one.option_count > MOST_PATHS for one in self.questions):
            return found
        for answers in self._paths({}):
            if len(found) == MOST_PATHS:
                break
            found.append(Path(dict(answers), self.words(answers)))
        return found

    def words(self, answers: Answers) -> str:
        """What somebody has answered, in one line."""
        said = []
        for question in self.asked(answers):
            if question.code in answers:
                chosen = [one.label for one in question.answers if one.code in answers[question.code]]
                said.append("、".join(chosen) if chosen else f"{question.text.rstrip('？?')}：都没有")
        return " · ".join(said)

    def apply(self, values: Values, answers: Answers) -> Situated:
        """Return what counts of ``values`` for these answers. A limit that several answers set is the longest one."""
        asked = self.asked(answers)
        chosen = self.chosen(answers)
        still_open = [one for one in asked if one.code not in answers]
        together = {name: value for name, value in values.items() if name != "situations"}
        conflicts: list[str] = []
        for name, (add, remove) in _CHOOSES.items():
            self._choose(together, name, (add, remove), chosen, still_open, conflicts)
        self._settle(together, chosen, conflicts)
        return Situated(
            values=without_overlong_steps(together),
            notes=texts_of_answers(chosen, "note"),
            refusals=texts_of_answers(chosen, "refusal"),
            form_parts=tuple(dict.fromkeys(part for one in chosen for part in one.names("form_parts"))),
            open_questions=tuple(still_open),
            conflicts=tuple(conflicts),
        )

    def _named(self, cell: str) -> set[str]:
        """What any answer names in this cell."""
        return {one for question in self.questions for answer in question.answers for one in answer.names(cell)}

    def _next(self, code: str) -> list[str]:
        return [one for answer in self._by_code[code].answers for one in answer.names("leads_to")]

    def _paths(self, answers: dict[str, tuple[str, ...]]) -> Iterator[dict[str, tuple[str, ...]]]:
        question = next((one for one in self.asked(answers) if one.code not in answers), None)
        if question is None:
            yield answers
            return
        for option in question.options():
            yield from self._paths({**answers, question.code: option})

    def _later(self, still_open: Sequence[SituationQuestion]) -> Iterator[SituationAnswer]:
        """Every answer that may still be given."""
        seen: set[str] = set()
        waiting = [one.code for one in still_open]
        while waiting:
            code = waiting.pop()
            if code in seen or code not in self._by_code:
                continue
            seen.add(code)
            waiting += self._next(code)
            yield from self._by_code[code].answers

    def _choose(
        self,
        together: dict[str, Any],
        name: str,
        cells: tuple[str, str],
        chosen: Sequence[SituationAnswer],
        still_open: Sequence[SituationQuestion],
        conflicts: list[str],
    ) -> None:
        if rows := rows_of(together, name):
            together[name] = self.choose(rows, NAMED_ROWS[name], cells, chosen, still_open, conflicts)
            if not together[name]:
                del together[name]

    def choose(
        self,
        rows: Sequence[Values],
        key: str,
        cells: tuple[str, str],
        chosen: Sequence[SituationAnswer],
        still_open: Sequence[SituationQuestion],
        conflicts: list[str],
    ) -> list[Values]:
        """Of these rows, each named by its cell ``key``, those that count for the ``chosen`` answers; ``cells``: those
        of an answer that add and remove rows. ``conflicts`` gets what the answers say against each other."""
        add, remove = cells
        if add not in self._bound:
            self._bound[add] = self._named(add)
        bound = self._bound[add]
        added = {one for answer in chosen for one in answer.names(add)}
        removed = {one for answer in chosen for one in answer.names(remove)}
        possible = {one for answer in self._later(still_open) for one in answer.names(add)}
        conflicts += [f"“{one}”既要又不要" for one in sorted(added & removed)]
        wanted = (added | possible) - (removed - added)
        return [
            row for row in rows if (row.get(key) in wanted if row.get(key) in bound else row.get(key) not in removed)
        ]

    def chosen(self, answers: Answers) -> list[SituationAnswer]:
        """The answers that somebody has given, in the order of their questions."""
        return [
            answer
            for question in self.asked(answers)
            for answer in question.answers
            if answer.code in answers.get(question.code, ())
        ]

    @staticmethod
    def _settle(together: dict[str, Any], chosen: Sequence[SituationAnswer], conflicts: list[str]) -> None:
        free = {one.row["has_fee"] for one in chosen if isinstance(one.row.get("has_fee"), bool)}
        if len(free) > 1:
            conflicts.append("有的回答收费，有的不收费")
        if free:
            together["has_fee"] = True in free
        if together.get("has_fee") is False and free:
            for name in ("fees", "fee_basis", "is_paid_online"):
                together.pop(name, None)
        limits = [one.row for one in chosen if not is_blank(one.row.get("promised_unit"))]
        told = {(row.get("promised_days"), row.get("promised_unit")) for row in limits}
        if len(told) > 1:
            conflicts.append("几个回答的承诺时限不同")
        if limits:
            longest = max(limits, key=_size)
            together |= {name: longest[name] for name in ("promised_days", "promised_unit") if name in longest}
            settle_limits(together, longest)


def situations_of(values: Values) -> Situations:
    """The questions among these values (of an item, or of a handling item: ``handled``)."""
    return Situations(rows_of(values, "situations"))


def _size(row: Values) -> int:
    days = row.get("promised_days")
    # five working days are as long as seven calendar days
    factor = {"1": 7, "2": 5}.get(str(row.get("promised_unit")), 0)
    return factor * days if isinstance(days, int) else 0


def _question(place: int, row: Values) -> SituationQuestion:
    answers = tuple(
        SituationAnswer(str(one.get("code") or number), str(one.get("label") or ""), one)
        for number, one in enumerate(rows_of(row, "answers"), start=1)
    )
    return SituationQuestion(
        place,
        str(row.get("code") or place),
        str(row.get("question") or ""),
        str(row.get("help") or ""),
        row.get("is_multiple") is True,
        answers,
    )


def _given(question: SituationQuestion, given: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
    """The answers that were sent; None where there were none."""
    sent = set(given.get(question.code, ()))
    chosen = tuple(one.code for one in question.answers if one.code in sent)
    if question.is_multiple:
        return chosen or ((NONE_OF_THEM,) if NONE_OF_THEM in sent else None)
    return chosen[:1] or None


def texts_of_answers(chosen: Sequence[SituationAnswer], cell: str) -> tuple[str, ...]:
    """What the answers say in a cell, each once."""
    return tuple(dict.fromkeys(str(one.row[cell]) for one in chosen if not is_blank(one.row.get(cell))))
