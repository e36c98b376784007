"""Life events (一件事), under which people look for items."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import idempotent
from province.catalogue.models import LifeEvent
from province.catalogue.operations.life_events import (
    add_life_event,
    change_life_event,
    move_life_event,
    restore_life_event,
    retire_life_event,
)
from province.catalogue.queries.desks import check_reader
from province.catalogue.queries.life_events import event_lines, event_with_id, trial_of_event
from province.catalogue.schemas.life_events import (
    LifeEventChangeIn,
    LifeEventIn,
    LifeEventLineOut,
    LifeEventMoveIn,
    LifeEventOut,
    LifeEventTrialOut,
)
from province.catalogue.schemas.words import RevisionIn
from province.rights.actors import Actor
from standards.items.facets import Whom

router = Router(tags=["life events"])


def _actor(request: HttpRequest) -> Actor:
    actor = cast("Actor", request.auth)  # type: ignore[attr-defined]
    check_reader(actor)
    return actor


def _told(event: LifeEvent) -> tuple[int, LifeEventOut]:
    return 200, LifeEventOut.from_orm(event)


@router.get("/life-events", response=list[LifeEventLineOut])
def list_events(request: HttpRequest) -> list[LifeEventLineOut]:
    """List all events, also retired ones, in their order."""
    _actor(request)
    return [
        LifeEventLineOut(**LifeEventOut.from_orm(line.event).model_dump(), items=line.number) for line in event_lines()
    ]


@router.post("/life-events", response={201: LifeEventOut})
@idempotent
def add_event(request: HttpRequest, data: LifeEventIn) -> tuple[int, LifeEventOut]:
    """Add an event behind all others; it can be chosen in all items at once."""
    made: LifeEvent = add_life_event(by=_actor(request), **data.model_dump())
    return 201, LifeEventOut.from_orm(made)


@router.put("/life-events/{uuid:event_id}", response=LifeEventOut)
@idempotent
def change_event(request: HttpRequest, event_id: UUID, data: LifeEventChangeIn) -> tuple[int, LifeEventOut]:
    """Rename an event, or say for whom it is; in force in all halls at once."""
    by = _actor(request)
    return _told(change_life_event(by=by, event=event_with_id(event_id), **data.model_dump()))


@router.get("/life-events/{uuid:event_id}/trial", response=LifeEventTrialOut)
def try_event(request: HttpRequest, event_id: UUID, name: str = "", whom: Whom | None = None) -> LifeEventTrialOut:
    """Say what citizens would see under another name, or for other people; changes nothing."""
    _actor(request)
    event = event_with_id(event_id)
    trial = trial_of_event(event, name=name or event.name, whom=whom or event.whom)
    return LifeEventTrialOut(groups=[name for name, *_ in trial.groups], items=trial.number, names=trial.names)


@router.post("/life-events/{uuid:event_id}/move", response=LifeEventOut)
@idempotent
def move_event(request: HttpRequest, event_id: UUID, data: LifeEventMoveIn) -> tuple[int, LifeEventOut]:
    by = _actor(request)
    return _told(move_life_event(by=by, event=event_with_id(event_id), up=data.up))


@router.post("/life-events/{uuid:event_id}/retire", response=LifeEventOut)
@idempotent
def retire_event(request: HttpRequest, event_id: UUID, data: RevisionIn) -> tuple[int, LifeEventOut]:
    """Take it out of what is chosen and shown to citizens; items keep its code."""
    by = _actor(request)
    return _told(retire_life_event(by=by, event=event_with_id(event_id), revision=data.revision))


@router.post("/life-events/{uuid:event_id}/restore", response=LifeEventOut)
@idempotent
def restore_event(request: HttpRequest, event_id: UUID, data: RevisionIn) -> tuple[int, LifeEventOut]:
    by = _actor(request)
    return _told(restore_life_event(by=by, event=event_with_id(event_id), revision=data.revision))
