"""投诉: who applied complains about how their case was handled. The complaint is the hall's administrators'
(``tenants.engagement``): nobody who has had a hand in the case sees that there is one."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from province.citizens.models import Citizen
from province.halls.models import Hall
from tenants.casework.models import Case
from tenants.casework.queries.complained import complained_case
from tenants.casework.queries.own_cases import looked_up_case, own_case
from tenants.engagement.models import Question
from tenants.engagement.operations.asking import Guest, Inquiry, ask_as_citizen, ask_as_guest


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseComplaint:
    """``consents``: it may be published, masked; ``form_id``: of the form; sent twice, it makes one complaint."""

    text: str
    consents: bool = False
    wants_messages: bool = True
    form_id: UUID | None = None


@transaction.atomic
def complain_about_own_case(*, hall: Hall, citizen: Citizen, case_id: UUID, complaint: CaseComplaint) -> Question:
    """Complain about one's own case, at any time, also after its end. Raises NotFound for another person's and another
    hall's, Conflict while an earlier complaint about it waits, Invalid without a text, TooMany."""
    case = own_case(citizen, case_id)
    return ask_as_citizen(hall=hall, inquiry=_inquiry(case, complaint), citizen=citizen)


@transaction.atomic
def complain_about_looked_up_case(*, hall: Hall, case_id: UUID, complaint: CaseComplaint, guest: Guest) -> Question:
    """Complain without signing in. The caller knows that the person has shown the case's number and phone. Raises
    NotFound, Invalid without a text or a mobile number, TooMany."""
    return ask_as_guest(hall=hall, inquiry=_inquiry(looked_up_case(case_id), complaint), guest=guest)


def _inquiry(case: Case, complaint: CaseComplaint) -> Inquiry:
    return Inquiry(
        text=complaint.text,
        case=complained_case(case),
        consents=complaint.consents,
        wants_messages=complaint.wants_messages,
        form_id=complaint.form_id,
    )
