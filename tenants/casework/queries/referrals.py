"""What a hall sees of cases that went to other halls, and of those that came from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from foundation.files.store import StoredFacts
from province.cases.models import CaseReport, Referral, ReferralReceipt
from province.cases.queries.referrals import (
    first_of,
    receipt_of_case,
    referrals_from,
    referrals_to,
    takers_above,
    takers_near,
    ways_of_cases,
)
from province.cases.states import (
    BY_REFERRAL,
    CLOCK_RULES,
    CaseChannel,
    ReceiptState,
    ReferralKind,
    ReferralState,
)
from province.halls.models import Hall
from province.registries.models import DocumentEntry
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of, days_left, stories
from province.workdays.states import ClockState
from standards.items.codelists import CaseType
from tenants.casework.models import CarriedPart, Case
from tenants.casework.queries.access import cases_of
from tenants.casework.states import CASE_KIND
from tenants.shell.slots import Desk
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.queries.filled import filled_form, values_of
from tenants.workflow.queries.forms import definition_of


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
        return "；".join(f"{one.get_kind_display()} {one.due_on:%Y-%m-%d}" for one in running if one.due_on)


@dataclass(frozen=True, slots=True)
class CarriedWords:
    """``rest``: what of the sender's form has no field here, as (label, text)."""

    opinion: str
    rest: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CameView:
    """From where a case came. ``report`` and ``clocks``: of the case of the hall that sent it first; ``files``: what
    was sent and has no material here."""

    receipt: ReferralReceipt
    first: Referral
    words: CarriedWords
    report: CaseReport | None
    clocks: Sequence[OtherClock]
    files: Sequence[FormUpload]

    @property
    def clock_rule(self) -> str:
        return CLOCK_RULES[ReferralKind(self.first.kind)]


@dataclass(frozen=True, slots=True)
class ReferralsOfCase:
    """``went``: each hall to which it went, in their order; ``came``: None for a case that came by itself."""

    went: Sequence[ReferralStep]
    came: CameView | None

    @property
    def is_taken_up(self) -> bool:
        return bool(self.went) and self.went[-1].receipt is not None


def is_decided_above(case: Case) -> bool:
    """上报件 are decided by the higher hall: by this one only what a lower one has handed up to it."""
    if case.case_type != CaseType.REPORTED:
        return False
    return case.channel != CaseChannel.HANDED or receipt_of_case(case.pk) is None


def referrals_of_case(hall: Hall, case: Case) -> ReferralsOfCase:
    """Both sides of one case: two queries for one that never left its hall, some fifteen at most otherwise."""
    went = ways_of_cases([case.pk]).get(case.pk, [])
    return ReferralsOfCase(went_steps(went), _came(hall, case) if case.channel in BY_REFERRAL else None)


def went_steps(referrals: Sequence[Referral]) -> list[ReferralStep]:
    """Each with what the other hall has made of it, in a number of queries that does not grow."""
    receipts = {one.pk: _receipt(one) for one in referrals}
    cases = [one.case_id for one in receipts.values() if one and one.case_id]
    reports, clocks = CaseReport.objects.in_bulk(cases), _clocks(cases)
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


def referrals_at_desk(desk: Desk, *, is_out: bool) -> QuerySet[Referral]:
    """What went out, or came in, of the cases that are the person's business, the newest first."""
    own = cases_of(desk).values_list("pk", flat=True)
    return referrals_from(desk.hall, own) if is_out else referrals_to(desk.hall, own)


def halls_to_hand_up(hall: Hall, case: Case) -> list[Hall]:
    """Higher halls that decide on the item, the nearest first."""
    return list(takers_above(hall, case.item_id, case.handling_code))


def halls_to_send_on(hall: Hall, case: Case) -> list[Hall]:
    """Halls of the county, and those above, that take applications for the item."""
    return list(takers_near(hall, case.item_id, case.handling_code))


def carried_words(hall: Hall, case: Case) -> CarriedWords:
    """What came with the case; nothing for one that came by itself."""
    found = CarriedPart.objects.filter(case=case).first()
    said: Mapping[str, Any] = found.said.opened(hall.pk) if found else {}
    return CarriedWords(said.get("opinion", ""), [(one["label"], one["text"]) for one in said.get("rest", [])])


def fields_with_words(hall: Hall, filled: FilledForm) -> dict[str, dict[str, Any]]:
    """Name of each field that was filled in → its value, type, label and the value in words: for who knows nothing of
    this hall's form."""
    named = definition_of(filled.version).named_fields
    return {
        name: {"value": value, "type": named[name].type, "label": named[name].label, "text": named[name].text(value)}
        for name, value in values_of(hall, filled).items()
        if name in named
    }


def files_of_form(filled: FilledForm) -> dict[str, dict[str, Any]]:
    """Id of each upload → the fields of ``StoredFacts``."""
    names = [field.name for field in fields(StoredFacts)]
    return {str(one.pk): {name: getattr(one, name) for name in names} for one in filled.uploads.order_by("pk")}


def _came(hall: Hall, case: Case) -> CameView | None:
    receipt = receipt_of_case(case.pk)
    if receipt is None:
        return None
    first = first_of(receipt.referral)
    return CameView(
        receipt=receipt,
        first=first,
        words=carried_words(hall, case),
        report=CaseReport.objects.filter(pk=first.case_id).first(),
        clocks=_clocks([first.case_id])[first.case_id],
        files=list(_other_files(hall, case)),
    )


def _other_files(hall: Hall, case: Case) -> Iterator[FormUpload]:
    filled = filled_form(hall, case.filled_id)
    named = str(values_of(hall, filled))
    for upload in filled.uploads.order_by("pk"):
        if str(upload.pk) not in named:
            yield upload


def _receipt(referral: Referral) -> ReferralReceipt | None:
    return getattr(referral, "receipt", None)


def _clocks(case_ids: Sequence[UUID]) -> dict[UUID, list[OtherClock]]:
    found = clocks_of(CASE_KIND, case_ids) if case_ids else {}
    every = [one for clocks in found.values() for one in clocks]
    told, left = (stories(every), days_left(every)) if every else ({}, {})
    return {pk: [OtherClock(one, told[one.pk], left[one.pk]) for one in clocks] for pk, clocks in found.items()}
