"""In which position somebody works, who stands in for them, and looking around as somebody else."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError
from province.console.access import for_owner, layout_of, require_fresh
from province.console.queries.picks import picks_for
from province.halls.access import destination_of
from province.people.access import positions_of_request
from province.people.forms import OwnSubstituteForm
from province.people.models import Account, Position
from province.people.operations.previews import end_preview, start_preview
from province.people.operations.substitutes import end_substitution, name_substitute
from province.people.queries.accounts import account_with_id, colleague_named
from province.people.queries.actors import POSITION_IN_SESSION, PREVIEW_IN_SESSION, actor_of
from province.people.queries.people import account_to_preview, substitution_of, substitutions_of
from province.people.queries.places import hall_names


@never_cache
@require_GET
@for_owner
def positions(request: HttpRequest, owner: Account) -> HttpResponse:
    form = OwnSubstituteForm(positions=_own(request, owner), picks=picks_for(actor_of(owner)))
    return _page(request, owner, form)


@require_POST
@for_owner
def choose(request: HttpRequest, owner: Account) -> HttpResponse:
    """Work in one position from now on; with none, in all of one's own."""
    asked = request.POST.get("position", "")
    found = next((position for position in positions_of_request(request) if str(position.pk) == asked), None)
    if found is None:
        request.session.pop(POSITION_IN_SESSION, None)
        messages.success(request, "现在以自己的全部岗位工作。")
    else:
        request.session[POSITION_IN_SESSION] = str(found.pk)
        whose = "" if found.account_id == owner.pk else f"{found.account.name} 的代理，"
        messages.success(request, f"现在是{whose}{found.role_name}。")
    return redirect(destination_of(request))


@require_POST
@for_owner
def new_substitute(request: HttpRequest, owner: Account) -> HttpResponse:
    require_fresh(request)
    own = _own(request, owner)
    form = OwnSubstituteForm(request.POST, positions=own, picks=picks_for(actor_of(owner)))
    if form.is_valid():
        facts = form.cleaned_data
        position = next(position for position in own if str(position.pk) == facts["position"])
        try:
            made = name_substitute(
                by=actor_of(owner),
                position=position,
                substitute=colleague_named(facts["username"], position),
                from_on=facts["from_on"],
                to_on=facts["to_on"],
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "代理已设好：到开始那天生效，结束那天过后自动失效。")
            return redirect(f"{reverse('account-positions')}#substitution-{made.pk}")
    return _page(request, owner, form)


@require_POST
@for_owner
def end_substitute(request: HttpRequest, owner: Account, substitution_id: UUID) -> HttpResponse:
    require_fresh(request)
    end_substitution(by=actor_of(owner), substitution=substitution_of(owner, substitution_id))
    messages.success(request, "代理已结束。")
    return redirect("account-positions")


@never_cache
@require_http_methods(["GET", "POST"])
@for_owner
def preview(request: HttpRequest, owner: Account, account_id: UUID) -> HttpResponse:
    """Ask first, then look around on this host as this person would."""
    require_fresh(request)
    by = actor_of(owner)
    account = account_to_preview(by, account_id)
    if request.method == "POST":
        start_preview(by=by, account=account)
        request.session[PREVIEW_IN_SESSION] = str(account.pk)
        return redirect(destination_of(request))
    return render(request, "people/preview.html", {"base": layout_of(request), "account": account})


@require_POST
@for_owner
def leave_preview(request: HttpRequest, owner: Account) -> HttpResponse:
    seen = request.session.pop(PREVIEW_IN_SESSION, None)
    if seen:
        end_preview(by=actor_of(owner), account=account_with_id(UUID(seen)))
        messages.success(request, "已结束查看，现在是您自己。")
    return redirect(destination_of(request))


def _own(request: HttpRequest, owner: Account) -> list[Position]:
    return [position for position in positions_of_request(request) if position.account_id == owner.pk]


def _page(request: HttpRequest, owner: Account, form: OwnSubstituteForm) -> HttpResponse:
    open_positions = positions_of_request(request)
    absences = list(substitutions_of(owner))
    names = hall_names([*open_positions, *(one.position for one in absences)])
    context = {
        "base": layout_of(request),
        "positions": [
            (position, names.get(position.hall_id, ""), position.account_id == owner.pk) for position in open_positions
        ],
        "chosen": request.session.get(POSITION_IN_SESSION, ""),
        "absences": [
            (one, names.get(one.position.hall_id, ""), one.position.account_id == owner.pk) for one in absences
        ],
        "form": form,
    }
    return render(request, "people/own_positions.html", context, status=422 if form.errors else 200)
