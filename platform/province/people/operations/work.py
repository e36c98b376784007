"""Keep account of what is open in the halls, and of who is responsible for it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from foundation.gathering import send
from province.people.models import OpenWork

_KEEP = """
    INSERT INTO people_openwork (hall_id, kind, object_id, owner_id)
    SELECT %s, %s, object_id, owner_id FROM unnest(%s::uuid[], %s::uuid[]) AS one (object_id, owner_id)
    ON CONFLICT (kind, object_id) DO UPDATE SET owner_id = EXCLUDED.owner_id
"""


def note_open_work(*, hall_id: UUID, kind: str, object_id: UUID, owner_id: UUID | None, is_open: bool) -> None:
    """Note that a thing is open and whose it is, or that it is done; in the transaction of the operation that changes
    it."""
    if not is_open or owner_id is None:
        close_open_work(kind=kind, object_ids=[object_id])
    else:
        keep_open_work(hall_id=hall_id, kind=kind, owners={object_id: owner_id})


def keep_open_work(*, hall_id: UUID, kind: str, owners: Mapping[UUID, UUID]) -> None:
    """Note that several things are open and whose they are (object -> who is responsible), in one statement."""
    send(_KEEP, [hall_id, kind, list(owners), list(owners.values())])


def close_open_work(*, kind: str, object_ids: Iterable[UUID]) -> None:
    """Note that these things are done, or nobody's, in one statement."""
    send("DELETE FROM people_openwork WHERE kind = %s AND object_id = ANY (%s)", [kind, list(object_ids)])


def pass_on_open_work(*, hall_id: UUID, kind: str, from_id: UUID, to_id: UUID) -> int:
    """Pass on all open work of that kind in that hall from one person to the other, in the caller's transaction."""
    return OpenWork.objects.filter(hall_id=hall_id, kind=kind, owner_id=from_id).update(owner_id=to_id)


def replace_open_work(*, hall_id: UUID, kind: str, owners: Mapping[UUID, UUID]) -> None:
    """Make what is open of that kind in that hall these objects and no others (object -> who is responsible), in the
    caller's transaction: the hall's rows came out of an archive."""
    OpenWork.objects.filter(hall_id=hall_id, kind=kind).delete()
    OpenWork.objects.bulk_create(
        OpenWork(hall_id=hall_id, kind=kind, object_id=object_id, owner_id=owner_id)
        for object_id, owner_id in owners.items()
    )
