"""Lists of console and desk that go over several pages: their templates, and which of them nobody can take away."""

import csv
import io
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Final

from tests.architecture.sources import ROOT

_WITH_FAULTS: Final = "导入的预览，要改的在它自己的问题清单（Excel）里"
_OF_ONE_ACT: Final = "一次操作中间的一步，办完就没有了"
_OWN: Final = "只是本人的，每一条打开就能存"
# template -> why it gives no file
WITHOUT_FILE: Final = {
    "catalogue/import.html": _WITH_FAULTS,
    "casework/desk/list_exports.html": _OWN,
    "messaging/notices.html": _OWN,
    "portal/desk/workdays.html": "本厅的几行设置；省级“各厅的日历”里能导出",
    "services/desk/guide_import.html": _WITH_FAULTS,
    "workflow/desk/batch.html": _OF_ONE_ACT,
    "workflow/desk/fillings.html": _OWN,
    "workflow/desk/flow_moves.html": _OF_ONE_ACT,
}
# those that a button gives instead, as each taking is told in the audit
BY_BUTTON: Final = frozenset({"workflow/desk/sent_table.html"})
_PAGES: Final = "design/pages.html"
# a download of the list itself, with what it is filtered by
_DOWNLOAD: Final = re.compile(r'href="(\?[^"]*\b(?:format|export)=csv\b[^"]*)"')


@cache
def names_of_lists() -> frozenset[str]:
    return frozenset(name for name, _ in paged_templates())


def paged_templates() -> Iterator[tuple[str, str]]:
    """Each template of console and desk that goes over several pages, and its text."""
    for folder in ("platform/province", "tenants", "provisioning"):
        for path in sorted((ROOT / folder).rglob("templates/**/*.html")):
            text = path.read_text(encoding="utf-8")
            if _PAGES in text and "/site/" not in str(path):
                yield name_of(path), text


def name_of(path: Path) -> str:
    return str(path).rpartition("/templates/")[2]


def lists_shown(answer: Any) -> set[str]:
    """The templates of lists with rows in an answer of Django's test client."""
    page = (answer.context or {}).get("page")
    if not getattr(getattr(page, "paginator", None), "count", 0):
        return set()
    return {one.name for one in answer.templates} & names_of_lists()


def downloads_of(answer: Any) -> list[str]:
    """The queries by which the page gives its list as CSV."""
    return [unescape(found) for found in _DOWNLOAD.findall(answer.content.decode())]


def rows_of_csv(text: str) -> int:
    """How many rows it has below its headings."""
    return max(0, sum(1 for _ in csv.reader(io.StringIO(text))) - 1)
