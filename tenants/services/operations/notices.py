"""Who is told of the review of the hall's guides: its reviewers, and the authors."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from foundation.events.operations import emit_event
from foundation.rows import draw_id
from province.catalogue.models import ItemVersion
from province.catalogue.states import HallGuideState
from province.halls.models import Hall
from province.messaging.operations.notices import notify
from province.messaging.operations.reviews import (
    ReviewedThing,
    set_review_limits,
    tell_late,
    tell_published,
    tell_returned,
    tell_reviewers,
)
from province.messaging.slots import NoticeKind, ReviewKinds
from province.people.queries.holders import nearest_positions
from province.rights.actors import Actor
from tenants.services.events import GUIDE_LATE, GUIDES_MOVED, GuidesMoved
from tenants.services.models import HallGuideVersion
from tenants.services.queries.reviewers import own_reviewers

GUIDE_NOTICES: Final = ReviewKinds.of("services", "实施清单", published="公布", passing_publishes=True)
GUIDE_FAULTS: Final = NoticeKind("services.faults", "网站上的办事指南查出问题")


def announce_guides(by: Actor, hall: Hall, state: HallGuideState, guides: Collection[HallGuideVersion]) -> None:
    """Tell, in the transaction of an act, which guides it moved; of those that were submitted, begin the limit."""
    if not guides:
        return
    ids = [one.pk for one in guides]
    moved = GuidesMoved(state=state, versions=ids, by_id=by.id)
    emit_event(kind=GUIDES_MOVED, payload=moved, subject_id=ids[0], hall_id=hall.pk)
    if state == HallGuideState.SUBMITTED:
        set_review_limits(kind=GUIDE_LATE, version_ids=ids, code=hall.division.code, hall_id=hall.pk)


@transaction.atomic
def tell_guides_move(*, hall: Hall, cause_id: UUID, moved: GuidesMoved) -> None:
    """Tell the hall's reviewers what waits, or each author what was decided on theirs, but for the one who did it: a
    notice each, however many guides one act moved."""
    guides = _guides(moved.versions)
    but = [moved.by_id] if moved.by_id else []
    if moved.state == HallGuideState.SUBMITTED:
        guides = [one for one in guides if one.adoption.guide_state == HallGuideState.SUBMITTED]
        if guides:
            tell_reviewers(_thing(hall, guides, cause_id), own_reviewers(hall, guides), without=but)
        return
    for author, own in _by_author(guides).items():
        thing = _thing(hall, own, cause_id)
        if moved.state == HallGuideState.RETURNED:
            tell_returned(thing, [author])
        else:
            tell_published(thing, [author], how="公布", without=but)


@transaction.atomic
def tell_guide_late(*, hall: Hall, version_id: UUID, cause_id: UUID) -> None:
    """The limit of the review is over; what was decided by now, or submitted anew, is nobody's concern. Where nobody of
    the hall may decide, its author hears of it."""
    for one in _guides([version_id]):
        is_last = not one.adoption.hall_guides.filter(number__gt=one.number).exists()
        if is_last and one.adoption.guide_state == HallGuideState.SUBMITTED:
            tell_late(_thing(hall, [one], cause_id), own_reviewers(hall, [one]), _authors(one))


def tell_guide_faults(hall: Hall, names: Sequence[str]) -> None:
    """In the transaction of the daily check: tell those who fill in for the whole hall of which guides that citizens
    read something new was found, in one notice with the way to their list."""
    if not names:
        return
    urls = settings.HALL_URLCONFS[hall.kind]
    of_several = f"等 {len(names)} 个事项" if len(names) > 1 else ""
    notify(
        kind=GUIDE_FAULTS,
        cause_id=draw_id(),
        title=f"网站上“{names[0]}”{of_several}的办事指南查出问题，请改好重新公布",
        path=reverse("desk-items", urlconf=urls, query={"state": "contradictory"}),
        hall_id=hall.pk,
        positions=nearest_positions("services.adopt", hall_id=hall.pk, prefixes=hall.prefixes),
    )


def _guides(ids: Collection[UUID]) -> list[HallGuideVersion]:
    """Those that are there still: the hall's rows may have come out of an older archive meanwhile."""
    return list(HallGuideVersion.objects.select_related("adoption").filter(pk__in=ids).order_by("pk"))


def _authors(guide: HallGuideVersion) -> set[UUID]:
    """With the person who submitted it."""
    return {*guide.author_ids, *([guide.submitted_by_id] if guide.submitted_by_id else [])}


def _by_author(guides: Sequence[HallGuideVersion]) -> dict[UUID, list[HallGuideVersion]]:
    found: dict[UUID, list[HallGuideVersion]] = defaultdict(list)
    for one in guides:
        for author in sorted(_authors(one)):
            found[author].append(one)
    return found


def _thing(hall: Hall, guides: Sequence[HallGuideVersion], cause_id: UUID) -> ReviewedThing:
    names = dict(ItemVersion.objects.filter(pk__in=[one.item_version_id for one in guides]).values_list("pk", "name"))
    urls = settings.HALL_URLCONFS[hall.kind]
    one, *others = guides
    path = reverse("desk-items", urlconf=urls) if others else reverse("desk-item", args=[one.adoption_id], urlconf=urls)
    said = [names.get(guide.item_version_id, "事项") for guide in guides]
    return ReviewedThing(GUIDE_NOTICES, cause_id, said, path, hall.pk)
