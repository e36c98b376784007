"""Work on what people sent, in a process of its own that may take so much time, memory and room, and no more.

That process loads this module as well, with every work: nothing here may be heavy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` of a processor's time; ``memory`` and ``answer`` in bytes."""

    seconds: int = 1
    memory: int = 512 * MEGABYTE
    answer: int = 16 * MEGABYTE


@contextmanager
def confined(
    task: str, content: bytes | IO[bytes], *, limits: Limits, too_much: str, where: str = "file", **options: Any
) -> Iterator[IO[bytes]]:
    """The answer of ``task`` (``module:function``) to ``content``, as a file open for reading.

    The function is called with a binary file of the content and with ``options`` (JSON) in a new process: it knows no
    setting, no database and no secret. It yields bytes, or raises Invalid, which is raised here again. Raises Invalid
    with ``too_much`` (Chinese: what is wrong and what to do) at field ``where`` as soon as it takes more than
    ``limits`` or breaks down, Unavailable where too many such works are waiting already.
    """
    from foundation.confinement.running import run_confined  # noqa: PLC0415 - see above

    with run_confined(task, content, options, limits=limits, too_much=too_much, where=where) as answer:
        yield answer


def confined_text(task: str, text: str, *, limits: Limits, too_much: str, where: str) -> str:
    """The text that ``task`` answers to a text; halves of surrogate pairs, which are no characters, fall out of it.
    Raises as ``confined`` does."""
    with confined(task, text.encode(errors="ignore"), limits=limits, too_much=too_much, where=where) as answer:
        return answer.read().decode()
