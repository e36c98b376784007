"""Referrals between halls, and which halls take what."""

import json
from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.errors import Conflict, NotFound
from province.cases.models import CaseOffer, Referral, ReferralParcel, ReferralReceipt, short_case_number
from province.cases.states import WITHOUT_CASE, ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.halls.queries.sites import OPEN_STATES
from province.halls.states import HallState

MOST_TAKERS: Final = 50
NO_OFFER: Final = "上级服务厅现在没有开通这个事项的申请，请重新选择。"
# digits of a county's prefix
_COUNTY: Final = 6
_ALL: Final = ("hall", "to_hall", "receipt", "origin")


def takers_above(hall: Hall, item_id: UUID, handling_code: str) -> QuerySet[Hall]:
    """Open halls of the places in which this one lies that take applications for the item, the nearest first."""
    above = _takers(item_id, handling_code).filter(prefixes__contained_by=hall.prefixes).exclude(pk=hall.pk)
    return above.order_by("-division__code")[:MOST_TAKERS]


def takers_near(hall: Hall, item_id: UUID, handling_code: str) -> QuerySet[Hall]:
    """Open halls of the same county, and of the places above, that take applications for the item."""
    rows = _takers(item_id, handling_code).filter(near(hall)).exclude(pk=hall.pk)
    return rows.order_by("division__level", "division__code")[:MOST_TAKERS]


def near(hall: Hall) -> Q:
    """Of halls: those of the same county, or below a hall that lies above counties, and those above."""
    # of a place that was merged into another county, both
    counties = [one for one in hall.prefixes if len(one) == _COUNTY] or hall.prefixes[-1:]
    return Q(prefixes__overlap=counties) | Q(prefixes__contained_by=hall.prefixes)


def check_taker(hall: Hall, item_id: UUID, handling_code: str) -> None:
    """Raises Conflict, in a sentence for the clerk who sends, for a hall that cannot take it now."""
    check_open(hall)
    key = {"hall": hall, "item_id": item_id, "handling_code": handling_code}
    if not CaseOffer.objects.filter(**key, is_open=True).exists():
        message = f"{hall.name}没有开通这个事项的申请，不能接收，请选择其他服务厅。"
        raise Conflict(message)


def check_open(hall: Hall) -> None:
    """Raises Conflict, in a sentence for the clerk who sends, for a hall that takes nothing now."""
    if hall.state == HallState.SUSPENDED:
        message = f"{hall.name}现在暂停服务，不能接收办件，请等它恢复或者选择其他服务厅。"
        raise Conflict(message)
    if hall.state not in OPEN_STATES:
        message = f"{hall.name}没有开放，不能接收办件，请选择其他服务厅。"
        raise Conflict(message)


def offers_above(hall: Hall) -> QuerySet[CaseOffer]:
    """For what the open halls of the places in which this one lies take applications, by the items' names."""
    above = Hall.objects.filter(prefixes__contained_by=hall.prefixes, state__in=OPEN_STATES, division__valid_to=None)
    rows = CaseOffer.objects.select_related("hall").filter(is_open=True, hall__in=above.exclude(pk=hall.pk))
    return rows.order_by("item_name", "-hall__division__code")


def offer_above(hall: Hall, offer_id: UUID) -> CaseOffer:
    """What can be taken in here now. Raises NotFound for what no hall above takes."""
    found = offers_above(hall).filter(pk=offer_id).first()
    if found is None:
        raise NotFound(NO_OFFER)
    return found


def offers_online_above(hall: Hall, item_ids: Collection[UUID]) -> QuerySet[CaseOffer]:
    """As ``offers_above``, of these items, those for which citizens apply online; the nearest hall first."""
    rows = offers_above(hall).filter(item_id__in=item_ids, form__isnull=False, guide__isnull=False)
    return rows.order_by("-hall__division__code")


def sent_without_result(hall_id: UUID) -> int:
    """How many referrals of the hall have not come to their end: what comes of them is brought back to it."""
    return Referral.objects.filter(hall_id=hall_id, state=ReferralState.SENT).count()


def waiting_at(hall_id: UUID) -> int:
    """How many referrals to the hall it has not taken up, and how many questions for an opinion it has not answered.
    Of what else it has taken up there is a case or complaint."""
    under_way = Q(origin=None, state=ReferralState.SENT) | Q(origin__state=ReferralState.SENT)
    is_open = Q(receipt=None) | Q(kind=ReferralKind.OPINION, receipt__state=ReceiptState.RECEIVED)
    return Referral.objects.filter(under_way, is_open, to_hall_id=hall_id).count()


def opinions_asked_by_number(hall: Hall, short_number: str) -> list[UUID]:
    """By which a hall is asked for opinions about another hall's case with this short number."""
    rows = Referral.objects.alias(end=short_case_number()).filter(end=short_number)
    return list(rows.filter(to_hall=hall, kind=ReferralKind.OPINION).values_list("pk", flat=True))


def content_of(referral: Referral) -> dict[str, Any] | None:
    """What the receiver is given; None once it has ended."""
    parcel = ReferralParcel.objects.filter(referral=referral).first()
    content: dict[str, Any] | None = json.loads(parcel.content.plain) if parcel else None
    return content


def file_of(receipt: ReferralReceipt) -> dict[str, Any] | None:
    """What came with an answer, as the fields of ``StoredFacts``."""
    text = receipt.file.plain if receipt.file else ""
    facts: dict[str, Any] | None = json.loads(text) if text else None
    return facts


def first_of(referral: Referral) -> Referral:
    """The one by which the case was sent first."""
    return referral.origin or referral


def open_referral_of(case_id: UUID) -> Referral | None:
    """The referral by which the sender's case is on its way, or with another hall."""
    return Referral.objects.select_related(*_ALL).filter(case_id=case_id, state="sent").first()


def receipt_of_case(case_id: UUID) -> ReferralReceipt | None:
    """By which referral the receiver's case came; None for one that came by itself."""
    rows = ReferralReceipt.objects.select_related("referral__hall", "referral__to_hall", "referral__origin")
    return rows.filter(case_id=case_id).first()


def case_made_of(hall: Hall, case_ids: Collection[UUID]) -> UUID | None:
    """The case that this hall has made of another hall's, where one of ``case_ids`` came here; None without one."""
    sent = Q(referral__case_id__in=case_ids) | Q(referral__origin__case_id__in=case_ids)
    rows = ReferralReceipt.objects.filter(sent, hall=hall, case_id__isnull=False)
    return rows.exclude(referral__kind__in=WITHOUT_CASE).order_by("-pk").values_list("case_id", flat=True).first()


def ways_of_cases(case_ids: Collection[UUID]) -> dict[UUID, list[Referral]]:
    """Sender's case → the referrals by which it went out, each with its receipt, in their order, also those by which
    other halls sent it on. Two queries."""
    own = list(Referral.objects.select_related(*_ALL).filter(case_id__in=case_ids).order_by("pk"))
    found: dict[UUID, list[Referral]] = {}
    by_first = {one.pk: one.case_id for one in own}
    followers = Referral.objects.select_related(*_ALL).filter(origin__in=by_first).order_by("pk")
    for one in sorted({one.pk: one for one in (*own, *followers)}.values(), key=lambda one: one.pk):
        first = by_first.get(one.origin_id) if one.origin_id else None
        for case_id in {one.case_id, first or one.case_id} & {*case_ids}:
            found.setdefault(case_id, []).append(one)
    return found


def last_answer(referral: Referral) -> ReferralReceipt | None:
    """The receipt of the hall that had the case last, of all to which it was sent on."""
    last = referral.followers.order_by("-pk").first() or referral
    return ReferralReceipt.objects.select_related("hall", "referral__to_hall").filter(referral=last).first()


def referrals_from(hall: Hall, case_ids: QuerySet[Any, UUID]) -> QuerySet[Referral]:
    """What the hall sent, of these cases, the newest first."""
    return Referral.objects.select_related(*_ALL).filter(hall=hall, case_id__in=case_ids).order_by("-pk")


def referrals_to(hall: Hall, case_ids: QuerySet[Any, UUID]) -> QuerySet[Referral]:
    """What the hall has taken up, of these cases, the newest first."""
    return Referral.objects.select_related(*_ALL).filter(to_hall=hall, receipt__case_id__in=case_ids).order_by("-pk")


def _takers(item_id: UUID, handling_code: str) -> QuerySet[Hall]:
    offers = CaseOffer.objects.filter(hall=OuterRef("pk"), item_id=item_id, handling_code=handling_code, is_open=True)
    return Hall.objects.filter(Exists(offers), state__in=OPEN_STATES, division__valid_to=None)
