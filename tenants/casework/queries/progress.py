"""查进度: where a case is, for who knows its number and the end of the phone that was left."""

from typing import Final
from uuid import UUID

from django.db.models.functions import Right
from django.utils.crypto import constant_time_compare

from province.cases.models import CaseApplicant
from province.halls.models import Hall
from tenants.casework.models import SHORT_NUMBER, Case
from tenants.shell.slots import FoundProgress

_NOBODY: Final = UUID(int=0)
# cases of one day with the same serial number, each of another item
_MOST_ALIKE: Final = 20


def find_progress(hall: Hall, number: str, tail: str) -> FoundProgress | None:
    """By the whole number, or by its last twelve digits where these and the phone lead to one case alone. Asks the same
    queries whether the number or the tail is wrong."""
    typed = number.upper().replace("-", "").lstrip("…")
    if len(typed) < SHORT_NUMBER or not typed.isascii() or not typed.isalnum():
        return None
    rows = Case.objects.order_by("pk")
    if len(typed) == SHORT_NUMBER:
        rows = rows.annotate(short=Right("number", SHORT_NUMBER)).filter(short=typed)
    else:
        rows = rows.filter(number=typed)
    cases = {one.applicant_id: one for one in rows[: _MOST_ALIKE + 1]}
    if len(cases) > _MOST_ALIKE:
        return None
    applicants = CaseApplicant.objects.filter(hall_id=hall.pk, pk__in=list(cases) or [_NOBODY])
    right = [cases[one.pk] for one in applicants if _is_phone_of(one, tail)]
    return FoundProgress(right[0].pk, f"/cases/{right[0].pk}/") if len(right) == 1 else None


def _is_phone_of(applicant: CaseApplicant, tail: str) -> bool:
    """The applicant's own phone, or that of who came for them. Somebody without a phone is found by none."""
    phones = (applicant.phone.plain, applicant.agent_phone.plain)
    # both are always compared
    return any([constant_time_compare(phone[-len(tail) :] or "none", tail) for phone in phones])  # noqa: C419
