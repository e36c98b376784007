"""The national exchange as XML; each item is checked against the schema before it leaves the house."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from typing import Any, Final

from lxml import etree

from foundation.errors import Invalid
from foundation.workbooks import MEGABYTE
from province.catalogue.definition import CodeScheme, Table
from province.catalogue.definition.codes import USUAL_SCHEME
from province.catalogue.exchange.items import MOST_ITEMS, ExchangeItem, Faults, Reading
from province.catalogue.exchange.national_rows import (
    NAMESPACE,
    XSD,
    Known,
    NationalItem,
    read_rows,
    refused,
    rows_of,
    take_row,
    without_doubles,
)

LARGEST_XML: Final = 64 * MEGABYTE
# of one item, and between two: beyond it is no item of this exchange
_MOST_NODES: Final = 20_000
_ROOT, _ITEM = f"{{{NAMESPACE}}}exchange", f"{{{NAMESPACE}}}item"
_DECLARED: Final = re.compile(rb"""\A<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS: Final = {"utf-8": "utf-8-sig", "utf8": "utf-8-sig"} | dict.fromkeys(("gbk", "gb2312", "gb18030"), "gb18030")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
_COLUMN: Final = re.compile(r"\{" + re.escape(NAMESPACE) + r"\}(\w+)")
_REPEATED: Final = f'<item xmlns="{NAMESPACE}">'.encode()


def write_national_xml(items: Iterable[ExchangeItem]) -> Iterator[bytes]:
    """The document, piece by piece. Raises Invalid at the first item that the schema refuses."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<exchange xmlns="{NAMESPACE}">\n'.encode()
    schema = _xml_schema()
    for item in items:
        try:
            node = _node(item)
        except ValueError as error:
            message = f"“{item.name}”里有 XML 不能表示的控制字符,请删去后再导出。"
            raise Invalid(message) from error
        if not schema.validate(node):
            columns = [name for one in schema.error_log for name in _COLUMN.findall(one.message)]
            raise refused(item, columns)
        yield etree.tostring(node, encoding="utf-8", pretty_print=True).replace(_REPEATED, b"<item>", 1)
    yield b"</exchange>\n"


def _node(item: ExchangeItem) -> Any:
    node = etree.Element(_ITEM, nsmap={None: NAMESPACE})
    for table, rows in rows_of(item).items():
        for row in rows:
            inner = etree.SubElement(node, f"{{{NAMESPACE}}}{table.value}")
            for name, text in row.items():
                etree.SubElement(inner, f"{{{NAMESPACE}}}{name}").text = text
    return node


@cache
def _xml_schema() -> Any:
    return etree.XMLSchema(etree.parse(str(XSD), etree.XMLParser(resolve_entities=False, no_network=True)))


def read_national_xml(content: bytes, *, known: Known | None = None, scheme: CodeScheme = USUAL_SCHEME) -> Reading:
    """Every item, and a fault for every line that is wrong. What we have and the nation has not is not in it.

    Raises Invalid for what is no such document, is too large, or defines types or entities of its own.
    """
    text = _plain_xml(content)
    faults = Faults()
    try:
        found = [read_rows(item, faults, known=known, scheme=scheme) for item in _items(text, faults)]
    except etree.XMLSyntaxError as error:
        message = f"第 {error.lineno} 行不是正确的 XML。"
        raise Invalid(message) from error
    return without_doubles(found, faults)


def _plain_xml(content: bytes) -> bytes:
    """As UTF-8 and without a document type: no parser ever sees one."""
    if len(content) > LARGEST_XML:
        message = f"文件超过 {LARGEST_XML // MEGABYTE} MB,请分成几份导入。"
        raise Invalid(message)
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    encoding = _ENCODINGS.get(declared[1].decode().lower() if declared else "utf-8")
    try:
        text = content.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("这不是 XML 文件,或者它的编码不是 UTF-8 或 GB18030。") from error
    if encoding is None or not text.lstrip().startswith("<"):
        raise Invalid("这不是 XML 文件,或者它的编码不是 UTF-8 或 GB18030。")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Invalid("XML 里不允许有文档类型(DOCTYPE)和实体定义,不能导入。")
    declaration = _DECLARATION.match(text)
    # as many lines as before
    head = "\n" * text.count("\n", 0, declaration.end()) if declaration else ""
    return (head + text[declaration.end() if declaration else 0 :]).encode()


def _items(text: bytes, faults: Faults) -> Iterator[NationalItem]:
    number = nodes = 0
    events = etree.iterparse(
        BytesIO(text),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    for event, node in events:
        if event == "start":
            depth += 1
            nodes += 1
            if depth == 1 and node.tag != _ROOT:
                message = f'这不是国家交换格式的文件:最外层应是 <exchange xmlns="{NAMESPACE}">。'
                raise Invalid(message)
            if nodes > _MOST_NODES:
                raise Invalid("XML 里一个事项的内容太多,不能导入。")
            continue
        depth -= 1
        if depth != 1:
            continue
        nodes = 0
        if node.tag == _ITEM:
            number += 1
            if number > MOST_ITEMS:
                message = f"最多 {MOST_ITEMS:,} 个事项,请分成几份导入。"
                raise Invalid(message)
            yield _item(node, number, faults)
        else:
            faults.add(f"line {node.sourceline}", f"第 {node.sourceline} 行没有“{_local(node)}”这个元素。")
        node.clear()
        while node.getprevious() is not None:
            del node.getparent()[0]


def _local(node: Any) -> str:
    return str(etree.QName(node).localname)[:40]


def _item(node: Any, number: int, faults: Faults) -> NationalItem:
    found = NationalItem(number, node.sourceline)
    for row in node:
        name = _local(row)
        if name not in Table or etree.QName(row).namespace != NAMESPACE:
            faults.add(f"line {row.sourceline}", f"第 {row.sourceline} 行没有“{name}”这张表。")
            continue
        texts = [(_local(column), column.text or "", column.sourceline, len(column)) for column in row]
        for column, _, line, inner in texts:
            if inner:
                faults.add(f"line {line}", f"第 {line} 行“{column}”里面不应再有元素。")
        take_row(found, Table(name), [one[:3] for one in texts], faults, line=row.sourceline)
    return found
