"""What a hall reports of its own site to the province."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from province.halls.models import HallFigures


def lock_figures(hall_id: UUID) -> None:
    """Lock the hall's figures, made where there are none, until the caller's transaction ends.

    Done before anything is counted, so that two acts at once do not count each without the other.
    """
    HallFigures.objects.select_for_update().get_or_create(hall_id=hall_id)


def report_guides(hall_id: UUID, *, shown: int, poor: int, sampled: int, faults: Sequence[tuple[str, str]]) -> None:
    """Rewrite what the hall reports of its guides; the caller has locked the figures.

    ``shown``: items that citizens find and apply for; ``poor``: of how many the guide is of no use; ``faults``: of the
    ``sampled`` most used ones, name and fault.
    """
    HallFigures.objects.filter(hall_id=hall_id).update(
        services_shown=shown,
        services_poor=poor,
        services_sampled=sampled,
        services_faults=[list(fault) for fault in faults],
        services_checked_at=timezone.now(),
    )


def report_figures(
    hall_id: UUID, *, own_articles: int, last_published_at: datetime | None, columns: dict[str, dict[str, Any]]
) -> None:
    """Rewrite the hall's figures, which the caller has locked, and note that the hall was active just now.

    ``columns``: code of a visible column -> ``name``, ``articles``, ``last_published_at``.
    """
    HallFigures.objects.filter(hall_id=hall_id).update(
        own_articles=own_articles,
        last_published_at=last_published_at,
        columns=columns,
        last_active_at=timezone.now(),
    )
