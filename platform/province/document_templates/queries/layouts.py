"""A template as it is kept, whether the province's or a hall's: read of a Word file, known by its digest."""

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, Protocol

from standards.documents.checking import checked_template
from standards.documents.kinds import DocumentKind
from standards.documents.layout import DocumentLayout, layout_from, plain_of
from standards.documents.reading import read_word

# a layout takes some 20 KB
_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """``plain``: as JSON keeps it; ``sha256``: of that."""

    plain: dict[str, Any]
    sha256: str


class HasLayout(Protocol):
    """A row that keeps a layout; neither of its fields ever changes."""

    layout: Any
    sha256: Any


def kept_layout(layout: DocumentLayout) -> KeptLayout:
    plain = plain_of(layout)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return KeptLayout(plain, sha256(text.encode()).hexdigest())


def read_template(kind: DocumentKind, content: bytes) -> KeptLayout:
    """Read a Word file as a template of this kind. Raises Invalid with every fault and its place: what the kind has no
    field for, with the nearest right name, and what of Word is not supported."""
    layout = read_word(content)
    checked_template(layout, kind)
    return kept_layout(layout)


def layout_of(row: HasLayout) -> DocumentLayout:
    """What the row keeps. The last ones are kept by their digests, whichever halls they are of."""
    return _read(_ByDigest(row))


class _ByDigest:
    """A row by the digest of its layout alone."""

    __slots__ = ("digest", "row")

    def __init__(self, row: HasLayout) -> None:
        self.digest = row.sha256
        self.row = row

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByDigest) and other.digest == self.digest


@lru_cache(maxsize=_KEPT)
def _read(kept: _ByDigest) -> DocumentLayout:
    return layout_from(kept.row.layout)
