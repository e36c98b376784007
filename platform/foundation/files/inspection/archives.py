import re
import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Final

from foundation.errors import Invalid
from foundation.files.inspection import markup, ole
from foundation.files.inspection.executables import has_executable_name, is_executable
from foundation.zip_faults import ZIP_FAULTS

# unpacked, of all parts together
_MOST_UNPACKED: Final = 500 * 1024 * 1024
_LARGEST_PART: Final = 256 * 1024 * 1024
# a document in a document in a document
_DEEPEST: Final = 3
_PARTS: Final = (
    (re.compile(r"vbaproject|vbadata"), "宏（VBA）"),
    (re.compile(r"(?:^|/)(?:macrosheets|dialogsheets)/"), "Excel 4.0 宏"),
    (re.compile(r"(?:^|/)activex/"), "ActiveX 控件"),
    (re.compile(r"oleobject|/embeddings/.*\.bin$"), "内嵌对象（OLE）"),
    (re.compile(r"(?:^|/)externallinks/"), "指向其他文件的链接"),
    (re.compile(r"^xl/(?:connections\.xml|querytables/)"), "外部数据连接"),
    (re.compile(r"(?:^|/)customui/"), "自定义功能区"),
    (re.compile(r"(?:^|/)webextensions/"), "网页加载项"),
    (re.compile(r"(?:^|/)(?:afchunk|altchunk)"), "嵌入的网页片段"),
)
# of a member's own head: its length; where in it the lengths of name and additions stand
_HEAD, _LENGTHS = 30, 26
# what may follow a member whose length was not known before
_LONGEST_DESCRIPTOR: Final = 24
_END: Final = b"PK\x05\x06"
_LENGTH_OF_END: Final = 22
_HIDDEN: Final = "文件里藏有目录之外的内容，无法检查。请重新保存后再上传。"


def active_parts(file: IO[bytes], depth: int = 0) -> Iterator[str]:
    """Names what is active in a new Office file or an OFD. Raises Invalid for what is broken, or a bomb."""
    content = file.read()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _refuse_hidden(content, archive)
            room = _MOST_UNPACKED
            for member in archive.infolist():
                name = member.filename.lower().replace("\\", "/")
                if member.flag_bits & 1:
                    raise Invalid.at("file", "文件设有打开密码，无法检查。请先取消密码再上传。")
                yield from (label for pattern, label in _PARTS if pattern.search(name))
                if has_executable_name(name):
                    yield "内嵌程序或文件"
                part = _unpacked(archive, member, room)
                room -= len(part)
                yield from _of_part(name, part, depth)
    except ZIP_FAULTS as error:
        raise Invalid.at("file", "文件已损坏，无法打开。请重新保存后再上传。") from error


def _refuse_hidden(content: bytes, archive: zipfile.ZipFile) -> None:
    """Raises Invalid where bytes stand before, between or behind the members: another program might open those."""
    place = 0
    for member in sorted(archive.infolist(), key=lambda one: one.header_offset):
        if not place <= member.header_offset <= place + (_LONGEST_DESCRIPTOR if place else 0):
            raise Invalid.at("file", _HIDDEN)
        lengths = struct.unpack_from("<HH", content, member.header_offset + _LENGTHS)
        place = member.header_offset + _HEAD + sum(lengths) + member.compress_size
    end = content.rfind(_END)
    if archive.start_dir > place + _LONGEST_DESCRIPTOR or len(content) != end + _LENGTH_OF_END + len(archive.comment):
        raise Invalid.at("file", _HIDDEN)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """Unpacked for good, since a bomb may lie about its size."""
    with archive.open(member) as part:
        content = part.read(min(room, _LARGEST_PART) + 1)
    if len(content) > min(room, _LARGEST_PART):
        raise Invalid.at("file", "文件解压后异常巨大，可能是压缩炸弹，已拒绝。")
    return content


def _of_part(name: str, content: bytes, depth: int) -> Iterator[str]:
    if is_executable(content):
        yield "内嵌程序或文件"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        yield "内嵌对象（OLE）"
        yield from ole.active_parts(BytesIO(content))
    elif content.startswith(b"PK\x03\x04"):
        if depth == _DEEPEST:
            raise Invalid.at("file", "文件层层嵌套，无法检查。请拆开后再上传。")
        yield from active_parts(BytesIO(content), depth + 1)
    elif content.lstrip()[:4] == b"{\\rt":
        yield "内嵌的 RTF 文件"
    else:
        yield from markup.active_parts(name, content)
