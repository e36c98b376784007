"""办事 on a hall's site: what citizens find, and what they are told where there is nothing."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from province.catalogue.models import CatalogueFile, Item, ItemReads, ItemVersion, Material
from province.catalogue.operations import publish_version, resume_item
from province.catalogue.operations.publication import begin_version, require_version
from province.catalogue.operations.reads import fold_reads
from province.halls.models import Hall
from province.halls.states import HallState
from standards.items.codelists import ItemType
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import resume_adoption, stop_adoption
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save, show
from tests.factories.catalogue import abolish, make_approved, make_department, make_item, make_published, suspend
from tests.factories.items import whole_item
from tests.factories.services import make_form_file, make_shown_at
from tests.factories.sites import change_hall, inside, make_article, make_columns
from tests.roles import as_owner

pytestmark = pytest.mark.django_db

UNSAFE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return Client(headers={"host": "north.yizhan.localhost"})


@pytest.fixture
def shown(north: Hall) -> Adoption:
    return make_shown(north)


def address_of(adoption: Adoption) -> str:
    return f"/services/{adoption.item_id}/"


def file_address(adoption: Adoption, file: CatalogueFile) -> str:
    return f"/services/{adoption.item_id}/files/{file.pk}/"


def make_item_of(number: int, name: str, department: str = "民政局", **values: Any) -> ItemVersion:
    return make_published(make_item(number, department=make_department(department), name=name, **values))


def queries_of(site: Client, path: str) -> int:
    """What was asked of the database for it (setting the search path is no question), by who knows the hall already."""
    site.get("/map/")
    with CaptureQueriesContext(connection) as captured:
        assert site.get(path).status_code == 200
    return sum("SET search_path" not in query["sql"] for query in captured.captured_queries)


class TestServices:
    def test_group_what_the_hall_shows(self, site: Client, north: Hall) -> None:
        make_shown(north, make_item_of(1, "临时救助", life_events=["hardship"], person_themes=["015"], audiences=["1"]))
        make_shown(
            north, make_item_of(2, "开办餐饮店许可", "市场监督管理局", life_events=["restaurant"], audiences=["2"])
        )
        adopt(north, make_item_of(3, "尚未公布"))
        text = site.get("/services/").text
        assert "2 个事项" in text
        for words in ("扶残助困", "开办餐饮店", "社会保障", "民政局", "市场监督管理局", "个人", "个人主题"):
            assert words in text
        assert "公民婚育" not in text
        lines = site.get("/services/by/life-event/hardship/").text
        assert "临时救助" in lines
        assert "餐饮店许可" not in lines
        assert "尚未公布" not in site.get("/services/all/").text

    @pytest.mark.parametrize(
        "path", ["/services/by/nothing/x/", "/services/by/life-event/marriage/", "/services/by/department/没有/"]
    )
    def test_know_no_group_that_is_empty(self, site: Client, shown: Adoption, path: str) -> None:
        assert site.get(path).status_code == 404

    def test_of_a_hall_without_items_stand_in_no_navigation(self, site: Client, north: Hall) -> None:
        assert 'href="/services/"' not in site.get("/").text
        assert "还没有公布办事服务" in site.get("/services/").text
        make_shown(north)
        text = site.get("/").text
        assert text.index('aria-label="栏目"') < text.index('<a href="/services/">办事服务</a>')
        assert "全部 1 项" in text

    def test_of_authorities_of_their_own_motion_stand_under_disclosure(self, site: Client, north: Hall) -> None:
        make_shown(north, make_item_of(1, "临时救助"))
        penalty = make_shown(north, make_item_of(2, "骗取救助的处罚", item_type=ItemType.PENALTY))
        for path in ("/", "/services/", "/services/all/", "/services/find/", "/services/find/?q=救助"):
            assert "骗取" not in site.get(path).text
        assert 'href="/powers/"' in site.get("/open/").text
        assert 'href="/powers/02/"' in site.get("/powers/").text
        assert "骗取救助的处罚" in site.get("/powers/02/").text
        assert site.get("/powers/01/").status_code == site.get("/powers/xx/").status_code == 404
        # where it stood before, it leads to its page in the ledger
        moved = site.get(address_of(penalty))
        assert (moved.status_code, moved["Location"]) == (301, f"/powers/{penalty.item_id}/")
        page = site.get(f"/powers/{penalty.item_id}/").text
        assert page.index('aria-label="当前位置"') < page.index('href="/powers/"') < page.index("<h1>")

    def test_come_by_pinyin_who_wants_it_so(self, site: Client, north: Hall) -> None:
        for number, name in ((1, "临时救助"), (2, "安置费给付"), (3, "高龄津贴")):
            make_shown(north, make_item_of(number, name))
        text = site.get("/services/find/?sort=pinyin").text
        found = [text.index(name) for name in ("安置费给付", "高龄津贴", "临时救助")]
        assert found == sorted(found)

    def test_that_are_read_most_come_first(self, site: Client, north: Hall, south: Hall) -> None:
        first, second = (make_shown(north, make_item_of(number, f"事项{number}")) for number in (1, 2))
        assert "按事项目录的顺序排列" in site.get("/").text
        make_columns(south)
        fold_reads()
        path = address_of(second)
        etag = site.get(path)["ETag"]
        assert site.get(path, headers={"if-none-match": etag}).status_code == 304
        # no reader: what calls itself a program, what is only fetched beforehand, what is no page
        site.get(path, headers={"user-agent": "Googlebot/2.1"})
        site.get(path, headers={"sec-purpose": "prefetch"})
        site.get(f"/services/{uuid4()}/")
        site.head(path)
        Client(headers={"host": "south.yizhan.localhost"}).get(path)
        assert fold_reads() == 2
        assert fold_reads() == 0
        assert [(one.hall_id, one.item_id, one.number) for one in ItemReads.objects.all()] == [
            (north.pk, second.item_id, 2)
        ]
        change_hall(north)
        for page in ("/", "/services/all/"):
            text = site.get(page).text
            assert text.index(path) < text.index(address_of(first))
        assert "按近两个月在本站的查看次数排列" in site.get("/").text

    def test_turn_pages_each_kept_by_itself(self, site: Client, north: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tenants.services.views.site._PAGE", 1)
        for number, name in ((1, "甲事"), (2, "乙事")):
            make_shown(north, make_item_of(number, name))
        pages = [site.get(f"/services/all/?page={number}").text for number in (1, 2, 1, 2)]
        assert pages[0] == pages[2]
        assert ["甲事" in page for page in pages] != ["乙事" in page for page in pages]
        assert 'rel="next"' in pages[0]
        assert 'rel="prev"' in pages[1]

    def test_are_told_to_search_engines(self, site: Client, shown: Adoption) -> None:
        found = site.get("/sitemap.xml").text
        assert f"<loc>http://north.yizhan.localhost{address_of(shown)}</loc>" in re.sub(r":\d+", "", found)
        assert "Disallow: /services/find/" in _robots(site)


def _robots(site: Client) -> str:
    Hall.objects.filter(slug="north").update(state=HallState.LIVE)
    change_hall(Hall.objects.get(slug="north"))
    return site.get("/robots.txt").text


class TestFinding:
    def test_says_why_an_item_was_found(self, site: Client, north: Hall) -> None:
        make_shown(north, make_item_of(1, "最低生活保障金给付"))
        text = site.get("/services/find/", {"q": "我想办低保"}).text
        assert "“低保”常指" in text
        assert "<mark>最低生活保障" in text
        assert "名称里有“最低生活保障”" in site.get("/services/find/", {"q": "最低生活保障"}).text

    def test_finds_only_what_this_hall_shows(self, site: Client, south: Hall) -> None:
        make_columns(south)
        make_shown_at(south, make_item_of(1, "临时救助"), editor="zhou")
        assert "没有找到" in site.get("/services/find/", {"q": "临时救助"}).text

    def test_narrows_down(self, site: Client, north: Hall) -> None:
        make_shown(north, make_item_of(1, "食品经营许可证补办", audiences=["1"]))
        make_shown(north, make_item_of(2, "食品经营许可证注销", "市场监督管理局", audiences=["2"]))
        both = site.get("/services/find/", {"q": "食品经营许可证"}).text
        assert "找到 2 个事项" in both
        assert 'name="audience"' in both
        one = site.get("/services/find/", {"q": "食品经营许可证", "department": "民政局", "audience": ""}).text
        assert "找到 1 个事项" in one
        assert "不筛选" in one
        assert "没有找到" in site.get("/services/find/", {"q": "食品经营许可证", "department": "x'; --"}).text

    def test_asks_what_was_meant_where_nothing_was_found(self, site: Client, north: Hall) -> None:
        make_shown(north, make_item_of(1, "道路运输经营许可"))
        text = site.get("/services/find/", {"q": "道路云输精营"}).text
        assert "道路运输经营许可" in re.sub("</?mark>", "", text)

    def test_advises_where_there_is_nothing(self, site: Client, shown: Adoption) -> None:
        text = site.get("/services/find/", {"q": "宇宙飞船"}).text
        assert "还可以这样找" in text
        assert "/search/?q=" in text
        assert "个事项" in site.get("/services/find/").text

    @pytest.mark.parametrize("words", [UNSAFE, "%_\\", "'; DROP TABLE x; --", "\0低保", "很" * 5000])
    def test_bears_whatever_is_typed(self, site: Client, shown: Adoption, words: str) -> None:
        answer = site.get("/services/find/", {"q": words, "audience": words})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "onerror=alert(1)>" not in answer.text


class TestGuide:
    def test_says_both_parts(self, site: Client, shown: Adoption) -> None:
        text = site.get(address_of(shown)).text
        for words in (
            "食品经营许可",
            "10 个工作日",
            "食品经营许可申请书",
            "0700-1234567",
            "北安县市场监督管理局",
            "要多久？",
        ):
            assert words in text
        assert 'href="tel:' in text
        assert text.index("要带什么") < text.index("依据是什么") < text.index("第 1 版")
        assert "flowchart-narrow" in text
        # the first part stands open, the others fold, and the contents lead into each
        parts = re.findall(r'<(section|details) class="guide-part"', text)
        assert parts == ["section", *["details"] * (len(parts) - 1)]
        contents = re.findall(r'href="#([\w-]+)"', text.partition("本页目录</summary>")[2].partition("</nav>")[0])
        assert len(contents) == len(parts) + 1 > 8
        assert [one for one in contents if f'id="{one}"' not in text] == []

    def test_tells_machines_what_it_is(self, site: Client, shown: Adoption) -> None:
        text = site.get(address_of(shown)).text
        facts = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])  # type: ignore[index]
        assert facts["@type"] == "GovernmentService"
        canonical = re.search(r'<link rel="canonical" href="([^"]*)"', text)[1]  # type: ignore[index]
        assert facts["url"] == canonical
        assert canonical.endswith(address_of(shown))

    def test_is_found_again_by_a_picture(self, site: Client, shown: Adoption) -> None:
        picture = site.get(f"{address_of(shown)}code.svg")
        assert picture["Content-Type"] == "image/svg+xml"
        assert "<path" in picture.text
        assert "style" not in picture.text
        assert site.get(f"/services/{uuid4()}/code.svg").status_code == 404

    def test_says_that_it_is_a_sample(self, site: Client, north: Hall, shown: Adoption) -> None:
        assert "样例" not in site.get(address_of(shown)).text
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE catalogue_itemversion DISABLE TRIGGER USER")
            cursor.execute("UPDATE catalogue_itemversion SET sample_note = '样例，须经省级主管部门核对后使用'")
            cursor.execute("ALTER TABLE catalogue_itemversion ENABLE TRIGGER USER")
        change_hall(north)
        assert "样例，须经省级主管部门核对后使用" in site.get(address_of(shown)).text

    def test_shows_names_as_they_are_written(self, site: Client, north: Hall) -> None:
        materials = [whole_item()["materials"][0] | {"name": UNSAFE[:100]}]
        adoption = make_shown(north, make_published(name=UNSAFE, materials=materials, conditions=UNSAFE))
        for path in (
            address_of(adoption),
            f"/engagement/ask/{adoption.item_id}/",
            "/services/all/",
            "/services/find/?q=script",
            "/sitemap.xml",
        ):
            text = site.get(path).text
            assert "<script>alert" not in text, path
            assert "<img src=x" not in text, path
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in site.get(address_of(adoption)).text

    @pytest.mark.parametrize(
        "path",
        [
            "/services/{}/",
            "/services/{}/code.svg",
            "/services/{0}/files/{0}/",
        ],
    )
    def test_of_nothing_is_not_found(self, site: Client, shown: Adoption, path: str) -> None:
        assert site.get(path.format(uuid4())).status_code == 404
        assert site.get(path.format("nothing")).status_code == 404

    def test_of_another_hall_is_not_found(self, site: Client, south: Hall) -> None:
        adoption = make_shown_at(south, editor="zhou")
        answer = site.get(address_of(adoption))
        assert answer.status_code == 404
        assert "食品经营许可" not in answer.text

    def test_reads_as_offline(self, site: Client) -> None:
        worker = site.get("/sw.js").text
        assert "(?:a|p|services|powers)" in worker
        assert "services/guide.js" in worker


class TestAbsentItem:
    def test_is_gone_at_the_commit(self, site: Client, north: Hall, shown: Adoption) -> None:
        etag = site.get(address_of(shown))["ETag"]
        item = Item.objects.get(pk=shown.item_id)
        suspend(item, reason="内部原因")
        answer = site.get(address_of(shown), headers={"if-none-match": etag})
        assert answer.status_code == 404
        assert "暂停办理" in answer.text
        assert "内部原因" not in answer.text
        assert "食品经营许可" not in site.get("/services/all/").text
        resume_item(by=person("zhao"), item=item)
        assert site.get(address_of(shown)).status_code == 200
        abolish(item, reason="内部原因")
        answer = site.get(address_of(shown))
        assert answer.status_code == 410
        assert "已经废止" in answer.text

    def test_was_stopped_by_the_hall(self, site: Client, north: Hall, shown: Adoption) -> None:
        with inside(north):
            stop_adoption(by=person("li"), hall=north, adoption_id=shown.pk, reason="窗口装修")
        answer = site.get(address_of(shown))
        assert answer.status_code == 410
        assert "本厅已停止办理" in answer.text
        assert "窗口装修" not in answer.text
        with inside(north):
            resume_adoption(by=person("li"), hall=north, adoption_id=shown.pk)
        assert site.get(address_of(shown)).status_code == 200

    def test_is_handled_by_the_hall_above(self, site: Client, shown: Adoption) -> None:
        make_columns(Hall.objects.get(slug="village"))
        village = Client(headers={"host": "village.yizhan.localhost"})
        answer = village.get(address_of(shown))
        assert answer.status_code == 404
        assert "本厅不办理这个事项" in answer.text
        assert re.search(rf'href="http://north\.yizhan\.localhost(:\d+)?{address_of(shown)}"', answer.text)

    def test_that_nobody_has_seen_is_not_named(self, site: Client, north: Hall) -> None:
        adoption = adopt(north)
        answer = site.get(address_of(adoption))
        assert answer.status_code == 404
        assert "食品经营许可" not in answer.text
        draft = make_item(7, name="还在起草的事项")
        assert "还在起草" not in site.get(f"/services/{draft.pk}/").text


class TestVersionOverTime:
    @pytest.fixture
    def at(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
        return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)

    def test_is_exactly_one(self, site: Client, north: Hall, shown: Adoption, at: Callable[[datetime], None]) -> None:
        """Announced, begun, required: each moment has its own one version, in the guide, the lists and the search."""
        item = Item.objects.get(pk=shown.item_id)
        now = timezone.now()
        begins, required = now + timedelta(days=1), now + timedelta(days=2)
        newer = make_approved(item, name="食品经营许可（新）", promised_days=8)
        publish_version(by=person("zhao"), version=newer, valid_from=begins, required_from=required)

        def reads() -> set[str]:
            guide, lines = site.get(address_of(shown)).text, site.get("/services/all/").text
            found = site.get("/services/find/?q=食品经营许可").text
            return {"new" if "（新）" in text else "old" for text in (guide, lines, found)}

        assert reads() == {"old"}
        at(begins)
        begin_version(version_id=newer.pk)
        # the hall has not accepted it
        assert reads() == {"old"}
        at(required - timedelta(microseconds=1))
        assert reads() == {"old"}
        at(required)
        require_version(version_id=newer.pk)
        assert reads() == {"new"}
        assert site.get("/services/all/").text.count("1 个事项") == 1

    def test_leaves_out_what_a_newer_one_overrules(self, site: Client, north: Hall) -> None:
        version = make_published()
        adoption = adopt(north, version)
        item = Item.objects.get(pk=version.item_id)
        show(north, save(north, adoption, part=hall_guide_for(item, promised_days=9, promised_unit="1")))
        assert "9 个工作日" in site.get(address_of(adoption)).text
        make_published(item, promised_days=5)
        text = site.get(address_of(adoption)).text
        assert "5 个工作日" in text
        assert "9 个工作日" not in text


class TestFile:
    @pytest.fixture
    def form(self) -> CatalogueFile:
        return make_form_file()

    @pytest.fixture
    def with_form(self, north: Hall, form: CatalogueFile) -> Adoption:
        rows = [whole_item()["materials"][0] | {"blank_form": str(form.pk)}]
        return make_shown(north, make_published(materials=rows))

    def test_is_had_from_the_guide(self, site: Client, with_form: Adoption, form: CatalogueFile) -> None:
        path = file_address(with_form, form)
        assert f'<a href="{path}">申请书.docx</a>' in site.get(address_of(with_form)).text
        answer = site.get(path)
        assert answer.status_code == 302
        assert form.key in answer["Location"]
        assert "private" in answer["Cache-Control"]

    def test_is_had_at_no_hall_that_does_not_show_it(
        self, site: Client, south: Hall, with_form: Adoption, form: CatalogueFile
    ) -> None:
        make_columns(south)
        other = Client(headers={"host": "south.yizhan.localhost"})
        assert other.get(file_address(with_form, form)).status_code == 404
        adopt(south, ItemVersion.objects.get(item_id=with_form.item_id), by="zhou")
        assert other.get(file_address(with_form, form)).status_code == 404

    def test_goes_with_the_item(self, site: Client, with_form: Adoption, form: CatalogueFile) -> None:
        suspend(Item.objects.get(pk=with_form.item_id), reason="核对")
        assert site.get(file_address(with_form, form)).status_code == 404

    def test_goes_with_the_version_that_named_it(self, site: Client, with_form: Adoption, form: CatalogueFile) -> None:
        make_published(Item.objects.get(pk=with_form.item_id), materials=whole_item()["materials"])
        Material.objects.update(blank_form=None)
        assert site.get(file_address(with_form, form)).status_code == 404

    def test_of_another_item_or_a_draft_is_not_handed_out(self, site: Client, shown: Adoption) -> None:
        form = make_form_file()
        make_item(5, materials=[whole_item()["materials"][0] | {"blank_form": str(form.pk)}])
        assert site.get(file_address(shown, form)).status_code == 404

    def test_named_as_mere_words_is_not_handed_out(self, site: Client, north: Hall, form: CatalogueFile) -> None:
        adoption = make_shown(north, make_published(conditions=f"见 {form.pk}"))
        assert site.get(file_address(adoption, form)).status_code == 404

    def test_comes_with_a_shared_material(self, site: Client, north: Hall, shown: Adoption) -> None:
        form, other = make_form_file("空白表.docx"), make_form_file()
        Material.objects.filter(name="食品经营许可申请书").update(blank_form=form)
        Material.objects.create(name="没人用的材料", blank_form=other)
        change_hall(north)
        assert "空白表.docx" in site.get(address_of(shown)).text
        assert site.get(file_address(shown, form)).status_code == 302
        assert site.get(file_address(shown, other)).status_code == 404

    def test_of_the_item_goes_before_that_of_the_material(
        self, site: Client, with_form: Adoption, form: CatalogueFile
    ) -> None:
        other = make_form_file()
        Material.objects.filter(name="食品经营许可申请书").update(blank_form=other)
        assert site.get(file_address(with_form, form)).status_code == 302
        assert site.get(file_address(with_form, other)).status_code == 404


class TestCost:
    def test_of_a_guide_is_constant_and_near_an_articles(self, site: Client, north: Hall, shown: Adoption) -> None:
        # a hall without a text of its own asks once more whether something was pushed to it
        path, article = address_of(shown), make_article(north, "正文")
        few = queries_of(site, path)
        for number in range(1, 9):
            make_shown(north, make_item_of(number, f"事项{number}"))
        assert queries_of(site, path) == few
        # one of them: whether people can apply for it here on the site
        assert few <= queries_of(site, f"/a/{article.pk}/") + 4

    def test_of_a_kept_page_is_one_query(self, site: Client, shown: Adoption) -> None:
        for path in (address_of(shown), "/services/", "/services/all/", "/services/by/department/市场监督管理局/"):
            assert site.get(path).status_code == 200
            assert queries_of(site, path) == 1

    def test_of_the_lists_does_not_grow(self, site: Client, north: Hall, shown: Adoption) -> None:
        paths = ("/", "/services/", "/services/all/", "/services/find/?q=许可", "/sitemap.xml")
        few = {path: queries_of(site, path) for path in paths}
        for number in range(1, 9):
            make_shown(north, make_item_of(number, f"事项{number}"))
        assert {path: queries_of(site, path) for path in paths} == few | {
            "/services/find/?q=许可": few["/services/find/?q=许可"]
        }
