"""How far the demo's month is (config.demo.month)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from province.audit.models import AuditEntry

# before today
DAYS: Final = 30
# of the audit: an entry a life, all of one object
LIVED: Final = "demo.live"
MONTH: Final = UUID(int=420582_30)


@dataclass(frozen=True, slots=True)
class MonthProgress:
    """How many of the lives were lived."""

    lived: int
    total: int

    @property
    def is_over(self) -> bool:
        """Whether the month was lived to its end."""
        return self.lived >= self.total

    @property
    def words(self) -> str:
        """As people read it while it lasts; "" afterwards."""
        return "" if self.is_over else f"演示的一个月办件正在后台办理：{self.lived:,} / {self.total:,} 件。"


def month_progress() -> MonthProgress:
    """Count by one index."""
    return MonthProgress(lives().count(), settings.DEMO_CASES)


def lives() -> QuerySet[AuditEntry]:
    """The entry of each life that was lived."""
    return AuditEntry.objects.filter(object_id=MONTH, act=LIVED)
