"""What outside this installation works with, and how it fares."""

from dataclasses import dataclass

from province.console.slots import SERVICES, ServiceState
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role

SEE = declare(
    "console.services",
    "查看外部服务",
    reach=Reach.PROVINCE,
    roles={Role.PROVINCE_OPERATOR, Role.SYSTEM_ADMINISTRATOR},
)


@dataclass(frozen=True, slots=True)
class ServiceLine:
    name: str
    purpose: str
    adapter: str
    state: ServiceState


def outside_services(*, by: Actor) -> list[ServiceLine]:
    """Each asked now, one after the other: some seconds where several are away."""
    require(by, SEE)
    services = sorted(SERVICES.entries(), key=lambda service: service.order)
    return [ServiceLine(one.name, one.purpose, one.adapter(), one.check()) for one in services]
