"""Who applied, for who tells them or recognises them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from province.cases.models import CaseApplicant


def applicant_with_id(hall_id: UUID, applicant_id: UUID) -> CaseApplicant | None:
    """None also for another hall's."""
    return CaseApplicant.objects.filter(pk=applicant_id, hall_id=hall_id).first()


def phone_of_applicant(applicant_id: UUID) -> str:
    """Where an applicant is told things: their own phone, or that of who came for them; "" for none."""
    found = CaseApplicant.objects.filter(pk=applicant_id).first()
    return phone_to_tell(found) if found else ""


def phone_to_tell(applicant: CaseApplicant) -> str:
    """As ``phone_of_applicant``, of a row that was read."""
    own: str = applicant.phone.plain
    return own or str(applicant.agent_phone.plain)


def applicants_by_id(hall_id: UUID, applicant_ids: Collection[UUID]) -> dict[UUID, CaseApplicant]:
    """Of this hall alone: one query."""
    return CaseApplicant.objects.filter(hall_id=hall_id).in_bulk(list(applicant_ids))


def applicants_with_number(hall_id: UUID, number: str) -> QuerySet[CaseApplicant, UUID]:
    """Ids of those of a hall with exactly this whole identity number."""
    return CaseApplicant.objects.filter(hall_id=hall_id, number_index__of=number).values_list("pk", flat=True)
