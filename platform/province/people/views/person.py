"""One person: positions, absences, what they may do and why, and what an administrator may do about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation.errors import DomainError
from province.console.access import actor_of_request, require_fresh
from province.console.queries.picks import picks_for
from province.halls.queries.halls import primary_domains
from province.people.forms import HandOverForm, PositionForm, SubstituteForm
from province.people.models import Account, Position, Substitution
from province.people.operations.accounts import close_account, reopen_account
from province.people.operations.activation import issue_activation
from province.people.operations.hand_over import hand_over
from province.people.operations.positions import give_position, take_position
from province.people.operations.substitutes import end_substitution, name_substitute
from province.people.queries.accounts import account_named, colleague_named
from province.people.queries.people import (
    account_in_sight,
    account_to_appoint,
    is_administrator,
    is_in_sight,
    may_over,
    position_in_sight,
    positions_of,
    rights_of,
    substitution_of,
    substitutions_of,
)
from province.people.queries.places import hall_names, place_with_code
from province.people.queries.work import Work, hand_over_of, work_of, work_that_ends
from province.people.views.people import position_facts
from province.people.views.places import chosen_place
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


@never_cache
@require_GET
def person(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "people.read")
    return _page(request, by, account_in_sight(by, account_id))


@require_POST
def new_position(request: HttpRequest, account_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id, any_account=True)
    place = place_with_code(by, "rights.appoint", request.POST.get("hall", "")[:12])
    form = PositionForm(request.POST, place=place)

    def give() -> None:
        give_position(
            by=by,
            account=account,
            hall_id=place.hall_id,
            reach_prefix=place.prefix,
            **position_facts(form.cleaned_data, place),
        )

    return _answer(
        request, by, account, give, f"{account.name}的岗位已设好，下次打开页面即生效。", form, "position_form"
    )


@require_POST
def end_position(request: HttpRequest, account_id: UUID, position_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id)
    position = position_in_sight(by, position_id)
    said = f"已收回{account.name}的“{position.role_name}”岗位，立即生效。"
    return _answer(request, by, account, lambda: take_position(by=by, position=position), said)


@require_POST
def new_substitute(request: HttpRequest, account_id: UUID, position_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id)
    position = position_in_sight(by, position_id)
    form = SubstituteForm(request.POST, picks=picks_for(by), auto_id=f"substitute-{position.pk}-%s")

    def name() -> None:
        facts = form.cleaned_data
        substitute = colleague_named(facts["username"], position)
        name_substitute(by=by, position=position, substitute=substitute, from_on=facts["from_on"], to_on=facts["to_on"])

    said = "代理已设好：到开始那天生效，结束那天过后自动失效。"
    return _answer(request, by, account, name, said, form, f"substitute-{position.pk}")


@require_POST
def end_substitute(request: HttpRequest, account_id: UUID, substitution_id: UUID) -> HttpResponse:
    by, account = _asked(request, account_id)
    found = substitution_of(account, substitution_id)
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
    form = HandOverForm(request.POST, picks=picks_for(by))

    def hand() -> None:
        successor = account_named(form.cleaned_data["username"])
        hand_over(by=by, account=account, successor=successor, reason=form.cleaned_data["reason"])

    said = f"{account.name}的岗位已交接，账号已停用；稿件和文章正在移交，进度见本页。"
    return _answer(request, by, account, hand, said, form, "hand_over_form")


def _asked(request: HttpRequest, account_id: UUID, *, any_account: bool = False) -> tuple[Actor, Account]:
    """The actor, and the account they act on (``any_account``: a position may also be given to somebody who has none
    yet). Raises NotFound for a person who works only elsewhere: the page that answers would show what they do."""
    by = actor_of_request(request, "people.read")
    require_fresh(request)
    return by, account_to_appoint(by, account_id) if any_account else account_in_sight(by, account_id)


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
    # who has no position left may be out of a hall administrator's sight
    if not is_in_sight(by, account):
        return redirect("console-settings")
    return redirect("console-person", account_id=account.pk)


def _page(request: HttpRequest, by: Actor, account: Account, **shown: Any) -> HttpResponse:
    positions = positions_of(account)
    rights = rights_of(account)
    absences = list(substitutions_of(account))
    names = hall_names([*positions, *(one.position for one in absences)])
    may_appoint = has_anywhere(by, "rights.appoint")
    choice = chosen_place(request, by, "rights.appoint") if may_appoint else None
    place = choice.place if choice else None
    picks = picks_for(by)
    context = {
        "tab": "people",
        "account": account,
        "is_self": account.pk == by.id,
        "positions": [
            (
                position,
                names.get(position.hall_id, ""),
                shown.get(f"substitute-{position.pk}")
                or SubstituteForm(picks=picks, auto_id=f"substitute-{position.pk}-%s"),
            )
            for position in positions
        ],
        "absences": [
            (one, names.get(one.position.hall_id, ""), one.position.account_id == account.pk) for one in absences
        ],
        "rights": [
            (one.permission, [(grant, names.get(grant.hall_id, ""), whose) for grant, whose in one.grants])
            for one in rights
        ],
        "place": place,
        "choice": choice,
        "may_manage": may_over(by, "people.manage", account),
        "may_preview": may_over(by, "people.preview", account) and not is_administrator(account),
        "desks": _desks(positions),
        "position_form": PositionForm(place=place) if place else None,
        "hand_over_form": HandOverForm(picks=picks),
        "leaves": _what_leaves(account, len(positions), absences),
        "handed_over": hand_over_of(account),
    }
    is_faulty = any(isinstance(one, forms.Form) for one in shown.values())
    return render(request, "people/person.html", context | shown, status=422 if is_faulty else 200)


def _what_leaves(account: Account, positions: int, absences: list[Substitution]) -> list[Work]:
    """What a hand-over would move or end."""
    found = [
        Work("岗位", positions),
        Work("代理别人", sum(one.substitute_id == account.pk for one in absences)),
        *work_of(account),
        *work_that_ends(account),
    ]
    return [one for one in found if one.number]


def _desks(positions: list[Position]) -> list[tuple[str, str]]:
    """(name, host) of the halls at whose desks the person works."""
    return primary_domains({position.hall_id for position in positions if position.hall_id})
