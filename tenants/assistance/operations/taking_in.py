"""Something is begun for somebody, filled in, and let go again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.design.forms import ids_of
from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, Fault, Invalid, TooMany
from foundation.events.operations import emit_event
from foundation.rows import draw_id
from foundation.sealing.fields import OwnedJSON
from province.cases.operations import ApplicantFacts, drop_applicant, keep_applicant
from province.cases.queries.referrals import check_taker, offer_above
from province.cases.states import ApplicantNature, Consent
from province.citizens.operations.citizens import read_person
from province.halls.models import Hall
from province.people.operations.work import close_open_work
from province.rights.actors import Actor
from standards.forms.posted import FilledResult
from standards.numbers.phones import is_mobile, normal_phone
from tenants.assistance.events import ASSISTANCE_OVER
from tenants.assistance.models import LONGEST_NOTE, Assistance
from tenants.assistance.operations.rows import check_draft, lock_assistance, note_act
from tenants.assistance.operations.work import keep_work
from tenants.assistance.queries.access import require_assistant
from tenants.assistance.queries.assistances import whole_files
from tenants.assistance.queries.filling import definition_of_offer, form_of, read_assistance
from tenants.assistance.states import ASSISTANCE_KIND, AssistanceState
from tenants.portal.operations.figures import check_inside

MOST_DRAFTS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistedPerson:
    """Who something is done for. No ``repr``: it would stand in logs."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SavedAssistance:
    """The row as it stands now, and what the standards say of it."""

    assistance: Assistance
    result: FilledResult


@transaction.atomic
def begin_assistance(
    *, by: Actor, hall: Hall, offer_id: UUID, person: AssistedPerson, consent: str, note: str = ""
) -> Assistance:
    """Begin an application for somebody, on the form that the hall above has published; ``consent``: how they have
    agreed (``Consent``). Who it is for is filled in and stays.

    Raises NotAllowed for who does nothing for others here, NotFound for what no hall above takes, Invalid, Conflict
    where that hall cannot take it now, TooMany.
    """
    check_inside(hall)
    require_assistant(by, hall)
    person = _read(person)
    note = _read_consent(consent, note)
    offer = offer_above(hall, offer_id)
    check_taker(offer.hall, offer.item_id, offer.handling_code)
    definition = definition_of_offer(offer)
    me = by.acting_for_id or by.id
    if definition is None or me is None:
        message = f"{offer.hall.name}没有开通这个事项的申请，请重新选择。"
        raise Conflict(message)
    if Assistance.objects.filter(state=AssistanceState.DRAFT).count() >= MOST_DRAFTS:
        raise TooMany(f"本厅有 {MOST_DRAFTS} 件代办还没有交办，请先交办或删除几件。")
    applicant = keep_applicant(
        hall_id=hall.pk,
        facts=ApplicantFacts(kind=ApplicantNature.PERSON, name=person.name, number=person.number, phone=person.phone),
    )
    made = Assistance(
        id=draw_id(),
        offer_id=offer.pk,
        item_name=offer.item_name,
        hall_name=offer.hall.name,
        applicant_id=applicant.pk,
        clerk_id=me,
        clerk_name=by.acting_for or by.name,
        consent=Consent(consent),
        note=note,
        values=OwnedJSON(hall.pk, {}),
        saved_at=timezone.now(),
    )
    made.save(force_insert=True)
    known = {
        "applicant_nature": ApplicantNature.PERSON.value,
        "applicant_name": person.name,
        "applicant_number": person.number,
        "applicant_mobile": person.phone,
    }
    values = read_assistance(by, hall, made, definition, known)[0].values
    made.values = OwnedJSON(hall.pk, {"form": dict(values), "papers": []})
    made.save(update_fields=["values"])
    made.refresh_from_db(fields=["created_at"])
    keep_work(hall, made)
    changes = {"item": [None, made.item_name], "to_hall": [None, made.hall_name], "consent": [None, made.consent]}
    note_act(by, hall, made, "begin_assistance", changes=changes)
    return made


@transaction.atomic
def save_assistance(
    *,
    by: Actor,
    hall: Hall,
    assistance_id: UUID,
    posted: Mapping[str, object],
    revision: int,
    papers: tuple[str, ...] | None = None,
) -> SavedAssistance:
    """Keep what was typed, right or wrong. ``papers``: ids of the pictures of the written mandate, None: as they are.

    Raises Conflict where it was handed over, where something else was saved since ``revision``, or where the hall above
    takes the item no more. The same once more changes nothing.
    """
    assistance = lock_assistance(by, hall, assistance_id)
    check_draft(assistance)
    form = form_of(assistance)
    if form.definition is None:
        raise Conflict(form.refusal)
    result, _ = read_assistance(by, hall, assistance, form.definition, posted)
    before = assistance.values.opened(hall.pk)
    kept = {"form": dict(result.values), "papers": _own(assistance, papers, before.get("papers", []))}
    if kept != before:
        check_revision(assistance, revision)
        assistance.values = OwnedJSON(hall.pk, kept)
        assistance.revision += 1
    assistance.saved_at = timezone.now()
    assistance.save()
    return SavedAssistance(assistance, result)


@transaction.atomic
def drop_assistance(*, by: Actor, hall: Hall, assistance_id: UUID) -> None:
    """Delete what was not handed over, with all that was typed and photographed. Raises Conflict for what was."""
    assistance = lock_assistance(by, hall, assistance_id)
    if assistance.state != AssistanceState.DRAFT:
        raise Conflict("已经交办的不能删除。对方还没有签收的，可以先取回。")
    note_act(by, hall, assistance, "drop_assistance", changes={"item": [assistance.item_name, None]})
    forget_assistance(hall, assistance)


def forget_assistance(hall: Hall, assistance: Assistance) -> None:
    """Delete a row that the caller holds, and who it was for; its files follow."""
    emit_event(kind=ASSISTANCE_OVER, subject_id=assistance.pk, hall_id=hall.pk)
    drop_applicant(hall_id=hall.pk, applicant_id=assistance.applicant_id)
    close_open_work(kind=ASSISTANCE_KIND, object_ids=[assistance.pk])
    assistance.delete()


def check_revision(assistance: Assistance, revision: int) -> None:
    """Raises Conflict, where what was read is not what is kept."""
    if assistance.revision != revision:
        when = timezone.localtime(assistance.saved_at)
        message = f"这件代办已在别处于 {when:%H:%M} 保存了较新的内容，您刚才填的还没有保存。"
        raise Conflict(message)


def _own(assistance: Assistance, papers: tuple[str, ...] | None, before: list[str]) -> list[str]:
    if papers is None:
        return before
    found = whole_files(assistance).filter(pk__in=ids_of(papers))
    return [str(one) for one in found.values_list("pk", flat=True)]


def _read(person: AssistedPerson) -> AssistedPerson:
    phone = normal_phone(person.phone)
    faults = [] if not phone or is_mobile(phone) else [Fault("phone", "手机号有误，请核对；没有手机的可以不填。")]
    try:
        name, number = read_person(person.name, person.number)
    except Invalid as refusal:
        faults = [*refusal.faults, *faults]
    if faults:
        raise Invalid.of(faults)
    return AssistedPerson(name=name, number=number, phone=phone)


def _read_consent(consent: str, note: str) -> str:
    if consent not in Consent:
        raise Invalid.at("consent", "请选择委托方式。")
    ask = "请写明谁在什么时候、用哪个电话委托的。" if consent == Consent.PHONE else ""
    return clean_reason(note, ask=ask, field="note", most=LONGEST_NOTE)


def said_of(hall: Hall, clerk: str, assistance: Assistance, mandate: str, note: str) -> str:
    """Who took it in and how the person agreed, as the hall that does it reads it."""
    words: list[Any] = [f"{hall.name}{clerk}代办", assistance.get_consent_display(), mandate]
    return f"{'，'.join(one for one in words if one)}。{note}"
