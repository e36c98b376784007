"""Build an index anew beside the one that is read, and put it in its place in one step.

From the moment it exists, changes are filed into both. A build that was killed goes on where it stood, or, where its
index is not there, begins anew; until the end readers see the old one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from elasticsearch import NotFoundError

from foundation.advisory_lock import hold_alone
from foundation.errors import Conflict, Unavailable
from foundation.full_text.clients import LONG_PATIENCE, EngineAway, engine, outages
from foundation.full_text.indexes import MAPPINGS, TextIndex
from foundation.full_text.writing import batches, door_of, file_documents

_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it: documents that were filed (of a build that went on: since then), and the index' name."""

    index: str
    documents: int
    name: str
    went_on: bool


def rebuild_index(index: TextIndex, *, tell: Callable[[int, int], None] = lambda *_: None) -> Rebuilt:
    """File every row into a new index, then read that one. ``tell`` gets how many are filed, of how many.

    Raises Conflict where somebody else builds it now, Unavailable where the server goes away: call it again then.
    """
    with hold_alone(uuid5(NAMESPACE_URL, f"full_text:{index.alias}")) as is_alone, _plainly():
        if not is_alone:
            message = f"“{index.label}”的索引正在由另一个程序重建。"
            raise Conflict(message)
        name, after = _unfinished(index)
        went_on = bool(name)
        name = name or _create(index)
        filed, total = 0, index.number()
        for ids in batches(index, after, _BATCH):
            file_documents(index, ids, [name])
            filed += len(ids)
            _note(name, ids[-1])
            tell(filed, total)
        _switch(index, name)
        return Rebuilt(index.name, filed, name, went_on)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        with outages():
            yield
    except EngineAway as error:
        message = f"搜索引擎没有应答（{error}）。已建好的部分保留着，恢复后再执行一次，会接着建。"
        raise Unavailable(message) from error


def _unfinished(index: TextIndex) -> tuple[str, UUID | None]:
    """An index that changes go into and that nobody reads yet, and the last row that stands in it."""
    client = engine(patience=LONG_PATIENCE)
    try:
        written = client.indices.get_alias(name=index.writing_alias).body
    except NotFoundError:
        return "", None
    for name in sorted(written, reverse=True):
        if index.alias not in client.indices.get_alias(index=name).body[name]["aliases"]:
            meta = client.indices.get_mapping(index=name).body[name]["mappings"].get("_meta", {})
            return name, UUID(meta["after"]) if "after" in meta else None
    return "", None


def _create(index: TextIndex) -> str:
    """Changes go into it from now on: what is read for it afterwards has all that was changed before."""
    name = f"{index.alias}-{timezone.now():%Y%m%d%H%M%S%f}"
    engine(patience=LONG_PATIENCE).indices.create(
        index=name,
        aliases={index.writing_alias: {}, door_of(name): {}},
        mappings=MAPPINGS,
        settings={
            "number_of_shards": index.shards,
            "auto_expand_replicas": "0-1",
            # the newest are asked for first, and where they lie first the rest is passed over
            "sort.field": "published_at",
            "sort.order": "desc",
            # nobody reads it yet
            "refresh_interval": "-1",
        },
    )
    return name


def _note(name: str, last: UUID) -> None:
    meta: dict[str, Any] = {"after": str(last)}
    engine(patience=LONG_PATIENCE).indices.put_mapping(index=name, meta=meta)


def _switch(index: TextIndex, name: str) -> None:
    """In one step, with the end of all that were there before."""
    client = engine(patience=LONG_PATIENCE)
    client.indices.put_settings(index=name, settings={"index": {"refresh_interval": "1s"}})
    client.indices.refresh(index=name)
    others = [one for one in client.indices.get_alias(name=index.writing_alias).body if one != name]
    actions: list[dict[str, Any]] = [{"remove_index": {"index": one}} for one in others]
    client.indices.update_aliases(actions=[{"add": {"index": name, "alias": index.alias}}, *actions])
