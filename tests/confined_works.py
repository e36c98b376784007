"""Works for the tests of foundation.confinement; they are run in a process of their own."""

import os
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import IO

from foundation.errors import Fault, Invalid


def answer(file: IO[bytes], *, times: int = 1) -> Iterator[bytes]:
    content = file.read()
    for _ in range(times):
        yield content


def refuse(_: IO[bytes]) -> Iterator[bytes]:
    yield b"something first"
    message = "第 3 行不对。"
    raise Invalid(message, faults=[Fault("line 3", message)])


def work_without_end(_: IO[bytes]) -> Iterator[bytes]:
    while True:
        yield b""


def sleep_without_end(_: IO[bytes]) -> Iterator[bytes]:
    time.sleep(600)
    yield b""


def answer_without_end(_: IO[bytes]) -> Iterator[bytes]:
    while True:
        yield b"x" * 65_536


def take_memory(_: IO[bytes]) -> Iterator[bytes]:
    taken = [b"x" * 1_000_000 for _ in range(4_000)]
    yield b"".join(taken)


def die(_: IO[bytes]) -> Iterator[bytes]:
    os.abort()
    yield b""


def fail(_: IO[bytes]) -> Iterator[bytes]:
    yield str({}["what is missing"]).encode()


def tell_niceness(_: IO[bytes]) -> Iterator[bytes]:
    yield str(os.nice(0)).encode()


def tell(_: IO[bytes]) -> Iterator[bytes]:
    """What it can see of where it was started."""
    yield " ".join([*os.environ, *sorted(name for name in sys.modules if name.split(".")[0] == "django")]).encode()


def load(_: IO[bytes], *, module: str) -> Iterator[bytes]:
    """What is loaded then."""
    import_module(module)
    yield " ".join(sys.modules).encode()


def write_file(_: IO[bytes], *, path: str) -> Iterator[bytes]:
    with Path(path).open("w", encoding="utf-8") as file:
        file.write("x")
    yield b"written"
