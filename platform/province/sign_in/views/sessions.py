"""Where one is signed in, and out of there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import Invalid
from province.console.access import for_owner, layout_of
from province.people.models import Account
from province.people.queries.actors import actor_of
from province.sign_in.access import sign_in_of
from province.sign_in.models import SignInSession
from province.sign_in.operations.sessions import end_other_sessions, end_session
from province.sign_in.queries.sessions import open_sessions


@never_cache
@require_GET
@for_owner
def sessions(request: HttpRequest, owner: Account) -> HttpResponse:
    present = sign_in_of(request)
    page = {"base": layout_of(request), "sessions": open_sessions(owner), "present_id": present.pk if present else None}
    return render(request, "sign_in/sessions.html", page)


@require_POST
@for_owner
def end(request: HttpRequest, owner: Account) -> HttpResponse:
    """End the sign-in that ``session`` names; without it, all but the present one."""
    by = actor_of(owner)
    present = sign_in_of(request)
    if named := request.POST.get("session"):
        session = get_object_or_404(SignInSession, pk=_uuid(named), account=owner)
        end_session(by=by, session=session)
        messages.success(request, "那台设备已退出登录，立即生效。")
    elif present:
        ended = end_other_sessions(by=by, account=owner, kept_id=present.pk)
        messages.success(request, f"已退出其他 {ended} 处登录。" if ended else "没有其他登录。")
    return redirect("account-sessions")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("请选择要退出的登录。") from error
