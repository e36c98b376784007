"""The streams of old Office files record by record, as far as something in them runs, fetches or hides the rest."""

import re
import struct
from collections.abc import Iterator
from typing import Final

_HEAD_OF_RECORD: Final = 4
# BIFF, [MS-XLS] 2.3
_BEGIN, _SHEET, _PASSWORD, _BOOK = 0x809, 0x85, 0x2F, 0x1AE
_QUERIES: Final = frozenset((0xDC, 0x1AD, 0x876))
# of a sheet of macros: where a substream begins, and in the list of sheets (macros of Excel 4, of VBA)
_OF_MACROS: Final = 0x40
_SHEETS_OF_MACROS: Final = frozenset((b"\x01", b"\x06"))
# a workbook's own sheets, and functions of add-ins
_OWN_BOOKS: Final = frozenset((b"\x01\x04", b"\x01\x3a"))
_FORMULA: Final = re.compile(rb"_\0?x\0?l\0?f\0?n\0?\.\0?(?:W\0?E\0?B\0?S\0?E\0?R\0?V\0?I\0?C\0?E|I\0?M\0?A\0?G\0?E)")

# PowerPoint, [MS-PPT] 2.13.24: an object inside, a linked one, a control; what a click does
_OBJECTS: Final = {0x0FCC: "内嵌对象（OLE）", 0x0FCE: "内嵌对象（OLE）", 0x0FEE: "ActiveX 控件"}
_CLICK: Final = 0x0FF3
# its ninth byte: a macro, a program, an act of an object
_CLICKS: Final = frozenset((b"\x01", b"\x02", b"\x05"))
_HEAD_OF_PART: Final = 8
_HOLDS_OTHERS: Final = 0xF

_ENCRYPTED: Final = 0x0100
_LOCKED: Final = "打开密码"


def of_workbook(content: bytes) -> Iterator[str]:
    if _FORMULA.search(content):
        yield "调用外部的公式"
    place = 0
    while place + _HEAD_OF_RECORD <= len(content):
        kind, length = struct.unpack_from("<HH", content, place)
        place += _HEAD_OF_RECORD
        label = _of_record(kind, content[place : place + length])
        if label:
            yield label
        place += length


def _of_record(kind: int, facts: bytes) -> str:
    if kind == _BEGIN and facts[2:4] == bytes((_OF_MACROS, 0)):
        return "Excel 4.0 宏"
    if kind == _SHEET and facts[5:6] in _SHEETS_OF_MACROS:
        return "Excel 4.0 宏"
    if kind == _PASSWORD:
        return _LOCKED
    if kind == _BOOK and facts[2:4] not in _OWN_BOOKS:
        return "指向其他文件的链接"
    return "外部数据连接" if kind in _QUERIES else ""


def of_presentation(content: bytes) -> Iterator[str]:
    place = 0
    while place + _HEAD_OF_PART <= len(content):
        version, kind, length = struct.unpack_from("<HHI", content, place)
        place += _HEAD_OF_PART
        if label := _OBJECTS.get(kind):
            yield label
        if kind == _CLICK and content[place + 8 : place + 9] in _CLICKS:
            yield "启动程序的动作"
        # what holds others is gone into
        if version & _HOLDS_OTHERS != _HOLDS_OTHERS:
            place += length


def of_text(content: bytes) -> Iterator[str]:
    """Word: the head of the file says whether the rest can be read."""
    if content[:2] == b"\xec\xa5" and int.from_bytes(content[10:12], "little") & _ENCRYPTED:
        yield _LOCKED
