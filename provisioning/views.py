"""The console's pages about making many halls: try it dry, start it, watch it."""

from collections import Counter
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.errors import DomainError
from province.console.access import actor_of_request
from province.console.queries.picks import picks_for
from province.halls.models import HallKind
from province.halls.queries.divisions import division_figures
from provisioning.create import PlannedHall, planned_halls, start_rollout
from provisioning.forms import RolloutForm
from provisioning.queries import rollout_progress, rollouts

_LISTED = 200
_ROLLOUTS = 30


@require_GET
def rollout_list(request: HttpRequest) -> HttpResponse:
    actor_of_request(request, "halls.manage")
    page = {"rollouts": [rollout_progress(rollout.id) for rollout in rollouts()[:_ROLLOUTS]]}
    return render(request, "provisioning/rollouts.html", page)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """GET with a code shows what would be made and makes nothing; POST makes it."""
    by = actor_of_request(request, "halls.manage")
    form = RolloutForm(request.POST or (request.GET if "under" in request.GET else None), picks=picks_for(by))
    planned: list[PlannedHall] | None = None
    if form.is_bound and form.is_valid():
        under, kinds = form.cleaned_data["under"], [HallKind(kind) for kind in form.cleaned_data["kinds"]]
        try:
            if request.method == "POST":
                return redirect("console-rollout", rollout_id=start_rollout(by=by, under=under, kinds=kinds).id)
            planned = planned_halls(under=under, kinds=kinds)
        except DomainError as refusal:
            form.add_error("under", refusal.message)
    counts = Counter(one.kind for one in planned or ())
    context = {
        "form": form,
        "planned": planned,
        "total": len(planned or ()),
        "listed": (planned or [])[:_LISTED],
        "counts": [(kind.label, counts[kind]) for kind in HallKind if counts[kind]],
        "has_divisions": bool(division_figures()),
    }
    return render(request, "provisioning/start.html", context, status=422 if form.errors else 200)


@require_GET
def progress(request: HttpRequest, rollout_id: UUID) -> HttpResponse:
    actor_of_request(request, "halls.manage")
    return render(request, "provisioning/progress.html", {"progress": rollout_progress(rollout_id)})


@require_GET
def card(request: HttpRequest, rollout_id: UUID) -> HttpResponse:
    """The progress card alone; it asks again while there is something to wait for."""
    actor_of_request(request, "halls.manage")
    return render(request, "provisioning/progress.html#card", {"progress": rollout_progress(rollout_id)})
