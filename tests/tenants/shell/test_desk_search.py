"""Ctrl K at the desk and at the console: what is found, and by whom."""

import re

import pytest

from province.catalogue.models import Item
from province.halls.models import Hall
from tests.factories.adoptions import make_shown
from tests.factories.engagement import make_handler, make_question
from tests.factories.people import client_of
from tests.factories.sites import make_article, make_columns

pytestmark = pytest.mark.django_db
NORTH, SOUTH, PROVINCE = "north.yizhan.localhost", "south.yizhan.localhost", "yizhan.localhost"
PATHS = {PROVINCE: "/console/search/"}


def found(username: str, words: str, host: str = NORTH) -> dict[str, list[str]]:
    """Group -> names."""
    answer = client_of(username, host).get(PATHS.get(host, "/desk/search/"), {"q": words})
    assert answer.status_code == 200
    groups = re.findall(r'<h2 id="group-\d+">([^<]+)</h2>(.*?)</section>', answer.content.decode(), re.DOTALL)
    return {name: re.findall(r'<td><a href="[^"]+">([^<]*)</a>', rows) for name, rows in groups}


class TestDeskSearch:
    def test_finds_articles_the_last_edited_first(self, north: Hall) -> None:
        make_columns(north)
        make_article(north, "医保缴费延时")
        make_article(north, "医保缴费提醒")
        assert found("sun", "医保")["文章"] == ["医保缴费提醒", "医保缴费延时"]
        # who writes no articles finds none, and another hall's people none of these
        assert "文章" not in found("hua", "医保")
        assert "文章" not in found("zhou", "医保", SOUTH)

    def test_finds_items_by_initials(self, north: Hall) -> None:
        adoption = make_shown(north)

        item = Item.objects.get(pk=adoption.item_id)
        assert found("sun", item.sounds.split()[-1])["事项"] == [item.name]

    def test_finds_questions_by_words_and_number_for_those_whose_they_are(self, north: Hall) -> None:
        handler = make_handler(north, "she", "社保科")
        unit = handler.positions.get().unit_id
        own = make_question(north, text="社保卡丢了怎么补", unit_id=unit)
        make_question(north, text="社保断缴怎么办，电话 13812345678")
        assert found("she", "社保")["咨询"] == ["社保卡丢了怎么补"]
        assert found("she", str(own.number))["咨询"] == ["社保卡丢了怎么补"]
        both = found("hua", "社保")["咨询"]
        assert len(both) == 2
        assert "13812345678" not in "".join(both)
        assert "咨询" not in found("zhou", "社保", SOUTH)

    def test_finds_colleagues_and_pages(self) -> None:
        assert found("sun", "lb")["人员"] == ["李北"]
        assert "人员" not in found("sun", "周南")
        assert found("sun", "文章")["页面"] == ["本厅文章"]
        assert found("sun", "qunzhong").get("页面") is None
        assert found("hua", "群众")["页面"] == ["群众咨询", "请群众评价"]

    def test_is_closed_to_those_for_whom_nothing_is_there(self) -> None:
        for username in ("wu", "zhou"):
            assert client_of(username, NORTH).get("/desk/search/?q=a").status_code == 403


class TestConsoleSearch:
    def test_finds_pages_people_and_halls_by_initials(self) -> None:
        hits = found("zhao", "当阳", PROVINCE)
        assert len(hits["服务厅"]) == 1
        assert len(found("zhao", "dys", PROVINCE)["服务厅"]) == 1
        assert found("zhao", "sb", PROVINCE)["人员"] == ["孙北"]
        assert found("zhao", "推稿", PROVINCE)["页面"] == ["推稿"]

    def test_shows_nobody_out_of_sight(self) -> None:
        assert found("he", "sunbei", PROVINCE)["人员"] == ["孙北"]
        assert "人员" not in found("he", "周南", PROVINCE)
        assert "服务厅" not in found("he", "当阳", PROVINCE)
