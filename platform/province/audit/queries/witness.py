"""What somebody outside the database has seen of the audit: a file with a line for each sealing, and a bucket of the
object store with an object for each."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from foundation.errors import NotFound, Unavailable
from foundation.files.locked import names_in
from province.audit.models import AuditDay

_FOLDER: Final = "seals/"
_NAME: Final = re.compile(rf"{_FOLDER}(\d+)-([0-9a-f]{{64}})\.json")


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody outside who was told of sealings. ``seals``: number -> the hashes that were told under it, of which
    there is one unless somebody has told another later; None where the witness is gone."""

    name: str
    seals: Mapping[int, frozenset[str]] | None


def witnesses() -> Iterator[Witness]:
    """All that there are. One that cannot be asked is gone as far as anybody can tell."""
    seals = witnessed_seals()
    yield Witness(
        f"见证文件 {settings.AUDIT_WITNESS}",
        None if seals is None else {number: frozenset((seen,)) for number, seen in seals.items()},
    )
    try:
        stored = stored_seals()
    except Unavailable:
        stored = None
    yield Witness(f"对象存储的存储桶 {settings.AUDIT_BUCKET}", stored)


def witnessed_seals() -> dict[int, str] | None:
    """Number of a sealing -> its hash, as they were when they were made; None where there is no such file.

    A line that cannot be read, the last one perhaps because the power failed, is passed over.
    """
    try:
        text = settings.AUDIT_WITNESS.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    found: dict[int, str] = {}
    for line in text.splitlines():
        try:
            facts = json.loads(line)
            # the first line of a number counts: the file is only ever added to
            found.setdefault(int(facts["number"]), str(facts["hash"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def stored_seals() -> dict[int, frozenset[str]] | None:
    """Number of a sealing -> the hashes that were told to the store; None where there is no such bucket. Raises
    Unavailable."""
    try:
        names = names_in(settings.AUDIT_BUCKET, _FOLDER)
    except NotFound:
        return None
    found: dict[int, frozenset[str]] = {}
    for name in names:
        if parts := _NAME.fullmatch(name):
            found[int(parts[1])] = found.get(int(parts[1]), frozenset()) | {parts[2]}
    return found


def name_in_store(day: AuditDay) -> str:
    """Number and hash stand in the name: a list of names is all that a comparison needs."""
    return f"{_FOLDER}{day.number:010d}-{day.hash}.json"
