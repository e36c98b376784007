"""What applicants do with their own cases on the site."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Fault, Invalid
from province.cases.operations import change_applicant
from province.cases.states import CaseState
from province.halls.models import Hall
from tenants.casework.models import Case, CaseMaterial, Correction
from tenants.casework.operations.acceptance import bring_the_rest
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.operations.intake import applicant_of
from tenants.casework.operations.lacking import take_brought
from tenants.casework.operations.rows import held_own_case
from tenants.casework.states import LackingState, MaterialState
from tenants.workflow.operations.filling import send_again
from tenants.workflow.queries.filled import FormFiller, moments_of, values_of

CORRECTED: Final = "补正"
COMPLETED: Final = "容缺补交"


@transaction.atomic
def hand_in_rest(*, who: FormFiller, hall: Hall, case_id: UUID, said: str = "") -> Case:
    """Hand in what the applicant has changed in the form since it was asked for (补正): a new clock of acceptance
    begins; or what they have promised (容缺后补): the hall looks at it. Twice changes nothing.

    Raises NotFound for another person's, Conflict where nothing is asked of them, Invalid with a fault for every field
    that is wrong, and for every promised material that is not there.
    """
    case = held_own_case(who, hall, case_id)
    if case.is_open and case.lacking == LackingState.PROMISED:
        before, values = _sent_again(who, hall, case, COMPLETED)
        _check_promised(case, before, values)
        note_brought(case, before, values)
        take_brought(hall, case, by=who.by, said=said)
        return case
    if case.state == CaseState.CORRECTING:
        before, values = _sent_again(who, hall, case, CORRECTED)
        note_brought(case, before, values)
        change_applicant(hall_id=hall.pk, applicant_id=case.applicant_id, facts=applicant_of(values))
        return bring_the_rest(by=who.by, hall=hall, case_id=case.pk, said=said, is_applicant=True)
    if case.lacking or Correction.objects.filter(case=case, answered_at__isnull=False).exists():
        return case
    raise Conflict("这个办件现在没有要补交的。")


@transaction.atomic
def withdraw_own_case(*, who: FormFiller, hall: Hall, case_id: UUID, reason: str = "") -> Case:
    """撤回 by the applicant, before it is decided. Raises NotFound for another person's, Conflict once it was decided;
    twice changes nothing."""
    case = held_own_case(who, hall, case_id)
    return withdraw_case(by=who.by, hall=hall, case_id=case.pk, reason=reason, is_applicant=True)


def _sent_again(who: FormFiller, hall: Hall, case: Case, label: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Hand the form in as it says now; returns what it said when it was last handed in, and what it says now."""
    said = moments_of(hall, case.filled)
    filled = send_again(who=who, hall=hall, filled_id=case.filled_id, label=label)
    return said[-1].values if said else {}, values_of(hall, filled)


def _check_promised(case: Case, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Raises Invalid with a fault for each promised material of which nothing new was uploaded. What was handed in on
    paper meanwhile is there."""
    owed = CaseMaterial.objects.filter(case=case, state=MaterialState.OWED).order_by("position")
    missing = [one for one in owed if not values.get(one.field) or values.get(one.field) == before.get(one.field)]
    if faults := [Fault(one.field, f"请上传“{one.name}”。") for one in missing]:
        raise Invalid.of(faults, many=f"还有 {len(faults)} 份材料没有上传。交纸质件的，请送到窗口。")


def note_brought(case: Case, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Of the materials, what was uploaded is there; what was taken out is missing. What stands on paper stays as it was
    noted."""
    rows = list(CaseMaterial.objects.filter(case=case).exclude(field=""))
    for row in rows:
        if values.get(row.field) and row.state in {MaterialState.MISSING, MaterialState.OWED}:
            row.state = MaterialState.GIVEN
        elif before.get(row.field) and not values.get(row.field) and row.state == MaterialState.GIVEN:
            row.state = MaterialState.MISSING
    CaseMaterial.objects.bulk_update(rows, ["state"])
