"""Halls and divisions as forms let people choose them: by name, pinyin, first letters or code, within reach."""

from collections.abc import Iterator

from django.db.models import Q

from foundation.design.picking import MOST_PICKS, Pick
from foundation.sounds import sounds_like
from province.console.slots import PickKind
from province.halls.models import Hall
from province.halls.queries.divisions import search_divisions
from province.rights.actors import Actor
from province.rights.queries import within_reach
from standards.numbers.divisions import CODE_LENGTH


def hall_picks(name: str, permission: str) -> PickKind:
    """Halls over which somebody has the permission, and (where it reaches a department alone) those of their own
    positions. The code is that of the division."""

    def find(by: Actor, words: str) -> Iterator[Pick]:
        own = {grant.hall_id for grant in by.grants if permission in grant.permissions and grant.hall_id}
        reach = _with(within_reach(by, permission, hall="pk", prefix="division__code"), Q(pk__in=own))
        named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(slug__startswith=words.lower())
        fitting = named | sounds_like("sounds", words) | Q(division__code__startswith=words)
        halls = Hall.objects.filter(reach, fitting).select_related("division__parent").order_by("division__code")
        for hall in halls[:MOST_PICKS]:
            above = hall.division.parent
            code = hall.division.code
            yield Pick(code, hall.name, above.name if above else "", is_exact=code == words)

    return PickKind(name, permission, find)


def division_picks(name: str, permission: str) -> PickKind:
    """Divisions in force over which somebody has the permission. Trailing zeros of a code may be left out."""

    def find(by: Actor, words: str) -> Iterator[Pick]:
        for one in search_divisions(words, within=_reach(by, permission))[:MOST_PICKS]:
            note = one.parent.name if one.parent else ""
            is_exact = words.isdecimal() and one.code == words.ljust(CODE_LENGTH, "0")
            yield Pick(one.code, one.name, note, is_exact=is_exact)

    return PickKind(name, permission, find)


def _reach(by: Actor, permission: str) -> Q:
    own = [
        grant.reach_prefix.ljust(CODE_LENGTH, "0")
        for grant in by.grants
        if permission in grant.permissions and grant.reach_prefix
    ]
    return _with(within_reach(by, permission, prefix="code"), Q(code__in=own))


def _with(reach: Q, own: Q) -> Q:
    """An empty condition reaches everything; joined with another, Django would drop it and leave that alone."""
    return reach | own if reach else reach
