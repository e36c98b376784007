"""Referrals between halls: sent and recalled by one, receipted and answered by the other, each in its own rows.

Halls' operations call these in their transactions; they have asked for the permission and leave the audit's entry. Who
sends, recalls, takes up or answers holds the referral's row: one at a time.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import emit_event
from foundation.plain_json import written
from province.cases.events import REFERRAL_ANSWERED, REFERRAL_RECALLED, REFERRAL_SENT
from province.cases.models import CaseOffer, Referral, ReferralParcel, ReferralReceipt, ReferralSupplement
from province.cases.queries.referrals import check_taker, first_of
from province.cases.states import (
    RECEIPT_TRANSITIONS,
    REFERRAL_TRANSITIONS,
    WITHOUT_CASE,
    ReceiptState,
    ReferralKind,
    ReferralState,
)
from province.halls.models import Hall
from province.halls.operations import hold_unretired


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFacts:
    """Of which case a referral is: fields of ``Referral``."""

    kind: ReferralKind
    case_id: UUID
    case_number: str
    item_id: UUID
    handling_code: str
    item_name: str


def report_offer(
    *,
    hall_id: UUID,
    setup_id: UUID,
    item_id: UUID,
    handling_code: str,
    item_name: str,
    form: Mapping[str, Any] | None,
    guide: Mapping[str, Any] | None,
) -> None:
    """Report that the hall takes applications for an item, with the form that is filled in; ``form``: None where it
    takes none any more; ``guide``: what citizens have to know who apply online, None where they cannot."""
    key = {"hall_id": hall_id, "item_id": item_id, "handling_code": handling_code}
    said = {"item_name": item_name, "is_open": form is not None, "form": form, "guide": guide}
    CaseOffer.objects.update_or_create(**key, defaults=said, create_defaults={"id": setup_id, **said})


def send_referral(
    *, sender: Hall, to_hall: Hall, facts: ReferralFacts, content: Mapping[str, Any], origin: Referral | None = None
) -> Referral:
    """Send a case to another hall. ``origin``: the referral by which it came here, where it is sent on. That a hall can
    be asked for an opinion (``giver_for``), or can answer a complaint, the caller has seen.

    Raises Conflict, in a sentence for the clerk, for a hall that does not take it, or that had it before.
    """
    hold_unretired(to_hall.pk)
    if facts.kind not in WITHOUT_CASE:
        check_taker(to_hall, facts.item_id, facts.handling_code)
    first = first_of(origin) if origin else None
    if to_hall.pk == sender.pk or (first and _was_at(first, to_hall)):
        message = f"这个办件就在{to_hall.name}，或者已经到过那里，请选择其他服务厅。"
        raise Conflict(message)
    made = Referral(hall=sender, to_hall=to_hall, origin=first, **asdict(facts))
    if first:
        # who sends on waits for nothing: what comes of it goes to who sent it first
        made.state, made.ended_at = ReferralState.ENDED, timezone.now()
    made.save()
    ReferralParcel.objects.create(referral=made, content=written(content))
    emit_event(kind=REFERRAL_SENT, subject_id=made.pk, hall_id=to_hall.pk)
    return made


def renew_parcel(*, referral: Referral, content: Mapping[str, Any]) -> None:
    """What was sent has changed at the sender's: replace what ``content`` names. The row is held; of a referral that
    has ended there is none."""
    parcel = ReferralParcel.objects.filter(referral=referral).first()
    if parcel:
        parcel.content = written(json.loads(parcel.content.plain) | content)
        parcel.save()


def lock_referral(referral_id: UUID) -> Referral | None:
    """Hold a referral's row until the transaction ends."""
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("hall", "to_hall", "origin")
        .filter(pk=referral_id)
        .first()
    )


def recall_referral(*, referral: Referral) -> None:
    """The sender takes it back, or the application was withdrawn. The row is held. The hall that has the
    case hears of it."""
    REFERRAL_TRANSITIONS.check(referral.state, ReferralState.RECALLED)
    referral.state, referral.ended_at = ReferralState.RECALLED, timezone.now()
    referral.save(update_fields=["state", "ended_at"])
    last = referral.followers.order_by("-pk").first() or referral
    _drop_parcels(referral)
    emit_event(kind=REFERRAL_RECALLED, subject_id=last.pk, hall_id=last.to_hall_id)


def recall_if_sent(*, referral_id: UUID) -> None:
    """Take one back that is under way; one that has come to its end stays as it is."""
    referral = lock_referral(referral_id)
    if referral and referral.state == ReferralState.SENT:
        recall_referral(referral=referral)


def end_referral(*, referral: Referral) -> None:
    """The sender has what came of it: what was sent lies nowhere but in the halls any more. The row is held."""
    REFERRAL_TRANSITIONS.check(referral.state, ReferralState.ENDED)
    referral.state, referral.ended_at = ReferralState.ENDED, timezone.now()
    referral.save(update_fields=["state", "ended_at"])
    _drop_parcels(referral)


def give_receipt(*, referral: Referral, case_id: UUID, case_number: str) -> ReferralReceipt:
    """签收. The referral's row is held; a constraint says that there is one."""
    return ReferralReceipt.objects.create(
        hall_id=referral.to_hall_id, referral=referral, case_id=case_id, case_number=case_number
    )


def refuse_referral(*, referral: Referral, said: str) -> ReferralReceipt:
    """The receiver cannot take it up: the sender has it again."""
    receipt = ReferralReceipt.objects.create(hall_id=referral.to_hall_id, referral=referral)
    answer_referral(receipt=receipt, state=ReceiptState.RETURNED, said=said)
    return receipt


def answer_referral(
    *,
    receipt: ReferralReceipt,
    state: ReceiptState,
    said: str,
    outcome: str = "",
    document_ids: Collection[UUID] = (),
    file: Mapping[str, Any] | None = None,
) -> None:
    """Say what came of it; ``file``: what lies in the receiver's folder for the hall that has asked. The hall that sent
    it first hears of it, unless it was sent on. The receiver holds its case."""
    RECEIPT_TRANSITIONS.check(receipt.state, state)
    receipt.state, receipt.outcome, receipt.said = state, outcome, said
    receipt.document_ids, receipt.answered_at = list(document_ids), timezone.now()
    receipt.file = written(file) if file else ""
    receipt.save()
    if state != ReceiptState.REDIRECTED:
        first = first_of(receipt.referral)
        emit_event(kind=REFERRAL_ANSWERED, subject_id=first.pk, hall_id=first.hall_id)


def add_documents(*, receipt: ReferralReceipt, document_ids: Collection[UUID]) -> None:
    """What was issued after the answer (办理结果通知单)."""
    receipt.document_ids = list(document_ids)
    receipt.save(update_fields=["document_ids"])


def forget_receipts_but(*, hall_id: UUID, case_ids: Collection[UUID]) -> None:
    """The hall's rows came out of an archive: what it took up since is there to be taken up again."""
    lost = ReferralReceipt.objects.filter(hall_id=hall_id, case_id__isnull=False)
    lost = lost.filter(state=ReceiptState.RECEIVED).exclude(case_id__in=case_ids)
    for receipt in list(lost.select_related("referral")):
        receipt.delete()
        emit_event(kind=REFERRAL_SENT, subject_id=receipt.referral_id, hall_id=hall_id)


def _was_at(first: Referral, hall: Hall) -> bool:
    followers = list(first.followers.values_list("hall_id", "to_hall_id"))
    return hall.pk in {first.hall_id, first.to_hall_id, *(one for pair in followers for one in pair)}


def _drop_parcels(referral: Referral) -> None:
    ReferralParcel.objects.filter(referral=referral).delete()
    ReferralParcel.objects.filter(referral__origin=referral).delete()
    ReferralSupplement.objects.filter(Q(receipt__referral=referral) | Q(receipt__referral__origin=referral)).delete()
