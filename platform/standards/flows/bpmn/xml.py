"""XML that somebody sent: small, of one encoding, without anything that stands for something else."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from foundation.errors import Invalid

if TYPE_CHECKING:
    from lxml import etree

LARGEST: Final = 2 * 1024 * 1024  # bytes
MOST_ELEMENTS: Final = 20_000
_DECLARATION: Final = re.compile(r"^\s*<\?xml\s[^>]{0,200}\?>")
_ENCODING: Final = re.compile(rb"""^\s*<\?xml\s[^>]{0,100}\bencoding\s*=\s*["']([A-Za-z0-9_-]{1,20})["']""")
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "gbk", "gb2312", "gb18030"})
# what a document type and its entities begin with; a comment or CDATA that holds these words is refused with them
_ACTIVE: Final = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_STYLED: Final = re.compile(r"<\?")


def read_xml(raw: bytes) -> "etree._Element":
    """The root of the document. Raises Invalid, in Chinese. It takes time in proportion to its size: nothing in it
    stands for something longer, and nothing outside it is fetched."""
    from lxml import etree  # noqa: PLC0415 - needed by those who import drawings alone

    if len(raw) > LARGEST:
        message = f"文件有 {len(raw) / 1024 / 1024:.1f} MB，最多 {LARGEST // 1024 // 1024} MB。"
        raise Invalid(message)
    text = _DECLARATION.sub("", _text_of(raw))
    if _ACTIVE.search(text):
        raise Invalid("文件里有文档类型或实体定义（DOCTYPE、ENTITY），不能导入：请从制图软件重新导出。")
    if _STYLED.search(text):
        raise Invalid("文件里有处理指令（例如样式表），不能导入：请从制图软件重新导出。")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        message = f"文件不是正确的 XML：第 {error.lineno or 1} 行读不下去，或者嵌套太深。"
        raise Invalid(message) from None
    for number, _ in enumerate(root.iter()):
        if number >= MOST_ELEMENTS:
            message = f"文件的内容太多：最多 {MOST_ELEMENTS:,} 个元素。"
            raise Invalid(message)
    return root


def _text_of(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        found = _ENCODING.match(raw.removeprefix(b"\xef\xbb\xbf"))
        encoding = found[1].decode().lower() if found else "utf-8"
        if encoding not in _ENCODINGS:
            message = f"文件的编码是 {encoding}，请另存为 UTF-8。"
            raise Invalid(message)
    try:
        return raw.decode("utf-8-sig" if encoding in {"utf-8", "utf8"} else encoding)
    except UnicodeDecodeError:
        raise Invalid("文件里的文字读不出来，请另存为 UTF-8。") from None


def children(parent: Any) -> Iterator[tuple[str, str, "etree._Element"]]:
    """Every element directly below, with its namespace and its name."""
    for element in parent:
        space, _, name = element.tag.rpartition("}")
        yield space.removeprefix("{"), name, element
