"""What stands over the page of a run that examines a case."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from province.halls.models import Hall
from tenants.casework.queries.desk import case_examined_by, case_lines
from tenants.casework.queries.licences import used_in
from tenants.workflow.models import Run


def case_of_run(hall: Hall, run: Run) -> SafeString | None:
    """The case: its number, who applied, until when, and licences in it that hold no more. None for a run that examines
    none."""
    case = case_examined_by(run)
    if case is None:
        return None
    lapsed = [one for one in used_in(hall, case) if one.has_lapsed]
    return render_to_string("casework/desk/run_head.html", {"line": case_lines(hall, [case])[0], "lapsed": lapsed})
