"""The forms that pages show, with what stands in their fields; and harms, one of which takes the place of a value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

type Values = tuple[tuple[str, str], ...]

# what tells one row's form from that of the next: an id, a day, a number
_OF_A_ROW: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
# what nobody has typed yet, by the type of the box
_TYPED: Final[Mapping[str, str]] = {
    "number": "1",
    "date": "2026-12-01",
    "time": "09:00",
    "datetime-local": "2026-12-01T09:00",
    "month": "2026-12",
    "email": "a@b.example",
    "url": "https://b.example/",
    "tel": "13800000000",
}
_NOT_SENT: Final = frozenset({"submit", "button", "reset", "image"})
LONG: Final = 100_000
# what is sent in place of a value, given the value
HARMS: Final = {
    "nothing": lambda _: [""],
    "left out": lambda _: [],
    "twice": lambda found: [found, found],
    "many": lambda found: [found] * 900,
    "blanks": lambda _: [" \u3000\u200b"],
    "word": lambda _: ["核查"],
    "markup": lambda _: ["<script>alert(1)</script>{{ 7*7 }}%s{0}${x}\r\n' OR 1=1 --"],
    "control": lambda _: ["a\x01\u202e\x07"],
    "NUL": lambda _: ["a\0"],
    "number": lambda _: ["-99999999999999999999999"],
    "large number": lambda _: ["9223372036854775808"],
    "fraction": lambda _: ["0.1"],
    "NaN": lambda _: ["NaN"],
    "infinite": lambda _: ["1e999"],
    "full width": lambda _: ["１２３４"],
    "year 0": lambda _: ["0000-00-00"],
    "far": lambda _: ["9999-12-31"],
    "far time": lambda _: ["9999-12-31T23:59"],
    "no id": lambda _: ["00000000-0000-0000-0000-00000000000g"],
    "nobody's id": lambda _: ["00000000-0000-0000-0000-000000000002"],
    "mapping": lambda _: ["{}"],
    "list": lambda _: ["[]"],
    "JSON": lambda _: ['{"a": [[[[1e999]]]], "a": null, "\\u0000": "\\ud800"}'],
    "JSON of nothing": lambda _: ["null"],
    "deep": lambda _: ["[" * LONG],
    "query": lambda _: ["a=%00&a=&b[]=%ed%a0%80&page=-1"],
    "address": lambda _: ["http://[evil.example]/"],
    "long": lambda _: ["字" * LONG],
    "long word": lambda _: ["a" * LONG],
    "many lines": lambda _: ["\n".join(f"a{one}" for one in range(LONG // 5))],
    "longer": lambda found: [found + "9" * 5_000],
    "cut": lambda found: [found[: len(found) // 2]],
}


@dataclass(frozen=True, slots=True)
class PageForm:
    """``path``: where it is sent; ``values``: what a browser would send; ``files``: names of its boxes for files."""

    page: str
    path: str
    values: Values
    files: tuple[str, ...] = field(default=())

    @property
    def kind(self) -> tuple[str, ...]:
        """Alike in forms that differ by their row alone; the button is one of their values."""
        return (
            _OF_A_ROW.sub("0", self.path),
            *sorted({_OF_A_ROW.sub("0", name) for name, _ in self.values}),
            *(value for name, value in self.values if name in {"act", "step", "verb", "part"}),
        )

    def harmed(self, name: str, harm: str) -> dict[str, list[str]]:
        """What is sent with this harm in that field."""
        sent: dict[str, list[str]] = {}
        for one, value in self.values:
            sent.setdefault(one, []).append(value)
        sent[name] = HARMS[harm](sent[name][0])
        return sent


def forms_of(text: str, page: str) -> Iterator[PageForm]:
    """The forms of a page that change something, one for each of their buttons."""
    if not text.strip():
        return
    for form in html.fromstring(text).iter("form"):
        where = form.get("hx-post") or (form.get("action", page) if form.get("method", "").lower() == "post" else None)
        if where is None:
            continue
        values = tuple(_values_of(form))
        files = tuple(one.get("name") for one in form.iter("input") if one.get("type") == "file" and one.get("name"))
        for button in _buttons_of(form):
            target = button.get("formaction") or button.get("hx-post") or where
            pressed = ((button.get("name"), button.get("value", "")),) if button.get("name") else ()
            path = urlsplit(urljoin(page, target))
            yield PageForm(page, f"{path.path}?{path.query}".rstrip("?"), (*values, *pressed), files)


def _buttons_of(form: html.HtmlElement) -> Sequence[html.HtmlElement]:
    buttons = [one for one in form.iter("button") if one.get("type", "submit") == "submit"]
    return buttons or [form.makeelement("button")]


def _values_of(form: html.HtmlElement) -> Iterator[tuple[str, str]]:
    chosen: set[str] = set()
    for box in form.iter("input", "select", "textarea"):
        name, kind = box.get("name"), box.get("type", "text")
        if not name or name == "csrfmiddlewaretoken" or kind in _NOT_SENT or kind == "file":
            continue
        match box.tag, kind:
            case "select", _:
                options = [one.get("value", one.text or "") for one in box.iter("option")]
                marked = [one.get("value", "") for one in box.iter("option") if one.get("selected") is not None]
                yield name, next(filter(None, (*marked, *options)), "")
            case "textarea", _:
                yield name, box.text or "核查"
            case _, "radio" | "checkbox":
                # of several the first: some form wants one of them
                if name not in chosen:
                    yield name, box.get("value", "on")
                chosen.add(name)
            case _, "hidden":
                yield name, box.get("value", "")
            case _:
                yield name, box.get("value") or _TYPED.get(kind, "核查")
