"""Personal data as the models declare it (``EncryptedTextField``), and where it may not come out.

What is searched for is taken from the columns themselves: a new one is searched for from its first row on.
"""

import gc
import gzip
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import unquote

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models

from config.logs import JsonFormatter
from foundation.crypto.rotation import EncryptedColumn, encrypted_columns
from foundation.masking import mask_address, mask_name, mask_number, mask_phone
from tenants.shell.page_cache import KeptPages

# how people are found in texts that escape what is not ASCII
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
# what is no longer than a code or a word would be found by chance
_LEAST = 8


def name_of(serial: int) -> str:
    """A name that nobody has and no text holds by chance; its mask keeps the two ends."""
    return f"龘{chr(0x9100 + serial // 256)}{chr(0x9A00 + serial % 256)}靐"


# the mask of a column says what kind of thing is in it -> one that nobody has
SEEDS: Mapping[Callable[[str], str], Callable[[int], str]] = {
    mask_phone: lambda serial: f"139{serial:08d}",
    mask_number: lambda serial: f"4205821985010{serial:05d}",
    mask_name: name_of,
    mask_address: lambda serial: f"湖北省宜昌市当阳市{name_of(serial)}路{serial}号",
}


def declared() -> set[str]:
    """``citizens.Citizen.phone`` and so on: every column that is declared personal."""
    return {f"{column.model._meta.label}.{column.field.name}" for column in encrypted_columns()}


def sow() -> None:
    """Put a seed of its own into every declared column of every row whose mask says what it holds; the others keep
    what is in them (keys that programs must be able to read)."""
    serial = 0
    for column in encrypted_columns():
        make = SEEDS.get(column.field.mask)
        if make is None:
            continue
        for row in _rows(column):
            serial += 1
            setattr(row, column.field.name, make(serial))
            row.save(update_fields=[column.field.name])


def one_of_each() -> list[tuple[models.Model, str]]:
    """For every declared column a row that holds a seed in it, and the column's name; nothing is kept."""
    return [
        (column.model(**{column.field.name: SEEDS.get(column.field.mask, _secret)(serial)}), column.field.name)
        for serial, column in enumerate(encrypted_columns(), start=1)
    ]


def _secret(serial: int) -> str:
    return f"zp{serial:06d}pz"


def _rows(column: EncryptedColumn) -> models.QuerySet[models.Model]:
    return models.QuerySet(column.model).all()


def kept_values() -> dict[str, str]:
    """Every plain value of every declared column -> the column."""
    return {
        _core(value.plain): f"{column.model._meta.label}.{column.field.name}"
        for column in encrypted_columns()
        for row in _rows(column)
        if (value := getattr(row, column.field.name))
    }


def _core(value: str) -> str:
    """Of a key in lines its third one: the first two are alike for all."""
    lines = value.splitlines()
    found = lines[2] if len(lines) > 2 else value
    assert len(found) >= _LEAST or not found.isascii(), f"{found}: too short to be searched for"
    return found


def found_among(values: Iterable[str], text: str) -> set[str]:
    """Which of the values stand in it, also as JSON and as addresses write them."""
    if "\\u" in text:
        text += _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "%E" in text or "%e" in text:
        text += unquote(text)
    return {value for value in values if value in text}


@contextmanager
def all_logs(level: int = logging.DEBUG) -> Iterator[list[str]]:
    """Everything that the process logs, from this level on, as it would be written."""
    lines: list[str] = []

    class _Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = _Keep(level)
    handler.setFormatter(JsonFormatter())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def what_is_left() -> Iterator[tuple[str, str]]:
    """What the process leaves behind, by name: rows of every table as text (the audit's among them), the broker's keys,
    kept pages, sessions."""
    yield from _whole_database()
    yield "broker", _whole_broker()
    yield "kept pages", "\n".join(_kept_pages())
    store = Session.get_session_store_class()()
    yield "sessions", json.dumps([store.decode(one.session_data) for one in Session.objects.all()], ensure_ascii=False)


def _whole_database() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT string_agg(t::text, E'\\n') FROM {table} AS t")  # noqa: S608
            yield table, cursor.fetchone()[0] or ""


def _whole_broker() -> str:
    with redis.Redis.from_url(settings.BROKER_URL) as broker:
        texts = []
        for key in broker.scan_iter():
            read = {"list": lambda k: broker.lrange(k, 0, -1), "hash": broker.hgetall, "set": broker.smembers}
            kind = broker.type(key).decode()
            texts.append(repr((key, read.get(kind, broker.dump)(key))))
    return "\n".join(texts)


def _kept_pages() -> Iterable[str]:
    for one in gc.get_objects():
        # not isinstance: it would wake lazy objects that others left behind
        if type(one) is KeptPages:
            for key, page in one.items():
                body = gzip.decompress(page.content) if page.content[:2] == b"\x1f\x8b" else page.content
                yield f"{key} {body.decode(errors='ignore')} {page.headers}"
