"""Which files of the object store rows name: in the public schema, and in halls that are drawn by lot."""

import random
from typing import Any

from psycopg2 import sql

from foundation.files.store import key_of
from province.halls.models import Hall
from tenants.documents.queries.documents import PDF, WORD

# what every table of files has (foundation.files.models.StoredFile)
_TABLES = """
    SELECT space.nspname, relation.relname
    FROM pg_class AS relation JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE relation.relkind = 'r' AND space.nspname = ANY (%s) AND (
        SELECT count(*) FROM pg_attribute AS part
        WHERE part.attrelid = relation.oid AND part.attname IN ('key', 'sha256', 'renditions', 'media_type')) = 4
"""
# what documents have, whose files lie under keys made of their digests (tenants.documents.queries)
_DOCUMENTS = """
    SELECT hall.id, space.nspname, relation.relname FROM {halls} AS hall
    JOIN pg_namespace AS space ON space.nspname = hall.schema_name
    JOIN pg_class AS relation ON relation.relnamespace = space.oid AND relation.relkind = 'r'
    WHERE space.nspname = ANY (%s) AND (
        SELECT count(*) FROM pg_attribute AS part
        WHERE part.attrelid = relation.oid AND part.attname IN ('pdf_sha256', 'word_sha256')) = 2
"""
_HALLS = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^hall_[0-9]{6,}$'"


def files_named(cursor: Any, *, halls: int) -> set[str]:
    """Keys that the rows name, with all widths of pictures: of the public schema, and of at most so many halls. The
    cursor may be of another database than ours."""
    cursor.execute(_HALLS)
    names = [name for (name,) in cursor.fetchall()]
    drawn = ["public", *random.sample(names, min(halls, len(names)))]
    cursor.execute(_TABLES, [drawn])
    keys: set[str] = set()
    for schema, table in cursor.fetchall():
        cursor.execute(
            sql.SQL(
                "SELECT key FROM {table} WHERE key <> ''"
                " UNION SELECT width.value FROM {table}, jsonb_each_text(renditions) AS width"
            ).format(table=sql.Identifier(schema, table))
        )
        keys |= {key for (key,) in cursor.fetchall()}
    cursor.execute(sql.SQL(_DOCUMENTS).format(halls=sql.Identifier("public", Hall._meta.db_table)), [drawn])
    for hall_id, schema, table in cursor.fetchall():
        cursor.execute(
            sql.SQL(
                "SELECT encode(pdf_sha256, 'hex'), encode(word_sha256, 'hex') FROM {table} WHERE pdf_sha256 IS NOT NULL"
            ).format(table=sql.Identifier(schema, table))
        )
        folder = Hall(id=hall_id).folder
        for pdf, word in cursor.fetchall():
            keys |= {key_of(folder, pdf, PDF), key_of(folder, word, WORD)}
    return keys
