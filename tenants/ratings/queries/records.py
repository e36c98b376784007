"""How cases were rated, in their records for the national exchange."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import UUIDField, Value

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import may, within_reach
from tenants.casework.queries.access import EXCHANGE
from tenants.ratings.models import Rating
from tenants.ratings.queries.access import MEND
from tenants.ratings.states import RatingState


def grades_of_cases(by: Actor, hall: Hall, case_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """What people have said, to who answers low ratings of the department, or reads all records of the hall; to who was
    rated nothing. One query."""
    me = [one for one in (by.id, by.acting_for_id) if one]
    rows = Rating.objects.filter(case_id__in=case_ids, state=RatingState.GIVEN).exclude(clerk_id__in=me)
    if not may(by, EXCHANGE, hall_id=hall.pk):
        rows = rows.alias(at_hall=Value(hall.pk, output_field=UUIDField()))
        rows = rows.filter(within_reach(by, MEND, hall="at_hall", unit="unit_id"))
    return {case_id: grade for case_id, grade in rows.values_list("case_id", "grade") if case_id and grade}
