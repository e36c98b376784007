"""How much items are used at a hall."""

from typing import Final


def with_kind_sql(shown: str) -> str:
    """The columns of the query ``shown`` (``item_id`` among them), and behind them ``is_applied``: whether it is of a
    type that people apply for (the parameter ``applied``)."""
    return f"""
    SELECT shown.*, i.item_type = ANY (%(applied)s) AS is_applied
    FROM ({shown}) AS shown JOIN catalogue_item AS i ON i.id = shown.item_id
    """  # noqa: S608 - the query is the program's own


# ``SELECT id, name, reads, total``: of the versions ``versions`` the ``most`` items that were read most at the hall
# ``hall`` since the day ``since``; those that belong to an event of a life come first among equals, then the lower
# codes.
# ``total``: of all these versions
MOST_USED_SQL: Final = """
SELECT i.id, v.name, coalesce(r.number, 0), count(*) OVER ()
FROM catalogue_itemversion AS v
JOIN catalogue_item AS i ON i.id = v.item_id
LEFT JOIN (
    SELECT item_id, sum(number)::int AS number FROM catalogue_itemreads
    WHERE hall_id = %(hall)s AND month >= %(since)s GROUP BY item_id) AS r ON r.item_id = i.id
WHERE v.id = ANY (%(versions)s::uuid[])
ORDER BY coalesce(r.number, 0) DESC, (v.values ? 'life_events') DESC, i.basic_code
LIMIT %(most)s
"""
