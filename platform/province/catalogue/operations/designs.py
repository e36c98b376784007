"""The form and the flow of an item's next version: written, and frozen with the version."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from foundation.editing.drafts import check_revision, count_edit
from foundation.errors import Conflict
from province.audit.operations import record_act
from province.catalogue.models import Item, ItemDesign, ItemVersion, VersionDesign
from province.catalogue.operations.drafts import check_not_ended, lock_item
from province.catalogue.queries.designs import digest_of, takes_designs
from province.catalogue.queries.desks import require_over
from province.rights.actors import Actor
from standards.flows.reading import read_flow
from standards.forms.reading import read_definition


@transaction.atomic
def write_item_design(
    *, by: Actor, item: Item, revision: int, form: Mapping[str, Any] | None, flow: Mapping[str, Any] | None
) -> ItemDesign:
    """Say which form and which flow the next version of the item brings along (None: none). Halls see nothing of it
    before that version is published.

    ``revision`` is the one that the editor has read, 0 before the first. Raises Invalid with every fault of what cannot
    be read as a form or a flow, Conflict where somebody has saved since, or for an item that nobody applies for.
    """
    locked = lock_item(by, item)
    require_over(by, "catalogue.write", locked)
    check_not_ended(locked)
    design = ItemDesign.objects.filter(item=locked).first() or ItemDesign(item=locked, digest="")
    check_revision(design, revision)
    if (form or flow) and not takes_designs(locked):
        raise Conflict("这类事项没有人来申请，用不着表单和流程。")
    read = read_definition(form).as_json() if form is not None else None
    drawn = read_flow(flow).as_json() if flow is not None else None
    digest = digest_of(read, drawn)
    if digest == design.digest:
        return design
    before = _words(design.form, design.flow)
    design.form, design.flow, design.digest = read, drawn, digest
    count_edit(design, by)
    design.save()
    changes: dict[str, list[Any]] = {name: [before[name], now] for name, now in _words(read, drawn).items()}
    changes |= {"design_digest": [None, digest], "revision": [revision, design.revision]}
    record_act(by=by, act="catalogue.write_design", object_type="item", object_id=locked.pk, changes=changes)
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


def _words(form: Mapping[str, Any] | None, flow: Mapping[str, Any] | None) -> dict[str, Any]:
    """Their titles, as the audit says them."""
    return {"form": form["title"] if form else None, "flow": flow["title"] if flow else None}
