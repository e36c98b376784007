"""Laws that an item cites: whether they are still in force, and whether they can be found by what is written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from standards.items.audit.findings import Audited, AuditFinding, AuditKind
from standards.items.elements import BY_NAME
from standards.items.elements.grounds import LAW_CELLS
from standards.items.kinds import Element, Kind

_TABLE: Final = Path(__file__).with_name("laws.yaml")
_COUNTRY: Final = "中华人民共和国"
_TRIAL: Final = re.compile(r"（(?:试行|暂行|\d{4}年?.{0,6})）$")
_QUOTED: Final = re.compile(r"《([^《》]{2,60})》")
_NUMERAL: Final = "第[一二三四五六七八九十百千零〇]+条"
# a law named in running text with an article behind it, and no title marks around it
_UNMARKED: Final = re.compile(rf"[\u4e00-\u9fff]{{2,24}}(?:法|法典|条例|办法|规定|细则)(?={_NUMERAL})")
# those have articles to be cited; decisions, opinions and notices need not
_STATUTES: Final = ("法", "法典", "条例", "办法", "规定", "规则", "细则")
_DOCUMENTS: Final = (
    *("决定", "意见", "通知", "标准", "目录", "方案", "规范", "公告", "命令", "批复", "函", "章程", "清单", "指南"),
    *("要点", "准则", "规程", "要求", "基准", "导则", "目标", "复函"),
)
_BASES: Final = frozenset({"laws", "disclosure_laws"})


@dataclass(frozen=True, slots=True)
class _Past:
    """A law of the table; ``by`` are its successors."""

    kind: AuditKind
    since: str
    by: tuple[str, ...]
    why: str


def law_findings(item: Audited) -> Iterator[AuditFinding]:
    """Yield what is wrong with the laws of one item, in its lists of laws and in its texts."""
    for name, value in item.values.items():
        if element := BY_NAME.get(name):
            for where, cell, one in _parts(element, value, name):
                yield from _of_row(item, where, one) if cell.cells is LAW_CELLS else _of_text(item, where, cell, one)
            if name in _BASES and isinstance(value, list):
                yield from _articles(item, element, value)


def short(law: str) -> str:
    """The name by which a law is known in the table: without the country and without 试行."""
    return _TRIAL.sub("", law.strip().removeprefix(_COUNTRY))


@cache
def _table() -> Mapping[str, _Past]:
    data = yaml.load(_TABLE.read_bytes(), Loader=yaml.CSafeLoader)
    kinds = (AuditKind.REPEALED, AuditKind.RENAMED, AuditKind.CHANGED)
    return {
        short(row["law"]): _Past(kind, row["since"], tuple(row.get("by", ())), row.get("why", ""))
        for kind in kinds
        for row in data[kind.value]
    }


def _parts(element: Element, value: Any, where: str) -> Iterator[tuple[str, Element, Any]]:
    """Every text of a value, and every row of a list of laws as a whole."""
    if element.kind is Kind.ROWS and isinstance(value, list):
        for number, row in enumerate(value, start=1):
            if not isinstance(row, Mapping):
                continue
            if element.cells is LAW_CELLS:
                yield f"{where}.{number}", element, row
                continue
            for cell in element.cells:
                yield from _parts(cell, row.get(cell.name), f"{where}.{number}.{cell.name}")
    elif element.kind in {Kind.LINE, Kind.TEXT} and isinstance(value, str):
        yield where, element, value


def _of_row(item: Audited, where: str, row: Mapping[str, Any]) -> Iterator[AuditFinding]:
    law = row.get("law")
    if not isinstance(law, str) or not law.strip():
        return
    yield from _in_force(item, where, law)
    ending = short(law).rstrip("）")
    if not ending.endswith((*_STATUTES, *_DOCUMENTS)):
        words = f"“{law}”不像法规、文件的名称，请写全称，条款另写在「条款」里。"
        yield AuditFinding(item, AuditKind.TITLE, where, words)


def _of_text(item: Audited, where: str, cell: Element, text: str) -> Iterator[AuditFinding]:
    for law in dict.fromkeys(_QUOTED.findall(text)):
        for found in _in_force(item, where, law):
            if not found.is_hint:
                yield found
    unmarked = [match.group() for match in _UNMARKED.finditer(text)]
    if cell.name == "basis" and "《" not in text and short(text).endswith(_STATUTES):
        unmarked.append(text)
    if unmarked:
        yield AuditFinding(item, AuditKind.TITLE, where, f"「{cell.label}」里的“{unmarked[0]}”没有加书名号《》。")


def _in_force(item: Audited, where: str, law: str) -> Iterator[AuditFinding]:
    past = _table().get(short(law))
    if past is None:
        return
    now = "、".join(f"《{name}》" for name in past.by)
    match past.kind:
        case AuditKind.REPEALED:
            instead = f"，现行的是{now}" if now else ""
            words = f"《{law}》已于 {past.since} 废止{instead}。"
        case AuditKind.RENAMED:
            words = f"《{law}》已于 {past.since} 改名，现在是{now}。"
        case _:
            words = f"《{law}》：{past.why}请核对条文。"
    yield AuditFinding(item, past.kind, where, words, is_hint=past.kind is AuditKind.CHANGED)


def _articles(item: Audited, element: Element, rows: list[Any]) -> Iterator[AuditFinding]:
    """A basis without any article cannot be checked by anybody; beside one that has it, a second one may do without."""
    laws = [row for row in rows if isinstance(row, Mapping) and isinstance(row.get("law"), str)]
    has_article = any(row.get("article") for row in laws)
    for number, row in enumerate(laws, start=1):
        if not row.get("article") and short(row["law"]).endswith(_STATUTES):
            words = f"「{element.label}」的《{row['law']}》没有写明第几条。"
            yield AuditFinding(item, AuditKind.ARTICLE, f"{element.name}.{number}", words, is_hint=has_article)
