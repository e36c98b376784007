"""What the desk's search finds of questions."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse

from foundation.masking import scrub
from province.console.slots import MOST_HITS, Hit
from tenants.engagement.queries.desk import questions_at_desk
from tenants.shell.slots import Desk

_LONGEST: Final = 60


def find_questions(desk: Desk, words: str) -> Iterator[Hit]:
    """Those that are the person's business: by number, or by what was said; the newest first."""
    asked = {"number": words} if words.isascii() and words.isdecimal() else {"words": words}
    for question in questions_at_desk(desk, **asked).order_by("-pk")[:MOST_HITS]:
        text = scrub(question.text)  # type: ignore[attr-defined]  # annotated
        title = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        detail = f"{question.number} · {question.get_state_display()}"
        yield Hit("咨询", title, detail, reverse("desk-question", args=[question.pk]))
