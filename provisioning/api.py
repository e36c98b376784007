"""Rollouts over HTTP: start one, see how far it is."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from province.rights.queries import require
from provisioning.create import start_rollout
from provisioning.queries import rollout_progress, rollouts
from provisioning.schemas import RolloutIn, RolloutLineOut, RolloutOut

router = Router(tags=["provisioning"])


@router.post("/rollouts", response={202: RolloutOut})
@idempotent
def create_rollout(request: HttpRequest, payload: RolloutIn) -> Any:
    """Begins in the background; asked again while it runs, it answers with the same rollout."""
    rollout = start_rollout(by=request.auth, under=payload.under, kinds=payload.kinds)  # type: ignore[attr-defined]
    return 202, RolloutOut.of(rollout_progress(rollout.id))


@router.get("/rollouts", response=Page[RolloutLineOut])
def list_rollouts(request: HttpRequest, page: PageParameters) -> Any:
    require(request.auth, "halls.manage")  # type: ignore[attr-defined]
    return page_of(rollouts(), page)


@router.get("/rollouts/{rollout_id}", response=RolloutOut)
def show_rollout(request: HttpRequest, rollout_id: UUID) -> Any:
    require(request.auth, "halls.manage")  # type: ignore[attr-defined]
    return RolloutOut.of(rollout_progress(rollout_id))
