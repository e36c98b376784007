"""What every page must satisfy, whoever looks at it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
