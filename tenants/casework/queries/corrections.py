"""What an applicant is to bring: what was asked for once (补正), or promised by a day (容缺后补); and what of the form
they may change meanwhile."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from province.cases.states import CaseState
from standards.forms.applying import place_of_field
from standards.forms.definition import FormDefinition
from tenants.casework.models import Case, CaseMaterial, Correction, LackingPromise
from tenants.casework.queries.guides import guide_of_case
from tenants.casework.states import LackingState, MaterialState
from tenants.workflow.models import FilledForm

_WAITS_FOR_APPLICANT: Final = Q(state=CaseState.CORRECTING) | Q(lacking=LackingState.PROMISED, ended_at=None)


@dataclass(frozen=True, slots=True)
class LaterMaterial:
    """A material that is missing and may be promised by a day; within so many working days, None where the guide says
    nothing."""

    material: CaseMaterial
    days: int | None


def correction_of(case: Case) -> Correction | None:
    """What was asked for; None where nothing ever was."""
    return Correction.objects.filter(case=case).first()


def promise_of(case: Case) -> LackingPromise | None:
    """What was promised; None where the case was not accepted so."""
    return LackingPromise.objects.filter(case=case).first() if case.lacking else None


def what_to_bring(case: Case) -> Correction | LackingPromise | None:
    """What was asked for or promised, as long as it is to be brought; None: nothing is. One query at most."""
    if case.state == CaseState.CORRECTING:
        return correction_of(case)
    return promise_of(case) if case.is_open and case.lacking == LackingState.PROMISED else None


def fields_to_write(case: Case, asked: Correction | LackingPromise) -> list[str]:
    """Names of the fields of the form into which it goes: of a correction that names none the files of all
    materials."""
    is_of_all = isinstance(asked, Correction) and not asked.fields
    return fields_of_materials(case.pk) if is_of_all else [*asked.fields]


def later_materials(case: Case) -> list[LaterMaterial]:
    """Of the materials that are missing those that the guide lets come later (容缺后补): one query, and two more where
    any is missing."""
    missing = CaseMaterial.objects.filter(case=case, is_needed=True, state=MaterialState.MISSING).order_by("position")
    rows = list(missing)
    if not rows:
        return []
    later = {one.place: one.later_days for one in guide_of_case(case).materials if one.can_come_later}
    return [LaterMaterial(one, later[one.position]) for one in rows if one.position in later]


def fields_to_bring(filled: FilledForm, is_held: bool) -> frozenset[str]:  # noqa: FBT001 - the slot's signature
    """Names of the fields that the applicant may change, while something is asked of them. ``is_held``: the case stays
    as it is until the transaction ends; one that somebody acts on at this moment counts as closed, so that nobody waits
    for each other."""
    found = Case.objects.filter(_WAITS_FOR_APPLICANT, filled=filled)
    if is_held and found.exists():
        found = found.select_for_update(of=("self",), no_key=True, skip_locked=True)
    case = found.first()
    if case is None:
        return frozenset()
    of_case = Correction.objects if case.state == CaseState.CORRECTING else LackingPromise.objects
    return frozenset(fields_to_write(case, of_case.get(case=case)))


def askable_fields(definition: FormDefinition) -> list[tuple[str, str]]:
    """(name, label) of what an applicant can be asked to put right in a form: the materials first, then the rest as it
    stands there."""
    filled = [one for one in definition.fields if one.is_filled]
    return [(one.name, one.label) for one in sorted(filled, key=lambda one: place_of_field(one.name) is None)]


def fields_of_materials(case_id: UUID) -> list[str]:
    """Names of the fields of the form into which the materials of a case go."""
    rows = CaseMaterial.objects.filter(case_id=case_id).exclude(field="").order_by("position")
    return list(rows.values_list("field", flat=True))
