"""Choosing by name: what is offered, to whom, and what a form makes of words without JavaScript."""

import re

import pytest
from django.utils import timezone

from province.halls.models import Hall
from province.people.models import Substitution
from tests.factories.manuscripts import make_approved_version
from tests.factories.people import account, client_of, position_of

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "420582000000", "420583000000"


def offered(username: str, kind: str, words: str, host: str = "") -> list[str]:
    client = client_of(username, host) if host else client_of(username)
    answer = client.get(f"/account/picks/{kind}/", {"q": words})
    assert answer.status_code == 200
    return re.findall(r'data-value="([^"]+)"', answer.content.decode())


class TestOffer:
    @pytest.mark.parametrize("words", ["当阳", "dangyang", "dys", "4205820", "north"])
    def test_finds_halls_by_name_pinyin_initials_and_code(self, words: str) -> None:
        assert offered("zhao", "halls-of-people", words) == [NORTH]

    def test_holds_no_hall_out_of_sight(self) -> None:
        assert offered("zhao", "halls-of-people", "枝江") == [SOUTH]
        for words in ("枝江", SOUTH, "zjs", "city"):
            assert offered("he", "halls-of-people", words) == []
        assert offered("he", "halls-to-appoint", "当阳") == [NORTH]
        # who has the permission nowhere is offered nothing
        assert offered("sun", "halls-of-people", "当阳") == []

    @pytest.mark.parametrize("words", ["孙北", "sunbei", "sb", "sun"])
    def test_finds_people_by_name_pinyin_initials_and_account(self, words: str) -> None:
        assert offered("he", "people", words) == ["sun"]

    def test_holds_nobody_out_of_sight(self) -> None:
        assert offered("zhao", "people", "zhou") == ["zhou"]
        assert offered("he", "people", "zhou") == []
        assert offered("sun", "people", "li") == []

    def test_holds_colleagues_at_the_desk_too(self) -> None:
        host = "north.yizhan.localhost"
        assert offered("sun", "colleagues", "北", host) == ["he", "li"]
        assert offered("sun", "colleagues", "周南", host) == []
        assert offered("sun", "colleagues", "sun", host) == []

    def test_holds_divisions_within_reach(self) -> None:
        assert offered("zhao", "divisions", "河溶") == ["420582103000", "420582103200"]
        assert offered("sun", "divisions-to-push", "红联") == ["420582103200"]
        assert offered("sun", "divisions-to-push", "枝江") == []
        assert offered("sun", "divisions", "河溶") == []

    def test_is_closed_to_strangers_and_unknown_kinds(self) -> None:
        assert client_of("").get("/account/picks/people/?q=sun").status_code in {302, 401}
        assert client_of("zhao").get("/account/picks/secrets/?q=sun").status_code == 404

    def test_escapes_what_it_shows(self) -> None:
        sun = account("sun")
        sun.name = "<i>孙</i>"
        sun.save()
        page = client_of("he").get("/account/picks/people/?q=sun").content.decode()
        assert "<i>" not in page
        assert "&lt;i&gt;孙" in page

    def test_follows_a_name_that_changes(self) -> None:
        sun = account("sun")
        sun.name = "王北"
        sun.save()
        assert offered("he", "people", "wb") == ["sun"]
        assert offered("he", "people", "sb") == []


class TestForm:
    def test_takes_a_name_that_fits_one(self) -> None:
        page = client_of("zhao").get("/console/settings/?hall=枝江").content.decode()
        assert ">zhou</a>" in page
        assert ">sun</a>" not in page
        assert "（420583000000）" in page

    def test_comes_back_with_a_list_where_several_fit(self) -> None:
        zhao = client_of("zhao")
        page = zhao.get("/console/settings/?hall=市").content.decode()
        assert "有几个都符合" in page
        assert f'<option value="{NORTH}">' in page
        assert f'<option value="{SOUTH}">' in page
        assert ">zhou</a>" not in page
        page = zhao.get(f"/console/settings/?hall=市&hall-choice={SOUTH}").content.decode()
        assert ">zhou</a>" in page

    @pytest.mark.parametrize("path", ["?hall=枝江", "rights/?permission=content.push&hall=枝江"])
    def test_knows_nothing_out_of_sight(self, path: str) -> None:
        page = client_of("he").get(f"/console/settings/{path}").content.decode()
        assert "没有找到“枝江”" in page
        assert "周南" not in page

    def test_names_a_substitute_by_name(self) -> None:
        today = timezone.localdate().isoformat()
        position = position_of("sun")
        path = f"/console/settings/people/{account('sun').pk}/positions/{position.pk}/substitute/"
        facts = {"username": "李北", "from_on": today, "to_on": today}
        assert client_of("he").post(path, facts).status_code == 302
        assert Substitution.objects.get().substitute.username == "li"
        page = client_of("he").post(path, facts | {"username": "周南"}).content.decode()
        assert "没有找到“周南”" in page
        assert Substitution.objects.count() == 1

    def test_names_an_own_substitute_by_initials(self) -> None:
        today = timezone.localdate().isoformat()
        facts = {"position": str(position_of("sun").pk), "username": "lb", "from_on": today, "to_on": today}
        client = client_of("sun", "north.yizhan.localhost")
        assert client.post("/account/positions/substitutes/", facts).status_code == 302
        assert Substitution.objects.get().substitute.username == "li"

    def test_provisions_by_name(self) -> None:
        page = client_of("zhao").get("/console/rollouts/new/?under=河溶镇").content.decode()
        assert "河溶镇便民服务中心" in page
        assert 'name="under" value="420582103000"' in page

    def test_retires_into_a_hall_that_is_chosen_by_name(self, north: Hall, south: Hall) -> None:
        facts = {"act": "retire", "reason": "合并", "successor": "枝江"}
        assert client_of("zhao").post(f"/console/halls/{NORTH}/state/", facts).status_code == 302
        north.refresh_from_db()
        assert north.successor == south

    def test_adds_a_place_to_an_audience_by_name(self) -> None:
        version = make_approved_version()
        facts = {"act": "add", "add": "枝江", "to": NORTH, "mode": "direct", "column": "news"}
        page = client_of("zhao").post(f"/console/versions/{version.pk}/push/", facts).content.decode()
        assert f"{NORTH} {SOUTH}" in page
