"""Many cases in the shape that the operations leave: rows of lives that were lived, written anew by INSERT … SELECT
under ids, times, numbers and people of their own.

Nothing here knows which tables a case has: whatever was written while it was lived is copied, whole. Sealed values stay
as they are and cannot be opened in a copy: they are bound to the row that they were sealed for.
"""

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import psycopg2
from django.db import connection

from benchmarks.measuring import say
from foundation.rows import draw_id
from province.audit.operations import pack_links, seal_chains
from tests.servers import PASSWORD

_AT_ONCE: Final = 20_000
# rows that are no part of any one case
_ONCE: Final = ("audit_audithead", "audit_auditpack", "sealing_datakey", "casework_casecounter")
# which of its chain's links each is, from 1, of how many; and where the chain ends
_NUMBER_LINKS: Final = """
ALTER TABLE life_audit_auditlink ADD life__nth bigint, ADD life__all bigint, ADD life__end bigint;
UPDATE life_audit_auditlink AS link SET life__nth = nth, life__all = number, life__end = head.position
FROM (SELECT id, chain_id, row_number() OVER (PARTITION BY chain_id ORDER BY position) AS nth,
    count(*) OVER (PARTITION BY chain_id) AS number FROM life_audit_auditlink) AS counted
JOIN audit_audithead AS head ON head.id = counted.chain_id WHERE link.id = counted.id
"""
_MOVE_HEADS: Final = """
UPDATE audit_audithead AS head SET position = ends.position
FROM (SELECT chain_id, max(position) AS position FROM audit_auditlink GROUP BY chain_id) AS ends
WHERE head.id = ends.chain_id AND ends.position > head.position
"""


@dataclass(frozen=True, slots=True)
class Life:
    """Between which ids and, in milliseconds, when it was lived."""

    first: UUID
    last: UUID
    began_at: int


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str


def live_once(act: Callable[[], object]) -> Life:
    """Nobody else writes meanwhile."""
    time.sleep(0.003)
    first = draw_id()
    time.sleep(0.003)
    act()
    time.sleep(0.003)
    return Life(first, draw_id(), first.int >> 80)


class Copies:
    """Of lives in one hall's schema. ``owners``: department and account of those who get the copies' cases by turns."""

    def __init__(self, schema: str, lives: Sequence[Life], owners: Sequence[tuple[UUID, UUID]]) -> None:
        self._lives = lives
        self._owners = owners
        port = urlsplit(os.environ["DATABASE_URL"]).port
        # keys are checked by triggers, which only a superuser may leave out; all of them follow from the lives
        self._connection = psycopg2.connect(
            host="127.0.0.1", port=port, user="postgres", password=PASSWORD, dbname="yizhan"
        )
        self._connection.autocommit = True
        self._cursor = self._connection.cursor()
        self._run("SET session_replication_role = replica; SET synchronous_commit = off; SET statement_timeout = 0")
        self._run(f'SET search_path = "{schema}", public')
        self._tables = {name: found for name in self._names(schema) if (found := self._taken(name))}

    @property
    def rows(self) -> dict[str, float]:
        """Table → rows of a life, the mean."""
        return {
            name: self._ask(f'SELECT count(*) FROM "life_{name}"')[0][0] / len(self._lives)  # noqa: S608 - as below
            for name in self._tables
        }

    def write(
        self, number: int, *, counted_from: int, since_days: float, until_days: float, only: Callable[[str], bool]
    ) -> None:
        """So many more, lived from so many days ago until so many, in the order of time; of the tables that ``only``
        says. ``counted_from``: behind all that was written before, so that no number comes twice."""
        now = int(time.time() * 1000)
        step = (since_days - until_days) * 86_400_000 / number
        facts = {"begin": now - since_days * 86_400_000, "step": step, "lives": len(self._lives), "from": counted_from}
        statements = [self._statement(name, columns) for name, columns in self._tables.items() if only(name)]
        for first in range(0, number, _AT_ONCE):
            last = min(number, first + _AT_ONCE)
            for one in statements:
                self._run(one, facts | {"first": first, "last": last - 1})
            if last % 100_000 == 0:
                say(f"    {last:,} of {number:,}")

    def make_indexes_anew(self) -> None:
        """As full as they grow where rows come in the order of time; copies come before those that are there already,
        and leave pages half empty."""
        for table in self._tables:
            self._run(f'REINDEX TABLE "{table}"')

    def pack_links(self) -> int:
        """As is done behind each sealing, which is made here of what was copied; returns how many packs were made.
        What their links took is given back: where cases come by and by, it is used again within the hour."""
        self._run(_MOVE_HEADS)
        seal_chains(every=timedelta())
        made = pack_links()
        self._run("VACUUM (FULL) audit_auditlink")
        return made

    @contextmanager
    def without_indexes(self, tables: Collection[str]) -> Iterator[None]:
        """Rows are written meanwhile and no index; afterwards each is made of all rows at once, which takes a part of
        the time. Unique ones are checked then."""
        self._run("SET maintenance_work_mem = '1GB'")
        self._run(
            "UPDATE pg_index SET indisready = false, indisvalid = false"
            " WHERE indrelid = ANY (SELECT one::regclass FROM unnest(%s) AS one)",
            [list(tables)],
        )
        yield
        for table in tables:
            self._run(f'REINDEX TABLE "{table}"')

    def close(self) -> None:
        self._connection.close()

    def _run(self, sql: str, given: Any = None) -> None:
        self._cursor.execute(sql, given)

    def _ask(self, sql: str, given: Any = None) -> list[Any]:
        self._cursor.execute(sql, given)
        return self._cursor.fetchall()

    def _names(self, schema: str) -> list[str]:
        found = self._ask(
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'id'"
            " WHERE relkind = 'r' AND relnamespace IN (%s::regnamespace, 'public'::regnamespace)"
            " AND atttypid = 'uuid'::regtype ORDER BY relname",
            [schema],
        )
        return [name for (name,) in found if name not in _ONCE]

    def _taken(self, table: str) -> list[Column]:
        """Keep the table's rows of the lives as a temporary table ``life_…``; none where they wrote nothing there."""
        columns = [
            Column(*found)
            for found in self._ask(
                "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
                [table],
            )
        ]
        values = ", ".join(f't."{one.name}"' for one in columns)
        # of an id that was drawn in the life, what does not say when, and how many milliseconds after its beginning
        drawn = "".join(
            f""", CASE WHEN t."{one.name}" BETWEEN %(first)s AND %(last)s
                THEN right(replace(t."{one.name}"::text, '-', ''), 20) END AS "{one.name}__rest",
            ('x0000' || left(replace(t."{one.name}"::text, '-', ''), 12))::bit(64)::bigint - %(began_at)s
                AS "{one.name}__after\""""
            for one in columns
            if one.type == "uuid"
        )
        has_rows = False
        for place, life in enumerate(self._lives):
            made = f'INSERT INTO "life_{table}"' if place else f'CREATE TEMPORARY TABLE "life_{table}" AS'
            self._run(
                f"{made} SELECT %(place)s::int AS life__place, %(began_at)s::bigint AS life__began, {values}{drawn}"  # noqa: S608 - names as they are
                f' FROM "{table}" AS t WHERE id BETWEEN %(first)s AND %(last)s',
                {"place": place, "first": str(life.first), "last": str(life.last), "began_at": life.began_at},
            )
            has_rows = has_rows or self._cursor.rowcount > 0
        if table == "audit_auditlink":
            self._run(_NUMBER_LINKS)
        return columns if has_rows else []

    def _statement(self, table: str, columns: Sequence[Column]) -> str:
        names = ", ".join(f'"{one.name}"' for one in columns)
        values = ", ".join(self._value(table, one) for one in columns)
        return f"""
            INSERT INTO "{table}" ({names}) SELECT {values}
            FROM (SELECT %(from)s + nth AS one, nth %% %(lives)s AS place, (%(begin)s + %(step)s * nth)::bigint AS ms
                FROM generate_series(%(first)s::int, %(last)s::int) AS nth) AS copy
            JOIN "life_{table}" AS t ON t.life__place = copy.place ORDER BY copy.one, t.id
        """  # noqa: S608 - names of the catalogue

    def _value(self, table: str, column: Column) -> str:
        name = f't."{column.name}"'
        if special := _SPECIAL.get((table, column.name)):
            return special.format(name)
        if table in {"casework_case", "cases_casereport"} and column.name in {"unit_id", "owner_id"}:
            chosen = ", ".join(f"'{one[column.name == 'owner_id']}'" for one in self._owners)
            return f"(ARRAY[{chosen}]::uuid[])[1 + copy.one %% {len(self._owners)}]"
        match column.type:
            case "uuid":
                rest, after = f't."{column.name}__rest"', f't."{column.name}__after"'
                drawn = f"(lpad(to_hex(copy.ms + {after}), 12, '0') || {rest})::uuid"
                return f"CASE WHEN {rest} IS NULL THEN {name} ELSE {drawn} END"
            case "timestamp with time zone":
                return f"{name} + (copy.ms - t.life__began) * interval '1 millisecond'"
            case "date":
                return f"{name} + ((copy.ms - t.life__began) / 86400000)::int"
            case _:
                return name


_OF_THE_DAY: Final = (
    "left({0}, -12) || to_char(to_timestamp(copy.ms / 1000), 'YYYYMMDD') || lpad((copy.one %% 10000)::text, 4, '0')"
)
_ENDS_ANEW: Final = "left({0}, -8) || lpad(to_hex(copy.one), 8, '0')"
# as numbers are after some hundred thousand
_LONGER: Final = "{0} || lpad(to_hex(copy.one), 6, '0')"
# what is unique beside ids, as long as it was
_SPECIAL: Final[dict[tuple[str, str], str]] = {
    # a day has fewer than 10,000 of them
    ("casework_case", "number"): _OF_THE_DAY,
    ("cases_casereport", "number"): _OF_THE_DAY,
    ("cases_casereport", "position"): "1000 + copy.one",
    ("cases_caseapplicant", "number_index"): "CASE WHEN {0} IS NOT NULL THEN "
    "encode(sha256(convert_to(copy.one::text, 'UTF8')), 'hex') END",
    ("cases_caseapplicant", "marks"): "(SELECT array_agg(hashint8extended(mark, copy.one)) FROM unnest({0}) AS mark)",
    # one after another, behind what the chain has
    ("audit_auditlink", "position"): "t.life__end + copy.one / %(lives)s * t.life__all + t.life__nth",
    ("documents_issueddocument", "number"): _LONGER,
    ("documents_issueddocument", "order"): "1000 + copy.one * 4 + {0} %% 4",
    ("documents_issueddocument", "code"): _ENDS_ANEW,
    ("registries_documententry", "number"): _LONGER,
    ("registries_documententry", "code"): _ENDS_ANEW,
    # each file has a digest of its own
    ("registries_documententry", "sha256"): "CASE WHEN {0} = '' THEN {0} ELSE sha256({0} || copy.one::text::bytea) END",
    ("workflow_formupload", "key"): _ENDS_ANEW,
    ("workflow_run", "number"): "1000 + copy.one",
}


def sizes() -> dict[str, tuple[int, int, int]]:
    """Table → bytes of its heap, its indexes and what is kept beside it (TOAST), of all schemas."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relnamespace::regnamespace || '.' || relname, pg_relation_size(oid), pg_indexes_size(oid),"
            " pg_total_relation_size(oid) - pg_relation_size(oid) - pg_indexes_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace::regnamespace::text NOT LIKE 'pg\\_%' AND relpersistence = 'p'"
        )
        return {name: (heap, indexes, beside) for name, heap, indexes, beside in cursor.fetchall()}
