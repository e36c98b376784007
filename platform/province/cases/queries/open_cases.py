"""Cases that have not come to their end."""

from uuid import UUID

from province.cases.models import CaseReport
from province.cases.states import OPEN_CASES


def open_cases(hall_id: UUID) -> int:
    """How many there are of a hall."""
    return CaseReport.objects.filter(hall_id=hall_id, state__in=OPEN_CASES).count()
