from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import NotFound
from province.catalogue.models import Proposal
from province.halls.models import Hall
from province.identity.models import Actor
from province.identity.queries.rights import within_reach, works_at


def proposals_in_sight(by: Actor, *, state: str = "", hall: Hall | None = None) -> QuerySet[Proposal]:
    """Those of the halls that the actor answers for; all of them for who writes at the province. The newest first."""
    rows = Proposal.objects.select_related("item").order_by("-created_at", "-id")
    if not works_at(by, "catalogue.write"):
        rows = rows.filter(within_reach(by, "catalogue.propose", hall="hall_id"))
    if hall is not None:
        rows = rows.filter(hall_id=hall.pk)
    return rows.filter(state=state) if state else rows


def proposal_in_sight(by: Actor, proposal_id: UUID) -> Proposal:
    """Raises NotFound, also for another hall's."""
    found = proposals_in_sight(by).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound("没有找到这条建议。")
    return found
