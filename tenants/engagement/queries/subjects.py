"""The cases that complaints (投诉) are about, and who may not read these."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from tenants.engagement.models import Question
from tenants.engagement.slots import COMPLAINT_SUBJECTS, ComplaintSubject


def complaint_subject() -> ComplaintSubject:
    """For a complaint that is there: without what it is about there would be none."""
    return COMPLAINT_SUBJECTS.entries()[0]


def case_numbers(questions: Iterable[Question]) -> Mapping[UUID, str]:
    """Case id -> number, of those among them that are complaints: one query, none without any."""
    cases = {one.case_id for one in questions if one.case_id}
    return complaint_subject().numbers(cases) if cases else {}


def barred_from(question: Question) -> frozenset[UUID]:
    """Account ids of those who may not read it: who has had a hand in its case, here or in the hall below."""
    return frozenset({*handlers_of(question), *question.kept_from})


def handlers_of(question: Question) -> Mapping[UUID, str]:
    """Account id -> name of everybody who has had a hand in the case of a complaint."""
    return complaint_subject().handlers(question.case_id) if question.case_id else {}
