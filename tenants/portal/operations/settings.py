"""How a hall's own site works."""

from collections.abc import Sequence

from django.db import transaction

from foundation.errors import Fault, Invalid
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.portal.models import PortalSettings
from tenants.portal.operations.figures import require_in_hall
from tenants.portal.queries.settings import review_steps
from tenants.portal.states import REVIEW_STEPS


@transaction.atomic
def set_review_steps(*, by: Actor, hall: Hall, steps: Sequence[str]) -> None:
    """Which reviews the hall's own articles pass; none: who submits, publishes. Articles under review go on by it."""
    require_in_hall(by, "portal.manage", hall)
    if unknown := sorted(set(steps) - set(REVIEW_STEPS)):
        message = f"没有这样的审核环节：{'、'.join(unknown)}。"
        raise Invalid(message, faults=[Fault("steps", message)])
    before = review_steps(hall)
    chosen = [str(step) for step in REVIEW_STEPS if step in steps]
    # the hall's own id: two first settings at once cannot make two rows
    PortalSettings.objects.update_or_create(id=hall.id, defaults={"review_steps": chosen})
    record_act(
        by=by,
        act="portal.set_review_steps",
        object_type="hall",
        object_id=hall.id,
        hall_id=hall.id,
        changes={"review_steps": [[str(step) for step in before], chosen]},
    )
