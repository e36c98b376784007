"""A clerk at the window with the keyboard alone, its number pad, and a scanner."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from province.halls.models import Hall
from tenants.casework.models import Case
from tests.browsing import PageAt
from tests.factories.casework import accepted, apply_at_window, give_all, make_lacking_setup
from tests.factories.sites import inside, make_columns
from tests.journeys.looks import is_sound
from tests.journeys.pictures import keep_picture
from tests.journeys.test_cases import told

NORTH = "north.yizhan.localhost"
RECEIVED = "/desk/cases/?state=received"


@pytest.fixture
def cases(live_site: str, north: Hall) -> Sequence[Case]:
    """Received, with all papers; in the order of the list."""
    make_columns(north)
    setup = make_lacking_setup(north)
    with inside(north):
        return [give_all(north, apply_at_window(north, setup)) for _ in range(3)]


def is_at(page: Page, case: Case) -> None:
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.pk}/"))
    expect(page.get_by_role("button", name="快捷键")).to_be_visible()


class TestKeys:
    def test_lead_from_the_list_to_a_case_to_the_next_and_back(self, page_at: PageAt, cases: Sequence[Case]) -> None:
        page = page_at(NORTH, RECEIVED, who="cao")
        expect(page.get_by_role("button", name="快捷键")).to_be_visible()
        keep_picture(page, "cases-list")
        page.keyboard.press("?")
        shown = page.get_by_role("dialog", name="快捷键")
        for words in ("到下一项、上一项", "收件", "受理勾选的", "扫码枪"):
            expect(shown.get_by_text(words).first).to_be_visible()
        is_sound(page)
        page.keyboard.press("Escape")
        # of the number pad, and of the letters
        for key in ("NumpadAdd", "j", "NumpadSubtract"):
            page.keyboard.press(key)
        expect(page.locator("tbody tr").nth(0).locator("th a").first).to_be_focused()
        page.keyboard.press("Enter")
        is_at(page, cases[0])
        is_sound(page)
        page.keyboard.press("n")
        is_at(page, cases[1])
        page.keyboard.press("NumpadAdd")
        is_at(page, cases[2])
        expect(page.get_by_role("link", name="下一件")).to_be_hidden()
        page.keyboard.press("p")
        is_at(page, cases[1])
        page.keyboard.press("l")
        expect(page).to_have_url(re.compile(re.escape(RECEIVED) + "$"))

    def test_accept_a_case_and_choose_by_digits(self, page_at: PageAt, north: Hall, cases: Sequence[Case]) -> None:
        page = page_at(NORTH, f"/desk/cases/{cases[0].pk}/", who="cao")
        is_at(page, cases[0])
        page.keyboard.press("a")
        accept = page.locator("details.decide[open]")
        expect(accept.locator("summary")).to_have_text("受理")
        expect(accept.get_by_role("button", name="受理")).to_be_focused()
        page.keyboard.press("Enter")
        told(page, "已受理")
        with inside(north):
            assert Case.objects.get(pk=cases[0].pk).state == "accepted"
            decided = accepted(north, cases[0].setup)
        page = page_at(NORTH, f"/desk/cases/{decided.pk}/", who="tao")
        is_at(page, decided)
        acts = page.locator("details.decide summary").all_inner_texts()
        page.keyboard.press(f"{acts.index('作出决定') + 1}")
        decide = page.locator("details.decide[open]")
        expect(decide.get_by_role("radio").first).to_be_focused()
        page.keyboard.press("2")
        expect(decide.get_by_role("radio").nth(1)).to_be_checked()
        with inside(north):
            assert Case.objects.get(pk=decided.pk).outcome == ""

    def test_are_nobodys_in_fields_with_modifiers_and_once_turned_off(
        self, page_at: PageAt, cases: Sequence[Case]
    ) -> None:
        page = page_at(NORTH, RECEIVED, who="cao")
        field = page.get_by_role("searchbox", name=re.compile("^编号、姓名"))
        page.keyboard.press("f")
        expect(field).to_be_focused()
        for key in ("r", "?", "j", "/", "+", "1"):
            page.keyboard.press(key)
        expect(field).to_have_value("r?j/+1")
        field.blur()
        page.keyboard.press("Alt+r")
        page.keyboard.press("?")
        page.get_by_label("使用快捷键和扫码枪").uncheck()
        page.get_by_role("button", name="关闭").click()
        page.reload()
        expect(page.get_by_role("button", name="快捷键")).to_be_visible()
        page.keyboard.press("r")
        page.keyboard.type(cases[0].number)
        page.keyboard.press("Enter")
        page.keyboard.press("?")
        # what would have led away has not
        expect(page.get_by_label("使用快捷键和扫码枪")).not_to_be_checked()
        expect(page).to_have_url(re.compile(re.escape(RECEIVED) + "$"))


class TestScanner:
    def test_opens_the_case_from_anywhere_outside_a_field(
        self, page_at: PageAt, north: Hall, cases: Sequence[Case]
    ) -> None:
        page = page_at(NORTH, "/desk/", who="cao")
        expect(page.get_by_role("searchbox").first).to_be_visible()
        scan(page, cases[1].number)
        is_at(page, cases[1])
        # with the focus on a button, which a scanner's Enter would press, and digits that are keys here
        page.keyboard.press("a")
        expect(page.get_by_role("button", name="受理", exact=True)).to_be_focused()
        scan(page, cases[2].number)
        is_at(page, cases[2])
        # its digits have unfolded nothing: what comes next is, as the page was opened
        expect(page.locator("details.decide[open] summary")).to_have_text("受理")
        expect(page.locator("details.decide :focus")).to_have_count(0)
        # in a field it is text
        field = page.get_by_role("searchbox").first
        field.focus()
        scan(page, cases[0].number)
        expect(page).to_have_url(re.compile("/desk/search/"))
        expect(page.get_by_role("link", name=cases[0].item_name)).to_be_visible()
        scan(page, "690123456789")
        expect(page.get_by_text("没有").first).to_be_visible()
        with inside(north):
            assert {one.state for one in Case.objects.all()} == {"received"}


def scan(page: Page, code: str) -> None:
    """As its device types: all at once, with Enter behind."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")
