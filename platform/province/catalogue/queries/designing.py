"""What the designers of an item's form and flow are told in the console: what every hall has, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from foundation.editing.drafts import lock_holder
from foundation.errors import NotFound
from province.catalogue.models import Item, ItemDesign
from province.catalogue.queries.designs import SharedDesign, drafted_design, faults_of_form, role_in_words
from province.designers.queries.examples import example_hours, example_lists
from province.designers.queries.flow_tables import FlowVocabulary
from province.designers.queries.form_designs import study_of
from province.designers.queries.previews import PreviewWorld
from province.rights.actors import Actor
from province.rights.roles import ROLES_AT_WORK, Role
from province.workdays.queries.calendars import calendar_of
from standards.flows.changes import first_flow
from standards.flows.definition import FlowDefinition
from standards.flows.people import WHO_TITLES, ByRole
from standards.flows.words import FlowWords
from standards.forms.applying import application_form
from standards.forms.definition import FormDefinition
from standards.forms.filling import FillingContext
from standards.forms.rights import CITIZEN_ROLE, FIRST_STEP
from standards.items.handling import rows_of

_ROLES: Final = [(role.value, str(role.label)) for role in ROLES_AT_WORK]
# what only one hall has: its people, departments, other flows, and actions outside
_OF_ONE_HALL: Final = frozenset({"unit", "people"})
_VOCABULARY: Final = FlowVocabulary(
    choices={"role": _ROLES, "unit": [], "people": []},
    kinds={kind: title for kind, title in WHO_TITLES.items() if kind not in _OF_ONE_HALL},
    without=frozenset({"plugin", "call"}),
)
# who has what nobody else has: of every hall
_OWNER: Final = ByRole(kind="role", role=Role.HALL_ADMINISTRATOR)
_LONGEST_SEARCH: Final = 60


@dataclass(frozen=True, slots=True)
class DraftMaterial:
    """A material of the item's draft, as a field of type material names it. ``item``: the item's code (基本编码)."""

    item: str
    item_name: str
    material: str


@dataclass(frozen=True, slots=True)
class DesignStanding:
    """How the draft of form and flow stands. ``holder``: the name of somebody else who has it open, "" for nobody."""

    design: ItemDesign
    holder: str
    can_undo: bool
    can_redo: bool


def standing_of_design(by: Actor, item: Item) -> DesignStanding:
    """Two queries at most."""
    design = ItemDesign.objects.filter(item=item).first()
    if design is None:
        return DesignStanding(ItemDesign(item=item, digest=""), "", can_undo=False, can_redo=False)
    before, after = design.position - 1, design.position + 1
    kept = set(design.flow_revisions.filter(position__in=[before, after]).values_list("position", flat=True))
    return DesignStanding(design, lock_holder(design, by), can_undo=before in kept, can_redo=after in kept)


def vocabulary_of_every_hall() -> FlowVocabulary:
    """What flows can name that go to every hall."""
    return _VOCABULARY


def choices_of_every_hall() -> dict[str, list[tuple[str, str]]]:
    """What forms can name that go to every hall: ``roles``; no form and no kind of place is every hall's."""
    return {"roles": [(CITIZEN_ROLE, "群众（网上填写）"), *_ROLES], "forms": [], "place_kinds": []}


def study_for_item(item: Item, definition: Mapping[str, Any]) -> dict[str, Any]:
    """What the designer's program asks while the item's form grows; plain JSON."""
    return study_of(definition, lambda form: faults_of_form(item, form))


def materials_of_draft(item: Item, words: str) -> list[DraftMaterial]:
    """The materials of the item's draft that have every word in their name or in the item's; nothing without a word."""
    wanted = words.strip()[:_LONGEST_SEARCH].lower().split()
    names = [str(row["name"]) for row in rows_of(item.values, "materials") if row.get("name")]
    if not wanted:
        return []
    return [
        DraftMaterial(item.basic_code, item.name, name)
        for name in names
        if all(word in f"{item.name} {name}".lower() for word in wanted)
    ]


def trial_context(by: Actor) -> FillingContext:
    """For trying a form out: today, on the province's calendar, at the hours of no hall in particular."""
    days = cache(partial(calendar_of, settings.PROVINCE_CODE))
    return FillingContext(today=timezone.localdate(), person=by.name, days=days, open_at=lambda: example_hours(days()))


def preview_world(by: Actor, definition: FormDefinition) -> PreviewWorld:
    """As it would be filled in at some hall, with examples for what each has in its own lists."""
    rights = definition.rights_at(step=FIRST_STEP, roles=())
    return PreviewWorld(rights, trial_context(by), example_lists(definition))


def flow_of_draft(item: Item) -> tuple[FlowDefinition, SharedDesign]:
    """The flow of the draft, and all of the draft. Raises NotFound where it has none."""
    shown = drafted_design(item)
    if shown.read_flow is None:
        raise NotFound("草稿里还没有流程，请先在“统一表单和流程”页开始一个。")
    return shown.read_flow, shown


def words_of_shared_flow(flow: FlowDefinition, form: FormDefinition | None) -> FlowWords:
    """The flow in words; no hall's departments and people are known here."""
    return FlowWords(flow, form, role_in_words)


def blank_form(item: Item) -> dict[str, Any]:
    """To begin with: who applies, who comes for them, and the applicant's promise."""
    return application_form(item.name, ())


def blank_flow(item: Item) -> dict[str, Any]:
    """To begin with: a start, a step and an end."""
    return first_flow(item.name, _OWNER).as_json()
