"""What a hall makes public (政务公开): its columns but for those that have a word of their own in the navigation."""

from collections.abc import Sequence

from province.content.queries.pushes import listed_by_column
from province.halls.models import Hall
from tenants.portal.models import Column

# 走进本地
_ELSEWHERE = frozenset({"about"})


def disclosed_columns(columns: Sequence[Column]) -> list[Column]:
    """Those of the columns that stand under 政务公开, in their order."""
    return [column for column in columns if column.code not in _ELSEWHERE]


def has_disclosed_lines(hall: Hall, columns: Sequence[Column]) -> bool:
    """Whether something that was pushed to the hall stands in one of the columns: one query."""
    return any(listed_by_column(hall, [column.code for column in columns], limit=1).values())
