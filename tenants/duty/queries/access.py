"""Who reads the roster, and who keeps it."""

from typing import Final

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require, require_work_at

READ: Final = "duty.read"
KEEP: Final = "duty.keep"
# one's own turns
SWAP: Final = "duty.swap"


def require_duty_reader(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not work here."""
    require_work_at(by, READ, hall_id=hall.pk)


def require_duty_keeper(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not keep the roster."""
    require(by, KEEP, hall_id=hall.pk)


def require_swapper(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who can be on no roster here, and for a program that may not."""
    require_work_at(by, SWAP, hall_id=hall.pk)
