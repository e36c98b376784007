"""What people choose by name in forms, each from what is in their sight."""

from collections.abc import Sequence

from django.urls import reverse

from foundation.design.picking import Pick, PickList, Picks
from foundation.errors import NotFound
from province.console.slots import PICKS, PickKind
from province.rights.actors import Actor
from province.rights.queries import has_anywhere

_LONGEST = 80


def find_picks(by: Actor, kind: str, words: str) -> Sequence[Pick]:
    """Those of a kind that fit the words, the best first. Raises NotFound for a kind that there is not."""
    return _found(by, _kind_named(kind), words)


def picks_for(by: Actor) -> Picks:
    """The lists that this person chooses from, by their kinds."""

    def of(kind: str) -> PickList:
        source = _kind_named(kind)
        return PickList(reverse("picks", args=[kind]), lambda words: _found(by, source, words))

    return of


def _kind_named(name: str) -> PickKind:
    found = next((one for one in PICKS.entries() if one.name == name), None)
    if found is None:
        raise NotFound("没有这个可选的列表。")
    return found


def _found(by: Actor, kind: PickKind, words: str) -> Sequence[Pick]:
    words = words.replace("\0", "").strip()[:_LONGEST]
    if not words or (kind.permission and not has_anywhere(by, kind.permission)):
        return ()
    return list(kind.find(by, words))
