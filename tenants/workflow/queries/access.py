"""Who designs forms here, who fills them in, and who reads what was sent."""

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require, require_work_at


def require_part(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who takes part in nothing here."""
    require_work_at(by, "workflow.take_part", hall_id=hall.pk)


def require_designer(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who designs nothing here."""
    require(by, "workflow.design", hall_id=hall.pk)


def require_sent_reader(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who may not read what was sent to this hall."""
    require(by, "workflow.read_sent", hall_id=hall.pk)


def require_manager(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not look after the hall's runs."""
    require(by, "workflow.manage", hall_id=hall.pk)
