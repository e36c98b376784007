"""What the desk's search finds of licences."""

from collections.abc import Iterator

from django.urls import reverse

from province.console.slots import MOST_HITS, Hit
from tenants.licences.queries.register import licences_at_desk
from tenants.shell.slots import Desk


def find_licences(desk: Desk, words: str) -> Iterator[Hit]:
    """By number, name or holder, the newest first."""
    for one in licences_at_desk(desk.hall, words=words)[:MOST_HITS]:
        detail = f"{one.number} · {one.standing.label}"
        yield Hit("证照", one.name, detail, reverse("desk-licence", args=[one.pk]))
