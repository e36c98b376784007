"""The desk of those who take part in runs: for pages (``at_work``) and for the API."""

from django.http import HttpRequest

from tenants.shell.layouts.desk import desk_for, desk_of_caller
from tenants.shell.slots import Desk
from tenants.workflow.queries.run_access import require_worker

at_work = desk_for(require_worker)


def work_desk_of_request(request: HttpRequest) -> Desk:
    """Whom the interface let in by token or session. Raises NotAllowed for who takes part in nothing here."""
    return desk_of_caller(request, require_worker)
