"""Accounts of people and their posts."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError
from province.halls.forms import AccountForm, PostForm
from province.halls.models import Hall
from province.halls.queries import hall_with_code
from province.identity.models import Account, Post, Role
from province.identity.operations.accounts import close_account, create_account, reopen_account
from province.identity.operations.posts import give_post, take_post
from province.identity.queries.accounts import accounts_with_posts
from province.identity.queries.rights import actor_of_request

_PAGE = 50


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    actor_of_request(request, "halls.manage")
    return _people_page(request)


@require_POST
def new_account(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            account = create_account(by=by, **form.cleaned_data)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, f"账号“{account.username}”已建立。下一步:给他一个岗位。")
            return redirect(f"/console/settings/?q={account.username}")
    return _people_page(request, account_form=form)


@require_POST
def new_post(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    form = PostForm(request.POST)
    if form.is_valid():
        account = get_object_or_404(Account, username=form.cleaned_data["username"])
        try:
            hall = hall_with_code(form.cleaned_data["hall_code"]) if form.cleaned_data["hall_code"] else None
            give_post(
                by=by,
                account=account,
                role=Role(form.cleaned_data["role"]),
                hall_id=hall.id if hall else None,
                reach_prefix=hall.division.prefix if hall else "",
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{account.name}的岗位已设好,下次打开页面即生效。")
            return redirect(f"/console/settings/?q={account.username}")
    return _people_page(request, post_form=form)


@require_POST
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    post = get_object_or_404(Post.objects.select_related("account"), id=post_id)
    try:
        take_post(by=by, post=post)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已收回{post.account.name}的“{post.get_role_display()}”岗位,立即生效。")
    return redirect(f"/console/settings/?q={post.account.username}")


@require_POST
def change_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """``act``: close or reopen."""
    by = actor_of_request(request, "halls.manage")
    account = get_object_or_404(Account, id=account_id)
    try:
        if request.POST.get("act") == "reopen":
            reopen_account(by=by, account=account)
            messages.success(request, f"账号“{account.username}”已启用,可以用原来的密码登录。令牌需要重新生成。")
        else:
            close_account(by=by, account=account)
            messages.success(request, f"账号“{account.username}”已停用,登录和令牌立即失效。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(f"/console/settings/?q={account.username}")


def _people_page(
    request: HttpRequest, *, account_form: AccountForm | None = None, post_form: PostForm | None = None
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:40]
    page = Paginator(accounts_with_posts(words), _PAGE).get_page(request.GET.get("page"))
    hall_ids = {post.hall_id for account in page for post in account.posts.all() if post.hall_id}
    names: dict[UUID | None, str] = dict(Hall.objects.filter(id__in=hall_ids).values_list("id", "short_name"))
    context = {
        "words": words,
        "page": page,
        "people": [
            (
                account,
                [(post, names.get(post.hall_id, "全省")) for post in account.posts.all()],
            )
            for account in page
        ],
        "account_form": account_form or AccountForm(),
        "post_form": post_form or PostForm(initial={"username": words}),
    }
    is_faulty = bool(account_form or post_form)
    return render(request, "halls/people.html", context, status=422 if is_faulty else 200)
