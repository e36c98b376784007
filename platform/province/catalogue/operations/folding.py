"""Batches of what was counted in Valkey, added to rows once each."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction

from foundation.counters import forget_counts, take_counts
from province.catalogue.models import FoldedReads


def fold_counted(counter: str, add: Callable[[Mapping[str, int]], None]) -> Mapping[str, int]:
    """Take the numbers that were counted, by field, and ``add`` them to rows. Returns those that were added now; killed
    anywhere and called again, nothing is added twice."""
    taken = take_counts(counter)
    if taken is None:
        return {}
    batch, numbers = taken
    with transaction.atomic():
        _, is_new = FoldedReads.objects.get_or_create(id=UUID(batch))
        if is_new:
            add(numbers)
    forget_counts(counter, batch)
    return numbers if is_new else {}
