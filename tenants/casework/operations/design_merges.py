"""合并: the province's newer form and flow are merged into the hall's drafts, published together, or undone."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Invalid
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.reconciling import Side
from tenants.casework.models import CaseSetup
from tenants.casework.operations.setup_rows import check_ready, keep_setup, locked_setup, replace_flow
from tenants.casework.queries.design_merges import can_undo_merge, foresee_merge, shares_flow_of_province
from tenants.casework.queries.guides import guide_to_apply_by
from tenants.casework.queries.shared_designs import offer_of_setup
from tenants.casework.states import SetupState
from tenants.workflow.models import Flow, Form
from tenants.workflow.operations.shared import (
    DesignOrigin,
    copy_flow,
    draft_flow,
    draft_form,
    publish_again,
    publish_form_again,
)

_LONGEST_TOLD: Final = 500
_SIDES: Final[Mapping[Side, str]] = {"ours": "本厅的", "theirs": "省里的"}


@transaction.atomic
def merge_design(
    *, by: Actor, hall: Hall, setup_id: UUID, revision: int, seen: str, choices: Mapping[str, Side]
) -> CaseSetup:
    """Merge what came with the item's version into the drafts of the hall's form and flow: what one side alone changed
    is taken, of what both changed ``choices`` says whose holds (``foresee_merge``). Nothing of it is published; where
    others go by the flow, too, this setup gets a copy of its own first, which it goes by at once.

    Raises NotFound where nothing came, Conflict where that or the hall's own changed since it was looked at (``seen``),
    or the hall has taken none before; Invalid with what keeps them from being merged.
    """
    setup = locked_setup(by, hall, setup_id, revision)
    offer = offer_of_setup(setup)
    if offer.seen != seen:
        raise Conflict("省里的或者本厅的表单、流程刚刚有改动。请看过现在的不同，再合并。")
    if not offer.is_newer:
        raise Conflict("本厅没有采用过省里的表单和流程，或者已经是这一版，没有可以合并的。")
    merge = foresee_merge(offer, choices)
    if merge.refusals or merge.form is None:
        raise Invalid.of(merge.refusals, many=f"有 {len(merge.refusals)} 处合并不了。")
    origin = DesignOrigin(offer.version.pk, offer.design.digest)
    form, flow = setup.form, setup.flow
    if flow and merge.flow is not None and shares_flow_of_province(setup):
        flow = copy_flow(by=by, hall=hall, flow=flow)
        replace_flow(setup, flow.pk)
    setup.before_merge = {"form": _kept(form), "flow": _kept(flow) if flow and merge.flow is not None else None}
    given: dict[str, Any] = {"by": by, "hall": hall, "origin": origin}
    setup.form = draft_form(**given, form_id=form.pk, definition=merge.form, revision=form.revision)
    if flow and merge.flow is not None:
        setup.flow = draft_flow(**given, flow_id=flow.pk, definition=merge.flow, revision=flow.revision)
    setup.declined_digest = None
    keep_setup(hall, setup)
    told = "；".join(f"{one.said}：用{_SIDES[one.chosen]}" for one in merge.clashes)
    changes = {
        "item": [None, offer.version.name],
        "public_version": [None, offer.version.public_number],
        "origin_digest": [None, offer.design.digest],
        "clashes": [None, told[:_LONGEST_TOLD]],
    }
    _record(by, hall, setup, "merge_design", changes)
    return setup


@transaction.atomic
def undo_merge(*, by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    """Go back to the hall's drafts of before, whatever was changed in them since. Raises Conflict where nothing was
    merged, or it was published."""
    setup = _merged_setup(by, hall, setup_id, revision)
    if not can_undo_merge(setup):
        raise Conflict("合并的结果已经发布过，不能再撤销。")
    kept = setup.before_merge or {}
    given: dict[str, Any] = {"by": by, "hall": hall}
    setup.form = draft_form(**given, form_id=setup.form.pk, revision=setup.form.revision, **_restored(kept["form"]))
    if kept["flow"] and setup.flow:
        setup.flow = draft_flow(**given, flow_id=setup.flow.pk, revision=setup.flow.revision, **_restored(kept["flow"]))
    setup.before_merge = None
    keep_setup(hall, setup)
    _record(by, hall, setup, "undo_merge", {})
    return setup


@transaction.atomic
def publish_merge(*, by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    """Let new applications go by the merged form and flow, as they stand by now; what was begun or received stays on
    what it has. Raises Conflict where nothing was merged, Invalid with every fault of either."""
    setup = _merged_setup(by, hall, setup_id, revision)
    setup.form = publish_form_again(by=by, hall=hall, form_id=setup.form_id)
    if setup.flow_id and setup.flow and setup.flow.form_id == setup.form_id:
        setup.flow = publish_again(by=by, hall=hall, flow_id=setup.flow_id)
    if setup.state == SetupState.OPEN:
        check_ready(hall, setup, guide_to_apply_by(setup.item_id, setup.handling_code))
    setup.before_merge = None
    keep_setup(hall, setup)
    _record(by, hall, setup, "publish_merge", {})
    return setup


def _merged_setup(by: Actor, hall: Hall, setup_id: UUID, revision: int) -> CaseSetup:
    setup = locked_setup(by, hall, setup_id, revision)
    if setup.before_merge is None:
        raise Conflict("没有合并过，或者已经发布、已经撤销。")
    return setup


def _kept(design: Form | Flow) -> dict[str, Any]:
    return {
        "definition": design.definition,
        "origin": [design.origin_version_id.hex, design.origin_digest] if design.origin_version_id else None,
        "newest": design.newest_id.hex if design.newest_id else None,
    }


def _restored(kept: Mapping[str, Any]) -> dict[str, Any]:
    origin = kept["origin"]
    return {
        "definition": kept["definition"],
        "origin": DesignOrigin(UUID(origin[0]), origin[1]) if origin else None,
    }


def _record(by: Actor, hall: Hall, setup: CaseSetup, act: str, changes: dict[str, Any]) -> None:
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="case_setup",
        object_id=setup.pk,
        hall_id=hall.pk,
        changes=changes,
    )
