"""The demo's articles, kept as Markdown: `# title`, a line of `key=value; …`, paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

_FOLDER = Path(__file__).parent / "texts"
_ARTICLE = re.compile(r"^# (?P<title>.+)\n(?P<facts>.+)\n(?P<body>(?:(?!# ).*\n?)+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """One article of the demo: title, body, and the facts that stand below its title in the file."""

    title: str
    # HTML
    body: str
    # column, source, author, picture, summary, key, desk, pinned: whatever the line says
    facts: dict[str, str]

    def at(self, place: str) -> "Text":
        """Return a copy of this text as the office of this place would publish it."""
        return Text(self.title.replace("{place}", place), self.body.replace("{place}", place), self.facts)

    @property
    def wording(self) -> dict[str, str]:
        """The facts that are part of a text's wording: source, author, summary."""
        return {name: self.facts[name] for name in ("source", "author", "summary") if name in self.facts}

    @property
    def keywords(self) -> list[str]:
        """The keywords, which stand in the file between commas."""
        return [word for word in self.facts.get("keywords", "").split(",") if word]


def texts_of(name: str) -> list[Text]:
    """Read all articles of one of the demo's files, in its order."""
    return list(_read((_FOLDER / f"{name}.md").read_text(encoding="utf-8")))


def _read(content: str) -> Iterator[Text]:
    markdown = MarkdownIt("commonmark", {"html": False})
    for found in _ARTICLE.finditer(content):
        facts = dict(pair.strip().split("=", 1) for pair in found["facts"].split(";"))
        yield Text(found["title"].strip(), str(markdown.render(found["body"])), facts)
