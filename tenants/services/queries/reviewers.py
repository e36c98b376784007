"""Who passes the guides of a hall: its own people, or those of places above it; nothing may wait for nobody."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse

from province.catalogue.models import SubmittedGuide
from province.console.slots import Area, FindingKind, Light, LightPart, PlaceFinding
from province.halls.models import Hall
from province.halls.states import HallState
from province.people.models import Account, Position
from province.people.queries.holders import holders_of, nearest_positions, positions_carrying
from province.rights.roles import Reach
from tenants.services.models import HallGuideVersion

_REVIEW, _REVIEW_BELOW = "services.review", "catalogue.review_below"
# of several people a sentence names the first
_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class GuideReviewers:
    """``own``: people of the hall; ``above``: people of places above it."""

    own: list[Account]
    above: list[Account]

    def besides(self, account_id: UUID | None) -> "GuideReviewers":
        """Without this person, who does not decide on what they have written."""
        return GuideReviewers(*([one for one in some if one.pk != account_id] for some in (self.own, self.above)))

    @property
    def sentence(self) -> str:
        if self.own:
            return f"提交后由本厅{_named(self.own)}审核。"
        if self.above:
            return f"本厅没有第二个审核人，提交后由上级的{_named(self.above)}审核。"
        return "没有人能审核本厅的实施清单，提交后没有人处理。请先联系管理员，为另一人设置审核岗位。"

    @property
    def is_nobody(self) -> bool:
        return not self.own and not self.above


def guide_reviewers(hall: Hall) -> GuideReviewers:
    """Two queries."""
    own = holders_of(_REVIEW, hall_id=hall.pk, prefixes=hall.prefixes)
    known = {one.pk for one in own}
    above = holders_of(_REVIEW_BELOW, hall_id=None, prefixes=hall.prefixes)
    return GuideReviewers(own, [one for one in above if one.pk not in known])


def own_reviewers(hall: Hall, guides: Iterable[HallGuideVersion]) -> list[Position]:
    """The positions in the hall whose holders may decide on at least one of these guides: one query."""
    hands = [set(one.author_ids) for one in guides]
    everywhere = set.intersection(*hands) if hands else set()
    return nearest_positions(_REVIEW, hall_id=hall.pk, prefixes=hall.prefixes, without=everywhere)


def reviewers_above(hall: Hall, guides: Iterable[SubmittedGuide]) -> list[Position]:
    """The positions of the nearest place above that reviews for the hall, of people who wrote none of these: one
    query."""
    hands: set[UUID] = set().union(*(one.author_ids for one in guides))
    found = nearest_positions(_REVIEW_BELOW, prefixes=hall.prefixes, without=hands)
    return [one for one in found if one.hall_id not in {None, hall.pk}]


def todo_for_reviewers(hall: Hall) -> str:
    """ "" where a guide of the hall is passed by somebody else, no matter who writes it."""
    found = guide_reviewers(hall)
    if len({one.pk for one in (*found.own, *found.above)}) >= _LEAST:
        return ""
    return "实施清单要由没有参与填写的人审核，请为至少两人设置本厅审核岗位，或由上级安排审核人。"


def halls_waiting_for_nobody(guides: Iterable[SubmittedGuide]) -> set[UUID]:
    """The ids of those guides on which nobody may decide: who could has written them. Three queries, whatever their
    number."""
    rows = list(guides)
    halls = Hall.objects.in_bulk({one.hall_id for one in rows})
    by_hall: dict[UUID | None, set[UUID]] = defaultdict(set)
    by_prefix: dict[str, set[UUID]] = defaultdict(set)
    facts = ("account_id", "hall_id", "reach_prefix", "reach")
    if rows:
        for account_id, hall_id, _, reach in positions_carrying(_REVIEW).values_list(*facts):
            if reach in {Reach.HALL, Reach.SUBTREE, Reach.PROVINCE}:
                by_hall[None if reach == Reach.PROVINCE else hall_id].add(account_id)
        for account_id, _, prefix, reach in positions_carrying(_REVIEW_BELOW).values_list(*facts):
            if reach in {Reach.SUBTREE, Reach.PROVINCE}:
                by_prefix["" if reach == Reach.PROVINCE else prefix].add(account_id)
    stuck = set()
    for one in rows:
        hall = halls[one.hall_id]
        able = by_hall[hall.pk] | by_hall[None]
        able |= set().union(*(by_prefix[prefix] for prefix in ("", *hall.prefixes)))
        if able <= set(one.author_ids):
            stuck.add(one.pk)
    return stuck


def find_stuck(area: Area) -> Iterator[PlaceFinding]:
    """Guides that wait for nobody: four queries."""
    halls = Hall.objects.exclude(state=HallState.RETIRED).filter(division__code__startswith=area.prefix)
    codes = dict(halls.filter(pk__in=SubmittedGuide.objects.values("hall_id")).values_list("pk", "division__code"))
    guides = {
        one.pk: one for one in SubmittedGuide.objects.filter(hall_id__in=list(codes)).defer("values", "shown_values")
    }
    for pk in halls_waiting_for_nobody(guides.values()):
        yield PlaceFinding("services.waits_for_nobody", codes[guides[pk].hall_id][: area.digits], 1)


def _waiting_page(code: str) -> str:
    return reverse("console-matrix", query={"under": code, "state": "s"})


GUIDE_LIGHTS = LightPart(
    {"services.waits_for_nobody": FindingKind(Light.RED, "份实施清单没有人能审核", _waiting_page)}, find_stuck
)


def _named(people: list[Account]) -> str:
    first = people[0].name
    return f"{first}等 {len(people)} 人" if len(people) > 1 else first
