"""What a hall's guide of an item begins with, as far as it follows from what the hall says once (常用信息)."""

from collections.abc import Mapping
from typing import Any, Final

from foundation.errors import Fault
from standards.items.binding import may_be_whole_online, settled_values
from standards.items.check import PartFindings, effective
from standards.items.codelists import DISCLOSED, ItemType, Level, OnlineDepth
from standards.items.codes import task_code_of
from standards.items.elements import BUILT_IN, BY_NAME
from standards.items.kinds import Element
from standards.items.values import Report, check_value, is_blank
from standards.numbers.credit_codes import faults_of_credit_code

HALL_DEFAULTS: Final[tuple[Element, ...]] = tuple(element for element in BUILT_IN if element.is_hall_default)


def check_hall_defaults(values: Mapping[str, Any]) -> PartFindings:
    """Check what a hall says once for all its items (常用信息): return wrong answers, open ones, and how many percent
    of the needed ones are whole. An element that is no hall default is a fault."""
    report = Report()
    known = {element.name for element in HALL_DEFAULTS}
    for name, value in values.items():
        if name not in known:
            words = (
                f"「{BY_NAME[name].label}」每个事项各不相同，请在事项中填写。" if name in BY_NAME else "没有这一栏。"
            )
            report.add_fault(name, words)
        elif not is_blank(value):
            element = BY_NAME[name]
            # rows are checked as an item has them that people come for
            item_type = ItemType.DISCLOSURE if element.applies <= DISCLOSED else ItemType.PUBLIC_SERVICE
            words = f"「{element.label}」"
            check_value(element, value, item_type=item_type, where=name, words=words, report=report)
    body_code = values.get("body_code")
    if body_code and not any(fault.where == "body_code" for fault in report.faults):
        report.faults += [Fault("body_code", fault.message) for fault in faults_of_credit_code(body_code)]
    unwhole = {fault.where.split(".")[0] for fault in (*report.faults, *report.missing)}
    # of several types together: what any of them needs
    needed = [one for one in HALL_DEFAULTS if one.needed and (one.when is None or one.when.applies(values))]
    missing = [Fault(one.name, f"缺少「{one.label}」。") for one in needed if is_blank(values.get(one.name))]
    whole = [one for one in needed if not is_blank(values.get(one.name)) and one.name not in unwhole]
    score = 100 * len(whole) // len(needed)
    return PartFindings(tuple(report.faults), (*report.missing, *missing), score)


def prefilled_values(
    item_type: str, values: Mapping[str, Any], defaults: Mapping[str, Any], *, level: str
) -> dict[str, Any]:
    """Return the values with which a hall's guide of an item begins.

    ``values`` are the province's of the item; ``defaults`` the hall's answers, those for the department over those for
    all; ``level`` the hall's own (GB/T 39046 A.2). The 实施编码 is put together from its parts (GB/T 39046 5.2) where
    they are known. What cannot be true of this item is left out: what its type does not have, what the province has
    settled otherwise, and what depends on a condition that does not hold (no online payment of what is free).
    """
    settled = settled_values(values)
    guide = {
        name: value
        for name, value in defaults.items()
        if name in BY_NAME and item_type in BY_NAME[name].applies and name not in settled
    }
    if not may_be_whole_online(values) and guide.get("online_depth") == OnlineDepth.WHOLE:
        del guide["online_depth"]
    together = effective(values, guide)
    for name in list(guide):
        condition = BY_NAME[name].when
        if condition and not condition.applies(together):
            del guide[name]
    if item_type in BY_NAME["level"].applies:
        guide["level"] = _level_for(values.get("levels") or (), guide.get("level") or level)
    body_code, basic_code = guide.get("body_code"), values.get("basic_code")
    if body_code and basic_code and item_type in BY_NAME["task_code"].applies:
        guide["task_code"] = task_code_of(body_code=body_code, level=guide["level"], basic_code=basic_code)
    return guide


def _level_for(allowed: "tuple[str, ...] | list[str]", own: str) -> str:
    """The level that a hall names: its own, or of an item for higher levels the nearest one that decides."""
    if not allowed or own in allowed or Level.SHARED.value in allowed:
        return own
    above = [level for level in allowed if level < own]
    return max(above) if above else min(allowed)
