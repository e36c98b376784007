"""Marks by which applicants are found, for rows that have none yet."""

from typing import Final

from django.db import connection, transaction

from province.cases.models import CaseApplicant

# half a second's work
MARKED_AT_ONCE: Final = 1_000
_KEEP: Final = (
    "UPDATE cases_caseapplicant AS kept SET marks = given.marks::bigint[]"
    " FROM unnest(%s::uuid[], %s::text[]) AS given (id, marks) WHERE kept.id = given.id"
)


@transaction.atomic
def mark_applicants(*, most: int = MARKED_AT_ONCE) -> int:
    """Work out the marks of up to ``most`` rows that a former release wrote, or that came back out of its backup;
    returns how many. What is left is read from the rows, so killed it goes on, and twice it changes nothing. A row that
    somebody holds is marked by them, or the next time."""
    rows = CaseApplicant.objects.filter(marks=None).order_by("pk")
    found = list(rows.select_for_update(skip_locked=True)[:most])
    field = CaseApplicant._meta.get_field("marks")
    marks = [f"{{{','.join(map(str, field.marks_of(one.said_marks)))}}}" for one in found]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [[one.pk for one in found], marks])
    return len(found)
