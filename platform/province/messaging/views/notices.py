"""One's own notices: the bell, their list, which kinds one wants."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from province.console.access import for_owner, layout_of
from province.messaging.operations.notices import choose_notice_kinds, mark_all_notices_read, mark_notice_read
from province.messaging.queries.notices import (
    MOST_COUNTED,
    chosen_kinds,
    notice_lines,
    own_notices,
    unread_count,
)
from province.people.models import Account
from province.people.queries.actors import actor_of

_PAGE = 30


def bell(request: HttpRequest) -> SafeString:
    """The way to one's notices, with how many are unread."""
    if not isinstance(request.user, Account):
        return SafeString()
    number = unread_count(request.user.pk, at=_hall_id(request))
    said = f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
    return render_to_string("messaging/bell.html", {"number": number, "said": said}, request)


@never_cache
@require_GET
@for_owner
def notices(request: HttpRequest, owner: Account) -> HttpResponse:
    """``?unread=1``: what is unread alone."""
    by, is_unread = actor_of(owner), request.GET.get("unread") == "1"
    page = Paginator(own_notices(by, at=_hall_id(request), is_unread=is_unread), _PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "base": layout_of(request),
        "page": page,
        "lines": notice_lines(page.object_list),
        "is_unread": is_unread,
        "has_unread": unread_count(owner.pk, at=_hall_id(request)) > 0,
        "kinds": chosen_kinds(by),
    }
    return render(request, "messaging/notices.html", context)


@never_cache
@require_GET
@for_owner
def open_notice(request: HttpRequest, owner: Account, notice_id: UUID) -> HttpResponse:
    """Go to the page that says more; the notice counts as read. A link, as that page may lie at another host, to which
    no form may lead (CSP)."""
    [line] = notice_lines([mark_notice_read(by=actor_of(owner), notice_id=notice_id, at=_hall_id(request))])
    if not line.address:
        messages.info(request, "这条消息所在的服务厅已停用，没有可以打开的页面。")
        return redirect("account-notices")
    return redirect(line.address)


@require_POST
@for_owner
def read_one(request: HttpRequest, owner: Account, notice_id: UUID) -> HttpResponse:
    mark_notice_read(by=actor_of(owner), notice_id=notice_id, at=_hall_id(request))
    return redirect("account-notices")


@require_POST
@for_owner
def read_all(request: HttpRequest, owner: Account) -> HttpResponse:
    number = mark_all_notices_read(by=actor_of(owner), at=_hall_id(request))
    messages.success(request, f"{number} 条消息已标为已读。" if number else "没有未读的消息。")
    return redirect("account-notices")


@require_POST
@for_owner
def kinds(request: HttpRequest, owner: Account) -> HttpResponse:
    choose_notice_kinds(by=actor_of(owner), kinds=set(request.POST.getlist("kind")))
    messages.success(request, "已保存。以后只收选中的消息。")
    return redirect("account-notices")


def _hall_id(request: HttpRequest) -> UUID | None:
    hall = request.hall  # type: ignore[attr-defined]
    return hall.pk if hall else None
