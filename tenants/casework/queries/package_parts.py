"""Items of an application for a package (一件事) that halls above do: how they stand there, and how all items stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.dateformat import format as in_words

from province.cases.models import SHORT_NUMBER
from province.cases.queries.referrals import ways_of_cases
from province.cases.queries.ways import ReferralStep, went_steps
from province.cases.states import OPEN_CASES, CaseOutcome, ReceiptState, ReferralState
from province.halls.models import Hall
from province.halls.queries.sites import open_addresses
from province.workdays.states import ClockKind, ClockState
from tenants.casework.models import Case, PackageApplication

# what a clock of the other hall has to end with
_COMING: Final[Mapping[str, str]] = {
    ClockKind.ACCEPTANCE: "告诉您是否受理、要不要补材料",
    ClockKind.PROMISED: "作出决定",
    ClockKind.STATUTORY: "作出决定",
    ClockKind.DELIVERY: "送达",
}
_ANSWERED: Final = frozenset({ReceiptState.DONE, ReceiptState.RETURNED})


@dataclass(frozen=True, slots=True)
class AwayPart:
    """An item that another hall does. ``step``: of the hall that has it now, or had it last; ``address``: of the case's
    page there for who applied, "" before it was taken up and for a hall whose site is closed."""

    place: int
    step: ReferralStep
    address: str

    @property
    def hall(self) -> Hall:
        hall: Hall = self.step.referral.to_hall
        return hall

    @property
    def case_id(self) -> UUID | None:
        return self.step.receipt.case_id if self.step.receipt else None

    @property
    def number(self) -> str:
        return self.step.receipt.case_number if self.step.receipt else ""

    @property
    def short_number(self) -> str:
        """As people type and read it."""
        return self.number[-SHORT_NUMBER:]

    @property
    def state(self) -> str:
        """How its case stands there (``CaseState``), "" before there is one."""
        return self.step.report.state if self.step.report else ""

    @property
    def outcome(self) -> str:
        """What it was decided to be, also where it was taken back at that moment."""
        return self.step.receipt.outcome if self.step.receipt else ""

    @property
    def is_recalled(self) -> bool:
        return self.step.referral.state == ReferralState.RECALLED and not self.outcome

    @property
    def is_returned(self) -> bool:
        """Whether the other hall has sent it back: it is not its business, or it takes none now."""
        return self.step.receipt is not None and self.step.receipt.state == ReceiptState.RETURNED

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        receipt = self.step.receipt
        return not self.is_recalled and (receipt is None or receipt.state not in _ANSWERED)

    @property
    def is_over(self) -> bool:
        """Whether the other hall is done with it, the result handed over, too."""
        return not self.is_open and self.state not in OPEN_CASES

    @property
    def is_late(self) -> bool:
        """Whether one of its limits there is over while it is not decided."""
        return self.is_open and any(one.left is not None and one.left < 0 for one in self.step.clocks)

    @property
    def words(self) -> str:
        """How it stands there, in a few words: nothing of what was decided."""
        if self.is_recalled:
            return "已撤回"
        if self.is_returned:
            return "已退回"
        if self.step.receipt is None:
            return "还没签收"
        return self.step.report.get_state_display() if self.step.report else self.step.receipt.get_state_display()

    def sentence(self, *, is_looked_up: bool) -> str:
        """``is_looked_up``: without what was decided and said."""
        begun = f"由{self.hall.name}办理"
        if self.is_returned:
            return f"{self.hall.name}退回：{self.step.said}" if not is_looked_up else f"{begun}，已退回。"
        outcome = CaseOutcome(self.outcome).label if self.outcome and not is_looked_up else ""
        said = f"{begun}：{self.words}{f'，{outcome}' if outcome else ''}"
        if self.is_late:
            return f"{said}。抱歉，已经超过期限。"
        return f"{said}。{self._coming if self.is_open else ''}"

    @property
    def _coming(self) -> str:
        """What happens next and until when, "" where no day is known."""
        clocks = [one.clock for one in self.step.clocks if one.clock.state == ClockState.RUNNING]
        known = [
            (one.due_on, _COMING[kind], one.assumed_remark)
            for one in clocks
            if one.due_on and (kind := one.kind) in _COMING
        ]
        if not known:
            return ""
        due_on, said, assumed = min(known)
        return f"最迟{in_words(due_on, 'Y年n月j日')}{assumed}{said}。"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands, wherever it is done. ``words``: how it ended, where it is over without a decision."""

    outcome: str
    is_open: bool
    words: str


def away_parts(application: PackageApplication) -> dict[int, AwayPart]:
    """Of an application those items that halls above do, by place: one query where there are none, some ten
    otherwise."""
    sent = dict(application.sent_parts.values_list("place", "filled_id"))
    if not sent:
        return {}
    ways = ways_of_cases(list(sent.values()))
    steps = went_steps([one for found in ways.values() for one in found])
    by_referral = {one.referral.pk: one for one in steps}
    halls = {one.referral.to_hall_id for one in steps}
    addresses = open_addresses(halls)
    found = {}
    for place, filled_id in sent.items():
        if way := ways.get(filled_id):
            step = by_referral[way[-1].pk]
            found[place] = AwayPart(place, step, _address(step, addresses))
    return found


def standings_of(cases: Mapping[Any, Case], away: Mapping[int, AwayPart]) -> dict[int, Standing]:
    """Place → how the item stands that was received, here or by another hall."""
    here = {place: Standing(one.outcome, one.is_open, one.get_state_display()) for place, one in cases.items() if place}
    there = {place: Standing(one.outcome, one.is_open, one.words) for place, one in away.items()}
    return here | there


def case_ids_of(away: Collection[AwayPart]) -> list[UUID]:
    """Of the cases that other halls have made."""
    return [one.case_id for one in away if one.case_id]


def _address(step: ReferralStep, addresses: Mapping[UUID, str]) -> str:
    """Where who applied reads on."""
    known = addresses.get(step.referral.to_hall_id, "")
    case_id = step.receipt.case_id if step.receipt else None
    return f"{known}/cases/{case_id}/" if known and case_id else ""
