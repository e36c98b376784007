"""What other apps show on pages of cases, and what they have to say in how cases go."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from django.utils.safestring import SafeString

from foundation.contributions import Slot
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.casework.models import Case
from tenants.shell.slots import Desk, SiteLink

type CasePart = Callable[[Case], SafeString | None]
type DeskCasePart = Callable[[Desk, Case], SafeString | None]

# on the page of one case, for who applied and for who has looked it up: nothing personal
CASE_PARTS = Slot[CasePart]("casework.case_parts", keys=lambda part: [part])

# on the desk's page of one case
DESK_CASE_PARTS = Slot[DeskCasePart]("casework.desk_case_parts", keys=lambda part: [part])

# what stands against handing a decision over, in Chinese, "" where nothing does; the case is held
SERVICE_CHECKS = Slot[Callable[[Case], str]]("casework.service_checks", keys=lambda check: [check])

# called with every change of a case that has ended, in its transaction, before the province is told; the case is held
CASE_ENDS = Slot[Callable[[Hall, Case], None]]("casework.case_ends", keys=lambda act: [act])

# pages with other figures of departments, for the months that the addresses of 办件统计 have; None for who may not
FIGURE_LINKS = Slot[Callable[[Desk, Mapping[str, str]], SiteLink | None]](
    "casework.figure_links", keys=lambda link: [link]
)

# how people have rated cases (1–5, A.8 of GB/T 39046-2020), by case, as far as the actor may know it; one query
CASE_GRADES = Slot[Callable[[Actor, Hall, Collection[UUID]], Mapping[UUID, int]]](
    "casework.case_grades", keys=lambda ask: [ask]
)
