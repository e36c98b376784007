"""Who keeps templates here, and who reads what was issued."""

from typing import Final

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import HALL_EDITORS, Reach, Role

READ: Final = declare(
    "documents.read",
    "查看本厅已制发的文书",
    reach=Reach.HALL,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.HANDLER, Role.APPROVING_LEADER},
)
DESIGN: Final = declare("documents.design", "管理本厅文书模板和文号", reach=Reach.HALL, roles=HALL_EDITORS)


def require_reader(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who may not read what this hall has issued."""
    require(by, READ, hall_id=hall.pk)


def require_designer(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who does not keep this hall's templates."""
    require(by, DESIGN, hall_id=hall.pk)
