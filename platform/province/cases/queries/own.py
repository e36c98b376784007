"""Cases of one citizen, at all halls."""

from uuid import UUID

from django.db.models import QuerySet

from province.cases.models import CaseReport


def cases_of_citizen(citizen_id: UUID) -> QuerySet[CaseReport]:
    """The newest first, with their halls: one query however many halls there are."""
    return CaseReport.objects.filter(citizen_id=citizen_id).select_related("hall").order_by("-pk")
