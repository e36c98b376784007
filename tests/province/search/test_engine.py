"""What is filed in Elasticsearch, how an index is built anew, and what becomes of searches while it is away."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings
from typer.testing import CliRunner

from config.cli import app
from config.doctor.services import search_engine_right
from config.metrics import render_metrics
from foundation.errors import Unavailable
from foundation.events.models import Event, EventDelivery
from foundation.events.operations import drain_events
from foundation.full_text import rebuilding, writing
from foundation.full_text.clients import engine
from foundation.full_text.indexes import INDEXES
from foundation.full_text.rebuilding import rebuild_index
from foundation.full_text.status import SLOW, engine_status
from foundation.full_text.unfiled import BEHIND
from foundation.full_text.writing import file_documents, renew_documents, written_indexes
from province.catalogue.queries import items_of_province
from province.catalogue.queries.indexing import ITEMS
from province.content.states import WithdrawalKind
from province.front.queries.items import services_now
from province.halls.models import Hall
from province.search.models import SiteArticle
from province.search.queries.articles import search_site_articles
from province.search.queries.indexing import ARTICLES, place_of
from tests.factories.catalogue import make_item, make_published
from tests.factories.people import client_of
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import make_article, make_columns
from tests.search_engine import FakeEngine, build_indexes, engine_of_tests, fake_engine, file_changes, make_visible
from tests.servers import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def _real(settings: Settings, db: None) -> Iterator[None]:
    """Empty indexes of the test's own."""
    with engine_of_tests() as (settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_PREFIX):
        build_indexes()
        yield


@pytest.fixture
def hall(north: Hall) -> Hall:
    make_columns(north)
    return north


def titles(words: str) -> list[str]:
    return [hit.title_html.replace("<mark>", "").replace("</mark>", "") for hit in search_site_articles(words, limit=9)]


def found_in_engine() -> int:
    make_visible()
    answer = engine(patience=30).count(index=ARTICLES.alias, query={"term": {"is_shown": True}})
    return int(answer["count"])


@pytest.mark.usefixtures("_real")
class TestFiling:
    def test_changes_nothing_by_a_repeat_or_a_late_call(self, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        article = make_article(hall, "水费缴纳办法")
        early = writing.clock()
        [before] = ARTICLES.documents_of([article.pk])
        SiteArticle.objects.filter(pk=article.pk).delete()
        file_changes()
        renew_documents(ARTICLES, [article.pk], place=place_of(hall.pk))
        assert found_in_engine() == 0
        # somebody read the row before it went, and comes to the server only now
        late = replace(ARTICLES, documents_of=lambda _: [before])
        with monkeypatch.context() as patched:
            patched.setattr(writing, "clock", lambda: early)
            file_documents(late, [article.pk], written_indexes(ARTICLES))
        assert found_in_engine() == 0
        # and so that the above was a late call and nothing else
        file_documents(late, [article.pk], written_indexes(ARTICLES))
        assert found_in_engine() == 1
        # an index that was replaced a moment ago is not made anew by who writes to it
        file_documents(late, [article.pk], [f"{ARTICLES.alias}-gone"])
        assert not engine(patience=30).indices.exists(index=f"{ARTICLES.alias}-gone*", allow_no_indices=False)

    def test_of_a_push_follows_every_turn(self, hall: Hall) -> None:
        push = make_push(title="暖心补贴发放")
        file_changes()
        query = {"bool": {"filter": [{"term": {"is_shown": True}}, {"term": {"keys": f"push:{push.pk}"}}]}}
        alias = INDEXES["pushes"].alias
        assert engine(patience=30).count(index=alias, query=query)["count"] == 1
        withdraw(push, WithdrawalKind.GONE)
        file_changes()
        assert engine(patience=30).count(index=alias, query=query)["count"] == 0


@pytest.mark.usefixtures("_real")
class TestRebuild:
    def test_goes_on_where_it_was_killed_and_loses_nothing(self, hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
        old = [make_article(hall, f"社区食堂{number}") for number in range(5)]
        file_changes()
        monkeypatch.setattr(rebuilding, "_BATCH", 2)
        told: list[int] = []

        def kill(filed: int, _: int) -> None:
            told.append(filed)
            if filed == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild_index(ARTICLES, tell=kill)
        # readers see the old index; what changes meanwhile goes into both, whether the build was there before or not
        assert len(titles("社区食堂")) == 5
        assert len(written_indexes(ARTICLES)) == 2
        SiteArticle.objects.filter(pk=old[0].pk).update(title="改名的食堂零")
        renew_documents(ARTICLES, [old[0].pk])
        SiteArticle.objects.filter(pk=old[1].pk).delete()
        renew_documents(ARTICLES, [old[1].pk], place=place_of(hall.pk))
        make_article(hall, "社区食堂新开")
        file_changes()
        rebuilt = rebuild_index(ARTICLES)
        assert (rebuilt.went_on, told) == (True, [2, 4])
        assert written_indexes(ARTICLES) == [rebuilt.name]
        assert set(titles("食堂")) == {"改名的食堂零", *(f"社区食堂{number}" for number in (2, 3, 4)), "社区食堂新开"}
        # the old one, and what was gone in it, ended with the switch
        assert len(engine(patience=30).indices.get(index=f"{ARTICLES.alias}-2*").body) == 1

    def test_is_asked_for_and_seen_on_the_command_line(self, hall: Hall) -> None:
        make_article(hall, "便民停车场开放")
        run = CliRunner().invoke(app, ["search", "rebuild", "articles", "--json"])
        assert run.exit_code == 0, run.output
        [line] = json.loads(run.stdout)
        assert (line["index"], line["documents"]) == ("articles", 1)
        file_changes()
        run = CliRunner().invoke(app, ["search", "status", "--json"])
        found = {one["index"]: one for one in json.loads(run.stdout)["indexes"]}
        assert (found["articles"]["documents"], found["articles"]["rows"], found["articles"]["waiting"]) == (1, 1, 0)
        assert CliRunner().invoke(app, ["search", "rebuild", "nothing"]).exit_code != 0

    def test_is_asked_for_where_the_index_is_behind_or_lacks_rows(self, hall: Hall) -> None:
        make_article(hall, "老年食堂")
        EventDelivery.objects.filter(subscriber=ARTICLES.subscriber).delete()
        fault = search_engine_right()
        assert fault
        assert "索引里的比数据库少：服务厅的文章" in getattr(fault, "fault", "")
        rebuild_index(ARTICLES)
        assert search_engine_right() is None or "应答慢" in engine_status().fault


class TestOutage:
    @pytest.fixture
    def fake(self, settings: Settings) -> Iterator[FakeEngine]:
        with fake_engine() as fake:
            settings.ELASTICSEARCH_URL = fake.address
            yield fake

    @pytest.mark.parametrize(
        ("status", "says", "is_silent"),
        [
            (200, b"", True),
            (503, b'{"error":"no master"}', False),
            (401, b'{"error":"no key"}', False),
            (400, b'{"error":"what?"}', False),
            (404, b'{"error":"no such index"}', False),
            (200, b"{}", False),
            (200, b"<html>not json</html>", False),
            (200, b'{"hits":{"total":{"value":"many"},"hits":[]}}', False),
            (200, b'{"hits":{"total":{"value":1},"hits":[{"_id":"x","_score":null}]}}', False),
        ],
    )
    def test_lets_the_database_answer(
        self, fake: FakeEngine, hall: Hall, status: int, says: bytes, *, is_silent: bool
    ) -> None:
        article = make_article(hall, "殡葬服务指南")
        fake.status, fake.says, fake.is_silent = status, says, is_silent
        page = client_of().get("/search/", {"q": "殡葬服务"})
        assert page.status_code == 200
        assert f"/a/{article.pk}/" in page.text
        assert fake.asked
        # items, powers, texts, articles: after the third failure nobody is asked, or waited for, any more
        assert (status != 503 and not is_silent) or len(fake.asked) == 3

    @pytest.mark.parametrize("state", [EventDelivery.State.WAITING, EventDelivery.State.DEAD])
    def test_lets_the_database_answer_while_a_change_waits_too_long(
        self, fake: FakeEngine, hall: Hall, state: EventDelivery.State
    ) -> None:
        """The server answers, and knows nothing of what was written since."""
        article, version = make_article(hall, "殡葬服务指南"), make_published(make_item(1, name="殡葬补贴"))
        own = EventDelivery.objects.filter(subscriber__in=[ARTICLES.subscriber, ITEMS.subscriber])
        own.update(state=state)
        EventDelivery.objects.exclude(pk__in=own).delete()
        fake.says = b"""{"hits":{"total":{"value":0},"hits":[]},
            "_all":{"primaries":{"docs":{"count":99},"store":{"size_in_bytes":1}}}}"""
        for seconds, is_late in ((BEHIND - 30, False), (BEHIND + 30, True)):
            Event.objects.update(created_at=timezone.now() - timedelta(seconds=seconds))
            fake.asked.clear()
            assert titles("殡葬服务") == ([article.title] if is_late else [])
            assert [one.item_id for one in items_of_province("殡葬", services_now(), limit=9)] == [version.item_id]
            assert bool(fake.asked) != is_late
            assert ("现在由数据库代为搜索" in engine_status().fault) == is_late
        # what waits for one index keeps no other from answering
        own.filter(subscriber=ARTICLES.subscriber).delete()
        assert titles("殡葬服务") == []

    def test_is_near_where_it_is_slow_and_said_so(self, fake: FakeEngine, hall: Hall) -> None:
        """It answers, has whatever it should have, and takes its time."""
        make_article(hall, "老年食堂")
        EventDelivery.objects.all().delete()
        fake.says = b'{"_all":{"primaries":{"docs":{"count":99},"store":{"size_in_bytes":1}}}}'
        assert search_engine_right() is None
        assert '<span class="light red">应答慢' not in client_of("xu").get("/console/services/").text
        fake.slow, fake.seconds = "/_cluster/health", SLOW + 0.2
        assert '<span class="light red">应答慢' in client_of("xu").get("/console/services/").text
        assert "应答慢" in getattr(search_engine_right(), "fault", "")

    def test_is_no_answer_by_hits_that_are_not_ours(self, fake: FakeEngine, hall: Hall) -> None:
        """A server that lies can name rows, but not show what readers may not see."""
        article = make_article(hall, "尚未发布的方案")
        SiteArticle.objects.filter(pk=article.pk).delete()
        hits = [{"_id": str(one), "_score": 9.0} for one in (article.pk, UUID(int=1))]
        fake.says = json.dumps({"hits": {"total": {"value": 2}, "hits": hits}}).encode()
        assert titles("方案") == []

    def test_keeps_changes_until_it_is_over_and_is_seen(self, hall: Hall, settings: Settings) -> None:
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
        for number in range(3):
            make_article(hall, f"断网时发布{number}")
        EventDelivery.objects.exclude(subscriber=ARTICLES.subscriber).delete()
        assert drain_events() == 1
        states = set(EventDelivery.objects.values_list("state", "attempts"))
        assert states == {(EventDelivery.State.WAITING, 0)}
        assert "搜索引擎没有应答" in EventDelivery.objects.exclude(last_error="").get().last_error
        assert len(titles("断网时发布")) == 3
        fault = search_engine_right()
        assert "没有应答" in getattr(fault, "fault", "")
        assert '<span class="light red">没有应答' in client_of("xu").get("/console/services/").text
        metrics = render_metrics()[0].decode()
        assert "yizhan_search_engine_away 1.0" in metrics
        assert float(_figure(metrics, "yizhan_search_behind_seconds")) > 0
        with pytest.raises(Unavailable, match="没有应答"):
            rebuild_index(ARTICLES)
        settings.ELASTICSEARCH_URL = ""
        assert "由数据库搜索" in client_of("xu").get("/console/services/").text
        assert "yizhan_search_engine_away 0.0" in render_metrics()[0].decode()
        assert CliRunner().invoke(app, ["search", "rebuild"]).exit_code != 0


def _figure(metrics: str, name: str) -> Any:
    return next(line.split()[1] for line in metrics.splitlines() if line.startswith(f"{name} "))
