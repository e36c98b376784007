"""Tell people something; what they have read; which kinds they want; and what is old goes."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from itertools import batched
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Invalid
from foundation.events.operations import emit_event
from province.messaging.events import NOTICES_WANTED, NoticesWanted
from province.messaging.models import Notice, NoticeChoice
from province.messaging.queries.notices import own_account_id, own_notice, own_notices
from province.messaging.queries.recipients import recipients_of
from province.messaging.slots import NOTICE_KINDS, NoticeKind
from province.people.models import Position
from province.rights.actors import Actor

KEPT: Final = timedelta(days=90)
# told in the caller's own transaction; more are told by the relay, so many at a time
PIECE: Final = 200
_LONGEST_TITLE = 200
# deleted by one statement
_SWEPT = 5_000


# no savepoint: nobody goes on with their own transaction after a notice has failed
@transaction.atomic(savepoint=False)
def notify(
    *,
    kind: NoticeKind,
    cause_id: UUID,
    title: str,
    path: str,
    hall_id: UUID | None = None,
    positions: Iterable[Position] = (),
    people: Iterable[UUID] = (),
    without: Collection[UUID] = (),
) -> int:
    """Tell the holders of ``positions`` and ``people`` (account ids), and who stands in for them today, in the caller's
    transaction; returns how many are told or will be.

    ``cause_id``: of one cause each person is told once, whatever is delivered twice or told anew. ``path``: of the page
    that says more, at the desk of ``hall_id`` (None: at the console); that page asks again who may see it.
    ``without``: those who need not hear of it. ``title`` names things, and never a citizen or what one wrote.
    """
    found = recipients_of(kind, positions=positions, people=people, hall_id=hall_id)
    told = [(one, whose) for one, whose in found.items() if one not in without]
    wanted = NoticesWanted(
        kind=kind.name, cause_id=cause_id, title=title[:_LONGEST_TITLE], hall_id=hall_id, path=path, people=told
    )
    if len(told) <= PIECE:
        write_notices(wanted)
    else:
        for piece in batched(told, PIECE, strict=False):
            emit_event(
                kind=NOTICES_WANTED, payload=wanted.model_copy(update={"people": list(piece)}), subject_id=cause_id
            )
    return len(told)


@transaction.atomic(savepoint=False)
def write_notices(wanted: NoticesWanted) -> None:
    """Write one piece, in one statement. A repeat writes nothing."""
    facts = {"kind": wanted.kind, "cause_id": wanted.cause_id, "title": wanted.title}
    facts |= {"hall_id": wanted.hall_id, "path": wanted.path}
    Notice.objects.bulk_create(
        (Notice(account_id=one, acting_for_id=whose, **facts) for one, whose in sorted(wanted.people)),
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_notice_read(*, by: Actor, notice_id: UUID, at: UUID | None = None) -> Notice:
    """Mark one of one's own as read; it keeps the first time. ``at``: the hall at whose host that is done. Raises
    NotFound, also for another person's."""
    notice = own_notice(by, notice_id, at=at)
    now = timezone.now()
    if Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now):
        notice.read_at = now
    return notice


@transaction.atomic
def mark_all_notices_read(*, by: Actor, at: UUID | None = None) -> int:
    """Mark all of one's own as read, at a hall's host (``at``) those that are read there; returns how many were not."""
    return own_notices(by, at=at, is_unread=True).order_by().update(read_at=timezone.now())


@transaction.atomic
def choose_notice_kinds(*, by: Actor, kinds: Collection[str]) -> None:
    """Get notices of these kinds from now on, and of no others but those that cannot be switched off. Raises Invalid
    for a kind that is not there."""
    account_id = own_account_id(by)
    known = {one.name: one for one in NOTICE_KINDS.entries()}
    if strangers := set(kinds) - set(known):
        message = f"没有“{min(strangers)[:64]}”这类消息。"
        raise Invalid.at("kinds", message)
    NoticeChoice.objects.bulk_create(
        [
            NoticeChoice(account_id=account_id, kind=name, is_on=name in kinds)
            for name, one in sorted(known.items())
            if one.can_be_switched_off
        ],
        update_conflicts=True,
        unique_fields=["account", "kind"],
        update_fields=["is_on"],
    )


def forget_old_notices() -> int:
    """Delete what is older than ``KEPT``, read or not, some thousands a statement; returns how many."""
    old = Notice.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
    forgotten = 0
    while found := list(old.values_list("pk", flat=True)[:_SWEPT]):
        forgotten += Notice.objects.filter(pk__in=found).delete()[0]
    return forgotten
