"""The province's texts: those that it pushed to every hall."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe

from foundation.errors import NotFound
from foundation.files.store import LINK_KEPT_SECONDS, link_for_readers
from province.content.queries.pushes import province_asset, province_push, province_pushes
from province.content.states import PageAnswer
from province.front.views.frame import for_everybody, front_page

# columns of the portal, and their names
COLUMNS: Final = {"news": "要闻动态", "notices": "通知公告", "policies": "政策文件"}
_LINES = 60


@for_everybody
def column(request: HttpRequest, column: str) -> HttpResponse:
    if column not in COLUMNS:
        raise NotFound("没有这个栏目。")
    lines = province_pushes([column], limit=_LINES)[column]
    return front_page(request, "column.html", {"name": COLUMNS[column], "lines": lines})


@for_everybody
def text(request: HttpRequest, push_id: UUID) -> HttpResponse:
    view = province_push(push_id)
    if view is None:
        raise NotFound("没有找到这篇文章。")
    if view.answer == PageAnswer.REDIRECT:
        return redirect(view.redirect_url, permanent=True)
    if view.text is None:
        return front_page(request, "gone.html", {"reason": view.reason}, status=410)
    context = {
        "view": view,
        "text": view.text,
        "notice": view.reason if view.answer == PageAnswer.NOTICE else "",
        "body": mark_safe(view.text.body),  # noqa: S308 - cleaned by foundation.html before it was kept
        "column": COLUMNS.get(view.column, ""),
        "province": settings.PROVINCE_NAME,
    }
    return front_page(request, "text.html", context)


@for_everybody
def media(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """A short-lived link to a picture or an attachment; ``w`` asks for the copy of a picture of that width."""
    asset = province_asset(asset_id)
    if asset is None:
        raise NotFound("没有这个文件。")
    response = redirect(link_for_readers(asset, request.GET.get("w", "")))
    response["Cache-Control"] = f"private, max-age={LINK_KEPT_SECONDS}"
    return response
