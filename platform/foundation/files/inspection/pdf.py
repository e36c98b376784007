import re
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
_ANOTHER_FILE: Final = re.compile(rb"PK\x05\x06|<script|<html|<!doctype html|<\?php", re.IGNORECASE)
# bytes at the end, where one file in two kinds has its other half
_TAIL: Final = 70_000


def active_parts(file: IO[bytes]) -> Iterator[str]:
    """Names what is active, each as often as it is found. Raises Invalid for what is broken or has a password."""
    import pikepdf  # noqa: PLC0415 - only those load it who take a document in

    content = file.read()
    plain = _ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), content)
    yield from (label for word, label in _WORDS.items() if word in plain)
    end = content.rfind(b"%%EOF")
    if _ANOTHER_FILE.search(content[max(0, end, len(content) - _TAIL) :] if end >= 0 else content[-_TAIL:]):
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
        yield from (label for key, value in one.items() if (label := _KEYS.get(key) or _label(key, value)))
        yield from _of_parts((value for _, value in one.items()), depth)


def _of_parts(parts: Iterable[Any], depth: int) -> Iterator[str]:
    import pikepdf  # noqa: PLC0415 - loaded already

    for part in parts:
        # what is an object of its own comes by itself
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _of(part, depth + 1)


def _label(key: str, value: Any) -> str:
    match key:
        case "/S":
            return _ACTIONS.get(_name(value), "")
        case "/Subtype":
            return _SUBTYPES.get(_name(value), "")
        case "/Type":
            return _TYPES.get(_name(value), "")
        case "/URI" | "/Base" if _is_text(value):
            return "" if is_harmless_address(str(value)) else "指向本机或程序的链接"
    return ""


def _name(value: Any) -> str:
    import pikepdf  # noqa: PLC0415 - loaded already

    return str(value) if isinstance(value, pikepdf.Name) else ""


def _is_text(value: Any) -> bool:
    import pikepdf  # noqa: PLC0415 - loaded already

    return isinstance(value, pikepdf.String)
