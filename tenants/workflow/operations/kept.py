"""Filled forms that a run keeps: what its steps do with them. Who may do it, the run has looked at."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict, NotFound
from foundation.row_locks import hold_row
from foundation.sealing.fields import OwnedJSON
from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.fields.base import Value
from standards.forms.filling import FillingContext
from standards.forms.posted import read_posted
from standards.forms.rights import Rights
from tenants.portal.operations.figures import check_inside
from tenants.workflow.models import FilledForm, FormVersion
from tenants.workflow.operations.filling import SavedFilling, check_filled_revision, write_values
from tenants.workflow.operations.moments import keep_former
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import NO_FILLED, FormFiller, values_of
from tenants.workflow.queries.forms import definition_of
from tenants.workflow.states import FILLED_TRANSITIONS, FilledState


@transaction.atomic
def keep_for_run(*, hall: Hall, filled_id: UUID) -> FilledForm:
    """Hand a form to a run that begins with it: its owner no longer changes it outside the run's steps. Raises Conflict
    where a run has it already."""
    filled = _locked(hall, filled_id)
    FILLED_TRANSITIONS.check(filled.state, FilledState.KEPT)
    filled.state = FilledState.KEPT
    filled.sent_at = filled.sent_at or timezone.now()
    filled.save(update_fields=["state", "sent_at"])
    return filled


@transaction.atomic
def let_go_of_run(*, hall: Hall, filled_id: UUID) -> FilledForm:
    """The run has ended: nobody changes the form any more. Once more changes nothing."""
    filled = _locked(hall, filled_id)
    if filled.state != FilledState.SENT:
        FILLED_TRANSITIONS.check(filled.state, FilledState.SENT)
        filled.state = FilledState.SENT
        filled.save(update_fields=["state"])
    return filled


@transaction.atomic
def save_filled(
    *,
    by: Actor,
    hall: Hall,
    filled_id: UUID,
    posted: Mapping[str, object],
    rights: Rights,
    only: Collection[str] | None = None,
    context: FillingContext | None = None,
    revision: int | None = None,
) -> SavedFilling:
    """Keep what was posted at a step, right or wrong; the row is held, and the step ends only where the standards find
    no ``faults``. ``rights``: those of the step; ``context``: as ``filling_context`` gives it, made where it is
    None; ``revision``: what was read, None: whatever stands there.

    Raises Conflict where no run keeps it, or somebody saved since ``revision``.
    """
    filled = _locked(hall, filled_id)
    if filled.state != FilledState.KEPT:
        message = f"这份表单当前是“{filled.get_state_display()}”，没有在办理。"
        raise Conflict(message)
    before = values_of(hall, filled)
    context = context or filling_context(hall, FormFiller(by), filled, posted=posted)
    result = read_posted(definition_of(filled.version), rights, posted, before, context, only=only)
    if dict(result.values) != before:
        if revision is not None:
            check_filled_revision(filled, revision)
        write_values(hall, filled, before, result)
        filled.saved_at = timezone.now()
        filled.save()
    return SavedFilling(filled, result)


@transaction.atomic
def move_filled(*, hall: Hall, filled_id: UUID, version: FormVersion, values: Mapping[str, Value]) -> FilledForm:
    """A form that a run keeps is one of another version from now on, with what the standards have carried over to it
    (``standards.forms.versions``); what it said before stands in its moments."""
    filled = _locked(hall, filled_id)
    before = values_of(hall, filled)
    keep_former(hall, filled, before)
    filled.version, filled.values = version, OwnedJSON(hall.pk, dict(values))
    filled.origins = {name: one for name, one in filled.origins.items() if values.get(name) == before.get(name)}
    filled.revision += 1
    filled.saved_at = timezone.now()
    filled.save()
    return filled


def _locked(hall: Hall, filled_id: UUID) -> FilledForm:
    check_inside(hall)
    found = hold_row(FilledForm.objects.select_related("version"), pk=filled_id)
    if found is None:
        raise NotFound(NO_FILLED)
    return found
