"""What somebody was told by short message, and what could not be told."""

from collections.abc import Collection
from uuid import UUID

from province.citizens.models import PhoneNotice


def notices_about(subject_ids: Collection[UUID]) -> dict[UUID, list[PhoneNotice]]:
    """Subject -> its messages, the newest first: one query."""
    found: dict[UUID, list[PhoneNotice]] = {}
    for notice in PhoneNotice.objects.filter(subject_id__in=subject_ids).order_by("-pk"):
        found.setdefault(notice.subject_id, []).append(notice)
    return found
