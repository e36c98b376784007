"""四级四同: an item has one name, one code, one legal basis and one type on all levels. Items of one name that stand
apart by their levels are one item of the law, and are compared here."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from standards.items.audit.findings import Audited, AuditFinding, AuditKind
from standards.items.audit.laws import short
from standards.items.codelists import ItemType, Level

# more would not be read
_NAMED: Final = 3


def alike_findings(items: Iterable[Audited]) -> Iterator[AuditFinding]:
    """Yield for each item that has namesakes on other levels where code, type or legal basis are not the same. An item
    and its 主项 may share a name."""
    by_name: dict[str, list[Audited]] = defaultdict(list)
    for item in items:
        if name := _plain(item.name):
            by_name[name].append(item)
    for same in by_name.values():
        for item in same:
            others = [one for one in same if one.key != item.key and _apart(item, one)]
            if others:
                yield from _differences(item, others)


def bases_of(item: Audited) -> frozenset[tuple[str, str]]:
    """The laws with their articles, however they are written."""
    laws = item.values.get("laws")
    rows = [row for row in laws if isinstance(row, dict)] if isinstance(laws, list) else []
    found = ((short(str(row.get("law") or "")), _plain(str(row.get("article") or ""))) for row in rows)
    return frozenset(one for one in found if one[0])


def _differences(item: Audited, others: list[Audited]) -> Iterator[AuditFinding]:
    code = item.values.get("basic_code")
    if unlike := [one for one in others if one.values.get("basic_code") != code]:
        named = "、".join(f"{one.values.get('basic_code')}（{_levels_of(one)}）" for one in unlike[:_NAMED])
        words = f"{_levels_of(item)}的编码是 {code}，同名的另有 {named}。四级四同：各级用一个编码，请合并。"
        yield AuditFinding(item, AuditKind.UNLIKE_CODE, "basic_code", words)
    if unlike := [one for one in others if one.item_type != item.item_type]:
        own, other = _type_of(item), _type_of(unlike[0])
        words = f"{_levels_of(item)}是{own}，{_levels_of(unlike[0])}的同名事项是{other}。四级四同：各级类型应相同。"
        yield AuditFinding(item, AuditKind.UNLIKE_TYPE, "item_type", words)
    if unlike := [one for one in others if bases_of(one) != bases_of(item)]:
        words = f"{_levels_of(item)}的设定依据与{_levels_of(unlike[0])}的同名事项不同。四级四同：各级依据应相同。"
        yield AuditFinding(item, AuditKind.UNLIKE_BASIS, "laws", words)


def _apart(item: Audited, other: Audited) -> bool:
    """Whether they stand on other levels, and neither is the 主项 of the other."""
    codes = [one.values.get("basic_code") for one in (item, other)]
    if item.values.get("parent_code") == codes[1] or other.values.get("parent_code") == codes[0]:
        return False
    return _levels(item) != _levels(other)


def _levels(item: Audited) -> frozenset[str]:
    given = item.values.get("levels")
    return frozenset(one for one in given if one in Level.values) if isinstance(given, list) else frozenset()


def _levels_of(item: Audited) -> str:
    return "、".join(str(Level(one).label) for one in sorted(_levels(item))) or "没有写层级"


def _type_of(item: Audited) -> str:
    return str(ItemType(item.item_type).label) if item.item_type in ItemType.values else item.item_type


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
