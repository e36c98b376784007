"""Lists of people and of what is theirs, as somebody takes them away: each leaves an entry."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from foundation.exports import table_bytes
from foundation.masking import mask_words
from province.audit.operations import record_act
from province.rights.actors import Actor


@transaction.atomic
def write_list(
    *,
    by: Actor,
    hall_id: UUID | None,
    file_format: str,
    name: str,
    headings: Sequence[str],
    lines: Iterable[Sequence[Any]],
    narrowed: Iterable[str] = (),
    words: Iterable[str] = (),
) -> bytes:
    """Write a list that ``by`` may read as CSV or Excel, and leave the entry: which list, what it was narrowed to, and
    how many lines it has. ``narrowed``: the filters that were chosen, as the page calls them; ``words``: what was typed
    to look for, which is masked. Raises what ``lines`` raises."""
    written = _Counted(lines)
    content = table_bytes(file_format, headings, written)
    filters = [*(one for one in narrowed if one), *(f"含“{mask_words(one)}”" for one in words if one)]
    record_act(
        by=by,
        act="console.write_list",
        object_type="list",
        object_id=uuid4(),
        hall_id=hall_id,
        changes={
            "list": [None, f"{name}.{file_format}"],
            "lines": [None, written.number],
            **({"filters": [None, "，".join(filters)]} if filters else {}),
        },
    )
    return content


class _Counted:
    """Lines that are read once, and how many they were."""

    def __init__(self, lines: Iterable[Sequence[Any]]) -> None:
        self._lines = lines
        self.number = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for line in self._lines:
            self.number += 1
            yield line
