"""What took over from an item that was merged or split (合并、拆分)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from province.catalogue.models import Item, Succession
from province.catalogue.states import OPEN_SUCCESSIONS, ItemLife, SuccessionKind, SuccessionState


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a succession. ``before``: the items from which others take over; ``after``: those that do, the
    main one first; ``ended``: of the former those that end. An item that is divided and goes on is on both sides."""

    kind: SuccessionKind
    before: tuple[Item, ...]
    after: tuple[Item, ...]

    @property
    def ended(self) -> tuple[Item, ...]:
        return tuple(one for one in self.before if one not in self.after)

    @property
    def all(self) -> tuple[Item, ...]:
        return tuple({one.pk: one for one in (*self.before, *self.after)}.values())


def sides_of(kind: SuccessionKind | str, item: Item, parts: Iterable[Item], *, goes_on: bool) -> Sides:
    """The two sides of what was, or is to be, asked for."""
    others = tuple(parts)
    if kind == SuccessionKind.MERGER:
        return Sides(SuccessionKind.MERGER, others, (item,))
    return Sides(SuccessionKind.SPLIT, (item,), (item, *others) if goes_on else others)


def sides_of_succession(succession: Succession) -> Sides:
    parts = succession.parts.select_related("item__department").order_by("position")
    return sides_of(succession.kind, succession.item, [one.item for one in parts], goes_on=succession.goes_on)


def successions_about(item: Item) -> QuerySet[Succession]:
    """Those that name the item and still mean something: open ones and those that were carried out, the latest
    first."""
    about = Q(item=item) | Q(parts__item=item)
    lasting = Q(state__in=[*OPEN_SUCCESSIONS, SuccessionState.DONE, SuccessionState.LAPSED])
    rows = Succession.objects.filter(about & lasting).select_related("item__department").distinct()
    return rows.order_by("-created_at", "-pk")


def successors_of(item: Item) -> list[Item]:
    """What took over from an item that has ended so, the main one first; empty for every other item."""
    if item.state != ItemLife.SUCCEEDED:
        return []
    found = successions_about(item).filter(state=SuccessionState.DONE).order_by("-done_at")
    return next(
        (list(sides.after) for one in found if item in (sides := sides_of_succession(one)).ended),
        [],
    )


def successions_from(item_ids: Collection[UUID]) -> list[tuple[Succession, Sides]]:
    """Those carried out in which others took over from any of these items, the earliest first."""
    done = Succession.objects.filter(state=SuccessionState.DONE).select_related("item__department")
    merged = Q(kind=SuccessionKind.MERGER, parts__item__in=item_ids)
    split = Q(kind=SuccessionKind.SPLIT, item__in=item_ids)
    rows = done.filter(merged | split).distinct().order_by("done_at", "pk")
    return [(one, sides_of_succession(one)) for one in rows]
