"""Checks that ask each file by itself ask those alone that changed since: a file that was found sound, unchanged, and
asked by the unchanged check, is sound."""

import hashlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

type Find = Callable[[Path, str], Iterable[str]]


def strays_in(
    config: pytest.Config, name: str, *, paths: Iterable[Path], find: Find, check: Iterable[Path]
) -> list[str]:
    """What ``find`` tells of these files. What it found sound stays in pytest's cache under ``name``, by digests of
    the file and of ``check``, all the files that ``find`` consists of."""
    place = f"yizhan/sound/{name}"
    known = frozenset(config.cache.get(place, ()) if config.cache else ())
    asking = hashlib.sha256(sys.version.encode())
    for path in check:
        asking.update(path.read_bytes())
    sound, strays = [], []
    for path in paths:
        content = path.read_bytes()
        mark = asking.copy()
        mark.update(f"{path}\0".encode() + content)
        if mark.hexdigest() not in known and (found := list(find(path, content.decode()))):
            strays += found
        else:
            sound.append(mark.hexdigest())
    if config.cache:
        config.cache.set(place, sound)
    return strays
