"""A file that arrives in pieces, so that a lost connection costs one piece: each lies in the store before it is
counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings

from foundation.errors import DomainError, Unavailable
from foundation.files.checks import refuse
from foundation.files.store import FileInStore, put_back, read_file

# bytes; of a request whose body is read at once
LONGEST_PIECE: Final = 1024 * 1024
_MEDIA_TYPE: Final = "application/octet-stream"


class ArrivingFile(Protocol):
    """A row of a file of which some pieces are here. ``size``: in bytes, as the sender says; ``received``: so many of
    them were counted; ``lengths``: of the pieces."""

    @property
    def size(self) -> int: ...

    @property
    def received(self) -> int: ...

    @property
    def lengths(self) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class PieceOutcome[File]:
    """``offset``: how many bytes are here, from which the sender goes on; ``file``: once it is whole."""

    offset: int
    file: File | None = None


def check_size(size: int) -> None:
    """Raises Invalid for a file that is empty or too large."""
    if not 0 < size <= settings.UPLOAD_LIMIT:
        message = f"文件过大，最多 {settings.UPLOAD_LIMIT // 1024 // 1024} MB。请压缩或拆分后再上传。"
        raise refuse(message if size > 0 else "文件是空的，请检查后再上传。")


def check_piece(content: bytes, length: int) -> None:
    """``length``: how long the sender said that the piece is. Raises Invalid for one that is too long, Unavailable for
    one that was cut off on its way: the web server hands on what has come until the connection ended."""
    if len(content) > LONGEST_PIECE:
        raise refuse(f"一次最多传 {LONGEST_PIECE // 1024} KB。")
    if len(content) != length:
        raise Unavailable("这一段没有收完，请再传一次。")


def keep_piece(folder: str, *, offset: int, content: bytes, size: int) -> None:
    """Put the piece that begins at ``offset`` of a file of ``size`` bytes into the store. Raises Invalid,
    Unavailable."""
    if offset + len(content) > size:
        raise refuse("传来的内容比文件还长，请重新选这个文件。")
    put_back(FileInStore(_place(folder, offset, len(content)), _MEDIA_TYPE, content))


class Pieces:
    """A file in pieces of these lengths, read one piece after the other."""

    def __init__(self, folder: str, lengths: Sequence[int]) -> None:
        self._folder, self._left, self._at = folder, iter(lengths), 0

    def read(self, _: int, /) -> bytes:
        length = next(self._left, 0)
        if not length:
            return b""
        piece = read_file(_place(self._folder, self._at, length))
        self._at += length
        return piece


def take_piece[Row: ArrivingFile, File](
    row: Row,
    *,
    folder: str,
    offset: int,
    content: bytes,
    count: Callable[[], Row],
    finish: Callable[[Pieces], File],
    forget: Callable[[], None],
) -> PieceOutcome[File]:
    """Take the piece that begins at ``offset`` of a file whose pieces lie in ``folder``; one that is here already, or
    that leaves a gap, changes nothing. ``count``: note in a transaction of its own that it is here, once where two have
    sent it, and return the row; ``finish``: check and keep the whole file; ``forget``: it was refused.

    Raises Invalid where piece or file is refused, Unavailable: all of it is here still, and asked again it goes on. A
    piece is in the store before it is counted.
    """
    if offset == row.received and content and offset < row.size:
        keep_piece(folder, offset=offset, content=content, size=row.size)
        row = count()
    if row.received < row.size:
        return PieceOutcome(row.received)
    try:
        file = finish(Pieces(folder, row.lengths))
    except Unavailable:
        raise
    except DomainError:
        forget()
        raise
    return PieceOutcome(row.size, file)


def _place(folder: str, offset: int, length: int) -> str:
    return f"{folder}/{offset}-{length}"
