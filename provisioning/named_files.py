"""Which files of the object store rows name: in the public schema, and in halls that are drawn by lot."""

import random
from typing import Any, Final

from psycopg2 import sql

from foundation.files.store import key_of
from province.halls.models import Hall
from tenants.documents.queries.documents import PDF, WORD

# what every table of files has (foundation.files.models.StoredFile)
_OF_FILES: Final = ["key", "sha256", "renditions", "media_type"]
# what documents have, whose files lie under keys made of their digests (tenants.documents.queries)
_OF_DOCUMENTS: Final = ["pdf_sha256", "word_sha256"]
_TABLES = """
    SELECT space.nspname, relation.relname
    FROM pg_class AS relation JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE relation.relkind = 'r' AND space.nspname = ANY (%s) AND (
        SELECT count(*) FROM pg_attribute AS part
        WHERE part.attrelid = relation.oid AND part.attname = ANY (%s)) = %s
"""
_HALLS = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^hall_[0-9]{6,}$'"


def files_named(cursor: Any, *, halls: int) -> set[str]:
    """Keys that the rows name, with all widths of pictures: of the public schema, and of at most so many halls. The
    cursor may be of another database than ours."""
    cursor.execute(_HALLS)
    names = [name for (name,) in cursor.fetchall()]
    drawn = ["public", *random.sample(names, min(halls, len(names)))]
    keys: set[str] = set()
    for schema, table in _tables_with(cursor, drawn, _OF_FILES):
        cursor.execute(
            sql.SQL(
                "SELECT key FROM {table} WHERE key <> ''"
                " UNION SELECT width.value FROM {table}, jsonb_each_text(renditions) AS width"
            ).format(table=sql.Identifier(schema, table))
        )
        keys |= {key for (key,) in cursor.fetchall()}
    ids = sql.SQL("SELECT schema_name, id FROM {halls} WHERE schema_name = ANY (%s)")
    cursor.execute(ids.format(halls=sql.Identifier("public", Hall._meta.db_table)), [drawn])
    hall_ids = dict(cursor.fetchall())
    for schema, table in _tables_with(cursor, list(hall_ids), _OF_DOCUMENTS):
        cursor.execute(
            sql.SQL(
                "SELECT encode(pdf_sha256, 'hex'), encode(word_sha256, 'hex') FROM {table} WHERE pdf_sha256 IS NOT NULL"
            ).format(table=sql.Identifier(schema, table))
        )
        folder = Hall(id=hall_ids[schema]).folder
        for pdf, word in cursor.fetchall():
            keys |= {key_of(folder, pdf, PDF), key_of(folder, word, WORD)}
    return keys


def _tables_with(cursor: Any, schemas: list[str], columns: list[str]) -> list[tuple[str, str]]:
    """Schema and name of each table that has all these columns."""
    cursor.execute(_TABLES, [schemas, columns, len(columns)])
    found: list[tuple[str, str]] = cursor.fetchall()
    return found
