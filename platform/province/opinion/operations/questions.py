"""What halls report of the questions that they are asked. A hall's operations call it in their transactions."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from province.opinion.models import QuestionReport
from province.opinion.states import QuestionKind, QuestionState


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """How a question stands: the fields of ``QuestionReport``."""

    kind: QuestionKind
    citizen_id: UUID | None
    state: QuestionState
    received_on: date
    due_on: date
    limit_from: date
    limit_days: int
    answered_at: datetime | None
    working_days: int | None
    was_late: bool
    is_unread: bool


def report_question(*, hall_id: UUID, question_id: UUID, facts: QuestionFacts) -> None:
    """Write how the question stands now. The caller holds the question's row: of two at once the later one counts."""
    QuestionReport.objects.update_or_create(pk=question_id, defaults={"hall_id": hall_id, **asdict(facts)})


def forget_questions_but(*, hall_id: UUID, question_ids: Collection[UUID]) -> None:
    """Forget all questions of a hall but these."""
    QuestionReport.objects.filter(hall_id=hall_id).exclude(pk__in=question_ids).delete()
