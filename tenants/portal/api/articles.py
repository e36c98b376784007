"""The hall's own articles."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from foundation.editing.comparing import VersionDifference, difference_of
from foundation.editing.schemas import AuditLineOut, DifferenceOut
from province.audit.models import AuditEntry
from province.audit.queries import entries_about
from tenants.portal.layouts import desk_of_request
from tenants.portal.models import Article, ArticleVersion
from tenants.portal.operations import articles, library, reviews
from tenants.portal.queries.desk import article_at_desk, articles_at_desk, version_of, versions_of
from tenants.portal.schemas import (
    ArticleDraftIn,
    ArticleIn,
    ArticleLineOut,
    ArticleOut,
    ArticleReviewIn,
    ArticleVersionOut,
    OfferCreatedOut,
    PinIn,
    ReasonIn,
    UnlockIn,
)
from tenants.shell.slots import Desk

router = Router(tags=["articles"])


def _answer(desk: Desk, article_id: UUID) -> ArticleOut:
    """As it stands now."""
    return ArticleOut.from_orm(article_at_desk(desk, article_id))


@router.get("", response=Page[ArticleLineOut])
def list_articles(
    request: HttpRequest, page: PageParameters, state: str = "", column: str = "", search: str = ""
) -> dict[str, Any]:
    """List the articles in the order in which they were made. ``state``: editing, returned, review, published or
    withdrawn."""
    desk = desk_of_request(request)
    return page_of(articles_at_desk(desk, search=search, state=state, column=column), page)


@router.post("", response={201: ArticleOut})
@idempotent
def make_article(request: HttpRequest, data: ArticleIn) -> tuple[int, ArticleOut]:
    """Make a new draft."""
    desk = desk_of_request(request)
    made = articles.create_article(by=desk.by, hall=desk.hall, **data.model_dump(exclude_unset=True))
    return 201, _answer(desk, made.id)


@router.get("/{uuid:article_id}", response=ArticleOut)
def show_article(request: HttpRequest, article_id: UUID) -> Article:
    return article_at_desk(desk_of_request(request), article_id)


@router.patch("/{uuid:article_id}", response=ArticleOut)
@idempotent
def save_article(request: HttpRequest, article_id: UUID, data: ArticleDraftIn) -> tuple[int, ArticleOut]:
    """Save the draft (as autosave does) and hold its lock for five minutes. 409 where somebody else was quicker."""
    desk = desk_of_request(request)
    articles.save_article(by=desk.by, hall=desk.hall, article_id=article_id, **data.model_dump(exclude_unset=True))
    return 200, _answer(desk, article_id)


@router.put("/{uuid:article_id}/lock", response=ArticleOut)
@idempotent
def take_lock(request: HttpRequest, article_id: UUID) -> tuple[int, ArticleOut]:
    """Keep other editors out for five minutes, or for five more. 409, naming the holder, where one has it."""
    desk = desk_of_request(request)
    articles.lock_article(by=desk.by, hall=desk.hall, article_id=article_id)
    return 200, _answer(desk, article_id)


@router.post("/{uuid:article_id}/unlock", response=ArticleOut)
@idempotent
def give_lock_back(request: HttpRequest, article_id: UUID, data: UnlockIn) -> tuple[int, ArticleOut]:
    desk = desk_of_request(request)
    articles.unlock_article(by=desk.by, hall=desk.hall, article_id=article_id, is_forced=data.is_forced)
    return 200, _answer(desk, article_id)


@router.post("/{uuid:article_id}/submit", response={201: ArticleVersionOut})
@idempotent
def submit_article(request: HttpRequest, article_id: UUID) -> tuple[int, ArticleVersionOut]:
    """Freeze the draft as a version for its first review; in a hall without reviews it is published."""
    desk = desk_of_request(request)
    version = reviews.submit_article(by=desk.by, hall=desk.hall, article_id=article_id)
    return 201, ArticleVersionOut.from_orm(version)


@router.post("/{uuid:article_id}/recall", response=ArticleOut)
@idempotent
def recall_article(request: HttpRequest, article_id: UUID) -> tuple[int, ArticleOut]:
    """Take the article back from its reviews."""
    desk = desk_of_request(request)
    reviews.recall_article(by=desk.by, hall=desk.hall, article_id=article_id)
    return 200, _answer(desk, article_id)


@router.post("/{uuid:article_id}/publish", response=ArticleOut)
@idempotent
def publish_article(request: HttpRequest, article_id: UUID) -> tuple[int, ArticleOut]:
    """Submit and pass every review in one act, by the same rules."""
    desk = desk_of_request(request)
    reviews.publish_article(by=desk.by, hall=desk.hall, article_id=article_id)
    return 200, _answer(desk, article_id)


@router.post("/{uuid:article_id}/versions/{int:number}/pass", response=ArticleOut)
@idempotent
def pass_review(request: HttpRequest, article_id: UUID, number: int, data: ArticleReviewIn) -> tuple[int, ArticleOut]:
    desk = desk_of_request(request)
    version = version_of(article_at_desk(desk, article_id), number)
    reviews.pass_article_review(by=desk.by, hall=desk.hall, version_id=version.id, step=data.step, reason=data.reason)
    return 200, _answer(desk, article_id)


@router.post("/{uuid:article_id}/versions/{int:number}/return", response=ArticleOut)
@idempotent
def return_version(
    request: HttpRequest, article_id: UUID, number: int, data: ArticleReviewIn
) -> tuple[int, ArticleOut]:
    """Send the version back to its authors; the reason is required."""
    desk = desk_of_request(request)
    version = version_of(article_at_desk(desk, article_id), number)
    reviews.return_article(by=desk.by, hall=desk.hall, version_id=version.id, step=data.step, reason=data.reason)
    return 200, _answer(desk, article_id)


@router.get("/{uuid:article_id}/versions", response=list[ArticleVersionOut])
def list_versions(request: HttpRequest, article_id: UUID) -> QuerySet[ArticleVersion]:
    """List the versions with their reviews, the latest first."""
    return versions_of(article_at_desk(desk_of_request(request), article_id))


@router.get("/{uuid:article_id}/difference", response=DifferenceOut)
def show_difference(request: HttpRequest, article_id: UUID, before: int, after: int = 0) -> VersionDifference:
    """Compare two versions by their numbers; 0 is the draft."""
    article = article_at_desk(desk_of_request(request), article_id)
    old, new = (version_of(article, number) if number else article for number in (before, after))
    return difference_of(old, new)


@router.get("/{uuid:article_id}/history", response=list[AuditLineOut])
def show_history(request: HttpRequest, article_id: UUID) -> QuerySet[AuditEntry]:
    """Show who did what to the article, the first act first."""
    return entries_about(article_at_desk(desk_of_request(request), article_id).id)


@router.post("/{uuid:article_id}/withdraw", response=ArticleOut)
@idempotent
def withdraw_article(request: HttpRequest, article_id: UUID, data: ReasonIn) -> tuple[int, ArticleOut]:
    """Take the article down at once; its page answers 410 with the reason."""
    desk = desk_of_request(request)
    articles.withdraw_article(by=desk.by, hall=desk.hall, article_id=article_id, reason=data.reason)
    return 200, _answer(desk, article_id)


@router.post("/{uuid:article_id}/restore", response=ArticleOut)
@idempotent
def restore_article(request: HttpRequest, article_id: UUID) -> tuple[int, ArticleOut]:
    """Undo a withdrawal."""
    desk = desk_of_request(request)
    articles.restore_article(by=desk.by, hall=desk.hall, article_id=article_id)
    return 200, _answer(desk, article_id)


@router.put("/{uuid:article_id}/pin", response=ArticleOut)
@idempotent
def pin_article(request: HttpRequest, article_id: UUID, data: PinIn) -> tuple[int, ArticleOut]:
    """Put the article before everything else in its column, or no longer."""
    desk = desk_of_request(request)
    articles.pin_article(by=desk.by, hall=desk.hall, article_id=article_id, is_pinned=data.is_pinned)
    return 200, _answer(desk, article_id)


@router.post("/{uuid:article_id}/offer", response={201: OfferCreatedOut})
@idempotent
def offer_article(request: HttpRequest, article_id: UUID) -> tuple[int, OfferCreatedOut]:
    """Offer the published text to the shared library."""
    desk = desk_of_request(request)
    offer = library.offer_article(by=desk.by, hall=desk.hall, article_id=article_id)
    return 201, OfferCreatedOut.from_orm(offer)
