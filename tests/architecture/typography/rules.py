"""The rules of Chinese typography that hold in this project; docs/typography.md says them with examples.

A rule takes a text with held characters (see text.py) and gives it back mended; a mended text stays as it is.
"""

import re
from collections import Counter
from typing import Final

from tests.architecture.typography.text import Held, Tally

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
# what ends or joins Chinese words: beside it, a mark belongs to Chinese text
FULL: Final = "、。，：；？！（）《》〈〉“”‘’「」『』【】〔〕…—"
FULL_WIDTH: Final = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}

_HAN: Final = re.compile(f"[{HAN}]")
_WRITTEN: Final = re.compile(f"[{HAN}、。，：；？！（）《》“”「」『』【】〔〕]")
# something quoted as Chinese does; mere marks are a program's: "；;^、"
_QUOTING: Final = re.compile(rf"[《“「][\w{Held.VALUE}{Held.FIGURE}]")
_CHINESE: Final = re.compile(f"[{HAN}{FULL}]")
_SENTENCE: Final = re.compile("[，。；：？！]")
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_UNSEEN: Final = f"{Held.UNSEEN}{Held.TAG}"
_SEEN_THROUGH: Final = f"{_UNSEEN}{Held.VALUE}{Held.FIGURE}{Held.CODE}{Held.ELEMENT}"
_DIGITS: Final = "0123456789"
_CODE_BEFORE: Final = re.compile(r"(?<![0-9])[0-9]{6,}\Z")
_NAME_BEFORE: Final = re.compile(rf"(?:\A|[{Held.UNSEEN} {{-])[a-z_.]+\Z")
_PLACES: Final = f"{Held.VALUE}{Held.FIGURE}"

# what stands as it is inside a sentence
_AS_IT_STANDS: Final = re.compile(
    r"""
      [a-z][a-z0-9+.-]*://[!-~]*                     # https://…
    | (?:mailto|tel|urn|data|sha256|sm3):[!-~]*
    | [\w.+-]+@[\w.-]+\.[a-z]+
    | (?<![\w-])--?[a-z][a-z-]*                      # --json
    | (?<![\w.])/[a-z][!-'*-+\--9<-~]*               # /desk/?page=2
    | \?[^\s=?&"']+=[!-'*-+\--:<-~]*                 # ?page=2
    | &\#?[a-zA-Z0-9]+;                              # &amp;
    | !(?=[A-Z]+[0-9]|\ue000)                        # 基本目录!B1, a cell of a workbook
    """,
    re.VERBOSE | re.ASCII,
)
# a line of a table: 2,财政,3 or 食品处,0,
_CELLS: Final = re.compile(r"\A[0-9A-Z]*[0-9][0-9A-Z]*,(?=\S)|,[0-9]*,")
# holds the place of a match of _AS_IT_STANDS while the rules run: neither Chinese nor a letter nor a mark
_STANDING: Final = "\ue005"


def mend(text: str, tally: Tally | None = None, *, is_data: bool = False) -> str:
    """All rules, sentence by sentence; in data (strings of a program) names may be written without spaces: 第1村."""
    tally = Counter() if tally is None else tally
    if is_data and not is_chinese(text):
        return text
    pieces = re.split(f"([{Held.BREAK}{Held.BLOCK}\n|])", text)
    return "".join(
        piece if number % 2 else _mend_sentence(piece, tally, is_data=is_data) for number, piece in enumerate(pieces)
    )


def is_chinese(text: str) -> bool:
    """Whether a sentence is Chinese: one with more Latin words than Chinese characters is English that names a term."""
    if not _HAN.search(text) and not _QUOTING.search(text):
        return False
    return len(_WRITTEN.findall(text)) >= len(_WORD.findall(_AS_IT_STANDS.sub("", text)))


def _is_of_values(text: str) -> bool:
    """Whether only values and marks stand there: what a Chinese page says of them is Chinese."""
    return any(one in text for one in _PLACES) and not re.search("[A-Za-z]", text)


def _mend_sentence(text: str, tally: Tally, *, is_data: bool) -> str:
    if is_data and (not is_chinese(text) or _CELLS.search(text.strip(_UNSEEN))):
        return text
    if not is_data and not is_chinese(text) and not _is_of_values(text):
        return text
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return _STANDING

    text = _AS_IT_STANDS.sub(hold, text)
    before = None
    while before != text:  # a mended mark is Chinese text to its neighbour
        before = text
        text = mend_brackets(text, tally)
        text = mend_marks(text, tally, is_data=is_data)
        text = mend_full_stop(text, tally)
        text = mend_ellipsis(text, tally)
        text = mend_dash(text, tally)
        text = mend_quotes(text, tally)
        text = drop_spaces(text, tally)
        if not is_data or _SENTENCE.search(text):
            text = add_spaces(text, tally)
    kept = iter(held)
    return re.sub(_STANDING, lambda _: next(kept), text)


def _left_of(text: str, place: int, *, beyond: str = _SEEN_THROUGH + " ") -> str:
    """The next character before ``place`` that a reader sees, empty at the beginning."""
    while place > 0 and text[place - 1] in beyond:
        place -= 1
    return text[place - 1] if place else ""


def _right_of(text: str, place: int, *, beyond: str = _SEEN_THROUGH + " ") -> str:
    while place + 1 < len(text) and text[place + 1] in beyond:
        place += 1
    return text[place + 1] if place + 1 < len(text) else ""


def _is_chinese_at(one: str) -> bool:
    return bool(one) and bool(_CHINESE.match(one))


def mend_brackets(text: str, tally: Tally) -> str:
    """Brackets are full-width where they hold Chinese or stand at it; a pair is equal."""
    letters = list(text)
    opened: list[int] = []
    pairs: list[tuple[int | None, int | None]] = []
    for place, one in enumerate(text):
        if one in "(（":
            opened.append(place)
        elif one in ")）":
            pairs.append((opened.pop() if opened else None, place))
    pairs += [(place, None) for place in opened]
    for first, last in pairs:
        if _is_full_pair(text, first, last):
            for place in (first, last):
                if place is not None and letters[place] in "()":
                    letters[place] = FULL_WIDTH[letters[place]]
                    tally["( )"] += 1
    return "".join(letters)


def _is_full_pair(text: str, first: int | None, last: int | None) -> bool:
    if first is None or last is None:  # the other one stands in another text
        place = first if last is None else last
        assert place is not None
        return _is_chinese_at(_left_of(text, place)) or _is_chinese_at(_right_of(text, place, beyond=_UNSEEN))
    before = _left_of(text, first, beyond=_UNSEEN)
    return (
        "（" in text[first]
        or "）" in text[last]
        or bool(_HAN.search(text, first, last))
        or (before != "" and before in _PLACES)
        or _is_chinese_at(_left_of(text, first))
        or _is_chinese_at(_right_of(text, last, beyond=_UNSEEN))
    )


def mend_marks(text: str, tally: Tally, *, is_data: bool = False) -> str:
    """Comma, colon, semicolon, question and exclamation mark are full-width beside Chinese text."""
    letters = list(text)
    for place, one in enumerate(letters):
        if one in ",:;?!" and _is_full_mark("".join(letters), place, is_data=is_data):
            letters[place] = FULL_WIDTH[one]
            tally[one] += 1
    return "".join(letters)


def _is_full_mark(text: str, place: int, *, is_data: bool) -> bool:
    one = text[place]
    if _is_of_a_program(text, place, is_data=is_data):
        return False
    left, right = _left_of(text, place), _right_of(text, place)
    is_behind_chinese = _is_chinese_at(left)
    if one in "?!":
        return is_behind_chinese or _is_chinese_at(text[place + 1 : place + 2])
    beside = (_left_of(text, place, beyond=_UNSEEN), _right_of(text, place, beyond=_UNSEEN))
    is_at_value = not is_data and Held.VALUE in beside
    is_last = right == "" and left.isalnum()
    return is_behind_chinese or _is_chinese_at(right) or is_at_value or is_last


def _is_of_a_program(text: str, place: int, *, is_data: bool) -> bool:
    one, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if one == ":":
        numbers = _DIGITS + (_PLACES if is_data else Held.FIGURE)
        is_time = bool(before and after) and before in numbers and after in numbers  # 08:30, a ratio, a port
        is_name = is_data and bool(_NAME_BEFORE.search(text, 0, place))  # name: 当阳市
        return is_time or is_name or (after != "" and after in ")）")  # (javascript:)
    if one == ",":
        is_thousand = bool(before and after) and before in _DIGITS and after in _DIGITS  # 10,000
        return is_thousand or bool(_CODE_BEFORE.search(text, 0, place))  # 420582000000,当阳市: a line of a table
    return False


def mend_full_stop(text: str, tally: Tally) -> str:
    """A Chinese sentence ends with a Chinese full stop."""
    mended, count = re.subn(rf"(?<=[{HAN}”》）][{HAN}”》）])\.(?=[{_UNSEEN}]*$| ?[{HAN}“《])", "。", text)
    tally["."] += count
    return mended


def mend_ellipsis(text: str, tally: Tally) -> str:
    """Six dots for what is left out; the single “…” directly behind a value says that the program cut it."""
    mended, count = re.subn(
        rf"(?<=[{HAN}{FULL.replace('…', '')}])(?P<at>[{_UNSEEN}]*) ?(?:\.{{3,}}|(?<!…)…(?!…))", r"\g<at>……", text
    )
    tally["…"] += count
    return mended


def mend_dash(text: str, tally: Tally) -> str:
    """A dash is two ems long, without spaces; the single “—” between two ends of a range stays."""
    chinese = f"[{HAN}{FULL.replace('—', '')}]"
    mended, count = re.subn(rf"(?<={chinese}) ?(?:-{{2,3}}| [—–] ?) ?(?={chinese}|[A-Za-z0-9])", "——", text)
    tally["—"] += count
    return mended


def mend_quotes(text: str, tally: Tally) -> str:
    """Curly quotation marks around Chinese words within a Chinese sentence."""
    quoted = rf'"([^"=<>{{}}\\]*[{HAN}][^"=<>{{}}\\]*)"'
    mended, count = re.subn(rf"(?<=[{HAN}{FULL}]){quoted}|{quoted}(?=[{HAN}{FULL}])", r"“\1\2”", text)
    tally['"'] += count
    return mended


def drop_spaces(text: str, tally: Tally) -> str:
    """No space beside a full-width mark."""
    mended, count = _SPARE_SPACE.subn("", text)
    tally["space too many"] += count
    return mended


_WORDS: Final = f"[{HAN}{FULL}A-Za-z0-9{Held.VALUE}-{Held.ELEMENT}]"
_SPARE_SPACE: Final = re.compile(f"(?<=[，。：；？！、（）]) +(?={_WORDS})|(?<={_WORDS}) +(?=[，。：；？！、（）])")
_FIGURE: Final = f"0-9{Held.FIGURE}"
# written together with the figure before it: dates, times, numbers of papers and houses (2026年1月5日, 8时30分, 123号)
_CLOSED: Final = "(?:[年月日号秒]|时(?!间)|分(?!钟))"
# written together as well: 鄂ICP备05000420号, A座
_MISSING_SPACE: Final = re.compile(
    rf"""
      (?<=[{HAN}])(?=[A-Za-z{Held.CODE}{Held.ELEMENT}])(?!ICP备)
    | (?<=[{HAN}])(?<![年月时分号备])(?=[{_FIGURE}])(?![0-9-]+{_CLOSED})
    | (?<=[A-Za-z{Held.CODE}{Held.ELEMENT}])(?=[{HAN}])(?<!ICP(?=备))(?<![^A-Za-z][A-Z](?=[座栋区]))
    | (?<=[{_FIGURE}])(?=[{HAN}])(?!{_CLOSED})
    """,
    re.VERBOSE,
)


def add_spaces(text: str, tally: Tally) -> str:
    """A space between Chinese characters and Latin letters or figures."""
    mended, count = _MISSING_SPACE.subn(" ", text)
    tally["space too few"] += count
    return mended
