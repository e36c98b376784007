"""What is asked later of something that was taken in for somebody (代办), and what was handed over of it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from province.cases.models import ReferralReceipt, ReferralSupplement
from province.cases.states import ReceiptState


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIsAsked:
    """``asking_id``: of this asking, another one has another; ``lines``: what is missing and why; ``fields``: what of
    the form can be written (``standards.forms``); ``is_promised``: it was promised by a day (容缺后补)."""

    asking_id: UUID
    lines: Sequence[str]
    fields: Sequence[Mapping[str, Any]]
    is_promised: bool


def what_is_asked(receipt: ReferralReceipt | None) -> WhatIsAsked | None:
    """None where nothing is to be brought now."""
    if receipt is None or receipt.asking_id is None or receipt.state != ReceiptState.RECEIVED:
        return None
    return WhatIsAsked(asking_id=receipt.asking_id, **json.loads(receipt.asked.plain))


def supplements_of(receipt_ids: Collection[UUID]) -> dict[UUID, ReferralSupplement]:
    """What was handed over last for each receipt: one query."""
    rows = ReferralSupplement.objects.filter(receipt__in=receipt_ids).order_by("pk")
    return {one.receipt_id: one for one in rows}


def supplement_for(receipt: ReferralReceipt, asking_id: UUID) -> ReferralSupplement | None:
    """What was handed over for this asking."""
    return ReferralSupplement.objects.filter(receipt=receipt, asking_id=asking_id).first()


def was_handed_over(case_id: UUID, asking_id: UUID) -> bool:
    """Whether the sender's case was followed by what this asking asked for."""
    sent = Q(receipt__referral__case_id=case_id) | Q(receipt__referral__origin__case_id=case_id)
    return ReferralSupplement.objects.filter(sent, asking_id=asking_id).exists()


def supplement_at(hall_id: UUID, supplement_id: UUID) -> ReferralSupplement | None:
    """What was handed over to this hall; None where the referral has ended."""
    rows = ReferralSupplement.objects.select_related("receipt__referral__hall", "receipt__referral__origin__hall")
    return rows.filter(pk=supplement_id, receipt__hall_id=hall_id).first()


def supplements_under_way() -> QuerySet[ReferralSupplement]:
    """Those that were handed over for what is asked for now, and are still to be taken."""
    return ReferralSupplement.objects.filter(asking_id=F("receipt__asking_id"))


def is_supplement_under_way(case_id: UUID) -> bool:
    """Whether one is for what this case asks for."""
    return supplements_under_way().filter(receipt__case_id=case_id).exists()


def content_of_supplement(supplement: ReferralSupplement) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(supplement.content.plain)
    return content
