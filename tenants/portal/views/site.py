"""Columns and articles on a hall's public site."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.errors import NotFound
from province.content.queries.pushes import ListPlace, push_on_hall
from province.content.states import PageAnswer
from tenants.portal.models import Column
from tenants.portal.queries.reading import ReadArticle, body_html, neighbours, read_article, read_push
from tenants.portal.queries.site import article_of_reader, column_page, shown_columns
from tenants.portal.states import ArticleState
from tenants.shell.layouts.site import (
    absolute,
    for_readers,
    hall_of,
    kept,
    linked_data,
    once_of,
    redirect_to,
    site_page,
)

# the first lines of a column's own page
_PAGE_LINES = 20


@require_safe
@for_readers
@kept
def column(request: HttpRequest, code: str) -> HttpResponse:
    columns = once_of(request)(shown_columns)
    shown = next((one for one in columns if one.code == code), None)
    if shown is None:
        raise NotFound("没有这个栏目。")
    if shown.kind == Column.Kind.LINK:
        return redirect_to(shown.link_url)
    before = place_of_token(request.GET.get("before", ""))
    page = column_page(hall_of(request), code, limit=_PAGE_LINES, before=before)
    context = {
        "column": shown,
        "body": body_html(shown.body),
        "children": [one for one in columns if one.parent_id == shown.pk],
        "lines": page.lines,
        "next_token": token_of_place(page.next_place) if page.next_place else "",
        "is_first": before is None,
        "section": reverse("site-open"),
    }
    return site_page(request, "portal/site/column.html", context)


def token_of_place(place: ListPlace) -> str:
    """A place in a list, as it stands in an address."""
    microseconds = (place.published_at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
    return f"{int(place.is_pinned)}-{microseconds}-{place.id.hex}"


def place_of_token(token: str) -> ListPlace | None:
    """None for no token. Raises NotFound for what is no place."""
    if not token:
        return None
    try:
        is_pinned, microseconds, key = token.split("-")
        published_at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(microseconds))
        return ListPlace({"0": False, "1": True}[is_pinned], published_at, UUID(hex=key))
    except (ValueError, KeyError, OverflowError) as error:
        raise NotFound("这一页的地址不完整，请从栏目首页重新进入。") from error


@require_safe
@for_readers
@kept
def article(request: HttpRequest, article_id: UUID) -> HttpResponse:
    found = article_of_reader(article_id)
    if found.state == ArticleState.WITHDRAWN:
        return gone_page(request, found.withdrawal_reason)
    return article_page(request, read_article(found))


@require_safe
@for_readers
@kept
def pushed(request: HttpRequest, push_id: UUID) -> HttpResponse:
    view = push_on_hall(hall_of(request), push_id)
    if view is None:
        raise NotFound("没有找到这篇文章。")
    if view.answer == PageAnswer.GONE:
        return gone_page(request, view.reason)
    if view.answer == PageAnswer.REDIRECT:
        return redirect_to(view.redirect_url, is_permanent=True)
    return article_page(request, read_push(view))


def article_page(request: HttpRequest, text: ReadArticle) -> HttpResponse:
    columns = once_of(request)(shown_columns)
    shown = next((one for one in columns if one.code == text.column), None)
    newer, older = neighbours(hall_of(request), text) if shown else (None, None)
    context = {
        "text": text,
        "column": shown,
        "section": reverse("site-open"),
        "newer": newer,
        "older": older,
        "cover": absolute(request, text.picture) if text.picture else "",
        "facts": linked_data(_article_facts(request, text)),
    }
    return site_page(request, "portal/site/article.html", context)


def _article_facts(request: HttpRequest, text: ReadArticle) -> dict[str, object]:
    """schema.org's NewsArticle."""
    publisher = {"@type": "GovernmentOrganization", "name": text.source or hall_of(request).name}
    facts: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": text.title,
        "datePublished": text.published_at.isoformat(),
        "inLanguage": "zh-Hans",
        "mainEntityOfPage": absolute(request, request.path),
        "author": {"@type": "Person", "name": text.author} if text.author else publisher,
        "publisher": publisher,
    }
    if text.summary:
        facts["description"] = text.summary
    if text.picture:
        facts["image"] = absolute(request, text.picture)
    return facts


def gone_page(request: HttpRequest, reason: str) -> HttpResponse:
    return site_page(request, "portal/site/gone.html", {"reason": reason}, status=410)


@require_safe
@for_readers
@kept
def site_map(request: HttpRequest) -> HttpResponse:
    columns = once_of(request)(shown_columns)
    roots = [one for one in columns if one.parent_id is None]
    tree = [(root, [one for one in columns if one.parent_id == root.pk]) for root in roots]
    return site_page(request, "portal/site/map.html", {"tree": tree})
