import re
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final

from foundation.errors import Invalid
from foundation.files.inspection.texts import is_harmless_address

if TYPE_CHECKING:
    import pikepdf

_DEEPEST: Final = 60
_ACTIONS: Final = {
    "/JavaScript": "JavaScript 脚本",
    "/Launch": "启动程序的动作",
    "/ImportData": "导入数据的动作",
    "/SubmitForm": "提交表单的动作",
    "/GoToR": "打开其他文件的动作",
    "/GoToE": "打开内嵌文件的动作",
    "/GoTo3DView": "三维内容",
    "/Rendition": "多媒体",
    "/Movie": "多媒体",
    "/Sound": "多媒体",
    "/RichMediaExecute": "多媒体",
}
_SUBTYPES: Final = {
    "/FileAttachment": "附件",
    "/RichMedia": "多媒体",
    "/Movie": "多媒体",
    "/Sound": "多媒体",
    "/Screen": "多媒体",
    "/3D": "三维内容",
}
_KEYS: Final = {
    "/JS": "JavaScript 脚本",
    "/JavaScript": "JavaScript 脚本",
    "/EmbeddedFiles": "内嵌文件",
    "/EF": "内嵌文件",
    "/RichMediaContent": "多媒体",
    "/XFA": "XFA 动态表单",
}
# a file outside, as every system names it
_NAMES_OF_FILES: Final = frozenset(("/F", "/UF", "/DOS", "/Mac", "/Unix"))
# what happens without anybody's doing
_BY_ITSELF: Final = frozenset(("/OpenAction", "/AA"))
# of the program's own menu: those that only turn pages, look or print
_MENU: Final = frozenset(
    f"/{name}"
    for name in (
        *("NextPage", "PrevPage", "FirstPage", "LastPage", "GoBack", "GoForward", "GoToPage"),
        *("Find", "FullScreen", "Print"),
    )
)
_MOST_IN_A_ROW: Final = 50
_TYPES: Final = {"/EmbeddedFile": "内嵌文件", "/Rendition": "多媒体"}
# what another program might find in what this one does not: long enough never to stand in a picture by chance
_WORDS: Final = {
    b"/JavaScript": "JavaScript 脚本",
    b"/ImportData": "导入数据的动作",
    b"/SubmitForm": "提交表单的动作",
    b"/EmbeddedFile": "内嵌文件",
    b"/RichMedia": "多媒体",
    b"/Launch": "启动程序的动作",
}
_ESCAPE: Final = re.compile(rb"#([0-9a-fA-F]{2})")
_PACKED, _STREAM = re.compile(rb"/ObjStm\b"), re.compile(rb"stream\r?\n")
# of the facts between the name of a stream's kind and its beginning
_LONGEST_FACTS: Final = 1_000
_MOST_UNPACKED: Final = 16 * 1024 * 1024
_ANOTHER_FILE: Final = re.compile(rb"PK\x05\x06|<script|<html|<!doctype html|<\?php", re.IGNORECASE)
# bytes at the end, where one file in two kinds has its other half
_TAIL: Final = 70_000
_END: Final = b"%%EOF"
# what is written behind an end is further objects, or it is no part of the document
_OBJECT: Final = re.compile(rb"\d obj\b")


def active_parts(file: IO[bytes]) -> Iterator[str]:
    """Names what is active, each as often as it is found. Raises Invalid for what is broken or has a password."""
    import pikepdf  # noqa: PLC0415 - only those load it who take a document in

    content = file.read()
    yield from _of_words(content)
    # what a newer part of the file does not name any more, and a repair finds
    for place in _packed_in(content):
        yield from _of_words(_unpacked(content, place))
    if _has_another_file(content):
        yield "藏在后面的另一个文件"
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as document:
            yield from _of(document.Root, 0)
            for one in document.objects:
                yield from _of(one, 0)
    except pikepdf.PasswordError as error:
        raise Invalid.at("file", "PDF 设有打开密码，无法检查。请先取消密码再上传。") from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise Invalid.at("file", "PDF 已损坏，无法打开。请重新导出后再上传。") from error


def _of_words(content: bytes) -> Iterator[str]:
    plain = _ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), content)
    yield from (label for word, label in _WORDS.items() if word in plain)


def _packed_in(content: bytes) -> Iterator[int]:
    """Where streams of further objects begin."""
    last = 0
    for named in _PACKED.finditer(content):
        if named.end() < last:
            continue
        if begins := _STREAM.search(content, named.end(), named.end() + _LONGEST_FACTS):
            last = begins.end()
            yield last


def _unpacked(content: bytes, place: int) -> bytes:
    """A stream that may not be one: as much of it as can be read."""
    try:
        return zlib.decompressobj().decompress(content[place : place + _MOST_UNPACKED], _MOST_UNPACKED)
    except zlib.error:
        return b""


def _has_another_file(content: bytes) -> bool:
    end = content.find(_END)
    if end < 0:
        return bool(_ANOTHER_FILE.search(content[-_TAIL:]))
    while end >= 0:
        following = _OBJECT.search(content, end)
        if _ANOTHER_FILE.search(content, end, following.start() if following else len(content)):
            return True
        end = content.find(_END, following.end()) if following else -1
    return False


def _of(one: "pikepdf.Object", depth: int) -> Iterator[str]:
    import pikepdf  # noqa: PLC0415 - loaded already

    if depth > _DEEPEST:
        raise Invalid.at("file", "PDF 的结构不正常。请重新导出后再上传。")
    if isinstance(one, pikepdf.Array):
        yield from _of_parts(one, depth)
    elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        if isinstance(one, pikepdf.Stream):
            one = one.stream_dict
            if "/F" in one:
                yield "放在别处的内容"
        yield from (label for key, value in one.items() if (label := _KEYS.get(key) or _label(key, value, one)))
        yield from _of_parts((value for _, value in one.items()), depth)


def _of_parts(parts: Iterable[Any], depth: int) -> Iterator[str]:
    import pikepdf  # noqa: PLC0415 - loaded already

    for part in parts:
        # what is an object of its own comes by itself
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _of(part, depth + 1)


def _label(key: str, value: Any, of: "pikepdf.Dictionary") -> str:
    match key:
        case "/S":
            return _ACTIONS.get(_name(value), "")
        case "/Subtype":
            return _SUBTYPES.get(_name(value), "")
        case "/Type":
            return _TYPES.get(_name(value), "")
    return next((label for label, is_active in _OF_VALUES.items() if is_active(key, value, of)), "")


def _leads_away(key: str, value: Any, _: "pikepdf.Dictionary") -> bool:
    return key in {"/URI", "/Base"} and _is_text(value) and not is_harmless_address(str(value))


def _names_a_file(key: str, value: Any, _: "pikepdf.Dictionary") -> bool:
    return key in _NAMES_OF_FILES and _is_text(value)


def _uses_the_menu(key: str, value: Any, of: "pikepdf.Dictionary") -> bool:
    return key == "/N" and _name(of.get("/S")) == "/Named" and _name(value) not in _MENU


def _visits_by_itself(key: str, value: Any, _: "pikepdf.Dictionary") -> bool:
    return key in _BY_ITSELF and _visits(value)


_OF_VALUES: Final = {
    "指向本机或程序的链接": _leads_away,
    "指向其他文件的链接": _names_a_file,
    "程序菜单的动作": _uses_the_menu,
    "自动打开网址的动作": _visits_by_itself,
}


def _visits(value: Any) -> bool:
    """Whether an action, one of several for several moments, or one after it leads to an address."""
    import pikepdf  # noqa: PLC0415 - loaded already

    if not isinstance(value, pikepdf.Dictionary):
        # a place in the document
        return False
    to_see: list[Any] = [value] if "/S" in value else [one for _, one in value.items()]
    for _ in range(_MOST_IN_A_ROW):
        if not to_see:
            return False
        one = to_see.pop()
        if isinstance(one, pikepdf.Array):
            to_see.extend(one)
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            if _name(one.S) == "/URI":
                return True
            to_see.extend([one.Next] if "/Next" in one else [])
    return True


def _name(value: Any) -> str:
    import pikepdf  # noqa: PLC0415 - loaded already

    return str(value) if isinstance(value, pikepdf.Name) else ""


def _is_text(value: Any) -> bool:
    import pikepdf  # noqa: PLC0415 - loaded already

    return isinstance(value, pikepdf.String)
