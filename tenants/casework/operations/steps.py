"""What becomes of a case while its flow goes on."""

from province.cases.operations.feed import mark_changed
from tenants.casework.models import Case
from tenants.workflow.models import Run


def note_step(run: Run) -> None:
    """A step of its examination has begun or ended: the feed of cases tells it again. The run is held, the case is
    not."""
    mark_changed(cases=Case.objects.filter(run_id=run.pk).values_list("pk", flat=True))
