"""Files that arrive in pieces, so that a lost connection costs one piece and not the whole file."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import NotFound, TooMany
from foundation.events.operations import set_due_time
from foundation.files.checks import check_name
from foundation.files.pieces import PieceOutcome, Pieces, check_piece, check_size, take_piece
from foundation.files.store import remove_folder
from province.halls.models import Hall
from tenants.workflow.events import PARTIAL_ENDS
from tenants.workflow.models import FormUpload, PartialUpload
from tenants.workflow.operations.uploads import add_upload, form_for_files
from tenants.workflow.queries.filled import FormFiller
from tenants.workflow.queries.run_access import NOBODY

# for so long somebody may go on with it
KEPT_FOR: Final = timedelta(days=1)
MOST_AT_ONCE: Final = 20
_NO_PARTIAL: Final = "这个文件没有传到一半的，请重新选它。"


@transaction.atomic
def begin_chunks(
    *, who: FormFiller, hall: Hall, filled_id: UUID, name: str, size: int, mark: str = ""
) -> PartialUpload:
    """Begin a file that arrives in pieces, or go on with the same one: ``received`` says from where. ``mark``: by which
    the sender's browser knows a file again.

    Raises Invalid for a name or a size that is refused, and what ``add_upload`` raises.
    """
    name = check_name(name)
    check_size(size)
    filled = form_for_files(who, hall, filled_id)
    own = PartialUpload.objects.filter(filled=filled, sender_id=_sender(who))
    known = own.filter(name=name, size=size, mark=mark[:40]).first()
    if known:
        return known
    if own.count() >= MOST_AT_ONCE:
        raise TooMany(f"同时最多传 {MOST_AT_ONCE} 个文件，请等前面的传完。")
    made = PartialUpload.objects.create(filled=filled, sender_id=_sender(who), name=name, size=size, mark=mark[:40])
    set_due_time(kind=PARTIAL_ENDS, subject_id=made.pk, hall_id=hall.pk, due_at=timezone.now() + KEPT_FOR)
    return made


def add_chunk(
    *, who: FormFiller, hall: Hall, filled_id: UUID, partial_id: UUID, offset: int, content: bytes, length: int
) -> PieceOutcome[FormUpload]:
    """Take the piece that begins at ``offset``; with the last one the file is checked and kept. A piece that is here
    already, or that leaves a gap, changes nothing: the answer says where to go on. ``length``: how long the sender said
    that the piece is; one that was cut off on its way is refused.

    Raises Invalid where the file is refused (it is forgotten then), NotFound where there is nothing to go on with, and
    what ``add_upload`` raises. A piece is in the store before it is counted.
    """
    check_piece(content, length)
    with transaction.atomic():
        form_for_files(who, hall, filled_id)
        partial = _own(who, filled_id, partial_id)

    def finish(pieces: Pieces) -> FormUpload:
        upload = add_upload(who=who, hall=hall, filled_id=filled_id, name=partial.name, content=pieces)
        drop_partial(hall=hall, partial_id=partial_id)
        return upload

    return take_piece(
        partial,
        folder=_folder(hall, partial_id),
        offset=offset,
        content=content,
        count=lambda: _count(who, filled_id, partial_id, offset, len(content)),
        finish=finish,
        forget=lambda: drop_partial(hall=hall, partial_id=partial_id),
    )


def drop_partial(*, hall: Hall, partial_id: UUID) -> None:
    """Forget a file that did not become whole, and remove its pieces. Once more changes nothing. Raises Unavailable."""
    PartialUpload.objects.filter(pk=partial_id).delete()
    remove_folder(_folder(hall, partial_id))


@transaction.atomic
def _count(who: FormFiller, filled_id: UUID, partial_id: UUID, offset: int, length: int) -> PartialUpload:
    partial = _own(who, filled_id, partial_id, is_locked=True)
    # of two that sent the same piece, one counts
    if partial.received == offset:
        partial.received += length
        partial.lengths.append(length)
        partial.save(update_fields=["received", "lengths"])
    return partial


def _own(who: FormFiller, filled_id: UUID, partial_id: UUID, *, is_locked: bool = False) -> PartialUpload:
    rows = PartialUpload.objects.select_for_update() if is_locked else PartialUpload.objects.all()
    found = rows.filter(pk=partial_id, filled=filled_id, sender_id=_sender(who)).first()
    if found is None:
        raise NotFound(_NO_PARTIAL)
    return found


def _sender(who: FormFiller) -> UUID:
    return who.citizen.pk if who.citizen else who.by.id or NOBODY


def _folder(hall: Hall, partial_id: UUID) -> str:
    return f"{hall.folder}/pieces/{partial_id}"
