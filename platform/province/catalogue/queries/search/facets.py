from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from foundation.texts import visible
from province.catalogue.models import ItemVersion
from province.catalogue.queries.search.version_ids import ids_sql
from standards.items.facets import LABELS, Facet, facet_key

_COUNTS: Final = """
SELECT split_part(facet, ':', 1), substr(facet, strpos(facet, ':') + 1), count(*), e.name
FROM catalogue_itemversion AS v
JOIN catalogue_item AS i ON i.id = v.item_id
JOIN catalogue_department AS d ON d.id = v.department_id
CROSS JOIN LATERAL unnest(v.facets || ARRAY['family:' || i.family, 'department:' || d.name]) AS facet
LEFT JOIN catalogue_lifeevent AS e ON facet = 'life-event:' || e.code
WHERE v.id {ids} AND e.retired_at IS NULL
GROUP BY facet, e.id
ORDER BY e.whom = 'body', e.place, e.code
"""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """``value`` is what ``having_facets`` takes: a code, or a department's name."""

    value: str
    label: str
    count: int


def item_facets(version_ids: Sequence[UUID] | QuerySet[ItemVersion]) -> dict[Facet, list[FacetCount]]:
    """How many of these versions there are of every theme, life event, audience, family and department; what none has
    is left out, and so are life events that the province has retired. In the order of the code lists; life events as
    the province arranged them, those of people first; departments by their number of items."""
    try:
        ids, params = ids_sql(version_ids)
    except EmptyResultSet:
        return {}
    counted: defaultdict[Facet, list[FacetCount]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(ids=ids), params)
        for facet, value, count, event in cursor.fetchall():
            counted[Facet(facet)].append(FacetCount(value, event or value, count))
    return {facet: _in_order(facet, counted[facet]) for facet in Facet if facet in counted}


def having_facets(rows: QuerySet[ItemVersion], chosen: Mapping[Facet, str]) -> QuerySet[ItemVersion]:
    """The versions that have everything that was chosen; an empty choice is none, an unknown one finds nothing."""
    wanted = {facet: visible(value) for facet, value in chosen.items() if visible(value)}
    if department := wanted.pop(Facet.DEPARTMENT, ""):
        rows = rows.filter(department__name=department)
    if family := wanted.pop(Facet.FAMILY, ""):
        rows = rows.filter(item__family=family)
    if wanted:
        rows = rows.filter(facets__contains=[facet_key(facet, value) for facet, value in wanted.items()])
    return rows


def _in_order(facet: Facet, counts: list[FacetCount]) -> list[FacetCount]:
    if facet is Facet.DEPARTMENT:
        return sorted(counts, key=lambda one: (-one.count, one.value))
    if facet is Facet.LIFE_EVENT:
        return counts
    found = {one.value: one.count for one in counts}
    return [FacetCount(code, label, found[code]) for code, label in LABELS[facet].choices if code in found]
