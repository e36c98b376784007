"""What was taken in here for people, and how it stands with the halls that do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from foundation.errors import NotFound
from province.cases.models import CaseApplicant, ReferralReceipt
from province.cases.queries.applicants import applicants_by_id, applicants_with_number
from province.cases.queries.own import waits_words_of
from province.cases.queries.referrals import ways_of_cases
from province.cases.queries.ways import ReferralStep, went_steps
from province.cases.states import ReceiptState, ReferralState
from province.halls.models import Hall
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
    """``steps``: the halls to which it went; none as long as it was never handed over."""

    assistance: Assistance
    applicant: CaseApplicant | None
    steps: Sequence[ReferralStep]

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
    def waits_words(self) -> str:
        """What somebody has to do now, "" where nothing."""
        if self.is_draft:
            return "对方退回" if self.is_sent_back else ""
        is_open = self.assistance.state == AssistanceState.SENT
        return (
            waits_words_of(self.last.report).replace("等您", "等") if is_open and self.last and self.last.report else ""
        )

    @property
    def state_words(self) -> str:
        """Where it is, and how it ended."""
        last = self.last
        if self.is_draft or last is None:
            return "对方退回，待处理" if self.is_sent_back else self.assistance.get_state_display()
        if last.referral.state == ReferralState.RECALLED and self.assistance.state == AssistanceState.ENDED:
            return "已撤回"
        return last.progress_words


def assistances_here(hall: Hall, *, words: str = "", state: str = "") -> QuerySet[Assistance]:
    """All of the hall, the newest first: its clerks stand in for each other. ``words``: of the item, an end of a
    number, a name, or a whole identity number; ``state``: of the row, "" for all of them."""
    rows = Assistance.objects.order_by("-pk")
    if state in AssistanceState:
        rows = rows.filter(state=state)
    words = "".join(words[:_LONGEST_SEARCH].split())
    return rows.filter(_matching(hall, words)) if words else rows


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
    return [
        AssistanceLine(one, applicants.get(one.applicant_id), [every[way.pk] for way in ways.get(one.pk, [])])
        for one in rows
    ]


def _matching(hall: Hall, words: str) -> Q:
    if len(words) == _WHOLE and words[:-1].isdigit():
        return Q(applicant_id__in=applicants_with_number(hall.pk, words))
    matches = Q(item_name__icontains=words)
    if words.isascii():
        taken_up = ReferralReceipt.objects.filter(referral__hall=hall, case_number__iendswith=words)
        found = [*taken_up.values_list("referral__case_id", flat=True)[:_MOST_NAMES]]
        # the ends of ids are the ends of numbers
        ends = [one for one in _newest() if one.number.endswith(words.upper())]
        return matches | Q(pk__in=[*found, *(one.pk for one in ends)])
    applicants = applicants_by_id(hall.pk, [one.applicant_id for one in _newest()])
    return matches | Q(applicant_id__in=[pk for pk, one in applicants.items() if words in one.name.plain])


def _newest() -> QuerySet[Assistance]:
    return Assistance.objects.order_by("-pk").only("pk", "created_at", "applicant_id")[:_MOST_NAMES]
