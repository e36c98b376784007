"""How a hall's own site works."""

from collections.abc import Sequence

from django.db import transaction

from foundation.errors import Fault, Invalid
from foundation.files.store import Readable, store_file
from province.audit.operations import record_act
from province.halls.models import Hall
from province.halls.operations import update_hall
from province.identity.models import Actor
from tenants.portal.models import PortalSettings
from tenants.portal.operations.figures import require_in_hall
from tenants.portal.queries.settings import review_steps
from tenants.portal.states import REVIEW_STEPS

# pixels
SMALLEST_EMBLEM = 128


@transaction.atomic
def set_review_steps(*, by: Actor, hall: Hall, steps: Sequence[str]) -> None:
    """Which reviews the hall's own articles pass; none: who submits, publishes. Articles under review go on by it."""
    require_in_hall(by, "portal.manage", hall)
    if unknown := sorted(set(steps) - set(REVIEW_STEPS)):
        message = f"没有这样的审核环节:{'、'.join(unknown)}。"
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


def set_emblem(*, by: Actor, hall: Hall, name: str, content: Readable) -> None:
    """Keep the picture and show it as the hall's emblem. Raises Invalid for what is no picture, or too small."""
    require_in_hall(by, "halls.edit", hall)
    facts = store_file(folder=hall.folder, name=name, content=content)
    if facts.width is None or min(facts.width, facts.height or 0) < SMALLEST_EMBLEM:
        message = f"徽标应为图片,长和宽都不小于 {SMALLEST_EMBLEM} 像素。"
        raise Invalid(message, faults=[Fault("emblem", message)])
    update_hall(by=by, hall=hall, emblem_key=facts.key)
