"""A hall's cases as figures lead to them: how each stands, and nothing of who applied or for what."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from province.cases.models import MEASURES, CaseReport
from province.cases.queries.figures import TIMES
from province.cases.slots import SummaryArea
from province.cases.states import CaseChannel
from province.console.queries.months import months_back
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from standards.items.codelists import CaseType

# of which cases there are lists, as people read it
SHOWN: Final = {
    "received": "收件",
    "accepted": "已受理",
    "in_hand": "在办",
    "due_soon": "将到期",
    "over_statutory": "在办、超法定时限",
    "over_promised": "在办、超承诺时限",
    "decided": "已决定",
    "granted": "准予",
    "late_statutory": "决定时超法定时限",
    "late_promised": "决定时超承诺时限",
    "finished": "办结",
    "declined": "不予受理",
    "withdrawn": "撤回",
    "terminated": "终止",
    "transferred": "移送",
}


def listed_cases(
    area: SummaryArea, *, shown: str = "", case_type: str = "", channel: str = "", item: str = ""
) -> QuerySet[CaseReport]:
    """Cases of the area's hall, the latest first; as many as the figure that leads here counts. The caller has seen
    that the actor may see the hall (``area_of``). ``shown``: of SHOWN, "" for all; ``item``: an id. Raises NotFound for
    anything else, and where no hall is named."""
    if area.hall_id is None or not _is_known(shown, case_type, channel):
        raise NotFound(_UNKNOWN)
    found = CaseReport.objects.filter(
        hall_id=area.hall_id,
        received_on__gte=area.first,
        received_on__lt=months_back(area.last, -1),
        counted__isnull=False,
    )
    for name, value in {"case_type": case_type, "channel": channel, "item_id": _item(item)}.items():
        found = found.filter(**{name: value}) if value else found
    if shown in TIMES:
        found = found.filter(pk__in=_with_times(area.hall_id, shown))
    elif shown:
        found = found.filter(**{f"counted__{MEASURES.index(shown)}": 1})
    return found.order_by("-received_on", "-pk")


_UNKNOWN: Final = "没有这份清单，可能网址输入有误。"


def _is_known(shown: str, case_type: str, channel: str) -> bool:
    return (
        (not shown or shown in SHOWN)
        and (not case_type or case_type in CaseType.values)
        and (not channel or channel in CaseChannel.values)
    )


def _item(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(_UNKNOWN) from None


def _with_times(hall_id: UUID, shown: str) -> set[UUID]:
    """Cases of the hall that are near an end or beyond it: asked for first, since a list of ids finds its rows by their
    key whatever the planner thinks of the clocks."""
    today = timezone.localdate()
    kinds = (ClockKind.STATUTORY, ClockKind.PROMISED)
    near = Clock.objects.filter(hall_id=hall_id, state=ClockState.RUNNING, kind__in=kinds, near_on__lte=today)
    found: dict[str, set[UUID]] = {"due_soon": set(), "over_statutory": set(), "over_promised": set()}
    for owner_id, kind, due_on in near.values_list("owner_id", "kind", "due_on"):
        found[f"over_{kind}" if due_on and due_on < today else "due_soon"].add(owner_id)
    found["due_soon"] -= found["over_statutory"] | found["over_promised"]
    return found[shown]
