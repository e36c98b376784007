"""What the province's newer form and flow would become when they are merged into the hall's own (合并)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from foundation.errors import Fault, Invalid
from province.catalogue.models import ItemVersion
from province.catalogue.queries.designs import (
    design_of_version,
    flow_differences,
    form_differences,
    role_in_words,
)
from standards.flows.checks import check_flow
from standards.flows.definition import FlowDefinition
from standards.flows.reading import read_flow
from standards.flows.reconciling import reconcile_flows
from standards.forms.applying import missing_names
from standards.forms.definition import FormDefinition
from standards.forms.reading import read_definition
from standards.forms.reconciling import reconcile_forms
from standards.forms.refitting import Refitting, refit_form
from standards.reconciling import Clash, Json, Side
from tenants.casework.models import CaseSetup
from tenants.casework.queries.shared_designs import DesignOffer

_NO_OWN_FLOW: Final = "本厅没有选审查流程，合并只合并申请表。要用省里的流程，请采用。"
_FLOW_IS_COPIED: Final = (
    "这个流程别的事项也在用：合并时先照现在发布的样子复制一份给这个事项，再合并到复制的这份里；"
    "别的事项和原来的流程不变。"
)
_NO_FLOW: Final = "省里这一版没有带流程，本厅的流程不动。"
_DRAFT_IS_WRONG: Final = "本厅的草稿还有错误，请先在设计里改好，再合并。"


@dataclass(frozen=True, slots=True)
class DesignMerge:
    """``form`` and ``flow``: the drafts that would come of it, None where that one stays; ``clashes``: what both
    changed differently; ``refusals``: why it cannot be done; ``faults``: what is to be mended before it can be
    published; ``differences``: from the hall's drafts to these, ``kept``: from the province's to these, in sentences;
    ``note``: what becomes of a flow that stays, or that others use."""

    offer: DesignOffer
    form: Json | None
    flow: Json | None
    clashes: tuple[Clash, ...]
    refusals: tuple[Fault, ...]
    faults: tuple[Fault, ...]
    differences: tuple[str, ...]
    kept: tuple[str, ...]
    note: str = ""

    @property
    def can_be_done(self) -> bool:
        return not self.refusals


def foresee_merge(offer: DesignOffer, choices: Mapping[str, Side]) -> DesignMerge:
    """What merging would make; it changes nothing. ``choices``: key of a clash → whose holds."""
    try:
        return _merged(offer, choices)
    except Invalid as refusal:
        faults = refusal.faults or (Fault("", refusal.message),)
        return DesignMerge(offer, None, None, (), tuple(faults), (), (), ())


def flow_is_of_province(setup: CaseSetup) -> bool:
    """Whether the setup's flow came down, and no other setup goes by it."""
    flow = setup.flow
    if flow is None or flow.origin_digest is None:
        return False
    return not CaseSetup.objects.filter(flow=flow).exclude(pk=setup.pk).exists()


def why_flow_stays(offer: DesignOffer) -> str:
    """Why merging leaves the setup's flow as it is although a newer one came, in Chinese: follows its title. "" where
    it is merged, or there is nothing to merge."""
    setup, flow = offer.setup, offer.setup.flow
    if flow is None or offer.design.read_flow is None or not offer.is_newer:
        return ""
    if flow.origin_digest is None:
        return "是本厅自己做的，不是省里带来的"
    if flow.form_id != setup.form_id:
        return f"用的是另一张表单{f'“{flow.form.title}”' if flow.form else ''}，不是这个事项的申请表"
    return "" if flow_is_of_province(setup) or shares_flow_of_province(setup) else "还没有发布过"


def shares_flow_of_province(setup: CaseSetup) -> bool:
    """Whether the setup's flow came down with its form, is published, and others go by it, too: merging makes this
    setup a copy of its own first."""
    flow = setup.flow
    if flow is None or flow.origin_digest is None or flow.newest_id is None or flow.form_id != setup.form_id:
        return False
    return CaseSetup.objects.filter(flow=flow).exclude(pk=setup.pk).exists()


def can_undo_merge(setup: CaseSetup) -> bool:
    """Whether the drafts of before can come back: nothing was published since."""
    kept = setup.before_merge
    return kept is not None and all(
        one is None or one["newest"] == (design and design.newest_id and design.newest_id.hex)
        for one, design in ((kept["form"], setup.form), (kept["flow"], setup.flow))
    )


def _merged(offer: DesignOffer, choices: Mapping[str, Side]) -> DesignMerge:
    setup, theirs = offer.setup, offer.design.read_form
    if offer.faults:
        raise Invalid.of(offer.faults)
    before = _taken(offer, setup.form.origin_version_id)
    own = _refitted(offer, setup.form.definition, setup.flow.definition if setup.flow else None)
    if before is None or own is None or before[0] is None or own[0] is None or theirs is None:
        raise Invalid(_DRAFT_IS_WRONG)
    form = reconcile_forms(before[0], own[0], theirs, choices)
    made = read_definition(form.definition)
    clashes, faults = list(form.clashes), [Fault("form", f"表单缺少“{label}”。") for label in missing_names(made)]
    differences, kept = form_differences(_read_form(setup), made), form_differences(theirs, made)
    flow, note = None, ""
    if offer.design.read_flow is None:
        note = _NO_FLOW
    elif setup.flow is None:
        note = _NO_OWN_FLOW
    elif why := why_flow_stays(offer):
        note = f"流程“{setup.flow.title}”{why}，合并不动它。要用省里的新流程，请采用；要留着它，请照省里改的自己改。"
    else:
        note = "" if flow_is_of_province(setup) else _FLOW_IS_COPIED
        base = _taken(offer, setup.flow.origin_version_id)
        if base is None or base[1] is None or own[1] is None:
            raise Invalid(_DRAFT_IS_WRONG)
        found = reconcile_flows(base[1], own[1], offer.design.read_flow, choices, form=made, name_of=role_in_words)
        flow, drawn = found.definition, read_flow(found.definition)
        clashes += found.clashes
        faults += [Fault("flow", f"流程：{one.message}") for one in check_flow(drawn, made)]
        differences += flow_differences(read_flow(setup.flow.definition), drawn)
        kept += flow_differences(offer.design.read_flow, drawn)
    return DesignMerge(
        offer, form.definition, flow, tuple(clashes), (), tuple(faults), tuple(differences), tuple(kept), note
    )


def _read_form(setup: CaseSetup) -> FormDefinition:
    return read_definition(setup.form.definition)


def _taken(offer: DesignOffer, version_id: UUID | None) -> tuple[FormDefinition, FlowDefinition | None] | None:
    """What the hall took from this version, asking for the materials of today: which there are, the law's item says."""
    version = ItemVersion.objects.defer("values").filter(pk=version_id).first() if version_id else None
    design = design_of_version(version.pk) if version else None
    return _refitted(offer, design.form, design.flow) if design and design.form is not None else None


def _refitted(
    offer: DesignOffer, form: Mapping[str, Any], flow: Mapping[str, Any] | None
) -> tuple[FormDefinition, FlowDefinition | None]:
    """Raises Invalid where a draft has faults, or a condition hangs on a material that is asked for no more."""
    drawn = read_flow(flow).as_json() if flow is not None else None
    written = read_definition(form).as_json()
    found: Refitting = refit_form(written, offer.materials)
    if faults := found.faults_in(written, drawn):
        raise Invalid.of(faults)
    return read_definition(found.form), read_flow(found.flow(drawn)) if drawn is not None else None
