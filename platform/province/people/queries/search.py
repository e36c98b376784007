"""What the search over everything finds of people."""

from collections.abc import Iterator

from django.urls import reverse

from province.console.slots import Hit
from province.people.queries.accounts import accounts_named
from province.people.queries.picks import PEOPLE
from province.rights.actors import Actor


def find_people(by: Actor, words: str) -> Iterator[Hit]:
    """Those whom the actor may see, by name, pinyin, first letters or account."""
    picks = list(PEOPLE.find(by, words))
    ids = accounts_named(pick.value for pick in picks)
    for pick in picks:
        address = reverse("console-person", args=[ids[pick.value]])
        yield Hit("人员", pick.name, " · ".join(filter(None, (pick.value, pick.note))), address)
