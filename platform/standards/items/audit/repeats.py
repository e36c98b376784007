"""Texts that stand alike in many items: nobody thought of the item when writing them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Final

from standards.items.audit.findings import Audited, AuditFinding, AuditKind
from standards.items.codelists import APPLIED
from standards.items.elements import BY_NAME

# in how many items a text may stand alike; shorter ones say nothing of their own anyway
_MOST: Final[Mapping[str, int]] = {
    "conditions": 1,
    "flow": 1,
    "questions": 3,
    "rights": 3,
    # what an authority does of its own motion
    "trigger": 1,
    "inspected": 1,
    "proceeding": 1,
    "discretion": 1,
}
_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "flow": ("act", "position", "standard"),
    "proceeding": ("act", "position", "standard"),
    "discretion": ("situation", "measure"),
}
_SHORTEST: Final = 12
# the law itself says the same for all items of a type, and differs between types
_BY_TYPE: Final = ("reconsideration", "litigation")
_NAMED: Final = 2


def repeat_findings(items: Iterable[Audited]) -> Iterator[AuditFinding]:
    """Yield a finding for each item whose conditions, steps, discretion, questions or rights stand word for word in
    others too, and for each whose remedies are those of items of another type."""
    alike: dict[tuple[str, Hashable], dict[str, Audited]] = defaultdict(dict)
    for item in items:
        for name in (*_MOST, *_BY_TYPE):
            for text in _texts(item, name):
                alike[name, text][item.key] = item
    for (name, _), found in alike.items():
        same = list(found.values())
        if len(same) > _MOST[name] if name in _MOST else len({one.item_type for one in same}) > 1:
            for one in same:
                yield AuditFinding(one, AuditKind.REPEATED, name, _words(name, one, same))


def _texts(item: Audited, name: str) -> Iterator[Hashable]:
    value = item.values.get(name)
    if isinstance(value, str):
        # what the authority does of its own motion follows one law alike: only what is applied for is compared
        if len(value) >= _SHORTEST and (name != "rights" or item.item_type in APPLIED):
            yield value
    elif isinstance(value, list) and value:
        rows = [row for row in value if isinstance(row, Mapping)]
        if name in _STEPS:
            yield tuple(_cells(row, _STEPS[name]) for row in rows)
        else:
            yield from {str(row.get("answer")) for row in rows if len(str(row.get("answer") or "")) >= _SHORTEST}


def _cells(row: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row.get(name) or "") for name in names)


def _words(name: str, item: Audited, same: list[Audited]) -> str:
    others = [one.name for one in same if one.key != item.key]
    named = "、".join(f"“{one}”" for one in others[:_NAMED])
    more = f"等 {len(others)} 项" if len(others) > _NAMED else ""
    return f"「{BY_NAME[name].label}」与{named}{more}一字不差，请按这个事项的实际情况写。"
