"""Take a push back, undo that, stop it before it begins, put a new version in its place."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError, Invalid
from province.console.access import actor_of_request, require_fresh
from province.content.forms import WithdrawForm
from province.content.models import Push
from province.content.operations.pushes import (
    replace_version,
    restore_push,
    resume_push,
    stop_push,
    withdraw_push,
)
from province.content.queries.audiences import halls_showing
from province.content.queries.manuscripts import substitutes_within_reach
from province.content.queries.pushes import is_shown_everywhere, push_at_desk
from province.content.queries.reviews import version_at_desk
from province.content.states import WithdrawalKind
from province.rights.actors import Actor

_MOST_SUBSTITUTES = 50


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, push_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "content.push")
    push = push_at_desk(by, push_id)
    if is_shown_everywhere(push):
        require_fresh(request)
    form = WithdrawForm(request.POST or None)
    form.fields["substitute"].queryset = substitutes_within_reach(  # type: ignore[attr-defined]
        by, besides=push.version_id, most=_MOST_SUBSTITUTES
    )
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            withdraw_push(
                by=by,
                push=push,
                kind=WithdrawalKind(filled["kind"]),
                reason=filled["reason"],
                redirect_url=filled["redirect_url"],
                substitute=filled["substitute"],
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "已撤稿，各服务厅网站立即生效。如系误操作，可在本页撤销。")
            return redirect("console-push", push_id=push_id)
    context = {"push": push, "form": form, "count": halls_showing(push).count()}
    return render(request, "content/withdraw.html", context, status=422 if form.errors else 200)


@require_POST
def act(request: HttpRequest, push_id: UUID) -> HttpResponse:
    """Do one of the acts that need no more than a button."""
    by = actor_of_request(request, "content.push")
    push = push_at_desk(by, push_id)
    try:
        messages.success(request, _done(request, by, push))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("console-push", push_id=push_id)


def _done(request: HttpRequest, by: Actor, push: Push) -> str:
    """Do what the button says; answers what has happened."""
    match request.POST.get("act"):
        case "restore":
            restore_push(by=by, push=push)
            return "已撤销撤稿，网页恢复显示。"
        case "stop":
            stop_push(by=by, push=push)
            return "已取消定时发布。可以在本页恢复。"
        case "resume":
            resume_push(by=by, push=push)
            return "已恢复定时发布。"
        case "replace":
            version = version_at_desk(by, _uuid(request.POST.get("version", "")))
            replace_version(by=by, push=push, version=version)
            return f"已换成第 {version.number} 版，网址不变。"
        case _:
            raise Invalid("请选择要做的操作。")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("请选择一个版本。") from error
