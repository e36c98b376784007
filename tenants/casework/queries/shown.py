"""One case as the desk shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from province.cases.models import CaseApplicant
from province.cases.queries.applicants import applicant_with_id, others_of_applicant
from province.cases.states import CASE_KIND, CaseState
from province.designers.queries.shown import ShownForm
from province.halls.models import Hall
from province.people.models import Unit
from province.workdays.models import Clock
from province.workdays.queries.clocks import clocks_of, days_left, stories
from province.workdays.states import ClockKind
from tenants.casework.models import (
    ArchiveSheet,
    Case,
    CaseAct,
    CaseDecision,
    CaseMaterial,
    Correction,
    Extension,
    LackingPromise,
)
from tenants.casework.queries.access import cases_of
from tenants.casework.queries.acts import CASE_ACTS
from tenants.casework.queries.corrections import (
    LaterMaterial,
    askable_fields,
    correction_of,
    later_materials,
    promise_of,
)
from tenants.casework.queries.due import TO_BRING
from tenants.casework.queries.held import acts_of, decisions_of, materials_of_cases, sheets_of
from tenants.casework.queries.joint import JointProgress, joint_progress
from tenants.casework.queries.licences import UsedLine, used_among
from tenants.casework.queries.papers import documents_of_case
from tenants.casework.queries.serving import ServiceView, service_view
from tenants.casework.queries.special_procedures import ProcedureLine, special_procedures_of
from tenants.casework.states import OPEN_LACKING, MaterialState
from tenants.documents.models import IssuedDocument
from tenants.licences.models import Licence
from tenants.licences.queries.register import licences_of_case
from tenants.shell.slots import Desk
from tenants.workflow.models import FormUpload, Run
from tenants.workflow.queries.filled import FormFiller, filled_form, upload_of, values_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.queries.pages import show_filling

# of one applicant; of a body that applies all day the newest are looked at
_MOST_RELATED: Final = 5
_MOST_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class ClockLine:
    """``story``: when it ends and how that came about; ``left``: working days, None where it does not run."""

    clock: Clock
    story: str
    left: int | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """Before acceptance, ``later``: what is missing and may be promised by a day (容缺); ``askable``: (name, label) of
    what can be asked for in the form (补正). ``related``: other cases of the same person or body that who looks may
    handle, the newest first."""

    case: Case
    applicant: CaseApplicant | None
    unit_name: str
    materials: Sequence[tuple[CaseMaterial, Sequence[FormUpload]]]
    clocks: Sequence[ClockLine]
    acts: Sequence[tuple[CaseAct, str]]
    decisions: Sequence[CaseDecision]
    special_procedures: Sequence[ProcedureLine]
    correction: Correction | None
    promise: LackingPromise | None
    later: Sequence[LaterMaterial]
    askable: Sequence[tuple[str, str]]
    extension: Extension | None
    archive_sheet: ArchiveSheet | None
    run: Run | None
    documents: Sequence[IssuedDocument]
    service: ServiceView
    joint: JointProgress
    # that stand in its form, and those that it has granted
    used_licences: Sequence[UsedLine]
    licences: Sequence[Licence]
    related: Sequence[Case]

    @property
    def is_in_flow(self) -> bool:
        """Whether the departments of its flow have it now."""
        return self.run is not None and self.run.ended_at is None

    @property
    def is_owed(self) -> bool:
        """Whether the case waits for what was promised (容缺), or for a look at it."""
        return self.case.is_open and self.case.lacking in OPEN_LACKING

    @property
    def lacks_papers(self) -> bool:
        """Whether a needed material is neither there nor promised."""
        return any(one.is_needed and one.state == MaterialState.MISSING for one, _ in self.materials)

    @property
    def is_time_to_bring_assumed(self) -> bool:
        """Whether the applicant's last day to bring something lies behind a year without a notice."""
        return any(one.clock.is_open and one.clock.is_assumed for one in self.clocks if one.clock.kind in TO_BRING)

    @property
    def correct_until(self) -> date | None:
        """The applicant's last day to bring what was asked for (补正), as its clock has it; None without a limit."""
        return self._last_day(ClockKind.SUPPLEMENT)

    @property
    def bring_until(self) -> date | None:
        """The applicant's last day to bring what was promised (容缺); None while it stands still."""
        return self._last_day(ClockKind.LAPSE)

    def _last_day(self, kind: ClockKind) -> date | None:
        """The papers that were given keep the day of then; a corrected calendar and a pause move the clock."""
        last = next((one.clock for one in reversed(self.clocks) if one.clock.kind == kind), None)
        return last.due_on if last else None

    @property
    def is_waiting_for_others(self) -> bool:
        """Whether some department has still to say something (联办)."""
        return self.case.is_open and any(one.is_waiting for one in self.joint.lines)

    @property
    def lapsed_licences(self) -> list[UsedLine]:
        """Those in its form that hold no more."""
        return [one for one in self.used_licences if one.has_lapsed]

    @property
    def decision(self) -> CaseDecision | None:
        return self.decisions[-1] if self.decisions else None


def case_view(desk: Desk, case: Case) -> CaseView:
    """Everything about it, with a number of queries that does not grow with what was done."""
    clocks = clocks_of(CASE_KIND, [case.pk])[case.pk]
    told, left = stories(clocks), days_left(clocks)
    unit = Unit.objects.filter(pk=case.unit_id, hall_id=desk.hall.pk).first() if case.unit_id else None
    is_before = case.state == CaseState.RECEIVED
    sheets = sheets_of([case])
    materials = materials_of(desk.hall, case, sheets)
    acts = acts_of([case], sheets)[case.pk]
    applicant = applicant_with_id(desk.hall.pk, case.applicant_id)
    return CaseView(
        case=case,
        applicant=applicant,
        unit_name=unit.name if unit else "综合窗口",
        materials=materials,
        clocks=[ClockLine(one, told[one.pk], left[one.pk]) for one in clocks],
        acts=[(one, CASE_ACTS[one.act]) for one in reversed(acts)],
        decisions=decisions_of([case], sheets)[case.pk],
        special_procedures=special_procedures_of(case),
        correction=correction_of(case),
        promise=promise_of(case),
        later=later_materials(case) if is_before else (),
        askable=askable_fields(definition_of(filled_form(desk.hall, case.filled_id).version)) if is_before else (),
        extension=Extension.objects.filter(case=case).first(),
        archive_sheet=sheets.get(case.pk),
        documents=documents_of_case(case),
        service=service_view(case, applicant),
        joint=joint_progress(desk.hall, [case]).get(case.pk, JointProgress(())),
        used_licences=used_among(case.filled_id, materials),
        licences=licences_of_case(case.pk) if case.outcome else (),
        related=related_cases(desk, applicant),
        run=Run.objects.filter(pk=case.run_id).first() if case.run_id else None,
    )


def related_cases(desk: Desk, applicant: CaseApplicant | None) -> list[Case]:
    """Other cases of the applicant, of those that the person at this desk may handle."""
    others = others_of_applicant(applicant, _MOST_LOOKED_AT) if applicant else []
    return list(cases_of(desk).filter(pk__in=others).order_by("-pk")[:_MOST_RELATED]) if others else []


def materials_of(
    hall: Hall, case: Case, sheets: Mapping[UUID, ArchiveSheet]
) -> list[tuple[CaseMaterial, list[FormUpload]]]:
    """Each material with the files that were uploaded for it: three queries. ``sheets``: as of ``sheets_of``."""
    filled = filled_form(hall, case.filled_id)
    values = values_of(hall, filled)
    uploads = {str(one.pk): one for one in filled.uploads.all()}
    found = []
    for material in materials_of_cases([case], sheets)[case.pk]:
        given = values.get(material.field) or []
        named = [one["id"] for one in given if isinstance(one, dict)] if isinstance(given, list | tuple) else []
        found.append((material, [uploads[key] for key in named if key in uploads]))
    return found


def shown_form(desk: Desk, case: Case) -> ShownForm:
    """The application as it is now, only read."""
    return show_filling(desk.hall, FormFiller(desk.by), filled_form(desk.hall, case.filled_id), is_read=True)


def file_of_case(desk: Desk, case: Case, upload_id: UUID) -> FormUpload:
    """A file of the application. Raises NotFound."""
    return upload_of(filled_form(desk.hall, case.filled_id), upload_id)
