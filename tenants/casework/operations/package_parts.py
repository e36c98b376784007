"""Items of a package (一件事) that a hall above does: sent there as referrals of kind PACKAGED, whose ``case_id`` is
the part's own filled form; taken back, and gone on with when they were answered. Of application and referral, the
application is held first."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from foundation.errors import Conflict, Fault, Invalid
from foundation.events.operations import emit_event
from province.audit.operations import record_act
from province.cases.models import CaseOffer, Referral
from province.cases.operations import (
    ReferralFacts,
    end_referral,
    lock_referral,
    recall_if_sent,
    recall_referral,
    send_referral,
)
from province.cases.queries.parcels import parcel_files
from province.cases.queries.referrals import check_taker, last_answer, open_referral_of
from province.cases.states import ReceiptState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from tenants.casework.events import PACKAGE_MOVED
from tenants.casework.models import PackageApplication, SentPart
from tenants.casework.operations.intake import check_whole, materials_of
from tenants.casework.queries.guides import GuideMaterial
from tenants.casework.queries.package_forms import AppliedPart
from tenants.casework.queries.referrals import fields_with_words
from tenants.workflow.models import FilledForm

_NO_OFFER: Final = "办理它的服务厅现在没有开通网上申请。"


def offer_of(part: AppliedPart) -> CaseOffer:
    """Of the hall that does it. Raises Conflict, with the item's name, where that takes it no more."""
    offers = CaseOffer.objects.select_related("hall")
    offer = offers.filter(pk=part.offer_id).first() if part.offer_id else None
    if offer is None or offer.guide is None:
        message = f"“{part.name}”：{_NO_OFFER}"
        raise Conflict(message)
    try:
        check_taker(offer.hall, offer.item_id, offer.handling_code)
    except Conflict as refusal:
        message = f"“{part.name}”：{refusal.message}"
        raise Conflict(message) from refusal
    return offer


def faults_of_sent(part: AppliedPart, values: Mapping[str, Any]) -> list[Fault]:
    """Needed materials that are missing, by the fields of its own form. Raises Conflict as ``offer_of``."""
    told: Mapping[str, Any] = offer_of(part).guide or {}
    wanted = [GuideMaterial(**row) for row in told.get("materials", ())]
    try:
        check_whole(wanted, materials_of(wanted, values))
    except Invalid as refusal:
        return list(refusal.faults)
    return []


def send_part(
    by: Actor,
    hall: Hall,
    application: PackageApplication,
    part: AppliedPart,
    filled: FilledForm,
    *,
    service: Sequence[Any] | None = None,
) -> None:
    """Send what was filled in for one item to the hall that does it, in the caller's transaction; the application is
    held. ``service``: how documents shall reach who applies (``parcel_of_choice``). Raises Conflict where that hall
    cannot take it now."""
    offer = offer_of(part)
    SentPart.objects.create(application=application, place=part.place, filled=filled)
    facts = ReferralFacts(
        kind=ReferralKind.PACKAGED,
        case_id=filled.pk,
        case_number=application.number,
        item_id=offer.item_id,
        handling_code=offer.handling_code,
        item_name=offer.item_name,
    )
    content: dict[str, Any] = {
        "opinion": f"申请人在{hall.name}一次申请了“{application.name}”的几个事项，本件是其中一项。",
        "citizen_id": str(application.citizen_id) if application.citizen_id else None,
        "account_id": str(filled.account_id) if filled.account_id else None,
        "fields": fields_with_words(hall, filled),
        "files": parcel_files(filled.uploads.order_by("pk")),
        "materials": [],
        "service": service,
    }
    send_referral(sender=hall, to_hall=offer.hall, facts=facts, content=content)
    changes = {"item": [None, offer.item_name], "to_hall": [None, offer.hall.name]}
    _record(by, hall, application, "send_package_item", changes)


def recall_parts(application: PackageApplication) -> int:
    """Take back what other halls have not answered yet; the application is held. Returns how many."""
    recalled = 0
    for filled_id in application.sent_parts.order_by("place").values_list("filled_id", flat=True):
        known = open_referral_of(filled_id)
        referral = lock_referral(known.pk) if known else None
        if referral is None or referral.state != ReferralState.SENT:
            continue
        answer = last_answer(referral)
        if answer is None or answer.state == ReceiptState.RECEIVED:
            recall_referral(referral=referral)
            recalled += 1
    return recalled


def bring_part(hall: Hall, known: Referral) -> None:
    """The other hall has answered: what was sent lies there alone from now on, and what waits for it here is looked at.
    Once more changes nothing."""
    sent = SentPart.objects.filter(filled_id=known.case_id).first()
    application = (
        PackageApplication.objects.select_for_update().filter(pk=sent.application_id).first() if sent else None
    )
    referral, answer = lock_referral(known.pk), last_answer(known)
    if referral is None or referral.state == ReferralState.RECALLED or answer is None:
        return
    if answer.state not in {ReceiptState.DONE, ReceiptState.RETURNED}:
        return
    end_referral(referral=referral)
    if application:
        emit_event(kind=PACKAGE_MOVED, subject_id=application.pk, hall_id=hall.pk)
        changes = {"item": [None, known.item_name], "outcome": [None, answer.outcome]}
        _record(system_actor(answer.hall.name), hall, application, "bring_package_item", changes)


def agree_on_parts(hall: Hall) -> None:
    """The hall's rows came out of an archive: what was answered since is looked at once more, and what was sent and is
    known here no more is recalled."""
    sent = Referral.objects.filter(hall=hall, kind=ReferralKind.PACKAGED).order_by("pk")
    known = set(SentPart.objects.values_list("filled_id", flat=True))
    for pk, part_id in list(sent.filter(state=ReferralState.SENT).values_list("pk", "case_id")):
        if part_id not in known:
            recall_if_sent(referral_id=pk)
    for pk in PackageApplication.objects.filter(sent_parts__isnull=False).distinct().values_list("pk", flat=True):
        emit_event(kind=PACKAGE_MOVED, subject_id=pk, hall_id=hall.pk)


def _record(by: Actor, hall: Hall, application: PackageApplication, act: str, changes: dict[str, Any]) -> None:
    record_act(
        by=by,
        act=f"casework.{act}",
        object_type="package_application",
        object_id=application.pk,
        hall_id=hall.pk,
        changes={"number": [None, application.number]} | changes,
    )
