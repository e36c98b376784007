"""What the desk's search finds of cases and of opinions about them."""

from collections.abc import Iterator

from django.urls import reverse

from province.console.slots import MOST_HITS, Hit
from tenants.casework.queries.desk import cases_at_desk
from tenants.casework.queries.joint import opinions_numbered
from tenants.shell.slots import Desk


def find_cases(desk: Desk, words: str) -> Iterator[Hit]:
    """Those that are the person's business, the newest first."""
    for case in cases_at_desk(desk, words=words)[:MOST_HITS]:
        detail = f"{case.short_number} · {case.get_state_display()}"
        is_whole = case.number == words.strip().upper()
        yield Hit("办件", case.item_name, detail, reverse("desk-case", args=[case.pk]), is_whole)


def find_opinions(desk: Desk, words: str) -> Iterator[Hit]:
    """What the person's department is asked for, by its whole 联办编号."""
    for line in opinions_numbered(desk, words):
        name: str = line.opinion.item_name  # type: ignore[attr-defined]  # annotated
        detail = f"{line.number} · {line.opinion.get_state_display()}"
        yield Hit("联办意见", name, detail, reverse("desk-opinion", args=[line.opinion.pk]), is_whole=True)
