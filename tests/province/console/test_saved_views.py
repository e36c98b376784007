"""Tables as people arrange them: columns, order, and views that are theirs alone."""

import re

import pytest
from django.test import Client

from foundation.errors import Conflict, Invalid, NotFound
from province.audit.operations import record_act
from province.console.models import SavedView
from province.console.operations.saved_views import MOST_VIEWS, drop_view, save_view, set_first_view
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.catalogue import make_item
from tests.factories.people import client_of
from tests.factories.pushes import make_push

pytestmark = pytest.mark.django_db
HALLS = "/console/halls/"
DESK = "north.yizhan.localhost"
# table -> its page and a column that can be left out
TABLES = {
    "console.halls": (HALLS, "kind", "类型"),
    "console.items": ("/console/items/", "from", "施行时间"),
    "console.manuscripts": ("/console/manuscripts/", "editor", "最后编辑"),
    "console.pushes": ("/console/pushes/", "mode", "方式"),
    "console.accounts": ("/console/accounts/", "owner", "主管单位"),
    "console.people": ("/console/settings/", "login", "最近登录"),
    "console.audit": ("/console/audit/", "changes", "变更与原因"),
    "console.hall_days": ("/console/workdays/halls/", "note", "原因"),
}

# table of the console -> how many parts of a row's own page open beside it
ROWS = {
    "/console/items/?all=": 2,
    "/console/manuscripts/?all=": 3,
    "/console/pushes/?all=": 3,
    "/console/accounts/?all=": 2,
    "/console/settings/?all=": 3,
    "/console/audit/?all=": 2,
}


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


def save(client: Client, **facts: str) -> str:
    given = {"table": "console.halls", "name": "县级", "query": "kind=county", "back": f"{HALLS}?kind=county"}
    return client.post("/account/views/", given | facts, follow=True).content.decode()


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


class TestTable:
    def test_shows_the_columns_and_the_order_that_the_address_asks_for(self, zhao: Client) -> None:
        page = text(zhao, f"{HALLS}?column=name&column=published&order=-name")
        assert '<th scope="col" aria-sort="descending">' in page
        assert "只显示部分列" in page
        assert "最近发布" in page
        assert ">检查</th>" not in page
        south, north = page.index(">枝江市县政务服务中心<"), page.index(">当阳市县政务服务中心<")
        up = text(zhao, f"{HALLS}?order=name")
        assert (south < north) != (up.index(">枝江市县政务服务中心<") < up.index(">当阳市县政务服务中心<"))

    @pytest.mark.parametrize("query", ["order=password", "order=-site", "order=--name", "column=nonsense"])
    def test_takes_nonsense_for_nothing(self, zhao: Client, query: str) -> None:
        page = text(zhao, f"{HALLS}?{query}")
        assert "aria-sort" not in page
        assert "当阳市" in page

    def test_goes_out_whole_whatever_is_shown(self, zhao: Client) -> None:
        rows = b"".join(zhao.get(f"{HALLS}?column=name&order=name&format=csv").streaming_content).decode()  # type: ignore[attr-defined]
        assert "最近活动" in rows.splitlines()[0]
        assert "不受列的选择影响" in text(zhao, f"{HALLS}?column=name")


class TestView:
    def test_is_a_link_with_what_was_looked_at(self, zhao: Client) -> None:
        page = save(zhao)
        assert "只有您自己看得到" in page
        assert '<a href="?kind=county" aria-current="page">县级</a>' in page

    def test_keeps_neither_page_nor_strange_parameters(self, zhao: Client) -> None:
        page = text(zhao, f"{HALLS}?kind=county&page=2&format=&evil=1&order=name&column=name")
        assert 'name="query" value="kind=county&amp;order=name&amp;column=name"' in page

    def test_stands_first_where_one_wants_it(self, zhao: Client) -> None:
        save(zhao, is_first="1")
        assert zhao.get(HALLS)["Location"] == f"{HALLS}?kind=county"
        assert zhao.get(f"{HALLS}?all=").status_code == 200
        save(zhao, name="村级", query="kind=village", is_first="1")
        assert [one.name for one in SavedView.objects.filter(is_first=True)] == ["村级"]
        view = SavedView.objects.get(name="村级")
        zhao.post(f"/account/views/{view.pk}/", {"act": "not-first", "back": HALLS})
        assert zhao.get(HALLS).status_code == 200

    def test_is_nobody_elses(self, zhao: Client) -> None:
        save(zhao, is_first="1")
        view = SavedView.objects.get()
        qian = client_of("qian")
        assert "县级</a>" not in text(qian, HALLS)
        for act in ("drop", "first", "not-first"):
            assert qian.post(f"/account/views/{view.pk}/", {"act": act}).status_code == 404
        assert SavedView.objects.get().is_first

    def test_of_one_halls_desk_is_not_anothers(self) -> None:
        sun = client_of("sun", DESK)
        given = {"table": "desk.items", "name": "待审核的", "query": "state=review", "is_first": "1"}
        sun.post("/account/views/", given)
        assert SavedView.objects.get().hall_id == Hall.objects.get(slug="north").pk
        assert sun.get("/desk/items/")["Location"] == "/desk/items/?state=review"
        assert "待审核的" in text(sun, "/desk/items/?state=review")
        other = client_of("zhao", "south.yizhan.localhost")
        assert "待审核的" not in other.get("/desk/items/").content.decode()

    def test_goes_back_to_pages_here_alone(self, zhao: Client) -> None:
        given = {"table": "console.halls", "name": "县级", "query": "kind=county", "back": "//evil.example/"}
        assert zhao.post("/account/views/", given)["Location"] == "/"

    @pytest.mark.parametrize(("path", "key", "label"), TABLES.values(), ids=TABLES)
    def test_is_there_for_every_large_table(self, zhao: Client, path: str, key: str, label: str) -> None:
        name = next(name for name, facts in TABLES.items() if facts[0] == path)
        save(zhao, table=name, name="我的", query=f"column={key}", is_first="1")
        assert zhao.get(path)["Location"] == f"{path}?column={key}"


class TestSaveView:
    def test_replaces_what_the_name_held(self) -> None:
        zhao = person("zhao")
        facts = {"table": "console.halls", "hall_id": None, "name": "县级"}
        save_view(by=zhao, **facts, query="kind=county")  # type: ignore[arg-type]
        save_view(by=zhao, **facts, query="kind=county&order=name")  # type: ignore[arg-type]
        assert SavedView.objects.get().query == "kind=county&order=name"

    @pytest.mark.parametrize(("name", "query"), [("", "kind=county"), ("长" * 21, "kind=county"), ("空", "")])
    def test_refuses_what_is_nothing(self, name: str, query: str) -> None:
        with pytest.raises(Invalid):
            save_view(by=person("zhao"), table="console.halls", hall_id=None, name=name, query=query)

    def test_stops_at_twenty(self) -> None:
        for number in range(MOST_VIEWS):
            save_view(by=person("zhao"), table="console.halls", hall_id=None, name=f"{number}", query="kind=county")
        with pytest.raises(Conflict):
            save_view(by=person("zhao"), table="console.halls", hall_id=None, name="再一个", query="kind=county")

    def test_leaves_nothing_to_drop_twice(self) -> None:
        view = save_view(by=person("zhao"), table="console.halls", hall_id=None, name="县级", query="kind=county")
        with pytest.raises(NotFound):
            drop_view(by=person("qian"), view_id=view.pk)
        drop_view(by=person("zhao"), view_id=view.pk)
        with pytest.raises(NotFound):
            set_first_view(by=person("zhao"), view_id=view.pk, is_first=True)


class TestRow:
    def test_opens_beside_the_table_with_the_parts_of_its_own_page(self, zhao: Client) -> None:
        page = text(zhao, HALLS)
        assert '<a class="row-open no-print" href="/console/halls/420582000000/" data-panel="420582000000"' in page
        parts = text(zhao, f"{HALLS}420582000000/")
        assert parts.count("data-panel-part") == 4

    def test_opens_from_every_table_of_the_console(self, zhao: Client, north: Hall) -> None:
        make_item(1)
        make_account(north, name="当阳发布")
        make_push(title="放假通知")
        changes = {"phone": ["0717-1", "0717-2"]}
        record_act(
            by=person("zhao"),
            act="halls.update",
            object_type="hall",
            object_id=north.pk,
            hall_id=north.pk,
            changes=changes,
        )
        parts = {}
        for path in ROWS:
            rows = re.findall(r'href="([^"]+)" data-panel="', text(zhao, path))
            parts[path] = text(zhao, rows[0]).count("data-panel-part") if rows else "no row"
        assert parts == ROWS
