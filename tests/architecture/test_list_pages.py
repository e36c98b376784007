"""Every table of console and desk that goes over several pages is arranged by people: columns, order, views."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture.sources import ROOT

_FEW: Final = "几列就是全部，没有可以不看的，次序由页面定"
_ONE_TASK: Final = "按办理的先后排的一队，办完就没有了"
_IN_A_PAGE: Final = "是另一页里的一部分，跟着那一页的条件走"
# template -> why its table stays as it is
EXCUSED: Final = {
    "catalogue/audit.html": _ONE_TASK,
    "catalogue/features.html": _FEW,
    "catalogue/items_returned.html": _ONE_TASK,
    "catalogue/items_reviews.html": _ONE_TASK,
    "catalogue/matrix_cells.html": _IN_A_PAGE,
    "catalogue/proposals.html": _ONE_TASK,
    "catalogue/searches.html": _ONE_TASK,
    "catalogue/words.html": _FEW,
    "casework/desk/collections.html": _FEW,
    "casework/desk/opinions.html": _ONE_TASK,
    "casework/desk/pushes.html": _FEW,
    "content/library.html": _ONE_TASK,
    "halls/plan.html": _ONE_TASK,
    "lower_halls/assignments.html": _FEW,
    "people/rights.html": _IN_A_PAGE,
    "portal/desk/workdays.html": _IN_A_PAGE,
    "services/desk/features.html": _FEW,
    "services/desk/proposals.html": _FEW,
    "services/desk/searches.html": _ONE_TASK,
    "sign_in/tokens.html": _FEW,
    "workflow/desk/batch.html": _ONE_TASK,
    "workflow/desk/fillings.html": _FEW,
    "workflow/desk/flow_moves.html": _ONE_TASK,
    "workflow/desk/sent_table.html": _IN_A_PAGE,
}


def _tables() -> Iterator[tuple[str, str]]:
    """Each template of a table that goes over several pages, and its text."""
    for folder in ("platform/province", "tenants", "provisioning"):
        for path in sorted((ROOT / folder).rglob("templates/**/*.html")):
            text = path.read_text(encoding="utf-8")
            if "<table" in text and "design/pages.html" in text and "/site/" not in str(path):
                yield _name(path), text


def _name(path: Path) -> str:
    return str(path).rpartition("/templates/")[2]


class TestTable:
    def test_is_arranged_by_people_or_says_why_not(self) -> None:
        found = dict(_tables())
        assert len(found) > 30
        plain = {name for name, text in found.items() if "{% table_tools " not in text}
        assert plain == EXCUSED.keys(), "a TableKind and {% table_tools table %}, or a reason; or needs no excuse"

    def test_that_is_arranged_has_headings_that_put_it_in_order(self) -> None:
        strays = [
            name for name, text in _tables() if "{% table_tools " in text and "design/table_headings.html" not in text
        ]
        assert strays == []
