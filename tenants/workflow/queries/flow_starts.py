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


def _newest(flows: QuerySet[Flow]) -> FlowVersion:
    flow = flows.filter(state=DesignState.PUBLISHED).select_related("newest__form_version", "newest__flow").first()
    if flow is None or flow.newest is None:
        raise NotFound("没有这个流程，可能还没有发布，或者已经停用。")
    return flow.newest
