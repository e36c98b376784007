"""Who applied, for who tells them or recognises them."""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from foundation.errors import Damaged
from foundation.text_encoding import letters_of, without_spaces
from province.cases.models import PHONE_TAIL, CaseApplicant, agent_mark, name_mark, phone_mark
from standards.numbers.phones import is_mobile, normal_phone
from standards.numbers.residents import normal_number

_ID_LENGTH: Final = 18
_SHORTEST_NAME: Final = 2


def applicant_with_id(hall_id: UUID, applicant_id: UUID) -> CaseApplicant | None:
    """None also for another hall's."""
    return CaseApplicant.objects.filter(pk=applicant_id, hall_id=hall_id).first()


def phone_of_applicant(applicant_id: UUID) -> str:
    """Where an applicant is told things: their own phone, or that of who came for them; "" for none."""
    found = CaseApplicant.objects.filter(pk=applicant_id).first()
    return phone_to_tell(found) if found else ""


def phone_to_tell(applicant: CaseApplicant) -> str:
    """As ``phone_of_applicant``, of a row that was read."""
    own: str = applicant.phone.plain
    return own or str(applicant.agent_phone.plain)


def applicants_by_id(hall_id: UUID, applicant_ids: Collection[UUID]) -> dict[UUID, CaseApplicant]:
    """Of this hall alone: one query."""
    return CaseApplicant.objects.filter(hall_id=hall_id).in_bulk(list(applicant_ids))


def applicants_with_number(hall_id: UUID, number: str) -> QuerySet[CaseApplicant, UUID]:
    """Ids of those of a hall with exactly this whole identity number."""
    return CaseApplicant.objects.filter(hall_id=hall_id, number_index__of=number).values_list("pk", flat=True)


def others_of_applicant(applicant: CaseApplicant, most: int) -> list[UUID]:
    """Ids of the newest of the same hall who are the same body, or else the same person by number, but this one."""
    rows = CaseApplicant.objects.filter(hall_id=applicant.hall_id).exclude(pk=applicant.pk)
    if applicant.credit_code:
        rows = rows.filter(credit_code=applicant.credit_code)
    elif applicant.number_index:
        rows = rows.filter(number_index=applicant.number_index, credit_code="")
    else:
        return []
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:most])


def applicants_sought(hall_id: UUID, words: str) -> list[UUID]:
    """Ids of those of a hall who are found by what somebody typed: a whole name (of a person, a body, or who came for
    them), a whole 身份证号 or 统一社会信用代码, a phone or its last four digits. Each is found by its index."""
    rows = CaseApplicant.objects.filter(hall_id=hall_id).order_by("pk")
    text = without_spaces(words)
    if text.isascii() and len(text) == _ID_LENGTH:
        # asked one by one: of questions with an or between them the database reads every row
        found = [
            rows.filter(number_index__of=normal_number(text)),
            rows.filter(credit_code=text.upper()),
            rows.filter(marks__of=agent_mark(hall_id, text)),
        ]
        return _ids(pk for one in found for pk in one.values_list("pk", flat=True))
    digits = normal_phone(text) if text.lstrip("+").isdigit() else ""
    if len(digits) == PHONE_TAIL:
        return _ids(rows.filter(marks__of=phone_mark(hall_id, digits)).values_list("pk", flat=True))
    if is_mobile(digits):
        # a tail is a few people's: which of them it is, the phones themselves say
        alike = rows.filter(marks__of=phone_mark(hall_id, digits))
        return _ids(one.pk for one in alike if digits in _phones(one))
    if len(letters_of(text)) < _SHORTEST_NAME or text.isdigit():
        return []
    return _ids(rows.filter(marks__of=name_mark(hall_id, text)).values_list("pk", flat=True))


def _ids(found: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(found))


def _phones(applicant: CaseApplicant) -> list[str]:
    try:
        return [normal_phone(one.plain) for one in (applicant.phone, applicant.agent_phone)]
    except Damaged:
        return []
