"""Halls' keys of the object store: made known to it, and changed one hall at a time while people work.

A change has three steps, each of which may be killed and is carried on by the next run: the row names the coming key;
the store is told of both, and tried out; the row says that the coming key is in use. For some minutes the former one
stays good, for processes and links that have not heard of it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import set_due_time
from foundation.files.clients import knows_key
from foundation.files.credentials import await_key, open_folders
from foundation.files.keys import FolderKey, folder_key, forget_keys
from foundation.files.models import FolderKeyChange
from foundation.files.operations import forget_former_key, name_coming_key, use_coming_key
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require, system_actor
from provisioning.events import STORE_KEY_OVER

# longer than a process keeps a key (foundation.files.keys.KEPT) and a link made with it lasts, together
FORMER_LASTS: Final = timedelta(minutes=10)
_LATE: Final = timedelta(minutes=5)
# halls told to the store between two queries
_AT_ONCE: Final = 500


def open_store(halls: Sequence[Hall]) -> None:
    """The store knows the keys of these halls afterwards, those that their rows name and no others; returns when it
    takes the last one. Raises Unavailable."""
    changed = {one.owner_id: one for one in FolderKeyChange.objects.filter(owner_id__in=[hall.pk for hall in halls])}
    generations = {hall.folder: changed[hall.pk].known for hall in halls if hall.pk in changed}
    open_folders([hall.folder for hall in halls], generations=generations)
    if halls and settings.S3_FILER_ENDPOINT:
        await_key(halls[-1].folder, key_of(halls[-1]))


def open_store_for(*, by: Actor, hall: Hall | None = None) -> int:
    """Tell the store of a hall's key again, or of every hall's: after its identities were lost, or the program's secret
    was changed. Again changes nothing. Returns of how many halls. Raises Conflict where the store is not ours,
    Unavailable."""
    require(by, "halls.manage")
    _check_ours()
    halls = [hall] if hall else list(Hall.objects.only("id").order_by("number"))
    for first in range(0, len(halls), _AT_ONCE):
        open_store(halls[first : first + _AT_ONCE])
    return len(halls)


def rotate_store_key(*, by: Actor, hall: Hall) -> FolderKeyChange:
    """Give the hall another key of the store. The one before is good until the new one is in use, and for
    ``FORMER_LASTS`` after it. Called again after it was ended between, carries on; two at once make one new key.

    Raises Conflict where the store is not ours, Unavailable where it does not answer or does not take the new key:
    the former one stays in use then.
    """
    require(by, "halls.manage")
    _check_ours()
    change = name_coming_key(hall.pk)
    open_folders([hall.folder], generations={hall.folder: change.known})
    await_key(hall.folder, folder_key(hall.folder, change.coming or change.generation))
    return _use_coming_key(by, hall, change)


def retire_former_key(hall_id: UUID) -> None:
    """Tell the store to forget the former key, once its time is over. Nothing happens before, or where there is
    none."""
    change = FolderKeyChange.objects.filter(owner_id=hall_id).exclude(former=None).first()
    hall = Hall.objects.filter(pk=hall_id).first()
    if hall is None or change is None or not _is_over(change):
        return
    known = [one for one in change.known if one != change.former]
    open_folders([hall.folder], generations={hall.folder: known})
    _forget_former_key(hall, change)


def halls_with_former_keys() -> list[UUID]:
    """Halls whose former key should have gone a while ago, and is still there."""
    before = timezone.now() - FORMER_LASTS - _LATE
    late = FolderKeyChange.objects.filter(changed_at__lt=before).exclude(former=None)
    return list(late.order_by("changed_at").values_list("owner_id", flat=True)[:_AT_ONCE])


def key_of(hall: Hall) -> FolderKey:
    """The key that calls for this hall are signed with, read anew."""
    change = FolderKeyChange.objects.filter(owner_id=hall.pk).first()
    return folder_key(hall.folder, change.generation if change else 1)


def halls_with_unknown_keys(halls: Sequence[Hall]) -> list[Hall]:
    """Those of them whose key the store does not take now. Raises Unavailable."""
    return [hall for hall in halls if not knows_key(hall.folder, key_of(hall))]


def _check_ours() -> None:
    if not settings.S3_FILER_ENDPOINT:
        raise Conflict("文件存储不是本机内置的，各厅的密钥由它的管理员管理。")


@transaction.atomic
def _use_coming_key(by: Actor, hall: Hall, named: FolderKeyChange) -> FolderKeyChange:
    change, is_changed = use_coming_key(hall.pk, named.coming)
    if is_changed and change.changed_at:
        set_due_time(kind=STORE_KEY_OVER, subject_id=hall.pk, due_at=change.changed_at + FORMER_LASTS)
        _record(by, hall, "halls.rotate_store_key", change.former, change.generation)
        transaction.on_commit(forget_keys)
    return change


@transaction.atomic
def _forget_former_key(hall: Hall, told: FolderKeyChange) -> None:
    if forget_former_key(hall.pk, told.former):
        _record(system_actor("定时任务"), hall, "halls.retire_store_key", told.former, None)


def _record(by: Actor, hall: Hall, act: str, before: int | None, after: int | None) -> None:
    record_act(
        by=by,
        act=act,
        object_type="hall",
        object_id=hall.pk,
        hall_id=hall.pk,
        changes={"store_key": [before, after]},
    )


def _is_over(change: FolderKeyChange) -> bool:
    return change.changed_at is not None and change.changed_at + FORMER_LASTS <= timezone.now()
