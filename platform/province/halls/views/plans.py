"""A plan of division changes: its lines, what is decided on them, and carrying it out."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from foundation.errors import DomainError, Invalid
from foundation.exports import EXPORT_FORMATS, export_table
from province.console.access import actor_of_request
from province.halls.forms import CorrectionForm, DecisionFileForm
from province.halls.models import DivisionChange, DivisionPlan
from province.halls.operations.corrections import Wish
from province.halls.operations.decision_files import import_decisions
from province.halls.operations.division_changes import (
    Decision,
    DecisionAct,
    accept_guesses,
    decide_changes,
    decided_words,
)
from province.halls.operations.plans import apply_plan, discard_plan
from province.halls.operations.undoing import undo_changes
from province.halls.queries.decision_columns import TABLE_HEADINGS, decision_rows
from province.halls.queries.dependencies import Dependencies
from province.halls.queries.division_plans import (
    candidates,
    change_counts,
    change_ids,
    change_with_id,
    changes_with_ids,
    moves_of,
    plan_with_id,
    state_counts,
)
from province.halls.queries.forecast import forecast
from province.halls.states import DECIDED, UNDECIDED, ChangeState
from province.rights.actors import Actor

_PAGE = 50
_DONE = {"accept": "已采纳", "postpone": "已暂缓", "reopen": "已撤回决定"}


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    found = plan_with_id(plan_id)
    if request.method == "POST":
        _carry_out(request, by, found)
        return redirect("console-division-plan", plan_id=plan_id)
    if request.GET.get("format") in EXPORT_FORMATS:
        name = f"区划变更{found.effective_on:%Y-%m-%d}"
        return export_table(request.GET["format"], name, TABLE_HEADINGS, decision_rows(found))
    return _plan_page(request, found)


def _carry_out(request: HttpRequest, by: Actor, found: DivisionPlan) -> None:
    match request.POST.get("act"):
        case "apply":
            done = apply_plan(by=by, plan=found)
            rest = f"，另有 {done.waiting:,} 项已决定、还缺条件" if done.waiting else ""
            messages.success(request, f"已生效 {done.lines:,} 项{rest}。")
        case "accept-all":
            messages.success(request, f"已采纳 {accept_guesses(by=by, plan=found):,} 项，执行以后才生效。")
        case "discard":
            discard_plan(by=by, plan=found)
            messages.success(request, "没有生效的各项已放弃，没有改动区划。")


@require_POST
def decide(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The lines that are ticked, or a group of lines that hang together."""
    by = actor_of_request(request, "halls.manage")
    found = plan_with_id(plan_id)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    lines = _seen(request.POST.getlist("line"))
    if not lines:
        messages.error(request, "请先勾选要决定的项。")
    elif act == "undo":
        count = undo_changes(by=by, plan=found, change_ids=[line_id for line_id, _ in lines], reason=reason)
        messages.success(request, f"已撤回 {count:,} 项，它们改为暂缓。")
    elif act in _DONE:
        decisions = [Decision(line_id, revision, DecisionAct(act), None, reason) for line_id, revision in lines]
        messages.success(request, f"{_DONE[act]} {decide_changes(by=by, plan=found, decisions=decisions):,} 项。")
    return redirect(_back(request, found))


def _back(request: HttpRequest, found: DivisionPlan) -> str:
    asked = {name: request.POST[name] for name in ("state", "kind", "with") if request.POST.get(name)}
    return reverse("console-division-plan", args=[found.pk], query=asked)


def _seen(values: Iterable[str]) -> list[tuple[UUID, int]]:
    """``id:revision`` of each line, as the page had them; several may be joined by commas. Raises Invalid."""
    try:
        pairs = [one.split(":") for value in values for one in value.split(",") if one]
        return [(UUID(line_id), int(revision)) for line_id, revision in pairs]
    except ValueError as error:
        raise Invalid("勾选的项不对，请刷新页面再试。") from error


@require_POST
def upload(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "halls.manage")
    found = plan_with_id(plan_id)
    form = DecisionFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _plan_page(request, found, form=form)
    try:
        done = import_decisions(by=by, plan=found, file=form.cleaned_data["file"])
    except DomainError as refusal:
        return _plan_page(request, found, form=form, refusal=refusal)
    messages.success(request, f"表格有 {done.rows:,} 行，记下 {done.decided:,} 项决定。执行以后才生效。")
    return redirect("console-division-plan", plan_id=plan_id)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, plan_id: UUID, change_id: UUID) -> HttpResponse:
    """One line: what was guessed and why, what it would touch, and every decision that can be made on it."""
    by = actor_of_request(request, "halls.manage")
    found = plan_with_id(plan_id)
    line = change_with_id(found, change_id)
    is_correcting = request.method == "POST" and request.POST.get("act") == "correct"
    form = CorrectionForm(request.POST if is_correcting else None, line=line)
    if is_correcting and form.is_valid():
        filled = form.cleaned_data
        wish = Wish(filled["kind"], filled["code"], filled["name"])
        decision = Decision(line.pk, _revision(request), DecisionAct.CORRECT, wish, filled["reason"])
        try:
            decide_changes(by=by, plan=found, decisions=[decision])
        except Invalid as refusal:
            form.take_faults(refusal)
        else:
            messages.success(request, "已更正，执行以后才生效。")
            return redirect("console-division-change", plan_id=plan_id, change_id=change_id)
    elif request.method == "POST":
        _act_on(request, by, found, line)
        return redirect("console-division-change", plan_id=plan_id, change_id=change_id)
    hanging = Dependencies.of(found)
    is_open = line.pk in hanging.lines
    group = [one for one in hanging.group_of.get(line.pk, []) if one != line.pk]
    page = {
        "plan": found,
        "line": line,
        "form": form,
        "codes": candidates(line),
        "is_open": is_open,
        "is_decided": line.state in DECIDED,
        "lacking": hanging.lacking(line.pk) if is_open else "",
        "group": changes_with_ids(found, group[:_PAGE]),
        "group_count": len(group),
        "touched": forecast(found, hanging.whole(line.pk)) if is_open else None,
        "decided": decided_words(line) if line.decided_at else "",
        "guess": DivisionChange.Kind(line.guessed_kind).label,
        "moves": moves_of(line),
    }
    return render(request, "halls/change.html", page, status=422 if form.errors else 200)


def _act_on(request: HttpRequest, by: Actor, found: DivisionPlan, line: DivisionChange) -> None:
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    if act == "undo":
        undo_changes(by=by, plan=found, change_ids=[line.pk], reason=reason)
        messages.success(request, "已撤回，这一项改为暂缓。")
    elif act in _DONE:
        decide_changes(
            by=by, plan=found, decisions=[Decision(line.pk, _revision(request), DecisionAct(act), None, reason)]
        )
        messages.success(request, f"{_DONE[act]}。")


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


def _plan_page(
    request: HttpRequest, found: DivisionPlan, *, form: Any = None, refusal: DomainError | None = None
) -> HttpResponse:
    hanging = Dependencies.of(found)
    filters = {name: request.GET.get(name, "") for name in ("state", "kind", "with")}
    together = _together(hanging, filters["with"])
    page = Paginator(together or _in_groups(found, hanging, filters), _PAGE).get_page(request.GET.get("page"))
    lines = {line.pk: line for line in changes_with_ids(found, list(page))}
    ready = hanging.ready()
    decided = sum(line.state in DECIDED for line in hanging.lines.values())
    context = {
        "plan": found,
        "page": page,
        "lines": [_row(lines[one], hanging) for one in page if one in lines],
        "states": [(state, ChangeState(state).label, count) for state, count in state_counts(found).items()],
        "kinds": [(kind, DivisionChange.Kind(kind).label, count) for kind, count in change_counts(found).items()],
        "filters": filters,
        "proposed": sum(line.state == ChangeState.PROPOSED for line in hanging.lines.values()),
        "decided": decided,
        "waiting": decided - len(ready),
        "ready": forecast(found, ready) if ready else None,
        "together": _all_seen(found, together) if together else "",
        "together_count": len(together),
        "touched": forecast(found, together) if together else None,
        "form": form or DecisionFileForm(),
        "refusal": refusal,
        "is_early": found.is_early,
    }
    return render(request, "halls/plan.html", context, status=422 if refusal or (form and form.errors) else 200)


def _row(line: DivisionChange, hanging: Dependencies) -> dict[str, Any]:
    is_open = line.pk in hanging.lines
    return {
        "line": line,
        "is_open": is_open,
        "others": len(hanging.group_of[line.pk]) - 1 if is_open else 0,
        "lacking": hanging.lacking(line.pk) if line.state in DECIDED else hanging.obstacles.get(line.pk, ""),
    }


def _together(hanging: Dependencies, text: str) -> list[UUID]:
    try:
        return hanging.group_of.get(UUID(text), [])
    except ValueError:
        return []


def _in_groups(found: DivisionPlan, hanging: Dependencies, filters: dict[str, str]) -> Sequence[UUID]:
    """The lines that are asked for, those that hang together side by side."""
    ids = change_ids(found, filters["kind"], filters["state"])
    return sorted(ids, key=lambda one: (hanging.group_of.get(one, [one])[0], one))


def _all_seen(found: DivisionPlan, line_ids: Sequence[UUID]) -> str:
    lines = changes_with_ids(found, line_ids)
    return ",".join(f"{line.pk}:{line.revision}" for line in lines if line.state in UNDECIDED)
