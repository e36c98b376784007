"""The inbox: what is somebody's to do, what they could take, what their department holds, what they began, are shown
and have done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from province.halls.models import Hall
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.queries import works_at
from tenants.shell.slots import MOST_THINGS, Desk, Once, WaitingThing
from tenants.workflow.models import Flow, Run, RunCopy, WorkCandidate, WorkItem
from tenants.workflow.queries.candidates import TAKE_PART
from tenants.workflow.queries.colleagues import held_in_units
from tenants.workflow.queries.run_access import NOBODY, own_keys, self_of
from tenants.workflow.states import ItemPart, RunStatus, WorkState

# in the order of the tabs; first items, then runs
ITEM_BOXES: Final = {
    "mine": "待办",
    "to_claim": "待认领",
    "due": "快到期",
    "late": "已超期",
    "units": "部门在办",
    "outside": "等外部系统",
    "done": "已办",
}
RUN_BOXES: Final = {"sent": "我发起的", "copied": "抄送我的"}
BOXES: Final = ITEM_BOXES | RUN_BOXES
_MOST_DIGITS: Final = 9
# badges count no further
MOST_COUNTED: Final = 99
# what ends within so many days, today included, is nearly due
_DUE_DAYS: Final = 3
DUE_RANGES: Final = {
    "late": "已超期",
    "today": "今天到期",
    "three": "三天内到期",
    "week": "七天内到期",
    "none": "没有期限",
}


# what lists show of a run: what its flow says is long, and would be read once for each row
_OF_RUN: Final = ("number", "title", "status", "initiator_name", "created_at", "ended_at", "version__flow__title")
_OF_ITEM: Final = tuple(one.name for one in WorkItem._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What of a box is looked at. ``words``: in the run's title, or its number; ``unit_id``: the department in which it
    was begun; ``due``: a key of DUE_RANGES; ``initiator``: in the name of who began it; ``holder``: in the name of
    whose the item is, of items alone."""

    words: str = ""
    flow_id: UUID | None = None
    unit_id: UUID | None = None
    due: str = ""
    initiator: str = ""
    holder: str = ""

    @property
    def is_narrow(self) -> bool:
        return self != WorkFilter()


def items_in(by: Actor, hall: Hall, box: str, asked: WorkFilter | None = None) -> QuerySet[WorkItem]:
    """The items of one box (a key of ITEM_BOXES), what is due first leading."""
    items = WorkItem.objects.select_related("run__version__flow").only(*_OF_ITEM, *(f"run__{one}" for one in _OF_RUN))
    match box:
        case "to_claim":
            found = _to_claim(items, by, hall).order_by(F("due_at").asc(nulls_last=True), "pk")
        case "outside":
            found = _kept(items, by, hall).order_by("pk")
        case "late":
            found = _mine(items, by).filter(due_at__lt=timezone.now()).order_by("due_at", "pk")
        case "due":
            found = _mine(items, by).filter(_nearly_due()).order_by("due_at", "pk")
        case "units":
            found = held_in_units(items, by, hall).order_by(F("due_at").asc(nulls_last=True), "pk")
        case "done":
            done = items.filter(owner_id=self_of(by) or NOBODY, state=WorkState.DONE)
            found = done.exclude(part=ItemPart.WAIT).order_by("-done_at", "-pk")
        case _:
            found = _mine(items, by).order_by(F("due_at").asc(nulls_last=True), "pk")
    asked = asked or WorkFilter()
    if name := asked.holder.strip()[:40]:
        found = found.filter(owner_name__icontains=name)
    return found.filter(_fitting(asked, "run__"), _due(asked.due))


def runs_in(by: Actor, box: str, asked: WorkFilter | None = None) -> QuerySet[Run]:
    """The runs of one box (a key of RUN_BOXES), the newest first."""
    runs, me = Run.objects.select_related("version__flow").only(*_OF_RUN), self_of(by) or NOBODY
    if box == "copied":
        found = runs.filter(Exists(RunCopy.objects.filter(run=OuterRef("pk"), account_id=me)))
    else:
        found = runs.filter(initiator_id=me)
    return found.filter(_fitting(asked or WorkFilter(), "")).order_by("-pk")


def box_counts(by: Actor, hall: Hall) -> dict[str, int]:
    """How much waits for the person in the boxes that say so, ``MOST_COUNTED`` + 1 for more than that. Three queries,
    which read so many entries of an index and no more, however much waits: whose own those are, and those of each key
    under which the person may claim something.

    Of who has more than that, also what is held up counts.
    """
    now, most = timezone.now(), MOST_COUNTED + 1
    own = WorkItem.objects.filter(owner_id=self_of(by) or NOBODY, state=WorkState.CLAIMED)
    # what is late stands first: of who has much, what is nearly due stands behind all that is counted
    all_own, soon = (
        rows.annotate(box=Value(box)).order_by("due_at", "pk").values_list("box", "due_at", "run__status")[:most]
        for box, rows in (("mine", own), ("due", own.filter(_nearly_due())))
    )
    found: dict[str, list[datetime | None]] = {"mine": [], "due": []}
    counted = 0
    for box, due_at, status in all_own.union(soon, all=True):
        counted += box == "mine"
        if status == RunStatus.RUNNING:
            found[box].append(due_at)
    keys = own_keys(by, hall)
    open_ones = WorkCandidate.objects.filter(key__in=keys, is_open=True)
    # an item has one row a key at most
    candidates = open_ones.values_list("item_id", "item__state", "item__run__status")[: most * len(keys)]
    free = {item for item, *how in candidates if how == [WorkState.TO_CLAIM, RunStatus.RUNNING]} if keys else set()
    return {
        "mine": most if counted == most else len(found["mine"]),
        "to_claim": min(len(free), most),
        "due": len(found["due"]),
        "late": sum(due is not None and due < now for due in found["mine"]),
    }


def held_count(by: Actor, hall: Hall) -> int:
    """How much the people of the person's departments hold, counted as far as badges say: four queries at most."""
    return held_in_units(WorkItem.objects.all(), by, hall).values("pk")[: MOST_COUNTED + 1].count()


def work_waiting(desk: Desk, once: Once) -> int:
    """How much is the person's to do now, and to claim."""
    counts = once(box_counts, desk.by, desk.hall)
    return counts["mine"] + counts["to_claim"]


def waiting_work(desk: Desk) -> Iterator[WaitingThing]:
    """What is the person's to do now, what is due first leading."""
    if not works_at(desk.by, TAKE_PART, hall_id=desk.hall.pk):
        return
    now = timezone.now()
    for item in items_in(desk.by, desk.hall, "mine")[: MOST_THINGS + 1]:
        tag, look = ("已超期", "error") if item.due_at and item.due_at < now else (item.label, "accent")
        note = f"{item.due_words}前办理{item.assumed_remark}" if item.due_at else f"{item.run.initiator_name}发起"
        yield WaitingThing(tag, look, item.run.title, note, "desk-run", item.run_id)


def _mine(items: QuerySet[WorkItem], by: Actor) -> QuerySet[WorkItem]:
    return items.filter(owner_id=self_of(by) or NOBODY, state=WorkState.CLAIMED, run__status=RunStatus.RUNNING)


def _to_claim(items: QuerySet[WorkItem], by: Actor, hall: Hall) -> QuerySet[WorkItem]:
    open_ones = WorkCandidate.objects.filter(key__in=own_keys(by, hall), is_open=True).values("item")
    return items.filter(pk__in=open_ones, state=WorkState.TO_CLAIM, run__status=RunStatus.RUNNING)


def _kept(items: QuerySet[WorkItem], by: Actor, hall: Hall) -> QuerySet[WorkItem]:
    """What is waited for outside, and would come to this person if it failed."""
    waiting = items.filter(part=ItemPart.OUTSIDE, state=WorkState.WAITING, run__status=RunStatus.RUNNING)
    open_ones = WorkCandidate.objects.filter(key__in=own_keys(by, hall), is_open=True).values("item")
    return waiting.filter(Q(owner_id=self_of(by) or NOBODY) | Q(pk__in=open_ones))


def _fitting(asked: WorkFilter, run: str) -> Q:
    found = Q()
    if said := asked.words.strip()[:80]:
        is_number = said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS
        of_words = Q(**{f"{run}title__icontains": said})
        found &= of_words | Q(**{f"{run}number": int(said)}) if is_number else of_words
    if asked.flow_id:
        found &= Q(**{f"{run}version__flow": asked.flow_id})
    if asked.unit_id:
        found &= Q(**{f"{run}unit_id": asked.unit_id})
    if name := asked.initiator.strip()[:40]:
        found &= Q(**{f"{run}initiator_name__icontains": name})
    return found


def _due(key: str) -> Q:
    """A key of DUE_RANGES; anything else narrows nothing."""
    if key == "none":
        return Q(due_at=None)
    if key == "late":
        return Q(due_at__lt=timezone.now())
    days = {"today": 1, "three": _DUE_DAYS, "week": 7}.get(key)
    return Q() if days is None else Q(due_at__lte=_end_of_day(days))


def _nearly_due() -> Q:
    """Not late yet, and to be done by the end of the third day."""
    return Q(due_at__gte=timezone.now(), due_at__lte=_end_of_day(_DUE_DAYS))


def _end_of_day(number: int) -> datetime:
    """Of today (1) or a later day. A limit of whole days ends with the last moment of its day, which is the next one's
    first."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=number)


def filter_choices(hall: Hall) -> dict[str, list[tuple[str, str]]]:
    """(id, name) of the flows and of the departments by which an inbox can be narrowed. Two queries."""
    flows = Flow.objects.exclude(newest=None).order_by("title", "pk").values_list("pk", "title")
    units = Unit.objects.filter(hall_id=hall.pk, retired_at=None).order_by("order", "pk").values_list("pk", "name")
    return {"flows": [(str(pk), name) for pk, name in flows], "units": [(str(pk), name) for pk, name in units]}
