"""What the desk's search finds of what was taken in."""

from collections.abc import Iterator

from django.urls import reverse

from province.console.slots import MOST_HITS, Hit
from tenants.assistance.queries.assistances import assistance_lines, assistances_here
from tenants.shell.slots import Desk


def find_assistances(desk: Desk, words: str) -> Iterator[Hit]:
    """The newest first."""
    rows = list(assistances_here(desk.hall, words=words)[:MOST_HITS])
    for line in assistance_lines(desk.hall, rows):
        name = line.applicant.shown_name if line.applicant else ""
        detail = f"{name} · {line.state_words}"
        yield Hit("代办", line.assistance.item_name, detail, reverse("desk-assistance", args=[line.assistance.pk]))
