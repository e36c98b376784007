from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from province.catalogue.models import ItemVersion


def ids_sql(version_ids: Sequence[UUID] | QuerySet[ItemVersion]) -> tuple[str, tuple[Any, ...]]:
    """The SQL that follows ``id`` so that only these versions are meant, with its parameters. A queryset stays a
    subquery: the ids never leave the database. Raises EmptyResultSet for a queryset that can have no rows."""
    if isinstance(version_ids, QuerySet):
        sql, params = version_ids.order_by().values("pk").query.sql_with_params()
        return f"IN ({sql})", params
    return "= ANY(%s::uuid[])", (list(version_ids),)
