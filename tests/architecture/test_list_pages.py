"""Every table of console and desk that goes over several pages is arranged by people: columns, order, views; and every
list can be taken away. (That its file has its rows, tests/isolation/test_markers.py looks at.)"""

import re
from typing import Final

from tests.list_pages import WITHOUT_FILE, paged_templates

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
    "cases/cases.html": _IN_A_PAGE,
    "casework/desk/list_exports.html": _FEW,
    "casework/desk/figure_cases.html": _IN_A_PAGE,
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
# the component, links of their own, or a form that gives a file
_FILE: Final = re.compile(r"design/export_links\.html|\b(?:format|export)='?(?:csv|xlsx)\b|'desk-form-sent-export'")


def _tables() -> dict[str, str]:
    """Each template of a table that goes over several pages, and its text."""
    return {name: text for name, text in paged_templates() if "<table" in text}


class TestTable:
    def test_is_arranged_by_people_or_says_why_not(self) -> None:
        found = _tables()
        assert len(found) > 30
        plain = {name for name, text in found.items() if "{% table_tools " not in text}
        assert plain == EXCUSED.keys(), "a TableKind and {% table_tools table %}, or a reason; or needs no excuse"

    def test_that_is_arranged_has_headings_that_put_it_in_order(self) -> None:
        strays = [
            name
            for name, text in _tables().items()
            if "{% table_tools " in text and "design/table_headings.html" not in text
        ]
        assert strays == []


class TestList:
    def test_can_be_taken_away_or_says_why_not(self) -> None:
        without = {name for name, text in paged_templates() if not _FILE.search(text)}
        assert without == WITHOUT_FILE.keys(), "export_list and design/export_links.html, or a reason; or needs none"
