"""The form and flow that the province gives with an item (统一表单和流程), beside what the hall has set up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from foundation.errors import Fault, Invalid, NotFound
from province.catalogue.models import ItemVersion
from province.catalogue.queries.designs import (
    NOTHING,
    SharedDesign,
    design_digests,
    design_of_version,
    flow_differences,
    form_differences,
)
from province.rights.queries import works_at
from standards.flows.definition import FlowDefinition
from standards.flows.reading import read_flow
from standards.forms.definition import FormDefinition
from standards.forms.reading import read_definition
from standards.forms.refitting import Refitting, refit_form
from standards.items.handling import handled, handling_row, rows_of
from tenants.casework.models import CaseSetup
from tenants.casework.queries.access import SET_UP
from tenants.casework.queries.guides import CaseGuide
from tenants.casework.queries.setups import guide_of_setup, setups_by_name
from tenants.services.queries.shown import shown_items
from tenants.shell.slots import MOST_THINGS, Desk, WaitingThing

_NOTHING_GIVEN: Final = "省里没有随这个事项的现行版本下发表单和流程。"


@dataclass(frozen=True)
class DesignOffer:
    """``version``: of the item, as the hall shows it; ``design``: what came with it, asking for the materials of this
    setup's 业务办理项; ``setup`` with its form and flow."""

    setup: CaseSetup
    version: ItemVersion
    design: SharedDesign
    # why it cannot be one with the materials of this setup; labels of materials that were added and left out for it
    faults: tuple[Fault, ...] = ()
    added: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    # of the setup, as its guide has them
    materials: Sequence[Mapping[str, Any]] = ()

    @property
    def is_taken(self) -> bool:
        """Whether the hall works by what came with this version, changed or not."""
        return bool(self.setup.form.origin_digest == self.design.digest)

    @property
    def is_newer(self) -> bool:
        """Whether the hall works by what came with another version."""
        return self.setup.form.origin_digest is not None and not self.is_taken

    @property
    def is_declined(self) -> bool:
        return bool(self.setup.declined_digest == self.design.digest)

    @cached_property
    def differences(self) -> list[str]:
        """What the hall's form and flow would become: from its drafts to what came, in sentences."""
        return _differences(self.setup, self.design)

    @cached_property
    def own_changes(self) -> list[str]:
        """What the hall has changed in what it took, in sentences; nothing where it took nothing."""
        taken = taken_design(self.setup)
        return _differences(self.setup, taken, is_backward=True) if taken else []

    @cached_property
    def flow_changes(self) -> list[str]:
        """What the province has changed in its flow since the version that the hall took, in sentences; nothing where
        the hall took none."""
        taken = taken_design(self.setup)
        return flow_differences(taken.read_flow, self.design.read_flow) if taken and self.design.read_flow else []

    @property
    def seen(self) -> str:
        """What somebody who takes it has looked at: what came, and the hall's drafts that it replaces."""
        form, flow = self.setup.form, self.setup.flow
        return f"{self.design.digest[:16]}-{form.revision}-{f'{flow.pk.hex}-{flow.revision}' if flow else 'none'}"


def taken_design(setup: CaseSetup) -> SharedDesign:
    """What the hall took last, as it came, with the materials that the setup's 业务办理项 had then."""
    pk = setup.form.origin_version_id
    version = ItemVersion.objects.filter(pk=pk).first() if pk else None
    if version is None:
        return NOTHING
    row = handling_row(version.values, setup.handling_code) if setup.handling_code else None
    values = handled(version.values, row) if row else version.values
    return _fitted(design_of_version(version.pk), rows_of(values, "materials"))[0]


def taken_version(setup: CaseSetup) -> ItemVersion | None:
    """The version of the item with which came what the hall took last."""
    pk = setup.form.origin_version_id
    return ItemVersion.objects.defer("values").filter(pk=pk).first() if pk else None


def design_offer(setup: CaseSetup, guide: CaseGuide | None) -> DesignOffer | None:
    """None where nothing comes with the version that the hall shows, or it shows none."""
    if guide is None:
        return None
    design = design_of_version(guide.version.pk)
    if not design:
        return None
    fitted, refitting = _fitted(design, guide.material_rows)
    if refitting is None:
        return DesignOffer(setup, guide.version, fitted, materials=guide.material_rows)
    faults = refitting.faults_in(design.form or {}, design.flow)
    left_out = tuple(refitting.labels[old] for old, new in refitting.names.items() if not new)
    return DesignOffer(setup, guide.version, fitted, faults, refitting.added, left_out, guide.material_rows)


def _fitted(design: SharedDesign, materials: Sequence[Mapping[str, Any]]) -> tuple[SharedDesign, Refitting | None]:
    """What came down, asking for these materials: each once, and no other; with what was changed for it, None where
    nothing was. Where conditions hang on a material that is left out, it stays as it came."""
    if design.form is None:
        return design, None
    refitting = refit_form(design.form, materials)
    if refitting.is_same:
        return design, None
    if refitting.faults_in(design.form, design.flow):
        return design, refitting
    flow = refitting.flow(design.flow) if design.flow else None
    return SharedDesign(refitting.form, flow, design.digest), refitting


def offer_of_setup(setup: CaseSetup) -> DesignOffer:
    """Raises NotFound where nothing comes with the version that the hall shows, or it shows none."""
    found = design_offer(setup, guide_of_setup(setup))
    if found is None:
        raise NotFound(_NOTHING_GIVEN)
    return found


def waiting_designs(desk: Desk) -> Iterator[WaitingThing]:
    """Setups whose form came down and of which a newer one is there now, that the hall has neither taken nor
    declined."""
    if not works_at(desk.by, SET_UP, hall_id=desk.hall.pk):
        return
    for name, setup in setups_behind()[: MOST_THINGS + 1]:
        yield WaitingThing("有新版", "accent", name, "省里换了统一表单和流程", "desk-case-setup-shared", setup.pk)


def setups_behind() -> list[tuple[str, CaseSetup]]:
    """With the names of their items, by name. One query where the hall has taken nothing; nothing grows with the number
    of halls."""
    setups = list(CaseSetup.objects.select_related("form").filter(form__origin_digest__isnull=False))
    if not setups:
        return []
    versions: Mapping[UUID, UUID] = {row.item_id: row.version_id for row in shown_items() if row.is_guide}
    digests = design_digests([versions[one.item_id] for one in setups if one.item_id in versions])
    behind = []
    for one in setups:
        now = digests.get(versions[one.item_id]) if one.item_id in versions else None
        if now and now not in {one.form.origin_digest, one.declined_digest}:
            behind.append(one)
    return setups_by_name(behind)


def _differences(setup: CaseSetup, design: SharedDesign, *, is_backward: bool = False) -> list[str]:
    """``is_backward``: from what came to the hall's."""
    found: list[str] = []
    if form := design.read_form:
        own = _form_of(setup)
        found += form_differences(form, own) if is_backward else form_differences(own, form)
    if flow := design.read_flow:
        drawn = _flow_of(setup)
        found += flow_differences(flow, drawn) if is_backward else flow_differences(drawn, flow)
    return found


def _form_of(setup: CaseSetup) -> FormDefinition | None:
    """The hall's draft; where that still has faults, what was published last."""
    found: FormDefinition | None = _readable(read_definition, setup.form.definition, setup.form.newest)
    return found


def _flow_of(setup: CaseSetup) -> FlowDefinition | None:
    found: FlowDefinition | None = None
    if setup.flow:
        found = _readable(read_flow, setup.flow.definition, setup.flow.newest)
    return found


def _readable(read: Any, draft: Mapping[str, Any], newest: Any) -> Any:
    try:
        return read(draft)
    except Invalid:
        return read(newest.definition) if newest else None
