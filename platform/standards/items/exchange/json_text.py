"""A JSON document with a list of items: written piece by piece, and read one entry at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from foundation.interchange import JsonEntry, open_json
from standards.items.exchange.items import MOST_ITEMS

_LIST: Final = "items"


def written_document(head: Mapping[str, Any], entries: Iterable[Any]) -> Iterator[bytes]:
    """Write a document piece by piece: the members of ``head``, then the list of entries, one a line, so that a line's
    number tells the entry."""
    begin = json.dumps(head, ensure_ascii=False)[:-1]
    yield f'{begin}, "{_LIST}": ['.encode()
    between = "\n"
    for entry in entries:
        yield (between + json.dumps(entry, ensure_ascii=False)).encode()
        between = ",\n"
    yield b"\n]}\n"


@contextmanager
def open_document(content: bytes, *, name: str, version: int) -> Iterator[Iterator[JsonEntry]]:
    """The entries of a document, parsed in a process of its own (``open_json``). Raises Invalid for what is no JSON in
    UTF-8, too large, or of another format (``name``) or ``version``."""
    head = {"format": name, "version": version}
    with open_json(content, list_name=_LIST, head=head, most=MOST_ITEMS, noun="事项") as entries:
        yield entries
