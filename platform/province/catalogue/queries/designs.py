"""The form and the flow that come down with an item: what they say, what keeps them from every hall, how two differ."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from foundation.crypto.sm3 import sm3
from foundation.errors import Conflict, Fault, Invalid, NotFound
from province.catalogue.models import Item, ItemDesign, ItemVersion, VersionDesign
from province.catalogue.queries.desks import sees_draft
from province.catalogue.queries.items import versions_of
from province.rights.actors import Actor
from province.rights.roles import ROLES_AT_WORK, Role
from standards.definitions import is_json
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.charts import from_chart
from standards.flows.checks import check_flow
from standards.flows.checks.context import FlowContext
from standards.flows.definition import FlowDefinition
from standards.flows.nodes import NODE_TITLES
from standards.flows.reading import read_flow
from standards.flows.sharing import faults_of_sharing as faults_of_shared_flow
from standards.flows.table import as_table, numbers_of
from standards.flows.versions import compare_flows
from standards.flows.words import FlowWords
from standards.forms.applying import application_form, faults_of_materials, missing_names
from standards.forms.definition import FormDefinition
from standards.forms.reading import read_definition
from standards.forms.rights import CITIZEN_ROLE
from standards.forms.sharing import faults_of_sharing as faults_of_shared_form
from standards.forms.versions import compare_definitions
from standards.items.codelists import APPLIED
from standards.items.flowchart.chain import ChartCase
from standards.items.handling import rows_of
from standards.items.power_rules import steps_of

_ROLES: Final = frozenset({CITIZEN_ROLE, *(role.value for role in ROLES_AT_WORK)})


@dataclass(frozen=True)
class SharedDesign:
    """A form and a flow, each of which may be missing; ``digest``: "" where both are."""

    form: Mapping[str, Any] | None = None
    flow: Mapping[str, Any] | None = None
    digest: str = ""

    def __bool__(self) -> bool:
        return bool(self.digest)

    @cached_property
    def _read(self) -> tuple[FormDefinition | None, tuple[Fault, ...]]:
        if self.form is None:
            return None, ()
        try:
            return read_definition(self.form), ()
        except Invalid as refusal:
            return None, tuple(refusal.faults) or (Fault("", refusal.message),)

    @property
    def read_form(self) -> FormDefinition | None:
        """None also for a draft that cannot be read yet: ``form_faults`` says why."""
        return self._read[0]

    @property
    def form_faults(self) -> tuple[Fault, ...]:
        """What keeps the form from being read; of a version, nothing does."""
        return self._read[1]

    @cached_property
    def read_flow(self) -> FlowDefinition | None:
        return read_flow(self.flow) if self.flow is not None else None


NOTHING: Final = SharedDesign()


@dataclass(frozen=True, slots=True)
class DesignStep:
    """A line of a flow's table. ``ways``: when, and to which line it goes on."""

    number: int
    label: str
    kind: str
    who: str
    decides: str
    limit: str
    ways: list[tuple[str, int]]


def digest_of(form: Mapping[str, Any] | None, flow: Mapping[str, Any] | None) -> str:
    """SM3 over both as they were read; "" where there is neither."""
    if form is None and flow is None:
        return ""
    written = json.dumps({"form": form, "flow": flow}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sm3(written.encode()).hex()


def takes_designs(item: Item) -> bool:
    """Whether people apply for what it is: for other types there is nothing to fill in."""
    return item.drafted_type in APPLIED


def drafted_design(item: Item) -> SharedDesign:
    """What the next version will bring along."""
    return _of(ItemDesign.objects.filter(item=item).first())


def design_revision(item: Item) -> int:
    """Which saved state of the draft it is; 0: nobody has saved any."""
    return ItemDesign.objects.filter(item=item).values_list("revision", flat=True).first() or 0


def design_editors(item: Item) -> list[UUID]:
    """Whose hands are in the draft since the last version."""
    return ItemDesign.objects.filter(item=item).values_list("editor_ids", flat=True).first() or []


def design_of_version(version_id: UUID) -> SharedDesign:
    """What a version brings along. Who may see the version, the caller has looked at."""
    return _of(VersionDesign.objects.filter(version_id=version_id).first())


def design_digests(version_ids: Collection[UUID]) -> dict[UUID, str]:
    """version's id -> digest of what it brings along, of those that do: one query."""
    rows = VersionDesign.objects.filter(version_id__in=version_ids)
    return dict(rows.values_list("version_id", "digest"))


def has_drafted_other(item: Item, latest: ItemVersion) -> bool:
    """Whether the draft of form and flow differs from what the version brings along: two queries at most."""
    draft = ItemDesign.objects.filter(item=item).values_list("digest", flat=True).first() or ""
    return draft != design_digests([latest.pk]).get(latest.pk, "")


def compared_designs(by: Actor, item: Item, before: int, after: int) -> tuple[SharedDesign, SharedDesign]:
    """Those of two versions by their numbers; 0 is the draft. Raises NotFound for what is out of sight."""
    ids = dict(versions_of(by, item).filter(number__in=[before, after]).values_list("number", "pk"))
    found = {number: design_of_version(pk) for number, pk in ids.items()}
    if sees_draft(by, item):
        found[0] = drafted_design(item)
    if not {before, after} <= found.keys():
        raise NotFound("没有找到事项的这一版。")
    return found[before], found[after]


def design_differences(old: SharedDesign, new: SharedDesign) -> list[str]:
    """What differs, in sentences; where signs stand on a drawing is no difference."""
    flows = flow_differences(old.read_flow, new.read_flow)
    if old.form_faults or new.form_faults:
        return ["表单：草稿还有没改好的地方，比较不了。", *flows]
    return [*form_differences(old.read_form, new.read_form), *flows]


def form_differences(old: FormDefinition | None, new: FormDefinition | None) -> list[str]:
    if old is None or new is None:
        return _come_or_gone("表单", old, new)
    return [f"表单：{one.said}" for one in compare_definitions(old, new)]


def flow_differences(old: FlowDefinition | None, new: FlowDefinition | None) -> list[str]:
    if old is None or new is None:
        return _come_or_gone("流程", old, new)
    return [f"流程：{one.said}" for one in compare_flows(old, new)]


def _come_or_gone(
    what: str, old: FormDefinition | FlowDefinition | None, new: FormDefinition | FlowDefinition | None
) -> list[str]:
    if new is not None:
        return [f"增加了{what}“{new.title}”。"]
    return [f"删去了{what}“{old.title}”。"] if old is not None else []


def design_faults(item: Item, design: SharedDesign) -> list[Fault]:
    """Why it cannot go to every hall, each by place (``form.parts.0.fields.2``, ``flow.leader.who``) and name."""
    if not design:
        return []
    if not takes_designs(item):
        return [Fault("form", "这类事项没有人来申请，用不着表单和流程：请都移除。")]
    if design.form is None:
        return [Fault("form", "只有流程，没有表单：流程办的是表单，请把表单也加上。")]
    form, flow = design.read_form, design.read_flow
    in_form = list(faults_of_form(item, form)) if form else design.form_faults
    in_flow = faults_of_flow(flow, form) if flow else ()
    return [
        *(Fault(f"form.{one.where}", f"表单：{one.message}") for one in in_form),
        *(Fault(f"flow.{one.where}", f"流程：{one.message}") for one in in_flow),
    ]


def faults_of_form(item: Item, form: FormDefinition) -> Iterator[Fault]:
    """Why a form that can be read cannot go to every hall that handles the item, each by its place in the form."""
    codes = {item.basic_code, str(item.values.get("basic_code") or "")}
    for label in missing_names(form):
        yield Fault("parts", f"缺少“{label}”，不知道是谁申请的：请加常用组件“申请人”。")
    yield from faults_of_materials(form, rows_of(item.values, "materials"))
    yield from faults_of_shared_form(form, roles=_ROLES, items=codes)


def faults_of_flow(flow: FlowDefinition, form: FormDefinition | None) -> list[Fault]:
    """Why a flow cannot go to every hall, each by the name of a step or a way. ``form``: None where it cannot be read
    yet, and so nothing that the flow takes from it is judged."""
    shared = list(faults_of_shared_flow(flow, roles=_ROLES))
    known = {fault.where for fault in shared}
    others = check_flow(flow, form, FlowContext()) if form else []
    return [*shared, *(one for one in others if one.where not in known)]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """``left_out``: what a drawing says and the flow does not."""

    definition: Mapping[str, Any]
    left_out: tuple[Fault, ...] = ()


def design_from_file(part: str, content: bytes) -> ReadFile:
    """A form or a flow (``part``) out of a file: JSON, a flow also out of BPMN. Raises Invalid with every fault for
    what is neither."""
    if part == "flow" and not is_json(content):
        reading = read_bpmn(content)
        return ReadFile(reading.flow.as_json(), reading.left_out)
    text = content.removeprefix(b"\xef\xbb\xbf")
    return ReadFile((read_flow(text) if part == "flow" else read_definition(text)).as_json())


def suggested_form(item: Item) -> dict[str, Any]:
    """A first form out of the materials of the draft."""
    return application_form(item.name, rows_of(item.values, "materials"))


def suggested_flow(item: Item) -> FlowDefinition:
    """A first flow out of the chart of the draft (运行流程图). Raises Conflict for an item without steps."""
    values = item.values
    case = ChartCase(
        case_type=values.get("case_type", ""),
        item_type=item.drafted_type,
        limits=values,
        excluded=values.get("excluded_steps", ()),
    )
    found = from_chart(item.name, steps_of(values), case)
    if found is None:
        raise Conflict("这个事项还没有填写办理环节，画不出流程。")
    return found


def steps_of_design(flow: FlowDefinition, form: FormDefinition | None) -> list[DesignStep]:
    """The table of a flow's steps, for people."""
    words, numbers = FlowWords(flow, form, role_in_words), numbers_of(flow)
    return [
        DesignStep(
            row.number,
            row.node.label or NODE_TITLES[row.node.type],
            NODE_TITLES[row.node.type] if row.node.type != "step" else "",
            words.who(row.node),
            words.decides(row.node),
            words.limit(row.node),
            [(words.condition(way), numbers[way.target]) for way in row.ways],
        )
        for row in as_table(flow)
    ]


def role_in_words(kind: str, code: str) -> str:
    """What a role is called; no hall's departments and people are known here."""
    return str(Role(code).label) if kind == "role" and code in Role else ""


def _of(row: ItemDesign | VersionDesign | None) -> SharedDesign:
    return SharedDesign(row.form, row.flow, row.digest) if row else NOTHING
