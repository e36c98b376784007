"""The pages of a hall's public site."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from foundation.errors import NotFound
from province.content.queries.pushes import ListPlace, push_on_hall
from province.content.states import PageAnswer
from tenants.portal.frames.additions import additions_here
from tenants.portal.frames.site import absolute, for_readers, hall_of, kept, linked_data, redirect_to, site_page
from tenants.portal.models import Column
from tenants.portal.queries.opening import is_open, opening_lines, schema_hours
from tenants.portal.queries.reading import ReadArticle, body_html, neighbours, read_article, read_push
from tenants.portal.queries.search import search_site
from tenants.portal.queries.site import (
    Line,
    article_of_reader,
    column_page,
    home_lines,
    merged_newest,
    shown_columns,
)
from tenants.portal.states import ArticleState

# lines of each column on the home page; the first lines of a column's own page
_HOME_LINES = 9
_PAGE_LINES = 20
_HITS = 30
_LONGEST_SEARCH = 60
# columns with a place of their own on the home page; every other list stands among the tabs
_NEWS, _GUIDES = "news", "guides"
_MOST_TABS = 5
_MODE_DAYS = 365


@require_safe
@for_readers
@kept
def home(request: HttpRequest) -> HttpResponse:
    hall = hall_of(request)
    columns = shown_columns()
    lists = [column for column in columns if column.kind in {Column.Kind.LIST, Column.Kind.GALLERY}]
    lines, urgent = home_lines(hall, [column.code for column in lists], limit=_HOME_LINES)
    filled = [(column, lines[column.code]) for column in lists if lines[column.code]]
    news = next(((column, found) for column, found in filled if column.code == _NEWS), None)
    everything = merged_newest([line for _, found in filled for line in found], 1)
    lead, newest = _lead_and_newest(news[1] if news else [])
    additions = additions_here()
    context = {
        "urgent": urgent,
        "blocks": [one.home_block(hall) for one in additions],
        "news": news[0] if news else None,
        "lead": lead,
        "newest": newest,
        "guides": next((pair for pair in filled if pair[0].code == _GUIDES), None),
        "tabs": [
            (column, found)
            for column, found in filled
            if column.code not in {_NEWS, _GUIDES} and column.kind == Column.Kind.LIST
        ][:_MOST_TABS],
        "galleries": [pair for pair in filled if pair[0].kind == Column.Kind.GALLERY],
        "is_open": is_open(hall, timezone.now()),
        "opening_lines": opening_lines(hall),
        "updated_at": everything[0].published_at if everything else None,
        "facts": linked_data(_hall_facts(request)),
        "is_home": True,
    }
    return site_page(request, "portal/site/home.html", context, columns=columns, additions=additions)


def _lead_and_newest(news: list[Line]) -> tuple[Line | None, list[Line]]:
    """The first line with a picture leads; without one, the list stands alone."""
    lead = next((line for line in news if line.cover_id), None)
    return lead, [line for line in news if line is not lead][: _HOME_LINES - 1]


def _hall_facts(request: HttpRequest) -> dict[str, object]:
    """schema.org's GovernmentOffice."""
    hall = hall_of(request)
    facts: dict[str, object] = {
        "@type": "GovernmentOffice",
        "name": hall.name,
        "url": absolute(request, "/"),
        "areaServed": hall.division.name,
        "parentOrganization": {"@type": "GovernmentOrganization", "name": hall.organiser or settings.PROVINCE_NAME},
    }
    if hall.address:
        facts["address"] = {"@type": "PostalAddress", "streetAddress": hall.address, "addressCountry": "CN"}
    if hall.phone:
        facts["telephone"] = hall.phone
    if hall.opening_hours:
        facts["openingHoursSpecification"] = schema_hours(hall)
    return facts


@require_safe
@for_readers
@kept
def column(request: HttpRequest, code: str) -> HttpResponse:
    columns = shown_columns()
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
    }
    return site_page(request, "portal/site/column.html", context, columns=columns)


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
    columns = shown_columns()
    shown = next((one for one in columns if one.code == text.column), None)
    newer, older = neighbours(hall_of(request), text) if shown else (None, None)
    context = {
        "text": text,
        "column": shown,
        "newer": newer,
        "older": older,
        "cover": absolute(request, text.picture) if text.picture else "",
        "facts": linked_data(_article_facts(request, text)),
    }
    return site_page(request, "portal/site/article.html", context, columns=columns)


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
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]
    columns = shown_columns()
    names = {one.code: one.name for one in columns}
    hits = search_site(hall_of(request), words, limit=_HITS) if words else []
    context = {"words": words, "hits": [(hit, names.get(hit.column, "")) for hit in hits], "most": _HITS}
    return site_page(request, "portal/site/search.html", context, columns=columns)


@require_safe
@for_readers
@kept
def site_map(request: HttpRequest) -> HttpResponse:
    columns = shown_columns()
    roots = [one for one in columns if one.parent_id is None]
    tree = [(root, [one for one in columns if one.parent_id == root.pk]) for root in roots]
    return site_page(request, "portal/site/map.html", {"tree": tree}, columns=columns)


@require_safe
@for_readers
@kept
def accessibility(request: HttpRequest) -> HttpResponse:
    return site_page(request, "portal/site/accessibility.html", {})


@require_safe
@for_readers
@kept
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows when there is no network."""
    return site_page(request, "portal/site/offline.html", {})


@require_safe
@for_readers
def set_mode(request: HttpRequest) -> HttpResponse:
    """Elder mode on or off, and back to the page: a cookie, because it must work without JavaScript and sign-in."""
    back = request.GET.get("back", "/")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect_to(back if is_ours else "/")
    if request.GET.get("to") == "elder":
        is_secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie("mode", "elder", max_age=timedelta(days=_MODE_DAYS), secure=is_secure, samesite="Lax")
    else:
        response.delete_cookie("mode", samesite="Lax")
    return response
