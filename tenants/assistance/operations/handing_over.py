"""What was taken in goes to the hall that does it, comes back, and comes to its end."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.operations import emit_event
from foundation.sealing.fields import OwnedJSON
from province.cases.models import Referral, ReferralReceipt
from province.cases.operations import (
    CollectedForm,
    CollectedService,
    clean_service_address,
    end_referral,
    lock_referral,
    recall_if_sent,
    recall_referral,
    send_collected,
)
from province.cases.queries.parcels import parcel_fields, parcel_files
from province.cases.queries.referrals import last_answer, open_referral_of
from province.cases.states import (
    PAPER_WAYS,
    DeliveryWay,
    ReceiptState,
    ReferralKind,
    ReferralState,
)
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from tenants.assistance.events import ASSISTANCE_OVER
from tenants.assistance.models import Assistance
from tenants.assistance.operations.mandates import mandate_for
from tenants.assistance.operations.notices import tell_clerks
from tenants.assistance.operations.rows import held_assistance, lock_assistance, note_act
from tenants.assistance.operations.taking_in import check_revision, forget_assistance, said_of
from tenants.assistance.operations.work import keep_all_work, keep_work
from tenants.assistance.queries.assistances import whole_files
from tenants.assistance.queries.filling import form_of, read_assistance
from tenants.assistance.states import ASSISTANCE_TRANSITIONS, AssistanceState


@transaction.atomic
def hand_over(
    *,
    by: Actor,
    hall: Hall,
    assistance_id: UUID,
    revision: int,
    is_read_back: bool,
    way: str = "",
    address: str = "",
) -> Assistance:
    """交办: send it with its files to the hall that does it. ``is_read_back``: the person has heard, or read, what was
    written for them; ``way``: how documents shall reach them, by post to their ``address`` or at the window, "" where
    they have not said. Pressed twice, it is one.

    Raises Invalid with a fault for every field that is wrong, and for another way; Conflict where something was saved
    since ``revision``, where the written mandate is missing, or where the other hall cannot take it now.
    """
    assistance = lock_assistance(by, hall, assistance_id)
    if assistance.state != AssistanceState.DRAFT:
        return assistance
    check_revision(assistance, revision)
    if not is_read_back:
        raise Invalid.at("is_read_back", "请先把填的内容念给本人听，或者给本人看过，再交办。")
    service = _read_service(assistance, way, address)
    citizen, by, mandate = mandate_for(by, hall, assistance)
    form = form_of(assistance)
    if form.definition is None:
        raise Conflict(form.refusal)
    result, _ = read_assistance(by, hall, assistance, form.definition, {})
    if result.faults:
        raise Invalid.of(result.faults, many=f"有 {len(result.faults)} 处要补充或修改，请按提示处理。")
    send_collected(
        sender=hall,
        offer_id=assistance.offer_id,
        form=CollectedForm(
            case_id=assistance.pk,
            case_number=assistance.number,
            opinion=said_of(hall, assistance.clerk_name, assistance, mandate, assistance.note),
            account_id=assistance.clerk_id,
            citizen_id=citizen.pk if citizen else None,
            fields=parcel_fields(form.definition, result.values),
            files=parcel_files(whole_files(assistance)),
            service=service,
        ),
    )
    _move(assistance, AssistanceState.SENT)
    note_act(by, hall, assistance, "hand_over", **_changed(AssistanceState.DRAFT, AssistanceState.SENT))
    return assistance


def _read_service(assistance: Assistance, way: str, address: str) -> CollectedService | None:
    """Raises Invalid for another way than those that need no consent of the person's own (电子送达), and for post
    without an address."""
    if not way:
        return None
    if way not in PAPER_WAYS:
        raise Invalid.at("way", "请选择邮寄、窗口领取，或者以后再确认。")
    said = clean_service_address(address) if way == DeliveryWay.POST else ""
    return CollectedService(way=DeliveryWay(way), by_name=assistance.clerk_name, address=said)


@transaction.atomic
def take_back_assistance(*, by: Actor, hall: Hall, assistance_id: UUID) -> Assistance:
    """取回: it is a draft again. Raises Conflict once it was taken up there, or where it was not handed over."""
    assistance = lock_assistance(by, hall, assistance_id)
    known = open_referral_of(assistance.pk)
    referral = lock_referral(known.pk) if known else None
    if referral is None or referral.state != ReferralState.SENT or assistance.state != AssistanceState.SENT:
        raise Conflict("这件代办没有交办，或者已经有了结果。")
    if ReferralReceipt.objects.filter(referral=referral).exists():
        message = f"{referral.to_hall.name}已经签收，不能取回，请与对方联系。"
        raise Conflict(message)
    recall_referral(referral=referral)
    _move(assistance, AssistanceState.DRAFT)
    note_act(by, hall, assistance, "take_back", **_changed(AssistanceState.SENT, AssistanceState.DRAFT))
    return assistance


@transaction.atomic
def end_consent(*, by: Actor, hall: Hall, assistance_id: UUID) -> None:
    """The person does not want it any more: a draft is deleted; what was handed over is withdrawn also there, unless it
    was decided. Raises Conflict for what has ended, here or there."""
    assistance = lock_assistance(by, hall, assistance_id)
    if assistance.state == AssistanceState.ENDED:
        raise Conflict("这件代办已经了结，不能再撤回。")
    note_act(by, hall, assistance, "end_consent")
    if assistance.state == AssistanceState.DRAFT:
        forget_assistance(hall, assistance)
        return
    known = open_referral_of(assistance.pk)
    answer = last_answer(known) if known else None
    if answer and answer.state == ReceiptState.DONE:
        message = f"{answer.hall.name}已经办结，不能再撤回。"
        raise Conflict(message)
    if known:
        recall_if_sent(referral_id=known.pk)
    _end(hall, assistance)


@transaction.atomic
def bring_answer(*, hall: Hall, referral_id: UUID) -> None:
    """The other hall has answered: what it sent back is a draft again, everything else has ended, and nothing of what
    was filled in stays here. Once more changes nothing."""
    known = Referral.objects.filter(pk=referral_id, hall=hall, kind=ReferralKind.COLLECTED).first()
    # its own row first, as every act on it does
    assistance = held_assistance(known.case_id) if known else None
    referral = lock_referral(referral_id) if known else None
    answer = last_answer(known) if known else None
    if referral is None or answer is None or referral.state == ReferralState.RECALLED:
        return
    if answer.state not in {ReceiptState.DONE, ReceiptState.RETURNED}:
        return
    if assistance and assistance.state == AssistanceState.SENT and referral.state == ReferralState.SENT:
        _follow(hall, assistance, answer)
    elif assistance and answer.state == ReceiptState.DONE:
        # a decision was put right afterwards
        tell_clerks(hall, assistance, answer)
    end_referral(referral=referral)


@transaction.atomic
def agree_after_restore(*, hall: Hall) -> None:
    """The hall's rows came out of an archive: each goes where its referral is meanwhile."""
    for one in Assistance.objects.select_for_update().exclude(state=AssistanceState.ENDED).order_by("pk"):
        last = Referral.objects.filter(hall=hall, case_id=one.pk).order_by("-pk").first()
        if last is None:
            continue
        if last.state == ReferralState.SENT and one.state == AssistanceState.DRAFT:
            _move(one, AssistanceState.SENT)
        elif last.state == ReferralState.ENDED and (answer := last_answer(last)) and answer.state == ReceiptState.DONE:
            one.state = AssistanceState.SENT
            _end(hall, one)
        elif last.state != ReferralState.SENT and one.state == AssistanceState.SENT:
            _move(one, AssistanceState.DRAFT)
    keep_all_work(hall)


def _follow(hall: Hall, assistance: Assistance, answer: ReferralReceipt) -> None:
    by = system_actor(answer.hall.name)
    if answer.state == ReceiptState.RETURNED:
        _move(assistance, AssistanceState.DRAFT)
    else:
        _end(hall, assistance)
    note_act(by, hall, assistance, "bring_answer", **_changed(AssistanceState.SENT, assistance.state))
    tell_clerks(hall, assistance, answer)


def _end(hall: Hall, assistance: Assistance) -> None:
    assistance.values = OwnedJSON(hall.pk, {})
    assistance.uploads.all().delete()
    _move(assistance, AssistanceState.ENDED)
    keep_work(hall, assistance)
    emit_event(kind=ASSISTANCE_OVER, subject_id=assistance.pk, hall_id=hall.pk)


def _move(assistance: Assistance, state: AssistanceState) -> None:
    ASSISTANCE_TRANSITIONS.check(assistance.state, state)
    assistance.state = state
    now = timezone.now()
    if state == AssistanceState.SENT:
        assistance.handed_at = now
    elif state == AssistanceState.ENDED:
        assistance.ended_at = now
    assistance.save()


def _changed(before: str, after: str) -> dict[str, dict[str, list[str]]]:
    return {"changes": {"state": [str(before), str(after)]}}
