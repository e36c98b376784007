"""What was sent of a form."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from foundation.api import Page, PageParameters, idempotent, page_of
from tenants.workflow.layouts import sent_desk_of_request
from tenants.workflow.operations.sent import export_sent
from tenants.workflow.queries.filled import number_of, sent_forms
from tenants.workflow.queries.forms import form_with_id
from tenants.workflow.schemas.fillings import SentLineOut, SentSheetOut

router = Router(tags=["sent"])


@router.get("/{uuid:form_id}", response=Page[SentLineOut])
def list_sent_forms(request: HttpRequest, form_id: UUID, page: PageParameters) -> dict[str, Any]:
    """List what was sent of a form, in the order in which it was begun."""
    sent_desk_of_request(request)
    found = page_of(sent_forms(form_with_id(form_id).pk), page)
    lines = [
        SentLineOut(id=one.pk, number=number_of(one), version=one.version.number, state=one.state, sent_at=one.sent_at)
        for one in found["items"]
    ]
    return found | {"items": lines}


@router.post("/{uuid:form_id}/export", response=list[SentSheetOut])
@idempotent
def export_sent_forms(request: HttpRequest, form_id: UUID) -> tuple[int, list[SentSheetOut]]:
    """Take away what was sent, as the sheets of a workbook: personal values masked. Each time is told in the audit."""
    desk = sent_desk_of_request(request)
    sheets = export_sent(by=desk.by, hall=desk.hall, form_id=form_id)
    return 200, [
        SentSheetOut(title=one.title, heading=list(one.heading), rows=[list(row) for row in one.rows]) for one in sheets
    ]
