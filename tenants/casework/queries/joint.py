"""联办: which departments are asked about a case, what they have said, and until when they have time."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.counting import count_once
from foundation.errors import NotFound
from foundation.masking import mask_name
from foundation.text_encoding import without_spaces
from province.cases.models import SHORT_NUMBER, Referral, ReferralReceipt
from province.cases.queries.opinions import WHOLE_HALL
from province.cases.queries.referrals import opinions_asked_by_number
from province.cases.states import ReceiptState, ReferralState
from province.halls.models import Hall
from province.halls.queries.sites import OPEN_STATES
from province.people.models import Unit
from province.rights.actors import Actor
from province.rights.queries import may
from province.workdays.queries.clocks import clocks_of, days_left
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup, JointOpinion, number_backwards
from tenants.casework.queries.access import HANDLE, cases_of, opinions_of
from tenants.casework.queries.due import DueLine
from tenants.casework.states import GIVEN_OPINIONS, JOINT_KIND, JointState
from tenants.documents.models import DocumentFile
from tenants.shell.slots import Desk

NO_OPINION: Final = "没有这份联办意见，可能属于其他部门、其他服务厅。"
JOINT_FILTERS: Final[Mapping[str, str]] = {"waiting": "待出具", "given": "已出具", "ended": "已退回、不再需要"}
_OWN_DIGITS: Final = 6
# 联办编号: of the case, and of the opinion
_NUMBER: Final = re.compile(rf"([0-9A-Z]{{{SHORT_NUMBER}}})-([0-9A-F]{{{_OWN_DIGITS}}})", re.ASCII)
_ENDED: Final = (JointState.ENDED, JointState.SENT_BACK)


@dataclass(frozen=True, slots=True)
class JointPartner:
    """Of a setup: who stands for a 联办机构 of the guide, and within how many working days its opinion is due.
    ``hall_id``: another hall that is asked, None: this one; ``unit_id``: a department of that hall, None: those who
    work for the whole of it."""

    body: str
    unit_id: UUID | None
    workdays: int
    hall_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionLine(DueLine):
    """One department's part in a case. ``clock``: its own, the last one, also where another hall has asked; None where
    none was begun. ``referral``: by which another hall is asked, or asks."""

    opinion: JointOpinion
    unit_name: str
    referral: Referral | None

    @property
    def number(self) -> str:
        """联办编号: of the case, short, and the end of the asking hall's id of it; both halls have it so."""
        if self.opinion.case_id is None and self.referral:
            case_number, own_id = self.referral.case_number, self.referral.case_id
        else:
            case_number, own_id = (self.opinion.case.number if self.opinion.case else ""), self.opinion.pk
        return f"{case_number[-SHORT_NUMBER:]}-{own_id.hex[-_OWN_DIGITS:].upper()}"

    @property
    def is_waiting(self) -> bool:
        return self.opinion.state == JointState.WAITING

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.look == "late"

    @property
    def is_adrift(self) -> bool:
        """Whether the hall that was asked has sent it back, or has it no more: somebody else has to be asked."""
        return bool(self.is_waiting and self.opinion.is_elsewhere and self._state != ReferralState.SENT)

    @property
    def is_elsewhere(self) -> bool:
        """Whether another hall has to answer now."""
        return self.is_waiting and self.opinion.is_elsewhere and not self.is_adrift

    @property
    def closed_hall(self) -> str:
        """How the hall stands that has to answer and is not open; "" where it is."""
        there = self.referral.to_hall if self.referral and self.is_elsewhere else None
        return there.get_state_display() if there and there.state not in OPEN_STATES else ""

    @property
    def sent_back(self) -> str:
        """Why the hall that was asked has sent it back; "" where it has not."""
        receipt = self._receipt if self.is_adrift else None
        return receipt.said.plain if receipt and receipt.state == ReceiptState.RETURNED else ""

    @property
    def given_by(self) -> str:
        """Who has answered, people masked: of another hall its name."""
        return mask_name(self.opinion.by_name) if self.opinion.by_id else self.unit_name

    @property
    def is_taken_up(self) -> bool:
        """Whether the hall that is asked has it."""
        return self._receipt is not None

    @property
    def from_hall(self) -> str:
        """Which other hall asks; "" for one's own."""
        return self.referral.hall.name if self.referral and self.opinion.case_id is None else ""

    @property
    def _state(self) -> str:
        return self.referral.state if self.referral else ReferralState.ENDED

    @property
    def _receipt(self) -> ReferralReceipt | None:
        return getattr(self.referral, "receipt", None)


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
        JointPartner(one["body"], _id(one["unit_id"]), one["workdays"], _id(one.get("hall_id")))
        for one in setup.partners
    ]


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


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
            return rows.filter(state__in=_ENDED).order_by("-pk")
        case _:
            return rows.order_by("-pk")


def case_part_of(typed: str) -> str:
    """The short number of the case, of a 联办编号; "" for anything else."""
    found = _NUMBER.fullmatch(typed.upper())
    return found[1] if found else ""


def opinions_numbered(desk: Desk, words: str) -> list[OpinionLine]:
    """What the person's department is asked for by this 联办编号: one, none for anything else."""
    number = without_spaces(words).upper()
    short = case_part_of(number)
    if not short:
        return []
    # asked first: of two questions with an or between them the database reads every opinion
    cases = Case.objects.alias(backwards=number_backwards()).filter(backwards=short[::-1])
    case_ids = list(cases.values_list("pk", flat=True))
    found = _with_case(opinions_of(desk)).filter(
        Q(case__in=case_ids) | Q(referral_id__in=opinions_asked_by_number(desk.hall, short))
    )
    return [line for line in opinion_lines(desk.hall, list(found)) if line.number == number]


def opinions_waiting(desk: Desk) -> int:
    """How many opinions the person's department still owes."""
    return count_once(_owed, desk)


def _owed(desk: Desk) -> QuerySet[JointOpinion]:
    return opinions_of(desk).filter(state=JointState.WAITING)


def opinion_at_desk(desk: Desk, opinion_id: UUID) -> JointOpinion:
    """Raises NotFound, also for another department's and another hall's."""
    found = _with_case(opinions_of(desk)).filter(pk=opinion_id).first()
    if found is None:
        raise NotFound(NO_OPINION)
    return found


def opinion_of_own_case(desk: Desk, opinion_id: UUID) -> JointOpinion:
    """One that somebody was asked for, of a case that the person has. Raises NotFound, also for another department's
    case."""
    found = JointOpinion.objects.select_related("case").filter(pk=opinion_id, case__in=cases_of(desk)).first()
    if found is None:
        raise NotFound(NO_OPINION)
    return found


def opinion_paper(desk: Desk, opinion_id: UUID) -> DocumentFile:
    """What came with an opinion, for who has the case and for the department that gave it. Raises NotFound."""
    found = JointOpinion.objects.select_related("paper").filter(pk=opinion_id, paper__isnull=False)
    given, decided = opinions_of(desk).values("pk"), cases_of(desk).values("pk")
    opinion = found.filter(Q(pk__in=given) | Q(case__in=decided)).first()
    if opinion is None or opinion.paper is None:
        raise NotFound("没有这个文件，可能属于其他部门、其他服务厅。")
    return opinion.paper


def require_own_opinion(by: Actor, hall: Hall, opinion: JointOpinion | None) -> JointOpinion:
    """Raises NotFound for what is another department's, another hall's, or asked of another hall."""
    if opinion is None or opinion.is_elsewhere or not may(by, HANDLE, hall_id=hall.pk, unit_id=opinion.unit_id):
        raise NotFound(NO_OPINION)
    return opinion


def _with_case(rows: QuerySet[JointOpinion]) -> QuerySet[JointOpinion]:
    """With the case, and what of it, or of another hall's, names an opinion."""
    there = Referral.objects.filter(pk=OuterRef("referral_id"))
    return rows.select_related("case", "paper").annotate(
        case_number=Coalesce(F("case__number"), Subquery(there.values("case_number"))),
        item_name=Coalesce(F("case__item_name"), Subquery(there.values("item_name"))),
    )


def opinion_lines(hall: Hall, opinions: Sequence[JointOpinion]) -> list[OpinionLine]:
    """With departments, other halls and clocks: six queries whatever their number, none for none."""
    if not opinions:
        return []
    asked = {one.referral_id for one in opinions if one.referral_id}
    referrals = _referrals(asked) if asked else {}
    # the clock of an opinion that another hall asks for is that hall's, of its own row
    owners = {one.pk: one.pk if one.case_id or not (by := _of(referrals, one)) else by.case_id for one in opinions}
    wanted = {one.unit_id for one in opinions if one.unit_id and not one.is_elsewhere}
    units = dict(Unit.objects.filter(hall_id=hall.pk, pk__in=wanted).values_list("pk", "name"))
    last = {pk: found[-1] for pk, found in clocks_of(JOINT_KIND, list(owners.values())).items() if found}
    left = days_left(list(last.values())) if last else {}
    lines = []
    for one in opinions:
        referral, clock = _of(referrals, one), last.get(owners[one.pk])
        elsewhere = referral.to_hall.name if referral and one.is_elsewhere else ""
        lines.append(
            OpinionLine(
                opinion=one,
                unit_name=elsewhere or (units.get(one.unit_id, WHOLE_HALL) if one.unit_id else WHOLE_HALL),
                referral=referral,
                clock=clock,
                left=left[clock.pk] if clock else None,
            )
        )
    return lines


def _referrals(ids: Collection[UUID]) -> dict[UUID, Referral]:
    rows = Referral.objects.select_related("hall", "to_hall", "receipt").filter(pk__in=ids)
    return {one.pk: one for one in rows}


def _of(referrals: Mapping[UUID, Referral], opinion: JointOpinion) -> Referral | None:
    return referrals.get(opinion.referral_id) if opinion.referral_id else None


def joint_progress(hall: Hall, cases: Collection[Case]) -> dict[UUID, JointProgress]:
    """By the ids of those that are 联办件; of a page without any nothing is asked."""
    joint = [one.pk for one in cases if one.case_type == CaseType.JOINT]
    if not joint:
        return {}
    found: dict[UUID, list[OpinionLine]] = {pk: [] for pk in joint}
    opinions = list(JointOpinion.objects.select_related("paper").filter(case_id__in=joint).order_by("position", "pk"))
    by_id = {one.pk: one for one in cases}
    for one in opinions:
        one.case = by_id[one.case_id] if one.case_id else None
    for line in opinion_lines(hall, opinions):
        if line.opinion.case_id:
            found[line.opinion.case_id].append(line)
    return {pk: JointProgress(lines) for pk, lines in found.items()}


@dataclass(frozen=True, slots=True)
class JointPart:
    """One department's part in a case, as its applicant reads it: never what it has said. ``hall``: another one that is
    asked, "" for the case's own; ``due_on``: while it is waited for, None while its time stands."""

    body: str
    hall: str
    given_at: datetime | None
    due_on: date | None
    is_assumed: bool
    assumed_remark: str

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


def joint_parts(case: Case) -> list[JointPart]:
    """Who takes part, in the guide's order: three queries for a 联办件, none for others."""
    if case.case_type != CaseType.JOINT:
        return []
    asked = JointOpinion.objects.filter(case=case).exclude(state=JointState.ENDED).order_by("position", "pk")
    opinions = list(asked)
    there = [one.referral_id for one in opinions if one.referral_id]
    halls = dict(Referral.objects.filter(pk__in=there).values_list("pk", "to_hall__name")) if there else {}
    clocks = clocks_of(JOINT_KIND, [one.pk for one in opinions])
    parts = []
    for one in opinions:
        running = [clock for clock in clocks[one.pk] if clock.is_open]
        clock = running[-1] if running and one.state == JointState.WAITING else None
        parts.append(
            JointPart(
                body=one.body,
                hall=halls.get(one.referral_id, "") if one.referral_id else "",
                given_at=one.given_at,
                due_on=clock.due_on if clock else None,
                is_assumed=bool(clock and clock.is_assumed),
                assumed_remark=clock.assumed_remark if clock else "",
            )
        )
    return parts


def missing_opinions(case: Case) -> list[str]:
    """Which bodies have still to say something, in the guide's order: before that nothing is decided. One query for a
    联办件, none for others."""
    if case.case_type != CaseType.JOINT:
        return []
    return [body for body, _ in _waited_for(case)]


def bodies_at_work(case: Case) -> list[str]:
    """As ``missing_opinions``, each with the other hall at which it is, as the applicant reads it. Two queries for a
    联办件 at most."""
    if case.case_type != CaseType.JOINT:
        return []
    waiting = _waited_for(case)
    asked = [referral_id for _, referral_id in waiting if referral_id]
    there = Referral.objects.filter(pk__in=asked, state=ReferralState.SENT) if asked else Referral.objects.none()
    halls = dict(there.values_list("pk", "to_hall__name"))
    return [f"{body}（{halls[one]}）" if one in halls else body for body, one in waiting]


def _waited_for(case: Case) -> list[tuple[str, UUID | None]]:
    waiting = JointOpinion.objects.filter(case=case, state=JointState.WAITING)
    return list(waiting.order_by("position", "pk").values_list("body", "referral_id"))
