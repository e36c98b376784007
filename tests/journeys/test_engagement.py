"""互动交流 in a browser: somebody asks on the phone, the hall answers, and others find the answer."""

import pytest
from playwright.sync_api import Page, expect

from province.halls.models import Hall
from tenants.engagement.models import Question
from tenants.services.models import Adoption
from tests.browsing import PageAt
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_department, make_item, make_published
from tests.factories.citizens import phone_of
from tests.factories.sites import change_hall, inside, make_columns
from tests.journeys.looks import faults_of, has_no, visit

NORTH = "north.yizhan.localhost"
NAME = "高龄津贴给付"
ASKED = f"我叫王大妈，电话 {phone_of()}，母亲卧床，能由我来办吗？"
ANSWERED = "王大妈您好，可以。请带双方身份证和户口簿，到综合窗口办理，电话 0717-3251234。"


@pytest.fixture
def shown(live_site: str, north: Hall) -> Adoption:
    change_hall(north, phone="0717-3251234", address="当阳市玉阳街道长坂路126号")
    make_columns(north)
    return make_shown(north, make_published(make_item(1, department=make_department("民政局"), name=NAME)))


class TestQuestion:
    def test_is_asked_answered_followed_up_and_published(self, page_at: PageAt, north: Hall, shown: Adoption) -> None:
        citizen, clerk, other = page_at(NORTH, "/", 360), page_at(NORTH, "/desk/", who="hua"), page_at(NORTH, "/", 360)
        faults = _ask(citizen)
        with inside(north):
            question = Question.objects.get()
        expect(citizen.get_by_text(str(question.number)).first).to_be_visible()
        assert phone_of() not in citizen.url
        faults += _answer(clerk)
        faults += _ask_further(other, question.number)
        faults += _answer_again_and_publish(clerk)
        visit(other, f"/engagement/questions/{question.pk}/")
        expect(other.get_by_text("要原件，当场看过就还给您。")).to_be_visible()
        faults += _read_what_is_published(other, shown)
        elder = page_at(NORTH, "/engagement/", 360, elder=True)
        for path in ("/engagement/", "/progress/", "/engagement/ask/", "/engagement/find/?q=津贴"):
            visit(elder, path)
            faults += faults_of(elder, elder=True)
        has_no(faults)


def _ask(page: Page) -> list[str]:
    """From the search over the guide to the number, on a phone."""
    faults = faults_of(page, 1280, 360)
    page.get_by_role("combobox", name="搜索本站").fill("高龄津贴")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="我有问题").first.click()
    faults += faults_of(page)
    page.get_by_label("您的问题").fill(ASKED)
    page.get_by_label("手机号").fill(phone_of())
    page.get_by_label("怎样称呼您").fill("王大妈")
    page.get_by_label("同意把问题和答复公开").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1, name="您的问题已收到")).to_be_visible()
    expect(page.get_by_text("最迟在")).to_be_visible()
    return faults + faults_of(page, 1280, 360)


def _answer(page: Page) -> list[str]:
    """From 等您处理; what was begun is there after a reload."""
    # the question came after the desk was opened
    page.reload()
    page.get_by_role("link", name="我叫王大妈").click()
    faults = faults_of(page, 1280, 360)
    page.get_by_label("答复内容").press_sequentially("低保可以")
    expect(page.get_by_text("草稿已保存，只有您看得到。")).to_be_visible()
    page.reload()
    expect(page.get_by_label("答复内容")).to_have_value("低保可以")
    page.get_by_label("答复内容").fill(ANSWERED)
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text("已答复，群众凭编号就能看到。")).to_be_visible()
    return faults


def _ask_further(page: Page, number: int) -> list[str]:
    """On another telephone: with nothing but number and tail."""
    page.get_by_label("编号").fill(str(number))
    page.get_by_label("手机号后四位").fill(phone_of()[-4:])
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text(ANSWERED)).to_be_visible()
    page.get_by_text("还有不清楚的，追问").click()
    faults = faults_of(page)
    page.get_by_label("追问").fill("户口簿要原件吗？")
    page.get_by_role("button", name="提交追问").click()
    expect(page.get_by_text("追问已收到。")).to_be_visible()
    return faults


def _answer_again_and_publish(page: Page) -> list[str]:
    visit(page, "/desk/questions/")
    faults = faults_of(page, 1280, 360)
    page.get_by_role("link", name="我叫王大妈").click()
    page.get_by_label("答复内容").fill("要原件，当场看过就还给您。")
    page.get_by_role("button", name="提交答复").click()
    page.get_by_role("link", name="公开问题和答复").click()
    faults += faults_of(page, 1280, 360)
    page.get_by_label("公开的答复").fill(ANSWERED)
    page.get_by_role("button", name="公开", exact=True).click()
    expect(page.get_by_text("已公开，网站上立即能看到。")).to_be_visible()
    return faults


def _read_what_is_published(page: Page, shown: Adoption) -> list[str]:
    """In 互动交流 and on the item's guide, without name and number."""
    visit(page, "/")
    page.get_by_role("link", name="互动交流").click()
    faults = faults_of(page, 1280, 360)
    page.get_by_role("link", name="母亲卧床").click()
    expect(page.get_by_text("请带双方身份证和户口簿")).to_be_visible()
    faults += faults_of(page)
    for secret in ("王大妈", phone_of()):
        expect(page.get_by_text(secret)).to_have_count(0)
    visit(page, f"/services/{shown.item_id}/")
    page.get_by_text("母亲卧床").click()
    return faults + faults_of(page)
