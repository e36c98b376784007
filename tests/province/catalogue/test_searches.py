"""What is searched for without success: counted without any person, shown as work where it is not rare, and closed by
the word that was missing."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as Unreachable

from foundation.counters import count_one
from foundation.errors import Invalid, NotAllowed
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.catalogue.models import HallSearchDecision, Item, SearchDecision, SearchTally
from province.catalogue.operations import folding, searches
from province.catalogue.operations.searches import (
    DECISIONS_KEPT,
    KEPT,
    count_opened,
    count_search,
    fold_searches,
    kept_words,
    settle_hall_search,
    settle_search,
    try_missed_again,
)
from province.catalogue.operations.words import add_word_rule, change_word_rule
from province.catalogue.queries.searches import missed_texts
from province.catalogue.states import SearchVerdict, WordKind
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import make_department, make_item, make_published
from tests.factories.people import client_of
from tests.factories.sites import make_columns

pytestmark = pytest.mark.django_db

MARRIAGE, SAID = "结婚登记", "办喜酒那张纸"


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Valkey is shared by all tests of the process."""
    fold_searches()
    SearchTally.objects.all().delete()
    yield
    fold_searches()


@pytest.fixture
def marriage() -> Item:
    return make_published(make_item(1, department=make_department("民政局"), name=MARRIAGE)).item


def ago(days: int) -> timezone.datetime:  # type: ignore[name-defined]
    return timezone.localdate() - timedelta(days=days)


def missed(words: str, *, hall: Hall | None, times: int, days: tuple[int, ...] = (1, 2), **numbers: int) -> None:
    """So often on each of these days."""
    for day in days:
        SearchTally.objects.create(
            hall_id=hall.pk if hall else None, day=ago(day), words=words, **{"missed": times} | numbers
        )


def listed(hall: Hall | None = None) -> list[str]:
    return [one.words for one in missed_texts(hall.pk if hall else None)]


class TestKeptWords:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  低保　年审 ", "低保 年审"),
            ("查420582199001010011社保", "查****社保"),
            ("查４２０５８２１９９００１０１００１Ｘ社保", "查****社保"),
            ("我的电话138 0000-1111补卡", "我的电话****补卡"),
            ("一三八〇〇〇〇一一一一补卡", "****补卡"),
            ("补卡wang@example.com", "补卡****"),
            ("工单20261129001到哪了", "工单****到哪了"),
            ("65岁免费坐车", "65岁免费坐车"),
            ("420582199001010011", ""),
            ("低", ""),
            ("我住在北门街道三组去年和邻居因为排水的事情打了官司后来法院判了现在要怎么办", ""),
        ],
    )
    def test_tell_nobody(self, typed: str, kept: str) -> None:
        assert kept_words(typed) == kept
        assert kept_words(kept) == kept


class TestSearchTally:
    def test_holds_nothing_of_who_asked_and_nothing_finer_than_the_day(self) -> None:
        kinds = {one.name: type(one) for one in SearchTally._meta.get_fields()}
        assert kinds.keys() == {"id", "hall_id", "day", "words", "missed", "found", "opened"}
        assert models.DateTimeField not in kinds.values()
        # a key that is ordered by time would tell the minute
        assert SearchTally().pk.version == 4

    def test_adds_up_by_hall_and_day_once_wherever_the_fold_was_killed(
        self, north: Hall, south: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for hall_id in (north.pk, north.pk, south.pk, None):
            count_search(hall_id, "发射火箭", is_found=False)
        count_search(None, "发射火箭", is_found=True)
        count_opened(None, "发射火箭")
        count_one("searches", "nonsense/x")
        with monkeypatch.context() as patched:
            patched.setattr(folding, "forget_counts", lambda *_: (_ for _ in ()).throw(Unreachable()))
            with pytest.raises(Unreachable):
                fold_searches()
        assert fold_searches() == 0
        rows = {row[0]: row[1:] for row in SearchTally.objects.values_list("hall_id", "missed", "found", "opened")}
        assert rows == {north.pk: (2, 0, 0), south.pk: (1, 0, 0), None: (1, 1, 1)}
        count_search(None, "发射火箭", is_found=False)
        assert fold_searches() == 1
        assert SearchTally.objects.get(hall_id=None).missed == 2

    def test_takes_the_most_asked_of_what_somebody_made_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(searches, "MOST_TEXTS", 1)
        for words in ("发射火箭", "发射火箭", "登月许可"):
            count_search(None, words, is_found=False)
        fold_searches()
        assert SearchTally.objects.get().words == "发射火箭"

    def test_is_forgotten_after_thirty_days_and_decisions_after_a_year(self) -> None:
        missed("发射火箭", hall=None, times=9, days=(KEPT.days, KEPT.days + 1))
        for words, days in (("新的", 1), ("旧的", DECISIONS_KEPT.days + 1)):
            SearchDecision.objects.create(words=words, verdict="done", decided_on=ago(days))
            HallSearchDecision.objects.create(hall_id=uuid4(), words=words, verdict="done", decided_on=ago(days))
        fold_searches()
        assert SearchTally.objects.count() == 1
        assert SearchDecision.objects.get().words == HallSearchDecision.objects.get().words == "新的"


class TestSites:
    def test_count_what_is_searched_and_whether_it_led_on(self, north: Hall, marriage: Item) -> None:
        make_columns(north)
        make_shown(north, marriage.versions.get())
        site = Client(headers={"host": "north.yizhan.localhost"})
        search = {"referer": "http://north.yizhan.localhost/search/?q=%E7%BB%93%E5%A9%9A"}
        for words in ("发射火箭 13800001111", "结婚"):
            site.get("/search/", {"q": words})
            site.get("/services/find/", {"q": words})
        site.get("/services/find/", {"q": "结婚"}, headers=search)
        site.get("/search/", {"q": "结婚"}, headers={"user-agent": "Baiduspider/2.0"})
        site.get(f"/services/{marriage.pk}/", headers=search)
        site.get(
            f"/services/{marriage.pk}/", headers={"referer": "http://other.localhost/search/?q=%E7%BB%93%E5%A9%9A"}
        )
        portal = Client(headers={"host": "yizhan.localhost"})
        portal.get("/search/", {"q": "发射火箭"})
        portal.get("/services/", headers={"referer": "http://yizhan.localhost/search/?q=%E7%BB%93%E5%A9%9A"})
        fold_searches()
        rows = {(one.hall_id, one.words): (one.missed, one.found, one.opened) for one in SearchTally.objects.all()}
        assert rows == {
            (north.pk, "发射火箭 ****"): (2, 0, 0),
            (north.pk, "结婚"): (0, 2, 1),
            (None, "发射火箭"): (1, 0, 0),
            (None, "结婚"): (0, 0, 1),
        }


class TestMissedTexts:
    def test_leaves_out_what_is_rare(self, north: Hall, south: Hall) -> None:
        missed("发射火箭", hall=north, times=3)
        missed("火箭", hall=north, times=2)
        missed("月票", hall=north, times=1)
        missed("一天", hall=north, times=50, days=(1,))
        missed("火箭", hall=south, times=1)
        missed("点开了", hall=north, times=0, found=9, opened=1)
        missed("没人点", hall=north, times=0, found=9)
        assert listed(north) == ["发射火箭", "火箭", "没人点"]
        assert listed(south) == []
        assert listed() == ["发射火箭", "火箭", "没人点"]
        assert next(one for one in missed_texts() if one.words == "火箭").halls == 2

    def test_shows_a_rare_one_to_the_province_where_a_hall_reports_it(self, north: Hall, south: Hall) -> None:
        missed("火箭", hall=north, times=2)
        assert listed() == []
        settle_hall_search(by=person("sun"), hall_id=north.pk, words="火箭", verdict=SearchVerdict.REPORTED)
        assert (listed(north), listed()) == ([], ["火箭"])
        assert missed_texts()[0].is_reported
        # settled for all
        settle_search(by=person("zhao"), words="火箭", verdict=SearchVerdict.DONE)
        assert (listed(north), listed(), listed(south)) == ([], [], [])

    def test_opens_again_what_is_missed_later_but_not_what_is_nobodys(self, north: Hall) -> None:
        for words in ("火箭", "天气"):
            missed(words, hall=north, times=9, days=(5, 6))
        settle_search(by=person("zhao"), words="火箭", verdict=SearchVerdict.DONE)
        settle_search(by=person("zhao"), words="天气", verdict=SearchVerdict.NOT_OURS)
        SearchDecision.objects.update(decided_on=ago(4))
        assert listed() == []
        for words in ("火箭", "天气"):
            missed(words, hall=north, times=9, days=(1, 2))
        assert listed() == ["火箭"]
        assert listed(north) == ["火箭"]

    def test_is_a_halls_own_word_for_itself_alone(self, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            missed("火箭", hall=hall, times=9)
        settle_hall_search(by=person("sun"), hall_id=north.pk, words="火箭", verdict=SearchVerdict.NOT_OURS)
        assert (listed(north), listed(south), listed()) == ([], ["火箭"], ["火箭"])
        with pytest.raises(NotAllowed):
            settle_hall_search(by=person("sun"), hall_id=south.pk, words="火箭", verdict=SearchVerdict.DONE)
        with pytest.raises(NotAllowed):
            settle_search(by=person("sun"), words="火箭", verdict=SearchVerdict.DONE)
        for words, verdict in (("火箭", "found"), ("420582199001010011", "done")):
            with pytest.raises(Invalid):
                settle_hall_search(by=person("sun"), hall_id=north.pk, words=words, verdict=verdict)

    def test_leaves_no_text_in_the_audit(self, north: Hall) -> None:
        settle_hall_search(by=person("sun"), hall_id=north.pk, words="火箭", verdict="done")
        settle_search(by=person("zhao"), words="火箭", verdict="not_ours")
        entries = AuditEntry.objects.filter(object_type="searched_text")
        assert entries.count() == 2
        assert not [one for one in entries if "火箭" in str(one.changes)]


class TestWordsAdded:
    def test_close_what_is_found_by_them_now(self, marriage: Item) -> None:
        missed(SAID, hall=None, times=9)
        missed("发射火箭", hall=None, times=8)
        assert try_missed_again() == 0
        rule = add_word_rule(by=person("zhao"), kind=WordKind.SAYING, words=["喜酒 纸"], named=[MARRIAGE])
        change_word_rule(by=person("zhao"), rule=rule, revision=1, words=["喜酒 纸", "喜酒证"], named=[MARRIAGE])
        drain_events()
        found = SearchDecision.objects.get()
        assert (found.words, found.verdict, found.note) == (SAID, SearchVerdict.FOUND, MARRIAGE)
        assert listed() == ["发射火箭"]
        assert try_missed_again() == 0

    def test_are_one_click_from_the_console_where_it_says_what_is_found_now(self, north: Hall) -> None:
        missed(SAID, hall=north, times=9)
        console = client_of("zhao")
        page = console.get("/console/items/searches/").text
        assert SAID in page
        assert "找不到" in page
        said = f"/console/items/words/new/?said={'%E5%8A%9E%E5%96%9C%E9%85%92%E9%82%A3%E5%BC%A0%E7%BA%B8'}"
        assert said in page
        assert SAID in console.get(said).text
        assert (
            console.post("/console/items/searches/settle/", {"words": SAID, "verdict": "not_ours"}).status_code == 302
        )
        assert SAID not in console.get("/console/items/searches/").text

    def test_are_asked_for_at_the_desk(self, north: Hall) -> None:
        missed(SAID, hall=north, times=4)
        desk = client_of("sun", host="north.yizhan.localhost")
        assert SAID in desk.get("/desk/items/searches/").text
        answer = desk.post("/desk/items/searches/settle/", {"words": SAID, "verdict": "reported"}, follow=True)
        assert "已报省里" in answer.text
        assert missed_texts()[0].is_reported
        assert SAID not in client_of("zhou", host="south.yizhan.localhost").get("/desk/items/searches/").text
