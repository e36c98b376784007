"""补交 by the hall that took an application in (代办): what it hands over later is taken as the applicant's own."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from province.cases.models import ReferralSupplement
from province.cases.operations import change_applicant, note_taken
from province.cases.queries.applicants import applicant_with_id
from province.cases.queries.referrals import first_of
from province.cases.queries.supplements import content_of_supplement, supplement_at
from province.cases.states import CaseState
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from tenants.casework.models import Case
from tenants.casework.operations.acceptance import bring_the_rest
from tenants.casework.operations.clocks import has_lapsed
from tenants.casework.operations.intake import applicant_of
from tenants.casework.operations.lacking import take_brought
from tenants.casework.operations.own import COMPLETED, CORRECTED, note_brought
from tenants.casework.queries.corrections import fields_to_write, what_to_bring
from tenants.workflow.operations.carried import CarriedForm, change_carried_form

_LABELS: Final = {True: CORRECTED, False: COMPLETED}


@transaction.atomic
def take_supplement(*, hall: Hall, supplement_id: UUID) -> None:
    """Write what was handed over into the application, and go on as if the applicant had brought it: of what was asked
    for (补正) a new clock of acceptance begins, of what was promised (容缺) the hall looks at it. What is not asked for
    any more (it was brought otherwise, withdrawn, decided, or its day had passed) is left. Once more changes nothing.

    Raises Unavailable, NotFound where a file cannot be copied now: nothing is taken then.
    """
    known = supplement_at(hall.pk, supplement_id)
    if known is None or known.receipt.case_id is None:
        return
    rows = Case.objects.select_for_update(of=("self",)).select_related("setup")
    case = rows.filter(pk=known.receipt.case_id).first()
    # as it stands now that nobody else acts on the case
    supplement = supplement_at(hall.pk, supplement_id) if case else None
    if case is None or supplement is None or supplement.receipt.asking_id != supplement.asking_id:
        return
    is_correction = case.state == CaseState.CORRECTING
    on = timezone.localdate(supplement.created_at)
    if not is_correction and has_lapsed(case, on):
        return
    content = content_of_supplement(supplement)
    by = _bringer(hall, case, supplement, content)
    before, values = _written(by, hall, case, supplement, content)
    note_brought(case, before, values)
    if is_correction:
        change_applicant(hall_id=hall.pk, applicant_id=case.applicant_id, facts=applicant_of(values))
        bring_the_rest(by=by, hall=hall, case_id=case.pk, said=content["said"])
    else:
        take_brought(hall, case, by=by, said=content["said"], on=on, is_applicant=False)
    note_taken(receipt=supplement.receipt, supplement=supplement)


def _bringer(hall: Hall, case: Case, supplement: ReferralSupplement, content: Mapping[str, Any]) -> Actor:
    """The other hall's clerk, in the applicant's place."""
    sender = first_of(supplement.receipt.referral).hall
    by = system_actor(f"{sender.name} {content['clerk']}")
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    whose = case.citizen_id or case.applicant_id
    return by.in_place_of(whose, applicant.shown_name if applicant else "")


def _written(
    by: Actor, hall: Hall, case: Case, supplement: ReferralSupplement, content: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    asked = what_to_bring(case)
    names = fields_to_write(case, asked) if asked else []
    fields = {name: one for name, one in content["fields"].items() if name in names}
    return change_carried_form(
        by=by,
        hall=hall,
        filled_id=case.filled_id,
        sender_folder=first_of(supplement.receipt.referral).hall.folder,
        carried=CarriedForm(
            values={name: one["value"] for name, one in fields.items()},
            types={name: one["type"] for name, one in fields.items()},
            files=content["files"],
            citizen_id=case.citizen_id,
            account_id=None,
            label=_LABELS[case.state == CaseState.CORRECTING],
        ),
    )
