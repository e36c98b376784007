"""统一表单和流程: what an item's next version brings along, and what its versions do."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from foundation.api import idempotent
from province.catalogue.models import Item
from province.catalogue.operations.designs import write_item_design
from province.catalogue.queries.designs import (
    SharedDesign,
    compared_designs,
    design_differences,
    design_faults,
    design_of_version,
    design_revision,
    drafted_design,
    suggested_flow,
    suggested_form,
)
from province.catalogue.queries.desks import item_at_desk, require_over, version_at_desk
from province.catalogue.schemas.designs import DesignFaultOut, DesignIn, DraftedDesignOut, SharedDesignOut
from province.catalogue.schemas.items import DifferenceQuery
from province.rights.actors import Actor

router = Router(tags=["items"])


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", request.auth)  # type: ignore[attr-defined]


def _answer(item: Item) -> DraftedDesignOut:
    shown = drafted_design(item)
    faults = [DesignFaultOut(where=one.where, message=one.message) for one in design_faults(item, shown)]
    return DraftedDesignOut(
        form=_plain(shown.form),
        flow=_plain(shown.flow),
        digest=shown.digest,
        revision=design_revision(item),
        faults=faults,
    )


def _plain(definition: object) -> dict[str, object] | None:
    return cast("dict[str, object] | None", definition)


def _own(by: Actor, item_id: UUID) -> Item:
    item = item_at_desk(by, item_id)
    require_over(by, "catalogue.write", item)
    return item


@router.get("/items/{uuid:item_id}/design", response=DraftedDesignOut)
def show_design(request: HttpRequest, item_id: UUID) -> DraftedDesignOut:
    """Show the form and flow of the draft, and what keeps them from every hall."""
    return _answer(_own(_actor(request), item_id))


@router.put("/items/{uuid:item_id}/design", response=DraftedDesignOut)
@idempotent
def write_design(request: HttpRequest, item_id: UUID, data: DesignIn) -> tuple[int, DraftedDesignOut]:
    """Write form and flow of the draft; halls see them once the version that brings them is published. 422 with a fault
    for every wrong place."""
    by = _actor(request)
    item = _own(by, item_id)
    write_item_design(by=by, item=item, **data.model_dump())
    return 200, _answer(item)


@router.get("/items/{uuid:item_id}/design/suggestion", response=SharedDesignOut)
def suggest_design(request: HttpRequest, item_id: UUID) -> SharedDesignOut:
    """Make a first form of the draft's materials and a first flow of its chart; nothing is kept."""
    item = _own(_actor(request), item_id)
    return SharedDesignOut(form=suggested_form(item), flow=suggested_flow(item).as_json(), digest="")


@router.get("/items/{uuid:item_id}/design/difference", response=list[str])
def show_design_difference(request: HttpRequest, item_id: UUID, asked: Query[DifferenceQuery]) -> list[str]:
    """Compare what two versions bring along, by their numbers, in sentences; 0 is the draft."""
    by = _actor(request)
    return design_differences(*compared_designs(by, item_at_desk(by, item_id), asked.before, asked.after))


@router.get("/versions/{uuid:version_id}/design", response=SharedDesignOut)
def show_version_design(request: HttpRequest, version_id: UUID) -> SharedDesign:
    """Show the form and flow that the version brings along, frozen with it."""
    return design_of_version(version_at_desk(_actor(request), version_id).pk)
