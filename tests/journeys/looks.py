"""What every page must satisfy, no matter who looks at it."""

import re
from collections import Counter
from typing import Any
from weakref import WeakKeyDictionary
from zlib import crc32

import pytest
from playwright.sync_api import Page

from tests.browsing import AXE
from tests.soak import SOAK

# what is done step by step is done on a phone, where more goes wrong; on a wide screen, too, in the long form. Whether
# pages fit, and how large the letters of old people are, is asked at all widths, always; axe looks at one of them, by
# turn, in the mode for old people (which enlarges, and changes no words) every third time; in the long form at all
WORKED_AT = pytest.mark.parametrize(
    "width",
    [
        360,
        pytest.param(
            1280,
            marks=[
                pytest.mark.soak,
                pytest.mark.skipif(not SOAK, reason="long: YIZHAN_SOAK=1"),
            ],
        ),
    ],
)
PHONE_AND_DESK = (360, 1280)
_TURNS_OF_ELDER = 3
# what is another one each time
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# how often a window was looked at, by address
_looks: WeakKeyDictionary[Page, Counter[str]] = WeakKeyDictionary()
# pixels that no letter falls short of in the mode for old people
ELDER_FONT = 22
# rules that axe takes less gravely, and that people who go by landmarks do not: all stands in one, none is twice
OF_LANDMARKS = ["region", "landmark-unique"]
# one question for all of it. What axe says of elements that pass is as long as the page, and nobody asks for it: it
# stays in the browser. How gravely axe takes a rule is fixed in the rule: those of which nothing would be told are not
# asked. Before it looks, the page is laid out for its width, and what moves on the way there is brought to its end
_LOOK = """async ([elder, ALWAYS, withAxe, shows]) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const moves = document.getAnimations().filter((one) => one instanceof CSSTransition);
  moves.forEach((one) => one.finish());
  await Promise.allSettled(moves.map((one) => one.finished));
  const isFault = ({ id, impact }) => impact === "serious" || impact === "critical" || ALWAYS.includes(id);
  if (withAxe && !window.axe) {
    if (!window.setUpAxe) return null;
    setUpAxe();
  }
  const withoutLesser = () => {
    const lesser = axe._audit.rules.filter((rule) => !isFault(rule));
    return { resultTypes: ["violations"], rules: Object.fromEntries(lesser.map(({ id }) => [id, { enabled: false }])) };
  };
  const { violations } = withAxe ? await axe.run(withoutLesser()) : { violations: [] };
  const faults = violations
    .filter(isFault)
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
      `${id}: ${html.slice(0, 160)} (${(failureSummary ?? "").trim().split("\\n").pop().trim()})`));
  if (document.scrollingElement.scrollWidth > window.innerWidth) faults.push("scrolls sideways");
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
  if (shows && ![...document.querySelectorAll(shows)].some(isSeen)) faults.push(`shows no ${shows}`);
  if (elder) {
    const written = [...document.querySelectorAll("body *")].filter((one) => one.innerText?.trim());
    const smallest = Math.min(...written.map((one) => parseFloat(getComputedStyle(one).fontSize)));
    if (smallest < elder) faults.push(`letters of ${smallest} px`);
  }
  return faults;
}"""


def is_sound(page: Page, *widths: int, elder: bool = False) -> None:
    """At the page's own width, or at each of these; it is left as wide as it was."""
    has_no(faults_of(page, *widths, elder=elder))


def is_sound_on_phone_and_desk(page: Page) -> None:
    """At both widths: for the steps of a journey that is made at one of them."""
    has_no(faults_of(page, *PHONE_AND_DESK))


def has_no(faults: list[str]) -> None:
    """All of them are told: pytest cuts a long list short, and with it the widths that come last."""
    assert not faults, "\n".join(faults)


def faults_of(page: Page, *widths: int, elder: bool = False, shows: str = "") -> list[str]:
    """What is wrong with the open page, at its own width or at each of these: page, width, mode, fault.

    Faults are what axe finds where it is asked (``asks_axe``), against WCAG 2.2 A and AA that is serious or
    worse (rule, element, why), what stands in no landmark, landmarks of the same name, a page that is wider than its
    window, one without anything to be seen of what it ``shows`` (a selector), and, in the mode for old people, letters
    that are too small for them. The page is not opened anew for each
    width, and is left as wide as it was.
    """
    page.wait_for_load_state()
    size: Any = page.viewport_size
    where = page.url.removeprefix("http://").partition("/")[2]
    found = []
    asked = widths or (size["width"],)
    address = _ID.sub("", where)
    looks = _looks.setdefault(page, Counter())
    looks[address] += 1
    for width in asked:
        widen(page, width)
        with_axe = SOAK or asks_axe(address, looks[address], asked.index(width), len(asked), elder=elder)
        question = [ELDER_FONT if elder else 0, OF_LANDMARKS, with_axe, shows]
        faults = page.evaluate(_LOOK, question)
        if faults is None:
            # a window that the test opened by itself
            page.evaluate(AXE)
            faults = page.evaluate(_LOOK, question)
        found += [f"/{where} at {width} px{', elder' if elder else ''}: {fault}" for fault in faults]
    widen(page, size["width"])
    return found


def asks_axe(address: str, looks: int, place: int, widths: int, *, elder: bool) -> bool:
    """Whether axe is asked at this one of so many widths, at this look at the address: the same in every run, and at
    another width at the next look."""
    turn = crc32(address.encode()) + looks
    return turn % widths == place and not (elder and turn // widths % _TURNS_OF_ELDER)


def fits(page: Page) -> Page:
    """The page, which is no wider than its window."""
    assert not scrolls_sideways(page)
    return page


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth"))


def widen(page: Page, width: int) -> None:
    """Lay the open page out anew for a window that is so wide."""
    size: Any = page.viewport_size
    if size["width"] != width:
        page.set_viewport_size({"width": width, "height": size["height"]})


def visit(page: Page, path: str) -> None:
    """To another page of the same host, in the same window."""
    page.goto(re.sub(r"(://[^/]+)/.*", rf"\g<1>{path}", page.url))


def open_place(page: Page, name: str) -> None:
    """By the places at the side of console and desk; on a phone they stand in the menu."""
    if (page.viewport_size or {})["width"] < 1000:
        page.get_by_role("button", name="菜单").click()
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=name, exact=True).click()
