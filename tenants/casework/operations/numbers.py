"""办件编号: 实施编码, the day, and how many there were on it (GB/T 39046 an..50)."""

from datetime import date

from django.db import connection

from foundation.errors import Invalid
from province.cases.models import LONGEST_CASE_NUMBER


def next_number(begins: str, day: date) -> str:
    """The next number of an item on a day. Its counter is held until the transaction ends: of two at once the second
    waits, and what is rolled back leaves no gap."""
    prefix = f"{begins}{day:%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_casecounter AS counter (id, created_at, prefix, last)"
            " VALUES (uuidv7(), now(), %s, 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [prefix],
        )
        (last,) = cursor.fetchone()
    number = f"{prefix}{last:04d}"
    if len(number) > LONGEST_CASE_NUMBER:
        raise Invalid("这个事项的实施编码过长，不能编办件编号。请联系管理员。")
    return number
