"""What becomes of a case while its flow goes on."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from province.cases.operations.feed import mark_changed
from tenants.casework.models import Case
from tenants.workflow.models import Run


def note_step(run: Run) -> None:
    """A step of its examination has begun or ended: the feed of cases tells it again. The run is held, the case is
    not."""
    mark_changed(cases=_cases_of, of=run.pk)


def _cases_of(run_id: UUID) -> QuerySet[Any, UUID]:
    return Case.objects.filter(run_id=run_id).values_list("pk", flat=True)
