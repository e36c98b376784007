"""A hall's part of an item, as far as it follows from what the hall says once: for all items of a department."""

from collections.abc import Mapping
from typing import Any, Final

from foundation.errors import Fault
from province.catalogue.definition.check import Part
from province.catalogue.definition.codelists import DISCLOSED, ItemType, Level
from province.catalogue.definition.codes import faults_of_body_code, task_code_of
from province.catalogue.definition.elements import BY_NAME, ELEMENTS
from province.catalogue.definition.kinds import Element
from province.catalogue.definition.values import Report, check_value, is_blank

USUAL: Final[tuple[Element, ...]] = tuple(element for element in ELEMENTS if element.is_usual)


def check_usual(values: Mapping[str, Any]) -> Part:
    """What is wrong with such answers, and which are still open."""
    report = Report()
    known = {element.name for element in USUAL}
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
        report.faults += [Fault("body_code", fault.message) for fault in faults_of_body_code(body_code)]
    unwhole = {fault.where.split(".")[0] for fault in (*report.faults, *report.missing)}
    # of several types together: what any of them needs
    needed = [one for one in USUAL if one.needed and (one.when is None or one.when.applies(values))]
    missing = [Fault(one.name, f"缺少「{one.label}」。") for one in needed if is_blank(values.get(one.name))]
    whole = [one for one in needed if not is_blank(values.get(one.name)) and one.name not in unwhole]
    score = 100 * len(whole) // len(needed)
    return Part(tuple(report.faults), (*report.missing, *missing), score)


def usual_part(item_type: str, values: Mapping[str, Any], usual: Mapping[str, Any], *, level: str) -> dict[str, Any]:
    """What a hall's part of an item begins with. ``usual``: the hall's answers, those for the department over those
    for all; ``level``: the hall's own. 实施编码 follows from its parts (GB/T 39046 5.2), where they are known."""
    part = {name: value for name, value in usual.items() if name in BY_NAME and item_type in BY_NAME[name].applies}
    if item_type in BY_NAME["level"].applies:
        part["level"] = _level_for(values.get("levels") or (), part.get("level") or level)
    body_code, basic_code = part.get("body_code"), values.get("basic_code")
    if body_code and basic_code and item_type in BY_NAME["task_code"].applies:
        part["task_code"] = task_code_of(body_code=body_code, level=part["level"], basic_code=basic_code)
    return part


def _level_for(allowed: "tuple[str, ...] | list[str]", own: str) -> str:
    """A hall that takes an item in for a higher level names the nearest one that decides."""
    if not allowed or own in allowed or Level.SHARED.value in allowed:
        return own
    above = [level for level in allowed if level < own]
    return max(above) if above else min(allowed)
