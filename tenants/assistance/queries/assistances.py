"""What was taken in here for people, and how it stands with the halls that do it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from province.cases.models import CaseApplicant, ReferralReceipt, ReferralSupplement
from province.cases.queries.applicants import applicants_by_id, applicants_with_number
from province.cases.queries.own import waits_words_of
from province.cases.queries.referrals import ways_of_cases
from province.cases.queries.supplements import WhatIsAsked, supplements_of, what_is_asked
from province.cases.queries.ways import OtherClock, ReferralStep, went_steps
from province.cases.states import ReceiptState, ReferralState
from province.halls.models import Hall
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from tenants.assistance.models import Assistance, AssistanceFile
from tenants.assistance.states import AssistanceState

_NO_ASSISTANCE: Final = "没有这件代办，可能属于其他服务厅。"
# names are encrypted: so many of the newest are opened to compare one
_MOST_NAMES: Final = 300
_LONGEST_SEARCH: Final = 60
# digits of a whole identity number
_WHOLE: Final = 18


@dataclass(frozen=True, slots=True)
class AssistanceLine:
    """``steps``: the halls to which it went; none as long as it was never handed over. ``supplement``: what was handed
    over later (补交), the last of it."""

    assistance: Assistance
    applicant: CaseApplicant | None
    steps: Sequence[ReferralStep]
    supplement: ReferralSupplement | None = None

    @property
    def last(self) -> ReferralStep | None:
        return self.steps[-1] if self.steps else None

    @property
    def is_draft(self) -> bool:
        return self.assistance.state == AssistanceState.DRAFT

    @property
    def is_sent_back(self) -> bool:
        """Whether the hall that should do it has left it to this one."""
        last = self.last
        return self.is_draft and bool(last and last.receipt and last.receipt.state == ReceiptState.RETURNED)

    @property
    def can_take_back(self) -> bool:
        is_sent = self.assistance.state == AssistanceState.SENT
        return is_sent and bool(self.last and self.last.receipt is None)

    @property
    def is_sent(self) -> bool:
        return self.assistance.state == AssistanceState.SENT

    @property
    def asked(self) -> WhatIsAsked | None:
        """What the hall that has it asks for now."""
        return what_is_asked(self.last.receipt) if self.is_sent and self.last else None

    @property
    def asked_words(self) -> str:
        """What is asked for, in one line."""
        return "；".join(one.rstrip("。") for one in self.asked.lines) if self.asked else ""

    @property
    def until(self) -> date | None:
        """By when it is to be brought, None without a limit."""
        return self._time.due_on if self._time else None

    @property
    def is_until_assumed(self) -> bool:
        """Whether that day lies behind a year without a notice."""
        return bool(self._time and self._time.is_assumed)

    @property
    def _time(self) -> Clock | None:
        asked = self.asked
        return time_to_bring(self.last.clocks, asked) if self.last and asked else None

    @property
    def is_brought(self) -> bool:
        """Whether what is asked for now was handed over, and is still to be taken there."""
        asked, made = self.asked, self.supplement
        return asked is not None and made is not None and made.asking_id == asked.asking_id

    @property
    def was_left(self) -> bool:
        """Whether what was handed over last was not taken: it was not asked for any more."""
        receipt, made = self.last.receipt if self.last else None, self.supplement
        if receipt is None or made is None or not self.is_sent or self.is_brought:
            return False
        return receipt.taken_id != made.pk

    @property
    def waits_words(self) -> str:
        """What somebody has to do now, "" where nothing."""
        if self.is_draft:
            return "对方退回" if self.is_sent_back else ""
        report = self.last.report if self.is_sent and self.last else None
        if report is None or self.is_brought:
            return ""
        asked = self.asked
        if asked and not report.owed_fen:
            return "等补交" if asked.is_promised else "等补正"
        return waits_words_of(report).replace("等您", "等")

    @property
    def state_words(self) -> str:
        """Where it is, and how it ended."""
        last = self.last
        if self.is_draft or last is None:
            return "对方退回，待处理" if self.is_sent_back else self.assistance.get_state_display()
        if last.referral.state == ReferralState.RECALLED and self.assistance.state == AssistanceState.ENDED:
            return "已撤回"
        return "补交的材料还没有收下" if self.is_brought else last.progress_words


def time_to_bring(clocks: Iterable[OtherClock], asked: WhatIsAsked) -> Clock | None:
    """The applicant's own time, as it runs now."""
    kind = ClockKind.LAPSE if asked.is_promised else ClockKind.SUPPLEMENT
    running = (one.clock for one in clocks if one.clock.kind == kind and one.clock.state == ClockState.RUNNING)
    return next(running, None)


def assistances_here(hall: Hall, *, words: str = "", state: str = "") -> QuerySet[Assistance]:
    """All of the hall, the newest first: its clerks stand in for each other. ``words``: of the item, an end of a
    number, a name, or a whole identity number; ``state``: of the row, "" for all of them."""
    rows = Assistance.objects.order_by("-pk")
    if state in AssistanceState:
        rows = rows.filter(state=state)
    words = _sought(words)
    return rows.filter(_matching(hall, words)) if words else rows


def assistances_of_people(hall: Hall, words: str) -> QuerySet[Assistance]:
    """Those that ``words`` finds by who they are for: a name or a part of it, or a whole identity number."""
    return Assistance.objects.filter(applicant_id__in=_people(hall, _sought(words)))


def assistance_here(assistance_id: UUID) -> Assistance:
    """Raises NotFound, also for another hall's."""
    found = Assistance.objects.filter(pk=assistance_id).first()
    if found is None:
        raise NotFound(_NO_ASSISTANCE)
    return found


def whole_files(assistance: Assistance) -> QuerySet[AssistanceFile]:
    """Its files that have arrived, the first first."""
    return assistance.uploads.exclude(key="").order_by("pk")


def file_of_assistance(assistance: Assistance, file_id: UUID) -> AssistanceFile:
    """A file that is whole. Raises NotFound."""
    found = whole_files(assistance).filter(pk=file_id).first()
    if found is None:
        raise NotFound("没有这个文件，可能已经删除。")
    return found


def assistance_lines(hall: Hall, rows: Sequence[Assistance]) -> list[AssistanceLine]:
    """With how they stand: a number of queries that does not grow with theirs, nor with the halls'."""
    ways = ways_of_cases([one.pk for one in rows]) if rows else {}
    every = {one.referral.pk: one for one in went_steps([way for found in ways.values() for way in found])}
    applicants = applicants_by_id(hall.pk, [one.applicant_id for one in rows])
    supplements = supplements_of([one.receipt.pk for one in every.values() if one.receipt]) if every else {}
    lines = []
    for one in rows:
        steps = [every[way.pk] for way in ways.get(one.pk, [])]
        receipt = steps[-1].receipt if steps else None
        supplement = supplements.get(receipt.pk) if receipt else None
        lines.append(AssistanceLine(one, applicants.get(one.applicant_id), steps, supplement))
    return lines


def _sought(words: str) -> str:
    return "".join(words[:_LONGEST_SEARCH].split())


def _is_number(words: str) -> bool:
    return len(words) == _WHOLE and words[:-1].isdigit()


def _people(hall: Hall, words: str) -> list[UUID]:
    """Ids of applicants; of names, among the newest."""
    if _is_number(words):
        return list(applicants_with_number(hall.pk, words))
    if not words or words.isascii():
        return []
    applicants = applicants_by_id(hall.pk, [one.applicant_id for one in _newest()])
    return [pk for pk, one in applicants.items() if words in one.name.plain]


def _matching(hall: Hall, words: str) -> Q:
    if _is_number(words):
        return Q(applicant_id__in=_people(hall, words))
    matches = Q(item_name__icontains=words)
    if words.isascii():
        taken_up = ReferralReceipt.objects.filter(referral__hall=hall, case_number__iendswith=words)
        found = [*taken_up.values_list("referral__case_id", flat=True)[:_MOST_NAMES]]
        # the ends of ids are the ends of numbers
        ends = [one for one in _newest() if one.number.endswith(words.upper())]
        return matches | Q(pk__in=[*found, *(one.pk for one in ends)])
    return matches | Q(applicant_id__in=_people(hall, words))


def _newest() -> QuerySet[Assistance]:
    return Assistance.objects.order_by("-pk").only("pk", "created_at", "applicant_id")[:_MOST_NAMES]
