"""By what somebody takes in and hands over for a person: a registered mandate, or the person's own word."""

from foundation.errors import Conflict, NotAllowed
from province.cases.models import CaseApplicant
from province.cases.queries.applicants import applicant_with_id
from province.cases.states import Consent
from province.citizens.models import Citizen
from province.citizens.queries.citizens import citizen_with_number
from province.citizens.queries.mandates import acting_for
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.assistance.models import Assistance
from tenants.assistance.queries.filling import papers_of


def mandate_for(by: Actor, hall: Hall, assistance: Assistance) -> tuple[Citizen | None, Actor, str]:
    """Whose case it becomes, the clerk in the person's place, as the audit names them, and the mandate in words. A
    mandate in force (代办委托) binds the case to the citizen's account; otherwise a written one must have been
    photographed. Raises Conflict without it."""
    applicant = applicant_with_id(hall.pk, assistance.applicant_id)
    citizen = citizen_with_number(applicant.number.plain) if applicant else None
    try:
        acting = acting_for(by=by, citizen=citizen, hall_id=hall.pk) if citizen else None
    except NotAllowed:
        acting = None
    if acting:
        return citizen, acting, "有登记的代办委托"
    if assistance.consent == Consent.SIGNED and not papers_of(hall, assistance):
        raise Conflict("书面委托要先拍下本人签字的委托书，或者在“核验与代办”里登记委托。")
    return None, _in_place_of(by, applicant), ""


def _in_place_of(by: Actor, applicant: CaseApplicant | None) -> Actor:
    # who stands in for a colleague is named so already
    if applicant is None or by.acting_for_id:
        return by
    return by.in_place_of(applicant.pk, applicant.shown_name)
