"""How near the end of a clock is, as lists colour it."""

from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from province.workdays.models import Clock
from province.workdays.states import ClockKind

# the applicant's own times, to bring something
TO_BRING: Final = (ClockKind.SUPPLEMENT, ClockKind.LAPSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """``clock``: the one that counts, None where none does; ``left``: working days until its end, negative where it is
    late; None where nothing runs."""

    clock: Clock | None
    left: int | None

    @property
    def left_words(self) -> str:
        if self.left is None:
            return ""
        if self.left < 0:
            return f"超期 {-self.left} 个工作日"
        return f"还有 {self.left} 个工作日" if self.left else "今天到期"

    @property
    def assumed_words(self) -> str:
        """Of its clock; "" where it has none."""
        return self.clock.assumed_words if self.clock else ""

    @property
    def assumed_remark(self) -> str:
        """Of its clock, to stand behind the day in a sentence."""
        return self.clock.assumed_remark if self.clock else ""

    @property
    def look(self) -> str:
        """late, soon or nothing, as pages colour it."""
        if self.clock is None or self.clock.due_on is None:
            return ""
        today = timezone.localdate()
        if self.clock.due_on < today:
            return "late"
        return "soon" if self.clock.near_on and self.clock.near_on <= today else ""
