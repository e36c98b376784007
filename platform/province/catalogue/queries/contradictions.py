"""Items that say one thing against another, as they stand published: in the province's part, or in halls' guides."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.validity import items_valid_at
from standards.items.contradictions import Contradiction, label_of_code

_IN_HALLS: Final = """
SELECT item.id, item.basic_code, item.name, department.name, code, count(*)
FROM catalogue_hallitem AS report
CROSS JOIN LATERAL unnest(report.contradictions) AS code
JOIN catalogue_item AS item ON item.id = report.item_id
JOIN catalogue_department AS department ON department.id = item.department_id
WHERE report.state = 'published' AND report.contradictions <> '{}'
GROUP BY 1, 2, 3, 4, 5
ORDER BY 4, 2, 5
"""


@dataclass(frozen=True, slots=True)
class ContradictoryItem:
    """An item whose version in force says one thing against another, whatever halls add to it."""

    version: ItemVersion
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class ContradictionInHalls:
    """In how many halls the published guide of an item has this contradiction; ``label``: what it is."""

    item_id: UUID
    basic_code: str
    name: str
    department: str
    label: str
    halls: int


def contradictory_items() -> list[ContradictoryItem]:
    """By department and code: one query, and the check of those that it finds."""
    rows = items_valid_at(timezone.now()).exclude(contradictions=[]).order_by("department__name", "item__basic_code")
    found = []
    for version in rows:
        item = version.item
        findings = check_item(family=item.family, item_type=item.item_type, values=version.values)
        found.append(ContradictoryItem(version, findings.contradictions))
    return found


def contradictions_in_halls() -> list[ContradictionInHalls]:
    """What halls report of their published guides, by department and code: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_HALLS)
        rows = cursor.fetchall()
    return [
        ContradictionInHalls(item_id, basic_code, name, department, label_of_code(code), halls)
        for item_id, basic_code, name, department, code, halls in rows
    ]
