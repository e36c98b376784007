from itertools import combinations
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from foundation.editing.versions import has_decided, has_hand_in
from foundation.errors import NotFound
from province.content.models import Manuscript, ManuscriptVersion, Review
from province.content.queries.desks import at_desks_of, check_reach, may_at_desk
from province.content.states import OPEN_REVIEWS, ReviewState
from province.people.models import Position
from province.people.queries.holders import nearest_positions
from province.people.queries.people import accounts_who_may
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import HALL_EDITORS, Reach, Role
from standards.numbers.divisions import PREFIX_LENGTH

declare("content.review", "审核稿件（任何审次）", reach=Reach.UNIT, roles=HALL_EDITORS | {Role.PROVINCE_OPERATOR})
# somebody may have one of the three reviews alone
_OF_STEP = {
    ReviewState.FIRST: declare("content.review.first", "初审稿件", reach=Reach.UNIT, roles={Role.FIRST_REVIEWER}),
    ReviewState.SECOND: declare("content.review.second", "复审稿件", reach=Reach.UNIT, roles={Role.SECOND_REVIEWER}),
    ReviewState.FINAL: declare("content.review.final", "终审稿件", reach=Reach.UNIT, roles={Role.FINAL_REVIEWER}),
}


def review_permission(by: Actor, step: ReviewState, manuscript: Manuscript) -> str:
    """By which permission this person gives that review of it: its own, or (also for who has neither) the one for all
    three."""
    of_step = _OF_STEP[step]
    return of_step if may_at_desk(by, of_step, manuscript) else "content.review"


def why_not_review(by: Actor, version: ManuscriptVersion) -> str:
    """Why this person may not give the review for which the version waits; "" where they may.

    No person gives two of the three reviews of a version, and none whose hand is in the text gives the final one.
    """
    if version.state == ReviewState.FINAL and has_hand_in(version, by):
        return "您参与了这一版的撰写，终审应由没有参与撰写的人进行。"
    if has_decided(version.reviews.all(), by):
        return "您已审过这一版的另一审次，三次审核应由三个人分别进行。"
    return ""


def review_shortage(by: Actor, desk_prefix: str) -> str:
    """Why a text that this person writes at the desk could not pass its three reviews, and what to do; "" where enough
    people are there.

    Three different people give them, the last one nobody whose hand is in the text.
    """
    anything = accounts_who_may("content.review", prefix=desk_prefix)
    of_step = {step: anything | accounts_who_may(one, prefix=desk_prefix) for step, one in _OF_STEP.items()}
    of_step[ReviewState.FINAL] -= {by.id} if by.id else set()
    # Hall's theorem: any of the steps together need as many people
    groups = (steps for size in (1, 2, 3) for steps in combinations(of_step.values(), size))
    if all(len(set().union(*steps)) >= len(steps) for steps in groups):
        return ""
    people = set().union(*of_step.values())
    others = people - {by.id}
    needed = len(_OF_STEP) - (1 if by.id in people else 0)
    return (
        f"本单位除您以外有 {len(others)} 人可审，三审需要 {needed} 位其他人："
        "请管理员在“人员”里为初审、复审、终审各安排一人，或请上级编辑部代为审核，然后再写。"
    )


def review_queue(by: Actor, *, is_urgent: bool | None = None) -> QuerySet[ManuscriptVersion]:
    """The versions that wait for a review at the actor's desks: urgent ones first, then the oldest.

    Annotated with ``may_review``: whether the actor may give the review that is next.
    """
    given = Review.objects.filter(version=OuterRef("pk"), reviewer_id=by.id)
    is_own_final = Q(state=ReviewState.FINAL, author_ids__contains=[by.id] if by.id else [])
    may_review = Case(
        When(Exists(given), then=Value(value=False)),
        When(is_own_final, then=Value(value=by.id is None)),
        default=Value(value=True),
        output_field=BooleanField(),
    )
    desk, text = "manuscript__desk_prefix", "manuscript__"
    # each with its states: "everything" is an empty filter, which an "or" would drop
    at_desks = Q(at_desks_of(by, "content.review", desk=desk, text=text), state__in=OPEN_REVIEWS)
    for step, permission in _OF_STEP.items():
        at_desks |= Q(at_desks_of(by, permission, desk=desk, text=text), state=step)
    versions = ManuscriptVersion.objects.filter(at_desks)
    if is_urgent is not None:
        versions = versions.filter(is_urgent=is_urgent)
    return (
        versions.annotate(may_review=may_review)
        .select_related("manuscript", "cover")
        .prefetch_related("reviews")
        .order_by("-is_urgent", "created_at", "id")
    )


def next_reviewers(version: ManuscriptVersion) -> list[Position]:
    """The positions of those who may give the review for which the version waits, the nearest to its desk: two queries.
    ``version``: with its manuscript and reviews."""
    text = version.manuscript
    desk = text.desk_prefix
    without = {one.reviewer_id for one in version.reviews.all() if one.reviewer_id}
    if version.state == ReviewState.FINAL:
        without |= set(version.author_ids)
    return [
        position
        for permission in (_OF_STEP[ReviewState(version.state)], "content.review")
        for position in nearest_positions(
            permission,
            prefixes=[desk[:length] for length in PREFIX_LENGTH.values() if length <= len(desk)],
            unit_id=text.unit_id,
            owner_id=text.owner_id,
            without=without,
        )
    ]


def version_at_desk(by: Actor, version_id: UUID) -> ManuscriptVersion:
    """Raises NotFound where there is none, or only at a desk that is not the actor's."""
    version = (
        ManuscriptVersion.objects.filter(pk=version_id)
        .select_related("manuscript", "cover")
        .prefetch_related("reviews")
        .first()
    )
    if version is None:
        raise NotFound("没有找到这篇稿件。")
    check_reach(by, version.manuscript)
    return version


def reviews_of(version: ManuscriptVersion) -> QuerySet[Review]:
    """What the reviewers decided, in their order."""
    return version.reviews.order_by("created_at", "id")
