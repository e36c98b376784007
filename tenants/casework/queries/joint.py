"""联办: which departments are asked about a case, what they have said, and until when they have time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet

from foundation.errors import NotFound
from province.halls.models import Hall
from province.people.models import Unit
from province.workdays.queries.clocks import clocks_of, days_left
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup, JointOpinion
from tenants.casework.queries.access import opinions_of
from tenants.casework.queries.due import DueLine
from tenants.casework.states import GIVEN_OPINIONS, JOINT_KIND, JointState
from tenants.shell.slots import Desk

NO_OPINION: Final = "没有这份联办意见，可能属于其他部门、其他服务厅。"
JOINT_FILTERS: Final[Mapping[str, str]] = {"waiting": "待出具", "given": "已出具", "ended": "不再需要"}


@dataclass(frozen=True, slots=True)
class JointPartner:
    """Of a setup: who stands for a 联办机构 of the guide, and within how many working days its opinion is due.
    ``unit_id``: a department of this hall, None: those who work for the whole hall."""

    body: str
    unit_id: UUID | None
    workdays: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionLine(DueLine):
    """One department's part in a case. ``clock``: its own, the last one; None where none was begun."""

    opinion: JointOpinion
    unit_name: str

    @property
    def is_waiting(self) -> bool:
        return self.opinion.state == JointState.WAITING

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.look == "late"


@dataclass(frozen=True, slots=True)
class JointProgress:
    """Of one case, in the guide's order. What is not needed any more counts for nothing."""

    lines: Sequence[OpinionLine]

    @property
    def words(self) -> str:
        """How many of those who were asked have answered: 联办 1/3."""
        asked = [one for one in self.lines if one.opinion.state != JointState.ENDED]
        return f"联办 {sum(not one.is_waiting for one in asked)}/{len(asked)}" if asked else ""

    @property
    def given(self) -> list[OpinionLine]:
        """Who has answered."""
        return [one for one in self.lines if one.opinion.given_at]

    @property
    def late(self) -> list[str]:
        """Who should have answered."""
        return [one.opinion.body for one in self.lines if one.is_late]

    @property
    def summary(self) -> str:
        """As one cell of a table says it."""
        late = "、".join(self.late)
        return f"{self.words}，{late}超期" if late else self.words


def partners_of(setup: CaseSetup) -> list[JointPartner]:
    """Who stands for whom, in the order of the guide under which it was set up."""
    return [
        JointPartner(one["body"], UUID(one["unit_id"]) if one["unit_id"] else None, one["workdays"])
        for one in setup.partners
    ]


def opinions_at_desk(desk: Desk, *, state: str = "waiting") -> QuerySet[JointOpinion]:
    """Those that the person's department is asked for, the newest first; what waits, the oldest first. ``state``: a key
    of JOINT_FILTERS, "" for all."""
    rows = _with_case(opinions_of(desk))
    match state:
        case "waiting":
            return rows.filter(state=JointState.WAITING).order_by("pk")
        case "given":
            return rows.filter(state__in=GIVEN_OPINIONS).order_by("-pk")
        case "ended":
            return rows.filter(state=JointState.ENDED).order_by("-pk")
        case _:
            return rows.order_by("-pk")


def opinions_waiting(desk: Desk) -> int:
    """How many opinions the person's department still owes."""
    return opinions_of(desk).filter(state=JointState.WAITING).count()


def opinion_at_desk(desk: Desk, opinion_id: UUID) -> JointOpinion:
    """Raises NotFound, also for another department's and another hall's."""
    found = _with_case(opinions_of(desk)).filter(pk=opinion_id).first()
    if found is None:
        raise NotFound(NO_OPINION)
    return found


def _with_case(rows: QuerySet[JointOpinion]) -> QuerySet[JointOpinion]:
    """With the case, and what of it names an opinion over the interface."""
    return rows.select_related("case").annotate(case_number=F("case__number"), item_name=F("case__item_name"))


def opinion_lines(hall: Hall, opinions: Sequence[JointOpinion]) -> list[OpinionLine]:
    """With departments and clocks: five queries whatever their number, none for none."""
    if not opinions:
        return []
    wanted = {one.unit_id for one in opinions if one.unit_id}
    units = dict(Unit.objects.filter(hall_id=hall.pk, pk__in=wanted).values_list("pk", "name"))
    last = {pk: found[-1] for pk, found in clocks_of(JOINT_KIND, [one.pk for one in opinions]).items() if found}
    left = days_left(list(last.values())) if last else {}
    return [
        OpinionLine(
            opinion=one,
            unit_name=units.get(one.unit_id, "综合窗口") if one.unit_id else "综合窗口",
            clock=last.get(one.pk),
            left=left[last[one.pk].pk] if one.pk in last else None,
        )
        for one in opinions
    ]


def joint_progress(hall: Hall, cases: Collection[Case]) -> dict[UUID, JointProgress]:
    """By the ids of those that are 联办件; of a page without any nothing is asked."""
    joint = [one.pk for one in cases if one.case_type == CaseType.JOINT]
    if not joint:
        return {}
    found: dict[UUID, list[OpinionLine]] = {pk: [] for pk in joint}
    opinions = JointOpinion.objects.filter(case_id__in=joint).order_by("position", "pk")
    for line in opinion_lines(hall, list(opinions)):
        found[line.opinion.case_id].append(line)
    return {pk: JointProgress(lines) for pk, lines in found.items()}


def missing_opinions(case: Case) -> list[str]:
    """Which bodies have still to say something, in the guide's order: before that nothing is decided. One query for a
    联办件, none for others."""
    if case.case_type != CaseType.JOINT:
        return []
    waiting = JointOpinion.objects.filter(case=case, state=JointState.WAITING)
    return list(waiting.order_by("position", "pk").values_list("body", flat=True))
