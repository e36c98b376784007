"""File what rows say now, so that neither a repeat nor a late call changes anything back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.db import connection

from foundation.events.operations import Postponed
from foundation.full_text.clients import LONG_PATIENCE, EngineAway, engine, is_chosen, outages
from foundation.full_text.indexes import TextDocument, TextIndex

# seconds; after an outage as much may pass before what waits is filed
_WAIT: Final = 20.0
# documents of one request
_AT_ONCE: Final = 500
# another call was later than this one; the index has been replaced meanwhile
_OVERTAKEN: Final = {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}


def renew_documents(index: TextIndex, ids: Sequence[UUID], *, place: str = "") -> None:
    """What a subscriber does when rows have changed: file what they say now. Nothing where no server is set, or the
    index was never built. ``place``: of documents that are no more.

    Raises Postponed while the server is away: the delivery waits, whatever the outage lasts.
    """
    if not is_chosen():
        return
    try:
        with outages():
            if targets := written_indexes(index):
                file_documents(index, ids, targets, place=place)
    except EngineAway as error:
        message = f"搜索引擎没有应答（{error}）"
        raise Postponed(message, seconds=_WAIT) from error


def file_documents(index: TextIndex, ids: Sequence[UUID], targets: Iterable[str], *, place: str = "") -> None:
    """Write into these indexes what the rows say now; of rows that have nothing to say, that nobody finds them.

    A document's version is the database's clock from before its row was read. Who reads after the last change of a row
    commits has a later clock than anybody who read before it: the server refuses the earlier ones, whenever they come.
    What is gone stays as a document that is never found, since the server would forget the version of a removed one.
    """
    from elasticsearch.helpers import streaming_bulk  # noqa: PLC0415 - a client that only those load who have a server

    version = clock()
    found = {document.id: document for document in index.documents_of(ids)}
    actions = [_action(target, key, found.get(key), version, place) for target in targets for key in ids]
    # require_alias: by its own name, an index that was replaced just now would be made anew
    told = streaming_bulk(
        *(engine(patience=LONG_PATIENCE), actions, _AT_ONCE), raise_on_error=False, yield_ok=False, require_alias=True
    )
    for is_right, result in told:
        _check(is_right, result)


def written_indexes(index: TextIndex) -> list[str]:
    """The names under which what changes is filed: of the index that is read, and of one that is being built."""
    from elasticsearch import NotFoundError  # noqa: PLC0415 - a client that only those load who have a server

    try:
        return sorted(engine().indices.get_alias(name=index.writing_alias))
    except NotFoundError:
        return []


def _action(target: str, key: UUID, document: TextDocument | None, version: int, place: str) -> dict[str, Any]:
    fields: dict[str, Any] = document.fields() if document else {"is_shown": False}
    where = document.place if document else place
    return {
        "_op_type": "index",
        "_index": door_of(target),
        "_id": str(key),
        "version": version,
        "version_type": "external",
        **({"routing": where} if where else {}),
        "_source": fields,
    }


def door_of(target: str) -> str:
    """The alias by which alone an index is written to: it goes with the index."""
    return f"{target}-door"


def _check(is_right: bool, result: Mapping[str, Any]) -> None:  # noqa: FBT001 - as the library gives it
    [(_, told)] = result.items()
    if is_right or told.get("status") in _OVERTAKEN:
        return
    message = f"HTTP {told.get('status')}: {told.get('error')}"
    if told.get("status", 0) in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        raise EngineAway(message)
    raise RuntimeError(message)


def clock() -> int:
    """Microseconds. Read in a statement of its own: each later one sees all that was committed by then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
        (now,) = cursor.fetchone()
    return int(now)


def batches(index: TextIndex, after: UUID | None, size: int) -> Iterator[Sequence[UUID]]:
    """The ids of all rows that have documents, in order."""
    while ids := index.ids_after(after, size):
        yield ids
        after = ids[-1]
