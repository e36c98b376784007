"""One search over everything that a hall's site has."""

from itertools import chain

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from foundation.design.reading import is_reader
from foundation.search import as_typed
from province.halls.models import Hall
from province.halls.queries.sites import sites_near
from tenants.shell.layouts.site import for_readers, hall_of, once_of, site_page
from tenants.shell.queries.apps import shown_at
from tenants.shell.slots import SITE, SITE_SEARCH, Once, SiteSearch

_LONGEST = 60
# of a word in Chinese one character says nothing yet
_SHORTEST_BEGINNING = 2
_SUGGESTIONS = 8
_SITES = 10


@require_safe
@for_readers
def search(request: HttpRequest) -> HttpResponse:
    """What each app of the hall finds for ``q``, one part after the other."""
    words, hall, once = _words(request), hall_of(request), once_of(request)
    parts = [found for one in _searches(request) if words and (found := one.find(hall, once, words))]
    if words and is_reader(request):
        for part in shown_at(SITE, hall):
            if part.tell_searched:
                part.tell_searched(hall, words, bool(parts))
    return site_page(request, "shell/search.html", {"words": words, "parts": parts})


@require_safe
@for_readers
def suggestions(request: HttpRequest) -> HttpResponse:
    """A JSON list of names that hold ``q``, while somebody types. Browsers and proxies keep it for a minute: it is the
    same for everybody."""
    words, hall = _words(request), hall_of(request)
    if len(words) < _SHORTEST_BEGINNING:
        return JsonResponse([], safe=False)
    found = chain.from_iterable(one.suggest(hall, words, _SUGGESTIONS) for one in _searches(request))
    names = list(dict.fromkeys(found))[:_SUGGESTIONS]
    return JsonResponse(names, safe=False, headers={"Cache-Control": "public, max-age=60"})


def found_sites(hall: Hall, once: Once, words: str) -> SafeString | None:  # noqa: ARG001 - the slot's signature
    """Sites of halls nearby that are called so."""
    sites = sites_near(hall, words, most=_SITES)
    return render_to_string("shell/found_sites.html", {"sites": sites}) if sites else None


def _searches(request: HttpRequest) -> list[SiteSearch]:
    return sorted(shown_at(SITE_SEARCH, hall_of(request)), key=lambda one: one.order)


def _words(request: HttpRequest) -> str:
    return as_typed(request.GET.get("q", ""), _LONGEST)
