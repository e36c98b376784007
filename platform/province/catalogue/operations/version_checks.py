"""What stands published is looked at again every day: the definition may ask for more than it did."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import check_version
from province.catalogue.states import VersionState
from province.content.operations.generations import count_up_generation


@transaction.atomic
def check_versions() -> int:
    """Look at every version in force or to come: whether it is complete, and what it says against itself. Pages are
    made anew where something has changed. Returns how many versions have; a repeat finds none."""
    standing = ItemVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=timezone.now()), state=VersionState.PUBLISHED
    ).select_related("item")
    rows = standing.defer("item__values", "search_words", "sounds").order_by("pk")
    changed = [version for version in rows.iterator(chunk_size=500) if _note(version)]
    if changed:
        ItemVersion.objects.bulk_update(changed, ["is_complete", "contradictions"], batch_size=200)
        count_up_generation(settings.PROVINCE_CODE)
    return len(changed)


def _note(version: ItemVersion) -> bool:
    found = check_version(version)
    before = (version.is_complete, version.contradictions)
    version.is_complete = found.province.is_complete
    version.contradictions = [one.code for one in found.contradictions]
    return before != (version.is_complete, version.contradictions)
