import re
from collections.abc import Iterator
from typing import IO, Final
from urllib.parse import urlsplit

_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_OTHER_KINDS: Final = re.compile(
    rb"\s*(?:\{\\rtf|%PDF|MIME-Version:|<\?xml|<!doctype|<html|<head|<body|<script|<svg|<\?php|\[InternetShortcut\])",
    re.IGNORECASE,
)
_SAMPLE: Final = 4096
# a formula of a spreadsheet that starts a program (DDE) or calls somebody; it begins a line or stands behind a sign
_CELL: Final = rb"(?:^|[,;\t\"])[\s']*[=+\-@]"
_DDE: Final = re.compile(_CELL + rb"[^\r\n,;\t|]{0,200}\|[^\r\n!]{0,500}!", re.MULTILINE)
_CALL: Final = re.compile(
    _CELL + rb"[^\r\n]{0,200}?\b(?:HYPERLINK|WEBSERVICE|CALL|EXEC|REGISTER|IMPORT\w{2,8}|RTD)\s*\(",
    re.MULTILINE | re.IGNORECASE,
)


def is_harmless_address(address: str) -> bool:
    """Whether it leads to a page, a person, or a place in the same document."""
    plain = "".join(address.split()).replace("\0", "")
    if plain.startswith(("\\\\", "//")) or "\\" in plain:
        return False
    try:
        parts = urlsplit(plain)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES or (not parts.scheme and not parts.netloc)


def active_parts(file: IO[bytes]) -> Iterator[str]:
    """Names what is active in a plain text or a table of one."""
    content = file.read().removeprefix(b"\xef\xbb\xbf")
    if _OTHER_KINDS.match(content[:_SAMPLE]):
        yield "冒充文本的其他文件"
    if _DDE.search(content):
        yield "启动程序的公式（DDE）"
    if _CALL.search(content):
        yield "调用外部的公式"
