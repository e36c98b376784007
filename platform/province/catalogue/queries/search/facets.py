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
SELECT split_part(facet, ':', 1), substr(facet, strpos(facet, ':') + 1), count(*)
FROM catalogue_itemversion AS v
JOIN catalogue_item AS i ON i.id = v.item_id
JOIN catalogue_department AS d ON d.id = v.department_id
CROSS JOIN LATERAL unnest(v.facets || ARRAY['family:' || i.family, 'department:' || d.name]) AS facet
WHERE v.id {ids}
GROUP BY facet
"""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """``value`` is what ``having_facets`` takes: a code, or a department's name."""

    value: str
    label: str
    count: int


def item_facets(version_ids: Sequence[UUID] | QuerySet[ItemVersion]) -> dict[Facet, list[FacetCount]]:
    """How many of these versions there are of every theme, life event, audience, family and department; what none has
    is left out. In the order of the code lists; departments by their number of items."""
    try:
        ids, params = ids_sql(version_ids)
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(ids=ids), params)
        counted: defaultdict[Facet, dict[str, int]] = defaultdict(dict)
        for facet, value, count in cursor.fetchall():
            counted[Facet(facet)][value] = count
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


def _in_order(facet: Facet, counts: Mapping[str, int]) -> list[FacetCount]:
    if facet is Facet.DEPARTMENT:
        ordered = sorted(counts, key=lambda name: (-counts[name], name))
        return [FacetCount(name, name, counts[name]) for name in ordered]
    return [FacetCount(code, label, counts[code]) for code, label in LABELS[facet].choices if code in counts]
