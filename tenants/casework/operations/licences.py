"""用我名下的证照: a licence of this hall stands in an application in place of its paper, with its holder's consent."""

import io
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from foundation.errors import Conflict, Invalid, NotFound, Unavailable
from foundation.files.store import read_file
from province.audit.operations import record_act
from province.cases.models import CaseApplicant
from province.cases.queries.applicants import applicant_with_id
from province.cases.states import ApplicantNature
from province.halls.models import Hall
from province.rights.queries import require_work_at
from tenants.casework.models import Case, UsedLicence
from tenants.casework.operations.rows import note_act
from tenants.casework.queries.access import HANDLE
from tenants.casework.queries.bodies import body_fields
from tenants.casework.queries.licences import LicenceOffer, offers_for, used_in
from tenants.casework.states import HolderConsent
from tenants.documents.queries.documents import PDF, key_of_file
from tenants.licences.models import Licence
from tenants.licences.queries.register import NO_LICENCE
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import FilledForm
from tenants.workflow.operations.filling import locked_filling, save_filling
from tenants.workflow.operations.uploads import add_upload
from tenants.workflow.queries.filled import FormFiller, own_filled, values_of
from tenants.workflow.queries.forms import definition_of

_OF_LICENCE: Final = "您用的证照"
_NOT_YET: Final = "证照文件还在生成，请过几秒钟再试。"


def use_licence(
    *, who: FormFiller, hall: Hall, filled_id: UUID, field: str, licence_id: UUID, consent: str
) -> UsedLicence:
    """Put a licence into one's draft, or into one's form that is opened again, for the material that stands in
    ``field``: its paper becomes a file there, and blank fields are filled in from it. ``consent``: how its holder has
    agreed. The same once more changes nothing.

    Raises NotAllowed for staff who handle no case here; Invalid without consent; NotFound for another person's form,
    and for a licence that is none of who applies, or not of the kind that the guide asks for; Conflict for one that
    holds no more; Unavailable while its paper is being made.
    """
    check_inside(hall)
    if who.citizen is None:
        require_work_at(who.by, HANDLE, hall_id=hall.pk)
    agreed = _agreed(who, consent)
    offer = _offer(who, hall, own_filled(who, filled_id), field, licence_id)
    document = offer.licence.document
    if not document.is_made:
        raise Unavailable(_NOT_YET)
    paper = read_file(key_of_file(hall, document, PDF))
    # in the store before its row is, as every file of a form; what is left of a process that is killed here is a file
    # that stands in no field
    name = f"{offer.licence.name} {offer.licence.number}.pdf"
    upload = add_upload(who=who, hall=hall, filled_id=filled_id, name=name, content=io.BytesIO(paper))
    with transaction.atomic():
        filled = locked_filling(who, hall, filled_id)
        licence = _held(offer.licence.pk)
        values = values_of(hall, filled)
        there = [one["id"] for one in values.get(field) or [] if isinstance(one, dict)]
        posted = _known_of(filled, field, licence, applicant_with_id(hall.pk, licence.holder_id), values)
        if str(upload.pk) not in there:
            posted[field] = [*there, str(upload.pk)]
        if posted:
            save_filling(
                who=who, hall=hall, filled_id=filled_id, posted=posted, revision=filled.revision, origin=_OF_LICENCE
            )
        used, is_new = UsedLicence.objects.get_or_create(
            upload=upload,
            defaults={
                "licence": licence,
                "consent": agreed,
                "standing": licence.standing,
                "by_id": None if who.citizen else who.by.id,
                "by_name": "" if who.citizen else who.by.shown_name,
            },
        )
        if is_new:
            record_act(
                by=who.by,
                act="casework.agree_to_licence",
                object_type="filled_form",
                object_id=filled_id,
                hall_id=hall.pk,
                changes={"licence": [None, licence.number], "agreed": [None, agreed.label]},
            )
    return used


def note_used_licences(who: FormFiller, hall: Hall, case: Case) -> None:
    """Write into the history of a case that was just received which licences its applicant lets the hall use."""
    for one in used_in(hall, case):
        licence = one.used.licence
        said = f"{one.used.get_consent_display()}，使用“{licence.name}”（{licence.number}）作为“{one.material}”。"
        note_act(who.by, hall, case, "use_licence", said=said, is_applicant=who.citizen is not None)


def _agreed(who: FormFiller, consent: str) -> HolderConsent:
    known = {HolderConsent.OWN} if who.citizen else {one for one in HolderConsent if one is not HolderConsent.OWN}
    if consent not in known:
        ask = "请先同意本厅在这次申请里使用这本证照。" if who.citizen else "请选择持有人怎样同意的。"
        raise Invalid.at("consent", ask)
    return HolderConsent(consent)


def _offer(who: FormFiller, hall: Hall, filled: FilledForm, field: str, licence_id: UUID) -> LicenceOffer:
    found = next((one for one in offers_for(hall, who, filled, {field}) if one.licence.pk == licence_id), None)
    if found is None:
        raise NotFound(NO_LICENCE)
    return found


def _held(licence_id: UUID) -> Licence:
    """Nobody ends it before this transaction has. Raises Conflict where somebody has."""
    rows = Licence.objects.select_for_update(of=("self", "document")).select_related("document")
    licence = rows.get(pk=licence_id)
    if not licence.holds:
        message = f"这本证照{licence.standing.label}，不能再用。"
        raise Conflict(message)
    return licence


def _known_of(
    filled: FilledForm, field: str, licence: Licence, holder: CaseApplicant | None, values: Mapping[str, Any]
) -> dict[str, object]:
    """What the licence says of blank fields: those of the ready block of a body that applies, and those that the form
    names after the material's (``material_2_number``, ``_from``, ``_until``)."""
    known: dict[str, object] = {f"{field}_number": licence.number, f"{field}_from": licence.holds_from.isoformat()}
    if licence.holds_until:
        known[f"{field}_until"] = licence.holds_until.isoformat()
    if holder and holder.kind == ApplicantNature.BODY and values.get("applicant_nature") in {None, "", "body"}:
        known |= body_fields(holder.body_name, holder.credit_code)
    fields = definition_of(filled.version).named_fields
    return {name: value for name, value in known.items() if name in fields and not values.get(name)}
