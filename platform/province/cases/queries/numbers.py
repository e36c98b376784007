from django.db.models import Max

from province.cases.models import CaseReport

# of the numbers of one item and day
_FIRST, _LAST = "0000", "9999"


def last_number_taken(prefix: str) -> int:
    """The highest of the four digits that follow this beginning in any hall's 办件编号; 0 where there is none."""
    taken = CaseReport.objects.filter(number__gte=f"{prefix}{_FIRST}", number__lte=f"{prefix}{_LAST}")
    highest: str | None = taken.aggregate(highest=Max("number"))["highest"]
    return int(highest[-len(_LAST) :]) if highest else 0
