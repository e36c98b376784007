"""How often items' pages are read: counted in Valkey by the halls that show them, folded into rows a month."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from foundation.counters import count_one
from province.catalogue.models import FoldedReads, ItemReads
from province.catalogue.operations.folding import fold_counted

_COUNTER: Final = "item-reads"
_FIELD: Final = re.compile(r"([0-9a-f-]{36})/([0-9a-f-]{36})")
# so long a batch is remembered that is in the rows, but was not forgotten in Valkey
_REMEMBERED: Final = timedelta(days=30)

# ids of items that are not there are nobody's
_ADD: Final = """
INSERT INTO catalogue_itemreads (hall_id, item_id, month, number)
SELECT counted.hall_id, counted.item_id, %(month)s, counted.number
FROM unnest(%(halls)s::uuid[], %(items)s::uuid[], %(numbers)s::int[]) AS counted(hall_id, item_id, number)
WHERE EXISTS (SELECT FROM catalogue_item AS i WHERE i.id = counted.item_id)
ON CONFLICT (hall_id, item_id, month) DO UPDATE SET number = catalogue_itemreads.number + excluded.number
"""


def count_read(hall_id: UUID, item_id: UUID) -> None:
    """Count that somebody read the page of this item at this hall. No row is touched."""
    count_one(_COUNTER, f"{hall_id}/{item_id}")


def fold_reads() -> int:
    """Add what was counted to the rows of this month, and forget the months before the last. Returns the number of
    reads. It takes one statement whatever the number of halls; killed anywhere and called again, it adds nothing
    twice."""
    return sum(_reads(fold_counted(_COUNTER, _add)).values())


def _reads(numbers: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """By hall and item."""
    return {match.groups(): number for field, number in numbers.items() if (match := _FIELD.fullmatch(field))}


def _add(numbers: Mapping[str, int]) -> None:
    found = _reads(numbers)
    month = timezone.localdate().replace(day=1)
    parameters: dict[str, Any] = {
        "month": month,
        "halls": [hall for hall, _ in found],
        "items": [item for _, item in found],
        "numbers": list(found.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, parameters)
    ItemReads.objects.filter(month__lt=_month_before(month)).delete()
    FoldedReads.objects.filter(folded_at__lt=timezone.now() - _REMEMBERED).delete()


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
