"""The form and the flow of an item's next version: designed or written whole, and frozen with the version."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from foundation.editing.drafts import check_lock, check_revision, count_edit, end_lock, hold_lock, take_lock
from foundation.errors import Conflict, Fault, Invalid
from province.audit.operations import record_act
from province.catalogue.models import Item, ItemDesign, ItemVersion, VersionDesign
from province.catalogue.operations.drafts import check_not_ended, lock_item
from province.catalogue.queries.designing import flow_of_draft
from province.catalogue.queries.designs import digest_of, takes_designs
from province.catalogue.queries.desks import require_over
from province.designers.queries.flow_tables import MOST_FLOW_REVISIONS
from province.rights.actors import Actor
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.changes import apply_change
from standards.flows.reading import read_flow
from standards.forms.designing import savable_draft
from standards.forms.reading import read_definition

type Definition = Mapping[str, Any]


@transaction.atomic
def lock_item_design(*, by: Actor, item: Item) -> ItemDesign:
    """Keep others from writing for five minutes; asking again prolongs it. Raises Conflict naming the holder."""
    _, design = _designable(by, item)
    take_lock(design, by)
    return design


@transaction.atomic
def unlock_item_design(*, by: Actor, item: Item, is_forced: bool = False) -> ItemDesign:
    """Let others write. Somebody else's lock is broken only when forced, and that is told."""
    locked, design = _held(by, item)
    if broken := end_lock(design, by, is_forced=is_forced):
        _record(by, locked, "break_design_lock", {"locked_by_name": [broken, None]})
    return design


@transaction.atomic
def save_item_form(*, by: Actor, item: Item, definition: Definition, revision: int) -> ItemDesign:
    """Write the form of the draft, whatever is still wrong with it, and hold the lock on. Halls see nothing of it
    before a version that brings it is published.

    ``revision`` is the one that the designer has read. Raises Conflict where somebody saved since or has it open,
    Invalid for more than a megabyte, and for conditions and formulas that read one another in a circle.
    """
    locked, design = _designable(by, item, revision)
    return _designed(by, locked, design, form=_kept_form(definition), flow=design.flow)


@transaction.atomic
def change_item_flow(*, by: Actor, item: Item, act: str, given: Mapping[str, Any], revision: int) -> ItemDesign:
    """Change the flow of the draft by one act of its table (``standards.flows.changes``). Raises as ``save_item_form``
    does, NotFound where there is no flow, Invalid with every fault of what would be none."""
    locked, design = _designable(by, item, revision)
    flow, _ = flow_of_draft(locked)
    return _designed(by, locked, design, form=design.form, flow=apply_change(flow, act, given).as_json())


@transaction.atomic
def draw_item_flow(*, by: Actor, item: Item, drawing: bytes, revision: int) -> tuple[ItemDesign, tuple[Fault, ...]]:
    """Write the flow of the draft that a BPMN drawing says; with what of the drawing was left out. Raises as
    ``save_item_form`` does, Invalid for what cannot be read."""
    locked, design = _designable(by, item, revision)
    reading = read_bpmn(drawing)
    return _designed(by, locked, design, form=design.form, flow=reading.flow.as_json()), reading.left_out


@transaction.atomic
def step_through_item_flow(*, by: Actor, item: Item, revision: int, is_undo: bool) -> ItemDesign:
    """Undo the last change of the draft's flow, or do again what was undone. Raises Conflict where there is none."""
    locked, design = _designable(by, item, revision)
    position = design.position - 1 if is_undo else design.position + 1
    kept = design.flow_revisions.filter(position=position).first()
    if kept is None:
        raise Conflict("没有可以撤销的改动了。" if is_undo else "没有可以恢复的改动了。")
    design.position = position
    return _designed(by, locked, design, form=design.form, flow=kept.flow)


@transaction.atomic
def write_item_design(
    *, by: Actor, item: Item, revision: int, form: Definition | None, flow: Definition | None
) -> ItemDesign:
    """Say which form and which flow the next version of the item brings along (None: none). Halls see nothing of it
    before that version is published.

    ``revision`` is the one that the editor has read, 0 before the first. Raises Invalid with every fault of what cannot
    be read as a form or a flow, Conflict where somebody has saved since or has it open, or for an item that nobody
    applies for.
    """
    locked, design = _designable(by, item, revision) if form or flow else _held(by, item, revision)
    read = read_definition(form).as_json() if form is not None else None
    drawn = read_flow(flow).as_json() if flow is not None else None
    before = _words(design.form, design.flow)
    if _is_changed(design, read, drawn):
        count_edit(design, by)
        design.save()
        changes: dict[str, list[Any]] = {name: [before[name], now] for name, now in _words(read, drawn).items()}
        changes |= {"design_digest": [None, design.digest], "revision": [revision, design.revision]}
        _record(by, locked, "write_design", changes)
    return design


def freeze_design(item: Item, version: ItemVersion) -> None:
    """Keep with the version what it brings along; whose hands are in the draft is counted anew from now on."""
    design = ItemDesign.objects.filter(item=item).first()
    if design is None:
        return
    if design.digest:
        VersionDesign.objects.create(version=version, form=design.form, flow=design.flow, digest=design.digest)
    design.editor_ids = []
    design.save(update_fields=["editor_ids"])


def _designable(by: Actor, item: Item, revision: int | None = None) -> tuple[Item, ItemDesign]:
    """As ``_held``. Raises Conflict for an item that nobody applies for."""
    locked, design = _held(by, item, revision)
    if not takes_designs(locked):
        raise Conflict("这类事项没有人来申请，用不着表单和流程。")
    return locked, design


def _held(by: Actor, item: Item, revision: int | None = None) -> tuple[Item, ItemDesign]:
    """Both rows, held for the operation that asks. ``revision``: of the draft that will be written, as somebody has
    read it."""
    locked = lock_item(by, item)
    require_over(by, "catalogue.write", locked)
    check_not_ended(locked)
    design, _ = ItemDesign.objects.get_or_create(item=locked, defaults={"digest": ""})
    if revision is not None:
        check_lock(design, by)
        check_revision(design, revision)
    return locked, design


def _designed(
    by: Actor, locked: Item, design: ItemDesign, *, form: Definition | None, flow: Definition | None
) -> ItemDesign:
    """Keep what a designer has made, and hold the lock on. The audit tells who began to design, not every save."""
    if _is_changed(design, form, flow) and count_edit(design, by):
        _record(by, locked, "edit_design", {name: [None, now] for name, now in _words(form, flow).items() if now})
    hold_lock(design, by)
    design.save()
    return design


def _is_changed(design: ItemDesign, form: Definition | None, flow: Definition | None) -> bool:
    """Write both into the row, which the caller saves; whether that changed anything."""
    digest = digest_of(form, flow)
    if digest == design.digest:
        return False
    if flow != design.flow:
        _keep_revision(design, flow)
    design.form, design.flow, design.digest = form, flow, digest
    return True


def _keep_revision(design: ItemDesign, flow: Definition | None) -> None:
    """Keep the flow that is about to be written behind the one that stands there, so that one can go back."""
    kept = design.flow_revisions
    if flow is None:
        kept.all().delete()
        design.position = 0
        return
    current = kept.filter(position=design.position).first()
    if current and current.flow == flow:
        # it was gone back to
        return
    if current is None and design.flow is not None:
        current = kept.create(position=design.position, flow=design.flow)
    kept.filter(position__gt=design.position).delete()
    design.position += 1 if current else 0
    kept.create(position=design.position, flow=flow)
    kept.filter(position__lte=design.position - MOST_FLOW_REVISIONS).delete()


def _kept_form(definition: Definition) -> Definition:
    """As a version would have it, where it can be read already."""
    try:
        return read_definition(definition).as_json()
    except Invalid:
        return savable_draft(definition)


def _record(by: Actor, locked: Item, act: str, changes: dict[str, Any]) -> None:
    record_act(by=by, act=f"catalogue.{act}", object_type="item", object_id=locked.pk, changes=changes)


def _words(form: Definition | None, flow: Definition | None) -> dict[str, Any]:
    """Their titles, as the audit says them."""
    return {name: str(one.get("title") or "") if one else None for name, one in (("form", form), ("flow", flow))}
