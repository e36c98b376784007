"""Runs are moved to another version of their flow: picked, looked at, moved, and what came of each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.design.forms import ids_of, posted_number
from foundation.errors import DomainError
from foundation.many import MOST_AT_ONCE
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_management
from tenants.workflow.models import Flow, FlowVersion
from tenants.workflow.operations.moving import foresee_moves, move_runs
from tenants.workflow.queries.flows import flow_with_id
from tenants.workflow.queries.moves import (
    lacking_steps,
    open_run_ids,
    open_runs_of,
    standing_at,
    steps_of_version,
    version_with_number,
    versions_with_runs,
)


@at_management
@require_http_methods(["GET", "POST"])
def moves(request: HttpRequest, desk: Desk, flow_id: UUID) -> HttpResponse:
    """Pick runs of one version (``from``) and another version (``to``). POST ``act=check`` says for each what would
    happen and changes nothing; ``act=move`` moves them, two hundred at once."""
    flow = flow_with_id(flow_id)
    versions = versions_with_runs(flow)
    chosen = _chosen(request, flow, versions)
    context: dict[str, Any] = {"place": "flows", "flow": flow, "versions": versions, "most": MOST_AT_ONCE}
    if chosen is None:
        return desk_page(request, desk, "workflow/desk/flow_moves.html", context)
    source, target = chosen
    context |= {"source": source, "target": target}
    if request.method == "POST":
        return _acted(request, desk, source, target, context)
    page = rows_of_page(request, open_runs_of(source))
    at = standing_at([one.pk for one in page])
    context |= {"page": page, "rows": [(one, at.get(one.pk, "")) for one in page], "total": page.paginator.count}
    return desk_page(request, desk, "workflow/desk/flow_moves.html", context)


def _chosen(
    request: HttpRequest, flow: Flow, versions: list[tuple[FlowVersion, int]]
) -> tuple[FlowVersion, FlowVersion] | None:
    """From and to; at first the oldest version that has runs, and the newest one. None where there are not two."""
    if len(versions) < 2:  # noqa: PLR2004 - one to leave, one to go to
        return None
    given = request.POST if request.method == "POST" else request.GET
    running = [one for one, number in versions[1:] if number] or [versions[1][0]]
    source = posted_number(given.get("from", ""), otherwise=running[-1].number)
    target = posted_number(given.get("to", ""), otherwise=versions[0][0].number)
    return version_with_number(flow, source), version_with_number(flow, target)


def _acted(
    request: HttpRequest, desk: Desk, source: FlowVersion, target: FlowVersion, context: dict[str, Any]
) -> HttpResponse:
    is_all = bool(request.POST.get("all"))
    run_ids = open_run_ids(source, most=MOST_AT_ONCE) if is_all else ids_of(request.POST.getlist("run"))
    lacking, steps = lacking_steps(source, target), steps_of_version(target)
    places = {name: place for name, _ in lacking if (place := request.POST.get(f"place.{name}", ""))}
    given: dict[str, Any] = {"by": desk.by, "hall": desk.hall, "version_id": target.pk, "places": places}
    opinion, drops = request.POST.get("opinion", ""), request.POST.getlist("drop")
    template, status = "workflow/desk/flow_moves.html", 200
    if not run_ids:
        messages.error(request, "请先勾选要迁移的流程。")
    elif request.POST.get("act") == "move":
        try:
            outcomes = move_runs(**given, run_ids=run_ids, opinion=opinion, drops=drops)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            status = 422
        else:
            context |= {
                "outcomes": outcomes,
                "moved": sum(one.is_done for one in outcomes),
                "refused": sum(not one.is_done for one in outcomes),
                "left": open_runs_of(source).count(),
                "now": timezone.now(),
                "who": desk.by.shown_name,
            }
            return desk_page(request, desk, "workflow/desk/flow_moved.html", context)
    foreseen = foresee_moves(**given, run_ids=run_ids) if run_ids else []
    lost = {name: label for one in foreseen for name, label in one.lost.items()}
    context |= {
        "foreseen": foreseen,
        "is_checked": True,
        "movable": sum(not one.reason for one in foreseen),
        "lacking": [(name, label, places.get(name, "")) for name, label in lacking],
        "steps": steps,
        "lost": [(name, label, name in drops) for name, label in lost.items()],
        "opinion": opinion,
    }
    return desk_page(request, desk, template, context, status=status)
