"""Rows that are held until a transaction ends, with what is joined to them."""

from typing import Any

from django.db.models import Model, QuerySet


def hold_row[M: Model](rows: QuerySet[M], *, no_key: bool = False, **which: Any) -> M | None:
    """Hold the one row that ``which`` finds, and read it with what ``rows`` joins to it (``select_related``); None
    where there is none. ``no_key``: rows that refer to it may be added meanwhile.

    PostgreSQL reads a row that it has waited for anew, and not what is joined to it: where another one holds it by now,
    its join is empty, or the row is left out. Then it is read once more, which does not wait: it is held.
    """
    held = rows.select_for_update(of=("self",), no_key=no_key).filter(**which)
    found = held.first()
    return held.first() if found is None or _lacks_joined(found, rows) else found


def _lacks_joined(found: Model, rows: QuerySet[Any]) -> bool:
    joined = rows.query.select_related
    names = joined if isinstance(joined, dict) else ()
    return any(getattr(found, f"{name}_id") is not None and getattr(found, name) is None for name in names)
