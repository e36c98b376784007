"""What applicants do with their own cases on the site."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.errors import NotFound
from province.cases.operations import change_applicant
from province.cases.states import CaseState
from province.halls.models import Hall
from tenants.casework.models import Case, CaseMaterial, Correction
from tenants.casework.operations.acceptance import bring_the_rest
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.operations.intake import applicant_of
from tenants.casework.operations.rows import held_case
from tenants.casework.queries.own_cases import NO_OWN_CASE
from tenants.casework.states import MaterialState
from tenants.portal.operations.figures import check_inside
from tenants.workflow.operations.filling import send_again
from tenants.workflow.queries.filled import FormFiller, moments_of, values_of

CORRECTED: Final = "补正"


@transaction.atomic
def submit_correction(*, who: FormFiller, hall: Hall, case_id: UUID, said: str = "") -> Case:
    """补正 by the applicant: what they have changed in the form since is handed in, and a new clock of acceptance
    begins. Twice changes nothing.

    Raises NotFound for another person's, Conflict where nothing is asked of them, Invalid with a fault for every field
    that is wrong.
    """
    case = held_own_case(who, hall, case_id)
    if case.state != CaseState.CORRECTING and Correction.objects.filter(case=case, answered_at__isnull=False).exists():
        return case
    if case.state == CaseState.CORRECTING:
        last = moments_of(case.filled).last()
        before = values_of(hall, last) if last else {}
        filled = send_again(who=who, hall=hall, filled_id=case.filled_id, label=CORRECTED)
        values = values_of(hall, filled)
        _note_materials(case, before, values)
        change_applicant(hall_id=hall.pk, applicant_id=case.applicant_id, facts=applicant_of(values))
    return bring_the_rest(by=who.by, hall=hall, case_id=case.pk, said=said, is_applicant=True)


@transaction.atomic
def withdraw_own_case(*, who: FormFiller, hall: Hall, case_id: UUID, reason: str = "") -> Case:
    """撤回 by the applicant, before it is decided. Raises NotFound for another person's, Conflict once it was decided;
    twice changes nothing."""
    case = held_own_case(who, hall, case_id)
    return withdraw_case(by=who.by, hall=hall, case_id=case.pk, reason=reason, is_applicant=True)


def held_own_case(who: FormFiller, hall: Hall, case_id: UUID) -> Case:
    """The citizen's own case, held until the transaction ends. Raises NotFound."""
    check_inside(hall)
    case = held_case(case_id)
    if who.citizen is None or case.citizen_id != who.citizen.pk:
        raise NotFound(NO_OWN_CASE)
    return case


def _note_materials(case: Case, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """What was uploaded is there; what was taken out is missing. What stands on paper stays as it was noted."""
    rows = list(CaseMaterial.objects.filter(case=case).exclude(field=""))
    for row in rows:
        if values.get(row.field) and row.state in {MaterialState.MISSING, MaterialState.OWED}:
            row.state = MaterialState.GIVEN
        elif before.get(row.field) and not values.get(row.field) and row.state == MaterialState.GIVEN:
            row.state = MaterialState.MISSING
    CaseMaterial.objects.bulk_update(rows, ["state"])
