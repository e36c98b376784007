"""HTML as a line of tokens. Every sign is looked at a bounded number of times, whatever somebody sent."""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_BLANK: Final = r"\t\n\f\r "
_OPENING: Final = re.compile(rf"<(?:(!--)|(/?)([a-zA-Z][^{_BLANK}/>]*+)|[!?/])")
_ATTRIBUTE: Final = re.compile(
    rf"[{_BLANK}/]*+(?:(>)|([^{_BLANK}/>][^{_BLANK}/>=]*+)"
    rf"(?:[{_BLANK}]*+=[{_BLANK}]*+(?:\"([^\"]*+)(\"?)|'([^']*+)('?)|([^{_BLANK}>]*+)))?+)"
)
_END_OF_COMMENT: Final = re.compile("--!?>")
# what stands in them is text, however it looks
_RAW: Final = {name: re.compile(rf"</{name}[{_BLANK}/>]", re.IGNORECASE) for name in ("script", "style")}
# of what nh3 writes: attributes quoted, "<" and ">" escaped inside them and in texts
_CLEAN: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>|([^<]++|<)")
_CLEAN_ATTRIBUTE: Final = re.compile(r' ([a-z]+)="([^"]*)"')
_ZEROS: Final = re.compile(r"(&#[xX]?)0+(?=[0-9a-fA-F])")
# no character has such a number, and Python refuses to count so far
_TOO_LONG: Final = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


class Tag(NamedTuple):
    """A tag as somebody wrote it; ``attributes`` in their order, their values as they stand."""

    name: str
    is_end: bool
    attributes: list[tuple[str, str]]


class Token(NamedTuple):
    """A tag of cleaned HTML (``attributes`` as one text), or a text (``name`` is empty)."""

    name: str = ""
    is_end: bool = False
    attributes: str = ""
    text: str = ""


def tags_of(text: str) -> Iterator[Tag]:
    """The tags that a browser would see in HTML from anybody. One that the text ends in is none."""
    place = 0
    while found := _OPENING.search(text, place):
        place = found.end()
        is_comment, slash, name = found.groups()
        if name:
            attributes, place = _attributes(text, place)
            if place < 0:
                return
            tag = Tag(name.lower(), bool(slash), attributes)
            yield tag
            if not tag.is_end and tag.name in _RAW:
                end = _RAW[tag.name].search(text, place)
                if not end:
                    return
                place = end.start()
            continue
        end = _END_OF_COMMENT.search(text, place - 2) if is_comment else None
        place = end.end() if end else 0 if is_comment else text.find(">", place) + 1
        if not place:
            return


def _attributes(text: str, place: int) -> tuple[list[tuple[str, str]], int]:
    """Up to the tag's end, and the place behind it; -1 where the text ends before."""
    found: list[tuple[str, str]] = []
    while one := _ATTRIBUTE.match(text, place):
        place = one.end()
        is_end, name, double, double_end, single, single_end, bare = one.groups()
        if is_end:
            return found, place
        if (double is not None and not double_end) or (single is not None and not single_end):
            break
        found.append((name.lower(), double or single or bare or ""))
    return [], -1


def tokens_of(clean: str) -> Iterator[Token]:
    """Cleaned HTML, piece by piece; characters that were escaped are themselves again."""
    for found in _CLEAN.finditer(clean):
        slash, name, attributes, text = found.groups()
        yield Token(name.lower(), bool(slash), attributes) if name else Token(text=unescaped(text))


def attributes_of(token: Token) -> dict[str, str]:
    """The attributes of a tag of cleaned HTML."""
    return {name: unescaped(value) for name, value in _CLEAN_ATTRIBUTE.findall(token.attributes)}


def unescaped(text: str) -> str:
    """Characters for what stands for them (``&lt;``, ``&#106;``)."""
    return html.unescape(_TOO_LONG.sub("\ufffd", _ZEROS.sub(r"\1", text))) if "&" in text else text
