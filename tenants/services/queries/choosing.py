"""What a citizen has chosen of an item at this hall: the handling item (你要办哪一种), and answers to its questions
(您的情况); as the page asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from province.catalogue.queries.handling import ChosenGuide, chosen_guide, query_of, words_of_choice
from standards.items.codelists import HandlingKind
from standards.items.handling import hall_row, is_handled_here, rows_of
from standards.items.situations import NONE_OF_THEM, SituationQuestion, situations_of

type Values = Mapping[str, Any]
type Asked = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class HandlingChoice:
    """A handling item as the page offers it; ``elsewhere``: who does it where this hall does not ("": it does)."""

    name: str
    kind: str
    note: str
    query: str
    is_chosen: bool
    elsewhere: str


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionChoice:
    """``name``: of the inputs. ``is_open``: not answered yet."""

    name: str
    text: str
    help: str
    is_multiple: bool
    is_open: bool
    answers: tuple[AnswerChoice, ...]


@dataclass(frozen=True, slots=True)
class GuideChoice:
    """``handling``: what one may come for, none where there is one thing alone; ``code``: of the chosen one;
    ``questions``: those to be asked after the answers so far; ``chosen``: what counts. ``query``: the address of just
    this choice, ``words``: what was chosen."""

    handling: tuple[HandlingChoice, ...]
    code: str
    questions: tuple[QuestionChoice, ...]
    chosen: ChosenGuide
    query: str
    words: str

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.handling or self.questions)

    @property
    def open_count(self) -> int:
        """How many questions are still open."""
        return len(self.chosen.situated.open_questions)

    @property
    def must_choose(self) -> bool:
        """Whether there are handling items and none was chosen."""
        return bool(self.handling) and not self.code


def guide_choice(values: Values, asked: Asked) -> GuideChoice:
    """What an address says of an item. ``values``: the province's and the hall's together (``effective``); what they
    do not know is taken as not said."""
    chosen = chosen_guide(values, asked)
    code = str(chosen.row.get("code")) if chosen.row else ""
    rows = rows_of(values, "handling_items")
    questions = () if rows and not code else situations_of(chosen.values).asked(chosen.answers)
    return GuideChoice(
        handling=tuple(_handling(values, row, code) for row in rows),
        code=code,
        questions=tuple(_question(one, chosen) for one in questions),
        chosen=chosen,
        query=query_of(code, chosen.answers),
        words=words_of_choice(chosen),
    )


def _handling(values: Values, row: Values, chosen: str) -> HandlingChoice:
    code = str(row.get("code"))
    elsewhere = "" if is_handled_here(values, code) else str(hall_row(values, code).get("elsewhere") or "其他服务厅")
    return HandlingChoice(
        name=str(row.get("name") or ""),
        kind=str(HandlingKind(row["kind"]).label) if row.get("kind") in HandlingKind.values else "",
        note=str(row.get("chosen_when") or ""),
        query=query_of(code, {}),
        is_chosen=code == chosen,
        elsewhere=elsewhere,
    )


def _question(question: SituationQuestion, chosen: ChosenGuide) -> QuestionChoice:
    given = chosen.answers.get(question.code)
    answers = [AnswerChoice(one.code, one.label, one.code in (given or ())) for one in question.answers]
    if question.is_multiple:
        answers.append(AnswerChoice(NONE_OF_THEM, "都没有", is_chosen=given == ()))
    return QuestionChoice(
        name=f"q{question.code}",
        text=question.text,
        help=question.help,
        is_multiple=question.is_multiple,
        is_open=given is None,
        answers=tuple(answers),
    )
