"""Which indexes there are, and what a document of them says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from foundation.tokenizing import plain_text, query_words, runs_of

# another number whenever mappings or the way words are filed change: then the program reads and writes indexes of
# that number, and PostgreSQL answers until they are built. Those of the number before serve the release before
SHAPE: Final = 1
# letters of a title that can be found by a part of it
_LONGEST_TITLE: Final = 200
# of a keyword: what is longer is no name
_LONGEST_KEYWORD: Final = 2_000


@dataclass(frozen=True, slots=True)
class TextDocument:
    """What is filed of one row. ``words``: as ``search_words`` makes them. ``keys``: what hits are kept to, such as
    ``hall:<id>``; nobody types them. ``place``: documents that are asked for together lie together (routing); the
    same for ever. ``sounds`` and ``code``: for names that are found by them, too."""

    id: UUID
    title: str
    words: str
    keys: tuple[str, ...]
    published_at: datetime | None = None
    place: str = ""
    sounds: str = ""
    code: str = ""

    def fields(self) -> dict[str, Any]:
        return {
            "is_shown": True,
            "title": " ".join(query_words(self.title[:_LONGEST_TITLE])),
            "letters": letters_of(self.title[:_LONGEST_TITLE]),
            "name": plain_text(self.title)[:_LONGEST_TITLE],
            "words": self.words,
            "sounds": self.sounds[:_LONGEST_KEYWORD],
            "code": self.code,
            "keys": list(self.keys),
            "published_at": self.published_at,
        }


@dataclass(frozen=True, slots=True, eq=False)
class TextIndex:
    """One kind of documents of the whole province. ``documents_of``: what is filed of these rows now; rows that nobody
    may find have none. ``ids_after``: so many ids of rows that have documents, in order, after one (None: from the
    first). ``number``: how many have."""

    name: str
    label: str
    # of deliveries that have not been filed yet (``subscribes``)
    subscriber: str
    documents_of: Callable[[Sequence[UUID]], Iterable[TextDocument]]
    ids_after: Callable[[UUID | None, int], Sequence[UUID]]
    number: Callable[[], int]
    shards: int = 1

    @property
    def alias(self) -> str:
        """What is read."""
        return f"{settings.ELASTICSEARCH_PREFIX}-{self.name}-{SHAPE}"

    @property
    def writing_alias(self) -> str:
        """Every index that changes go into: the one that is read, and one that is being built."""
        return f"{self.alias}-writing"


INDEXES: Final[dict[str, TextIndex]] = {}


def declare_index(index: TextIndex) -> TextIndex:
    """Make an index known, once, in the ``queries`` of the app whose rows it has. Raises RuntimeError for a second
    declaration."""
    if index.name in INDEXES:
        message = f"the index {index.name} is declared twice"
        raise RuntimeError(message)
    INDEXES[index.name] = index
    return index


def letters_of(text: str) -> str:
    """Every letter or digit of a text as a word of its own: a title is found by any stretch of it."""
    return " ".join(letter for run in runs_of(text) for letter in run)


# all words come from our own word list: an analyser of the server would take them apart a second time
MAPPINGS: Final[dict[str, Any]] = {
    "dynamic": "strict",
    "_source": {"enabled": False},
    "properties": {
        "is_shown": {"type": "boolean"},
        "title": {"type": "text", "analyzer": "whitespace"},
        "letters": {"type": "text", "analyzer": "whitespace"},
        "name": {"type": "keyword"},
        "words": {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
        "sounds": {"type": "keyword"},
        "code": {"type": "keyword"},
        "keys": {"type": "keyword"},
        "published_at": {"type": "date"},
    },
}
