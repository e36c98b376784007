"""Which halls somebody has asked."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from province.halls.models import Hall
from province.halls.queries.sites import OPEN_STATES, site_address, with_domain
from province.opinion.models import QuestionReport
from province.opinion.states import UNANSWERED


@dataclass(frozen=True, slots=True)
class AskedHall:
    """So many questions of one person to one hall, and how many of these wait. ``address``: of its home page."""

    name: str
    address: str
    number: int
    waiting: int


def halls_asked_by(citizen_id: UUID, *, besides: UUID) -> list[AskedHall]:
    """The halls with open sites, other than one, that the citizen has asked while signed in: two queries."""
    rows = QuestionReport.objects.filter(citizen_id=citizen_id).exclude(hall_id=besides).values_list("hall_id")
    numbers = {"number": Count("pk"), "waiting": Count("pk", filter=Q(state__in=UNANSWERED))}
    counts = {hall_id: (number, waiting) for hall_id, number, waiting in rows.annotate(**numbers)}
    halls = with_domain(Hall.objects.filter(pk__in=counts, state__in=OPEN_STATES)).order_by("division__code")
    return [AskedHall(hall.name, site_address(str(hall.domain_name)), *counts[hall.pk]) for hall in halls]
