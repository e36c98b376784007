"""Cases in the national exchange, for systems that gather them."""

from django.http import HttpRequest
from ninja import Query, Router

from province.console.access import require_fresh
from province.rights.queries import may
from standards.cases import plain_rows
from standards.cases.tables import FORMAT, VERSION
from tenants.casework.layouts import cases_desk_of_request, exchange_desk_of_request
from tenants.casework.operations.exchange import export_cases, read_case_feed
from tenants.casework.queries.access import UNMASKED
from tenants.casework.schemas.records import (
    CaseChangeOut,
    CaseChangesOut,
    CaseExportIn,
    CaseExportOut,
    CaseFeedQuery,
)

router = Router(tags=["cases"])


@router.get("/changes", response=CaseChangesOut)
def list_changes(request: HttpRequest, asked: Query[CaseFeedQuery]) -> CaseChangesOut:
    """List the cases that have changed, each once and as it is now, in the order in which they changed last. A reader
    that goes on from ``cursor`` misses nothing."""
    desk = exchange_desk_of_request(request)
    if may(desk.by, UNMASKED, hall_id=desk.hall.pk):
        require_fresh(request)
    page = read_case_feed(by=desk.by, hall=desk.hall, after=asked.after, limit=asked.limit)
    changes = [
        CaseChangeOut(
            position=one.position,
            case_id=one.case_id,
            number=one.number,
            revision=one.revision,
            record=plain_rows(one.rows) if one.rows is not None else None,
            refusal=one.refusal,
        )
        for one in page.lines
    ]
    return CaseChangesOut(changes=changes, cursor=page.cursor, has_more=page.has_more, is_masked=page.is_masked)


@router.post("/export", response=CaseExportOut)
def export(request: HttpRequest, data: CaseExportIn) -> CaseExportOut:
    """Export picked cases as a document of the exchange. Not repeatable by Idempotency-Key: the answer would have to be
    kept, and each reading in full leaves an entry of its own."""
    desk = cases_desk_of_request(request)
    if not data.is_masked:
        require_fresh(request)
    records = export_cases(by=desk.by, hall=desk.hall, case_ids=data.ids, is_masked=data.is_masked, reason=data.reason)
    cases = [plain_rows(one.rows) for one in records]
    return CaseExportOut(format=FORMAT, version=VERSION, is_masked=data.is_masked, cases=cases)
