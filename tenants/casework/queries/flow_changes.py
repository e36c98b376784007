"""Which flow examines a case that was received, and what another flow of its setup would do with those that wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import Invalid
from province.cases.states import OPEN_CASES
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup
from tenants.workflow.models import Flow
from tenants.workflow.queries.flow_starts import version_reading

_MOST_NUMBERS: Final = 20

# by the setup's flow; by one that it had before; by the department itself; by the setup's, once that was published anew
type FlowKind = Literal["new", "former", "alone", "waits"]


@dataclass(frozen=True, slots=True)
class ChosenFlow:
    """Who examines a case once it is accepted. ``flow_id``: None where the department does by itself; ``is_lost``: it
    does since no flow reads the form."""

    kind: FlowKind
    flow_id: UUID | None = None
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedCases:
    """Cases that were received and not accepted, of which one thing becomes. ``said``: which, in Chinese; ``numbers``:
    of the first of them."""

    kind: FlowKind
    said: str
    count: int
    numbers: list[str]


@dataclass(frozen=True, slots=True)
class FlowChange:
    """What another flow does with the open cases of a setup. ``running``: how many are past acceptance and stay as they
    are; ``seen``: to be handed back by who has read it."""

    received: list[ReceivedCases]
    running: int
    seen: str

    @property
    def is_needed(self) -> bool:
        """Whether it touches anything that somebody should read of before."""
        return bool(self.received)


def flow_of_received(
    setup: CaseSetup, *, received_at: datetime, form_version_id: UUID, newest_form_id: UUID | None
) -> ChosenFlow:
    """The setup's flow, where it reads the version of the form on which the case was received; else the last one before
    that did. Where none does, the setup's waits to be published anew as long as that helps (``newest_form_id``: the
    form's newest version); else the department examines by itself."""
    if setup.flow_id is None:
        return ChosenFlow("alone")
    if version_reading(setup.flow_id, form_version_id):
        return ChosenFlow("new", setup.flow_id)
    for one in reversed(setup.former_flows or ()):
        if datetime.fromisoformat(one["until"]) <= received_at:
            break
        if one["flow"] is None:
            return ChosenFlow("alone")
        flow_id = UUID(one["flow"])
        if version_reading(flow_id, form_version_id, even_retired=True):
            return ChosenFlow("former", flow_id)
    if form_version_id == newest_form_id:
        return ChosenFlow("waits", setup.flow_id)
    return ChosenFlow("alone", is_lost=True)


def flow_of_case(case: Case) -> ChosenFlow:
    """As ``flow_of_received``, of one case."""
    filled = case.filled
    return flow_of_received(
        case.setup,
        received_at=case.received_at,
        form_version_id=filled.version_id,
        newest_form_id=filled.form.newest_id,
    )


def former_flows_with(setup: CaseSetup, now: datetime) -> list[Mapping[str, Any]]:
    """The setup's former flows when the present one is one of them from now on: those under which something that still
    waits was received."""
    oldest = _waiting(setup).values_list("received_at", flat=True).order_by("received_at").first()
    kept = [one for one in setup.former_flows or () if oldest and datetime.fromisoformat(one["until"]) > oldest]
    # always, since something may be received at this moment
    return [*kept, {"flow": setup.flow_id.hex if setup.flow_id else None, "until": now.isoformat()}]


def foresee_flow_change(setup: CaseSetup, flow_id: UUID | None) -> FlowChange:
    """What choosing this flow would do; it changes nothing. Raises Invalid for a flow that there is not."""
    titles = dict(Flow.objects.values_list("pk", "title"))
    if flow_id is not None and flow_id not in titles:
        raise Invalid.at("flow_id", "没有这个流程，请重新选择。")
    then = CaseSetup(pk=setup.pk, flow_id=flow_id, former_flows=former_flows_with(setup, timezone.now()))
    if setup.flow_id == flow_id:
        return FlowChange([], 0, "")
    found: dict[tuple[FlowKind, str], list[str]] = {}
    known: dict[tuple[Any, ...], ChosenFlow] = {}
    rows = _waiting(setup).order_by("received_at")
    for number, received_at, version_id, newest_id in rows.values_list(
        "number", "received_at", "filled__version_id", "filled__form__newest_id"
    ):
        # what was received between two changes goes one way
        at = sum(1 for one in then.former_flows or () if datetime.fromisoformat(one["until"]) <= received_at)
        key = (at, version_id)
        if key not in known:
            known[key] = flow_of_received(
                then, received_at=received_at, form_version_id=version_id, newest_form_id=newest_id
            )
        found.setdefault((known[key].kind, _said(known[key], titles)), []).append(number)
    groups = [
        ReceivedCases(kind, said, len(numbers), numbers[:_MOST_NUMBERS]) for (kind, said), numbers in found.items()
    ]
    order: Sequence[FlowKind] = ("new", "former", "alone", "waits")
    groups.sort(key=lambda one: order.index(one.kind))
    opened = Case.objects.filter(setup=setup, state__in=OPEN_CASES)
    running = opened.count() - sum(one.count for one in groups)
    seen = f"{setup.revision}-{flow_id.hex if flow_id else 'none'}-{'.'.join(one.kind for one in groups)}"
    return FlowChange(groups, running, seen)


def _waiting(setup: CaseSetup) -> QuerySet[Case]:
    """Its cases that are still to begin with a flow; what is done at once never does."""
    received = Case.objects.filter(setup=setup, state__in=OPEN_CASES, accepted_at=None, run=None)
    return received.exclude(case_type=CaseType.INSTANT)


def _said(chosen: ChosenFlow, titles: Mapping[UUID, str]) -> str:
    title = titles.get(chosen.flow_id, "") if chosen.flow_id else ""
    if chosen.kind == "new":
        return f"受理后按新选的流程“{title}”审查"
    if chosen.kind == "former":
        return f"申请表是换以前的，新选的流程读不了：受理后仍按原来的流程“{title}”审查"
    if chosen.kind == "waits":
        return f"流程“{title}”还没有用到申请表现在的版本：重新发布流程以后才能受理"
    return "受理后由承办部门自己审查"
