"""The guide for province operators quotes what stands on the console's pages, word for word."""

import re
from pathlib import Path

from tests.servers import ROOT

GUIDE = ROOT / "docs/guides/province-operator.md"


def _words_of_pages() -> str:
    files: list[Path] = []
    for folder in ("platform", "provisioning"):
        for kind in ("*.html", "*.py"):
            files += (ROOT / folder).rglob(kind)
    return "\n".join(file.read_text() for file in files)


class TestProvinceOperatorsGuide:
    def test_quotes_only_words_of_the_pages(self) -> None:
        pages = _words_of_pages()
        quoted = re.findall("“([^”]+)”", GUIDE.read_text())
        assert len(quoted) > 60
        assert [words for words in quoted if words not in pages] == []

    def test_stays_short(self) -> None:
        assert len(GUIDE.read_text().splitlines()) <= 120
