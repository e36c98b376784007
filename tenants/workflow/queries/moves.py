"""Which runs of a flow could be moved to another version, and where those stand that the other version lacks."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, QuerySet

from foundation.errors import NotFound
from standards.flows.nodes import StepNode
from standards.flows.reading import read_flow
from tenants.workflow.models import Flow, FlowVersion, Run, WorkItem
from tenants.workflow.queries.running import running_flow
from tenants.workflow.states import OPEN_ITEMS, RunStatus

_OPEN = (RunStatus.RUNNING, RunStatus.SUSPENDED)


def versions_with_runs(flow: Flow) -> list[tuple[FlowVersion, int]]:
    """Every version, the newest first, with the number of its runs that have not ended: two queries."""
    counted = Run.objects.filter(version__flow=flow, status__in=_OPEN).values_list("version").annotate(Count("pk"))
    numbers = dict(counted.order_by())
    return [(one, numbers.get(one.pk, 0)) for one in flow.versions.select_related("form_version").order_by("-number")]


def version_with_number(flow: Flow, number: int) -> FlowVersion:
    """Raises NotFound."""
    found = flow.versions.select_related("form_version").filter(number=number).first()
    if found is None:
        message = f"这个流程没有第 {number} 版。"
        raise NotFound(message)
    return found


def open_runs_of(version: FlowVersion) -> QuerySet[Run]:
    """Those that have not ended, the oldest first."""
    return Run.objects.filter(version=version, status__in=_OPEN).order_by("pk")


def open_run_ids(version: FlowVersion, *, most: int) -> list[UUID]:
    """Of those, the first so many."""
    return list(open_runs_of(version).values_list("pk", flat=True)[:most])


def standing_at(run_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where each of these runs stands, in words: one query."""
    found: dict[UUID, list[str]] = {}
    rows = WorkItem.objects.filter(run__in=run_ids, state__in=OPEN_ITEMS).order_by("pk")
    for run_id, label in rows.values_list("run_id", "label"):
        if label not in found.setdefault(run_id, []):
            found[run_id].append(label)
    return {run_id: "、".join(labels) for run_id, labels in found.items()}


def lacking_steps(source: FlowVersion, target: FlowVersion) -> list[tuple[str, str]]:
    """Name and label of the steps that the target lacks, in the order of the source."""
    known = read_flow(target.definition).named_nodes
    return [(step.name, step.label) for step in running_flow(source).definition.steps if step.name not in known]


def steps_of_version(version: FlowVersion) -> list[tuple[str, str]]:
    """Name and label of all its steps."""
    return [(node.name, node.label) for node in read_flow(version.definition).nodes if isinstance(node, StepNode)]
