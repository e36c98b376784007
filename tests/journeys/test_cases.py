"""Applications in the browser, from the phone of who applies to the decision: a sole trader's registration, with papers
that are asked for and a leader who decides on a phone; what is done at once at the window; 联办 over three
departments; 容缺 whose day passes; 补正 at a hall that is suspended meanwhile."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from foundation.events.operations import drain_events
from province.cases.states import CaseChannel
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.halls.operations import suspend_hall
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind
from standards.items.codelists import CaseType
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import ask_for_correction
from tests.browsing import PageAt
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import apply_online, let_pass, make_lacking_setup, make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.citizens import make_proved, phone_of
from tests.factories.files import turned_picture
from tests.factories.items import whole_item
from tests.factories.joint import BUILDERS, POLICE, make_joint_setup
from tests.factories.runs import DECISIONS, LEADERS, row_of
from tests.factories.sites import inside, make_columns
from tests.journeys.looks import PHONE_AND_DESK, is_sound, visit
from tests.journeys.pictures import keep_picture
from tests.journeys.test_citizens import sign_in
from tests.standards.run_samples import step

NORTH = "north.yizhan.localhost"
PHONE = 390
REGISTRATION = "个体工商户设立登记"


@pytest.fixture
def site(live_site: str, object_store: None, north: Hall) -> Hall:
    make_columns(north)
    return north


def photo(name: str) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": turned_picture().read()}


def only_case(hall: Hall) -> Case:
    with inside(hall):
        return Case.objects.select_related("setup").get()


def installed(page: Page) -> None:
    """As the page is in a window of the app that was made of the site."""
    page.add_init_script(
        """const ask = window.matchMedia.bind(window);
        window.matchMedia = (query) => query === "(display-mode: standalone)" ? { matches: true } : ask(query);"""
    )


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).filter(has_text=words).first).to_be_visible()


def open_act(page: Page, label: str) -> Any:
    """What can be done with a case, unfolded."""
    fold = page.locator("details.decide").filter(has=page.locator("summary", has_text=re.compile(f"^{label}$")))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return fold


class TestSoleTrader:
    def test_is_registered_on_a_phone_with_papers_asked_for_and_gets_a_document_that_anybody_checks(
        self, page_at: PageAt, site: Hall
    ) -> None:
        setup = self._registration(site)
        citizen = make_proved()
        phone = page_at(NORTH, "/", PHONE)
        installed(phone)
        sign_in(phone, phone_of())
        self._apply(phone, setup)
        case = only_case(site)
        assert case.channel == CaseChannel.APP
        cao = page_at(NORTH, f"/desk/cases/{case.pk}/", who="cao")
        keep_picture(cao, "cases-case")
        self._ask_for_more(cao)
        bring(phone, case)
        self._accept(cao)
        self._decide_in_three_taps(page_at, case)
        # the flow's end is the decision, and its papers follow
        drain_events()
        paper = self._read_decision(phone, case)
        self._check(page_at, paper)
        assert citizen.pk == only_case(site).citizen_id

    def _registration(self, hall: Hall) -> CaseSetup:
        material = whole_item()["materials"][0] | {"name": "经营场所使用证明"}
        adoption = make_shown(hall, make_published(make_item(3, name=REGISTRATION, materials=[material])))
        hall.refresh_from_db()
        with inside(hall):
            flow = row_of(hall, step("approve", who=LEADERS, label="审批", outcomes=DECISIONS), code="examine")
            return make_setup(hall, adoption, flow=flow)

    def _apply(self, page: Page, setup: CaseSetup) -> None:
        visit(page, f"/services/{setup.item_id}/")
        page.get_by_role("link", name="在线申请").first.click()
        is_sound(page)
        page.get_by_role("button", name="符合条件，开始申请").click()
        fill_in(page, photo("经营场所.jpg"))
        is_sound(page)
        page.get_by_role("button", name="确认提交").click()
        expect(page.get_by_text("申请已经收到，正在看材料是否齐全。")).to_be_visible()
        is_sound(page)

    def _ask_for_more(self, page: Page) -> None:
        ask = open_act(page, "补正告知")
        ask.get_by_label("需要补正的全部内容").fill("租赁合同没有拍到最后一页。")
        ask.get_by_label("几个工作日内补齐").fill("5")
        ask.get_by_role("button", name="补正告知").click()
        told(page, "已一次告知需要补正的内容。")
        is_sound(page)

    def _accept(self, page: Page) -> None:
        page.reload()
        open_act(page, "受理").get_by_role("button", name="受理").click()
        told(page, "已受理，办理期限开始计算")

    def _decide_in_three_taps(self, page_at: PageAt, case: Case) -> None:
        """From the leader's inbox on a phone: open, agree, done."""
        page = page_at(NORTH, "/desk/work/", PHONE, who="tao")
        is_sound(page)
        taps = 0
        for target in (
            page.get_by_role("link", name=REGISTRATION).first,
            page.get_by_label("同意", exact=True),
            page.get_by_role("button", name="办理", exact=True),
        ):
            target.click()
            taps += 1
            if taps == 2:
                keep_picture(page, "cases-leader-flow", target)
        told(page, "已办理。")
        assert taps == 3
        assert case.number

    def _read_decision(self, page: Page, case: Case) -> bytes:
        page.reload()
        expect(page.get_by_text("已经作出决定：准予。")).to_be_visible()
        is_sound(page)
        with page.expect_download() as begun:
            page.get_by_role("link", name="准予行政许可决定书").click()
        content = Path(begun.value.path()).read_bytes()
        assert content.startswith(b"%PDF")
        return content

    def _check(self, page_at: PageAt, paper: bytes) -> None:
        """Somebody else, on a phone: as it is it holds, with a byte changed nobody has issued it."""
        page = page_at(NORTH, "/verify/", PHONE)
        changed = bytearray(paper)
        changed[len(changed) // 2] ^= 1
        for content, said in ((paper, "一个字节也没有改动"), (bytes(changed), "查无此件")):
            page.get_by_label("PDF 文书").set_input_files(
                {"name": "决定书.pdf", "mimeType": "application/pdf", "buffer": content}
            )
            page.get_by_role("button", name="查验文件").click()
            expect(page.get_by_text(said).first).to_be_visible()
            is_sound(page)


def fill_in(page: Page, file: Any) -> None:
    """Page after page, one thing each, until all of it is to be checked."""
    for _ in range(20):
        heading = page.get_by_role("heading", level=1).first.inner_text()
        if heading.startswith("检查"):
            return
        if page.get_by_role("button", name="都对，下一步").count():
            page.get_by_role("button", name="都对，下一步").click()
        else:
            for label in ("个人", "否"):
                if page.get_by_label(label, exact=True).count():
                    page.get_by_label(label, exact=True).check()
            if page.get_by_label("我已阅读并承诺").count():
                page.get_by_label("我已阅读并承诺").check()
            if page.locator("#filling input[type=file]").count():
                page.locator("#filling input[type=file]").last.set_input_files(file)
                expect(page.get_by_label(re.compile(f"^保留 {file['name']}"))).to_be_checked()
            page.get_by_role("button", name="保存，下一步").click()
        expect(page.get_by_role("heading", level=1).first).not_to_have_text(heading)
    raise AssertionError(page.url)


def bring(page: Page, case: Case) -> None:
    """补正, on the same phone."""
    visit(page, f"/cases/{case.pk}/")
    expect(page.get_by_role("heading", name="您现在要做的：补齐材料")).to_be_visible()
    expect(page.get_by_text("租赁合同没有拍到最后一页。").first).to_be_visible()
    is_sound(page)
    keep_picture(page, "cases-citizen-bring")
    page.get_by_role("link", name="上传、修改").click()
    page.locator("#filling input[type=file]").last.set_input_files(photo("最后一页.jpg"))
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("button", name="补齐了，提交")).to_be_visible()
    page.get_by_role("button", name="补齐了，提交").click()
    told(page, "已提交，重新开始看材料是否齐全。")
    is_sound(page)


class TestAtOnce:
    def test_is_done_at_the_window_by_three_clicks_after_the_form(self, page_at: PageAt, site: Hall) -> None:
        at_once = {"promised_days": 0, "promised_unit": "0", "statutory_days": 0, "statutory_unit": "0"}
        at_once |= {"flow": [{"act": "办理", "position": "窗口", "days": 0, "unit": "0"}]}
        item = make_item(4, name="结婚登记", case_type=CaseType.INSTANT.value, **at_once)
        adoption = make_shown(site, make_published(item))
        site.refresh_from_db()
        with inside(site):
            setup = make_setup(site, adoption)
            case = apply_online(site, setup, make_proved())
            # what was brought on paper: nothing of it is noted yet
            case.materials.update(state="missing")
        page = page_at(NORTH, f"/desk/cases/{case.pk}/", who="hua")
        is_sound(page)
        # what comes next is unfolded, and nothing else
        act = page.locator("details.decide[open]")
        expect(act.locator("summary")).to_have_text("当场办结")
        keep_picture(page, "cases-at-once")
        clicks = 0
        for target in (
            act.get_by_label("还没有登记的必要材料都在手上，已核对"),
            act.get_by_label("准予", exact=True),
            act.get_by_role("button", name="当场办结"),
        ):
            target.click()
            clicks += 1
        told(page, "已受理、决定并送达，办件办结。")
        assert clicks == 3
        assert only_case(site).state == "finished"
        is_sound(page)


class TestThreeDepartments:
    def test_are_asked_at_once_seen_late_and_decided_over_together(self, page_at: PageAt, site: Hall) -> None:
        setup = make_joint_setup(site, days=3)
        citizen = make_proved()
        with inside(site):
            case = apply_online(site, setup, citizen)
        cao = page_at(NORTH, f"/desk/cases/{case.pk}/", who="cao")
        open_act(cao, "受理").get_by_role("button", name="受理").click()
        told(cao, "已受理")
        expect(cao.get_by_role("region", name="联办意见").first).to_be_visible()
        is_sound(cao)
        keep_picture(cao, "cases-joint")
        for username, body in (("jing", POLICE), ("jian", BUILDERS)):
            if username == "jian":
                self._is_late(site, case, cao)
            page = page_at(NORTH, "/desk/cases/opinions/", who=username)
            page.get_by_role("link", name=case.item_name).click()
            expect(page.get_by_text(body).first).to_be_visible()
            is_sound(page)
            give = page.get_by_role("region", name="出具意见")
            give.get_by_label("同意", exact=True).check()
            give.get_by_role("button", name="出具意见").click()
            expect(page.get_by_role("heading", name=f"{body}：同意")).to_be_visible()
        tao = page_at(NORTH, "/desk/cases/?state=accepted", PHONE, who="tao")
        # from the list on a phone without a flow, too: open, grant, done
        decide, taps = tao.locator("details.decide[open]"), 0
        for target in (
            tao.get_by_role("link", name=case.item_name).first,
            decide.get_by_label("准予", exact=True),
            decide.get_by_role("button", name="作出决定"),
        ):
            target.click()
            taps += 1
            if taps == 2:
                keep_picture(tao, "cases-leader-case", decide)
        told(tao, "已作出决定")
        assert taps == 3
        is_sound(tao)
        assert only_case(site).outcome == "granted"

    def _is_late(self, hall: Hall, case: Case, page: Page) -> None:
        """The builders have let their day pass: who has the case sees it, and cannot decide meanwhile."""
        with inside(hall):
            let_pass(case.joint_opinions.get(body=BUILDERS), ClockKind.STEP)
        page.reload()
        expect(page.get_by_text(f"{BUILDERS}已经超期，请催办。")).to_be_visible()
        expect(page.locator("summary", has_text=re.compile("^作出决定$"))).to_have_count(0)


class TestPromiseThatLapses:
    def test_ends_the_case_and_says_so_to_both(self, page_at: PageAt, site: Hall) -> None:
        setup = make_lacking_setup(site)
        citizen: Citizen = make_proved()
        with inside(site):
            case = apply_online(site, setup, citizen, material_2=[], material_3=[])
        cao = page_at(NORTH, f"/desk/cases/{case.pk}/", who="cao")
        act = open_act(cao, "容缺受理")
        for name in ("健康证明", "照片"):
            act.get_by_label(re.compile(f"^{name}")).check()
        act.get_by_label("几个工作日内补交").fill("3")
        act.get_by_label("申请人的承诺").fill("在窗口签了承诺书。")
        act.get_by_role("button", name="容缺受理").click()
        told(cao, "已容缺受理")
        is_sound(cao)
        phone = page_at(NORTH, "/", PHONE)
        sign_in(phone, phone_of())
        visit(phone, f"/cases/{case.pk}/")
        expect(phone.get_by_role("heading", name="您现在要做的：补交承诺的材料")).to_be_visible()
        is_sound(phone)
        with inside(site):
            let_pass(case, ClockKind.LAPSE)
        sweep_clocks()
        drain_events()
        phone.reload()
        expect(phone.get_by_text("已经终止办理。").first).to_be_visible()
        is_sound(phone)
        cao.reload()
        expect(cao.get_by_text("终止办理").first).to_be_visible()
        is_sound(cao)
        assert only_case(site).state == "terminated"


class TestSuspendedHall:
    def test_leads_who_has_a_case_to_it_and_takes_what_was_asked_for(self, page_at: PageAt, site: Hall) -> None:
        adoption, citizen = make_shown(site), make_proved()
        site.refresh_from_db()
        with inside(site):
            case = apply_online(site, make_setup(site, adoption), citizen)
            asked = ["租赁合同没有拍到最后一页。"]
            ask_for_correction(by=person("cao"), hall=site, case_id=case.pk, asked=asked, workdays=5)
        suspend_hall(by=person("zhao"), hall=site, reason="办公场所搬迁。")
        phone = page_at(NORTH, "/services/", 360)
        expect(phone.get_by_role("heading", name="网站暂停服务")).to_be_visible()
        is_sound(phone, *PHONE_AND_DESK)
        sign_in(phone, phone_of())
        expect(phone.get_by_role("note", name="暂停服务")).to_contain_text("现在不收新的申请和咨询")
        is_sound(phone, *PHONE_AND_DESK)
        visit(phone, "/cases/")
        is_sound(phone, *PHONE_AND_DESK)
        bring(phone, case)
        assert only_case(site).state == "received"
