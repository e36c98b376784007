"""The search over articles, pushes and items: the same by PostgreSQL and by Elasticsearch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from foundation.full_text import asking
from foundation.full_text.status import engine_status
from foundation.tokenizing import search_words
from province.catalogue.models import Office
from province.catalogue.operations.extra_elements import define_element, end_element, revise_element, turn_element
from province.catalogue.queries import found_items, items_of_province
from province.catalogue.queries.element_drafts import ElementWords
from province.content.models import HallPushDecision
from province.content.queries.audiences import Audience, Scope
from province.content.queries.pushes import search_province_pushes, search_pushes
from province.content.states import PushMode, WithdrawalKind
from province.front.queries.items import services_now
from province.halls.models import Hall
from province.halls.queries.sites import site_address
from province.halls.states import HallState
from province.search.models import SiteArticle
from province.search.queries import articles
from province.search.queries.articles import search_site_articles
from province.search.queries.indexing import place_of
from tenants.portal.operations.article_reports import report_site_again
from tenants.portal.operations.articles import restore_article, withdraw_article
from tenants.portal.operations.columns import hide_column, show_column
from tenants.portal.queries.search import search_site
from tenants.portal.states import ArticleState
from tests.conftest import person
from tests.factories.catalogue import make_item, make_published, suspend
from tests.factories.people import client_of
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import inside, make_article, make_columns
from tests.search_engine import build_indexes, engine_of_tests, file_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[str, str]]:
    """One set of indexes for all tests here: what one has filed stays there for the next, whose database lacks it."""
    with engine_of_tests() as found:
        yield found


@pytest.fixture(params=["postgresql", "elasticsearch"], autouse=True)
def _engine(request: pytest.FixtureRequest, settings: Settings, db: None) -> None:
    if request.param == "elasticsearch":
        settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX = request.getfixturevalue("real")
        if not all(one.is_built for one in engine_status().indexes):
            build_indexes()


@pytest.fixture
def halls(north: Hall, south: Hall) -> tuple[Hall, Hall]:
    for hall in (north, south):
        make_columns(hall)
    return north, south


def titles_at(hall: Hall, words: str) -> list[str]:
    with inside(hall):
        found = search_site(hall, words, limit=20)
    return [hit.title_html.replace("<mark>", "").replace("</mark>", "") for hit in found]


def titles(words: str) -> list[str]:
    found = search_site_articles(words, limit=20)
    return [hit.title_html.replace("<mark>", "").replace("</mark>", "") for hit in found]


class TestSiteSearch:
    def test_finds_by_words_by_a_part_of_a_title_and_with_a_slip(self, halls: tuple[Hall, Hall]) -> None:
        north, _ = halls
        make_article(north, "社会保障卡补换指南", body="<p>带身份证到一楼窗口。</p>")
        make_article(north, "党群服务中心开放时间")
        make_push(title="全省社会保障卡业务通办")
        file_changes()
        assert set(titles_at(north, "社会保障卡")) == {"社会保障卡补换指南", "全省社会保障卡业务通办"}
        # of the text alone; of a title, across words; half-width and small
        assert titles_at(north, "身份证 窗口") == ["社会保障卡补换指南"]
        assert titles_at(north, "障卡补") == ["社会保障卡补换指南"]
        assert titles_at(north, "社会保证卡补换指南")[0] == "社会保障卡补换指南"
        assert titles_at(north, "没有这样的词") == []
        page = client_of(host="north.yizhan.localhost").get("/search/", {"q": "社会保障卡"}).text
        assert "找到 2 条结果" in page
        assert "<mark>社会保障</mark>" in page

    def test_ranks_the_newest_of_many_that_have_the_words(
        self, halls: tuple[Hall, Hall], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of a thousand and more; titles that are only alike come where fewer than a hundred have the words."""
        for module, few, most in ((asking, "_ENOUGH", "_NEWEST"), (articles, "_FEW", "_MOST")):
            monkeypatch.setattr(module, few, 2)
            monkeypatch.setattr(module, most, 3)
        north, today = halls[0], timezone.now()
        for days in (1, 2, 3, 4):
            make_article(north, f"高温津贴发放{days}", published_at=today - timedelta(days=days))
        make_article(north, "高温津帖发放", published_at=today)
        make_article(north, "龙舟竞渡路线", published_at=today)
        file_changes()
        assert set(titles("高温津贴")) == {f"高温津贴发放{days}" for days in (1, 2, 3)}
        # one alone has these words, so that titles are compared
        assert titles("龙舟竟渡路线") == ["龙舟竞渡路线"]

    def test_lets_go_at_commit_of_what_is_taken_down(self, halls: tuple[Hall, Hall]) -> None:
        north, _ = halls
        article = make_article(north, "低保标准调整的通知")
        push = make_push(title="低保标准全省统一")
        file_changes()
        assert (len(titles_at(north, "低保标准")), titles("低保标准")) == (2, ["低保标准调整的通知"])
        # nobody has told the engine yet
        with inside(north):
            withdraw_article(by=person("li"), hall=north, article_id=article.pk, reason="数字有误")
        withdraw(push, WithdrawalKind.GONE)
        assert (titles_at(north, "低保标准"), titles("低保标准")) == ([], [])
        assert search_province_pushes("低保标准", limit=9) == []
        file_changes()
        with inside(north):
            restore_article(by=person("li"), hall=north, article_id=article.pk)
            hide_column(by=person("li"), hall=north, code="news")
        file_changes()
        assert (titles_at(north, "低保标准"), titles("低保标准")) == ([], [])
        with inside(north):
            show_column(by=person("li"), hall=north, code="news")
        file_changes()
        assert titles_at(north, "低保标准") == titles("低保标准") == ["低保标准调整的通知"]

    def test_keeps_halls_apart_whatever_is_typed(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        make_article(south, "枝江港区夜航规定")
        make_article(south, "枝江港区夜航草稿", state=ArticleState.DRAFT)
        own = make_article(north, "北厅港区公告")
        file_changes()
        assert titles_at(south, "夜航") == ["枝江港区夜航规定"]
        for typed in (
            *("夜航", "枝江港区夜航规定", "枝江港区夜航草稿", "*", "?", "夜*", "*:*", "title:夜航", "_exists_:keys"),
            *(f"夜航 keys:hall：{south.pk}", '夜航"}]},"query":{"match_all":{}}', f"夜航 OR hall:{south.pk}"),
            *(f"hall:{south.pk}", str(south.pk), place_of(south.pk), "halls", "夜航）OR (1:1", "夜航 \\", "/.*/", "%_"),
        ):
            assert not [one for one in titles_at(north, typed) if "枝江" in one], typed
            assert "草稿" not in "".join([*titles(typed), *titles_at(south, typed)]), typed
        assert titles_at(north, "港区公告") == [own.title]

    def test_shows_pushes_to_those_halls_that_are_meant(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        make_push(title="防汛值守安排甲", audience=Audience((Scope("420583"),)))
        make_push(title="防汛值守安排乙", audience=Audience((Scope("42"),), (Scope("420583"),)))
        offered = make_push(title="防汛值守安排丙", mode=PushMode.OFFERED)
        file_changes()

        def found(hall: Hall) -> set[str]:
            return {hit.title[-1] for hit in search_pushes(hall, "防汛值守")}

        assert (found(north), found(south)) == ({"乙"}, {"甲"})
        decision = {"manuscript_id": offered.version.manuscript_id, "decided_by_name": "孙北"}
        HallPushDecision.objects.create(hall_id=north.pk, push_id=offered.pk, decision="adopted", **decision)
        assert (found(north), found(south)) == ({"乙", "丙"}, {"甲"})

    def test_lets_the_next_ones_take_the_place_of_what_is_gone(self, halls: tuple[Hall, Hall]) -> None:
        north, _ = halls
        gone = [make_article(north, f"停水停水停水停水通知{number}") for number in range(9)]
        for number in range(3):
            make_article(north, f"本周管网检修和停水{number}")
        file_changes()
        with inside(north):
            for article in gone:
                withdraw_article(by=person("li"), hall=north, article_id=article.pk, reason="过期")
            with CaptureQueriesContext(connection) as captured:
                found = search_site(north, "停水", limit=3)
        assert len(found) == 3
        # hits are looked up together: two questions of a round, and one for the offers that the hall has adopted
        assert len([one for one in captured if "rank" in one["sql"]]) <= 6


class TestProvinceSearch:
    def test_finds_halls_items_and_all_halls_articles_on_one_page(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        make_article(north, "当阳长坂坡关公庙会")
        gone = make_article(south, "枝江庙会停办公告")
        make_published(make_item(1, name="庙会活动许可"))
        make_push(title="全省庙会安全提示")
        file_changes()
        page = client_of().get("/search/", {"q": "庙会"}).text
        for part in ("庙会</mark>活动许可", "各服务厅的文章"):
            assert part.replace("</mark>", "") in page.replace("</mark>", "").replace("<mark>", "")
        assert f"{site_address('south.yizhan.localhost')}/a/{gone.pk}/" in page
        assert north.name in page
        Hall.objects.filter(pk=south.pk).update(state=HallState.SUSPENDED)
        page = client_of().get("/search/", {"q": "庙会"}).text
        assert f"{site_address('south.yizhan.localhost')}/a/" not in page
        assert f"{site_address('north.yizhan.localhost')}/a/" in page

    def test_bears_every_input(self) -> None:
        for words in ("", "&|!():*", '"}]}', "*", "<script>", "不存在的词" * 40, "a" * 5_000, "夜航~9"):
            page = client_of().get("/search/", {"q": words})
            assert page.status_code == 200
            assert "<script>" not in page.text.partition("<main")[2]

    def test_finds_the_same_items_in_the_same_order(self) -> None:
        names = (
            "居民身份证补领",
            "最低生活保障金给付",
            "社会保障卡挂失",
            "不动产登记",
            "医学证明补发",
            "保障性住房申请",
        )
        made = [make_published(make_item(number, name=name)) for number, name in enumerate(names, 1)]
        suspend(made[-1].item)
        file_changes()
        code = made[3].item.basic_code[:6]
        asked = ("身份证", "身份证丢了", "低保", "保障", "dibao", "sbk", "shenfenzheng", code, "登计")
        for words in asked:
            expected = [one.name for one in found_items(words, version_ids=services_now())]
            assert [one.name for one in items_of_province(words, services_now(), limit=20)] == expected, words
        assert items_of_province("保障", services_now(), limit=20)

    def test_reads_added_elements_as_far_as_citizens_see_them(self) -> None:
        office = Office.objects.filter(retired_at=None).order_by("step", "code")[0]
        told = ElementWords(label="适用人群", item_types=["01"], section="place", starts_on=timezone.localdate())
        kinds = {"text": {}, "choice": {"options": ["渔船船员", "林场职工"]}}
        told_by = [
            define_element(
                by=person("zhao"),
                words=replace(told, label=f"{told.label}{kind}", **more),  # type: ignore[arg-type]
                kind=kind,
                filler="province",
                office_code=office.code,
            )
            for kind, more in kinds.items()
        ]
        text, choice = told_by
        version = make_published(make_item(**{text.name: "糖油粑粑摊主也能办", choice.name: "1"}))
        plain = make_published(make_item(1, name="渔业捕捞许可"))

        def found(words: str) -> list[UUID]:
            file_changes()
            return [one.item_id for one in items_of_province(words, services_now(), limit=20)]

        assert found("糖油粑粑") == [version.item_id]
        assert version.item_id in found("渔船船员")
        assert version.item_id not in found("林场职工")
        # another value counts with the version that has it
        value = version.item.values | {text.name: "榫卯作坊也能办"}
        make_published(version.item, **value)
        assert (found("糖油粑粑"), found("榫卯")) == ([], [version.item_id])
        # hidden from citizens, it finds nothing; shown again, it does
        for is_hidden, stamp in ((True, "1"), (False, "2")):
            row = revise_element(
                by=person("zhao"),
                name=text.name,
                stamp=stamp,
                words=replace(told, label=text.label, is_hidden=is_hidden),
            )
            turn_element(element_id=row.pk)
            assert found("榫卯") == ([] if is_hidden else [version.item_id])
        turn_element(element_id=end_element(by=person("zhao"), name=text.name, stamp="3", ends_on=row.starts_on).pk)
        assert found("榫卯") == []
        assert plain.item_id in found("渔业捕捞")

    def test_knows_a_hall_as_its_archive_has_it(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        article = make_article(north, "恢复以前的旧闻")
        kept = make_article(south, "另一厅的旧闻")
        SiteArticle.objects.filter(pk=article.pk).update(title="归档以后才改的旧闻")
        SiteArticle.objects.create(
            hall=north, title="归档以后的旧闻", search_words=search_words("旧闻"), published_at=article.published_at
        )
        file_changes()
        with inside(north):
            report_site_again(north)
        file_changes()
        assert set(titles("旧闻")) == {article.title, kept.title}
