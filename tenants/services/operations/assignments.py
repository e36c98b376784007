"""下发: what a place above hands down, as it arrives in this hall."""

from django.db import transaction

from province.catalogue.models import Assignment
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.operations.figures import check_inside
from tenants.services.operations.adoptions import Adopted, adopt_versions
from tenants.services.queries.hall_guides import items_to_take_up


@transaction.atomic
def adopt_assigned(*, ordered_by: Actor, hall: Hall, assignment: Assignment) -> Adopted:
    """Adopt what this hall does not have of an assignment. A repeat adds nothing, and neither does an assignment
    that has been ended meanwhile."""
    check_inside(hall)
    if assignment.ended_at is not None:
        return Adopted(0, 0, 0)
    return adopt_versions(
        by=ordered_by,
        hall=hall,
        versions=items_to_take_up(assignment.item_ids),
        hall_guides=assignment.hall_guides,
        assignment_id=assignment.pk,
        publishes=assignment.publishes,
    )
