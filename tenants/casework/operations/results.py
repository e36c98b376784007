"""办理结果: what a decision makes of the licences that the item gives, in the transaction of the decision; and after
it, that they are made (制证)."""

from typing import Final
from uuid import UUID

from django.db import transaction

from province.cases.queries.applicants import applicant_with_id
from province.cases.states import CASE_KIND, CaseOutcome
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import system_actor
from standards.items.codelists import HandlingKind
from tenants.casework.models import ArchiveSheet, Case, CaseDecision, UsedLicence
from tenants.casework.operations.documents import issuer_of, laws_of
from tenants.casework.operations.rows import note_act, tell_province
from tenants.casework.queries.acts import MAKE_LICENCE
from tenants.casework.queries.guides import CaseGuide, Values
from tenants.licences.models import LONGEST_BASIS, Licence
from tenants.licences.operations.granting import (
    LicenceFacts,
    cancel_licence,
    grant_licence,
    hold_former,
    undo_licences,
)

# the new licence takes the place of the one that the holder has; all but 延续 end when that one would have
_KEEPING: Final = frozenset({HandlingKind.CHANGE, HandlingKind.RENEW, HandlingKind.REISSUE})
_REPLACING: Final = _KEEPING | {HandlingKind.EXTEND}
_LONGEST_REASON: Final = 500


def settle_licences(
    by: Actor, hall: Hall, case: Case, guide: CaseGuide, decision: CaseDecision, before: CaseDecision | None = None
) -> None:
    """Grant the licences that the guide names as results, let them take the place of former ones, or end those (注销),
    as the handling item says. ``before``: the decision that this one puts right; what that has done is undone, and the
    same outcome once more changes nothing."""
    if before and before.outcome == decision.outcome:
        return
    if decision.outcome != CaseOutcome.GRANTED:
        if before:
            undo_licences(by=by, hall=hall, owner_id=case.pk, reason=decision.corrects[:_LONGEST_REASON])
        return
    applicant = applicant_with_id(hall.pk, case.applicant_id)
    if applicant is None:
        return
    used = frozenset(UsedLicence.objects.filter(upload__filled_id=case.filled_id).values_list("licence_id", flat=True))
    for row in guide.licence_rows:
        name = str(row.get("name") or "")[:200]
        former: Licence | None = None
        if guide.handling_kind in {*_REPLACING, HandlingKind.CANCEL}:
            former = hold_former(holder=applicant, item_id=case.item_id, name=name, among=used)
        if guide.handling_kind == HandlingKind.CANCEL:
            if former:
                reason = f"依申请注销，办件编号{case.number}"
                basis = laws_of(guide)[:LONGEST_BASIS]
                cancel_licence(by=by, hall=hall, licence=former, owner_id=case.pk, basis=basis, reason=reason)
            continue
        grant_licence(
            by=by,
            hall=hall,
            facts=LicenceFacts(
                owner_kind=CASE_KIND,
                owner_id=case.pk,
                owner_number=case.number,
                holder=applicant,
                item_id=case.item_id,
                item_name=case.item_name,
                name=name,
                type_code=str(row.get("licence_code") or ""),
                months=_months(row),
                content=decision.reasons,
                basis=laws_of(guide),
                issuer=issuer_of(hall, case),
            ),
            former=former,
            keeps_end=guide.handling_kind in _KEEPING,
        )


@transaction.atomic
def note_licence_made(*, hall: Hall, document_id: UUID) -> None:
    """制证 is done: the files of a licence that a case has granted are there, sealed. Once more, and of a case that is
    there no more or is archived, whose list of contents is closed, changes nothing."""
    licence = Licence.objects.select_related("document").filter(document_id=document_id).first()
    if licence is None or licence.document.owner_kind != CASE_KIND:
        return
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("setup")
        .filter(pk=licence.document.owner_id)
        .first()
    )
    if case is None or ArchiveSheet.objects.filter(pk=case.pk).exists():
        return
    said = f"{licence.document.issuer}制发的“{licence.name}”（{licence.number}）已经制成。"
    if any(one.said == said for one in case.acts.filter(act=MAKE_LICENCE)):
        return
    note_act(system_actor(), hall, case, MAKE_LICENCE, said=said)
    tell_province(hall, case)


def _months(row: Values) -> int | None:
    months = row.get("valid_months")
    return months if isinstance(months, int) and months > 0 else None
