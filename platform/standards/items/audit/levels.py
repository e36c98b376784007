"""Who may decide: levels and types that the law does not allow, and remedies that go to the wrong government."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from standards.items.audit.findings import Audited, AuditFinding, AuditKind
from standards.items.codelists import APPLIED, POWERS, ItemType, Level

_TABLE: Final = Path(__file__).with_name("levels.yaml")
_ABOVE_COUNTY: Final = frozenset({Level.NATION, Level.PROVINCE, Level.CITY})


def level_findings(item: Audited) -> Iterator[AuditFinding]:
    """Yield what is wrong with the levels, the type and the remedies of one item."""
    given = item.values.get("levels")
    levels = [one for one in given if one in Level.values] if isinstance(given, list) else []
    yield from _levels(item, levels)
    yield from _types(item)
    yield from _remedies(item, levels)


@cache
def _table() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    data: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.load(_TABLE.read_bytes(), Loader=yaml.CSafeLoader)
    return data


def _levels(item: Audited, levels: list[str]) -> Iterator[AuditFinding]:
    if item.item_type in POWERS and Level.VILLAGE in levels:
        words = "村（居）民委员会是自治组织，不能行使行政职权；可以代办、初审，但「可行使的层级」不能有村（社区）。"
        yield AuditFinding(item, AuditKind.LEVEL, "levels", words)
    if item.item_type not in APPLIED:
        return
    for rule in _table()["levels"]:
        beyond = [one for one in levels if one not in {*rule["levels"], Level.SHARED.value}]
        if beyond and any(word in item.name for word in rule["words"]):
            allowed, found = (_named(one) for one in (rule["levels"], beyond))
            words = f"依{rule['basis']}应由{allowed}行使，「可行使的层级」却有{found}。"
            yield AuditFinding(item, AuditKind.LEVEL, "levels", words)


def _named(levels: Sequence[str]) -> str:
    return "、".join(str(Level(one).label) for one in levels)


def _types(item: Audited) -> Iterator[AuditFinding]:
    for rule in _table()["types"]:
        if item.item_type in rule["wrong"] and any(word in item.name for word in rule["words"]):
            words = f"{rule['why']}，「事项类型」不应是{ItemType(item.item_type).label}。"
            yield AuditFinding(item, AuditKind.TYPE, "item_type", words)


def _remedies(item: Audited, levels: list[str]) -> Iterator[AuditFinding]:
    """行政复议法 Art. 24: a county's government decides on its departments and on its townships alike, a city's on what
    the city's departments did."""
    text = item.values.get("reconsideration")
    if not isinstance(text, str):
        return
    if Level.TOWNSHIP in levels and "同级人民政府" in text:
        words = "乡镇（街道）作出的决定，应当向县级人民政府申请行政复议，不是向同级人民政府。"
        yield AuditFinding(item, AuditKind.REMEDY, "reconsideration", words)
    elif levels and _ABOVE_COUNTY.issuperset(levels) and "县级人民政府" in text:
        words = f"决定由{_named(levels)}作出，不应向县级人民政府申请行政复议。"
        yield AuditFinding(item, AuditKind.REMEDY, "reconsideration", words)
