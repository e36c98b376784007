"""What the desk's search finds of the hall's items."""

from collections.abc import Iterator

from django.db.models import F
from django.urls import reverse

from province.console.slots import MOST_HITS, Hit
from tenants.services.queries.desk import adoptions_at_desk
from tenants.shell.slots import Desk


def find_adoptions(_: Desk, words: str) -> Iterator[Hit]:
    """By name (also without Chinese letters) or the beginning of the code, the last edited first."""
    found = adoptions_at_desk(words=words).order_by(F("edited_at").desc(nulls_last=True), "pk")
    for adoption in found[:MOST_HITS]:
        detail = f"{adoption.basic_code} · {adoption.get_state_display()}"  # type: ignore[attr-defined]  # annotated
        name = adoption.name  # type: ignore[attr-defined]  # annotated
        yield Hit("事项", name, detail, reverse("desk-item", args=[adoption.pk]))
