"""What editors and designers save by themselves."""

from playwright.sync_api import Page


def save_now(page: Page) -> None:
    """As when the network is back: what is not saved yet is saved at once, and not two seconds after the last change;
    that one waits for those two seconds is asked where an article saves by itself (tests.journeys.test_desk)."""
    page.evaluate("window.dispatchEvent(new Event('online'))")
