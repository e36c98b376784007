"""Issue a document: its number, its values and its code in one transaction; its files right after the commit."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.events.operations import emit_event
from foundation.sealing.fields import OwnedJSON
from foundation.texts import line_of
from province.audit.operations import record_act
from province.document_templates.queries.kinds import document_kind
from province.document_templates.queries.layouts import layout_of
from province.document_templates.queries.samples import fonts
from province.halls.models import Hall
from province.registries.operations import DocumentFacts, report_document
from province.registries.states import DocumentState
from province.rights.actors import Actor
from standards.documents.filling import checked_values, fill
from standards.documents.fonts import check_printable
from tenants.documents.events import DOCUMENT_ISSUED
from tenants.documents.models import IssuedDocument
from tenants.documents.operations.numbers import take_number
from tenants.documents.operations.templates import template_row, version_in_use
from tenants.documents.queries.papers import given_of
from tenants.portal.operations.figures import check_inside

# without I, L, O and U: nobody reads one for another (Crockford)
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 16


@transaction.atomic
def issue_document(  # noqa: PLR0913 - a row
    *,
    by: Actor,
    hall: Hall,
    kind: str,
    owner_kind: str,
    owner_id: UUID,
    values: Mapping[str, Any],
    issuer: str = "",
    valid_until: date | None = None,
    document_id: UUID | None = None,
) -> IssuedDocument:
    """Issue a document in the caller's transaction, which has asked whether the actor may. ``values``: name of a field
    of the kind → its value (``standards.documents.kinds.FieldType``). ``issuer``: in whose name, "" is the hall's;
    ``valid_until``: its last day, None: without an end; ``document_id``: the id that it gets, a UUIDv7 by which a
    caller that may come twice has looked for it before.

    The number and the code are taken for good with the commit, and not at all without one; the hall's next document of
    the same rule waits for it. The files follow within a second or so, by an event: ``document.is_made`` says so.

    Raises Invalid for values that are missing, of another type, too long, or that no font has; NotFound for a kind that
    no app states; LookupError outside the hall's schema.
    """
    check_inside(hall)
    stated = document_kind(kind)
    clean = checked_values(stated, values)
    template = template_row(kind)
    version = version_in_use(template, stated)
    today = timezone.localdate()
    taken = take_number(template, stated, year=today.year)
    document = IssuedDocument(
        **({"id": document_id} if document_id else {}),
        kind=kind,
        title=stated.name,
        issuer=line_of(issuer)[:80] or hall.name,
        number=taken.number,
        series=taken.series,
        year=taken.year,
        order=taken.order,
        owner_kind=owner_kind,
        owner_id=owner_id,
        version=version,
        values=OwnedJSON(hall.pk, clean),
        code="".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH)),
        issued_on=today,
        valid_until=valid_until,
        issued_by_id=by.id,
        issued_by_name=by.name,
    )
    # what cannot be written is refused now: a number without a paper would be a gap
    check_printable(fill(layout_of(version), stated, clean, given_of(document)), fonts())
    document.save(force_insert=True)
    tell_registry(hall, document)
    emit_event(kind=DOCUMENT_ISSUED, subject_id=document.pk, hall_id=hall.pk)
    record_act(
        by=by,
        act="documents.issue_document",
        object_type="document",
        object_id=document.pk,
        hall_id=hall.pk,
        changes={"kind": [None, stated.name], "number": [None, document.number]},
    )
    return document


def tell_registry(hall: Hall, document: IssuedDocument) -> None:
    """What anybody may check of it, in the caller's transaction, which holds the document's row."""
    facts = DocumentFacts(
        code=document.code,
        title=document.title,
        issuer=document.issuer,
        number=document.number,
        issued_on=document.issued_on,
        state=DocumentState(document.state),
        valid_until=document.valid_until,
        ended_on=document.ended_on,
        successor=document.successor.number if document.successor else "",
        sha256=document.pdf_sha256 or "",
    )
    report_document(hall_id=hall.pk, document_id=document.pk, facts=facts)
