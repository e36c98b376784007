"""Who is told of an article's reviews: those who may give the next one, and its authors."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from province.halls.models import Hall
from province.messaging.operations.reviews import (
    ReviewedThing,
    tell_late,
    tell_published,
    tell_returned,
    tell_reviewers,
)
from province.messaging.slots import ReviewKinds
from province.people.models import Position
from province.people.queries.holders import nearest_positions
from tenants.portal.events import ArticleMoved
from tenants.portal.models import ArticleVersion
from tenants.portal.queries.settings import review_steps
from tenants.portal.states import REVIEW_STEPS, DraftState

ARTICLE_NOTICES: Final = ReviewKinds.of("portal", "文章", published="发布", passing_publishes=True)


@transaction.atomic
def tell_article_move(*, hall: Hall, version_id: UUID, cause_id: UUID, moved: ArticleMoved) -> None:
    """Tell those who may give the review that is next, or the authors what was decided, but for the one who did it.
    What has moved on since is told by what came after it."""
    version = _version(version_id)
    if version is None:
        return
    thing, but = _thing(hall, version, cause_id), [moved.by_id] if moved.by_id else []
    if moved.state == DraftState.RETURNED:
        tell_returned(thing, _authors(version))
    elif moved.state == DraftState.DONE:
        tell_published(thing, _authors(version), how="发布", without=but)
    elif moved.state == version.article.draft_state:
        tell_reviewers(thing, _reviewers(hall, version), without=but)


@transaction.atomic
def tell_article_late(*, hall: Hall, version_id: UUID, cause_id: UUID) -> None:
    """The limit of the reviews is over; what was decided by now, or submitted anew, is nobody's concern."""
    version = _version(version_id)
    if version is None or version.article.draft_state not in REVIEW_STEPS:
        return
    if not version.article.versions.filter(number__gt=version.number).exists():
        tell_late(_thing(hall, version, cause_id), _reviewers(hall, version), _authors(version))


def _version(version_id: UUID) -> ArticleVersion | None:
    """None where the hall's rows came out of an older archive meanwhile."""
    return ArticleVersion.objects.select_related("article").filter(pk=version_id).first()


def _thing(hall: Hall, version: ArticleVersion, cause_id: UUID) -> ReviewedThing:
    path = reverse("desk-article", args=[version.article_id], urlconf=settings.HALL_URLCONFS[hall.kind])
    return ReviewedThing(ARTICLE_NOTICES, cause_id, [version.title], path, hall.pk)


def _authors(version: ArticleVersion) -> set[UUID]:
    """With the person who submitted it."""
    return {*version.author_ids, *([version.submitted_by_id] if version.submitted_by_id else [])}


def _reviewers(hall: Hall, version: ArticleVersion) -> list[Position]:
    """Those nearest to it. Nobody whose hand is in the text passes the last review."""
    article = version.article
    is_last = article.draft_state == review_steps(hall)[-1]
    return nearest_positions(
        "portal.review",
        hall_id=hall.pk,
        prefixes=hall.prefixes,
        unit_id=article.unit_id,
        owner_id=article.owner_id,
        without=version.author_ids if is_last else (),
    )
