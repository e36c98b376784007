import re
from collections.abc import Iterator
from typing import IO, Final

from foundation.errors import Invalid
from foundation.files.inspection.executables import is_executable

# of a stream or a folder, in small letters
_NAMES: Final = {
    "macros": "宏（VBA）",
    "vba": "宏（VBA）",
    "_vba_project": "宏（VBA）",
    "_vba_project_cur": "宏（VBA）",
    "vba_project_cur": "宏（VBA）",
    "objectpool": "内嵌对象",
    "\x01ole10native": "内嵌程序或文件",
    "package": "内嵌程序或文件",
    "equation native": "公式编辑器对象",
    "\x03objinfo": "内嵌对象",
    "encryptedpackage": "打开密码",
    "encryptioninfo": "打开密码",
}
_FIELDS: Final = ("DDEAUTO", "DDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK")
_FIELD: Final = re.compile(
    b"|".join(
        rb"\x13\s{0,20}" + word.encode() + rb"\b|\x13\0(?: \0){0,20}" + re.escape(word.encode("utf-16-le"))
        for word in _FIELDS
    ),
    re.IGNORECASE,
)
_TEMPLATE: Final = re.compile(
    rb"h\0t\0t\0p\0(?:s\0)?:\0/\0/\0(?:[!-~]\0){1,300}?\.\0d\0o\0t\0|https?://[!-~]{1,300}?\.dot", re.IGNORECASE
)
# BIFF: a sheet of macros in the list of sheets (BOUNDSHEET: its place, its state, its kind)
_MACRO_SHEET: Final = re.compile(rb"\x85\0[\x08-\xff]\0.{4}[\0-\x02][\x01\x06]", re.DOTALL)
_LARGEST_STREAM: Final = 64 * 1024 * 1024


def active_parts(file: IO[bytes]) -> Iterator[str]:
    """Names what is active in an old Office file. Raises Invalid for what is broken."""
    # only those load them who take a document in
    import olefile  # noqa: PLC0415
    from oletools.olevba import VBA_Parser  # noqa: PLC0415

    content = file.read()
    try:
        with olefile.OleFileIO(content) as book:
            for path in book.listdir(streams=True, storages=True):
                name = path[-1]
                if label := _NAMES.get(name.lower()):
                    yield label
                if book.get_type("/".join(path)) == olefile.STGTY_STREAM and book.get_size(path) <= _LARGEST_STREAM:
                    yield from _of_stream(name.lower(), book.openstream(path).read())
        parser = VBA_Parser("x", data=content, disable_pcode=True)
        # PowerPoint keeps its macros packed in a record of its own, and they may lie in what was deleted
        if parser.detect_vba_macros():
            yield "宏（VBA）"
    except Invalid:
        raise
    except Exception as error:
        # the reader of a format that nobody wrote down whole fails in as many ways as files are broken
        raise Invalid.at("file", "文件已损坏，无法打开。请重新保存，或另存为新的格式再上传。") from error


def _of_stream(name: str, content: bytes) -> Iterator[str]:
    if _FIELD.search(content):
        yield "自动更新的外部域（DDE、INCLUDE）"
    if _TEMPLATE.search(content):
        yield "远程模板"
    if name in {"workbook", "book"} and _MACRO_SHEET.search(content[:1_000_000]):
        yield "Excel 4.0 宏"
    if is_executable(content[:4096]):
        yield "内嵌程序"
