"""工作日历: a year of a place, edited day by day, by the text of the notice or by a table, and published."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.forms import posted_number
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request
from province.workdays.forms import CalendarPublicationForm, DaysFileForm, NoticeForm, TurnForm
from province.workdays.operations.calendars import (
    MANAGE,
    DayLine,
    Document,
    discard_calendar,
    publish_calendar,
    save_calendar,
    turn_day,
)
from province.workdays.operations.day_tables import HEADINGS, day_table, import_days
from province.workdays.queries.effects import effects_of
from province.workdays.queries.missing import missing_years
from province.workdays.queries.recounts import latest_recount
from province.workdays.queries.years import (
    YearOfPlace,
    calendar_with_id,
    calendars_table,
    place_name,
    places_with_calendars,
    year_of_place,
)
from standards.workdays import read_notice


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """``year`` and ``place`` (the first digits of its code, "": the whole country) say of what."""
    actor_of_request(request, MANAGE)
    shown = _shown(request)
    if request.GET.get("format") in EXPORT_FORMATS:
        name = f"{shown.place}{shown.year}年工作日历"
        return export_table(request.GET["format"], name, list(HEADINGS), day_table(shown.shown))
    versions = list(calendars_table(prefix=shown.prefix, year=shown.year))
    context = _context(shown) | {
        "versions": versions,
        "recount": latest_recount(one.pk for one in versions),
        "missing": missing_years(),
        "places": places_with_calendars(),
        "name": request.GET.get("name", ""),
    }
    return render(request, "workdays/year.html", context)


@require_POST
def turn(request: HttpRequest) -> HttpResponse:
    """Turn one day, and show the year as it is then."""
    by = actor_of_request(request, MANAGE)
    form = TurnForm(request.POST)
    given = _posted(request)
    anchor = ""
    if form.is_valid():
        filled = form.cleaned_data
        anchor = f"#d{filled['day']:%m%d}"
        try:
            turn_day(
                by=by,
                prefix=filled["place"],
                year=filled["year"],
                day=filled["day"],
                name=filled["name"],
                revision=filled["revision"],
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
    else:
        messages.error(request, "没有改成，请刷新页面再试。")
    return redirect(f"{_address(given['year'], given['place'], name=request.POST.get('name', ''))}{anchor}")


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """POST ``act``: preview, which changes nothing, or save."""
    by = actor_of_request(request, MANAGE)
    given = _posted(request)
    shown = year_of_place(given["place"], given["year"])
    initial = {"year": shown.year, "place": shown.prefix, "revision": shown.revision}
    form = NoticeForm(request.POST or None, initial=initial)
    read = read_notice(form.cleaned_data["text"], year=shown.year) if form.is_valid() else None
    if read and not read.faults and request.POST.get("act") == "save":
        saved = form.carry_out(
            lambda filled: save_calendar(
                by=by,
                prefix=filled["place"],
                year=filled["year"],
                revision=filled["revision"],
                lines=[DayLine(one.day, one.is_off, one.name) for one in read.days],
                document=Document(
                    authority=shown.shown.authority if shown.shown else "" if shown.prefix else "国务院办公厅",
                    number=read.number,
                    issued_on=read.issued_on,
                ),
            )
        )
        if saved:
            messages.success(request, f"已存为草稿，共 {len(read.days)} 天与平常不同。核对后再公布。")
            return redirect(_address(shown.year, shown.prefix))
    context = _context(shown) | {"form": form, "read": read}
    status = 422 if form.errors or (read and read.faults) else 200
    return render(request, "workdays/notice.html", context, status=status)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, MANAGE)
    given = _posted(request)
    shown = year_of_place(given["place"], given["year"])
    initial = {"year": shown.year, "place": shown.prefix, "revision": shown.revision}
    form = DaysFileForm(request.POST or None, request.FILES or None, initial=initial)
    if form.carry_out(
        lambda filled: import_days(
            by=by, prefix=filled["place"], year=filled["year"], revision=filled["revision"], file=filled["file"]
        )
    ):
        messages.success(request, "已存为草稿。核对后再公布。")
        return redirect(_address(shown.year, shown.prefix))
    context = _context(shown) | {"form": form}
    return render(request, "workdays/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    """GET says what would happen to limits that are open; POST lets it happen."""
    by = actor_of_request(request, MANAGE)
    calendar = calendar_with_id(calendar_id)
    form = CalendarPublicationForm.of(calendar, request.POST or None)
    effects = form.carry_out(
        lambda filled: publish_calendar(
            by=by,
            calendar=calendar,
            revision=filled["revision"],
            document=Document(authority=filled["authority"], number=filled["number"], issued_on=filled["issued_on"]),
        )
    )
    if effects:
        messages.success(request, f"已公布，{effects.moved:,} 条未办结的期限正在各服务厅重算。")
        return redirect(_address(calendar.year, calendar.prefix))
    context = {
        "calendar": calendar,
        "place": place_name(calendar.prefix),
        "back": _address(calendar.year, calendar.prefix),
        "form": form,
        "effects": effects_of(calendar),
    }
    return render(request, "workdays/publish.html", context, status=422 if form.errors else 200)


@require_POST
def discard(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    by = actor_of_request(request, MANAGE)
    calendar = calendar_with_id(calendar_id)
    revision = posted_number(request.POST.get("revision", ""), otherwise=0)
    try:
        discard_calendar(by=by, calendar=calendar, revision=revision)
        messages.success(request, "已放弃草稿，正在施行的日历不变。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(_address(calendar.year, calendar.prefix))


@require_GET
def version(request: HttpRequest, calendar_id: UUID) -> HttpResponse:
    """The days of one version, in force or not."""
    actor_of_request(request, MANAGE)
    calendar = calendar_with_id(calendar_id)
    context = {
        "calendar": calendar,
        "place": place_name(calendar.prefix),
        "back": _address(calendar.year, calendar.prefix),
        "days": calendar.days.order_by("day"),
    }
    return render(request, "workdays/version.html", context)


def _shown(request: HttpRequest) -> YearOfPlace:
    return year_of_place(
        request.GET.get("place", "").strip(),
        posted_number(request.GET.get("year", ""), otherwise=timezone.localdate().year),
    )


def _posted(request: HttpRequest) -> dict[str, Any]:
    """Year and place, from the form that was sent or the address."""
    asked = request.POST or request.GET
    return {
        "year": posted_number(asked.get("year", ""), otherwise=timezone.localdate().year),
        "place": asked.get("place", "").strip(),
    }


def _context(shown: YearOfPlace) -> dict[str, Any]:
    return {
        "shown": shown,
        "back": _address(shown.year, shown.prefix),
        "before": _address(shown.year - 1, shown.prefix),
        "after": _address(shown.year + 1, shown.prefix),
        "notice_address": f"{reverse('console-workdays-notice')}?{_query(shown.year, shown.prefix)}",
        "upload_address": f"{reverse('console-workdays-upload')}?{_query(shown.year, shown.prefix)}",
    }


def _address(year: int, prefix: str, **asked: str) -> str:
    return f"{reverse('console-workdays')}?{_query(year, prefix, **asked)}"


def _query(year: int, prefix: str, **asked: str) -> str:
    return urlencode({"year": year, **({"place": prefix} if prefix else {}), **{k: v for k, v in asked.items() if v}})
