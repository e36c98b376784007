"""Who may read and answer a question, and which hall above may where nobody here does."""

from datetime import date

from django.db.models import QuerySet

from province.cases.models import Referral, ReferralReceipt
from province.cases.states import ReferralState
from province.halls.models import Hall
from province.halls.queries.sites import OPEN_STATES
from province.opinion.models import QuestionReport
from province.opinion.states import QuestionState
from province.people.models import Position
from province.people.queries.holders import nearest_positions
from tenants.engagement.models import Question
from tenants.engagement.queries.access import ANSWER, COMPLAINTS
from tenants.engagement.queries.subjects import barred_from
from tenants.engagement.slots import COMPLAINT_SUBJECTS
from tenants.shell.queries.apps import shown_at


def answerers_of(hall: Hall, question: Question) -> list[Position]:
    """The people of its department, or those who answer for the whole hall; of a complaint those who answer complaints
    and have had no hand in the case."""
    return nearest_positions(
        COMPLAINTS if question.is_complaint else ANSWER,
        hall_id=hall.pk,
        prefixes=hall.prefixes,
        unit_id=question.unit_id,
        without=barred_from(question),
    )


def is_unread(hall: Hall, question: Question) -> bool:
    """Whether it is a complaint that waits here and that nobody here may read."""
    waits = question.is_complaint and question.state == QuestionState.WAITING
    return waits and not answerers_of(hall, question)


def hall_to_raise_to(hall: Hall, question: Question) -> Hall | None:
    """The nearest open hall of the places in which this one lies where somebody may read the complaint, as far as is
    known here; at most a query a level and two more. None: there is none."""
    barred = barred_from(question)
    for one in _halls_above(hall):
        has_complaints = bool(shown_at(COMPLAINT_SUBJECTS, one))
        if has_complaints and nearest_positions(COMPLAINTS, hall_id=one.pk, prefixes=one.prefixes, without=barred):
            return one
    return None


def halls_to_turn_to(hall: Hall, question: Question) -> list[Hall]:
    """Open halls above with a phone, the nearest first, for who complained where a hall above answers or nobody may:
    none otherwise."""
    is_raised = question.state == QuestionState.RAISED
    if not question.is_complaint or not (is_raised or is_nobodys(question)):
        return []
    return list(_halls_above(hall).exclude(phone=""))


def is_nobodys(question: Question) -> bool:
    """Whether nobody may read the complaint that waits, as the province was told last."""
    return QuestionReport.objects.filter(pk=question.pk, is_unread=True).exists()


def due_above(way: Referral) -> date | None:
    """The last day of the answer of the hall above; None before it has taken the complaint up. Where that one has sent
    it further up, the day of the hall that has it."""
    receipt = ReferralReceipt.objects.filter(referral=way).first()
    if receipt is None or receipt.case_id is None:
        return None
    further = Referral.objects.filter(case_id=receipt.case_id, state=ReferralState.SENT).first()
    if further:
        return due_above(further)
    return QuestionReport.objects.filter(pk=receipt.case_id).values_list("due_on", flat=True).first()


def raised_way(question: Question) -> Referral | None:
    """The referral by which it is with a hall above, or was last."""
    rows = Referral.objects.select_related("to_hall").filter(case_id=question.pk)
    return rows.order_by("-pk").first()


def _halls_above(hall: Hall) -> QuerySet[Hall]:
    above = Hall.objects.filter(prefixes__contained_by=hall.prefixes, state__in=OPEN_STATES, division__valid_to=None)
    return above.exclude(pk=hall.pk).order_by("-division__code")
