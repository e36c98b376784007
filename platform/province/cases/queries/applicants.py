"""Who applied, for who tells them or recognises them."""

from uuid import UUID

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
