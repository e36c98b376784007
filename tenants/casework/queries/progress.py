"""查进度: where a case, or an application for several items (一件事), is, for who knows its number and the end of the
phone that was left."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from province.cases.models import SHORT_NUMBER, CaseApplicant
from province.halls.models import Hall
from tenants.casework.models import Case, PackageApplication, number_backwards
from tenants.shell.slots import FoundProgress

_NOBODY: Final = UUID(int=0)
# cases of one day with the same serial number, each of another item
_MOST_ALIKE: Final = 20


def find_progress(hall: Hall, number: str, tail: str) -> FoundProgress | None:
    """By the whole number, or by its last twelve digits where these and the phone lead to one case alone, or to one
    application and its cases. Asks the same queries whether the number or the tail is wrong."""
    typed = number.upper().replace("-", "").lstrip("…")
    if len(typed) < SHORT_NUMBER or not typed.isascii() or not typed.isalnum():
        return None
    packages = list(_numbered(PackageApplication.objects.all(), typed)[: _MOST_ALIKE + 1])
    # the phone of an application is that of any of its cases
    of_packages = Q(package__in=[one.pk for one in packages] or [_NOBODY])
    found = list(_numbered(Case.objects.all(), typed)[: _MOST_ALIKE + 1])
    if len(found) > _MOST_ALIKE or len(packages) > _MOST_ALIKE:
        return None
    cases = {one.applicant_id: one for one in (*found, *Case.objects.filter(of_packages).order_by("pk"))}
    applicants = CaseApplicant.objects.filter(hall_id=hall.pk, pk__in=list(cases) or [_NOBODY])
    right = [cases[one.pk] for one in applicants if _is_phone_of(one, tail)]
    return _target(right, {one.pk for one in packages}, is_short=len(typed) == SHORT_NUMBER)


def _numbered[Row: Case | PackageApplication](rows: QuerySet[Row], typed: str) -> QuerySet[Row]:
    if len(typed) == SHORT_NUMBER:
        rows = rows.alias(backwards=number_backwards()).filter(backwards=typed[::-1])
    else:
        rows = rows.filter(number=typed)
    return rows.order_by("pk")


def _target(cases: Iterable[Case], packages: set[UUID], *, is_short: bool) -> FoundProgress | None:
    """Where they lead: cases of one application to that, unless one of them was named by its whole number."""
    places = set()
    for one in cases:
        if one.package_id and (is_short or one.package_id in packages):
            places.add((one.package_id, f"/cases/packages/{one.package_id}/"))
        else:
            places.add((one.pk, f"/cases/{one.pk}/"))
    return FoundProgress(*places.pop()) if len(places) == 1 else None


def _is_phone_of(applicant: CaseApplicant, tail: str) -> bool:
    """The applicant's own phone, or that of who came for them. Somebody without a phone is found by none."""
    phones = (applicant.phone.plain, applicant.agent_phone.plain)
    # both are always compared
    return any([constant_time_compare(phone[-len(tail) :] or "none", tail) for phone in phones])  # noqa: C419
