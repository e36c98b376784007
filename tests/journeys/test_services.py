"""办事 in a browser: somebody finds an item on the phone, gets the papers together, and asks without a script, too."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Item
from province.content.models import Push
from province.halls.models import Hall
from standards.items.codelists import ItemType
from tenants.services.models import Adoption
from tests.browsing import PageAt
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_department, make_incomplete, make_item, make_published
from tests.factories.citizens import phone_of
from tests.factories.engagement import TEXT
from tests.factories.items import whole_item
from tests.factories.pushes import make_push
from tests.factories.services import make_form_file
from tests.factories.sites import change_hall, inside, make_article, make_columns
from tests.journeys.looks import faults_of, has_no, is_sound, visit

NORTH = "north.yizhan.localhost"
NAME = "最低生活保障金给付"
MATERIALS = ("申请书", "身份证", "户口簿", "家庭收入证明")


@pytest.fixture(scope="module")
def shown(file_database: None) -> Adoption:
    """A hall with an item that has something of everything, and some more."""
    north = Hall.objects.get(slug="north")
    change_hall(north, phone="0717-3251234", address="当阳市玉阳街道长坂路126号")
    make_columns(north)
    form = make_form_file()
    material = whole_item()["materials"][0]
    law = {
        "law": "社会救助暂行办法",
        "article": "第九条",
        "text": "人均收入低于当地标准的家庭，给予最低生活保障。",
    }
    rows = [material | {"name": name, "blank_form": str(form.pk), "laws": [law]} for name in MATERIALS]
    department, groups = make_department("民政局"), {"life_events": ["hardship"], "person_themes": ["015"]}
    item = make_item(1, department=department, name=NAME, materials=rows, laws=[law], **groups)
    for number, name in ((2, "临时救助"), (3, "特困人员救助供养"), (4, "开办餐饮店许可")):
        make_shown(north, make_published(make_item(number, department=department, name=name, life_events=["hardship"])))
    penalty = make_item(5, department=department, name="骗取补贴的处罚", item_type=ItemType.PENALTY)
    make_shown(north, make_published(penalty))
    make_article(north, "低保政策解读")
    return make_shown(north, make_published(item))


@pytest.fixture(scope="module")
def unusual(shown: Adoption) -> tuple[Adoption, Adoption]:
    """One that the hall has stopped, and one whose guide lacks something."""
    north = Hall.objects.get(slug="north")
    stopped = make_shown(north, make_published(make_item(9, name="已停办的事项")))
    with inside(north):
        Adoption.objects.filter(pk=stopped.pk).update(state="stopped")
    return stopped, make_shown(north, make_incomplete(make_item(10, name="指南不全的救助", life_events=["hardship"])))


@pytest.fixture(scope="module")
def push(file_database: None) -> Push:
    return make_push(title="全省消息")


@pytest.fixture(scope="module")
def licence(file_database: None) -> Adoption:
    """The longest of the licences of the base list."""
    north = Hall.objects.get(slug="north")
    make_columns(north)
    item = next(one for one in read_base_list() if one.name == "食品经营许可" and one.is_complete)
    values = {name: value for name, value in item.values.items() if name not in {"basic_code", "department"}}
    return make_shown(north, make_published(make_item(20, **values)))


def penalty_of_the_hall() -> UUID:
    return Item.objects.get(item_type=ItemType.PENALTY).pk


@pytest.mark.parametrize("elder", [False, True], ids=["usual", "elder"])
class TestEveryPage:
    def test_is_sound(
        self,
        page_at: PageAt,
        shown: Adoption,
        unusual: tuple[Adoption, Adoption],
        elder: bool,  # noqa: FBT001
    ) -> None:
        guide = f"/services/{shown.item_id}/"
        stopped, listed = unusual
        page, faults = page_at(NORTH, elder=elder), []
        for path in (
            *(f"/services/{listed.item_id}/", "/services/listed/", "/services/find/?q=救助"),
            *("/", "/services/", "/services/all/", "/services/by/life-event/hardship/", "/services/find/?sort=pinyin"),
            *("/powers/", "/powers/02/", "/powers/?q=骗取", f"/powers/{penalty_of_the_hall()}/"),
            *("/services/find/?q=低保", "/services/find/?q=宇宙飞船", "/search/?q=低保", guide),
            *(f"/services/{stopped.item_id}/",),
        ):
            visit(page, path)
            faults += faults_of(page, 1280, 360, elder=elder)
        has_no(faults)

    def test_of_the_province_is_sound(self, page_at: PageAt, push: Push, shown: Adoption, elder: bool) -> None:  # noqa: FBT001
        page, faults = page_at("yizhan.localhost", elder=elder), []
        for path in (
            *("/", "/search/?q=低保", "/services/", f"/services/{shown.item_id}/", f"/p/{push.pk}/", "/halls/"),
            *("/powers/", f"/powers/{penalty_of_the_hall()}/"),
        ):
            visit(page, path)
            faults += faults_of(page, 1280, 360, elder=elder)
        has_no(faults)


class TestSearch:
    def test_suggests_and_finds_the_service_first(self, page_at: PageAt, shown: Adoption) -> None:
        for host, label in (("yizhan.localhost", "搜索全省"), (NORTH, "搜索本站")):
            page = page_at(host, "/", 360)
            box = page.get_by_role("combobox", name=label)
            expect(box).to_have_attribute("aria-expanded", "false")
            box.press_sequentially("低保", delay=50)
            option = page.get_by_role("listbox").get_by_role("option")
            # the first search of a process reads all words
            expect(option).to_have_text([NAME], timeout=30_000)
            expect(page.get_by_role("status").filter(has_text="1 个建议")).to_be_attached()
            is_sound(page)
            box.press("ArrowDown")
            expect(option).to_have_attribute("aria-selected", "true")
            expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
            expect(box).to_have_value(NAME)
            box.press("Escape")
            expect(page.get_by_role("listbox")).to_be_hidden()
            expect(box).to_have_value("低保")
        box.press("ArrowDown")
        expect(box).to_have_value(NAME)
        box.press("Enter")
        expect(page.get_by_role("heading", level=2).first).to_have_text("办事服务")
        page.get_by_role("link", name=NAME).click()
        expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()

    def test_leads_from_a_village_to_who_does_it(self, page_at: PageAt, shown: Adoption) -> None:
        page = page_at("village.yizhan.localhost", "/search/?q=低保", 360)
        is_sound(page)
        page.get_by_role("link", name=NAME).click()
        expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()
        assert NORTH in page.url


class TestGuide:
    def test_begins_with_what_counts_and_unfolds_the_rest(self, page_at: PageAt, shown: Adoption) -> None:
        guide = f"/services/{shown.item_id}/"
        for elder, screens in ((False, 5), (True, 6)):
            page = page_at(NORTH, guide, 360, elder=elder)
            page.set_viewport_size({"width": 360, "height": 740})
            heading = page.get_by_role("heading", level=1).bounding_box()
            assert heading
            assert heading["y"] + heading["height"] <= 740 / 2
            assert page.evaluate("document.documentElement.scrollHeight") <= screens * 740
            glance, materials = page.locator(".guide-glance"), page.get_by_role("heading", level=2, name="要带什么")
            for part in (glance, glance.locator("a[href^='tel:']"), materials):
                expect(part).to_be_visible()
            tick = page.get_by_label("身份证", exact=True).bounding_box()
            assert tick
            assert min(tick["width"], tick["height"]) >= (44 if elder else 24)
            page.get_by_text("本页目录", exact=True).first.click()
            expect(page.locator("#guide-remedy")).to_be_hidden()
            page.get_by_role("navigation", name="本页目录").get_by_role("link", name="办不成、不满意怎么办").click()
            expect(page.locator("#guide-remedy")).to_be_visible()
        # the mode is kept where one goes on: at another hall, and by the search
        page.get_by_label("搜索本站").fill("低保")
        page.get_by_role("button", name="搜索").click()
        expect(page.locator("html[data-mode=elder]")).to_have_count(1)
        size = page.locator("html").evaluate("e => getComputedStyle(e).fontSize")
        assert size == "24px"
        # what another hall does is told in a sentence, whose link colour alone must not tell
        line = page.locator("main").evaluate("""main => {
          main.insertAdjacentHTML("beforeend", '<ul class="hits"><li><p>这件事在<a href="/">别处</a>办</p></li></ul>');
          return getComputedStyle(main.querySelector(".hits:last-child p a")).textDecorationLine;
        }""")
        assert line == "underline"

    def test_unfolds_where_a_link_leads_and_on_paper(self, page_at: PageAt, shown: Adoption) -> None:
        page = page_at(NORTH, f"/services/{shown.item_id}/#guide-grounds", 360, javascript=False)
        expect(page.get_by_text("社会救助暂行办法").last).to_be_visible()
        expect(page.locator("#guide-remedy")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator("#guide-remedy")).to_be_visible()


class TestCitizen:
    def test_finds_an_item_and_gets_ready(self, page_at: PageAt, shown: Adoption) -> None:
        page = page_at(NORTH, "/", 360)
        page.get_by_role("combobox", name="搜索本站").fill("我想办低保")
        page.get_by_role("button", name="搜索").click()
        expect(page.get_by_text("“低保”常指")).to_be_visible()
        page.get_by_role("link", name=NAME).click()
        expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()
        expect(page.get_by_text("已准备 0 样，共 4 样")).to_be_visible()
        page.get_by_label("身份证", exact=True).check()
        page.get_by_label("户口簿", exact=True).check()
        expect(page.get_by_text("已准备 2 样，共 4 样")).to_be_visible()
        page.reload()
        expect(page.get_by_label("身份证", exact=True)).to_be_checked()
        expect(page.get_by_label("户口簿", exact=True)).to_be_checked()
        expect(page.get_by_label("申请书", exact=True)).not_to_be_checked()
        expect(page.get_by_text("已准备 2 样，共 4 样")).to_be_visible()
        page.get_by_text("二维码").click()
        picture = page.get_by_alt_text("本页网址的二维码")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        expect(page.get_by_role("link", name="我有问题").first).to_be_visible()
        is_sound(page)

    def test_does_it_all_without_a_script(self, page_at: PageAt, shown: Adoption) -> None:
        page = page_at(NORTH, "/services/find/?q=低保", 360, javascript=False)
        page.get_by_role("link", name=NAME).click()
        page.get_by_label("身份证", exact=True).check()
        expect(page.get_by_role("button", name="打印")).to_have_count(0)
        page.get_by_role("heading", name="依据是什么").click()
        page.get_by_text("社会救助暂行办法").last.click()
        expect(page.get_by_text("人均收入低于当地标准").last).to_be_visible()
        page.get_by_role("link", name="我有问题").first.click()
        page.get_by_label("您的问题").fill(TEXT)
        page.get_by_label("手机号").fill(phone_of())
        page.get_by_role("button", name="提交").click()
        expect(page.get_by_role("heading", level=1, name="您的问题已收到")).to_be_visible()

    def test_reads_the_guide_without_a_network(self, page_at: PageAt, shown: Adoption) -> None:
        page = page_at(NORTH, f"/services/{shown.item_id}/", 360)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.wait_for_load_state("networkidle")
        page.context.set_offline(offline=True)
        page.reload()
        expect(page.get_by_role("heading", level=1, name=NAME)).to_be_visible()


class TestPaper:
    @pytest.mark.parametrize("elder", [False, True])
    def test_holds_the_guide_and_the_chart_on_a_sheet_each(
        self,
        page_at: PageAt,
        licence: Adoption,
        elder: bool,  # noqa: FBT001
    ) -> None:
        page = page_at(NORTH, f"/services/{licence.item_id}/", elder=elder)
        pages = re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))
        assert len(pages) == 2
