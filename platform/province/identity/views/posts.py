"""In which post somebody works, who stands in for them, and looking around as somebody else."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.errors import DomainError, NotFound
from province.identity.forms import SubstituteForm
from province.identity.models import Account, Post
from province.identity.operations.previews import end_preview, start_preview
from province.identity.operations.step_up import require_fresh
from province.identity.operations.substitutes import end_substitution, name_substitute
from province.identity.queries.accounts import account_named
from province.identity.queries.people import may_over, substitutions_of
from province.identity.queries.places import hall_names
from province.identity.queries.rights import (
    POST_IN_SESSION,
    PREVIEW_IN_SESSION,
    actor_of,
    posts_open_to,
)
from province.identity.views.entry import base_of, destination_of, for_owner


@never_cache
@require_GET
@for_owner
def posts(request: HttpRequest, owner: Account) -> HttpResponse:
    return _page(request, owner, SubstituteForm(posts=_own(owner)))


@require_POST
@for_owner
def choose(request: HttpRequest, owner: Account) -> HttpResponse:
    """Work in one post from now on; with none, in all of one's own."""
    asked = request.POST.get("post", "")
    found = next((post for post in posts_open_to(owner) if str(post.pk) == asked), None)
    if found is None:
        request.session.pop(POST_IN_SESSION, None)
        messages.success(request, "现在以自己的全部岗位工作。")
    else:
        request.session[POST_IN_SESSION] = str(found.pk)
        whose = "" if found.account_id == owner.pk else f"{found.account.name} 的代理，"
        messages.success(request, f"现在是{whose}{found.role_name}。")
    return redirect(destination_of(request))


@require_POST
@for_owner
def new_substitute(request: HttpRequest, owner: Account) -> HttpResponse:
    form = SubstituteForm(request.POST, posts=_own(owner))
    if form.is_valid():
        facts = form.cleaned_data
        post = next(post for post in _own(owner) if str(post.pk) == facts["post"])
        try:
            name_substitute(
                by=actor_of(owner),
                post=post,
                substitute=account_named(facts["username"]),
                from_on=facts["from_on"],
                to_on=facts["to_on"],
            )
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "代理已设好：到开始那天生效，结束那天过后自动失效。")
            return redirect("account-posts")
    return _page(request, owner, form)


@require_POST
@for_owner
def end_substitute(request: HttpRequest, owner: Account, substitution_id: UUID) -> HttpResponse:
    found = substitutions_of(owner).filter(pk=substitution_id).first()
    if found is None:
        raise NotFound("没有这项代理，或者它已经结束。")
    end_substitution(by=actor_of(owner), substitution=found)
    messages.success(request, "代理已结束。")
    return redirect("account-posts")


@never_cache
@require_http_methods(["GET", "POST"])
@for_owner
def preview(request: HttpRequest, owner: Account, account_id: UUID) -> HttpResponse:
    """Ask first, then look around on this host as this person would."""
    require_fresh(request)
    by = actor_of(owner)
    account = Account.objects.filter(pk=account_id).prefetch_related("posts").first()
    if account is None or not may_over(by, "people.preview", account):
        raise NotFound("没有这个人员，或者他有您管理范围以外的岗位。")
    if request.method == "POST":
        start_preview(by=by, account=account)
        request.session[PREVIEW_IN_SESSION] = str(account.pk)
        return redirect(destination_of(request))
    return render(request, "identity/preview.html", {"base": base_of(request), "account": account})


@require_POST
@for_owner
def leave_preview(request: HttpRequest, owner: Account) -> HttpResponse:
    seen = request.session.pop(PREVIEW_IN_SESSION, None)
    if seen and (account := Account.objects.filter(pk=seen).first()):
        end_preview(by=actor_of(owner), account=account)
        messages.success(request, "已结束查看，现在是您自己。")
    return redirect(destination_of(request))


def _own(owner: Account) -> list[Post]:
    return [post for post in posts_open_to(owner) if post.account_id == owner.pk]


def _page(request: HttpRequest, owner: Account, form: SubstituteForm) -> HttpResponse:
    open_posts = posts_open_to(owner)
    absences = list(substitutions_of(owner))
    names = hall_names([*open_posts, *(one.post for one in absences)])
    context = {
        "base": base_of(request),
        "posts": [(post, names.get(post.hall_id, ""), post.account_id == owner.pk) for post in open_posts],
        "chosen": request.session.get(POST_IN_SESSION, ""),
        "absences": [(one, names.get(one.post.hall_id, ""), one.post.account_id == owner.pk) for one in absences],
        "form": form,
    }
    return render(request, "identity/posts.html", context, status=422 if form.errors else 200)
