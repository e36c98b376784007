"""Divisions in force, and their tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from foundation.errors import NotFound
from foundation.sounds import sounds_like
from province.halls.models import Division, DivisionCode
from province.halls.queries.division_changes import Present
from standards.numbers.divisions import PREFIX_LENGTH, prefix_of_code

MOST_FOUND = 50


def present_divisions(roots: Sequence[str]) -> list[Present]:
    """Every division in force at or below the codes, in the order of codes."""
    below = Q(pk__in=())
    for code in roots:
        below |= Q(code__startswith=prefix_of_code(code))
    rows = (
        Division.objects.filter(below, valid_to=None)
        .order_by("code")
        .values_list("pk", "code", "name", "level", "parent__code", "valid_from")
    )
    return [Present(*facts[:4], facts[4] or "", facts[5]) for facts in rows]


def division_with_code(code: str) -> Division:
    """The division that bears the code, or bore it last. Raises NotFound."""
    found = (
        DivisionCode.objects.filter(code=code)
        .select_related("division__parent")
        .order_by(F("division__valid_to").desc(nulls_first=True), F("valid_to").desc(nulls_first=True))
        .first()
    )
    if found is None:
        message = f"没有区划代码 {code}。"
        raise NotFound(message)
    return found.division


def child_divisions(code: str | None) -> QuerySet[Division]:
    """One level of the tree below a code (None: the provinces), in the order of codes.

    Each with its ``hall`` (where it has one), ``child_count`` and ``hall_count`` (halls of the divisions directly
    below).
    """
    children = Division.objects.filter(valid_to=None).select_related("hall")
    children = (
        children.filter(parent=None) if code is None else children.filter(parent__code=code, parent__valid_to=None)
    )
    return children.annotate(
        child_count=Count("children", filter=Q(children__valid_to=None)),
        hall_count=Count("children__hall", filter=Q(children__valid_to=None)),
    ).order_by("code")


def search_divisions(words: str, *, within: Q | None = None) -> QuerySet[Division]:
    """At most 50 divisions in force whose names have all the words, or one of whose codes, present or former, begins
    with the digits; a word in letters may be pinyin or first letters, of theirs or of what stands above. The upper
    levels first. ``within``: only of these."""
    wanted = Q()
    for word in words.split():
        if word.isascii() and word.isdigit():
            former = DivisionCode.objects.filter(division=OuterRef("pk"), code__startswith=word)
            wanted &= Q(Exists(former))
        else:
            wanted &= Q(name__icontains=word) | Q(parent__name__icontains=word) | _sounds_so(word)
    if not wanted:
        return Division.objects.none()
    levels = Case(*(When(level=level, then=Value(length)) for level, length in PREFIX_LENGTH.items()))
    return (
        Division.objects.filter(wanted, within or Q(), valid_to=None)
        .select_related("hall", "parent__parent")
        .annotate(depth=levels)
        .order_by("depth", "code")[:MOST_FOUND]
    )


def _sounds_so(word: str) -> Q:
    return sounds_like("sounds", word) | sounds_like("parent__sounds", word) if word.isascii() else Q()


def division_history(division: Division) -> QuerySet[DivisionCode]:
    """Every code and name that it bore, the latest first."""
    return division.codes.order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "code")


@dataclass(frozen=True, slots=True)
class DivisionFigures:
    """Divisions in force of one level, and how many of them have a hall."""

    level: str
    divisions: int
    governments: int
    halls: int


def division_figures() -> list[DivisionFigures]:
    """By level, from the province down."""
    rows = {
        level: DivisionFigures(level, *counts)
        for level, *counts in Division.objects.filter(valid_to=None)
        .values_list("level")
        .annotate(divisions=Count("pk"), governments=Count("pk", filter=Q(is_government=True)), halls=Count("hall"))
    }
    return [rows[level] for level in PREFIX_LENGTH if level in rows]


def names_of_codes(codes: Iterable[str]) -> dict[str, str]:
    """12-digit code -> the name of the division that bears it, or bore it last: one query."""
    return dict(DivisionCode.objects.filter(code__in=codes).order_by("valid_from").values_list("code", "name"))
