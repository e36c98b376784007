"""What halls report of their cases. A hall's operations call it in their transactions."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from uuid import UUID

from foundation.editing.reasons import clean_reason
from foundation.rows import draw_id
from province.cases.models import CaseApplicant, CaseReport
from province.cases.operations.figures import sum_up_again
from province.cases.states import LONGEST_SERVICE_ADDRESS, ApplicantNature, CaseChannel, CaseOutcome, CaseState
from standards.items.codelists import CaseType


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """How a case stands: the fields of ``CaseReport``."""

    number: str
    item_id: UUID
    item_name: str
    citizen_id: UUID | None
    case_type: CaseType
    channel: CaseChannel
    state: CaseState
    outcome: CaseOutcome | str
    received_on: date
    accepted_on: date | None
    decided_on: date | None
    ended_on: date | None
    owes_materials: bool
    was_late: bool
    is_unopened: bool = False
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantFacts:
    """Who applies: the fields of ``CaseApplicant``. No ``repr``: it would stand in logs."""

    kind: ApplicantNature
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    body_name: str = ""
    credit_code: str = ""
    agent_name: str = field(default="", repr=False)
    agent_number: str = field(default="", repr=False)
    agent_phone: str = field(default="", repr=False)


def report_case(*, hall_id: UUID, case_id: UUID, facts: CaseFacts) -> None:
    """Write how the case stands now; it has to be numbered in the feed. The caller holds the case's row: of two at once
    the later one counts."""
    CaseReport.objects.update_or_create(pk=case_id, defaults={"hall_id": hall_id, "is_waiting": True, **asdict(facts)})


def report_owed_fee(*, hall_id: UUID, case_id: UUID, fen: int) -> None:
    """Write what the applicant of a case has to pay now. The caller holds the order's row."""
    CaseReport.objects.filter(pk=case_id, hall_id=hall_id).update(owed_fen=fen)


def report_owed_fees(*, hall_id: UUID, owed: Mapping[UUID, int]) -> None:
    """Write what is owed in all cases of a hall: these, in fen, and nothing in any other."""
    reports = CaseReport.objects.filter(hall_id=hall_id)
    reports.exclude(owed_fen=0).exclude(pk__in=owed).update(owed_fen=0)
    changed = list(reports.filter(pk__in=owed))
    for one in changed:
        one.owed_fen = owed[one.pk]
    CaseReport.objects.bulk_update(changed, ["owed_fen"])


def forget_cases_but(*, hall_id: UUID, case_ids: Collection[UUID]) -> None:
    """Forget all cases of a hall but these, in its figures, too."""
    CaseReport.objects.filter(hall_id=hall_id).exclude(pk__in=case_ids).delete()
    sum_up_again(hall_id=hall_id)


def keep_applicant(*, hall_id: UUID, facts: ApplicantFacts, service_address: str = "") -> CaseApplicant:
    """Keep who applies, in the transaction of the application, and where documents are sent to."""
    applicant = CaseApplicant(id=draw_id(), hall_id=hall_id, service_address=service_address, **asdict(facts))
    applicant.save(force_insert=True)
    return applicant


def change_applicant(*, hall_id: UUID, applicant_id: UUID, facts: ApplicantFacts) -> None:
    """Keep who applies as they say it now, in the transaction in which they put their application right."""
    applicant = CaseApplicant.objects.select_for_update().get(pk=applicant_id, hall_id=hall_id)
    for name, value in asdict(facts).items():
        setattr(applicant, name, value)
    applicant.save()


def clean_service_address(address: str) -> str:
    """Where documents are posted to, as it is kept. Raises Invalid for none, and for one that is too long."""
    ask = "请填写邮寄文书的地址。"
    return clean_reason(address, ask=ask, field="address", most=LONGEST_SERVICE_ADDRESS, is_line=True)


def keep_service_address(*, hall_id: UUID, applicant_id: UUID, address: str) -> None:
    """Keep where documents are sent to from now on (送达地址), "" for nowhere. The caller holds the case's row."""
    applicant = CaseApplicant.objects.select_for_update().get(pk=applicant_id, hall_id=hall_id)
    applicant.service_address = address
    applicant.save(update_fields=["service_address"])


def drop_applicant(*, hall_id: UUID, applicant_id: UUID) -> None:
    """Nothing came of it: forget who it was for."""
    CaseApplicant.objects.filter(pk=applicant_id, hall_id=hall_id).delete()
