"""The parts of a Word file, unpacked within bounds, and what they must not hold."""

import io
import posixpath
import zipfile
from collections.abc import Mapping
from typing import IO, Any, Final

from lxml import etree

from foundation.errors import Invalid
from foundation.zip_faults import ZIP_FAULTS

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_MOST_PARTS: Final = 500
_LARGEST_PART: Final = 8 * 1024 * 1024
_LARGEST_WHOLE: Final = 24 * 1024 * 1024
_BROKEN: Final = "不是完好的 Word 文件（.docx）。请用 Word 或 WPS 另存为 .docx 后再上传。"
_REFUSED: Final[Mapping[str, str]] = {
    "vbaproject": "宏",
    "vbadata": "宏",
    "activex": "控件",
    "embeddings": "嵌入的对象",
    "oleobject": "嵌入的对象",
    "afchunk": "嵌入的文件",
    "attachedtoolbars": "宏",
}
# of settings and of themes nothing is read; what they point to is never fetched, and never handed on
_LINKS: Final[Mapping[str, str]] = {
    "hyperlink": "超链接",
    "attachedTemplate": "外部模板",
    "image": "外部图片",
    "oleObject": "外部对象",
    "subDocument": "子文档",
    "frame": "框架",
}


class WordParts:
    """``document``, ``styles``, ``settings``: roots of their XML; ``related``: id of a relation of the document → root
    of a header or footer."""

    def __init__(self, file: IO[bytes]) -> None:
        self._parts = _unpacked(file)
        for name, content in self._parts.items():
            if name.endswith(".rels"):
                self._refuse_links(content)
        self.document = self._root("word/document.xml", is_needed=True)
        self.styles = self._root("word/styles.xml")
        self.settings = self._root("word/settings.xml")
        self.related = self._related()

    def _root(self, name: str, *, is_needed: bool = False) -> Any:
        content = self._parts.get(name.lower())
        if content is None:
            if is_needed:
                raise Invalid.at("file", _BROKEN)
            return None
        if _STRICT in content[:4096]:
            raise Invalid.at("file", "这是“严格开放 XML”格式的文件，请另存为普通的 Word 文档（.docx）。")
        return _parsed(content)

    def _refuse_links(self, content: bytes) -> None:
        for relation in _parsed(content).iter(_RELATION):
            if relation.get("TargetMode", "").lower() == "external":
                kind = relation.get("Type", "").rpartition("/")[2]
                raise Invalid.at("file", f"文件里有指向外部的内容（{_LINKS.get(kind, '链接')}），请删去后再上传。")

    def _related(self) -> dict[str, Any]:
        relations = self._root("word/_rels/document.xml.rels")
        found = {}
        for relation in relations.iter(_RELATION) if relations is not None else ():
            if relation.get("Type", "").endswith(("/header", "/footer")):
                target = posixpath.normpath(posixpath.join("word", relation.get("Target", "")))
                root = self._root(target.lstrip("/"))
                if root is not None:
                    found[relation.get("Id")] = root
        return found

    def relation_of(self, reference: Any) -> Any:
        """The header or footer to which an element of a section refers; None where it is not there."""
        return self.related.get(reference.get(f"{_R}id"))


def _unpacked(file: IO[bytes]) -> dict[str, bytes]:
    """Names in small letters → content; XML alone. Unpacked for good, since a bomb may lie about its size."""
    parts: dict[str, bytes] = {}
    room = _LARGEST_WHOLE
    try:
        with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            members = archive.infolist()
            if len(members) > _MOST_PARTS:
                raise Invalid.at("file", "文件里面的东西太多，可能是压缩炸弹，已拒绝。")
            for member in members:
                name = member.filename.lower()
                if said := next((said for word, said in _REFUSED.items() if word in name), ""):
                    raise Invalid.at("file", f"文件里有{said}，请删去后再上传。")
                if not name.endswith((".xml", ".rels")):
                    continue
                if name in parts:
                    raise Invalid.at("file", _BROKEN)
                with archive.open(member) as part:
                    content = part.read(min(room, _LARGEST_PART) + 1)
                if len(content) > min(room, _LARGEST_PART):
                    raise Invalid.at("file", "文件解压后异常巨大，可能是压缩炸弹，已拒绝。")
                room -= len(content)
                parts[name] = content
    except ZIP_FAULTS as error:
        raise Invalid.at("file", _BROKEN) from error
    types = parts.get("[content_types].xml", b"").lower()
    if not types or b"wordprocessingml" not in types:
        raise Invalid.at("file", _BROKEN)
    if b"macroenabled" in types:
        raise Invalid.at("file", "文件里有宏，请另存为不含宏的 Word 文档（.docx）。")
    return parts


def _parsed(content: bytes) -> Any:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Invalid.at("file", "文件里有 XML 实体定义，已拒绝。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid.at("file", _BROKEN) from error
    if root.getroottree().docinfo.doctype:
        raise Invalid.at("file", "文件里有 XML 实体定义，已拒绝。")
    return root
