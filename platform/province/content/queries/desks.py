"""The desks that write for many halls: the province's, a city's or a county's; each named by a division prefix."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from foundation.errors import Fault, Invalid, NotFound
from province.content.models import Manuscript
from province.halls.models import DivisionCode
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import may, require, within_reach, works_at
from province.rights.roles import READERS, Reach
from standards.numbers.divisions import CODE_LENGTH, PREFIX_LENGTH

declare("content.read", "查看稿件", reach=Reach.OWN, roles=READERS)

# a township or village has a hall, and no desk: its texts go upward through the library
_DESK_LENGTHS = frozenset(PREFIX_LENGTH[level] for level in ("province", "city", "county"))


@dataclass(frozen=True, slots=True)
class ContentDesk:
    """Where manuscripts are written and reviewed."""

    prefix: str
    name: str


def desks_of(by: Actor, permission: str = "content.write") -> list[ContentDesk]:
    """The desks that are the actor's own, the province's first. (Those below them are open to the actor, too, where a
    position reaches so far.)"""
    return [ContentDesk(prefix, desk_name(prefix)) for prefix in _own_prefixes(by, permission)]


def has_desk(by: Actor) -> bool:
    """Whether the actor reads manuscripts at a desk of their own: a township's or village's people have none."""
    return bool(_own_prefixes(by, "content.read"))


def _own_prefixes(by: Actor, permission: str) -> list[str]:
    prefixes = {
        settings.PROVINCE_CODE if grant.hall_id is None else grant.reach_prefix
        for grant in by.grants
        if permission in grant.permissions
    }
    return sorted(prefix for prefix in prefixes if len(prefix) in _DESK_LENGTHS)


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
        message = f"没有“{prefix[:CODE_LENGTH]}”这个编辑部，请填写省、市或县区划代码的前 2、4 或 6 位。"
        raise Invalid(message, faults=[Fault("desk_prefix", message)])


def may_at_desk(by: Actor, permission: str, manuscript: Manuscript) -> bool:
    """Whether one of the positions carries the permission over this manuscript: over its desk, its department, or one's
    own."""
    return may(
        by,
        permission,
        prefix=manuscript.desk_prefix,
        unit_id=manuscript.unit_id,
        owner_id=manuscript.owner_id,
    )


def require_at_desk(by: Actor, permission: str, manuscript: Manuscript) -> None:
    """Raises NotAllowed where ``may_at_desk`` says no."""
    require(
        by,
        permission,
        prefix=manuscript.desk_prefix,
        unit_id=manuscript.unit_id,
        owner_id=manuscript.owner_id,
    )


def check_reach(by: Actor, manuscript: Manuscript) -> None:
    """Raises NotFound for a manuscript that the actor may not even read: nobody learns that it is there."""
    if not may_at_desk(by, "content.read", manuscript):
        raise NotFound("没有找到这篇稿件。")


def check_desk_reach(by: Actor, desk_prefix: str, what: str) -> None:
    """Raises NotFound for a desk at which the actor reads nothing."""
    if not works_at(by, "content.read", prefix=desk_prefix):
        message = f"没有找到这{what}。"
        raise NotFound(message)


def at_desks_of(by: Actor, permission: str, *, desk: str = "desk_prefix", text: str = "") -> Q:
    """What ``may_at_desk`` allows, as a filter of rows: ``desk`` is their field of that name, ``text`` the way from
    them to the manuscript."""
    return within_reach(by, permission, prefix=desk, unit=f"{text}unit_id", owner=f"{text}owner_id")


def files_at_desks_of(by: Actor, permission: str) -> Q:
    """The files of all desks at which the actor has the permission over anything: a desk's files are everybody's who
    writes there."""
    reached = within_reach(by, permission, prefix="desk_prefix")
    # "everything" is an empty filter, which an "or" would drop
    return reached | Q(desk_prefix__in=_own_prefixes(by, permission)) if reached else reached
