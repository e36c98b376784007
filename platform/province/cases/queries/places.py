"""Where figures of cases are of: names of places and halls, the way down to them, and what else is known there."""

from typing import Final

from django.db.models import F

from province.cases.queries.figures import READ, own_words
from province.cases.slots import SUMMARY_FACTS, SummaryArea, SummaryFact
from province.halls.models import Division, Hall
from province.rights.actors import Actor
from province.rights.queries import within_reach

_WHOLE: Final = 12
# of a county, and of a township
_STEPS: Final = (6, 9)


def name_of_area(area: SummaryArea) -> str:
    """Of the hall, or of the place; "" for everything."""
    if area.hall_id:
        return Hall.objects.values_list("name", flat=True).get(pk=area.hall_id)
    if not area.prefix:
        return ""
    rows = Division.objects.filter(code=area.prefix.ljust(_WHOLE, "0")).order_by(F("valid_to").desc(nulls_first=True))
    return f"{rows.values_list('name', flat=True).first() or area.prefix}{own_words(area.prefix)}"


def way_to(by: Actor, area: SummaryArea) -> list[tuple[str, str]]:
    """Digits and names of the places above that the actor may open, the widest first."""
    code = area.prefix
    if area.hall_id:
        code = Hall.objects.values_list("division__code", flat=True).get(pk=area.hall_id)
    prefixes = [code[:digits] for digits in _STEPS if len(code) > digits]
    reach = within_reach(by, READ, hall="hall__pk", prefix="code")
    found = Division.objects.filter(reach, code__in=[one.ljust(_WHOLE, "0") for one in prefixes])
    names = dict(found.order_by(F("valid_to").asc(nulls_last=True)).values_list("code", "name"))
    return [
        (one, f"{names[padded]}{own_words(one)}") for one in prefixes if (padded := one.ljust(_WHOLE, "0")) in names
    ]


def facts_of(by: Actor, area: SummaryArea) -> list[SummaryFact]:
    """What other apps know of the area."""
    return [fact for act in SUMMARY_FACTS.entries() for fact in act(by, area)]
