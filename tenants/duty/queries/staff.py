"""The hall's people as a roster names them."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from foundation.errors import Invalid
from foundation.texts import line_of
from province.people.models import Position

_BETWEEN: Final = re.compile(r"[、,，;；/\s]+")
MOST_IN_CELL: Final = 10


@dataclass(frozen=True, slots=True)
class DutyStaff:
    """Who can be put on duty. ``labels``: id → how the roster calls the person, which names nobody else; ``names``: id
    → name."""

    labels: Mapping[UUID, str]
    names: Mapping[UUID, str]

    def people_in(self, text: str) -> list[UUID]:
        """The people whom somebody has typed, in that order. Raises Invalid, in words for one cell."""
        ids = {label: pk for pk, label in self.labels.items()}
        found: list[UUID] = []
        for said in filter(None, _BETWEEN.split(line_of(text))):
            label = said.replace("(", "（").replace(")", "）")
            if label not in ids:
                raise Invalid(self._why_not(said))
            if ids[label] not in found:
                found.append(ids[label])
        if len(found) > MOST_IN_CELL:
            message = f"一格最多 {MOST_IN_CELL} 个人。"
            raise Invalid(message)
        return found

    def _why_not(self, said: str) -> str:
        if alike := sorted(label for pk, label in self.labels.items() if self.names[pk] == said):
            return f"“{said}”有 {len(alike)} 位，请写清楚是哪一位：{'、'.join(alike)}。"
        return f"本厅在岗的人里没有“{said[:20]}”。"


def duty_staff(hall_id: UUID) -> DutyStaff:
    """One query."""
    rows = Position.objects.filter(hall_id=hall_id, account__is_active=True).order_by("account__sounds", "pk")
    found: dict[UUID, tuple[str, str, str]] = {}
    for pk, name, unit, username in rows.values_list("account_id", "account__name", "unit__name", "account__username"):
        known = found.get(pk)
        found[pk] = (name, (known and known[1]) or unit or "", username)
    alike = Counter(name for name, _, _ in found.values())
    with_unit = Counter((name, unit) for name, unit, _ in found.values())
    labels = {}
    for pk, (name, unit, username) in found.items():
        plain = "".join(_BETWEEN.split(name))
        if alike[name] == 1:
            labels[pk] = plain
        else:
            labels[pk] = f"{plain}（{unit if unit and with_unit[name, unit] == 1 else username}）"
    return DutyStaff(labels, {pk: name for pk, (name, _, _) in found.items()})
