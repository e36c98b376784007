"""Texts that are HTML: words between tags, and the attributes that people read or hear."""

import re
from typing import Final

from tests.architecture.typography import rules
from tests.architecture.typography.text import Held, Tally

_WITHIN_A_SENTENCE: Final = frozenset(
    {
        *("a", "abbr", "b", "bdi", "cite", "del", "dfn", "em", "i", "ins", "mark", "q", "s", "small", "span", "strong"),
        *("sub", "sup", "time", "u", "wbr"),
    }
)
_CODE: Final = r"<(?P<code>code|kbd|samp|var)\b[^<>]*>[^<>]*</(?P=code)>"
_NO_WORDS: Final = r"<(?P<mute>script|style|svg|pre)\b.*?</(?P=mute)>|<!--.*?-->"
_TAG: Final = r"""</?(?P<name>[a-zA-Z][\w-]*|!doctype)(?:"[^"]*"|'[^']*'|[^<>"'])*>"""
_MARKUP: Final = re.compile(f"{_NO_WORDS}|{_CODE}|{_TAG}", re.DOTALL | re.IGNORECASE)
_SEEN: Final = r"title|alt|placeholder|label|aria-(?:label|description|valuetext|roledescription)"
# may be a sentence or a program's value
_DATA: Final = r"content|data-[\w-]+"
_ATTRIBUTE: Final = re.compile(
    rf"""(?<![\w-])(?:{_SEEN}|(?P<data>{_DATA}))=(?P<quote>["'])(?P<words>.*?)(?P=quote)""", re.DOTALL
)
_BUTTON: Final = re.compile(r"<button\b|<input\b[^<>]*\btype=[\"']?(?:submit|button)", re.IGNORECASE)
_VALUE: Final = re.compile(r"""(?<![\w-])value=(?P<quote>["'])(?P<words>.*?)(?P=quote)""", re.DOTALL)
_GENERATED: Final = re.compile(r"""content:\s*(?P<quote>["'])(?P<words>.*?)(?P=quote)""")
_MARKS: Final = re.compile(f"[{Held.TAG}{Held.BLOCK}{Held.ELEMENT}]")


def mend(text: str, tally: Tally, *, is_data: bool = False) -> str:
    """Mend the words and the attributes that people see; also an attribute alone, as tests look for it."""
    held: list[str] = []

    def hold(kind: Held, source: str) -> str:
        held.append(source)
        return kind

    def hold_markup(found: re.Match[str]) -> str:
        if found["mute"]:
            return hold(Held.BLOCK, found[0])
        if found["code"]:
            return hold(Held.ELEMENT, found[0])
        if not found["name"]:
            return hold(Held.TAG, found[0])
        kind = Held.TAG if found["name"].lower() in _WITHIN_A_SENTENCE else Held.BLOCK
        return hold(kind, _mend_tag(found[0], tally))

    text = _MARKUP.sub(hold_markup, text)
    text = _ATTRIBUTE.sub(lambda found: hold(Held.BLOCK, _mend_attribute(found, tally)), text)
    kept = iter(held)
    return _MARKS.sub(lambda _: next(kept), rules.mend(text, tally, is_data=is_data))


def mend_styles(source: str, tally: Tally) -> str:
    """The words that a style sheet adds to a page."""
    return _GENERATED.sub(lambda found: _mend_attribute(found, tally), source)


def _mend_tag(tag: str, tally: Tally) -> str:
    tag = _ATTRIBUTE.sub(lambda found: _mend_attribute(found, tally), tag)
    return _VALUE.sub(lambda found: _mend_attribute(found, tally), tag) if _BUTTON.match(tag) else tag


def _mend_attribute(found: re.Match[str], tally: Tally) -> str:
    before, after = found[0][: found.start("words") - found.start()], found["quote"]
    is_data = bool(found.groupdict().get("data"))
    return f"{before}{rules.mend(found['words'], tally, is_data=is_data)}{after}"
