"""How cases that went to other halls stand there, as the province knows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from province.cases.models import CaseReport, Referral, ReferralReceipt
from province.cases.queries.supplements import supplements_under_way
from province.cases.states import CASE_KIND, CLOCK_RULES, CaseState, ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.registries.models import DocumentEntry
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of, days_left, stories
from province.workdays.states import ClockState


@dataclass(frozen=True, slots=True)
class OtherClock:
    """A clock of the other hall. ``left``: working days, None where it does not run."""

    clock: Clock
    story: str
    left: int | None


@dataclass(frozen=True, slots=True)
class ReferralStep:
    """One hall's part of the way. ``receipt``: None until it was taken up; ``said``: its answer; ``report`` and
    ``clocks``: how its case stands, as the province knows it; ``documents``: which it has issued."""

    referral: Referral
    receipt: ReferralReceipt | None
    said: str
    report: CaseReport | None
    clocks: Sequence[OtherClock]
    documents: Sequence[DocumentEntry]

    @property
    def clock_rule(self) -> str:
        return CLOCK_RULES[ReferralKind(self.referral.kind)]

    @property
    def state_words(self) -> str:
        """Whether it was taken up there, and how it ended."""
        receipt = self.receipt
        if receipt is None:
            is_recalled = self.referral.state == ReferralState.RECALLED
            return self.referral.get_state_display() if is_recalled else "还没有签收"
        outcome = f"：{receipt.get_outcome_display()}" if receipt.outcome else ""
        return f"{receipt.get_state_display()}{outcome}"

    @property
    def progress_words(self) -> str:
        """How the case stands there once it was taken up, and how it ended."""
        is_open = self.receipt is not None and self.receipt.state == ReceiptState.RECEIVED
        return self.report.get_state_display() if self.report and is_open else self.state_words

    @property
    def due_words(self) -> str:
        """The limits that run there, as one cell of a table says them."""
        running = [one.clock for one in self.clocks if one.clock.state == ClockState.RUNNING]
        return "；".join(
            f"{one.get_kind_display()} {one.due_on:%Y-%m-%d}{one.assumed_remark}" for one in running if one.due_on
        )


def went_steps(referrals: Sequence[Referral]) -> list[ReferralStep]:
    """Each with what the other hall has made of it, in a number of queries that does not grow."""
    receipts = {one.pk: getattr(one, "receipt", None) for one in referrals}
    cases = [one.case_id for one in receipts.values() if one and one.case_id]
    reports, clocks = CaseReport.objects.in_bulk(cases), clocks_elsewhere(cases)
    wanted = {pk for one in receipts.values() if one for pk in one.document_ids}
    documents = DocumentEntry.objects.in_bulk(wanted)
    return [
        ReferralStep(
            referral=one,
            receipt=receipt,
            said=receipt.said.plain if receipt else "",
            report=reports.get(receipt.case_id) if receipt and receipt.case_id else None,
            clocks=clocks.get(receipt.case_id, []) if receipt and receipt.case_id else [],
            documents=[documents[pk] for pk in receipt.document_ids if pk in documents] if receipt else [],
        )
        for one in referrals
        for receipt in [receipts[one.pk]]
    ]


def asked_elsewhere(hall: Hall, case_ids: Collection[UUID]) -> int:
    """Of what this hall sent, how many wait for the applicant where they are now, but for those of which everything was
    handed over that was asked for. One query, none where nothing was sent."""
    if not case_ids:
        return 0
    sent = Q(referral__case_id__in=case_ids) | Q(referral__origin__case_id__in=case_ids)
    taken_up = ReferralReceipt.objects.filter(sent, state=ReceiptState.RECEIVED, case_id__isnull=False)
    taken_up = taken_up.filter(Q(referral__hall=hall) | Q(referral__origin__hall=hall))
    taken_up = taken_up.exclude(Exists(supplements_under_way().filter(receipt=OuterRef("pk"))))
    waits = Q(state=CaseState.CORRECTING) | Q(owes_materials=True) | Q(owed_fen__gt=0)
    return CaseReport.objects.filter(waits, pk__in=taken_up.values("case_id")).count()


def clocks_elsewhere(case_ids: Sequence[UUID]) -> dict[UUID, list[OtherClock]]:
    """By case, of whatever hall it is."""
    found = clocks_of(CASE_KIND, case_ids) if case_ids else {}
    every = [one for clocks in found.values() for one in clocks]
    told, left = (stories(every), days_left(every)) if every else ({}, {})
    return {pk: [OtherClock(one, told[one.pk], left[one.pk]) for one in clocks] for pk, clocks in found.items()}
