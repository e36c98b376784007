"""Mergers and splits of items (合并、拆分) that somebody asks for: what is refused, what they touch, who decides."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.catalogue.models import Assignment, HallItem, Item, ItemVersion, Succession
from province.catalogue.queries.codes import items_by_code
from province.catalogue.queries.desks import check_reader, items_in_sight
from province.catalogue.queries.parents import has_parts
from province.catalogue.queries.successors import Sides, sides_of, sides_of_succession, successions_about
from province.catalogue.states import (
    ENDED,
    OPEN_REVIEWS,
    OPEN_SUCCESSIONS,
    ItemLife,
    SuccessionKind,
    SuccessionState,
    VersionState,
)
from province.rights.actors import Actor
from province.rights.queries import may
from standards.items.codes import plain_code

# more could not be read before somebody confirms them
MOST_PARTS = 20
_LEAST_PARTS = 2


@dataclass(frozen=True, slots=True)
class SuccessionPreview:
    """What a merger or a split would touch. ``refusal``: why it cannot be, "" where it can; ``halls``: how many have
    adopted any of the items from which others take over; ``open_versions``: submissions of items that end and that
    will then come to nothing; ``assignments``: 下发 in force that name such an item, and name its successors then;
    ``moved_parts``: how many 子项 go under the item that takes over."""

    refusal: str
    sides: Sides
    halls: int
    open_versions: int
    assignments: int
    moved_parts: int


def succession_preview(
    kind: SuccessionKind, item: Item, parts: Sequence[Item], *, goes_on: bool, begins_at: datetime | None
) -> SuccessionPreview:
    """What it would touch; it writes nothing. Seven queries, however many halls there are."""
    sides = sides_of(kind, item, parts, goes_on=goes_on)
    before = [one.pk for one in sides.before]
    open_states = (*OPEN_REVIEWS, VersionState.APPROVED)
    return SuccessionPreview(
        refusal=why_not_succeed(sides, begins_at),
        sides=sides,
        halls=HallItem.objects.filter(item__in=before).values("hall_id").distinct().count(),
        open_versions=ItemVersion.objects.filter(item__in=sides.ended, state__in=open_states).count(),
        assignments=Assignment.objects.filter(item_ids__overlap=before, ended_at=None).count(),
        moved_parts=parts_that_move(sides).count(),
    )


def why_not_succeed(sides: Sides, begins_at: datetime | None, *, besides: UUID | None = None) -> str:
    """Why the items on the one side cannot be succeeded by those on the other on that day; "" where they can.
    ``besides``: the succession that is being asked about."""
    at = begins_at or timezone.now()
    if not sides.before:
        return "请写明要并入的事项，至少一个。"
    if sides.kind is SuccessionKind.SPLIT and len(sides.after) < _LEAST_PARTS:
        return "拆分后至少要有两个事项：原事项保留的，至少写一个新事项；不保留的，至少写两个。"
    if len(sides.all) > MOST_PARTS + 1:
        return f"一次最多合并或拆分 {MOST_PARTS} 个事项。"
    if len({one.family for one in sides.all}) > 1:
        # a power is there by law alone (行政许可法 art. 14–17) and ends by law; a service is neither, and has other
        # codes, elements and reviewers: one is abolished and the other begun, each with its own basis
        return "行政职权、便民服务、政府信息公开的依据和编码都不同，不能互相合并或拆分：请废止一个，另建一个。"
    return next(
        (
            words
            for words in (
                _unfit_main_item(sides),
                _unfit_successor(sides, at),
                _unfit_ended(sides, at),
                _already_under_way(sides, besides),
            )
            if words
        ),
        "",
    )


def _unfit_main_item(sides: Sides) -> str:
    """Why 主项 or 子项 stand against it. Halls adopt 子项, never the 主项 above them: an adoption that went over to a
    主项 would be one that no hall can have. So a 主项 may go into another 主项 alone, whose 子项 its own become; and
    which 子项 belong to which half of a split nobody can tell but those who write them."""
    with_parts = _with_parts(sides)
    mains = {one.pk: one for one in sides.all if one.pk in with_parts}
    if not mains:
        return ""
    first, target = next(iter(mains.values())), sides.after[0]
    if sides.kind is SuccessionKind.SPLIT:
        return f"“{first.name}”是主项，哪个子项归谁要逐个决定：请先在各子项里改写主项，不能整个拆分。"
    if target.pk not in mains:
        return f"“{first.name}”是主项，它的子项只能归到另一个有子项的主项下；“{target.name}”没有子项，请先逐个处理。"
    if plain := next((one for one in sides.before if one.pk not in mains), None):
        return f"“{target.name}”是主项，服务厅认领的是它的子项：请把“{plain.name}”并入它的一个子项。"
    if other := next((one for one in sides.before if one.item_type != target.item_type), None):
        return f"“{other.name}”和“{target.name}”的事项类型不同，子项不能归到它下面。"
    return ""


def _with_parts(sides: Sides) -> frozenset[UUID]:
    rows = Item.objects.annotate(has_parts=has_parts("pk")).filter(pk__in=[one.pk for one in sides.all], has_parts=True)
    return frozenset(rows.values_list("pk", flat=True))


def parts_that_move(sides: Sides) -> QuerySet[Item]:
    """The 子项 of those 主项 that end: they go under the one that takes over."""
    return Item.objects.filter(parent__in=[one.pk for one in sides.ended]).exclude(state__in=ENDED)


def _unfit_successor(sides: Sides, at: datetime) -> str:
    held = set(
        ItemVersion.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=at),
            item__in=[one.pk for one in sides.after],
            state=VersionState.PUBLISHED,
            valid_from__lte=at,
        ).values_list("item_id", flat=True)
    )
    for one in sides.after:
        if one.state != ItemLife.ACTIVE:
            return f"“{one.name}”{one.get_state_display()}，不能承接别的事项。"
        if one.pk not in held:
            return f"“{one.name}”到那时还没有施行的版本，请先报送、审核并公布。"
    return ""


def _unfit_ended(sides: Sides, at: datetime) -> str:
    for one in sides.before:
        if one.state in ENDED:
            return f"“{one.name}”{one.get_state_display()}，不能再合并或拆分。"
    ended = [one.pk for one in sides.ended]
    published = ItemVersion.objects.filter(item__in=ended, state=VersionState.PUBLISHED)
    begun = set(published.values_list("item_id", flat=True))
    if never := next((one for one in sides.ended if one.pk not in begun), None):
        return f"“{never.name}”从没有公布过，不用合并或拆分。"
    coming = published.filter(valid_from__gt=at).select_related("item").first()
    return f"“{coming.item.name}”还有一版已公布待生效，请先撤回它的公布。" if coming else ""


def _already_under_way(sides: Sides, besides: UUID | None) -> str:
    """An item that is to end is named by no other succession, and one that is to take over does not end in another."""
    ended = {one.pk for one in sides.ended}
    for other in _open_about([one.pk for one in sides.all]):
        if other.pk == besides:
            continue
        theirs = sides_of_succession(other)
        taken = next((one for one in theirs.all if one.pk in ended), None)
        taken = taken or next((one for one in theirs.ended if one in sides.all), None)
        divided = other.kind == SuccessionKind.SPLIT and other.item in sides.before
        if taken or divided:
            name = (taken or other.item).name
            return f"“{name}”已在另一次{other.get_kind_display()}里（{other.get_state_display()}），请先处理那一次。"
    return ""


def _open_about(item_ids: Collection[UUID]) -> QuerySet[Succession]:
    about = Q(item__in=item_ids) | Q(parts__item__in=item_ids)
    rows = Succession.objects.filter(about, state__in=OPEN_SUCCESSIONS).select_related("item__department")
    return rows.distinct().order_by("created_at", "pk")


def check_begins_before_succession(item: Item, begins_at: datetime) -> None:
    """Raises Conflict for a version that would begin when others have taken over from the item."""
    planned = _open_about([item.pk]).filter(state=SuccessionState.PLANNED, begins_at__lte=begins_at)
    for one in planned:
        if item in sides_of_succession(one).ended:
            message = (
                f"这个事项已定于 {timezone.localtime(one.begins_at):%Y-%m-%d %H:%M} {one.get_kind_display()}，"
                "新版应在那以前生效；如不再需要，请先撤回。"
            )
            raise Conflict(message)


def successions_in_sight(by: Actor, *, state: str = "") -> QuerySet[Succession]:
    """All of them, the latest first: they are no secret before anybody who reads the catalogue. ``state``: in that one
    alone."""
    check_reader(by)
    rows = Succession.objects.filter(Q(state=state) if state else Q()).select_related("item__department")
    return rows.prefetch_related("parts__item").order_by("-created_at", "-pk")


def successions_to_confirm(by: Actor) -> QuerySet[Succession]:
    """Those that wait for this person: somebody else has asked for them."""
    if not may(by, "catalogue.publish"):
        return Succession.objects.none()
    waiting = successions_in_sight(by, state=SuccessionState.WAITING)
    return waiting.exclude(proposed_by_id__in=[one for one in (by.id, by.acting_for_id) if one])


def succession_with_id(by: Actor, succession_id: UUID) -> Succession:
    """Raises NotFound."""
    found = successions_in_sight(by).filter(pk=succession_id).first()
    if found is None:
        raise NotFound("没有这次合并或拆分。")
    return found


@dataclass(frozen=True, slots=True)
class SuccessionLine:
    """A succession as the page of one of its items shows it to somebody."""

    succession: Succession
    sides: Sides
    is_open: bool
    may_confirm: bool
    may_withdraw: bool


def succession_lines(by: Actor, item: Item) -> list[SuccessionLine]:
    """What the page of an item says of its mergers and splits, the latest first."""
    found = list(successions_about(item))
    if not found:
        return []
    mine = set(successions_to_confirm(by).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    publishes = may(by, "catalogue.publish")
    return [
        SuccessionLine(
            succession=one,
            sides=sides_of_succession(one),
            is_open=one.state in OPEN_SUCCESSIONS,
            may_confirm=one.pk in mine,
            may_withdraw=(one.state == SuccessionState.PLANNED and publishes)
            or (one.state == SuccessionState.WAITING and one.proposed_by_id == by.id),
        )
        for one in found
    ]


def items_with_codes(by: Actor, text: str) -> list[Item]:
    """The items in sight that answer to these codes, as somebody typed them: on lines, or with commas between. Raises
    Invalid for one that no item answers to."""
    codes = [plain_code(one) for one in re.split(r"[\s,，、;；]+", text) if one]
    known = items_by_code(codes)
    sight = set(Item.objects.filter(items_in_sight(by), pk__in=[one.pk for one in known.values()]).values_list("pk"))
    faults = [
        Fault("codes", f"没有基本编码是 {code[:40]} 的事项。")
        for code in codes
        if code not in known or (known[code].pk,) not in sight
    ]
    if faults:
        raise Invalid.of(faults, many=faults[0].message)
    return [known[code] for code in codes]
