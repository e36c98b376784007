"""Powers of own motion with a fault each."""

from typing import Any, Final

from standards.items.codelists import ItemType
from tests.factories.catalogue import values_with

FULL: Final = ("case", "investigation", "review", "notice", "decision", "service", "execution")


def whole(item_type: str = ItemType.PENALTY, **values: Any) -> dict[str, Any]:
    return values_with(1, item_type=item_type) | {"item_type": item_type} | values


def grade(grade: str, least: int | None, most: int | None, of: str = "罚款") -> dict[str, Any]:
    row = {"situation": "情节", "grade": grade, "measure": "罚款", "source": "基准", "of": of}
    return row | {name: value for name, value in (("least", least), ("most", most)) if value is not None}


def steps(*stages: str, days: int = 5) -> list[dict[str, Any]]:
    return [{"stages": one.split("+"), "act": one, "position": "岗", "days": days, "unit": "1"} for one in stages]


# code of the contradiction, type of the item, what is changed in a whole one
MADE: Final[list[tuple[str, str, dict[str, Any]]]] = [
    ("discretion-outside-law", "02", {"discretion": [grade("2", 9_999, 20_000)]}),
    ("discretion-outside-law", "02", {"discretion": [grade("4", 40_000, 50_001)]}),
    ("mitigated-within-law", "02", {"discretion": [grade("1", 5_000, 12_000)]}),
    ("mitigated-within-law", "02", {"discretion": [grade("1", 10_000, None)]}),
    ("grades-overlap", "02", {"discretion": [grade("2", 10_000, 30_000), grade("3", 20_000, 40_000)]}),
    ("grades-overlap", "02", {"discretion": [grade("2", 10_000, 40_000), grade("4", 30_000, 50_000)]}),
    ("exempt-with-range", "02", {"discretion": [grade("0", 1, 5)]}),
    ("discretion-of-nothing", "02", {"discretion": [grade("3", 20_000, 30_000, "没收")]}),
    ("discretion-of-nothing", "02", {"discretion": [grade("3", 20_000, 30_000, "")]}),
    *(("stages-missing", "02", {"proceeding": steps(*(one for one in FULL if one != left))}) for left in FULL),
    ("stages-missing", "03", {"coercion_kinds": ["29"]}),
    ("stages-foreign", "02", {"proceeding": steps(*FULL, "plan")}),
    (
        "stages-out-of-order",
        "02",
        {"proceeding": steps("case", "investigation", "decision", "review+notice", "service", "execution")},
    ),
    ("case-over-limit", "02", {"proceeding": steps(*FULL, days=17)}),
    ("hold-over-law", "03", {"coercion_kinds": ["13"], "hold_days": 31}),
    ("hold-without-term", "03", {"hold_days": None}),
    ("remedy-limit", "02", {"reconsideration": "收到决定之日起 30 日内申请行政复议。"}),
    ("remedy-limit", "02", {"reconsideration": "可以申请行政复议。"}),
    ("award-without-notice", "18", {"award_notice_days": 4}),
    ("award-without-notice", "18", {"award_notice_days": None}),
    ("award-without-notice", "18", {"proceeding": steps("nomination", "review", "decision", "conferral")}),
    ("stages-missing", "18", {"proceeding": steps("nomination", "publicity", "decision", "conferral")}),
    ("stages-out-of-order", "18", {"proceeding": steps("nomination", "review", "decision", "publicity", "conferral")}),
    ("remedy-limit", "06", {"litigation": "收到决定之日起 3 个月内提起行政诉讼。"}),
]
