"""What the desk's search finds of questions."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse

from foundation.masking import scrub
from province.console.slots import MOST_HITS, Hit
from province.opinion.states import QuestionKind
from tenants.engagement.queries.desk import questions_at_desk
from tenants.shell.slots import Desk

_LONGEST: Final = 60


def find_questions(desk: Desk, words: str) -> Iterator[Hit]:
    """Those that are the person's business: by number, or by what was said; the newest first."""
    yield from _found(desk, words, QuestionKind.QUESTION)


def find_complaints(desk: Desk, words: str) -> Iterator[Hit]:
    """Likewise."""
    yield from _found(desk, words, QuestionKind.COMPLAINT)


def _found(desk: Desk, words: str, kind: QuestionKind) -> Iterator[Hit]:
    asked = {"number": words} if words.isascii() and words.isdecimal() else {"words": words}
    for question in questions_at_desk(desk, kind, **asked).order_by("-pk")[:MOST_HITS]:
        text = scrub(question.text)  # type: ignore[attr-defined]  # annotated
        title = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        detail = f"{question.number} · {question.get_state_display()}"
        yield Hit(str(kind.label), title, detail, reverse("desk-question", args=[question.pk]))
