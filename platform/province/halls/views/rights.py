"""Who may do what (谁能做什么), and the keys of programs."""

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, NotFound
from province.halls.forms import SystemTokenForm
from province.halls.queries.places import own_places, place_with_code
from province.identity.operations.step_up import require_fresh
from province.identity.operations.tokens import issue_token, revoke_token
from province.identity.queries.accounts import account_named
from province.identity.queries.people import substitutes_at, who_may
from province.identity.queries.permissions import PERMISSIONS, all_permissions
from province.identity.queries.places import hall_names
from province.identity.queries.rights import actor_of_request, may
from province.identity.queries.tokens import tokens_in_use

_PAGE = 50


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Pick a permission (and a hall): who has it, and by which post."""
    by = actor_of_request(request, "people.read")
    permission = PERMISSIONS.get(request.GET.get("permission", ""))
    code = request.GET.get("hall", "").strip()[:12]
    place = place_with_code(by, "people.read", code) if code else None
    page = None
    rows = []
    if permission:
        posts = who_may(
            by=by,
            permission=permission.name,
            hall_id=place.hall_id if place else None,
            prefix=place.prefix if place else "",
        )
        page = Paginator(posts, _PAGE).get_page(request.GET.get("page"))
        names, stand_in = hall_names(page), substitutes_at(page)
        rows = [(post, names.get(post.hall_id, ""), stand_in.get(post.pk)) for post in page]
    context = {
        "tab": "rights",
        "permissions": all_permissions(),
        "permission": permission,
        "place": place,
        "code": code,
        "places": own_places(by, "people.read"),
        "is_province": may(by, "people.read"),
        "page": page,
        "rows": rows,
    }
    return render(request, "halls/rights.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """All keys in use; a new one for a program's account, shown once."""
    by = actor_of_request(request, "tokens.manage")
    form, key = SystemTokenForm(), ""
    if request.method == "POST":
        require_fresh(request)
        form = SystemTokenForm(request.POST)
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
                form = SystemTokenForm()
    search = request.GET.get("search", "").strip()[:40]
    page = Paginator(tokens_in_use(by=by, search=search), _PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": "tokens",
        "form": form,
        "key": key,
        "search": search,
        "page": page,
        "tokens": [
            (token, [PERMISSIONS[scope].label for scope in token.scopes if scope in PERMISSIONS]) for token in page
        ],
    }
    return render(request, "halls/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def end_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "tokens.manage")
    token = tokens_in_use(by=by).filter(pk=token_id).first()
    if token is None:
        raise NotFound("没有这个令牌，或者它已吊销。")
    revoke_token(by=by, token=token)
    messages.success(request, f"令牌“{token.name}”已吊销，使用它的程序不能再访问。")
    return redirect("console-tokens")
