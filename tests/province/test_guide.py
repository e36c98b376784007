"""The guides for the province quote what stands on the console's pages, word for word."""

import re
from pathlib import Path

import pytest

from tests.servers import ROOT

# with the least number of words that they quote
GUIDES = {"province-operator.md": 60, "catalogue.md": 30}


def _words_of_pages() -> str:
    files: list[Path] = []
    for folder in ("platform", "provisioning"):
        for kind in ("*.html", "*.py"):
            files += (ROOT / folder).rglob(kind)
    return "\n".join(file.read_text() for file in files)


@pytest.mark.parametrize("name", GUIDES)
class TestGuide:
    def test_quotes_only_words_of_the_pages(self, name: str) -> None:
        pages = _words_of_pages()
        quoted = re.findall("“([^”]+)”", _text(name))
        assert len(quoted) > GUIDES[name]
        assert [words for words in quoted if words not in pages] == []

    def test_stays_short(self, name: str) -> None:
        assert len(_text(name).splitlines()) <= 120


def _text(name: str) -> str:
    return (ROOT / "docs/guides" / name).read_text(encoding="utf-8")
