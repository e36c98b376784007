"""What an applicant is to bring, and what of the form they may change meanwhile."""

from uuid import UUID

from province.cases.states import CaseState
from tenants.casework.models import Case, CaseMaterial, Correction
from tenants.workflow.models import FilledForm


def correction_of(case: Case) -> Correction | None:
    """What was asked for; None where nothing ever was."""
    return Correction.objects.filter(case=case).first()


def fields_to_correct(filled: FilledForm, is_held: bool) -> frozenset[str]:  # noqa: FBT001 - the slot's signature
    """Names of the fields that the applicant may change, while something is asked of them. ``is_held``: the case stays
    as it is until the transaction ends; one that somebody acts on at this moment counts as closed, so that nobody waits
    for each other."""
    found = Correction.objects.filter(case__filled=filled, case__state=CaseState.CORRECTING)
    if is_held and found.exists():
        cases = Case.objects.filter(filled=filled, state=CaseState.CORRECTING)
        if not cases.select_for_update(of=("self",), no_key=True, skip_locked=True).exists():
            return frozenset()
    correction = found.first()
    if correction is None:
        return frozenset()
    return frozenset(correction.fields or fields_of_materials(correction.case_id))


def fields_of_materials(case_id: UUID) -> list[str]:
    """Names of the fields of the form into which the materials of a case go."""
    rows = CaseMaterial.objects.filter(case_id=case_id).exclude(field="").order_by("position")
    return list(rows.values_list("field", flat=True))
