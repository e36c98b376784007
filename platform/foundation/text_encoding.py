"""Texts as they come: lines of a file in an encoding that nobody knows (UTF-8, with or without its mark, or GB18030,
told by the bytes), and letters in one of their several forms."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = b"\xef\xbb\xbf"
_CHINESE = re.compile(r"[\x00-\x7f\u4e00-\u9fff]*\Z")

# characters that are normalised at once: marks that stand on one letter are put in order in time with their square
_AT_ONCE = 500

# control, invisible, half of a pair, breaks. Private use is none: rare characters of places' names stand there
_NOT_PLAIN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# letters, the marks on them, digits, and rare characters of names that have no place of their own
_OF_NAMES = frozenset({"L", "M", "N"})
_RARE = "Co"
# a middle dot that Unicode counts among letters; marks that choose one of several forms of a character
_NOT_OF_NAMES = re.compile("[\u1427\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line and its number (from 1). ``fault`` says in Chinese why its text could not be read ("" where it was)."""

    number: int
    text: str
    fault: str = ""


def read_lines(content: bytes) -> Iterator[Line]:
    """Every line, in the one encoding that most lines of the file are in; a line in another is a fault of its own."""
    raw = content.removeprefix(_MARK).splitlines()
    is_gb = not content.startswith(_MARK) and _is_gb18030(raw)
    for number, line in enumerate(raw, start=1):
        text, fault = _read_gb18030(line) if is_gb else _read_utf8(line)
        yield Line(number, text, fault)


def _is_gb18030(lines: list[bytes]) -> bool:
    utf8 = gb18030 = 0
    for line in lines:
        if line.isascii():
            continue
        if _decoded(line, "utf-8") is not None:
            utf8 += 1
        elif _decoded(line, "gb18030") is not None:
            gb18030 += 1
    return gb18030 > utf8


def _read_utf8(line: bytes) -> tuple[str, str]:
    text = _decoded(line, "utf-8")
    if text is not None:
        return text, ""
    if _decoded(line, "gb18030") is not None:
        return "", "这一行是 GB18030 编码，而文件其余部分是 UTF-8，请统一编码。"
    return "", "这一行无法按 UTF-8 读出，请检查文件编码。"


def _read_gb18030(line: bytes) -> tuple[str, str]:
    as_utf8 = None if line.isascii() else _decoded(line, "utf-8")
    # by chance a GB18030 line may be UTF-8, too, but then hardly ever Chinese throughout
    if as_utf8 is not None and _CHINESE.match(as_utf8):
        return "", "这一行是 UTF-8 编码，而文件其余部分是 GB18030，请统一编码。"
    text = _decoded(line, "gb18030")
    return (text, "") if text is not None else ("", "这一行无法按 GB18030 读出，请检查文件编码。")


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None


def is_plain(text: str) -> bool:
    """Whether the text is one line that people can read: no breaks, no control or invisible characters."""
    return not any(unicodedata.category(character) in _NOT_PLAIN for character in text)


def nfkc(text: str) -> str:
    """The text in the one form (NFKC) that full-width, circled and composed letters have in common.

    In pieces, so that a letter with a hundred thousand marks on it holds nobody up; only there may a mark stay apart.
    """
    if text.isascii():
        return text
    if len(text) <= _AT_ONCE:
        return unicodedata.normalize("NFKC", text)
    pieces = (text[place : place + _AT_ONCE] for place in range(0, len(text), _AT_ONCE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in pieces)


def without_spaces(text: str) -> str:
    """As ``nfkc``, and without any white space: what was typed of a number or a name, for comparing it."""
    return "".join(nfkc(text).split())


def letters_of(name: str) -> str:
    """What two spellings of one name have in common: its letters and digits, in the form of ``nfkc`` and in small
    letters. Blanks, brackets and middle dots (阿依古丽·买买提, 阿依古丽•买买提) are left out; simplified and
    traditional characters stay apart."""
    plain = _NOT_OF_NAMES.sub("", nfkc(name).casefold())
    return "".join(one for one in plain if (kind := unicodedata.category(one))[0] in _OF_NAMES or kind == _RARE)
