"""What waits (待办) in the top bar of console and desk: how much, what, and at what cost."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from province.halls.models import Hall
from tests.factories.engagement import make_question
from tests.factories.manuscripts import make_version_in_review
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
DESK, CONSOLE = "/desk/tasks/", "/console/tasks/"


def menu(client: Client, path: str) -> tuple[str, int]:
    """What htmx puts into the top bar, and how many queries that took."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return answer.text, len(queries)


def number_of(page: str) -> str:
    found = re.search(r'<b class="count">([^<]+)<', page)
    return found[1] if found else ""


class TestTasks:
    @pytest.mark.parametrize(
        ("username", "host", "path", "tasks"),
        [
            ("zhao", "yizhan.localhost", "/console/manuscripts/", CONSOLE),
            ("zhao", "yizhan.localhost", "/console/halls/", CONSOLE),
            ("hua", NORTH, "/desk/questions/", DESK),
            ("hua", NORTH, "/account/positions/", DESK),
        ],
    )
    def test_are_a_link_on_every_page(self, username: str, host: str, path: str, tasks: str) -> None:
        page = client_of(username, host).get(path).text
        assert f'hx-get="{tasks}" hx-trigger="load"' in page
        assert f'<a class="button" id="tasks-here" href="{tasks}">' in page

    def test_of_the_desk_are_counted_and_listed(self, north: Hall) -> None:
        hua = client_of("hua", NORTH)
        shown, _ = menu(hua, DESK)
        assert number_of(shown) == ""
        assert "现在没有要处理的事" in shown
        make_question(north, text="社保卡丢了怎么补")
        shown, few = menu(hua, DESK)
        assert number_of(shown) == "1"
        assert "社保卡丢了怎么补" in shown
        for number in range(9):
            make_question(north, text=f"第{number}个问题")
        shown, many = menu(hua, DESK)
        assert number_of(shown) == "8+"
        assert many == few
        page = hua.get(DESK).text
        assert "每类只列出前几件" in page

    def test_of_one_hall_are_not_anothers(self, north: Hall) -> None:
        make_question(north, text="社保卡丢了怎么补")
        assert number_of(menu(client_of("zhou", SOUTH), DESK)[0]) == ""
        # nor somebody's who does not answer here
        assert number_of(menu(client_of("zhou", NORTH), DESK)[0]) == ""

    def test_of_the_console_are_counted_and_go_once_they_are_done(self) -> None:
        lu = client_of("lu")
        before, few = menu(lu, CONSOLE)
        version = make_version_in_review()
        shown, _ = menu(lu, CONSOLE)
        assert number_of(before) == ""
        assert number_of(shown) == "1"
        assert "待我审核的稿件" in shown
        for _ in range(5):
            make_version_in_review()
        shown, many = menu(lu, CONSOLE)
        assert number_of(shown) == "6"
        assert many - few <= 1
        facts = {"step": version.state, "decision": "pass"}
        assert lu.post(f"/console/versions/{version.pk}/", facts).status_code == 302
        assert number_of(menu(lu, CONSOLE)[0]) == "5"

    def test_are_closed_to_strangers(self) -> None:
        assert client_of("").get(CONSOLE).status_code in {302, 401}
        assert client_of("", NORTH).get(DESK).status_code in {302, 401}
