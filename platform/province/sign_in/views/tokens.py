"""The keys of programs, as those who manage them see them."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, list_lines
from province.console.access import actor_of_request, list_download, require_fresh
from province.console.queries.picks import picks_for
from province.people.queries.accounts import account_named
from province.rights.permissions import PERMISSIONS
from province.sign_in.forms import SystemTokenForm
from province.sign_in.models import ApiToken
from province.sign_in.operations.tokens import issue_token, revoke_token
from province.sign_in.queries.tokens import token_in_use, tokens_in_use

_PAGE = 50
_HEADINGS: Final = ("用途", "账号", "权限", "来源地址", "有效期至", "最近使用", "生成时间")


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Show all keys in use; a new one for a program's account, shown once."""
    by = actor_of_request(request, "tokens.manage")
    picks = picks_for(by)
    form, key = SystemTokenForm(picks=picks), ""
    if request.method == "POST":
        require_fresh(request)
        form = SystemTokenForm(request.POST, picks=picks)
        if form.is_valid():
            facts = form.cleaned_data
            try:
                key = issue_token(
                    by=by,
                    account=account_named(facts["username"]),
                    name=facts["name"],
                    scopes=facts["scopes"],
                    expires_at=timezone.make_aware(datetime.combine(facts["expires_on"], time.max)),
                    addresses=facts["addresses"].split(),
                )
            except DomainError as refusal:
                form.take_faults(refusal)
            else:
                form = SystemTokenForm(picks=picks)
    search = request.GET.get("search", "").strip()[:40]
    found = tokens_in_use(by=by, search=search)
    if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
        name, lines = "使用中的令牌", list_lines(found, _cells)
        return list_download(
            by=by, hall_id=None, file_format=kind, name=name, headings=_HEADINGS, lines=lines, words=[search]
        )
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": "tokens",
        "form": form,
        "key": key,
        "search": search,
        "page": page,
        "tokens": [(token, _scope_names(token)) for token in page],
    }
    return render(request, "sign_in/tokens.html", context, status=422 if form.errors else 200)


def _scope_names(token: ApiToken) -> list[str]:
    return [PERMISSIONS[scope].label for scope in token.scopes if scope in PERMISSIONS]


def _cells(tokens: list[ApiToken]) -> Iterator[tuple[Any, ...]]:
    for one in tokens:
        yield (
            *(one.name, one.account.username, "、".join(_scope_names(one)), " ".join(one.addresses) or "不限"),
            *(one.expires_at or "长期", one.last_used_at or "从未", one.created_at),
        )


@require_POST
def end_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "tokens.manage")
    token = token_in_use(by=by, token_id=token_id)
    revoke_token(by=by, token=token)
    messages.success(request, f"令牌“{token.name}”已吊销，使用它的程序不能再访问。")
    return redirect("console-tokens")
