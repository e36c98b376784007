"""What pushes put into the columns of halls' sites, for the halls' own checks (halls.queries.columns)."""

from province.content.queries.pushes.matching import IS_LISTED

# pushes that say the same to everybody are one row each; one that some hall moved or adopted is looked at hall by hall
FILLED_COLUMNS = f"""
WITH grouped AS (
    SELECT s.prefix, s."column", s.kinds, s.excluded_keys, max(s.published_at) AS last_at,
        CASE WHEN EXISTS (SELECT FROM content_hallpushdecision AS d WHERE d.push_id = s.push_id) THEN s.push_id END
            AS decided_id
    FROM content_pushscope AS s
    WHERE s.prefix IN (SELECT unnest(prefixes) FROM asked) AND s.mode = 'direct' AND s.is_listed AND NOT s.is_excluded
    GROUP BY s.prefix, s."column", s.kinds, s.excluded_keys, decided_id
), meant AS (
    SELECT id, kind, own AS prefix,
        prefixes || ARRAY(SELECT own || '/' || kind FROM unnest(prefixes) AS own) AS keys
    FROM asked CROSS JOIN LATERAL unnest(prefixes) AS own
)
SELECT meant.id AS hall_id, grouped."column" AS column_code, grouped.last_at AS last_published_at
FROM meant JOIN grouped ON grouped.prefix = meant.prefix
WHERE (grouped.kinds = '{{}}' OR meant.kind = ANY (grouped.kinds)) AND NOT grouped.excluded_keys && meant.keys
    AND NOT EXISTS (SELECT FROM content_hallpushdecision AS d
                    WHERE d.hall_id = meant.id AND d.push_id = grouped.decided_id)
UNION ALL
SELECT d.hall_id, d."column", d.published_at
FROM content_hallpushdecision AS d JOIN asked ON asked.id = d.hall_id JOIN content_push AS p ON p.id = d.push_id
WHERE d.decision IN ('adopted', 'moved') AND {IS_LISTED}
"""  # noqa: S608 - put together from constants
