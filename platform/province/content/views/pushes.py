"""The push dialog, the list of pushes, and the page of one of them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.design.tables import TableColumn, TableKind
from foundation.errors import DomainError
from foundation.exports import EXPORT_FORMATS, export_list
from foundation.masking import masked
from province.console.access import actor_of_request, first_view
from province.console.queries.picks import picks_for
from province.console.queries.tables import own_table
from province.content.forms import AudienceForm, PushForm, ScopePickForm
from province.content.models import ManuscriptVersion, Push
from province.content.operations.pushes import push_version
from province.content.queries.audiences import audience_of_push, audience_preview
from province.content.queries.columns import PUSH_COLUMNS, column_name
from province.content.queries.desks import desk_name
from province.content.queries.manuscripts import other_approved_versions
from province.content.queries.outside import outside_results
from province.content.queries.overview import own_desks
from province.content.queries.pushes import (
    proof_cards,
    push_at_desk,
    push_history,
    pushes_at_desk,
)
from province.content.queries.reviews import version_at_desk
from province.content.states import PushMode, PushState
from province.content.views.audiences import answer_for
from province.halls.queries.divisions import child_divisions
from province.rights.actors import Actor
from province.rights.queries import may
from standards.numbers.divisions import CODE_LENGTH, PREFIX_LENGTH

_PAGE = 40
_TABLE = TableKind(
    "console.pushes",
    (
        TableColumn("title", "标题", sort="version__title", is_fixed=True),
        TableColumn("state", "状态"),
        TableColumn("mode", "方式"),
        TableColumn("column", "栏目"),
        TableColumn("starts", "发布", sort="starts_at"),
        TableColumn("by", "推送人"),
    ),
    filters=("q", "state"),
)
_HEADINGS = ("标题", "横幅", "状态", "撤稿方式", "方式", "栏目", "发布", "推送人", "编辑部")


@require_GET
def push_list(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "content.read")
    own_desks(by, "content.read")
    state, search = request.GET.get("state", ""), request.GET.get("q", "").strip()[:80]
    table = own_table(by, _TABLE, request.GET)
    if first := first_view(request, table):
        return redirect(first)
    rows = table.in_order(pushes_at_desk(by, state=state, search=search))
    if (kind := request.GET.get("format", "")) in EXPORT_FORMATS:
        return export_list(kind, "推稿", _HEADINGS, rows, _cells)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "table": table,
        "pushes": [(push, column_name(push.column)) for push in page],
        "state": state,
        "search": search,
        "states": PushState.choices,
    }
    return render(request, "content/pushes.html", context)


@require_http_methods(["GET", "POST"])
def dialog(request: HttpRequest, version_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "content.push")
    version = version_at_desk(by, version_id)
    if request.method == "GET":
        meant = version.manuscript.meant_column
        form = PushForm(initial={"column": column_name(meant)} if meant else None)
        return _dialog_page(request, by, version, form)
    form = PushForm(request.POST)
    if request.POST.get("act") == "all":
        # without JavaScript: everything that is the actor's own
        form = PushForm({**request.POST.dict(), "kinds": request.POST.getlist("kinds"), "to": _whole_reach(by)})
    if request.POST.get("act") == "add":
        # without JavaScript: what the name stands for joins what is chosen already
        picked = ScopePickForm(request.POST, picks=picks_for(by))
        if picked.is_valid() and picked.cleaned_data["add"]:
            to = f"{request.POST.get('to', '')} {picked.cleaned_data['add']}".strip()
            form = PushForm({**request.POST.dict(), "kinds": request.POST.getlist("kinds"), "to": to})
            picked = ScopePickForm(picks=picks_for(by))
        return _dialog_page(request, by, version, form, picked)
    if request.POST.get("act") in {"preview", "all"}:
        return _dialog_page(request, by, version, form)
    if form.is_valid():
        try:
            push = push_version(by=by, version=version, audience=form.audience(), **form.options())
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            is_live = push.state == PushState.LIVE
            messages.success(
                request, "已推送，各服务厅网站立即显示。" if is_live else "已定时，到时自动发布。在此之前可以取消。"
            )
            return redirect("console-push", push_id=push.pk)
    return _dialog_page(request, by, version, form)


@require_GET
def result(request: HttpRequest, push_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "content.read")
    push = push_at_desk(by, push_id)
    context = {
        "push": push,
        "column": column_name(push.column),
        "desk": desk_name(push.desk_prefix),
        "preview": audience_preview(audience_of_push(push), push=push),
        **proof_cards(push),
        "history": push_history(push),
        **outside_results(push.pk),
        "may_push": may(by, "content.push", prefix=push.desk_prefix),
        "replacements": other_approved_versions(push.version.manuscript_id, besides=push.version_id),
    }
    return render(request, "content/push_result.html", context)


def _cells(pushes: list[Push]) -> Iterator[tuple[Any, ...]]:
    desks = {prefix: desk_name(prefix) for prefix in {one.desk_prefix for one in pushes}}
    for one in pushes:
        yield (
            *(one.version.title, "是" if one.is_urgent else "", one.get_state_display()),
            *(one.get_withdrawal_kind_display(), one.get_mode_display(), column_name(one.column)),
            *(one.starts_at, masked(one.created_by_name), desks[one.desk_prefix]),
        )


def _whole_reach(by: Actor) -> str:
    """The code of the actor's own division."""
    return own_desks(by)[0].prefix.ljust(CODE_LENGTH, "0")


def _dialog_page(
    request: HttpRequest, by: Actor, version: ManuscriptVersion, form: PushForm, picked: ScopePickForm | None = None
) -> HttpResponse:
    prefix = own_desks(by)[0].prefix
    # the tree begins with the actor's own division, which stands below another unless it is the province
    shorter = [length for length in PREFIX_LENGTH.values() if length < len(prefix)]
    parent = prefix[: shorter[-1]].ljust(CODE_LENGTH, "0") if shorter else None
    roots = [one for one in child_divisions(parent) if one.prefix == prefix]
    shown = form if form.is_bound else AudienceForm({**form.initial, "mode": PushMode.DIRECT})
    context = {
        "version": version,
        "desk": desk_name(version.manuscript.desk_prefix),
        "form": form,
        "answer": answer_for(by, version, shown),
        "columns": PUSH_COLUMNS.values(),
        "scope_pick": picked or ScopePickForm(picks=picks_for(by)),
        "divisions": roots,
        "picks": True,
        "whole": _whole_reach(by),
    }
    is_faulty = form.is_bound and request.POST.get("act") not in {"preview", "all", "add"} and form.errors
    return render(request, "content/push.html", context, status=422 if is_faulty else 200)
