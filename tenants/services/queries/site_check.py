"""The hall's guides as a site check looks at them (国办秘函〔2019〕19号): some of those that people use most."""

from dataclasses import dataclass
from typing import Final

from province.halls.models import Hall
from standards.items.contradictions import label_of_code
from standards.items.guide_elements import GuideElement
from tenants.services.models import Adoption
from tenants.services.queries.shown import most_used_items, shown_items

# so many are looked at closely
SAMPLED: Final = 5
# a guide that lacks so many groups of elements is of no use
POOR: Final = 4


@dataclass(frozen=True, slots=True)
class GuidesInCheck:
    """``shown``: how many items citizens find that they apply for; ``poor``: of how many of them the guide lacks four
    groups of elements or more; ``faults``: of the ``sampled`` most used ones, name and what was found."""

    shown: int
    poor: int
    sampled: int
    faults: list[tuple[str, str]]


def guides_in_check(hall: Hall) -> GuidesInCheck:
    """Three queries, whatever the number of items."""
    shown = [row for row in shown_items() if row.is_applied]
    if not shown:
        return GuidesInCheck(0, 0, 0, [])
    known = Adoption.objects.filter(item_id__in=[row.item_id for row in shown])
    found = {
        item_id: (lacks, codes) for item_id, lacks, codes in known.values_list("item_id", "lacks", "contradictions")
    }
    listed = {row.item_id for row in shown if not row.is_guide}
    sample = most_used_items(hall, [row.version_id for row in shown], most=SAMPLED)
    faults = []
    for one in sample:
        lacks, codes = found[one.item_id]
        words = [f"缺少{GuideElement(lack).label}" for lack in lacks]
        words += [] if lacks or one.item_id not in listed else ["内容不齐，只列名录"]
        words += [label_of_code(code) for code in codes]
        if words:
            faults.append((one.name, "，".join(words)))
    return GuidesInCheck(len(shown), sum(len(lacks) >= POOR for lacks, _ in found.values()), len(sample), faults)
