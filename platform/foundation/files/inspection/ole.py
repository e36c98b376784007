import re
from collections.abc import Iterator
from typing import IO, Final

from foundation.errors import Invalid
from foundation.files.inspection.executables import is_executable
from foundation.files.inspection.records import of_presentation, of_text, of_workbook

# of a stream or a folder, in small letters
_NAMES: Final = {
    "macros": "宏（VBA）",
    "vba": "宏（VBA）",
    "_vba_project": "宏（VBA）",
    "_vba_project_cur": "宏（VBA）",
    "vba_project_cur": "宏（VBA）",
    "objectpool": "内嵌对象",
    "\x01ole10native": "内嵌程序或文件",
    # where a linked object is fetched from, and its controls
    "\x01ole": "内嵌对象",
    "\x03ocxname": "ActiveX 控件",
    "\x03ocxdata": "ActiveX 控件",
    "ctls": "ActiveX 控件",
    "package": "内嵌程序或文件",
    "equation native": "公式编辑器对象",
    "\x03objinfo": "内嵌对象",
    "encryptedpackage": "打开密码",
    "encryptioninfo": "打开密码",
}
# folders of objects in a workbook: inside it, and linked
_OBJECT: Final = re.compile(r"(?:mbd|lnk)[0-9a-f]{1,8}")
_FIELDS: Final = (
    *("DDEAUTO", "DDE", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK"),
    *("DATABASE", "MACROBUTTON", "QUOTE"),
)
_AWAY: Final = ('"file:', '"javascript:', '"vbscript:', '"\\\\')
_FIELD: Final = re.compile(
    b"|".join(
        rb"\x13\s{0,20}" + word.encode() + rb"\b|\x13\0(?: \0){0,20}" + re.escape(word.encode("utf-16-le"))
        for word in _FIELDS
    ),
    re.IGNORECASE,
)
_LINK: Final = re.compile(
    b"|".join(
        rb"\x13\s{0,20}HYPERLINK\s{1,20}" + re.escape(away.encode()) + rb"|\x13\0(?: \0){0,20}"
        rb"H\0Y\0P\0E\0R\0L\0I\0N\0K\0(?: \0){1,20}" + re.escape(away.encode("utf-16-le"))
        for away in _AWAY
    ),
    re.IGNORECASE,
)
_TEMPLATE: Final = re.compile(
    rb"h\0t\0t\0p\0(?:s\0)?:\0/\0/\0(?:[!-~]\0){1,300}?\.\0d\0o\0t\0|https?://[!-~]{1,300}?\.dot", re.IGNORECASE
)
_OF_STREAMS: Final = {
    "workbook": of_workbook,
    "book": of_workbook,
    "powerpoint document": of_presentation,
    "worddocument": of_text,
}
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
                if _OBJECT.fullmatch(name.lower()):
                    yield "内嵌对象"
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
    if _LINK.search(content):
        yield "指向本机或程序的链接"
    if _TEMPLATE.search(content):
        yield "远程模板"
    if is_executable(content):
        yield "内嵌程序"
    yield from _OF_STREAMS[name](content) if name in _OF_STREAMS else ()
