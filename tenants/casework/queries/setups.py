"""For which items the hall takes applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from foundation.errors import DomainError, NotFound
from province.cases.states import OPEN_CASES
from province.catalogue.models import HandlingItem, Item
from province.catalogue.states import HandlingState
from standards.items.codelists import HandlingKind
from standards.items.handling import is_handled_here, rows_of
from tenants.casework.models import CaseSetup
from tenants.casework.queries.guides import CaseGuide, guide_to_apply_by
from tenants.casework.states import SetupState
from tenants.services.models import Adoption
from tenants.services.queries.shown import shown_item
from tenants.workflow.models import Flow
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.queries.flows import flows_calling

NO_SETUP: Final = "没有这个办件设置，可能属于其他服务厅。"
# follows the name of an action
NO_CASE_FLOW: Final = (
    "只能用在审查办件的流程里，这里没有办件。请在流程设置里把表单选成事项的申请表，或者先在“办件设置”里选用这个流程；"
    "要作为子流程用，请先让审查办件的流程调用它。"
)
NOT_OPEN: Final = "这个事项现在不能在网上申请，请到窗口办理或拨打咨询电话。"


@dataclass(frozen=True, slots=True)
class SetupLine:
    """``name``: of the item, with its handling item; ``open_cases``: how many are not done yet."""

    setup: CaseSetup
    name: str
    open_cases: int


def open_setups() -> list[tuple[str, str]]:
    """(id, name) of the items for which applications are taken now, by name."""
    setups = CaseSetup.objects.filter(state=SetupState.OPEN)
    return [(str(setup.pk), name) for name, setup in setups_by_name(list(setups))]


def setups_of_flow(flow: Flow) -> list[CaseSetup]:
    """By which cases may be examined by it, or by a flow that calls it: those that name it, or whose form is its
    own."""
    flows = [flow, *flows_calling(flow)]
    forms = [one.form_id for one in flows if one.form_id]
    return list(CaseSetup.objects.filter(Q(flow__in=flows) | Q(form__in=forms)))


def open_setup_for(who: FormFiller, **of: UUID) -> CaseSetup:
    """The setup by which somebody can apply now. ``of``: its ``pk``, or the ``form_id`` of its form. Raises NotFound
    where there is none, or citizens cannot apply by it online."""
    found = CaseSetup.objects.filter(**of, state=SetupState.OPEN).first()
    if found is None or (who.citizen and not found.is_online):
        raise NotFound(NOT_OPEN)
    return found


def has_open_setups() -> bool:
    """Whether applications are taken for any item now."""
    return CaseSetup.objects.filter(state=SetupState.OPEN).exists()


def setup_lines() -> list[SetupLine]:
    """All that were set up, by name: three queries."""
    opened = Count("cases", filter=Q(cases__state__in=OPEN_CASES))
    setups = CaseSetup.objects.select_related("form__newest", "flow").annotate(opened=opened)
    return [SetupLine(one, name, one.opened) for name, one in setups_by_name(list(setups))]


def setup_with_id(setup_id: UUID) -> CaseSetup:
    """Raises NotFound, also for another hall's."""
    found = CaseSetup.objects.select_related("form__newest", "flow__newest").filter(pk=setup_id).first()
    if found is None:
        raise NotFound(NO_SETUP)
    return found


def guide_of_setup(setup: CaseSetup) -> CaseGuide | None:
    """None where citizens find no guide of it any more."""
    try:
        return guide_to_apply_by(setup.item_id, setup.handling_code)
    except DomainError:
        return None


@dataclass(frozen=True, slots=True)
class SetupPart:
    """What of an item can be set up by itself: the item as a whole (``code`` ""), or one of its 业务办理项.
    ``is_handled``: by this hall; ``setup``: None where there is none yet."""

    code: str
    name: str
    kind: str
    is_handled: bool
    setup: CaseSetup | None


def setup_parts(item_id: UUID) -> list[SetupPart]:
    """The item as a whole and each of its handling items, as citizens here read them now; the item alone, where it has
    none. Raises NotFound for an item that they do not find."""
    shown = shown_item(item_id)
    values = shown.values
    setups = {one.handling_code: one for one in CaseSetup.objects.filter(item_id=item_id)}
    choices = [SetupPart("", shown.version.name, "", is_handled=True, setup=setups.get(""))]
    for row in rows_of(values, "handling_items"):
        code, kind = str(row.get("code") or ""), str(row.get("kind") or "")
        label = HandlingKind(kind).label if kind in HandlingKind else ""
        is_handled = is_handled_here(values, code)
        choices.append(SetupPart(code, str(row.get("name") or code), label, is_handled, setups.get(code)))
    return choices


def addable_items() -> list[tuple[str, str]]:
    """(id, name) of the items that the hall has published and not set up, or of which parts can be set up by
    themselves (业务办理项)."""
    known = CaseSetup.objects.filter(handling_code="").values("item_id")
    in_parts = HandlingItem.objects.filter(state=HandlingState.DRAFTED).values("item_id")
    published = Adoption.objects.filter(state="published")
    free = published.filter(Q(item_id__in=in_parts) | ~Q(item_id__in=known))
    ids = free.values_list("item_id", flat=True)
    return [
        (str(pk), name) for pk, name in Item.objects.filter(pk__in=list(ids)).order_by("name").values_list("pk", "name")
    ]


def flow_choices() -> Sequence[tuple[str, str]]:
    """(id, title) of the hall's published flows."""
    return [
        (str(pk), title)
        for pk, title in Flow.objects.filter(newest__isnull=False).order_by("title").values_list("pk", "title")
    ]


def setups_by_name[Setup: CaseSetup](setups: list[Setup]) -> list[tuple[str, Setup]]:
    """With the names of their items, or of their handling items, by name: two queries."""
    of = [one.item_id for one in setups]
    names = dict(Item.objects.filter(pk__in=of).values_list("pk", "name"))
    parts = {(one.item_id, one.code): one.name for one in HandlingItem.objects.filter(item_id__in=of)}
    named = [(parts.get((one.item_id, one.handling_code)) or names.get(one.item_id, ""), one) for one in setups]
    return sorted(named, key=lambda pair: pair[0])
