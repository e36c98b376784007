"""A case as a department reads it that is asked about it (联办): its form and files for as long as the case is open, by
the right of the department over this opinion and over nothing else of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from foundation.errors import NotFound
from province.cases.models import CaseApplicant
from province.cases.queries.applicants import applicant_with_id
from province.designers.queries.shown import ShownForm
from province.people.models import Unit
from standards.forms.applying import MATERIAL
from tenants.casework.models import Case, CaseMaterial, JointOpinion
from tenants.casework.queries.access import cases_of
from tenants.casework.queries.joint import OpinionLine, opinion_lines
from tenants.casework.queries.referrals import fields_with_words
from tenants.casework.queries.shown import file_of_case, materials_of, shown_form
from tenants.casework.states import OPEN_FOR_OPINIONS, JointState
from tenants.shell.slots import Desk
from tenants.workflow.models import FormUpload
from tenants.workflow.queries.filled import filled_form

_ENDED: Final = "这个办件已经办完，申请表和材料由承办部门保管。"


@dataclass(frozen=True, slots=True)
class OpinionView:
    """``unit_name``: who has the case; ``materials``, ``shown`` (the form) and ``words`` (its labels with what was
    filled in): only while the case is open, empty and None afterwards; ``may_open_case``: the case is the person's own
    business, too."""

    line: OpinionLine
    case: Case
    unit_name: str
    applicant: CaseApplicant | None
    materials: Sequence[tuple[CaseMaterial, Sequence[FormUpload]]]
    shown: ShownForm | None
    words: Sequence[tuple[str, str]]
    may_open_case: bool

    @property
    def may_give(self) -> bool:
        return self.line.opinion.state == JointState.WAITING and self.case.state in OPEN_FOR_OPINIONS


def opinion_view(desk: Desk, opinion: JointOpinion) -> OpinionView:
    """Everything that the department may know, with a number of queries that does not grow."""
    case = opinion.case
    assert case  # noqa: S101 - another hall's is an ``AskedCase``
    is_open = case.is_open
    unit = Unit.objects.filter(pk=case.unit_id, hall_id=desk.hall.pk).first() if case.unit_id else None
    return OpinionView(
        line=opinion_lines(desk.hall, [opinion])[0],
        case=case,
        unit_name=unit.name if unit else "综合窗口",
        applicant=applicant_with_id(desk.hall.pk, case.applicant_id) if is_open else None,
        materials=materials_of(desk.hall, case, {}) if is_open else (),
        shown=shown_form(desk, case) if is_open else None,
        words=_words(desk, case) if is_open else (),
        may_open_case=cases_of(desk).filter(pk=case.pk).exists(),
    )


def file_for_opinion(desk: Desk, opinion: JointOpinion, upload_id: UUID) -> FormUpload:
    """A file of the application. Raises NotFound, also once the case has ended."""
    if opinion.case is None or not opinion.case.is_open:
        raise NotFound(_ENDED)
    return file_of_case(desk, opinion.case, upload_id)


def _words(desk: Desk, case: Case) -> list[tuple[str, str]]:
    fields = fields_with_words(desk.hall, filled_form(desk.hall, case.filled_id))
    return [(one["label"], one["text"]) for one in fields.values() if one["type"] != MATERIAL]
