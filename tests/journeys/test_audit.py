"""An auditor traces one push from its entry to its page, on a desktop and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from province.audit.operations import link_entries
from province.content.models import Push
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import audience_of_codes
from province.content.states import WithdrawalKind
from province.people.models import Account
from tests.browsing import PROVINCE, PageAt
from tests.conftest import person
from tests.factories.manuscripts import make_approved_version
from tests.journeys.looks import WORKED_AT, is_sound_on_phone_and_desk, open_place

TITLE = "便民服务公告"


@pytest.fixture
def withdrawn(live_site: str) -> Push:
    """One that Zhao pushed and withdrew, linked into its chain."""
    push = push_version(
        by=person("zhao"),
        version=make_approved_version(title=TITLE, by="sun"),
        audience=audience_of_codes(["420582000000"]),
        column="notices",
    )
    push = withdraw_push(by=person("zhao"), push=push, kind=WithdrawalKind.GONE, reason="内容有误")
    link_entries()
    return push


@WORKED_AT
class TestAuditor:
    def test_traces_a_push_from_the_entry_to_its_page(self, withdrawn: Push, page_at: PageAt, width: int) -> None:
        page = page_at(PROVINCE, "/console/", width, who="shen")
        open_place(page, "审计")
        page.get_by_role("heading", level=1, name="审计记录").wait_for()
        is_sound_on_phone_and_desk(page)
        page.get_by_role("searchbox", name="操作人").fill("赵敏")
        page.get_by_role("combobox", name="操作").select_option(label="撤稿")
        page.get_by_role("button", name="筛选").click()
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("已发布 → 已撤稿")
        rows.get_by_role("link").first.click()
        page.get_by_role("heading", level=1, name="撤稿").wait_for()
        is_sound_on_phone_and_desk(page)
        expect(page.get_by_text("内容有误", exact=True).first).to_be_visible()
        expect(page.get_by_text(re.compile(r"^第 \d+ 条$"))).to_be_visible()
        page.get_by_role("link", name="这个对象的全部记录").click()
        expect(page.locator("tbody tr")).to_have_count(2)
        is_sound_on_phone_and_desk(page)
        page.get_by_role("link", name="打开推稿").first.click()
        page.wait_for_url(f"**/console/pushes/{withdrawn.pk}/")
        expect(page.get_by_text(TITLE).first).to_be_visible()

    def test_reads_what_an_empty_list_means(self, live_site: str, page_at: PageAt, width: int) -> None:
        assert Account.objects.filter(username="shen").exists()
        page = page_at(PROVINCE, "/console/audit/?person=没有这个人", width, who="shen")
        expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
        is_sound_on_phone_and_desk(page)
        page.get_by_role("link", name="清除筛选").click()
        expect(page.get_by_text(re.compile("最近 30 天"))).to_be_visible()
