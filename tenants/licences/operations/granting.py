"""What a decision makes of licences, in its own transaction: one comes into being, takes another's place, or ends.

An app that decides has asked whether the actor may.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.advisory_lock import hold_name
from province.audit.operations import record_act
from province.cases.models import CaseApplicant
from province.halls.models import Hall
from province.registries.states import DocumentState
from province.rights.actors import Actor
from standards.workdays.limits import months_after
from tenants.documents.operations.ending import end_issued, reinstate_issued
from tenants.documents.operations.issuing import issue_document
from tenants.licences.models import Licence, validity_words
from tenants.licences.queries.holders import mark_of, rows_of_same_holder, shown_number
from tenants.licences.states import LICENCE_KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceFacts:
    """``owner_kind`` and ``owner_id``: of what grants it, and ``owner_number`` as people call that. ``months``: for how
    long it is given; None: without an end. ``content``: what is allowed; ``issuer``: in whose name, "" is the
    hall's."""

    owner_kind: str
    owner_id: UUID
    owner_number: str
    holder: CaseApplicant
    item_id: UUID
    item_name: str
    name: str
    type_code: str
    months: int | None
    content: str
    basis: str
    issuer: str = ""


@transaction.atomic
def grant_licence(
    *, by: Actor, hall: Hall, facts: LicenceFacts, former: Licence | None = None, keeps_end: bool = False
) -> Licence:
    """Give somebody a licence from today on. ``former``: whose place it takes, held by the caller; ``keeps_end``: its
    last day is the former one's, unless that is over (变更, 换证, 补证).

    Raises Invalid for what cannot be printed.
    """
    today = timezone.localdate()
    last = last_day(today, facts.months)
    if former and keeps_end and (former.holds_until is None or former.holds_until >= today):
        last = former.holds_until
    document = issue_document(
        by=by,
        hall=hall,
        kind=LICENCE_KIND,
        owner_kind=facts.owner_kind,
        owner_id=facts.owner_id,
        values={
            "licence": facts.name,
            "holder": facts.holder.body_name or facts.holder.name.plain,
            "holder_number": shown_number(facts.holder),
            "item": facts.item_name,
            "case_number": facts.owner_number,
            "content": facts.content,
            "basis": facts.basis,
            "validity": validity_words(today, last),
        }
        | ({"former": former.number} if former else {}),
        issuer=facts.issuer,
        valid_until=last,
    )
    made = Licence.objects.create(
        document=document,
        item_id=facts.item_id,
        item_name=facts.item_name,
        name=facts.name,
        type_code=facts.type_code,
        holder_id=facts.holder.pk,
        holds_from=today,
    )
    _record(by, hall, made, "grant_licence", changes={"number": [None, document.number]})
    if former:
        reason = f"换发为{document.number}"
        end_issued(
            by=by, hall=hall, document=former.document, state=DocumentState.REPLACED, reason=reason, successor=document
        )
        _end_for(by, hall, former, facts.owner_id, basis="")
    return made


@transaction.atomic
def cancel_licence(*, by: Actor, hall: Hall, licence: Licence, owner_id: UUID, basis: str, reason: str) -> None:
    """注销 by a decision for which the holder has applied. The caller holds the licence."""
    end_issued(by=by, hall=hall, document=licence.document, state=DocumentState.CANCELLED, reason=reason)
    _end_for(by, hall, licence, owner_id, basis=basis)


@transaction.atomic
def undo_licences(*, by: Actor, hall: Hall, owner_id: UUID, reason: str) -> None:
    """The decision was wrong: what it has granted is revoked, and what it has replaced or ended holds again. A licence
    that another one has replaced meanwhile stays replaced, and once more changes nothing."""
    for one in _held(document__owner_id=owner_id, document__state=DocumentState.ISSUED):
        end_issued(by=by, hall=hall, document=one.document, state=DocumentState.REVOKED, reason=reason)
        _record(
            by, hall, one, "end_licence", reason=reason, changes=_state(DocumentState.ISSUED, DocumentState.REVOKED)
        )
    for one in _held(ended_for_id=owner_id):
        before = DocumentState(one.document.state)
        reinstate_issued(by=by, hall=hall, document=one.document, reason=reason)
        one.ended_for_id, one.end_basis = None, ""
        one.save(update_fields=["ended_for_id", "end_basis"])
        _record(by, hall, one, "reinstate_licence", reason=reason, changes=_state(before, DocumentState.ISSUED))


def hold_former(*, holder: CaseApplicant, item_id: UUID, name: str, among: frozenset[UUID]) -> Licence | None:
    """Hold the licence that a new one would replace, until the transaction ends: of those of this kind that the holder
    has and that nobody has ended, the one that is named in ``among``, or else the only one. None where there is none,
    or nobody can say which."""
    hold_name(f"licences {holder.hall_id} {item_id} {mark_of(holder)}")
    rows = [one.pk for one in rows_of_same_holder(holder).only("pk")]
    found = _held(item_id=item_id, name=name, holder_id__in=rows, document__state=DocumentState.ISSUED)
    named = [one for one in found if one.pk in among] or found
    return named[0] if len(named) == 1 else None


def _held(**of: object) -> list[Licence]:
    # the document, too: of two at once the second reads what the first has written
    rows = Licence.objects.select_for_update(of=("self", "document")).select_related("document")
    return list(rows.filter(**of).order_by("pk"))


def _end_for(by: Actor, hall: Hall, licence: Licence, owner_id: UUID, *, basis: str) -> None:
    licence.ended_for_id, licence.end_basis = owner_id, basis
    licence.save(update_fields=["ended_for_id", "end_basis"])
    after = DocumentState(licence.document.state)
    _record(
        by, hall, licence, "end_licence", reason=licence.document.reason, changes=_state(DocumentState.ISSUED, after)
    )


def _state(before: DocumentState, after: DocumentState) -> dict[str, list[str | None]]:
    return {"state": [before.value, after.value]}


def last_day(first: date, months: int | None) -> date | None:
    """The last one of so many months from this day on; None: without an end. It is the day before the one of the same
    number; where the month lacks that one, its last day (民法典 art. 202)."""
    if not months:
        return None
    day = months_after(first, months)
    return day if day.day < first.day else day - timedelta(days=1)


def _record(
    by: Actor, hall: Hall, licence: Licence, act: str, *, changes: dict[str, list[str | None]], reason: str = ""
) -> None:
    record_act(
        by=by,
        act=f"licences.{act}",
        object_type="licence",
        object_id=licence.pk,
        hall_id=hall.pk,
        reason=reason,
        changes=changes,
    )
