"""Who reads the licences of a hall, and who ends one."""

from typing import Final

from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role

READ: Final = declare(
    "licences.read",
    "查看本厅颁发的证照",
    reach=Reach.HALL,
    roles={Role.HALL_ADMINISTRATOR, Role.WINDOW_CLERK, Role.HANDLER, Role.APPROVING_LEADER},
)
END: Final = declare(
    "licences.end",
    "撤销、撤回、注销、吊销证照",
    reach=Reach.HALL,
    roles={Role.HALL_ADMINISTRATOR, Role.APPROVING_LEADER},
)


def require_licence_reader(by: Actor, hall: Hall) -> None:
    """Raises NotAllowed for who may not read this hall's licences."""
    require(by, READ, hall_id=hall.pk)
