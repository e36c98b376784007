"""That the look at pages sees what it is there for: a page that breaks a criterion is told by its name."""

import re
from typing import Final

from playwright.sync_api import Browser, Page

from tests.architecture.sources import ROOT
from tests.journeys.looks import asks_axe, faults_of

_TEXT: Final = "<h1>标题</h1><p>正文</p>"
# criterion of WCAG 2.2 -> what breaks it, and by which rule it is told
BROKEN: Final = {
    "1.1.1": (f"{_TEXT}<img src='/x.png'>", "image-alt"),
    "1.3.1": (f"{_TEXT}<ul><p>一</p></ul>", "list"),
    "1.3.5": (f"{_TEXT}<label>姓名<input autocomplete='nobody'></label>", "autocomplete-valid"),
    "1.4.1": (
        f"{_TEXT}<p style='color:#000'>先看<a href='/a/' style='color:#222;text-decoration:none'>这里</a>再办</p>",
        "link-in-text-block",
    ),
    "1.4.3": (f"{_TEXT}<p style='color:#aaa;background:#fff'>淡字</p>", "color-contrast"),
    "1.4.10": (f"{_TEXT}<p style='width:3000px'>宽</p>", "scrolls sideways"),
    "1.4.12": (f"{_TEXT}<p style='letter-spacing:0.01em !important'>一行字</p>", "avoid-inline-spacing"),
    "2.2.1": ("<meta http-equiv='refresh' content='30'>" + _TEXT, "meta-refresh"),
    "2.2.2": (f"{_TEXT}<marquee>滚动</marquee>", "marquee"),
    "2.4.2": (f"<title></title><main>{_TEXT}</main>", "document-title"),
    "2.4.4": (f"{_TEXT}<a href='/a/'></a>", "link-name"),
    "3.1.1": (f"<html><main>{_TEXT}</main>", "html-has-lang"),
    "3.1.2": (f"{_TEXT}<p lang='nowhere'>词</p>", "valid-lang"),
    "4.1.2": (f"{_TEXT}<button></button>", "button-name"),
}
# and how these are told, of which axe itself makes less
OF_LANDMARKS: Final = {
    "region": f"<main>{_TEXT}</main><p>外</p>",
    "landmark-unique": f"<nav><a href='/a/'>一</a></nav><nav><a href='/b/'>二</a></nav><main>{_TEXT}</main>",
}
# what axe itself takes gravely when it is asked everything
_ALL_OF_AXE: Final = """axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
  violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id))"""
_ROW: Final = re.compile(r"^\| (\d\.\d\.\d+) .*`faults_of`", re.MULTILINE)


def _rules(told: list[str]) -> set[str]:
    """Axe's names of what is told."""
    return {name for fault in told if (name := fault.split(": ")[1]) != "scrolls sideways"}


def _told(page: Page, html: str) -> list[str]:
    is_whole = html.startswith(("<html", "<title", "<!doctype"))
    head = "" if is_whole else "<!doctype html><html lang='zh-CN'><title>页</title>"
    page.set_content(f"{head}<main>{html}</main>" if not is_whole else html)
    return faults_of(page)


class TestLook:
    def test_tells_every_criterion_that_the_document_says_it_holds(self, browser: Browser) -> None:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        told, everything = {}, {}
        for one, (html, _) in BROKEN.items():
            told[one] = _told(page, html)
            everything[one] = set(page.evaluate(_ALL_OF_AXE))
        unseen = {one: said for one, said in told.items() if not any(BROKEN[one][1] in fault for fault in said)}
        assert unseen == {}
        # no rule is left out that axe takes gravely
        assert {one: _rules(said) for one, said in told.items()} == everything
        assert _told(page, _TEXT) == []
        for rule, html in OF_LANDMARKS.items():
            head = "<!doctype html><html lang='zh-CN'><title>页</title>"
            assert _rules(_told(page, f"{head}<body>{html}")) == {rule}
        document = (ROOT / "docs/accessibility.md").read_text(encoding="utf-8")
        page.close()
        assert set(_ROW.findall(document)) == BROKEN.keys()

    def test_is_by_turns_at_each_width_of_a_page_and_in_the_mode_for_old_people_every_third_time(self) -> None:
        for address in ("/", "/services/", "/desk/runs//"):
            for first in (1, 2):
                asked = [
                    (look, place) for look in (first, first + 1) for place in (0, 1) if _asks(address, look, place)
                ]
                assert [look for look, _ in asked] == [first, first + 1]
                assert {place for _, place in asked} == {0, 1}
            of_elder = [_asks(address, look, place, elder=True) for look in range(1, 13) for place in (0, 1)]
            assert sum(of_elder) == 4
            assert all(asks_axe(address, look, 0, 1, elder=False) for look in range(1, 4))
            assert sum(asks_axe(address, look, 0, 1, elder=True) for look in range(1, 4)) == 1


def _asks(address: str, look: int, place: int, *, elder: bool = False) -> bool:
    return asks_axe(address, look, place, 2, elder=elder)
