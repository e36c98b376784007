"""What a file is, found by its content: never by what its name or its sender says."""

import codecs
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Final

from foundation.confinement import MEGABYTE, Limits, confined
from foundation.errors import Fault, Invalid
from foundation.zip_faults import ZIP_FAULTS

LONGEST_NAME = 120
# an office file unpacks to some ten times its size; beyond these it is a bomb
MOST_UNPACKED = 500 * 1024 * 1024
MOST_RATIO = 200
MOST_MEMBERS = 10_000
_SAMPLE = 4096
_TEXT_SAMPLE = 1024 * 1024
_LIMITS: Final = Limits(seconds=2, memory=512 * MEGABYTE, answer=MEGABYTE)
_TOO_MANY_MEMBERS: Final = "文件里面的东西太多，可能是压缩炸弹，已拒绝。请另存为新的文件后再上传。"

type Content = SpooledTemporaryFile[bytes]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may be uploaded, and the ways its names end. The first ending is the one it is kept under."""

    label: str
    media_type: str
    endings: tuple[str, ...]


IMAGES: Mapping[str, FileKind] = {
    "JPEG": FileKind("JPEG 图片", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    "PNG": FileKind("PNG 图片", "image/png", ("png",)),
    "GIF": FileKind("GIF 图片", "image/gif", ("gif",)),
    "WEBP": FileKind("WebP 图片", "image/webp", ("webp",)),
}
PDF = FileKind("PDF 文档", "application/pdf", ("pdf",))
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
# the file inside the archive that tells what it is
_ARCHIVES: Mapping[str, FileKind] = {
    "word/document.xml": FileKind("Word 文档", f"{_OPEN_XML}wordprocessingml.document", ("docx",)),
    "xl/workbook.xml": FileKind("Excel 表格", f"{_OPEN_XML}spreadsheetml.sheet", ("xlsx",)),
    "ppt/presentation.xml": FileKind("PPT 演示", f"{_OPEN_XML}presentationml.presentation", ("pptx",)),
    "OFD.xml": FileKind("OFD 版式文件", "application/ofd", ("ofd",)),
}
# OLE containers all begin alike; which of them it is, only the name tells
_OLE: Mapping[str, FileKind] = {
    "doc": FileKind("Word 97 文档", "application/msword", ("doc", "wps")),
    "xls": FileKind("Excel 97 表格", "application/vnd.ms-excel", ("xls", "et")),
    "ppt": FileKind("PPT 97 演示", "application/vnd.ms-powerpoint", ("ppt", "dps")),
}
_TEXTS: Mapping[str, FileKind] = {
    "txt": FileKind("文本文件", "text/plain", ("txt",)),
    "csv": FileKind("CSV 表格", "text/csv", ("csv",)),
}
_OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_IMAGE_TYPES = {kind.media_type: name for name, kind in IMAGES.items()}
ACCEPTED = "JPEG、PNG、GIF、WebP 图片，PDF、OFD、Word、Excel、PPT 文档，TXT 和 CSV 文本"


def refuse(message: str) -> Invalid:
    return Invalid(message, faults=[Fault("file", message)])


def check_name(name: str) -> str:
    """The name as it may be kept and shown. Raises Invalid for paths, and for characters that disguise an ending."""
    if "/" in name or "\\" in name or name.strip(". ") == "" or ":" in name:
        raise refuse("文件名不能含有路径，请只用文件本身的名称，例如“通知.pdf”。")
    if not name.isprintable():
        raise refuse("文件名含有看不见的控制字符，请改名后再上传。")
    if len(name) > LONGEST_NAME:
        message = f"文件名过长，最多 {LONGEST_NAME} 个字符，请改名后再上传。"
        raise refuse(message)
    return name.strip()


def kind_of(content: Content, name: str) -> FileKind:
    """What the file is. Raises Invalid for kinds that are not accepted, forged ones, and archives that are bombs."""
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    content.seek(0)
    kind = _kind_by_content(content, content.read(_SAMPLE), ending)
    if kind is None:
        message = f"不接受这种文件。可以上传：{ACCEPTED}。"
        raise refuse(message)
    if ending not in kind.endings:
        message = f"文件内容是 {kind.label}，与扩展名“.{ending}”不符。请改为“.{kind.endings[0]}”后再上传。"
        raise refuse(message)
    return kind


def _kind_by_content(content: Content, head: bytes, ending: str) -> FileKind | None:
    if not head:
        raise refuse("文件是空的，请检查后再上传。")
    if head.startswith(_OLE_SIGNATURE):
        return next((kind for kind in _OLE.values() if ending in kind.endings), _OLE["doc"])
    if head.startswith(b"PK"):
        return _kind_of_archive(content)
    found = _media_type(head)
    if found in _IMAGE_TYPES:
        return IMAGES[_IMAGE_TYPES[found]]
    if found == PDF.media_type:
        return PDF
    return _TEXTS[ending] if ending in _TEXTS and _is_text(content) else None


def _media_type(head: bytes) -> str:
    import puremagic  # noqa: PLC0415 - only those load it who take a file in

    try:
        return puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def _kind_of_archive(content: Content) -> FileKind | None:
    """By the table of contents alone, read in a process of its own: one of 44 MB (900,000 entries) takes some
    400 MB and many seconds."""
    with confined(
        "foundation.files.checks:member_of_archive", content, limits=_LIMITS, too_much=_TOO_MANY_MEMBERS
    ) as answer:
        return _ARCHIVES.get(answer.read().decode())


def member_of_archive(file: IO[bytes]) -> Iterator[bytes]:
    """The name of the member that tells what the archive is, "" where none does; as a confined work. Nothing is
    unpacked. Raises Invalid for bombs, paths and macros."""
    try:
        with zipfile.ZipFile(BytesIO(file.read())) as archive:
            members = archive.infolist()
    except ZIP_FAULTS as error:
        raise refuse("文件已损坏，无法打开。请重新保存后再上传。") from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed, 1024):
        raise refuse("文件解压后异常巨大，可能是压缩炸弹，已拒绝。")
    names = {member.filename for member in members}
    if any(name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name for name in names):
        raise refuse("文件内部含有可疑的路径，已拒绝。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refuse("文件含有宏，请另存为不含宏的格式后再上传。")
    yield next((member for member in _ARCHIVES if member in names), "").encode()


def _is_text(content: Content) -> bool:
    """UTF-8 or GB18030 without control characters. A sample may end inside a character."""
    content.seek(0)
    sample = content.read(_TEXT_SAMPLE)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        return not any(char < " " and char not in "\t\r\n\f" for char in text)
    return False
