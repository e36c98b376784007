"""What is active in the parts of XML that new Office files and OFD files are made of."""

import re
from collections.abc import Iterator
from typing import Any, Final

from foundation.errors import Invalid
from foundation.files.inspection.texts import is_harmless_address, starts_a_program

_XML: Final = (".xml", ".rels", ".vml")
# how XML begins, whatever its part is called: in one, two and four bytes a letter, and in the letters of mainframes
_BEGINS: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}<|\xff\xfe|\xfe\xff|<\0|\0<|\0\0\0<|L\x6f\xa7\x94", re.DOTALL)
_CONTENT_TYPES: Final = re.compile(
    r"macroEnabled|vbaProject|activeX|ms-excel\.(?:intl)?macrosheet|oleObject", re.IGNORECASE
)
# the last word of what a link is, in small letters
_RELATIONS: Final = {
    "afchunk": "嵌入的网页片段",
    "oleobject": "内嵌对象（OLE）",
    "control": "ActiveX 控件",
    "vbaproject": "宏（VBA）",
    "xlmacrosheet": "Excel 4.0 宏",
    "xlintlmacrosheet": "Excel 4.0 宏",
    "externallink": "指向其他文件的链接",
    "connections": "外部数据连接",
    "querytable": "外部数据连接",
    "extensibility": "自定义功能区",
    "usercustomization": "自定义功能区",
    "webextension": "网页加载项",
    "webextensiontaskpanes": "网页加载项",
    "attachedtemplate": "远程模板",
}
_ELEMENTS: Final = {
    **dict.fromkeys(("ddeLink", "oleLink"), "启动程序的链接（DDE）"),
    **dict.fromkeys(("OLEObject", "oleObj", "oleObject"), "内嵌对象（OLE）"),
    "script": "脚本",
    "webVideoPr": "网上的视频",
    "DataMashup": "外部数据连接",
    # letters to many people, whose names are fetched from a database
    **dict.fromkeys(("connectString", "udl"), "外部数据连接"),
}
_FIELD: Final = re.compile(
    r"^\W*(?:DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|QUOTE"
    r"|RD|PRINT|CONTROL|HTMLACTIVEX|EMBED)\b",
    re.IGNORECASE,
)
# its address in quotation marks, or a word that is no switch
_LINK: Final = re.compile(r'^\W*HYPERLINK\s+(?:"([^"]*)"|((?:\\\\|[^\s"\\])\S*))', re.IGNORECASE)
_ACTION: Final = re.compile(r"ppaction://(?:program|macro|ole)", re.IGNORECASE)
_XXE: Final = "文档类型或实体定义（XXE）"
_ELSEWHERE: Final = "指向外部的内容"
_AWAY: Final = "指向本机或程序的链接"

_CELLS: Final = re.compile(r"^xl/(?:worksheets/[^/]*|sharedstrings)\.xml$")
_DEFINITION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# letters written as they are read: no numbers for them, no notes between them, no other table of letters
_PLAIN: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)?<(?:\?xml\s[^>]*?encoding\s*=\s*["'](?:utf-8|us-ascii)["'][^>]*>|\?xml\s(?![^>]*encoding)[^>]*>|[^?])""",
    re.IGNORECASE,
)
_OTHERWISE: Final = re.compile(rb"&#|<!--|<!\[CDATA\[")
_FORMULAS: Final = frozenset(("f", "formula", "formula1", "formula2", "definedName"))
_CALLS: Final = r"\b(?:WEBSERVICE|IMAGE|CALL|REGISTER(?:\.ID)?|EXEC|RTD)\s*\("
_FORMULA: Final = re.compile(
    # a link away from the pages of the web, or one that takes cells along
    rf'{_CALLS}|\bHYPERLINK\s*\(\s*"(?:\\\\|(?!https?:|mailto:|tel:)[a-z]{{2,20}}:|https?:[^"]*"\s*&)',
    re.IGNORECASE | re.DOTALL,
)
_FORMULA_OF_CELL: Final = re.compile(rb"<(?:\w+:)?(?:f|formula[12]?)(?:\s[^<>]*+)?>([^<]+)<")

_VML: Final = "{urn:schemas-microsoft-com:vml}"
_OFD: Final = "{http://www.ofdspec.org"
# when the document is opened, or a page of it
_BY_ITSELF: Final = frozenset(("DO", "PO"))
_OF_OFD: Final = {"GotoA": "打开内嵌文件的动作", "Movie": "多媒体", "Sound": "多媒体"}
_PLACES: Final = frozenset(
    (
        *("DocRoot", "PublicRes", "DocumentRes", "Annotations", "Attachments", "CustomTags", "Extensions"),
        *("Signatures", "MediaFile", "FontFile", "FileLoc", "ProfileFile", "SchemaLoc"),
    )
)
# whose text is looked at as a whole
_LOOKED_AT: Final = _FORMULAS | _PLACES | {"HyperlinkBase"}


def active_parts(name: str, content: bytes) -> Iterator[str]:
    """Names what is active in a part, where it is XML at all. Raises Invalid for XML that is broken.

    Cells by the hundred thousand are searched, not parsed, where they are written plainly: what leads elsewhere from
    them stands in other parts.
    """
    if _CELLS.search(name) and _PLAIN.match(content) and not _OTHERWISE.search(content):
        yield from _of_cells(content)
    elif name.endswith(_XML) or _BEGINS.match(content):
        yield from _of_xml(name, content)


def _of_cells(content: bytes) -> Iterator[str]:
    if _DEFINITION.search(content):
        yield _XXE
    if any(_calls(one[1].decode(errors="replace")) for one in _FORMULA_OF_CELL.finditer(content)):
        yield "调用外部的公式"


def _calls(formula: str) -> bool:
    plain = formula.replace("&quot;", '"').replace("&apos;", "'").replace("&amp;", "&")
    return bool(_FORMULA.search(plain)) or starts_a_program(plain)


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
        # names of the elements that are open, and the text of the innermost that is looked at
        self._open: list[str] = []
        self._text: list[str] = []
        # of the action of an OFD that is open
        self._event = ""

    def doctype(self, *_: object) -> None:
        self.found[_XXE] = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        self._open.append(local)
        if local in _LOOKED_AT:
            self._text = []
        if local == "Relationship":
            self._relation(attributes)
        elif self._is_types:
            if _CONTENT_TYPES.search(" ".join(attributes.values())):
                self.found["宏或控件"] = None
        elif local == "fldSimple":
            self._look_at_field("".join(value for key, value in attributes.items() if key.endswith("instr")))
        elif local == "fldChar":
            self._end_field()
        elif label := _ELEMENTS.get(local):
            self.found[label] = None
        self._of_space(tag, local, attributes)
        if any(_ACTION.search(value) for value in attributes.values()):
            self.found["启动程序的动作"] = None

    def _of_space(self, tag: str, local: str, attributes: dict[str, str]) -> None:
        if tag.startswith(_VML):
            self._shape(attributes)
        elif tag.startswith(_OFD):
            self._of_ofd(local, attributes)

    def end(self, tag: str) -> None:
        local = self._open.pop()
        if local in {"p", "f"}:
            self._end_field()
        if local in _FORMULAS and _calls("".join(self._text)):
            self.found["调用外部的公式"] = None
        elif local == "HyperlinkBase" and not is_harmless_address("".join(self._text)):
            self.found[_AWAY] = None
        elif local in _PLACES and tag.startswith(_OFD) and not _is_inside("".join(self._text).strip()):
            self.found[_ELSEWHERE] = None

    def data(self, text: str) -> None:
        inside = self._open[-1]
        if inside in {"instrText", "delInstrText"}:
            self._field.append(text)
        elif inside in _LOOKED_AT:
            self._text.append(text)

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
        if (link := _LINK.search(instructions)) and not is_harmless_address(link[1] or link[2] or ""):
            self.found[_AWAY] = None

    def _shape(self, attributes: dict[str, str]) -> None:
        if not _is_inside(attributes.get("src", "")):
            self.found[_ELSEWHERE] = None
        if not is_harmless_address(attributes.get("href", "")):
            self.found[_AWAY] = None

    def _of_ofd(self, local: str, attributes: dict[str, str]) -> None:
        if local == "Action":
            self._event = attributes.get("Event", "").upper()
        elif local == "URI":
            if not all(is_harmless_address(attributes.get(name, "")) for name in ("URI", "Base")):
                self.found[_AWAY] = None
            elif self._event in _BY_ITSELF:
                self.found["自动打开网址的动作"] = None
        elif label := _OF_OFD.get(local):
            self.found[label] = None
        if not _is_inside(attributes.get("BaseLoc", "")):
            self.found[_ELSEWHERE] = None

    def _relation(self, attributes: dict[str, Any]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        is_outside = attributes.get("TargetMode", "").lower() == "external"
        target = attributes.get("Target", "")
        label = _RELATIONS.get(kind.lower())
        if label and (is_outside or kind.lower() != "attachedtemplate"):
            self.found[label] = None
        elif is_outside and kind != "hyperlink":
            self.found[f"{_ELSEWHERE}（{kind[:20]}）"] = None
        elif (is_outside and not is_harmless_address(target)) or (not is_outside and not _is_inside(target)):
            self.found[_AWAY] = None


def _is_inside(target: str) -> bool:
    return ":" not in target.partition("#")[0] and not target.startswith(("//", "\\"))
