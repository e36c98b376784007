"""Pictures and papers: added to a draft, or to what is asked for later, whole or in pieces; they are gone with what
they were taken for."""

from dataclasses import asdict
from typing import Final
from uuid import UUID

from django.db import transaction

from foundation.errors import NotFound, TooMany
from foundation.files.checks import check_name
from foundation.files.pieces import PieceOutcome, Pieces, check_piece, check_size, take_piece
from foundation.files.store import Readable, remove_folder, store_file
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.assistance.models import Assistance, AssistanceFile
from tenants.assistance.operations.rows import asked_now, check_draft, lock_assistance, note_act
from tenants.assistance.states import AssistanceState

MOST_FILES: Final = 200
_NO_PART: Final = "这个文件没有传到一半的，请重新选它。"


def add_assistance_file(*, by: Actor, hall: Hall, assistance_id: UUID, name: str, content: Readable) -> AssistanceFile:
    """Check and keep a file for a draft, or for what the hall that has it asks for; the same once more is the same row.
    Raises Invalid where the file is refused, NotFound, Conflict where nothing can be added any more, TooMany.

    The file is in the store before its row is: a row never names a file that is not there.
    """
    with transaction.atomic():
        _check_room(_open(by, hall, assistance_id))
    facts = store_file(folder=_folder(hall, assistance_id), name=name, content=content)
    with transaction.atomic():
        assistance = _open(by, hall, assistance_id)
        kept, is_new = AssistanceFile.objects.get_or_create(
            assistance=assistance, key=facts.key, name=facts.name, mark="", defaults=asdict(facts)
        )
        if is_new:
            note_act(by, hall, assistance, "add_file")
    return kept


@transaction.atomic
def begin_assistance_file(
    *, by: Actor, hall: Hall, assistance_id: UUID, name: str, size: int, mark: str = ""
) -> AssistanceFile:
    """Begin a file that arrives in pieces, or go on with the same one: ``received`` says from where. ``mark``: by which
    the sender's browser knows a file again. Raises as ``add_assistance_file`` does."""
    name = check_name(name)
    check_size(size)
    assistance = _open(by, hall, assistance_id)
    mark = mark[:40] or "-"
    known = assistance.uploads.filter(key="", name=name, size=size, mark=mark).first()
    if known:
        return known
    _check_room(assistance)
    # the same name and mark with another length is another file
    assistance.uploads.filter(key="", name=name, mark=mark).delete()
    return AssistanceFile.objects.create(
        assistance=assistance, key="", name=name, size=size, mark=mark, media_type="", sha256=""
    )


def add_piece_of_file(
    *, by: Actor, hall: Hall, assistance_id: UUID, file_id: UUID, offset: int, content: bytes, length: int
) -> PieceOutcome[AssistanceFile]:
    """Take the piece that begins at ``offset``; with the last one the file is checked and kept. A piece that is here
    already, or that leaves a gap, changes nothing: the answer says where to go on. ``length``: how long the sender said
    that the piece is.

    Raises Invalid where the file is refused (it is forgotten then), NotFound where there is nothing to go on with, and
    what ``add_assistance_file`` raises. A piece is in the store before it is counted.
    """
    check_piece(content, length)
    with transaction.atomic():
        part = _part(_open(by, hall, assistance_id), file_id)
    if part.key:
        return PieceOutcome(part.size, part)
    return take_piece(
        part,
        folder=_pieces(hall, part),
        offset=offset,
        content=content,
        count=lambda: _count(by, hall, assistance_id, file_id, offset, len(content)),
        finish=lambda pieces: _finish(by, hall, assistance_id, part, pieces),
        forget=lambda: _forget(hall, part),
    )


def remove_files_of(*, hall: Hall, assistance_id: UUID) -> None:
    """Take out of the store what lies there for something that is over. Once more changes nothing. Raises
    Unavailable."""
    if not Assistance.objects.filter(pk=assistance_id).exclude(state=AssistanceState.ENDED).exists():
        remove_folder(_folder(hall, assistance_id))


@transaction.atomic
def _count(by: Actor, hall: Hall, assistance_id: UUID, file_id: UUID, offset: int, length: int) -> AssistanceFile:
    part = _part(_open(by, hall, assistance_id), file_id)
    # of two that sent the same piece, one counts
    if part.received == offset and not part.key:
        part.lengths.append(length)
        part.save(update_fields=["lengths"])
    return part


def _finish(by: Actor, hall: Hall, assistance_id: UUID, part: AssistanceFile, pieces: Pieces) -> AssistanceFile:
    facts = store_file(folder=_folder(hall, assistance_id), name=part.name, content=pieces)
    with transaction.atomic():
        assistance = _open(by, hall, assistance_id)
        whole = _part(assistance, part.pk)
        if not whole.key:
            for name, value in asdict(facts).items():
                setattr(whole, name, value)
            whole.lengths = []
            whole.save()
            note_act(by, hall, assistance, "add_file")
    remove_folder(_pieces(hall, part))
    return whole


def _forget(hall: Hall, part: AssistanceFile) -> None:
    AssistanceFile.objects.filter(pk=part.pk, key="").delete()
    remove_folder(_pieces(hall, part))


def _open(by: Actor, hall: Hall, assistance_id: UUID) -> Assistance:
    assistance = lock_assistance(by, hall, assistance_id)
    if assistance.state == AssistanceState.SENT:
        asked_now(assistance)
    else:
        check_draft(assistance)
    return assistance


def _check_room(assistance: Assistance) -> None:
    if assistance.uploads.count() >= MOST_FILES:
        raise TooMany(f"一件代办最多上传 {MOST_FILES} 个文件。")


def _part(assistance: Assistance, file_id: UUID) -> AssistanceFile:
    found = assistance.uploads.filter(pk=file_id).first()
    if found is None:
        raise NotFound(_NO_PART)
    return found


def _folder(hall: Hall, assistance_id: UUID) -> str:
    return f"{hall.folder}/assistance/{assistance_id}"


def _pieces(hall: Hall, part: AssistanceFile) -> str:
    return f"{_folder(hall, part.assistance_id)}/pieces/{part.pk}"
