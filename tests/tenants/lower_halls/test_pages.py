"""What a county sees of the halls below it and hands down, and what the console shows of it."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from foundation.events.operations import drain_events
from province.catalogue.models import Assignment, Item
from province.halls.models import Division, Hall, HallKind
from province.rights.roles import Role
from standards.numbers.divisions import DivisionLevel
from tenants.services.operations.hand_down import hand_down_items
from tests.conftest import person
from tests.factories.adoptions import adopt, make_shown
from tests.factories.catalogue import make_item, make_published
from tests.factories.halls import make_hall, make_person
from tests.factories.people import client_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

MATRIX = "/desk/lower-halls/"
ASSIGNMENTS = "/desk/lower-halls/assignments/"


def at(client: Client, host: str, path: str, **asked: Any) -> Any:
    return client.get(path, asked, headers={"host": f"{host}.yizhan.localhost"})


def send(client: Client, host: str, path: str, **given: Any) -> Any:
    return client.post(path, given, headers={"host": f"{host}.yizhan.localhost"}, follow=True)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()[:600]
    return answer.content.decode()


class TestMatrixAtTheDesk:
    def test_shows_items_and_halls(self, north: Hall) -> None:
        make_shown(north)
        page = text(at(client_of("sun"), "north", MATRIX))
        assert 'data-cells="p-"' in page
        assert "食品经营许可" in page
        assert "红联村" in page
        assert "枝江市" not in page

    def test_shows_one_item_one_hall_and_one_cell(self, north: Hall) -> None:
        adopt(north)
        sun = client_of("sun")
        item = text(at(sun, "north", MATRIX, item="420131000000"))
        assert "红联村" in item
        assert "待完善" in item
        assert "食品经营许可" in text(at(sun, "north", MATRIX, hall="420582103200"))
        cell = text(at(sun, "north", MATRIX, item="420131000000", hall="420582000000"))
        assert "共 1 条" in cell
        assert at(sun, "north", MATRIX, item="420131000000", hall="420583000000").status_code == 404
        assert at(sun, "north", MATRIX, item="1").status_code == 404

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_is_taken_away_as_a_table(self, north: Hall, kind: str) -> None:
        make_shown(north)
        answer = at(client_of("sun"), "north", MATRIX, format=kind)
        if kind == "csv":
            assert "已公布,不在本级办理" in answer.content.decode()
        else:
            rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
            assert rows[0][5:] == ["当阳市", "红联村"]
            assert rows[1][5:] == ["已公布", "不在本级办理"]
        detail = at(client_of("sun"), "north", MATRIX, format="csv", item="420131000000").content.decode()
        assert "红联村,420582103200,食品经营许可" in detail

    def test_of_a_township_ends_below_itself(self) -> None:
        make_published()
        make_township()
        page = text(at(client_of("heche"), "herong", MATRIX))
        assert "红联村" in page
        assert "当阳市" not in page.partition("<main")[2]
        assert at(client_of("heche"), "herong", MATRIX, hall="420582000000").status_code == 404
        assert at(client_of("heche"), "north", MATRIX).status_code == 403
        assert at(client_of("sun"), "herong", MATRIX).status_code == 403

    @pytest.mark.parametrize("who", ["zhou", "hua", "jiang"])
    def test_is_closed_to_others(self, who: str) -> None:
        assert at(client_of(who), "north", MATRIX).status_code == 403

    def test_is_nowhere_at_a_village(self) -> None:
        clerk = client_of(make_person("cun-bian", "村编", Role.HALL_EDITOR, Hall.objects.get(slug="village")).username)
        assert "下级认领情况" not in text(at(clerk, "village", "/desk/items/"))
        assert "下级认领情况" in text(at(client_of("sun"), "north", "/desk/items/"))
        for path in (MATRIX, ASSIGNMENTS, f"{ASSIGNMENTS}new/"):
            assert at(clerk, "village", path).status_code == 404

    def test_says_what_to_do_where_there_is_nothing(self) -> None:
        assert "没有符合条件的事项" in text(at(client_of("sun"), "north", MATRIX))


class TestMatrixAtTheConsole:
    def test_is_of_the_place_that_the_address_names(self, north: Hall) -> None:
        make_shown(north)
        zhao = client_of("zhao")
        assert 'data-cells="p-"' in text(zhao.get("/console/items/matrix/", {"under": "420582000000"}))
        assert 'data-cells="p-u"' in text(zhao.get("/console/items/matrix/"))
        assert zhao.get("/console/items/matrix/", {"under": "429999000000"}).status_code == 404

    def test_of_too_many_halls_asks_for_a_place_below(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make_published()
        monkeypatch.setattr("province.catalogue.queries.matrix.pages._MOST_HALLS", 2)
        zhao = client_of("zhao")
        assert "3 个服务厅" in text(zhao.get("/console/items/matrix/"))
        city = text(zhao.get("/console/items/matrix/", {"under": "420500000000"}))
        assert "?under=420583000000" in city
        assert "红联村" in text(zhao.get("/console/items/matrix/", {"item": "420131000000"}))

    def test_is_for_who_looks_after_all_of_the_place(self) -> None:
        make_published()
        sun, hua = client_of("sun"), client_of("hua")
        assert "当阳市认领情况" in text(sun.get("/console/items/matrix/"))
        assert sun.get("/console/items/matrix/", {"under": "420583000000"}).status_code == 404
        assert sun.get("/console/items/matrix/", {"under": "420500000000"}).status_code == 404
        assert hua.get("/console/items/matrix/", {"under": "420582000000"}).status_code == 404
        assert client_of("wu").get("/console/items/matrix/").status_code == 403

    def test_is_exported(self, north: Hall) -> None:
        make_shown(north)
        answer = client_of("zhao").get("/console/items/matrix/", {"item": "420131000000", "format": "csv"})
        assert "当阳市" in answer.content.decode()

    def test_is_where_the_page_of_an_item_leads(self, north: Hall) -> None:
        version = make_published()
        make_shown(north, version)
        page = text(client_of("zhao").get(f"/console/items/{version.item_id}/", {"tab": "uses"}))
        assert "1 个服务厅认领" in page
        assert f"?item={version.item.basic_code}" in page


class TestHandDown:
    def test_is_previewed_confirmed_and_followed(self, north: Hall) -> None:
        version = make_published()
        make_shown(north, version)
        make_published(make_item(1))
        sun = client_of("sun")
        page = text(at(sun, "north", f"{ASSIGNMENTS}new/"))
        assert str(version.item_id) in page
        # nothing is chosen until somebody chooses it
        assert "checked" not in page.replace("data-check", "")
        chosen = text(send(sun, "north", f"{ASSIGNMENTS}new/", step="all"))
        assert chosen.count(" checked") == 1
        assert "420131001000" not in page
        asked = {"item": [version.item_id], "kind": ["village"], "publishes": "on"}
        ahead = text(send(sun, "north", f"{ASSIGNMENTS}new/", step="preview", **asked))
        assert "将向 1 个下级服务厅下发 1 项事项" in ahead
        assert not Assignment.objects.exists()
        back = text(send(sun, "north", f"{ASSIGNMENTS}new/", step="choose", **asked))
        assert 'name="publishes" value="on" checked' in back
        done = text(send(sun, "north", f"{ASSIGNMENTS}new/", step="confirm", **asked))
        assert "正在认领" in done
        assert 'hx-trigger="every 2s"' in done
        drain_events()
        made = Assignment.objects.get()
        followed = text(at(sun, "north", f"{ASSIGNMENTS}{made.pk}/"))
        assert "已全部认领" in followed
        assert 'hx-trigger="every' not in followed
        assert "已完成" in text(at(sun, "north", ASSIGNMENTS))

    def test_says_what_is_missing(self, north: Hall) -> None:
        make_shown(north)
        sun = client_of("sun")
        assert "请选择要下发的事项" in text(send(sun, "north", f"{ASSIGNMENTS}new/", step="preview", kind="village"))
        refused = send(sun, "north", f"{ASSIGNMENTS}new/", step="confirm", kind="village", item="nonsense")
        assert refused.status_code == 422
        nobody = send(sun, "north", f"{ASSIGNMENTS}new/", step="confirm", item=str(Item.objects.get().pk))
        assert (nobody.status_code, Assignment.objects.exists()) == (422, False)
        assert "请选择要下发的事项" in refused.content.decode()

    def test_is_stopped_and_tried_again(self, north: Hall) -> None:
        made = handed_down(north)
        sun = client_of("sun")
        assert "正在重试" in text(send(sun, "north", f"{ASSIGNMENTS}{made.pk}/retry/"))
        assert "已停止" in text(send(sun, "north", f"{ASSIGNMENTS}{made.pk}/end/"))
        assert "这次下发已经停止" in text(send(sun, "north", f"{ASSIGNMENTS}{made.pk}/end/"))

    def test_of_another_place_is_not_found(self, north: Hall) -> None:
        made = handed_down(north)
        make_township()
        zhou = client_of("zhou")
        for who, host in ((zhou, "south"), (client_of("heche"), "herong")):
            assert at(who, host, f"{ASSIGNMENTS}{made.pk}/").status_code == 404
            assert send(who, host, f"{ASSIGNMENTS}{made.pk}/end/").status_code == 404
        assert at(client_of("sun"), "north", f"{ASSIGNMENTS}{uuid4()}/").status_code == 404

    @pytest.mark.parametrize("who", ["zhou", "hua"])
    def test_is_closed_to_others(self, who: str) -> None:
        for path in ("", "new/"):
            assert at(client_of(who), "north", f"{ASSIGNMENTS}{path}").status_code == 403


def handed_down(hall: Hall) -> Assignment:
    version = make_published()
    with inside(hall):
        return hand_down_items(by=person("sun"), hall=hall, item_ids=[version.item_id], kinds=[HallKind.VILLAGE])


def make_township() -> Hall:
    """河溶镇's own hall, and an editor of it."""
    township = Division.objects.get(code="420582103000", level=DivisionLevel.TOWNSHIP)
    hall = make_hall("herong", township, HallKind.TOWNSHIP, 4)
    make_person("heche", "何溶", Role.HALL_EDITOR, hall)
    return hall
