"""How much items are used, as SQL around a query of those that a hall shows (``item_id``, ``version_id``)."""


def applied_kinds_sql(shown: str) -> str:
    """One row: whether there are items that people apply for (types of the parameter ``applied``), and others."""
    return f"""
    WITH kinds AS MATERIALIZED (
        SELECT i.item_type = ANY (%(applied)s) AS is_applied
        FROM ({shown}) AS shown JOIN catalogue_item AS i ON i.id = shown.item_id)
    SELECT EXISTS (SELECT FROM kinds WHERE is_applied), EXISTS (SELECT FROM kinds WHERE NOT is_applied)
    """  # noqa: S608 - the query is the program's own


def with_kind_sql(shown: str) -> str:
    """``SELECT item_id, version_id, is_applied``: whether it is of a type that people apply for (``applied``)."""
    return f"""
    SELECT shown.item_id, shown.version_id, i.item_type = ANY (%(applied)s)
    FROM ({shown}) AS shown JOIN catalogue_item AS i ON i.id = shown.item_id
    """  # noqa: S608 - the query is the program's own


def most_used_sql(shown: str) -> str:
    """``SELECT id, name, reads, total``: the ``most`` items of the types ``applied`` that were read most at the hall
    ``hall`` since the day ``since``; those that belong to an event of a life come first among equals, then the lower
    codes. ``total``: of all such items."""
    return f"""
    SELECT i.id, v.name, coalesce(r.number, 0), count(*) OVER ()
    FROM ({shown}) AS shown
    JOIN catalogue_item AS i ON i.id = shown.item_id AND i.item_type = ANY (%(applied)s)
    JOIN catalogue_itemversion AS v ON v.id = shown.version_id
    LEFT JOIN (
        SELECT item_id, sum(number)::int AS number FROM catalogue_itemreads
        WHERE hall_id = %(hall)s AND month >= %(since)s GROUP BY item_id) AS r ON r.item_id = i.id
    ORDER BY coalesce(r.number, 0) DESC, (v.values ? 'life_events') DESC, i.basic_code
    LIMIT %(most)s
    """  # noqa: S608 - the query is the program's own
