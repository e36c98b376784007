from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from foundation.errors import NotFound
from province.catalogue.models import Proposal
from province.catalogue.queries.desks import sees_draft
from province.catalogue.queries.validity import version_at
from province.catalogue.states import ProposalState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import within_reach, works_at


def proposals_in_sight(by: Actor, *, state: str = "", hall: Hall | None = None) -> QuerySet[Proposal]:
    """The proposals of the halls that the actor answers for, the newest first; all of them for those who write at
    the province."""
    rows = Proposal.objects.select_related("item__department").order_by("-created_at", "-id")
    if not works_at(by, "catalogue.write"):
        rows = rows.filter(within_reach(by, "catalogue.propose", hall="hall_id"))
    if hall is not None:
        rows = rows.filter(hall_id=hall.pk)
    return rows.filter(state=state) if state else rows


def proposal_table(by: Actor, *, state: str = "") -> QuerySet[Proposal]:
    """The proposals in sight, annotated with ``hall_name``."""
    hall = Hall.objects.filter(pk=OuterRef("hall_id"))
    return proposals_in_sight(by, state=state).annotate(hall_name=Subquery(hall.values("name")[:1]))


def proposals_to_answer(by: Actor) -> QuerySet[Proposal]:
    """The proposals that the actor can answer at the province: new items, and changes of items that are theirs."""
    rows = proposals_in_sight(by, state=ProposalState.PROPOSED)
    if not works_at(by, "catalogue.write"):
        return rows.none()
    own = within_reach(by, "catalogue.write", unit="item__department__unit_id")
    return rows.filter(Q(item=None) | own) if own else rows


def said_before(by: Actor, proposal: Proposal) -> dict[str, Any]:
    """The elements that its item has now: of the draft for those who see it, else of the version in force. Nothing
    for a new item."""
    item = proposal.item
    if item is None:
        return {}
    if sees_draft(by, item):
        return dict(item.values)
    version = version_at(item, timezone.now())
    return dict(version.values) if version else {}


def proposal_in_sight(by: Actor, proposal_id: UUID) -> Proposal:
    """The proposal. Raises NotFound, also for another hall's."""
    found = proposals_in_sight(by).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound("没有找到这条建议。")
    return found
