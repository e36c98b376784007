"""What all pages of the desk share: who sits at it, the frame, and how a refused act is told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Protocol

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from foundation.errors import DomainError, NotFound, Unavailable
from province.content.queries.pushes import offered_pushes
from province.identity.models import Actor
from province.identity.queries.rights import actor_of_request
from tenants.portal.queries.access import Desk, desk_of_request
from tenants.portal.queries.desk import desk_counts

PAGE_ROWS = 30


type DeskView[**P] = Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


class DeskFrame(Protocol):
    """Makes a page of a view that works at the desk."""

    def __call__[**P](self, view: DeskView[P], /) -> View[P]: ...


def desk_for(find: Callable[[HttpRequest, Actor], Desk]) -> DeskFrame:
    """For those whom ``find`` lets sit there: others are sent to sign in, or refused."""

    def frame[**P](view: DeskView[P], /) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            desk = find(request, actor_of_request(request))
            response = view(request, desk, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        return answer

    return frame


# a page for this hall's own editors
at_desk = desk_for(desk_of_request)


def desk_page(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    frame = {
        "hall": desk.hall,
        "counts": desk_counts(desk),
        "offered_count": len(offered_pushes(desk.hall)),
    }
    return render(request, template, frame | context, status=status)


def act_and_return(
    request: HttpRequest, act: Callable[[], object], *, said: str, to: str, args: tuple[object, ...] = ()
) -> HttpResponseRedirect:
    """Carry out what a button asked for and go back to its page, with a word about how it went.

    What is not there, or belongs to another hall, is a page of its own (404).
    """
    try:
        act()
    except (NotFound, Unavailable):
        raise
    except DomainError as refusal:
        faults = "".join(fault.message for fault in refusal.faults if fault.message != refusal.message)
        messages.error(request, f"{refusal.message}{faults}")
    else:
        messages.success(request, said)
    return redirect(to, *args)


def rows_of_page[Row: Model](request: HttpRequest, rows: QuerySet[Row]) -> Page[Row]:
    """The page that the address asks for; what is no page number is the first or the last."""
    return Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
