"""办件编号: 实施编码, the day, and how many there were on it (GB/T 39046 an..50)."""

from datetime import date

from django.db import connection

from foundation.advisory_lock import hold_name
from foundation.errors import Invalid
from province.cases.models import LONGEST_CASE_NUMBER
from province.cases.queries.numbers import last_number_taken


def next_number(begins: str, day: date) -> str:
    """The next number of an item on a day. Its beginning is held until the transaction ends: of two at once the second
    waits, and what is rolled back leaves no gap.

    Numbers are the province's, counters a hall's: where halls have one 实施编码 in common, or a hall's rows came out of
    an archive, it goes on behind whatever was given before.
    """
    prefix = f"{begins}{day:%Y%m%d}"
    hold_name(f"case number {prefix}")
    taken = last_number_taken(prefix)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_casecounter AS counter (id, created_at, prefix, last)"
            " VALUES (uuidv7(), now(), %(prefix)s, %(taken)s + 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last = greatest(counter.last, %(taken)s) + 1 RETURNING last",
            {"prefix": prefix, "taken": taken},
        )
        (last,) = cursor.fetchone()
    number = f"{prefix}{last:04d}"
    if len(number) > LONGEST_CASE_NUMBER:
        raise Invalid("这个事项的实施编码过长，不能编办件编号。请联系管理员。")
    return number
