"""The inbox: what is somebody's to do, what they could take, what they began, are shown and have done."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import works_at
from tenants.shell.slots import MOST_THINGS, Desk, Once, WaitingThing
from tenants.workflow.models import Run, RunCopy, WorkCandidate, WorkItem
from tenants.workflow.queries.candidates import TAKE_PART
from tenants.workflow.queries.run_access import NOBODY, own_keys, self_of
from tenants.workflow.states import ItemPart, RunStatus, WorkState

# in the order of the tabs; the first four are items, the others runs
ITEM_BOXES: Final = {"mine": "待办", "to_claim": "待认领", "late": "已超期", "done": "已办"}
RUN_BOXES: Final = {"sent": "我发起的", "copied": "抄送我的"}
BOXES: Final = ITEM_BOXES | RUN_BOXES
_MOST_DIGITS: Final = 9
COUNTED: Final = ("mine", "to_claim", "late")


def items_in(by: Actor, hall: Hall, box: str, *, words: str = "") -> QuerySet[WorkItem]:
    """The items of one box (a key of ITEM_BOXES), what is due first leading; ``words``: in the run's title, or its
    number."""
    items = WorkItem.objects.select_related("run__version__flow", "run__version__form_version")
    match box:
        case "to_claim":
            found = _to_claim(items, by, hall).order_by(F("due_at").asc(nulls_last=True), "pk")
        case "late":
            found = _mine(items, by).filter(due_at__lt=timezone.now()).order_by("due_at", "pk")
        case "done":
            done = items.filter(owner_id=self_of(by) or NOBODY, state=WorkState.DONE)
            found = done.exclude(part=ItemPart.WAIT).order_by("-done_at", "-pk")
        case _:
            found = _mine(items, by).order_by(F("due_at").asc(nulls_last=True), "pk")
    return found.filter(_fitting(words, "run__"))


def runs_in(by: Actor, box: str, *, words: str = "") -> QuerySet[Run]:
    """The runs of one box (a key of RUN_BOXES), the newest first."""
    runs, me = Run.objects.select_related("version__flow"), self_of(by) or NOBODY
    if box == "copied":
        found = runs.filter(Exists(RunCopy.objects.filter(run=OuterRef("pk"), account_id=me)))
    else:
        found = runs.filter(initiator_id=me)
    return found.filter(_fitting(words, "")).order_by("-pk")


def box_counts(by: Actor, hall: Hall) -> dict[str, int]:
    """How much waits in the boxes that count: three small indexes, each of them of what is open alone."""
    items = WorkItem.objects.all()
    return {
        "mine": _mine(items, by).count(),
        "to_claim": _to_claim(items, by, hall).count(),
        "late": _mine(items, by).filter(due_at__lt=timezone.now()).count(),
    }


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
        note = f"{item.due_words}前办理" if item.due_at else f"{item.run.initiator_name}发起"
        yield WaitingThing(tag, look, item.run.title, note, "desk-run", item.run_id)


def _mine(items: QuerySet[WorkItem], by: Actor) -> QuerySet[WorkItem]:
    return items.filter(owner_id=self_of(by) or NOBODY, state=WorkState.CLAIMED, run__status=RunStatus.RUNNING)


def _to_claim(items: QuerySet[WorkItem], by: Actor, hall: Hall) -> QuerySet[WorkItem]:
    open_ones = WorkCandidate.objects.filter(key__in=own_keys(by, hall), is_open=True).values("item")
    return items.filter(pk__in=open_ones, state=WorkState.TO_CLAIM, run__status=RunStatus.RUNNING)


def _fitting(words: str, run: str) -> Q:
    said = words.strip()[:80]
    if not said:
        return Q()
    is_number = said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS
    found = Q(**{f"{run}title__icontains": said})
    return found | Q(**{f"{run}number": int(said)}) if is_number else found
