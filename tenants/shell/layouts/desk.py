"""What all pages of the desk share: who sits at it, the layout, and how a refused act is told."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Concatenate, Protocol, cast, override

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property

from foundation.errors import DomainError, NotFound, Unavailable
from province.console.access import actor_of_request, list_download
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.shell.layouts.site import once_of
from tenants.shell.queries.desk import waiting_counts
from tenants.shell.slots import Desk

PAGE_ROWS = 30
MOST_PAGES = 300


type DeskView[**P] = Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


# raises NotAllowed for who has nothing to do at the hall's desk
type DeskCheck = Callable[[Actor, Hall], object]


class DeskLayout(Protocol):
    """Makes a page of a view that works at the desk."""

    def __call__[**P](self, view: DeskView[P], /) -> View[P]: ...


def desk_for(check: DeskCheck) -> DeskLayout:
    """Open the desk to people whom ``check`` lets in; others are sent to sign in, or refused."""

    def layout[**P](view: DeskView[P]) -> View[P]:
        @wraps(view)
        def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            desk = desk_of(request, actor_of_request(request), check)
            response = view(request, desk, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        return answer

    return layout


def desk_of_caller(request: HttpRequest, check: DeskCheck) -> Desk:
    """For the API: whom it let in by token or session. Raises NotAllowed as ``check`` does."""
    by: Actor = request.auth  # type: ignore[attr-defined]
    return desk_of(request, by, check)


def desk_of(request: HttpRequest, by: Actor, check: DeskCheck) -> Desk:
    """Raises NotAllowed as ``check`` does."""
    hall: Hall = request.hall  # type: ignore[attr-defined]
    check(by, hall)
    return Desk(by, hall)


def desk_page(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page in the desk's layout. In its context ``place`` may be the word of the place in the navigation to which it
    belongs."""
    layout = {"hall": desk.hall, "counts": waiting_counts(desk, once_of(request))}
    return render(request, template, layout | context, status=status)


def act_and_return(
    request: HttpRequest,
    act: Callable[[], Any],
    *,
    said: str,
    to: str,
    args: tuple[object, ...] = (),
    made_at: str = "",
) -> HttpResponseRedirect:
    """Carry out what a button asked for and go back to its page, with a word about how it went. ``made_at``: the
    page of the row that the act makes, where one goes instead.

    What is not there, or belongs to another hall, is a page of its own (404).
    """
    try:
        made = act()
    except (NotFound, Unavailable):
        raise
    except DomainError as refusal:
        faults = "".join(fault.message for fault in refusal.faults if fault.message != refusal.message)
        messages.error(request, f"{refusal.message}{faults}")
    else:
        messages.success(request, said)
        if made_at:
            return redirect(made_at, made.pk)
    return redirect(to, *args)


def desk_export(
    desk: Desk,
    file_format: str,
    name: str,
    headings: Sequence[str],
    lines: Iterable[Sequence[Any]],
    *,
    narrowed: Iterable[str] = (),
    words: Iterable[str] = (),
) -> HttpResponse:
    """Download a list of people or of what is theirs (``list_download``)."""
    return list_download(
        by=desk.by,
        hall_id=desk.hall.pk,
        file_format=file_format,
        name=name,
        headings=headings,
        lines=lines,
        narrowed=narrowed,
        words=words,
    )


def rows_of_page[Row: Model](
    request: HttpRequest,
    rows: QuerySet[Row],
    *,
    between: Callable[[int, int], list[Row]] | None = None,
    number: int | None = None,
) -> Page[Row]:
    """The page that the address asks for; what is no page number is the first or the last. Nobody turns further than
    ``MOST_PAGES``: who looks for something narrows the list. ``between``: which rows stand between two places, where
    the database finds that sooner than by the order of ``rows``; ``number``: how many, where it is known."""
    return _Pages(rows, between, number).get_page(request.GET.get("page"))


class _Pages(Paginator):  # type: ignore[type-arg]  # subscripted by type checkers alone
    """Counts as far as pages go: to count a million rows takes longer than to read a page of them."""

    def __init__(
        self, rows: QuerySet[Any], between: Callable[[int, int], list[Any]] | None, number: int | None
    ) -> None:
        super().__init__(rows, PAGE_ROWS)
        self._between, self._known = between, number

    @override
    def page(self, number: int | str) -> Page[Any]:
        if self._between is None:
            return super().page(number)
        place = self.validate_number(number)
        first = (place - 1) * PAGE_ROWS
        return Page(self._between(first, min(first + PAGE_ROWS, self.count)), place, self)

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_PAGES * PAGE_ROWS)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > self.count

    @cached_property
    def _counted(self) -> int:
        if self._known is not None:
            return self._known
        rows = cast("QuerySet[Model]", self.object_list)
        return rows.order_by().values("pk")[: MOST_PAGES * PAGE_ROWS + 1].count()
