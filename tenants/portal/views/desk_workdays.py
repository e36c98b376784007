"""本厅日历: the days that the hall arranges for itself, and the year as its limits are counted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from foundation.design.forms import posted_number
from province.halls.models import Hall
from province.workdays.operations import DaysWish, foresee_hall_days, lift_hall_days, set_hall_days
from province.workdays.queries import calendar_of_hall
from province.workdays.queries.effects import CalendarEffects
from province.workdays.queries.hall_days import hall_days_table, hall_days_with_id
from province.workdays.queries.years import months_of_year
from tenants.portal.forms import HallDaysForm
from tenants.portal.layouts import at_calendar
from tenants.shell.layouts.desk import act_and_return, desk_page, rows_of_page
from tenants.shell.slots import Desk


@at_calendar
@require_GET
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``year``: which one is shown. ``again``: something that was lifted, to be set once more."""
    initial: dict[str, Any] = {}
    if again := _again(request, desk.hall):
        initial = {name: getattr(again, name) for name in HallDaysForm.base_fields}
    return _page(request, desk, HallDaysForm(initial=initial))


@at_calendar
@require_POST
def set_days(request: HttpRequest, desk: Desk) -> HttpResponse:
    """POST ``act``: preview, which changes nothing, or save."""
    form = HallDaysForm(request.POST)
    if request.POST.get("act") == "preview":
        effects = form.carry_out(lambda filled: foresee_hall_days(by=desk.by, hall=desk.hall, wish=DaysWish(**filled)))
        return _page(request, desk, form, effects)
    made = form.carry_out(lambda filled: set_hall_days(by=desk.by, hall=desk.hall, wish=DaysWish(**filled)))
    if made is None:
        return _page(request, desk, form)
    messages.success(request, f"已安排：{made.words}。网站上立即生效{'，期限正在重算' if made.moves_limits else ''}。")
    return redirect(f"{reverse('desk-workdays')}#days-{made.pk}")


@at_calendar
@require_POST
def lift(request: HttpRequest, desk: Desk, days_id: UUID) -> HttpResponse:
    days = hall_days_with_id(desk.hall, days_id)
    return act_and_return(
        request,
        lambda: lift_hall_days(by=desk.by, hall=desk.hall, days=days),
        said=f"已撤销：{days.words}。受影响的期限正在重算。",
        to="desk-workdays",
    )


def _again(request: HttpRequest, hall: Hall) -> Any:
    try:
        return hall_days_with_id(hall, UUID(request.GET.get("again", "")))
    except ValueError:
        return None


def _page(request: HttpRequest, desk: Desk, form: HallDaysForm, effects: CalendarEffects | None = None) -> HttpResponse:
    today = timezone.localdate()
    year = posted_number(request.GET.get("year", ""), otherwise=today.year)
    calendar = calendar_of_hall(desk.hall)
    months = months_of_year(year, calendar)
    context = {
        "place": "workdays",
        "form": form,
        "effects": effects,
        "page": rows_of_page(request, hall_days_table(desk.hall)),
        "year": year,
        "years": (year - 1, year + 1),
        "months": months,
        "workdays": sum(one.workdays for one in months),
        "is_known": calendar.is_published(year),
    }
    return desk_page(request, desk, "portal/desk/workdays.html", context, status=422 if form.errors else 200)
