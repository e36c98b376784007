"""What apps above items contribute to what is said before an item changes."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from foundation.contributions import Slot


@dataclass(frozen=True, slots=True)
class Use:
    """``number`` things of one kind in ``halls`` halls, the first of which are named. ``counted``: what they are
    counted in (件), "" where halls themselves are what is counted."""

    label: str
    number: int
    halls: int
    hall_names: tuple[str, ...]
    counted: str = ""

    @property
    def sentence(self) -> str:
        names = "、".join(self.hall_names)
        places = f"{self.halls} 个服务厅（{names}{'等' if self.halls > len(self.hall_names) else ''}）"
        return f"{self.label}：{self.number:,} {self.counted}，{places}" if self.counted else f"{self.label}：{places}"


# of an item by its id; None: nothing of that kind
ITEM_USES = Slot[Callable[[UUID], Use | None]]("catalogue.item_uses", keys=lambda use: [use])
