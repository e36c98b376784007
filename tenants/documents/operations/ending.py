"""A document that was issued in error is revoked, or another one takes its place; what was issued never changes. Of a
kind that another register keeps (证照), that register's app ends them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.editing.reasons import clean_reason
from foundation.errors import Conflict, NotFound
from foundation.row_locks import hold_row
from province.audit.operations import record_act
from province.document_templates.queries.kinds import ended_elsewhere
from province.halls.models import Hall
from province.registries.states import DOCUMENT_TRANSITIONS, DocumentState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.roles import Reach, Role
from tenants.documents.models import IssuedDocument
from tenants.documents.operations.issuing import issue_document, tell_registry
from tenants.documents.queries.documents import NO_DOCUMENT
from tenants.portal.operations.figures import require_in_hall

END: Final = declare(
    "documents.end",
    "撤销和替换已制发的文书",
    reach=Reach.HALL,
    roles={Role.HALL_ADMINISTRATOR, Role.APPROVING_LEADER},
)


@transaction.atomic
def revoke_document(*, by: Actor, hall: Hall, document_id: UUID, reason: str) -> IssuedDocument:
    """Have it hold no more; who checks it is told so from the commit on. Its number is never given again.

    Raises Invalid without a reason, NotFound, Conflict for one that holds no more already, or that ends elsewhere.
    """
    document = _locked(by, hall, document_id)
    _end(by, hall, document, DocumentState.REVOKED, reason, "revoke_document")
    return document


@transaction.atomic
def replace_document(
    *, by: Actor, hall: Hall, document_id: UUID, values: Mapping[str, Any], reason: str
) -> IssuedDocument:
    """Issue another one of the same kind for the same owner in its place, with a number of its own; returns that.

    Raises as ``revoke_document`` and ``issue_document`` do.
    """
    document = _locked(by, hall, document_id)
    DOCUMENT_TRANSITIONS.check(document.state, DocumentState.REPLACED)
    document.successor = issue_document(
        by=by,
        hall=hall,
        kind=document.kind,
        owner_kind=document.owner_kind,
        owner_id=document.owner_id,
        values=values,
        issuer=document.issuer,
    )
    _end(by, hall, document, DocumentState.REPLACED, reason, "replace_document")
    return document.successor


@transaction.atomic
def end_issued(
    *,
    by: Actor,
    hall: Hall,
    document: IssuedDocument,
    state: DocumentState,
    reason: str,
    successor: IssuedDocument | None = None,
) -> None:
    """Have a document that the caller has locked hold no more, for an app that has asked whether the actor may.
    ``successor``: the one that takes its place. Raises Conflict for one that holds no more already."""
    DOCUMENT_TRANSITIONS.check(document.state, state)
    document.successor = successor
    _end(by, hall, document, state, reason, "end_document")


@transaction.atomic
def reinstate_issued(*, by: Actor, hall: Hall, document: IssuedDocument, reason: str) -> None:
    """Have a document that the caller has locked hold again: what has replaced or cancelled it was wrong. Raises
    Conflict for one that ended otherwise."""
    DOCUMENT_TRANSITIONS.check(document.state, DocumentState.ISSUED)
    record_act(
        by=by,
        act="documents.reinstate_document",
        object_type="document",
        object_id=document.pk,
        hall_id=hall.pk,
        reason=reason,
        changes={"state": [document.state, str(DocumentState.ISSUED)]},
    )
    document.state, document.reason, document.ended_by_name = DocumentState.ISSUED, "", ""
    document.ended_on = document.successor = None
    document.save(update_fields=["state", "ended_on", "ended_by_name", "reason", "successor"])
    tell_registry(hall, document)


def _locked(by: Actor, hall: Hall, document_id: UUID) -> IssuedDocument:
    require_in_hall(by, END, hall)
    document = hold_row(IssuedDocument.objects.select_related("successor"), pk=document_id)
    if document is None:
        raise NotFound(NO_DOCUMENT)
    if said := ended_elsewhere(document.kind):
        raise Conflict(said)
    return document


def _end(by: Actor, hall: Hall, document: IssuedDocument, state: DocumentState, reason: str, act: str) -> None:
    reason = clean_reason(reason, ask="请填写原因：查验这份文书的人不会看到，审计记录里会有。")
    DOCUMENT_TRANSITIONS.check(document.state, state)
    successor = document.successor.number if document.successor else None
    record_act(
        by=by,
        act=f"documents.{act}",
        object_type="document",
        object_id=document.pk,
        hall_id=hall.pk,
        reason=reason,
        changes={"state": [document.state, str(state)], **({"successor": [None, successor]} if successor else {})},
    )
    document.state, document.reason, document.ended_by_name = state, reason, by.name
    document.ended_on = timezone.localdate()
    document.save(update_fields=["state", "reason", "ended_by_name", "ended_on", "successor"])
    tell_registry(hall, document)
