"""Which flows somebody can start."""

from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from tenants.workflow.models import Flow, FlowVersion
from tenants.workflow.states import DesignState


def startable_flows() -> QuerySet[Flow]:
    """Those that are published, by their titles."""
    return Flow.objects.filter(state=DesignState.PUBLISHED, newest__isnull=False).order_by("title", "pk")


def startable_version(flow_id: UUID) -> FlowVersion:
    """The version on which a run would begin now. Raises NotFound, also for another hall's flow."""
    return _newest(Flow.objects.filter(pk=flow_id))


def startable_version_of_code(code: str) -> FlowVersion:
    """As ``startable_version``, by the flow's code."""
    return _newest(Flow.objects.filter(code=code))


def version_reading(flow_id: UUID, form_version_id: UUID, *, even_retired: bool = False) -> FlowVersion | None:
    """The newest version of a flow that reads this version of a form, or no form at all; None where there is none, or
    the flow is not published. ``even_retired``: one that nobody begins any more counts, too."""
    flows = Flow.objects.filter(pk=flow_id, newest__isnull=False)
    if not even_retired:
        flows = flows.filter(state=DesignState.PUBLISHED)
    newest = flows.values_list("newest_id", "newest__form_version_id").first()
    if newest is None:
        return None
    versions = FlowVersion.objects.select_related("form_version", "flow").defer("flow__definition")
    if newest[1] in {None, form_version_id}:
        return versions.get(pk=newest[0])
    return versions.filter(flow_id=flow_id, form_version_id=form_version_id).order_by("-number").first()


def _newest(flows: QuerySet[Flow]) -> FlowVersion:
    newest = flows.filter(state=DesignState.PUBLISHED).values("newest")
    # what its designers work on is read by none of those who start it
    rows = FlowVersion.objects.select_related("form_version", "flow").defer("flow__definition")
    found = rows.filter(pk__in=newest).first()
    if found is None:
        raise NotFound("没有这个流程，可能还没有发布，或者已经停用。")
    return found
