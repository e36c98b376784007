"""Items that halls do not exercise by their level, before they are handed down there."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone

from province.catalogue.queries.narrowing import is_done_by
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import HallKind
from standards.items.codelists import Level

# halls of a kind that are named
_NAMED: Final = 3
# who takes up what others decide (代收代办)
AGENTS: Final = frozenset({HallKind.TOWNSHIP.value, HallKind.VILLAGE.value})


@dataclass(frozen=True, slots=True)
class Misfit:
    """An item that halls of one kind do not exercise; ``levels``: who does; ``halls``: so many, some by ``names``."""

    item_id: UUID
    item: str
    levels: str
    kind: str
    halls: int
    names: tuple[str, ...]

    @property
    def words(self) -> str:
        """The warning, in one sentence."""
        more = f"等 {self.halls} 个" if self.halls > len(self.names) else ""
        where = f"{HallKind(self.kind).label}（{'、'.join(self.names)}{more}）"
        return f"“{self.item}”由{self.levels}行使，不由{where}行使，也没有写明可以代收代办。"


def fits(kind: str, levels: Collection[str] | None, *, has_agency: bool) -> bool:
    """Say whether halls of the kind may do an item that these levels exercise, or take it up for who does."""
    return is_done_by(kind, list(levels or ())) or (has_agency and kind in AGENTS)


def misfits_of(
    halls: Iterable[tuple[str, str]], item_ids: Collection[UUID], with_agency: Collection[UUID] = ()
) -> list[Misfit]:
    """What of these items does not fit halls by its level: one query. ``halls``: kind and name of each;
    ``with_agency``: items that may be taken up for who exercises them."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, name in halls:
        by_kind[kind].append(name)
    versions = items_valid_at(timezone.now()).filter(item__in=item_ids).order_by("item__basic_code")
    found = []
    for item_id, name, levels in versions.values_list("item_id", "name", "values__levels"):
        words = "、".join(str(Level(one).label) for one in levels or () if one in Level.values)
        found += [
            Misfit(item_id, name, words, kind, len(names), tuple(names[:_NAMED]))
            for kind, names in by_kind.items()
            if not fits(kind, levels, has_agency=item_id in with_agency)
        ]
    return found
