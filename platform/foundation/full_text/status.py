"""How the server and its indexes fare, for those who keep it."""

import time
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Min

from foundation.full_text.clients import EngineAway, engine, is_chosen, outages
from foundation.full_text.indexes import INDEXES, TextIndex
from foundation.full_text.unfiled import BEHIND, seconds_since, unfiled_changes

# seconds that an answer may take before somebody should look
SLOW: Final = 0.5


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """``documents``: in the index that is read, what is gone included; ``rows``: that have a document. ``waiting``:
    changes that are not filed, the oldest of them for ``behind`` seconds."""

    index: str
    label: str
    is_built: bool
    is_building: bool
    documents: int
    rows: int
    size: int
    waiting: int
    behind: int


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``fault``: why the database answers in its place, or answers are old, in Chinese; "" where all is well.
    ``seconds``: of one answer."""

    is_chosen: bool
    is_reachable: bool
    seconds: float
    fault: str
    indexes: tuple[IndexStatus, ...] = ()


def engine_status() -> EngineStatus:
    """Asks the server now, and counts rows."""
    if not is_chosen():
        return EngineStatus(is_chosen=False, is_reachable=False, seconds=0, fault="")
    began_at = time.perf_counter()
    try:
        with outages():
            engine().cluster.health()
            seconds = time.perf_counter() - began_at
            found = tuple(_status_of(index) for index in INDEXES.values())
    except EngineAway as error:
        fault = f"没有应答（{error}），现在由数据库代为搜索"
        return EngineStatus(is_chosen=True, is_reachable=False, seconds=time.perf_counter() - began_at, fault=fault)
    return EngineStatus(is_chosen=True, is_reachable=True, seconds=seconds, fault=_fault(seconds, found), indexes=found)


def engine_answers() -> bool:
    """Whether the server answers now."""
    try:
        with outages():
            engine().cluster.health()
    except EngineAway:
        return False
    return True


def _fault(seconds: float, indexes: tuple[IndexStatus, ...]) -> str:
    if unbuilt := "、".join(one.label for one in indexes if not one.is_built):
        return f"还没有建索引：{unbuilt}，现在由数据库代为搜索"
    behind = max(one.behind for one in indexes)
    if behind > BEHIND:
        number = sum(one.waiting for one in indexes)
        return f"有 {number:,} 处改动还没有编入索引，最早的已等了 {behind:,} 秒，现在由数据库代为搜索"
    lacking = "、".join(one.label for one in indexes if one.documents < one.rows and not one.waiting)
    if lacking:
        return f"索引里的比数据库少：{lacking}，请重建"
    return f"应答慢，用了 {seconds:.1f} 秒" if seconds > SLOW else ""


def _status_of(index: TextIndex) -> IndexStatus:
    from elasticsearch import NotFoundError  # noqa: PLC0415 - a client that only those load who have a server

    client = engine()
    try:
        read = set(client.indices.get_alias(name=index.alias).body)
        stats = client.indices.stats(index=index.alias, metric=["docs", "store"]).body["_all"]["primaries"]
        documents, size = stats["docs"]["count"], stats["store"]["size_in_bytes"]
    except NotFoundError:
        read, documents, size = set(), 0, 0
    try:
        written = set(client.indices.get_alias(name=index.writing_alias).body)
    except NotFoundError:
        written = set()
    waits = unfiled_changes(index).aggregate(number=Count("pk"), at=Min("event__created_at"))
    return IndexStatus(
        index=index.name,
        label=index.label,
        is_built=bool(read),
        is_building=bool(written - read),
        documents=documents,
        rows=index.number(),
        size=size,
        waiting=waits["number"],
        behind=round(seconds_since(waits["at"])),
    )
