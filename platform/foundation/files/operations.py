"""The steps in which a folder's key of the object store is changed. Each is carried on where it was left."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.files.models import FolderKeyChange


@transaction.atomic
def name_coming_key(owner_id: UUID) -> FolderKeyChange:
    """Name the folder's next key, which nobody signs with yet; one that is named already stays."""
    FolderKeyChange.objects.bulk_create([FolderKeyChange(owner_id=owner_id)], ignore_conflicts=True)
    change = FolderKeyChange.objects.select_for_update().get(owner_id=owner_id)
    if change.coming is None:
        change.coming = change.generation + 1
        change.save(update_fields=["coming"])
    return change


def use_coming_key(owner_id: UUID, coming: int | None) -> tuple[FolderKeyChange, bool]:
    """Sign with the coming key from now on, in the caller's transaction. Returns the row, and whether it was changed:
    of two at once the other one was sooner."""
    change = FolderKeyChange.objects.select_for_update().get(owner_id=owner_id)
    if change.coming is None or change.coming != coming:
        return change, False
    change.former, change.generation, change.coming = change.generation, change.coming, None
    change.changed_at = timezone.now()
    change.save()
    return change, True


def forget_former_key(owner_id: UUID, former: int | None) -> bool:
    """Forget the key that was in use before, in the caller's transaction. Returns False where it is another one by
    now, or none."""
    change = FolderKeyChange.objects.select_for_update().get(owner_id=owner_id)
    if change.former is None or change.former != former:
        return False
    change.former = None
    change.save(update_fields=["former"])
    return True
