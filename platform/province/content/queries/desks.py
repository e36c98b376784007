"""The desks that write for many halls: the province's, a city's or a county's; each named by a division prefix."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from foundation.errors import Fault, Invalid, NotFound
from province.halls.models import PREFIX_LENGTH, DivisionCode
from province.identity.models import Actor, Reach
from province.identity.queries.rights import declare, may, within_reach

declare("content.read", "查看稿件", reach=Reach.HALL)

CODE_LENGTH = 12
# a township or village has a hall, and no desk: its texts go upward through the library
_DESK_LENGTHS = frozenset(PREFIX_LENGTH[level] for level in ("province", "city", "county"))


@dataclass(frozen=True, slots=True)
class Desk:
    """Where manuscripts are written and reviewed."""

    prefix: str
    name: str


def desks_of(by: Actor, permission: str = "content.write") -> list[Desk]:
    """The desks that are the actor's own, the province's first. (Those below them are open to the actor, too.)"""
    prefixes = {
        settings.PROVINCE_CODE if grant.hall_id is None else grant.reach_prefix
        for grant in by.grants
        if permission in grant.permissions and grant.reach.rank >= Reach.HALL.rank
    }
    return [Desk(prefix, desk_name(prefix)) for prefix in sorted(prefixes) if len(prefix) in _DESK_LENGTHS]


def desk_name(prefix: str) -> str:
    """As readers see it: 湖北省, 当阳市; the prefix itself where no division has it."""
    if prefix == settings.PROVINCE_CODE:
        return settings.PROVINCE_NAME
    names = DivisionCode.objects.filter(code=prefix.ljust(CODE_LENGTH, "0")).order_by("-valid_from")
    return names.values_list("name", flat=True).first() or prefix


def check_desk(prefix: str) -> None:
    """Raises Invalid where there is no such desk."""
    is_known = prefix == settings.PROVINCE_CODE or (
        len(prefix) in _DESK_LENGTHS
        and prefix.isascii()
        and prefix.isdigit()
        and prefix.startswith(settings.PROVINCE_CODE)
        and DivisionCode.objects.filter(code=prefix.ljust(CODE_LENGTH, "0")).exists()
    )
    if not is_known:
        message = f"没有“{prefix[:CODE_LENGTH]}”这个编辑部,请填写省、市或县区划代码的前 2、4 或 6 位。"
        raise Invalid(message, faults=[Fault("desk_prefix", message)])


def check_reach(by: Actor, desk_prefix: str, what: str) -> None:
    """Raises NotFound for a desk whose texts the actor may not even read: nobody learns what lies there."""
    if not may(by, "content.read", prefix=desk_prefix):
        message = f"没有找到这{what}。"
        raise NotFound(message)


def at_desks_of(by: Actor, permission: str, field: str = "desk_prefix") -> Q:
    """A filter of rows by their desk: all of them for a post of the province, else those below the actor's reach."""
    return within_reach(by, permission, prefix=field)
