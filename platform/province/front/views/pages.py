"""The first page, the search over all, and the tree of halls."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from foundation.design.reading import is_reader
from province.catalogue.operations.searches import count_search
from province.catalogue.queries import items_of_province
from province.content.queries.pushes import province_pushes, search_province_pushes
from province.front.queries.items import powers_now, service_groups, services_now
from province.front.views.frame import asked, for_everybody, front_page
from province.front.views.texts import COLUMNS
from province.halls.queries.sites import find_sites, site_index, sites_below
from province.search.queries.articles import search_site_articles
from standards.items.facets import Facet

_LINES = 8
# of a word in Chinese one character says nothing yet
_SHORTEST_BEGINNING, _SUGGESTIONS = 2, 8
_ITEMS, _TEXTS, _ARTICLES, _SITES = 10, 10, 20, 20


@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    lines = province_pushes([*COLUMNS], limit=_LINES)
    groups = service_groups()
    facet = Facet.LIFE_EVENT if groups.get(Facet.LIFE_EVENT) else Facet.DEPARTMENT
    context = {
        "lists": [(COLUMNS[column], column, lines[column]) for column in COLUMNS if lines[column]],
        "facet": facet,
        "events": [one for one in groups.get(facet, []) if one.count > 1],
        "cities": site_index(),
        "is_home": True,
    }
    return front_page(request, "home.html", context)


@for_everybody
def search(request: HttpRequest) -> HttpResponse:
    """What halls, items and texts hold the words."""
    words = asked(request, "q")
    context = {
        "words": words,
        "sites": find_sites(words, most=_SITES) if words else [],
        "items": items_of_province(words, services_now(), limit=_ITEMS) if words else [],
        "powers": items_of_province(words, powers_now(), limit=_ITEMS) if words else [],
        "texts": search_province_pushes(words, limit=_TEXTS) if words else [],
        "articles": search_site_articles(words, limit=_ARTICLES) if words else [],
    }
    if words and is_reader(request):
        kinds = ("sites", "items", "powers", "texts", "articles")
        count_search(None, words, is_found=any(context[kind] for kind in kinds))
    return front_page(request, "search.html", context)


@for_everybody
def suggestions(request: HttpRequest) -> JsonResponse:
    """A JSON list of items and sites that hold ``q``, while somebody types. Browsers and proxies keep it for a
    minute: it is the same for everybody."""
    words = asked(request, "q")
    names: list[str] = []
    if len(words) >= _SHORTEST_BEGINNING:
        items = [one.name for one in items_of_province(words, services_now(), limit=_SUGGESTIONS)]
        names = list(dict.fromkeys([*items, *(one.name for one in find_sites(words, most=_SUGGESTIONS))]))
    return JsonResponse(names[:_SUGGESTIONS], safe=False, headers={"Cache-Control": "public, max-age=60"})


@for_everybody
def halls(request: HttpRequest) -> HttpResponse:
    """The tree of halls: cities and counties, or what lies below one of them (``under``)."""
    under = asked(request, "under")
    context = {
        "under": under,
        "sites": sites_below(under) if under else [],
        "cities": [] if under else site_index(),
        "province_code": settings.PROVINCE_CODE,
    }
    return front_page(request, "halls.html", context)
