"""The side of a confined work that starts its process and takes its answer."""

import io
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any, Final

import structlog
from django.conf import settings

from foundation.confinement import MEGABYTE, Limits
from foundation.confinement.child import REFUSED, TOO_MUCH
from foundation.errors import Fault, Invalid, Unavailable

# of a web process's threads two may wait for such work and a third for its turn: the others are left to readers
_AT_ONCE: Final = BoundedSemaphore(2)
_WITH_THOSE_WAITING: Final = BoundedSemaphore(3)
_LONGEST_TURN: Final = 5.0  # seconds
_CHUNK: Final = 256 * 1024
_IN_MEMORY: Final = 4 * MEGABYTE
_MOST_SAID: Final = 64 * 1024
# a niced process on a busy machine gets a part of it
_WALL_SECONDS_PER_SECOND: Final = 12
_CHILD: Final = str(Path(__file__).with_name("child.py"))

log = structlog.get_logger(__name__)


@contextmanager
def run_confined(
    task: str, content: bytes | IO[bytes], options: dict[str, Any], *, limits: Limits, too_much: str, where: str
) -> Iterator[IO[bytes]]:
    order = {
        "task": task,
        "path": [place for place in sys.path if place],
        "options": options,
        "nice": settings.CONFINED_NICENESS,
        "limits": {
            # the second is the hard one: a process that ignores the first is killed
            "RLIMIT_CPU": (limits.seconds, limits.seconds + 1),
            "RLIMIT_AS": (limits.memory, limits.memory),
            "RLIMIT_FSIZE": (0, 0),
            "RLIMIT_CORE": (0, 0),
            "RLIMIT_NOFILE": (64, 64),
            "RLIMIT_NPROC": (0, 0),
        },
    }
    head = json.dumps(order).encode() + b"\n"
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as answer:
        with _turn():
            code, said = _run(head, io.BytesIO(content) if isinstance(content, bytes) else content, answer, limits)
        if code == REFUSED:
            refusal = json.loads(said)
            raise Invalid(refusal["message"], faults=[Fault(*fault) for fault in refusal["faults"]])
        if code == TOO_MUCH or code < 0:
            log.warning("confined_work_ended", task=task, code=code, said=said[-500:].decode(errors="replace"))
            raise Invalid.at(where, too_much)
        if code:
            message = f"{task} failed: {said.decode(errors='replace')}"
            raise RuntimeError(message)
        answer.seek(0)
        yield answer


@contextmanager
def _turn() -> Iterator[None]:
    if not _WITH_THOSE_WAITING.acquire(blocking=False):
        raise _busy()
    try:
        if not _AT_ONCE.acquire(timeout=_LONGEST_TURN):
            raise _busy()
        try:
            yield
        finally:
            _AT_ONCE.release()
    finally:
        _WITH_THOSE_WAITING.release()


def _busy() -> Unavailable:
    return Unavailable("正在处理的内容太多，请等几秒钟再试一次。您填写的内容没有丢失。")


def _run(head: bytes, content: IO[bytes], answer: IO[bytes], limits: Limits) -> tuple[int, bytes]:
    """The exit code (negative: a signal) and what it said on its error output."""
    deadline = time.monotonic() + limits.seconds * _WALL_SECONDS_PER_SECOND + _LONGEST_TURN
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-X", "utf8", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={},
        bufsize=0,
    ) as process:
        try:
            said, is_within = _exchange(process, head, content, answer, most=limits.answer, deadline=deadline)
        except BaseException:
            process.kill()
            raise
        if not is_within:
            process.kill()
            process.wait()
            return TOO_MUCH, said
        try:
            return process.wait(timeout=max(0.1, deadline - time.monotonic())), said
        except subprocess.TimeoutExpired:
            process.kill()
            return TOO_MUCH, said


def _exchange(
    process: subprocess.Popen[bytes],
    head: bytes,
    content: IO[bytes],
    answer: IO[bytes],
    *,
    most: int,
    deadline: float,
) -> tuple[bytes, bool]:
    """Gives and takes by turns until it has ended its outputs: what it said, and whether it kept to its bounds."""
    assert process.stdin  # noqa: S101 - all three are pipes
    assert process.stdout  # noqa: S101
    assert process.stderr  # noqa: S101
    said, taken, waiting = b"", 0, head
    content.seek(0)
    with selectors.DefaultSelector() as selector:
        for file, event in (
            (process.stdin, selectors.EVENT_WRITE),
            (process.stdout, selectors.EVENT_READ),
            (process.stderr, selectors.EVENT_READ),
        ):
            os.set_blocking(file.fileno(), False)
            selector.register(file, event)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return said, False
            for key, _ in selector.select(left):
                if key.fileobj is process.stdin:
                    chunk = waiting or content.read(_CHUNK)
                    if chunk and (given := _give(key.fd, chunk)) is not None:
                        waiting = chunk[given:]
                    else:
                        selector.unregister(process.stdin)
                        process.stdin.close()
                    continue
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    said = (said + chunk)[-_MOST_SAID:]
                else:
                    taken += len(chunk)
                    if taken > most:
                        return said, False
                    answer.write(chunk)
    return said, True


def _give(file: int, chunk: bytes) -> int | None:
    """How much of it was taken; None where nobody is there to take it."""
    try:
        return os.write(file, chunk)
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return None
