import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any, Final

from foundation.errors import Invalid
from foundation.files.inspection import ole
from foundation.files.inspection.executables import has_executable_name, is_executable
from foundation.files.inspection.texts import is_harmless_address
from foundation.zip_faults import ZIP_FAULTS

# unpacked, of all parts together
_MOST_UNPACKED: Final = 500 * 1024 * 1024
_LARGEST_PART: Final = 256 * 1024 * 1024
# a document in a document in a document
_DEEPEST: Final = 3
_XML: Final = (".xml", ".rels", ".vml")
_PARTS: Final = (
    (re.compile(r"vbaproject|vbadata"), "宏（VBA）"),
    (re.compile(r"(?:^|/)(?:macrosheets|dialogsheets)/"), "Excel 4.0 宏"),
    (re.compile(r"(?:^|/)activex/"), "ActiveX 控件"),
    (re.compile(r"oleobject|/embeddings/.*\.bin$"), "内嵌对象（OLE）"),
    (re.compile(r"(?:^|/)externallinks/"), "指向其他文件的链接"),
    (re.compile(r"^xl/(?:connections\.xml|querytables/)"), "外部数据连接"),
    (re.compile(r"(?:^|/)customui/"), "自定义功能区"),
    (re.compile(r"(?:^|/)(?:afchunk|altchunk)"), "嵌入的网页片段"),
)
_CONTENT_TYPES: Final = re.compile(
    r"macroEnabled|vbaProject|activeX|ms-excel\.(?:intl)?macrosheet|oleObject", re.IGNORECASE
)
_RELATIONS: Final = {
    "aFChunk": "嵌入的网页片段",
    "oleObject": "内嵌对象（OLE）",
    "control": "ActiveX 控件",
    "vbaProject": "宏（VBA）",
    "xlMacrosheet": "Excel 4.0 宏",
    "xlIntlMacrosheet": "Excel 4.0 宏",
    "externalLink": "指向其他文件的链接",
    "attachedTemplate": "远程模板",
}
_FIELD: Final = re.compile(
    r"^\W*(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|QUOTE)\b", re.IGNORECASE
)
_ACTION: Final = re.compile(r"ppaction://(?:program|macro|ole)", re.IGNORECASE)
_XXE: Final = "文档类型或实体定义（XXE）"
_CELLS: Final = re.compile(r"^xl/(?:worksheets/[^/]*|sharedstrings)\.xml$")
_DEFINITION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# what comes in two bytes a letter would hide from a search
_OTHER_LETTERS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_FORMULA_OF_CELL: Final = re.compile(
    rb"<(?:\w+:)?f(?:\s[^<>]*+)?>[^<]*?(?:\b(?:WEBSERVICE|CALL|REGISTER(?:\.ID)?|EXEC|RTD)\s*\(|\|[^<]*!)",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r"\b(?:WEBSERVICE|CALL|REGISTER(?:\.ID)?|EXEC|RTD)\s*\(|\|.*!", re.IGNORECASE)


def active_parts(file: IO[bytes], depth: int = 0) -> Iterator[str]:
    """Names what is active in a new Office file or an OFD. Raises Invalid for what is broken, or a bomb."""
    try:
        with zipfile.ZipFile(file) as archive:
            room = _MOST_UNPACKED
            for member in archive.infolist():
                name = member.filename.lower().replace("\\", "/")
                if member.flag_bits & 1:
                    raise Invalid.at("file", "文件设有打开密码，无法检查。请先取消密码再上传。")
                yield from (label for pattern, label in _PARTS if pattern.search(name))
                if has_executable_name(name):
                    yield "内嵌程序或文件"
                content = _unpacked(archive, member, room)
                room -= len(content)
                yield from _of_part(name, content, depth)
    except ZIP_FAULTS as error:
        raise Invalid.at("file", "文件已损坏，无法打开。请重新保存后再上传。") from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int) -> bytes:
    """Unpacked for good, since a bomb may lie about its size."""
    with archive.open(member) as part:
        content = part.read(min(room, _LARGEST_PART) + 1)
    if len(content) > min(room, _LARGEST_PART):
        raise Invalid.at("file", "文件解压后异常巨大，可能是压缩炸弹，已拒绝。")
    return content


def _of_part(name: str, content: bytes, depth: int) -> Iterator[str]:
    if is_executable(content[:4096]):
        yield "内嵌程序或文件"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        yield "内嵌对象（OLE）"
        yield from ole.active_parts(BytesIO(content))
    elif content.startswith(b"PK\x03\x04"):
        if depth == _DEEPEST:
            raise Invalid.at("file", "文件层层嵌套，无法检查。请拆开后再上传。")
        yield from active_parts(BytesIO(content), depth + 1)
    elif content.lstrip()[:5] == b"{\\rtf":
        yield "内嵌的 RTF 文件"
    elif _CELLS.search(name):
        yield from _of_cells(content)
    elif name.endswith(_XML):
        yield from _of_xml(name, content)


def _of_cells(content: bytes) -> Iterator[str]:
    """Cells by the hundred thousand: searched, not parsed. What leads elsewhere from them stands in other parts."""
    if content.startswith(_OTHER_LETTERS) or _DEFINITION.search(content):
        yield _XXE
    if _FORMULA_OF_CELL.search(content):
        yield "调用外部的公式"


def _of_xml(name: str, content: bytes) -> Iterator[str]:
    from lxml import etree  # noqa: PLC0415 - only those load it who take a document in

    seen = _Seen(name)
    parser = etree.XMLParser(target=seen, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if not seen.found:
            raise Invalid.at("file", "文件已损坏，无法打开。请重新保存后再上传。") from error
    yield from seen.found


class _Seen:
    """What is active in one part of XML; nothing of it is kept."""

    def __init__(self, name: str) -> None:
        self.found: dict[str, None] = {}
        self._is_types = name == "[content_types].xml"
        # instructions of a field, which may be cut into many runs
        self._field: list[str] = []
        self._inside = ""

    def doctype(self, *_: object) -> None:
        self.found[_XXE] = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        self._inside = local
        if local == "Relationship":
            self._relation(attributes)
        elif self._is_types:
            if _CONTENT_TYPES.search(" ".join(attributes.values())):
                self.found["宏或控件"] = None
        elif local == "fldSimple":
            self._look_at_field("".join(value for key, value in attributes.items() if key.endswith("instr")))
        elif local == "fldChar":
            self._end_field()
        elif local in {"ddeLink", "oleLink"}:
            self.found["启动程序的链接（DDE）"] = None
        elif local in {"OLEObject", "oleObj", "oleObject"}:
            self.found["内嵌对象（OLE）"] = None
        elif local == "script":
            self.found["脚本"] = None
        if any(_ACTION.search(value) for value in attributes.values()):
            self.found["启动程序的动作"] = None

    def end(self, tag: str) -> None:
        self._inside = ""
        if tag.rpartition("}")[2] in {"p", "f"}:
            self._end_field()

    def data(self, text: str) -> None:
        if self._inside == "instrText":
            self._field.append(text)
        elif self._inside == "f" and _FORMULA.search(text):
            self.found["调用外部的公式"] = None

    def comment(self, text: str) -> None:
        pass

    def pi(self, target: str, data: str | None = None) -> None:
        pass

    def close(self) -> None:
        self._end_field()

    def _end_field(self) -> None:
        self._look_at_field("".join(self._field))
        self._field = []

    def _look_at_field(self, instructions: str) -> None:
        if _FIELD.search(instructions):
            self.found["自动更新的外部域（DDE、INCLUDE）"] = None

    def _relation(self, attributes: dict[str, Any]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        target = attributes.get("Target", "")
        if kind in _RELATIONS and (is_outside or kind != "attachedTemplate"):
            self.found[_RELATIONS[kind]] = None
        elif is_outside and kind != "hyperlink":
            self.found[f"指向外部的内容（{kind[:20]}）"] = None
        elif (is_outside and not is_harmless_address(target)) or (not is_outside and not _is_inside(target)):
            self.found["指向本机或程序的链接"] = None


def _is_inside(target: str) -> bool:
    return ":" not in target.partition("#")[0] and not target.startswith(("//", "\\"))
