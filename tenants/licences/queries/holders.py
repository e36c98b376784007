"""Whose a licence is: every application has a row of its own, so that one holder may have several."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from province.cases.models import CaseApplicant
from province.cases.states import ApplicantNature
from province.citizens.models import Citizen
from standards.numbers.residents import normal_number

_NOBODY: Final = Q(pk=None)


def rows_of_holder(hall_id: UUID, *, number: str = "", credit_code: str = "") -> QuerySet[CaseApplicant]:
    """Under which somebody has applied at the hall: a body by its code, a person by the identity number."""
    if credit_code:
        who = Q(kind=ApplicantNature.BODY, credit_code=credit_code.upper())
    else:
        who = Q(kind=ApplicantNature.PERSON, number_index__of=normal_number(number)) if number else _NOBODY
    return CaseApplicant.objects.filter(who, hall_id=hall_id)


def rows_of_same_holder(holder: CaseApplicant) -> QuerySet[CaseApplicant]:
    """All rows under which the holder of this one has applied."""
    if holder.kind == ApplicantNature.BODY:
        return rows_of_holder(holder.hall_id, credit_code=holder.credit_code)
    return rows_of_holder(holder.hall_id, number=holder.number.plain)


def rows_of_citizen(hall_id: UUID, citizen: Citizen) -> QuerySet[CaseApplicant]:
    """Under which the citizen has applied, or a company whose legal representative they are. Nobody's, as long as
    nobody has checked who the citizen is: a number is typed quickly. One query more."""
    if citizen.level < Citizen.Level.NUMBER:
        return CaseApplicant.objects.none()
    codes = list(citizen.companies.values_list("uscc", flat=True))
    own = Q(kind=ApplicantNature.PERSON, number_index__of=citizen.number.plain) if citizen.number else _NOBODY
    of_companies = Q(kind=ApplicantNature.BODY, credit_code__in=codes) if codes else _NOBODY
    return CaseApplicant.objects.filter(own | of_companies, hall_id=hall_id)


def holders_with_ids(hall_id: UUID, ids: Collection[UUID]) -> dict[UUID, CaseApplicant]:
    return CaseApplicant.objects.filter(hall_id=hall_id).in_bulk(list(ids))


def mark_of(holder: CaseApplicant) -> str:
    """By which all rows of one holder are known: a body's code, or the digest of a person's number."""
    return holder.credit_code if holder.kind == ApplicantNature.BODY else str(holder.number_index)


def shown_number(holder: CaseApplicant) -> str:
    """Of a body its code; of a person, masked."""
    return holder.credit_code or str(holder.number)
