"""收件: an application is begun, and a filled form becomes a case."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from foundation.errors import Fault, Invalid, NotFound
from foundation.events.operations import emit_event
from province.cases.operations import ApplicantFacts, keep_applicant
from province.cases.states import BY_REFERRAL, OWN_CHANNELS, ApplicantNature, CaseChannel, CaseState
from province.halls.models import Hall
from province.halls.operations import hold_unretired
from province.rights.queries import require
from standards.forms.applying import field_of_material
from tenants.casework.events import CASE_WAITS
from tenants.casework.models import Case, CaseMaterial, CaseSetup, Intake, ServiceChoice, Serving, material_id
from tenants.casework.operations.clocks import begin_acceptance
from tenants.casework.operations.licences import note_used_licences
from tenants.casework.operations.numbers import next_number
from tenants.casework.operations.referral_turns import offer_form_anew
from tenants.casework.operations.rows import keep, note_act
from tenants.casework.operations.serving import ServiceWish, choice_of_intake, keep_wish, wish_at_beginning, words_of
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.bodies import OF_COMPANY, in_whose_name, values_of_body
from tenants.casework.queries.corrections import fields_to_bring
from tenants.casework.queries.guides import CaseGuide, GuideMaterial, guide_to_apply_by
from tenants.casework.queries.setups import NOT_OPEN, open_setup_for
from tenants.casework.states import MaterialState
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import begin_filling, save_filling
from tenants.workflow.queries.filled import FormFiller, values_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.slots import FormTaker


@transaction.atomic
def begin_application(
    *,
    who: FormFiller,
    hall: Hall,
    setup_id: UUID,
    channel: CaseChannel = CaseChannel.SITE,
    is_another: bool = False,
    company_id: UUID | None = None,
    service: ServiceWish | None = None,
) -> FilledForm:
    """Begin to fill in an application, or go on with the draft that there is. ``channel``: by which way it comes, a
    citizen's by the site or by it as an app. ``company_id``: in whose name a citizen applies; the form then says which
    company. ``service``: how documents shall reach who applies; None: not said yet, or as it was said before.

    Raises NotFound for an item that nobody can apply for, or citizens cannot online; NotAllowed for staff who take
    nothing in here, and for a citizen who does not act for that company in this; TooMany; Invalid for a way of service
    that there is not, or not by this channel.
    """
    setup = open_setup_for(who, pk=setup_id)
    guide = guide_to_apply_by(setup.item_id, setup.handling_code)
    if who.citizen and guide.lacks:
        raise NotFound(NOT_OPEN)
    if who.citizen is None:
        require(who.by, HANDLE, hall_id=hall.pk, unit_id=setup.unit_id)
    if channel in BY_REFERRAL:
        raise Invalid.at("channel", "其他服务厅转来的办件由系统接收，不能在这里收件。")
    check_channel(who, channel)
    wish = wish_at_beginning(who, service)
    filled = begin_filling(who=who, hall=hall, form_id=setup.form_id, is_another=is_another)
    intake, _ = Intake.objects.get_or_create(filled=filled, defaults={"channel": channel})
    if wish:
        keep_wish(who, hall, intake, wish)
    if who.citizen and company_id:
        said = values_of_body(who.citizen, guide, company_id)
        asked = definition_of(filled.version).named_fields
        posted = {name: value for name, value in said.items() if name in asked}
        return save_filling(
            who=who, hall=hall, filled_id=filled.pk, posted=posted, revision=filled.revision, origin=OF_COMPANY
        ).filled
    return filled


def check_channel(who: FormFiller, channel: str) -> None:
    """Raises Invalid where staff say that an applicant came alone, or an applicant that somebody at the desk was
    there."""
    if who.citizen is None and channel in OWN_CHANNELS:
        raise Invalid.at("channel", "群众自己提交的才算网站、手机应用申请，请选择窗口、电话或者其他系统。")
    if who.citizen and channel not in OWN_CHANNELS:
        raise Invalid.at("channel", "自己申请的，申请方式只能是网站或者手机应用。")


@transaction.atomic
def receive_case(*, who: FormFiller, hall: Hall, filled: FilledForm) -> Case:
    """收件: make a case of a form that was sent, in the transaction in which it is. Sent twice, it is one case.

    Raises NotFound where the item can no longer be applied for, Invalid where something that must be handed in online
    is missing.
    """
    if known := Case.objects.filter(filled=filled).first():
        return known
    setup = open_setup_for(who, form_id=filled.form_id)
    guide = guide_to_apply_by(setup.item_id, setup.handling_code)
    values = values_of(hall, filled)
    materials = list(materials_of(guide.materials, values))
    if who.citizen:
        check_whole(guide.materials, materials)
    intake = Intake.objects.filter(filled=filled).first()
    by_default = CaseChannel.SITE if who.citizen else CaseChannel.WINDOW
    channel = CaseChannel(intake.channel) if intake else by_default
    chosen = choice_of_intake(who, hall, intake)
    if intake:
        # from now on the case says it
        intake.delete()
    case = open_case(
        who=who,
        hall=hall,
        setup=setup,
        guide=guide,
        filled=filled,
        channel=channel,
        materials=materials,
        chosen=chosen,
    )
    note_used_licences(who, hall, case)
    return case


def open_case(
    *,
    who: FormFiller,
    hall: Hall,
    setup: CaseSetup,
    guide: CaseGuide,
    filled: FilledForm,
    channel: CaseChannel,
    materials: Collection[CaseMaterial],
    chosen: tuple[ServiceChoice, str] | None = None,
) -> Case:
    """Make a case of a form that was sent, with its number, its materials and the clock of acceptance. It is the
    citizen's whose form it is; whether it may be made the caller has looked at. ``chosen``: how documents shall reach
    them, and to which address. Raises Conflict where the hall was retired meanwhile."""
    hold_unretired(hall.pk)
    now = timezone.now()
    choice, address = chosen or (None, "")
    facts = applicant_of(values_of(hall, filled))
    by, note = in_whose_name(who, guide, facts)
    applicant = keep_applicant(hall_id=hall.pk, facts=facts, service_address=address)
    case = Case(
        # who applied is found by the case's own id
        id=applicant.pk,
        setup=setup,
        number=next_number(guide.number_begins, timezone.localdate(now)),
        item_id=setup.item_id,
        handling_code=setup.handling_code,
        item_version_id=guide.version.pk,
        hall_guide_id=guide.hall_guide.pk,
        item_name=guide.name,
        case_type=guide.case_type,
        channel=channel,
        state=CaseState.RECEIVED,
        state_at=now,
        filled=filled,
        citizen_id=filled.citizen_id,
        unit_id=setup.unit_id,
        received_at=now,
        service=Serving(choice).kept,
    )
    keep(hall, case)
    for material in materials:
        material.id, material.case = material_id(case.pk, material.position), case
    CaseMaterial.objects.bulk_create(materials)
    begin_acceptance(hall, case, guide)
    note_act(
        by,
        hall,
        case,
        "receive",
        said=words_of(choice) if choice else "",
        note=note,
        is_applicant=who.citizen is not None,
        changes={"service_way": [None, choice.way]} if choice else None,
    )
    emit_event(kind=CASE_WAITS, subject_id=case.pk, hall_id=hall.pk)
    return case


def applicant_of(values: Mapping[str, Any]) -> ApplicantFacts:
    """Who applies, and who comes for them, by the names of the ready blocks (standards.forms.blocks)."""
    is_body = values.get("applicant_nature") == ApplicantNature.BODY
    has_agent = values.get("agent_is_there") is True
    return ApplicantFacts(
        kind=ApplicantNature.BODY if is_body else ApplicantNature.PERSON,
        name=_text(values, "applicant_name"),
        number=_text(values, "applicant_number"),
        phone=_text(values, "applicant_mobile"),
        body_name=_text(values, "applicant_body") if is_body else "",
        credit_code=_text(values, "applicant_credit_code") if is_body else "",
        agent_name=_text(values, "agent_name") if has_agent else "",
        agent_number=_text(values, "agent_number") if has_agent else "",
        agent_phone=_text(values, "agent_mobile") if has_agent else "",
    )


def materials_of(wanted: Iterable[GuideMaterial], values: Mapping[str, Any]) -> list[CaseMaterial]:
    """What a guide asks for, each with whether it is there. Not saved."""
    made = []
    for one in wanted:
        field = field_of_material(one.place)
        otherwise = MaterialState.NOT_NEEDED if one.is_exempt else MaterialState.MISSING
        made.append(
            CaseMaterial(
                position=one.place,
                code=one.code[:40],
                name=one.name[:200],
                is_needed=one.is_needed,
                state=MaterialState.GIVEN if values.get(field) else otherwise,
                field=field,
            )
        )
    return made


def check_whole(wanted: Iterable[GuideMaterial], materials: Collection[CaseMaterial]) -> None:
    """Raises Invalid with a fault for each needed material that is missing and may not come later (容缺后补)."""
    later = {one.place for one in wanted if one.can_come_later}
    faults = [
        Fault(one.field, f"请上传“{one.name}”。")
        for one in materials
        if one.is_needed and one.state == MaterialState.MISSING and one.position not in later
    ]
    if faults:
        raise Invalid.of(faults, many=f"还有 {len(faults)} 份材料没有上传，请补齐后再提交。")


def _text(values: Mapping[str, Any], name: str) -> str:
    found = values.get(name)
    return found.strip() if isinstance(found, str) else ""


def _applications() -> QuerySet[CaseSetup, UUID]:
    return CaseSetup.objects.values_list("form_id", flat=True)


def _page(filled: FilledForm) -> str:
    case = Case.objects.get(filled=filled)
    return reverse("site-case" if filled.citizen_id else "desk-case", args=[case.pk])


def _drafts_at() -> tuple[str, str]:
    return reverse("site-cases"), "我的办件"


APPLICATIONS: Final = FormTaker(
    name="casework",
    forms=_applications,
    take=receive_case,
    page=_page,
    noun="申请",
    kept_at=_drafts_at,
    reopened=fields_to_bring,
    published=offer_form_anew,
)
