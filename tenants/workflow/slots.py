"""What apps that stand on forms and flows contribute. All functions are called inside the hall's schema."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from foundation.contributions import Slot
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.rights.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCases:
    """Cases to which a form may be related (关联的办件). ``names``: of the numbers that were typed, those of cases that
    who fills in may see (a citizen where there is one, else the actor), each with what the case is called."""

    name: str
    takes: Callable[[UUID], bool]
    take: Callable[..., object]
    page: Callable[[FilledForm], str]


EARLIER_CASES = Slot[EarlierCases]("workflow.earlier_cases", keys=lambda one: [one.name])
