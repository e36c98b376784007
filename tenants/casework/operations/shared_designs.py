"""统一表单和流程: what the province gives with an item, taken into a hall's setup or left."""

from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Invalid
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.casework.models import CaseSetup
from tenants.casework.operations.setup_rows import check_ready, keep_setup, locked_setup, replace_flow
from tenants.casework.queries.design_merges import flow_is_of_province
from tenants.casework.queries.guides import CaseGuide, guide_to_apply_by
from tenants.casework.queries.shared_designs import DesignOffer, design_offer, offer_of_setup
from tenants.casework.states import SetupState
from tenants.workflow.operations.shared import DesignOrigin, publish_again, take_flow, take_form


@transaction.atomic
def take_design(*, by: Actor, hall: Hall, setup_id: UUID, revision: int, seen: str) -> CaseSetup:
    """Work from now on by the form and flow that came with the version of the item that the hall shows. What was begun
    or received stays on what it has.

    ``seen``: what somebody has looked at (``DesignOffer.seen``). Raises NotFound where nothing came, Conflict where
    that or the hall's own changed since, Invalid with every fault of what it names and this hall has not.
    """
    setup = locked_setup(by, hall, setup_id, revision)
    guide = guide_to_apply_by(setup.item_id, setup.handling_code)
    offer = _seen_offer(setup, seen)
    take_offer(by, hall, offer)
    if setup.state == SetupState.OPEN:
        check_ready(hall, setup, guide)
    keep_setup(hall, setup)
    return setup


@transaction.atomic
def decline_design(*, by: Actor, hall: Hall, setup_id: UUID, revision: int, seen: str) -> CaseSetup:
    """Go on as before, and be told of it no more until the province gives another one. Raises as ``take_design``."""
    setup = locked_setup(by, hall, setup_id, revision)
    offer = _seen_offer(setup, seen)
    if not offer.is_newer:
        raise Conflict("本厅没有采用过省里的表单和流程，或者已经是这一版，不用处理。")
    setup.declined_digest = offer.design.digest
    keep_setup(hall, setup)
    _record(by, hall, offer, "decline_design")
    return setup


def take_offer(by: Actor, hall: Hall, offer: DesignOffer) -> None:
    """Publish the form, then the flow pinned to it, and set the flow; the caller keeps the setup. A flow that the hall
    drew itself, or that others use too, stays as it is and is used no more here."""
    setup, design = offer.setup, offer.design
    if offer.faults:
        raise Invalid.of(offer.faults, many=f"省里的表单和本厅的办事指南有 {len(offer.faults)} 处对不上，不能采用。")
    origin = DesignOrigin(offer.version.pk, design.digest)
    form, flow = setup.form, setup.flow
    assert design.form is not None  # noqa: S101 - no version without one was submitted
    setup.form = take_form(
        by=by, hall=hall, form_id=form.pk, definition=design.form, origin=origin, revision=form.revision
    )
    if design.flow is not None:
        is_ours = flow_is_of_province(setup)
        taken = take_flow(
            by=by,
            hall=hall,
            flow_id=flow.pk if flow and is_ours else None,
            form_id=form.pk,
            definition=design.flow,
            origin=origin,
            revision=flow.revision if flow and is_ours else 0,
        )
        replace_flow(setup, taken.pk)
    elif flow is not None and flow.form_id == form.pk:
        publish_again(by=by, hall=hall, flow_id=flow.pk)
    setup.declined_digest = setup.before_merge = None
    _record(by, hall, offer, "take_design")


def take_at_once(by: Actor, hall: Hall, setup: CaseSetup, guide: CaseGuide) -> bool:
    """Let a new setup begin with what came; whether it does. Where this hall cannot work by it, nothing of it is
    taken."""
    offer = design_offer(setup, guide)
    if offer is None:
        return False
    try:
        with transaction.atomic():
            take_offer(by, hall, offer)
    except Invalid:
        return False
    return True


def _seen_offer(setup: CaseSetup, seen: str) -> DesignOffer:
    offer = offer_of_setup(setup)
    if offer.seen != seen:
        raise Conflict("省里的或者本厅的表单、流程刚刚有改动。请看过现在的不同，再决定采用不采用。")
    return offer


def _record(by: Actor, hall: Hall, offer: DesignOffer, act: str) -> None:
    changes = {
        "item": [None, offer.version.name],
        "public_version": [None, offer.version.public_number],
        "origin_digest": [None, offer.design.digest],
    }
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="case_setup",
        object_id=offer.setup.pk,
        hall_id=hall.pk,
        changes=changes,
    )
