"""The applicant is told by short message that there is something to read, and never what."""

from uuid import UUID

from django.db import transaction

from province.cases.queries.applicants import applicant_with_id, phone_to_tell
from province.citizens.models import Citizen, PhoneNotice
from province.citizens.operations.notices import NoticeContact, notify_asker
from province.halls.models import Hall
from province.halls.queries.sites import site_address
from tenants.casework.models import Case, PackageApplication


@transaction.atomic
def tell_by_phone(*, hall: Hall, case_id: UUID, cause_id: UUID) -> None:
    """Write what the applicant's phone will get, once for each cause: the hall, the end of the number, and where to
    look. Nothing is written for who has no phone, nor for a hall without a site."""
    case = Case.objects.filter(pk=case_id).first()
    asker = asker_of(hall, case) if case else None
    if case and asker:
        write_to_asker(hall, asker, subject=case, cause_id=cause_id)


def write_to_asker(
    hall: Hall, asker: Citizen | NoticeContact, *, subject: Case | PackageApplication, cause_id: UUID
) -> None:
    """In the caller's transaction. Nothing is written for a hall without a site."""
    domain = hall.get_primary_domain()
    if domain is None:
        return
    notify_asker(
        kind=PhoneNotice.Kind.CASE,
        hall_id=hall.pk,
        subject_id=subject.pk,
        cause_id=cause_id,
        asker=asker,
        parameters={
            "hall": hall.name,
            "number": subject.short_number,
            "address": f"{site_address(domain.domain)}/progress/",
        },
    )


def asker_of(hall: Hall, case: Case) -> Citizen | NoticeContact | None:
    """Who applied with an account; otherwise whom the application names."""
    citizen = Citizen.objects.filter(pk=case.citizen_id, ended_at=None).first() if case.citizen_id else None
    if citizen:
        return citizen
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    return NoticeContact(applicant.pk, phone_to_tell(applicant)) if applicant else None
