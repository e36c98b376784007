"""Who takes things in for people here."""

from typing import Final

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.queries import require

# as who acts under a mandate: it is declared where mandates are
ASSIST: Final = "citizens.act"


def require_assistant(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does nothing for others here."""
    require(by, ASSIST, hall_id=hall.pk)
