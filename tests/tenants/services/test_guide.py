"""The guide to a hall's items quotes what stands on the desk's pages, word for word."""

import re

from tests.servers import ROOT

GUIDE = ROOT / "docs/guides/hall-items.md"


class TestGuideToItems:
    def test_quotes_only_words_of_the_pages(self) -> None:
        # the tools of tables are the console's; pages and workbooks draw elements by their labels
        below = ("province/console", "province/rights", "standards/items", "province/catalogue/templates")
        folders = [ROOT / "tenants", *(ROOT / "platform" / one for one in below)]
        files = [file for folder in folders for kind in ("*.html", "*.py") for file in folder.rglob(kind)]
        pages = "\n".join(file.read_text(encoding="utf-8") for file in files)
        quoted = re.findall("“([^”]+)”", GUIDE.read_text(encoding="utf-8"))
        assert len(quoted) > 20
        assert [words for words in quoted if words not in pages] == []
