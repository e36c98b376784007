"""Who is told of an item's review: the offices whose turn it is, and its authors."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from province.catalogue.events import VersionDecision
from province.catalogue.models import ItemVersion
from province.catalogue.queries.reviews import open_offices
from province.catalogue.states import OPEN_REVIEWS, VersionState
from province.messaging.operations.reviews import (
    ReviewedThing,
    tell_late,
    tell_passed,
    tell_published,
    tell_returned,
    tell_reviewers,
)
from province.messaging.slots import ReviewKinds
from province.people.models import Position
from province.people.queries.holders import nearest_positions

ITEM_NOTICES: Final = ReviewKinds.of("catalogue", "事项", published="公布")


@transaction.atomic
def ask_offices(*, version_id: UUID) -> None:
    """Tell the people of the offices whose turn it is; of each version once, however many of their step decide."""
    version = _version(version_id)
    tell_reviewers(_thing(version, version.pk), _reviewers(version))


@transaction.atomic
def tell_item_decision(*, version_id: UUID, cause_id: UUID, decision: VersionDecision) -> None:
    """Tell the authors, but for the one who decided, and the offices whose turn comes now."""
    version = _version(version_id)
    thing, but = _thing(version, cause_id), [decision.by_id] if decision.by_id else []
    match decision.state:
        case VersionState.IN_REVIEW:
            ask_offices(version_id=version_id)
        case VersionState.RETURNED:
            tell_returned(thing, version.author_ids)
        case VersionState.APPROVED:
            tell_passed(thing, version.author_ids)
        case VersionState.PUBLISHED:
            tell_published(thing, version.author_ids, how="公布", without=but)


@transaction.atomic
def tell_item_late(*, version_id: UUID, cause_id: UUID) -> None:
    """The limit of a review is over; what was decided by now is nobody's concern."""
    version = _version(version_id)
    if version.state in OPEN_REVIEWS:
        tell_late(_thing(version, cause_id), _reviewers(version), version.author_ids)


def _version(version_id: UUID) -> ItemVersion:
    return ItemVersion.objects.select_related("item").prefetch_related("reviews").get(pk=version_id)


def _thing(version: ItemVersion, cause_id: UUID) -> ReviewedThing:
    path = reverse("console-item-version", args=[version.pk], urlconf=settings.ROOT_URLCONF)
    return ReviewedThing(ITEM_NOTICES, cause_id, [version.name], path)


def _reviewers(version: ItemVersion) -> list[Position]:
    """One query for each office whose turn it is; nobody who has a hand in the text, or has decided on it."""
    without = {*version.author_ids, *(one.reviewer_id for one in version.reviews.all() if one.reviewer_id)}
    return [
        position
        for office in open_offices(version)
        for position in nearest_positions("catalogue.review", unit_id=office.unit_id, without=without)
    ]
