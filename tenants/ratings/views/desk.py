"""好差评 at the desk: low ratings with what is done about them, visits that are to be rated, figures, limits."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.forms import FaultyForm
from foundation.design.tables import TableColumn, TableKind
from foundation.exports import EXPORT_FORMATS, export_table, list_lines
from foundation.qr_codes import picture_of
from province.console.access import first_view
from province.console.queries.months import chosen_months
from province.console.queries.tables import own_table
from province.rights.queries import may, works_at
from province.satisfaction.queries.figures import HEADINGS, table_lines
from standards.ratings import RatingGrade
from tenants.ratings.forms import RatingSettingsForm, VisitForm
from tenants.ratings.layouts import at_asking, at_mending, at_settings
from tenants.ratings.models import LowRating
from tenants.ratings.operations.opening import open_visit_rating
from tenants.ratings.operations.settings import set_up_ratings
from tenants.ratings.queries.access import MANAGE, MEND, asked_by, asked_rating, low_rating_of
from tenants.ratings.queries.acts import LOW_ACTS
from tenants.ratings.queries.figures import FEWEST, KINDS, own_figures, rating_figures
from tenants.ratings.queries.items import visited_items
from tenants.ratings.queries.links import token_of
from tenants.ratings.queries.settings import rating_settings
from tenants.ratings.queries.shown import FILTERS, low_by_filter, low_lines, low_ratings_at_desk, low_view
from tenants.ratings.states import LowRatingState
from tenants.ratings.views.verbs import NEXT, VERBS
from tenants.shell.layouts.desk import desk_export, desk_page, rows_of_page
from tenants.shell.layouts.site import absolute
from tenants.shell.slots import Desk

_PLACE: Final = {"place": "ratings"}
_VISITS: Final = {"place": "rating-visits"}
_MOST_ASKED: Final = 10
_TABLE: Final = TableKind(
    "desk.low_ratings",
    (
        TableColumn("item", "事项", sort="rating__item_name", is_fixed=True),
        TableColumn("grade", "评价", sort="rating__grade"),
        TableColumn("state", "状态"),
        TableColumn("due", "期限"),
        TableColumn("unit", "责任部门"),
        TableColumn("rated", "评价日期", sort="rating__rated_at"),
    ),
    filters=("state",),
)
_HEADINGS: Final = (
    *("事项", "评价", "原因", "意见", "状态", "期限", "期限说明", "剩余工作日", "曾超期", "责任部门"),
    "评价时间",
)


@at_mending
@require_GET
def table(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The low ratings, those that are open first."""
    shown = own_table(desk.by, _TABLE, request.GET, hall_id=desk.hall.pk)
    if first := first_view(request, shown):
        return redirect(first)
    state = request.GET.get("state", "" if "all" in request.GET else "open")
    numbers = low_by_filter(desk)
    rows = shown.in_order(low_ratings_at_desk(desk, state=state))
    if (kind := request.GET.get("export", "")) in EXPORT_FORMATS:
        name = f"{desk.hall.short_name}差评处理"
        lines = list_lines(rows, lambda some: _cells(desk, some))
        return desk_export(desk, kind, name, _HEADINGS, lines, narrowed=[FILTERS.get(state, "")])
    page = rows_of_page(request, rows)
    context = {
        "table": shown,
        "page": page,
        "lines": low_lines(desk, list(page)),
        "state": state if state in FILTERS else "",
        "filters": [(key, label, numbers[key]) for key, label in FILTERS.items()],
        "may_manage": may(desk.by, MANAGE, hall_id=desk.hall.pk),
    }
    return desk_page(request, desk, "ratings/desk/low_ratings.html", _PLACE | context)


def _cells(desk: Desk, lows: list[LowRating]) -> Iterator[tuple[Any, ...]]:
    for line in low_lines(desk, lows):
        yield (
            *(line.rating.item_name, line.rating.get_grade_display(), "；".join(line.reasons), line.opinion),
            *(line.low.get_state_display(), line.clock.due_on if line.clock else None),
            *(line.clock.assumed_words if line.clock else "", line.left),
            *("是" if line.low.was_late or line.is_late else "否", line.unit_name, line.rating.rated_at),
        )


@at_mending
@require_http_methods(["GET", "POST"])
def rating(request: HttpRequest, desk: Desk, rating_id: UUID) -> HttpResponse:
    """One low rating. POST carries out one of ``VERBS``; what was typed stays, where it is refused."""
    low = low_rating_of(desk, rating_id)
    verb = VERBS.get(request.POST.get("act", ""))
    if verb is None:
        return _page(request, desk, low)
    form = verb.form(request.POST)
    if form.carry_out(lambda data: verb.act(by=desk.by, hall=desk.hall, rating_id=rating_id, **data)) is None:
        return _page(request, desk, low_rating_of(desk, rating_id), form)
    messages.success(request, verb.said)
    return redirect("desk-rating", rating_id)


@at_mending
@require_GET
def figures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``by``: one of KINDS; ``from`` and ``to``: months."""
    kind = request.GET.get("by", "hall")
    kind = kind if kind in KINDS else "hall"
    first, last = chosen_months(request.GET.dict(), timezone.localdate())
    lines = rating_figures(desk, kind, first=first, last=last)
    if request.GET.get("export") in EXPORT_FORMATS:
        rows = table_lines([(one.name, one.sums) for one in lines])
        return export_table(request.GET["export"], f"{desk.hall.short_name}好差评", (KINDS[kind], *HEADINGS), rows)
    context = {
        "lines": lines,
        "kinds": list(KINDS.items()),
        "kind": kind,
        "heading": KINDS[kind],
        "grades": RatingGrade.labels,
        "first": first,
        "last": last,
    }
    return desk_page(request, desk, "ratings/desk/figures.html", _PLACE | context)


@at_asking
@require_http_methods(["GET", "POST"])
def visits(request: HttpRequest, desk: Desk) -> HttpResponse:
    """请群众评价: a code for a visit or for a case that the person has just finished, and their own figures."""
    form = VisitForm(request.POST or None, items=visited_items())
    made = form.carry_out(
        lambda data: open_visit_rating(
            by=desk.by, hall=desk.hall, item_id=UUID(data["item_id"]) if data["item_id"] else None
        )
    )
    if made:
        return redirect("desk-rating-visit", made.pk)
    first, last = chosen_months({}, timezone.localdate())
    own = own_figures(desk, first=first, last=last)
    context = {
        "form": form,
        "asked": asked_by(desk)[:_MOST_ASKED],
        "own": own,
        "own_grades": list(zip(RatingGrade.labels, own.counts, strict=True)) if own else [],
        "fewest": FEWEST,
        "may_mend": works_at(desk.by, MEND, hall_id=desk.hall.pk),
    }
    status = 422 if form.errors else 200
    return desk_page(request, desk, "ratings/desk/visits.html", _VISITS | context, status=status)


@at_asking
@require_GET
def visit(request: HttpRequest, desk: Desk, rating_id: UUID) -> HttpResponse:
    """The code, large: the person turns the screen to who has come."""
    asked = asked_rating(desk, rating_id)
    address = absolute(request, reverse("site-rating-link", args=[token_of(desk.hall, asked)]))
    context = {"asked": asked, "address": address, "code": picture_of(address)}
    return desk_page(request, desk, "ratings/desk/visit.html", _VISITS | context)


@at_settings
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    now = rating_settings()
    initial = {name: getattr(now, name) for name in ("default_days", "contact_days", "mending_days")}
    form = RatingSettingsForm(request.POST or None, initial=initial)
    if form.carry_out(lambda data: set_up_ratings(by=desk.by, hall=desk.hall, **data)):
        messages.success(request, "已保存，从下一次服务、下一条差评起按新的设置。")
        return redirect("desk-rating-settings")
    status = 422 if form.errors else 200
    return desk_page(request, desk, "ratings/desk/settings.html", _PLACE | {"form": form}, status=status)


def _page(request: HttpRequest, desk: Desk, low: LowRating, form: FaultyForm | None = None) -> HttpResponse:
    view, verb = low_view(desk, low), NEXT.get(LowRatingState(low.state))
    context: dict[str, Any] = {
        "view": view,
        "low": low,
        "rating": low.rating,
        "acts": [(one, LOW_ACTS[one.act]) for one in view.acts],
        "verb": verb,
        "form": form or (verb.form() if verb else None),
    }
    return desk_page(request, desk, "ratings/desk/low_rating.html", _PLACE | context, status=422 if form else 200)
