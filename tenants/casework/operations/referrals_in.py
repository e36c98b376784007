"""Cases that other halls send: taken up once, sent back, dropped where they were recalled."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, DomainError
from foundation.rows import draw_id
from foundation.sealing.fields import OwnedJSON
from province.cases.models import Referral, ReferralReceipt
from province.cases.operations import forget_receipts_but, give_receipt, lock_referral, refuse_referral
from province.cases.queries.referrals import content_of, first_of, receipt_of_case
from province.cases.states import CASE_TRANSITIONS, CHANNEL_OF_KIND, CaseState, ReferralKind, ReferralState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.forms.applying import MATERIAL
from tenants.casework.models import CarriedPart, Case, CaseMaterial, CaseSetup, JointOpinion
from tenants.casework.operations.clocks import end_acceptance
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.operations.intake import materials_of, open_case
from tenants.casework.operations.joint_asked import drop_request, take_up_request
from tenants.casework.operations.rows import clean_said, keep, lock_case, move, note_act
from tenants.casework.operations.serving import choice_of_parcel
from tenants.casework.operations.work import own_case
from tenants.casework.queries.guides import CaseGuide, guide_to_apply_by
from tenants.casework.states import MaterialState
from tenants.engagement.models import Question
from tenants.engagement.operations.from_below import take_up_complaint
from tenants.engagement.operations.raising import drop_recalled_complaint
from tenants.workflow.operations.carried import CarriedForm, keep_carried_form
from tenants.workflow.queries.filled import FormFiller


@transaction.atomic
def take_up_referral(*, hall: Hall, referral_id: UUID) -> None:
    """签收: make a case here of what another hall has sent, with copies of its files, once: the second finds the
    receipt. A question for an opinion (联办) goes to the department that is asked, a complaint to who
    answers complaints. What was recalled meanwhile is left;
    what cannot be applied for here any more is sent back at once.

    Raises Unavailable, NotFound where a file cannot be copied now: nothing is taken up then.
    """
    referral = lock_referral(referral_id)
    if referral is None or referral.to_hall_id != hall.pk:
        return
    if ReferralReceipt.objects.filter(referral=referral).exists() or not _is_under_way(referral):
        return
    if referral.kind == ReferralKind.OPINION:
        take_up_request(hall, referral)
        return
    if referral.kind == ReferralKind.COMPLAINT:
        take_up_complaint(hall, referral)
        return
    content = content_of(referral)
    if content is None:
        return
    key = {"item_id": referral.item_id, "handling_code": referral.handling_code}
    setup = CaseSetup.objects.filter(**key).first()
    try:
        guide = guide_to_apply_by(referral.item_id, referral.handling_code)
    except DomainError:
        guide = None
    if setup is None or guide is None:
        refuse_referral(referral=referral, said=f"{hall.name}现在不办理这个事项。")
        return
    case = _made(hall, setup, guide, referral, content)
    give_receipt(referral=referral, case_id=case.pk, case_number=case.number)


@transaction.atomic
def send_back_case(*, by: Actor, hall: Hall, case_id: UUID, reason: str, revision: int | None = None) -> Case:
    """退回: leave a case that was not accepted to the hall that sent it, which goes on with it. Raises Invalid without
    a reason, Conflict for a case that came by itself or was accepted."""
    case = lock_case(by, hall, case_id, revision=revision)
    reason = clean_said(reason, ask="请写明退回的原因。", field="reason")
    if receipt_of_case(case.pk) is None:
        raise Conflict("这个办件不是其他服务厅转来的，不能退回。")
    if case.state == CaseState.DECLINED:
        return case
    if case.state != CaseState.RECEIVED:
        raise Conflict("只能退回待受理的办件。")
    move(case, CaseState.DECLINED)
    end_acceptance(hall, case)
    own_case(hall, case, by)
    keep(hall, case)
    note_act(by, hall, case, "send_back", said=reason)
    return case


@transaction.atomic
def drop_recalled(*, hall: Hall, referral_id: UUID) -> None:
    """The application was withdrawn, or came to its end, where it was made: so it does here, unless it was decided."""
    receipt = ReferralReceipt.objects.select_related("referral__hall").filter(referral=referral_id).first()
    if receipt is None or receipt.case_id is None or receipt.referral.to_hall_id != hall.pk:
        return
    if receipt.referral.kind == ReferralKind.OPINION:
        drop_request(hall, receipt)
        return
    if receipt.referral.kind == ReferralKind.COMPLAINT:
        drop_recalled_complaint(hall, receipt)
        return
    case = Case.objects.filter(pk=receipt.case_id).first()
    if case and CASE_TRANSITIONS.allows(case.state, CaseState.WITHDRAWN):
        sender = receipt.referral.hall.name
        by = system_actor(sender)
        withdraw_case(by=by, hall=hall, case_id=case.pk, reason=f"申请在{sender}撤回或者终止。", is_applicant=True)


@transaction.atomic
def take_up_again(*, hall: Hall) -> None:
    """The hall's rows came out of an archive: what it took up since then it takes up once more."""
    opinions = JointOpinion.objects.filter(case=None).values_list("pk", flat=True)
    complaints = Question.objects.filter(referral_id__isnull=False).values_list("pk", flat=True)
    known = [*Case.objects.values_list("pk", flat=True), *opinions, *complaints]
    forget_receipts_but(hall_id=hall.pk, case_ids=known)


def _is_under_way(referral: Referral) -> bool:
    return first_of(referral).state == ReferralState.SENT


def _made(hall: Hall, setup: CaseSetup, guide: CaseGuide, referral: Referral, content: Mapping[str, Any]) -> Case:
    sender = referral.hall
    by = system_actor(sender.name)
    wanted = materials_of(guide.materials, {})
    places = _places(wanted, content["materials"])
    fields: Mapping[str, Mapping[str, Any]] = content["fields"]
    # a material goes where this hall's guide asks for it, everything else where a field has the same name
    is_own_form = referral.kind in {ReferralKind.COLLECTED, ReferralKind.PACKAGED}
    to = {
        name: places[name].field if name in places else name
        for name, one in fields.items()
        if name in places or is_own_form or one["type"] != MATERIAL
    }
    filled, found = keep_carried_form(
        by=by,
        hall=hall,
        form_id=setup.form_id,
        sender_folder=sender.folder,
        carried=CarriedForm(
            values={there: fields[name]["value"] for name, there in to.items()},
            types={there: fields[name]["type"] for name, there in to.items()},
            files=content["files"],
            citizen_id=_id(content["citizen_id"]),
            account_id=_id(content["account_id"]),
            label=ReferralKind(referral.kind).label,
        ),
    )
    for material in wanted:
        if material.field in found:
            material.state = MaterialState.GIVEN
    for one in content["materials"]:
        mine = places.get(one["field"])
        # what was only promised (容缺) is missing here: the promise was made to the other hall
        if mine and mine.field not in found and one["state"] == MaterialState.GIVEN:
            mine.state, mine.note = MaterialState.GIVEN, f"{sender.name}已收"[:200]
    channel = CHANNEL_OF_KIND[ReferralKind(referral.kind)]
    case = open_case(
        who=FormFiller(by),
        hall=hall,
        setup=setup,
        guide=guide,
        filled=filled,
        channel=channel,
        materials=wanted,
        chosen=choice_of_parcel(content),
    )
    rest = [{"label": one["label"], "text": one["text"]} for name, one in fields.items() if to.get(name) not in found]
    CarriedPart.objects.create(
        id=draw_id(),
        case=case,
        said=OwnedJSON(hall.pk, {"opinion": content["opinion"], "rest": [one for one in rest if one["text"]]}),
    )
    return case


def _places(wanted: Iterable[CaseMaterial], sent: Iterable[Mapping[str, str]]) -> dict[str, CaseMaterial]:
    """Field of the sender → what this hall's guide asks for: by the licence's code, otherwise by the name."""
    rows = list(wanted)
    by_code = {one.code: one for one in rows if one.code}
    by_name = {one.name: one for one in rows}
    found = {one["field"]: by_code.get(one["code"]) or by_name.get(one["name"]) for one in sent}
    return {field: one for field, one in found.items() if one is not None}


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
