"""Cases of one citizen, at all halls."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from province.cases.models import CaseReport
from province.cases.states import OPEN_CASES, CaseState
from province.halls.queries.sites import open_addresses
from standards.fees import in_yuan

_FIRST, _OPEN, _ENDED = range(3)
MOST_OWN: Final = 50


@dataclass(frozen=True, slots=True)
class OwnCase:
    """``address``: of the hall's site, "" where it is not open."""

    report: CaseReport
    address: str

    @property
    def waits_for_citizen(self) -> bool:
        return bool(self.waits_words)

    @property
    def waits_words(self) -> str:
        """What the citizen has to do, as a tag says it; "" where nothing."""
        return waits_words_of(self.report)


def waits_words_of(report: CaseReport) -> str:
    """What the applicant has to do, as a tag says it; "" where nothing."""
    if report.owed_fen:
        return f"请缴费 {in_yuan(report.owed_fen)} 元"
    if report.state == CaseState.CORRECTING or report.owes_materials:
        return "等您补材料"
    return "文书等您打开" if report.is_unopened else ""


def waits_by_case(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """As ``waits_words_of``, by the case's id: one query."""
    return {pk: waits_words_of(one) for pk, one in CaseReport.objects.in_bulk(list(case_ids)).items()}


def cases_of_citizen(citizen_id: UUID) -> QuerySet[CaseReport]:
    """What the citizen has to do something about first, then what is open, then the rest; of each the newest first.
    With their halls: one query however many halls there are."""
    is_to_do = Q(state=CaseState.CORRECTING) | Q(owes_materials=True) | Q(owed_fen__gt=0) | Q(is_unopened=True)
    order = Case(
        When(is_to_do, then=Value(_FIRST)),
        When(Q(state__in=OPEN_CASES), then=Value(_OPEN)),
        default=Value(_ENDED),
        output_field=IntegerField(),
    )
    return CaseReport.objects.filter(citizen_id=citizen_id).select_related("hall").order_by(order, "-pk")


def own_cases(citizen_id: UUID, *, most: int = MOST_OWN) -> list[OwnCase]:
    """As ``cases_of_citizen``, with the addresses of the halls' sites: two queries."""
    reports = list(cases_of_citizen(citizen_id)[:most])
    addresses = open_addresses({one.hall_id for one in reports})
    return [OwnCase(one, addresses.get(one.hall_id, "")) for one in reports]
