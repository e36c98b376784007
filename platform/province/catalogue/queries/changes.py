from django.db.models import QuerySet

from province.catalogue.models import ItemChange

LARGEST_STEP = 500


def changes_after(cursor: int, *, limit: int = LARGEST_STEP) -> QuerySet[ItemChange]:
    """What happened after this position (0: from the beginning), in the order of the commits. A reader that goes on
    from the last one misses none."""
    return (
        ItemChange.objects.filter(position__gt=cursor)
        .select_related("item__department", "version__department")
        .order_by("position")[:limit]
    )
