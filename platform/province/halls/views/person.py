"""One person: posts, absences, what they may do and why, and what an administrator may do about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError, NotFound
from province.halls.forms import HandOverForm, PostForm, SubstituteForm
from province.halls.models import Hall
from province.halls.queries.places import own_places, place_with_code
from province.halls.views.people import post_facts
from province.identity.models import Account, Actor, Post, Substitution
from province.identity.operations.accounts import close_account, issue_activation, reopen_account
from province.identity.operations.hand_over import hand_over
from province.identity.operations.posts import give_post, take_post
from province.identity.operations.step_up import require_fresh
from province.identity.operations.substitutes import end_substitution, name_substitute
from province.identity.queries.accounts import account_named
from province.identity.queries.people import (
    account_in_sight,
    is_administrator,
    may_over,
    people_table,
    post_in_sight,
    rights_of,
    substitutions_of,
)
from province.identity.queries.places import hall_names
from province.identity.queries.rights import actor_of_request, has_anywhere, may
from province.identity.queries.work import Work, hand_over_of, work_of


@never_cache
@require_GET
def person(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "people.read")
    return _page(request, by, account_in_sight(by, account_id))


@require_POST
def new_post(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id, any_account=True)
    place = place_with_code(by, "rights.appoint", request.POST.get("hall", "")[:12])
    form = PostForm(request.POST, place=place)

    def give() -> None:
        give_post(
            by=by,
            account=account,
            hall_id=place.hall_id,
            reach_prefix=place.prefix,
            **post_facts(form.cleaned_data, place),
        )

    return _answer(request, by, account, give, f"{account.name}的岗位已设好，下次打开页面即生效。", form, "post_form")


@require_POST
def end_post(request: HttpRequest, account_id: UUID, post_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id)
    post = post_in_sight(by, post_id)
    said = f"已收回{account.name}的“{post.role_name}”岗位，立即生效。"
    return _answer(request, by, account, lambda: take_post(by=by, post=post), said)


@require_POST
def new_substitute(request: HttpRequest, account_id: UUID, post_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id)
    post = post_in_sight(by, post_id)
    form = SubstituteForm(request.POST)

    def name() -> None:
        facts = form.cleaned_data
        substitute = account_named(facts["username"])
        name_substitute(by=by, post=post, substitute=substitute, from_on=facts["from_on"], to_on=facts["to_on"])

    said = "代理已设好：到开始那天生效，结束那天过后自动失效。"
    return _answer(request, by, account, name, said, form, "substitute_form")


@require_POST
def end_substitute(request: HttpRequest, account_id: UUID, substitution_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id)
    found = substitutions_of(account).filter(pk=substitution_id).first()
    if found is None:
        raise NotFound("没有这项代理，或者它已经结束。")
    return _answer(request, by, account, lambda: end_substitution(by=by, substitution=found), "代理已结束。")


@require_POST
def change_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """``act``: close or reopen."""
    by, account = _asked(request, account_id)
    if request.POST.get("act") == "reopen":
        said = f"账号“{account.username}”已启用，可以用原来的密码登录。令牌需要重新生成。"
        return _answer(request, by, account, lambda: reopen_account(by=by, account=account), said)
    said = f"账号“{account.username}”已停用，登录和令牌立即失效。"
    return _answer(request, by, account, lambda: close_account(by=by, account=account), said)


@never_cache
@require_POST
def activation(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A new code, in this answer and nowhere else."""
    by, account = _asked(request, account_id)
    try:
        code = issue_activation(by=by, account=account)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("console-person", account_id=account.pk)
    return _page(request, by, account, codes=[(account.username, account.name, code)])


@require_POST
def hand_over_all(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id)
    form = HandOverForm(request.POST)

    def hand() -> None:
        successor = account_named(form.cleaned_data["username"])
        hand_over(by=by, account=account, successor=successor, reason=form.cleaned_data["reason"])

    said = f"{account.name}的岗位已交接，账号已停用；稿件和文章正在移交，进度见本页。"
    return _answer(request, by, account, hand, said, form, "hand_over_form")


def _asked(request: HttpRequest, account_id: UUID, *, any_account: bool = False) -> tuple[Actor, Account]:
    """Whoever acts, and on whom; a post may also be given to somebody who has none yet. Who works elsewhere alone is
    not there: the page that answers would show what they do."""
    by = actor_of_request(request, "people.read")
    require_fresh(request)
    if any_account and (found := Account.objects.filter(pk=account_id, posts=None).first()):
        return by, found
    return by, account_in_sight(by, account_id)


def _answer(
    request: HttpRequest,
    by: Actor,
    account: Account,
    act: Callable[[], object],
    said: str,
    form: forms.Form | None = None,
    name: str = "",
) -> HttpResponse:
    """Carry out what was asked for and go back to the person's page; a form that is refused says why in its place."""
    if form is not None and not form.is_valid():
        return _page(request, by, account, **{name: form})
    try:
        act()
    except DomainError as refusal:
        if form is not None:
            form.take_faults(refusal)  # type: ignore[attr-defined]  # ours all do
            return _page(request, by, account, **{name: form})
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    # whoever has no post left may be out of a hall administrator's sight
    is_in_sight = people_table(by=by).filter(pk=account.pk).exists()
    return redirect("console-person", account_id=account.pk) if is_in_sight else redirect("console-settings")


def _page(request: HttpRequest, by: Actor, account: Account, **shown: Any) -> HttpResponse:
    posts = list(Post.objects.filter(account=account).select_related("own_role", "unit").order_by("pk"))
    rights = rights_of(account)
    absences = list(substitutions_of(account))
    names = hall_names([*posts, *(one.post for one in absences)])
    may_appoint = has_anywhere(by, "rights.appoint")
    place = place_with_code(by, "rights.appoint", _code(request)) if may_appoint else None
    context = {
        "tab": "people",
        "account": account,
        "is_self": account.pk == by.id,
        "posts": [(post, names.get(post.hall_id, "")) for post in posts],
        "absences": [(one, names.get(one.post.hall_id, ""), one.post.account_id == account.pk) for one in absences],
        "rights": [
            (one.permission, [(grant, names.get(grant.hall_id, ""), whose) for grant, whose in one.grants])
            for one in rights
        ],
        "place": place,
        "places": own_places(by, "rights.appoint"),
        "is_province": may(by, "rights.appoint"),
        "may_manage": may_over(by, "people.manage", account),
        "may_preview": may_over(by, "people.preview", account) and not is_administrator(account),
        "desks": _desks(posts),
        "post_form": PostForm(place=place) if place else None,
        "substitute_form": SubstituteForm(),
        "hand_over_form": HandOverForm(),
        "leaves": _what_leaves(account, len(posts), absences),
        "handed_over": hand_over_of(account),
    }
    is_faulty = any(isinstance(one, forms.Form) for one in shown.values())
    return render(request, "halls/person.html", context | shown, status=422 if is_faulty else 200)


def _what_leaves(account: Account, posts: int, absences: list[Substitution]) -> list[Work]:
    """What a hand-over would move or end."""
    found = [
        Work("岗位", posts),
        Work("代理别人", sum(one.substitute_id == account.pk for one in absences)),
        *work_of(account),
        Work("令牌（将吊销）", account.tokens.filter(revoked_at=None).count()),
    ]
    return [one for one in found if one.number]


def _desks(posts: list[Post]) -> list[tuple[str, str]]:
    """(name, host) of the halls at whose desks the person works."""
    halls = Hall.objects.filter(pk__in={post.hall_id for post in posts if post.hall_id})
    found = halls.filter(domains__is_primary=True).values_list("short_name", "domains__domain")
    return list(found.order_by("division__code"))


def _code(request: HttpRequest) -> str:
    return (request.POST.get("hall") or request.GET.get("hall") or "").strip()[:12]
