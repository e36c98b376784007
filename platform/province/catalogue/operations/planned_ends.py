"""计划取消日期: an item is abolished at the beginning of the day that its last published version names."""

from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.events.operations import clear_due_time, set_due_time
from province.catalogue.events import ITEM_ENDS
from province.catalogue.models import ItemVersion, Pause
from province.catalogue.operations.drafts import lock_any_item
from province.catalogue.operations.suspension import begin_pause
from province.catalogue.states import ENDED, ItemLife, VersionState
from province.rights.queries import system_actor


def end_of(version: ItemVersion) -> datetime | None:
    """The moment at which the version says that the item ends; None where it says nothing."""
    if version.ends_on is None:
        return None
    return datetime.combine(version.ends_on, time.min, tzinfo=timezone.get_current_timezone())


def plan_end(version: ItemVersion, before: ItemVersion | None) -> None:
    """Have the clock abolish the item as this version says, and no longer as the one before it."""
    if before is not None:
        clear_due_time(kind=ITEM_ENDS, subject_id=before.pk)
    if ends_at := end_of(version):
        set_due_time(kind=ITEM_ENDS, subject_id=version.pk, due_at=ends_at)


@transaction.atomic
def end_as_planned(*, version_id: UUID) -> None:
    """Abolish, by the clock, the item whose day has come. A repeat does nothing, also where the item was resumed since;
    neither does a version after which another one was published: the last one's day counts."""
    version = ItemVersion.objects.select_related("item").get(pk=version_id)
    item = lock_any_item(version.item)
    version = item.versions.get(pk=version_id)
    ends_at = end_of(version)
    if version.state != VersionState.PUBLISHED or ends_at is None or ends_at > timezone.now():
        return
    if item.versions.filter(state=VersionState.PUBLISHED, number__gt=version.number).exists():
        return
    if item.state in ENDED or Pause.objects.filter(planned_by_id=version.pk).exists():
        return
    reason = f"{version.called}的计划取消日期（{version.ends_on:%Y-%m-%d}）已到"
    begin_pause(item, system_actor(), ItemLife.ABOLISHED, reason, planned_by_id=version.pk)
