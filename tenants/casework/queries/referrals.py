"""What a hall sees of cases that went to other halls, and of those that came from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from province.cases.models import CaseReport, Referral, ReferralReceipt
from province.cases.queries.parcels import parcel_fields
from province.cases.queries.referrals import (
    first_of,
    receipt_of_case,
    referrals_from,
    referrals_to,
    takers_above,
    takers_near,
    ways_of_cases,
)
from province.cases.queries.ways import OtherClock, ReferralStep, clocks_elsewhere, went_steps
from province.cases.states import (
    BY_REFERRAL,
    CLOCK_RULES,
    CaseChannel,
    ReferralKind,
)
from province.halls.models import Hall
from standards.items.codelists import CaseType
from tenants.casework.models import CarriedPart, Case
from tenants.casework.queries.access import cases_of
from tenants.shell.slots import Desk
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.queries.filled import filled_form, values_of
from tenants.workflow.queries.forms import definition_of


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
    """What was filled in, as another hall is given it."""
    return parcel_fields(definition_of(filled.version), values_of(hall, filled))


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
        clocks=clocks_elsewhere([first.case_id])[first.case_id],
        files=list(_other_files(hall, case)),
    )


def _other_files(hall: Hall, case: Case) -> Iterator[FormUpload]:
    filled = filled_form(hall, case.filled_id)
    named = str(values_of(hall, filled))
    for upload in filled.uploads.order_by("pk"):
        if str(upload.pk) not in named:
            yield upload
