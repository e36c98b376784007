from uuid import UUID

from django.http import HttpRequest, HttpResponse

from tenants.shell.slots import Desk
from tenants.workflow.layouts import at_work


@at_work
def run(request: HttpRequest, desk: Desk, run_id: UUID) -> HttpResponse:
    return HttpResponse(f"{desk.hall} {run_id} {request.method}")
