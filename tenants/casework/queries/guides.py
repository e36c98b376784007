"""What the guide says of how an application is handled: its type, its limits, its materials."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from foundation.errors import Conflict, NotFound
from foundation.texts import line_of
from province.catalogue.models import ItemVersion
from province.catalogue.queries.checks import fitting_values
from standards.forms.applying import name_of_material
from standards.items import effective
from standards.items.codelists import (
    CaseType,
    DayUnit,
    Exemption,
    ItemType,
    LimitUnit,
    MaterialNeed,
    ResultKind,
    StatutoryUnit,
)
from standards.items.handling import handled, handling_row, is_handled_here, rows_of
from standards.workdays import Limit
from tenants.casework.models import Case
from tenants.casework.models.joint import LONGEST_BODY
from tenants.services.models import HallGuideVersion
from tenants.services.queries.shown import shown_item

type Values = Mapping[str, Any]

# 行政许可法 art. 32
ACCEPTANCE: Final = Limit(5, "wd")
# 行政许可法 art. 44
DELIVERY: Final = Limit(10, "wd")
_NEEDED: Final = {"conditions": "受理条件", "materials": "申请材料", "promised_days": "承诺办结时限"}


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    """A material as the guide asks for it. ``place``: in the guide, from 1 on; ``code``: of the licence that it is;
    ``note``: how it should be; ``is_exempt``: nobody brings it, the hall looks it up (免提交); ``can_come_later``: it
    may be promised by a day (容缺后补), within so many working days of acceptance where the guide says so
    (``later_days``)."""

    place: int
    name: str
    code: str
    note: str
    is_exempt: bool
    is_needed: bool
    can_come_later: bool
    later_days: int | None


@dataclass(frozen=True, slots=True)
class CaseGuide:
    """What counts for an application: a version of the item with a guide of the hall. ``values``: of the handling item
    where there is one; ``handling_kind``: what one comes for by it (``HandlingKind``), "" where there is none."""

    version: ItemVersion
    hall_guide: HallGuideVersion
    values: Values
    handling_kind: str = ""

    @property
    def name(self) -> str:
        return str(self.values.get("name") or self.version.name)

    @property
    def is_licence(self) -> bool:
        """行政许可, to which 行政许可法 applies."""
        return self.version.item.item_type == ItemType.LICENCE

    @property
    def case_type(self) -> CaseType:
        return CaseType(self.values.get("case_type") or CaseType.PROMISED)

    @property
    def joint_bodies(self) -> list[str]:
        """联办机构, each once, as setups and opinions name it: who besides the department that decides has to be
        asked."""
        given = [line_of(one)[:LONGEST_BODY] for one in self.values.get("joint_bodies") or () if isinstance(one, str)]
        return list(dict.fromkeys(one for one in given if one))

    @property
    def number_begins(self) -> str:
        """实施编码 with the handling item's digits: the first part of 办件编号."""
        return str(self.values.get("handle_code") or self.values.get("task_code") or "")

    @property
    def statutory(self) -> Limit | None:
        """法定办结时限; None where the law sets none, or it is done at once."""
        return _limit(self.values, "statutory", StatutoryUnit.AT_ONCE)

    @property
    def promised(self) -> Limit | None:
        """承诺办结时限; None where it is done at once."""
        return _limit(self.values, "promised", LimitUnit.AT_ONCE)

    @property
    def acceptance(self) -> Limit:
        """受理时限: the law's five working days, or the fewer that the guide says."""
        days = self.values.get("accept_days")
        return Limit(min(days, ACCEPTANCE.number), "wd") if isinstance(days, int) and days > 0 else ACCEPTANCE

    @property
    def licence_rows(self) -> list[Values]:
        """Of its results those that are licences (证照)."""
        return [row for row in rows_of(self.values, "results") if row.get("kind") == ResultKind.LICENCE]

    @property
    def material_rows(self) -> list[Values]:
        """As the guide has them, for a form that is made of them."""
        return rows_of(self.values, "materials")

    @property
    def materials(self) -> list[GuideMaterial]:
        return [_material(place, row) for place, row in enumerate(self.material_rows, start=1)]

    @property
    def lacks(self) -> list[str]:
        """What must stand in it before anybody can apply online, in Chinese, and does not."""
        found = [label for name, label in _NEEDED.items() if self.values.get(name) in (None, "", [], ())]
        return found if self.number_begins else [*found, "实施编码"]


def guide_to_apply_by(item_id: Any, handling_code: str) -> CaseGuide:
    """What citizens of this hall are reading now. Raises NotFound where they find no guide, or the hall does not handle
    this one."""
    shown = shown_item(item_id)
    if not shown.is_guide:
        raise NotFound("这个事项的办事指南还不完整，暂时不能申请。")
    return _made(shown.version, shown.hall_guide, shown.values, handling_code)


def guide_of_case(case: Case) -> CaseGuide:
    """The guide under which the application was received, however it has changed since."""
    version = ItemVersion.objects.select_related("item").get(pk=case.item_version_id)
    hall_guide = HallGuideVersion.objects.get(pk=case.hall_guide_id)
    values = effective(version.values, fitting_values(version, hall_guide.values))
    return _made(version, hall_guide, values, case.handling_code)


def _made(version: ItemVersion, hall_guide: HallGuideVersion, values: dict[str, Any], code: str) -> CaseGuide:
    if not code:
        return CaseGuide(version, hall_guide, values)
    row = handling_row(values, code)
    if row is None or not is_handled_here(values, code):
        raise Conflict("本厅现在不办理这个业务办理项。")
    return CaseGuide(version, hall_guide, handled(values, row), str(row.get("kind") or ""))


def _material(place: int, row: Values) -> GuideMaterial:
    is_exempt, need, days = row.get("exemption") in Exemption.values, row.get("need"), row.get("later_days")
    can_come_later = need == MaterialNeed.LATER and not is_exempt
    return GuideMaterial(
        place=place,
        name=name_of_material(row),
        code=str(row.get("licence_code") or ""),
        note=str(row.get("fill_note") or "").strip(),
        is_exempt=is_exempt,
        is_needed=need != MaterialNeed.OPTIONAL and not is_exempt,
        can_come_later=can_come_later,
        later_days=days if can_come_later and isinstance(days, int) and days > 0 else None,
    )


def _limit(values: Values, name: str, at_once: str) -> Limit | None:
    days, unit = values.get(f"{name}_days"), values.get(f"{name}_unit")
    if not isinstance(days, int) or days < 1 or unit in {at_once, StatutoryUnit.NONE}:
        return None
    return Limit.read(f"{days}{'d' if unit == DayUnit.CALENDAR_DAYS else 'wd'}")
