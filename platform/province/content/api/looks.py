"""What somebody outside saw (``yizhan look``): opened, filled in batches, and ended."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from province.content.looking.sites import Sighting
from province.content.models import PushProof
from province.content.operations.outside_proofs import add_outside_rows, finish_outside_proof, open_outside_proof
from province.content.queries.pushes.evidence import roster_of
from province.content.schemas.looks import LookOut, LookRowsIn, LookSiteOut, LookStateOut
from province.rights.actors import Actor

router = Router(tags=["looks"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


@router.post("/{uuid:push_id}/looks", response={201: LookOut})
@idempotent
def open_look(request: HttpRequest, push_id: UUID) -> tuple[int, LookOut]:
    """Begin to look from outside: the answer names every site, and what must be seen there."""
    proof = open_outside_proof(by=_actor(request), push_id=push_id)
    sites = [LookSiteOut(number=one.number, domain=one.domain, column=one.column) for one in roster_of(proof)]
    return 201, LookOut(
        id=proof.pk,
        scheme=settings.PUBLIC_SCHEME,
        port=settings.PUBLIC_PORT,
        expectation=proof.expectation,
        sites=sites,
    )


@router.post("/{uuid:push_id}/looks/{uuid:look_id}/rows", response=LookStateOut)
@idempotent
def add_rows(request: HttpRequest, push_id: UUID, look_id: UUID, data: LookRowsIn) -> tuple[int, LookStateOut]:
    """Add what was seen on some sites. A site that has its row keeps it."""
    rows = [
        Sighting(
            number=row.number,
            outcome=row.outcome,
            looked_at=row.looked_at,
            seen=row.seen,
            statuses=tuple(row.statuses),
            digest=row.digest or "",
            faulty=dict(row.faulty),
        )
        for row in data.rows
    ]
    return 200, _state(add_outside_rows(by=_actor(request), push_id=push_id, look_id=look_id, rows=rows))


@router.post("/{uuid:push_id}/looks/{uuid:look_id}/finish", response=LookStateOut)
@idempotent
def finish_look(request: HttpRequest, push_id: UUID, look_id: UUID) -> tuple[int, LookStateOut]:
    """End it: from now on it is sealed, and shown beside the inner proof."""
    return 200, _state(finish_outside_proof(by=_actor(request), push_id=push_id, look_id=look_id))


def _state(proof: PushProof) -> LookStateOut:
    return LookStateOut.from_orm(proof)
