import re
import unicodedata
from collections.abc import Iterator
from typing import IO, Final
from urllib.parse import urlsplit

_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_OTHER_KINDS: Final = re.compile(
    rb"\s*(?:\{\\rt|%PDF|%!PS|#!/|<\?xml|<!doctype|<!--|<html|<head|<body|<script|<svg|<job|<\?php|\[InternetShortcut\])"
    # a letter with whatever it brings; its lines may stand in any order
    rb"|(?:[\w-]{1,40}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){0,40}MIME-Version:"
    # a table of symbols (SYLK), which Excel opens under any name and whose macros it runs
    rb"|ID;[^\r\n]*\r?\n(?:[A-Z]{1,2}(?:;[^\r\n]*)?\r?\n)",
    re.IGNORECASE,
)
_SAMPLE: Final = 4096
_UNSEEN: Final = r"\s'\u200b-\u200f\u2060\ufeff"
# where a cell of a spreadsheet begins that is worked out
_CELL: Final = re.compile(rf"""(?:^|[,;\t|])[{_UNSEEN}]*(?P<quote>"?)[{_UNSEEN}]*[=+\-@]""", re.MULTILINE)
_END_OF_QUOTED: Final = re.compile(r'(?<!")(?:"")*"(?!")')
# a formula that starts a program (DDE), server|topic!item: the server read backwards from the bar, and what follows it
_SERVER: Final = re.compile(r"""[\w.\\:/-]{0,199}[A-Za-z_]|'[^'\r\n]{1,199}'""", re.ASCII)
_TOPIC: Final = re.compile(r"""\s*(?:'[^'\r\n]*'|[^\s'"!|]*)\s*!""")
_LONGEST_SERVER: Final = 201
_CALL: Final = re.compile(
    r"\b(?:HYPERLINK|WEBSERVICE|IMAGE|CALL|EXEC|REGISTER(?:\.ID)?|IMPORT\w{2,8}|RTD)\s*\(", re.IGNORECASE
)


def is_harmless_address(address: str) -> bool:
    """Whether it leads to a page, a person, or a place in the same document."""
    # a mark of the order of bytes is not seen by who follows the address
    plain = "".join(one for one in address.removeprefix("ï»¿") if one.isprintable() and not one.isspace())
    if plain.startswith(("\\\\", "//")) or "\\" in plain:
        return False
    try:
        parts = urlsplit(plain)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES or (not parts.scheme and not parts.netloc)


def starts_a_program(formula: str) -> bool:
    """Whether a formula of a spreadsheet calls a server by DDE. Its time grows with the formula's length alone."""
    bar = formula.find("|")
    while bar >= 0:
        before = formula[max(0, bar - _LONGEST_SERVER) : bar]
        if _TOPIC.match(formula, bar + 1) and _SERVER.match(before[::-1]):
            return True
        bar = formula.find("|", bar + 1)
    return False


def active_parts(file: IO[bytes]) -> Iterator[str]:
    """Names what is active in a plain text or a table of one."""
    content = file.read().removeprefix(b"\xef\xbb\xbf")
    if _OTHER_KINDS.match(content[:_SAMPLE]):
        yield "冒充文本的其他文件"
    for formula in _formulas(_decoded(content)):
        if starts_a_program(formula):
            yield "启动程序的公式（DDE）"
        if _CALL.search(formula):
            yield "调用外部的公式"


def _decoded(content: bytes) -> str:
    """In plain letters: a spreadsheet reads the wide ＝ as =."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    return unicodedata.normalize("NFKC", text)


def _formulas(text: str) -> Iterator[str]:
    """What a spreadsheet would work out: of a cell in quotes all of it, else up to the end of the line."""
    place = 0
    while found := _CELL.search(text, place):
        if found["quote"]:
            closing = _END_OF_QUOTED.search(text, found.end())
            end = closing.end() if closing else len(text)
        else:
            end = text.find("\n", found.end())
            end = len(text) if end < 0 else end
        yield text[found.end() : end]
        place = max(end, found.end())
