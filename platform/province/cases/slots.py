"""What apps contribute to 办件概览."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foundation.contributions import Slot
from province.rights.actors import Actor


@dataclass(frozen=True, slots=True)
class SummaryArea:
    """Of what figures are: of all halls whose codes begin so, or of one hall; received from the first month to the
    last."""

    prefix: str
    hall_id: UUID | None
    first: date
    last: date

    @property
    def months(self) -> Mapping[str, str]:
        """As addresses have them."""
        return {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}


@dataclass(frozen=True, slots=True)
class SummaryFact:
    """``value`` as people read it; ``address``: of the page that shows more, "" where there is none."""

    label: str
    value: str
    address: str = ""


# of what the actor may see; nothing for who lacks the permission
SUMMARY_FACTS = Slot[Callable[[Actor, SummaryArea], Iterable[SummaryFact]]](
    "cases.summary_facts", keys=lambda act: [act]
)
