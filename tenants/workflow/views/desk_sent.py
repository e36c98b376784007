"""What was sent of a form: the list, and the workbook."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from foundation.exports import export_sheets
from tenants.shell.layouts.desk import desk_page, rows_of_page
from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_sent
from tenants.workflow.operations.sent import export_sent
from tenants.workflow.queries.filled import number_of, sent_forms
from tenants.workflow.queries.forms import form_with_id
from tenants.workflow.queries.sent import MOST_EXPORTED


@at_sent
@require_GET
def table(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:
    form = form_with_id(form_id)
    page = rows_of_page(request, sent_forms(form_id))
    context = {
        "place": "fillings",
        "form": form,
        "page": page,
        "rows": [(number_of(one), one) for one in page],
        "most": MOST_EXPORTED,
    }
    return desk_page(request, desk, "workflow/desk/sent_table.html", context)


@at_sent
@require_POST
def export(request: HttpRequest, desk: Desk, form_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view's signature
    form = form_with_id(form_id)
    sheets = export_sent(by=desk.by, hall=desk.hall, form_id=form_id)
    return export_sheets(form.title, [(one.title, one.heading, one.rows) for one in sheets])
