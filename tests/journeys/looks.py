"""What every page must satisfy, no matter who looks at it."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# what is done step by step is done on a phone, where more goes wrong; on a wide screen, too, in the long form. Whether
# single pages are sound is asked at all widths, always
WORKED_AT = pytest.mark.parametrize(
    "width",
    [
        360,
        pytest.param(
            1280,
            marks=[
                pytest.mark.soak,
                pytest.mark.skipif(not os.environ.get("YIZHAN_SOAK"), reason="long: YIZHAN_SOAK=1"),
            ],
        ),
    ],
)
_SERIOUS = {"serious", "critical"}


def serious_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA that is serious or worse: rule, element, why."""
    page.wait_for_load_state()
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '').splitlines()[-1].strip()})"
        for violation in violations
        if violation["impact"] in _SERIOUS
        for node in violation["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth"))
