"""Accept new versions of items, where the hall's own guides go with them."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.errors import Conflict
from province.catalogue.queries.validity import version_numbered
from province.catalogue.states import HallGuideState
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.operations.figures import require_in_hall
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import (
    BulkResult,
    act_on_each,
    lock_adoption,
    record_adoption_act,
)
from tenants.services.operations.guide_checks import note_what_is_read
from tenants.services.operations.reports import report_to_province
from tenants.services.queries.prefill import findings_of


@transaction.atomic
def accept_version(*, by: Actor, hall: Hall, adoption_id: UUID, number: int) -> Adoption:
    """Show the item's version of that number, as soon as it holds.

    Raises Conflict, with what to change, where the hall guide that citizens read does not go with it: then the hall
    changes its guide for that version (``save_hall_guide``), and accepts it with that.
    """
    require_in_hall(by, "services.review", hall)
    adoption = lock_adoption(hall, adoption_id)
    _accept(by, hall, adoption, number)
    return adoption


@transaction.atomic
def accept_versions(*, by: Actor, hall: Hall, numbers: dict[UUID, int]) -> BulkResult:
    """Accept many at once: by the adoption's id, the number that was read. Refused ones are reported; the rest goes
    on."""
    require_in_hall(by, "services.review", hall)
    return act_on_each(hall, numbers, lambda adoption: _accept(by, hall, adoption, numbers[adoption.pk]))


def _accept(by: Actor, hall: Hall, adoption: Adoption, number: int) -> None:
    if number <= adoption.version_number:
        raise Conflict("本厅已经接受了这一版。")
    version = version_numbered(adoption.item_id, number)
    if adoption.published is not None:
        found = findings_of(version, adoption.published.values)
        if points := [*found.hall.faults, *found.hall.missing, *found.opposing]:
            message = f"本厅填写的内容与新版不符，请先按新版修改：{points[0].message}"
            raise Conflict(message, faults=points)
    before = adoption.version_number
    adoption.version_number = number
    if adoption.guide_state != HallGuideState.SUBMITTED:
        adoption.draft_number = number
        adoption.score = findings_of(version, adoption.values).score
    if version.valid_from and version.valid_from <= timezone.now():
        note_what_is_read(hall, adoption, version)
    adoption.save(update_fields=["version_number", "draft_number", "score", "contradictions", "lacks"])
    report_to_province(hall, [adoption])
    record_adoption_act(by, hall, adoption, "accept_version", changes={"version": [before, number]})
