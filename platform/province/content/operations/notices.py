"""Who is told of a manuscript's reviews: those who may give the next one, and its authors."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from province.content.events import VersionMoved
from province.content.models import ManuscriptVersion, Push
from province.content.queries.reviews import next_reviewers
from province.content.states import OPEN_REVIEWS, ReviewState
from province.messaging.operations.reviews import (
    ReviewedThing,
    tell_late,
    tell_passed,
    tell_published,
    tell_returned,
    tell_reviewers,
)
from province.messaging.slots import ReviewKinds

MANUSCRIPT_NOTICES: Final = ReviewKinds.of("content", "稿件", published="推送")


@transaction.atomic
def tell_version_move(*, version_id: UUID, cause_id: UUID, moved: VersionMoved) -> None:
    """Tell those who may give the review that is next, or the authors what was decided. What has moved on since is told
    by what came after it."""
    version = _version(version_id)
    thing = _thing(version, cause_id)
    if moved.state == ReviewState.RETURNED:
        tell_returned(thing, version.author_ids)
    elif moved.state == ReviewState.APPROVED:
        tell_passed(thing, version.author_ids)
    elif moved.state == version.state:
        tell_reviewers(thing, next_reviewers(version), without=[moved.by_id] if moved.by_id else ())


@transaction.atomic
def tell_manuscript_late(*, version_id: UUID, cause_id: UUID) -> None:
    """The limit of the reviews is over; what was decided by now is nobody's concern."""
    version = _version(version_id)
    if version.state in OPEN_REVIEWS:
        tell_late(_thing(version, cause_id), next_reviewers(version), version.author_ids)


def tell_pushed(push: Push) -> None:
    """Tell the authors, in the caller's transaction, that readers see it; all but the one who pushed it."""
    authors = set(push.version.author_ids) - {push.created_by_id}
    if authors:
        path = reverse("console-push", args=[push.pk], urlconf=settings.ROOT_URLCONF)
        thing = ReviewedThing(MANUSCRIPT_NOTICES, push.pk, [push.version.title], path)
        tell_published(thing, authors, how="推送")


def _version(version_id: UUID) -> ManuscriptVersion:
    return ManuscriptVersion.objects.select_related("manuscript").prefetch_related("reviews").get(pk=version_id)


def _thing(version: ManuscriptVersion, cause_id: UUID) -> ReviewedThing:
    path = reverse("console-version", args=[version.pk], urlconf=settings.ROOT_URLCONF)
    return ReviewedThing(MANUSCRIPT_NOTICES, cause_id, [version.title], path)
