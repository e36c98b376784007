from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.catalogue.models import Proposal
from province.catalogue.operations import accept_proposal, decline_proposal, propose_item
from province.catalogue.queries.departments import department_named
from province.catalogue.queries.desks import item_at_desk
from province.catalogue.queries.proposals import proposal_in_sight, proposals_in_sight
from province.catalogue.schemas.proposals import AcceptIn, DeclineProposalIn, ProposalIn, ProposalOut
from province.catalogue.states import ProposalState
from province.halls.queries import hall_with_code
from province.rights.actors import Actor

router = Router(tags=["item proposals"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def _answer(by: Actor, proposal: Proposal) -> ProposalOut:
    return ProposalOut.from_orm(proposal_in_sight(by, proposal.pk))


@router.get("", response=Page[ProposalOut])
def list_proposals(request: HttpRequest, page: PageParameters, state: ProposalState | None = None) -> dict[str, object]:
    """List the proposals of your halls; at the province, of all halls."""
    return page_of(proposals_in_sight(_actor(request), state=state or ""), page)


@router.post("", response={201: ProposalOut})
@idempotent
def propose(request: HttpRequest, data: ProposalIn) -> tuple[int, ProposalOut]:
    """Propose a new item, or a change of one, on behalf of a hall."""
    by = _actor(request)
    made = propose_item(
        by=by,
        hall=hall_with_code(data.hall_code),
        item=item_at_desk(by, data.item_id) if data.item_id else None,
        family=data.family,
        item_type=data.item_type,
        values=data.values,
        reason=data.reason,
    )
    return 201, _answer(by, made)


@router.get("/{uuid:proposal_id}", response=ProposalOut)
def show_proposal(request: HttpRequest, proposal_id: UUID) -> Proposal:
    return proposal_in_sight(_actor(request), proposal_id)


@router.post("/{uuid:proposal_id}/accept", response=ProposalOut)
@idempotent
def accept(request: HttpRequest, proposal_id: UUID, data: AcceptIn) -> tuple[int, ProposalOut]:
    """Accept the proposal: it becomes a draft."""
    by = _actor(request)
    proposal = proposal_in_sight(by, proposal_id)
    accept_proposal(
        by=by,
        proposal=proposal,
        department=department_named(data.department) if data.department else None,
        basic_code=data.basic_code,
        answer=data.answer,
    )
    return 200, _answer(by, proposal)


@router.post("/{uuid:proposal_id}/decline", response=ProposalOut)
@idempotent
def decline(request: HttpRequest, proposal_id: UUID, data: DeclineProposalIn) -> tuple[int, ProposalOut]:
    """Decline the proposal and tell the hall why."""
    by = _actor(request)
    proposal = proposal_in_sight(by, proposal_id)
    return 200, _answer(by, decline_proposal(by=by, proposal=proposal, answer=data.answer))
