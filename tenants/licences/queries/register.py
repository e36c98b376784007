"""Licences of the entered hall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.errors import NotFound
from foundation.texts import visible
from province.cases.models import CaseApplicant
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.registries.states import DocumentState
from tenants.licences.models import Licence
from tenants.licences.queries.holders import holders_with_ids, rows_of_citizen, rows_of_holder
from tenants.licences.states import LicenceStanding

NO_LICENCE: Final = "没有这本证照，或者属于其他人、其他服务厅。"
# 行政许可法 art. 50: who wants to go on applies thirty days before the end
NEAR_DAYS: Final = 30
NEAR: Final = "near"
_LONGEST_ID: Final = 18
FILTERS: Final = {
    LicenceStanding.HOLDS.value: "有效",
    NEAR: "快到期",
    **{one.value: one.label for one in LicenceStanding if one is not LicenceStanding.HOLDS},
}


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """``holder``: None where the province does not know the application any more."""

    licence: Licence
    holder: CaseApplicant | None


def licences() -> QuerySet[Licence]:
    """The newest first, each with its document."""
    return Licence.objects.select_related("document__successor").order_by("-pk")


def licence_with_id(licence_id: UUID) -> Licence:
    """Raises NotFound, also for another hall's."""
    found = licences().filter(pk=licence_id).first()
    if found is None:
        raise NotFound(NO_LICENCE)
    return found


def licences_at_desk(hall: Hall, *, standing: str = "", words: str = "", item: str = "") -> QuerySet[Licence]:
    """``standing``: a key of FILTERS, "" for all; ``words``: of its number or its name, or a whole 身份证号 or
    统一社会信用代码 of its holder; ``item``: words of the item's name."""
    rows = licences()
    if standing in FILTERS:
        rows = rows.filter(_stands(standing))
    if sought := visible(words).strip():
        rows = rows.filter(_sought(hall, sought))
    if item := visible(item).strip():
        rows = rows.filter(item_name__icontains=item)
    return rows


def licences_of_people(hall: Hall, words: str) -> QuerySet[Licence]:
    """Those that ``words`` finds by whose they are: a whole 身份证号 or 统一社会信用代码; none of anything else."""
    sought = visible(words).strip()
    return licences().filter(_of_holder(hall, sought)) if _is_number(sought) else Licence.objects.none()


def licence_lines(hall: Hall, rows: Sequence[Licence]) -> list[LicenceLine]:
    """With their holders: one query."""
    holders = holders_with_ids(hall.pk, {one.holder_id for one in rows})
    return [LicenceLine(one, holders.get(one.holder_id)) for one in rows]


def licences_of_case(owner_id: UUID) -> list[Licence]:
    """That it has granted, the oldest first."""
    return list(licences().filter(document__owner_id=owner_id).order_by("pk"))


def licences_of_holders(rows: Iterable[CaseApplicant]) -> QuerySet[Licence]:
    return licences().filter(holder_id__in=[one.pk for one in rows])


def own_licences(hall: Hall, citizen: Citizen) -> QuerySet[Licence]:
    """Those of the citizen and of their companies at this hall."""
    return licences_of_holders(rows_of_citizen(hall.pk, citizen).only("pk"))


def own_licence(hall: Hall, citizen: Citizen, licence_id: UUID) -> Licence:
    """Raises NotFound, also for another person's and another hall's."""
    found = own_licences(hall, citizen).filter(pk=licence_id).first()
    if found is None:
        raise NotFound(NO_LICENCE)
    return found


def _stands(key: str) -> Q:
    today = timezone.localdate()
    last = "document__valid_until"
    match key:
        case LicenceStanding.HOLDS:
            return Q(document__state=DocumentState.ISSUED) & (Q(**{last: None}) | Q(**{f"{last}__gte": today}))
        case "near":
            soon = today + timedelta(days=NEAR_DAYS)
            return Q(document__state=DocumentState.ISSUED, **{f"{last}__range": (today, soon)})
        case LicenceStanding.EXPIRED:
            return Q(document__state=DocumentState.ISSUED, **{f"{last}__lt": today})
        case _:
            return Q(document__state=key)


def _sought(hall: Hall, words: str) -> Q:
    if _is_number(words):
        return _of_holder(hall, words)
    return Q(document__number__icontains=words) | Q(name__icontains=words)


def _is_number(words: str) -> bool:
    return len(words) == _LONGEST_ID and words.isascii()


def _of_holder(hall: Hall, number: str) -> Q:
    of_person = rows_of_holder(hall.pk, number=number).values_list("pk", flat=True)
    of_body = rows_of_holder(hall.pk, credit_code=number).values_list("pk", flat=True)
    return Q(holder_id__in=[*of_person, *of_body])
