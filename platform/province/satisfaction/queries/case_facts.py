"""好差评 on the page of 办件概览."""

from collections.abc import Iterable

from django.urls import reverse

from province.cases.slots import SummaryArea, SummaryFact
from province.rights.actors import Actor
from province.rights.queries import has_anywhere
from province.satisfaction.queries.figures import COUNTY, READ, ratings_in


def rating_facts(by: Actor, area: SummaryArea) -> Iterable[SummaryFact]:
    """How the area was rated in these months, real ratings and 默认好评 apart, and how many low ones wait for an
    answer: one query."""
    if not has_anywhere(by, READ):
        return
    sums = ratings_in(by, prefix=area.prefix, hall_id=area.hall_id, first=area.first, last=area.last)
    place = {"place": area.prefix[:COUNTY]} if len(area.prefix) >= COUNTY else {}
    address = reverse("console-satisfaction", query={**place, **area.months})
    if not sums.given:
        yield SummaryFact("好差评", f"没有真实评价，默认好评 {sums.defaulted:,} 次", address)
        return
    low = f"，差评 {sums.low:,} 次，其中 {sums.low - sums.answered:,} 次还没有反馈" if sums.low else "，没有差评"
    words = f"真实评价 {sums.given:,} 次，平均 {sums.average:.2f} 分，好评率 {sums.good_share:.1f}%{low}"
    yield SummaryFact("好差评", f"{words}；默认好评 {sums.defaulted:,} 次，单独统计", address)
