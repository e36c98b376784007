"""Life events (一件事): rows of the province that every hall, form and file reads, and codes that items never lose."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.catalogue.base_list.life_events import first_life_events
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.forms import ItemForm
from province.catalogue.models import Item, LifeEvent
from province.catalogue.operations.life_events import (
    add_life_event,
    change_life_event,
    move_life_event,
    restore_life_event,
    retire_life_event,
)
from province.catalogue.queries import item_facets, items_valid_at
from province.catalogue.queries.checks import check_item
from province.catalogue.queries.life_events import life_events
from province.halls.models import Hall
from standards.items import BY_NAME
from standards.items.exchange import ExchangeItem, offered_schema, read_json, read_workbook, write_json
from standards.items.facets import Facet
from standards.items.live import forget_additions
from standards.items.themes import LIFE_EVENTS
from standards.items.words import as_spoken, as_written
from tests.browser_post import post_of
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import change_draft, make_base_list, make_item, make_published
from tests.factories.items import whole_hall_guide, whole_item
from tests.factories.people import client_of, program_of
from tests.factories.sites import make_columns
from tests.standards.books import forms_of, tables_of

pytestmark = pytest.mark.django_db
ELEMENT = BY_NAME["life_events"]


def event(code: str) -> LifeEvent:
    return LifeEvent.objects.get(code=code)


def retire(code: str) -> LifeEvent:
    found = event(code)
    return retire_life_event(by=person("zhao"), event=found, revision=found.revision)


def item_of(number: int, *codes: str) -> Item:
    return make_published(make_item(number, name=f"事项{number}", life_events=list(codes))).item


def groups() -> list[tuple[str, str, int]]:
    found = item_facets(items_valid_at(timezone.now())).get(Facet.LIFE_EVENT, [])
    return [(one.value, one.label, one.count) for one in found]


class TestLifeEvents:
    def test_begin_with_what_the_base_list_names(self) -> None:
        forget_additions()
        first = first_life_events()
        assert [(one.code, one.name, one.whom, one.place) for one in life_events()] == [
            (one.code, one.name, one.whom, one.place) for one in first
        ]
        assert LIFE_EVENTS.values == [one.code for one in first]
        named = {code for item in read_base_list() for code in item.values.get("life_events", ())}
        assert named
        assert named <= set(LIFE_EVENTS.values)

    def test_are_in_force_in_a_hall_at_once_and_for_no_further_query(self, north: Hall) -> None:
        make_columns(north)
        site = Client(headers={"host": "north.yizhan.localhost"})
        for number, code in enumerate(("marriage", "hardship", "company"), start=1):
            make_shown(north, make_published(make_item(number, name=f"事项{number}", life_events=[code])))

        def queries_of(path: str) -> tuple[int, str]:
            site.get("/map/")
            with CaptureQueriesContext(connection) as captured:
                text = site.get(path).text
            return sum("SET search_path" not in one["sql"] for one in captured.captured_queries), text

        before, text = queries_of("/services/")
        assert text.index("公民婚育") < text.index("扶残助困") < text.index("企业开办")
        known = event("marriage")
        change_life_event(by=person("zhao"), event=known, revision=1, name="我要结婚", whom="person")
        for _ in range(7):
            move_life_event(by=person("zhao"), event=event("hardship"), up=True)
        change_life_event(by=person("zhao"), event=event("company"), revision=1, name="我要开店", whom="person")
        after, text = queries_of("/services/")
        assert text.index("扶残助困") < text.index("我要结婚") < text.index("我要开店")
        assert "公民婚育" not in text
        assert after == before
        retire("marriage")
        retire("hardship")
        assert "扶残助困" not in site.get("/services/").text
        assert site.get("/services/by/life-event/hardship/").status_code == 404
        guide = site.get(f"/services/{Item.objects.get(name='事项2').pk}/").text
        assert "扶残助困" not in guide
        assert "可以和哪些事一起办" not in guide
        restore_life_event(by=person("zhao"), event=event("hardship"), revision=2)
        assert "事项2" in site.get("/services/by/life-event/hardship/").text

    def test_keep_a_retired_code_where_it_stands_and_offer_it_nowhere(self) -> None:
        item = item_of(1, "hardship", "birth")
        retire("hardship")
        values = whole_item() | {"life_events": ["hardship", "birth"]}
        assert not check_item(family="power", item_type="01", values=values).province.faults
        assert as_written(ELEMENT, ["hardship", "birth"]) == "扶残助困（已停用）、新生儿出生"
        assert as_spoken(ELEMENT, ["hardship", "birth"]) == "新生儿出生"
        # forms and files give it back, and its place is the last
        drawn = ItemForm(family="power", item_type="01", part="province", values=values)
        html = render_to_string("catalogue/form/item.html", {"form": drawn})
        posted = ItemForm(family="power", item_type="01", part="province", values=values, data=post_of(html))
        assert posted.values()["life_events"] == ["hardship", "birth"]
        assert "扶残助困（已停用）" in html
        whole = ExchangeItem("01", values, whole_hall_guide())
        for reading in (
            read_workbook(tables_of(whole)),
            read_workbook(forms_of(whole)),
            read_json(b"".join(write_json([whole]))),
        ):
            assert reading.is_clean, reading.faults
            assert reading.items[0].item.values["life_events"] == ["hardship", "birth"]
        assert '"扶残助困（已停用）"' in offered_schema("items.schema.json")
        # whoever does not have it does not get it
        blank = ItemForm(family="power", item_type="01", part="province", values=whole_item())
        assert "扶残助困" not in render_to_string("catalogue/form/item.html", {"form": blank})
        assert "扶残助困" not in str(
            check_item(family="power", item_type="01", values=values | {"life_events": ["x"]}).province.faults
        )
        with pytest.raises(Invalid, match="“扶残助困”已停用，不能再选"):
            change_draft(make_item(2), life_events=["hardship"])
        change_draft(item, life_events=["birth", "hardship"])
        change_draft(item, life_events=["birth"])
        assert groups() == [("birth", "新生儿出生", 1)]

    def test_are_not_loaded_retired_with_the_base_list(self) -> None:
        retire("company-end")
        base = [one for one in read_base_list() if one.name in {"公司注销登记", "公司变更登记"}]
        make_base_list(base)
        kept = {item.name: item.values.get("life_events") for item in Item.objects.all()}
        assert kept == {"公司注销登记": None, "公司变更登记": ["company-change"]}


class TestAddLifeEvent:
    def test_can_be_chosen_everywhere_at_once(self) -> None:
        made = add_life_event(by=person("zhao"), name="老年照护", whom="person")
        assert (made.code, made.place) == ("laonianzhaohu", 20)
        assert as_written(ELEMENT, [made.code]) == "老年照护"
        item_of(1, made.code, "company")
        # those of people come first
        assert groups() == [(made.code, "老年照护", 1), ("company", "企业开办", 1)]
        entry = AuditEntry.objects.get(act="catalogue.add_life_event")
        assert entry.changes == {"name": [None, "老年照护"], "whom": [None, "person"]}

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"name": "退休"}, "“退休”已有"),
            ({"name": "就业"}, "“就业”已停用，请恢复它"),
            ({"name": " "}, "名称应为 1 到 40 个字"),
            ({"name": "新的", "code": "birth"}, "编码“birth”已有"),
            ({"name": "新的", "code": "A B"}, "编码由小写字母"),
            ({"name": "新的", "whom": "cat"}, "请选择对谁"),
        ],
    )
    def test_refuses(self, facts: dict[str, str], words: str) -> None:
        retire("work")
        with pytest.raises(Invalid) as refusal:
            add_life_event(by=person("zhao"), **({"whom": "person"} | facts))
        assert words in str([fault.message for fault in refusal.value.faults])
        assert LifeEvent.objects.count() == 19

    def test_refuses_whom_the_catalogue_is_not(self) -> None:
        for act in (
            lambda: add_life_event(by=person("sun"), name="新的", whom="person"),
            lambda: change_life_event(by=person("sun"), event=event("birth"), revision=1, name="新的", whom="person"),
            lambda: move_life_event(by=person("sun"), event=event("school"), up=True),
            lambda: retire_life_event(by=person("sun"), event=event("birth"), revision=1),
            lambda: restore_life_event(by=person("sun"), event=event("birth"), revision=1),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestChangeLifeEvent:
    def test_tells_the_second_of_two_editors(self) -> None:
        seen = event("birth")
        change_life_event(by=person("zhao"), event=seen, revision=1, name="生孩子", whom="person")
        with pytest.raises(Conflict, match="“生孩子”刚被别人改过"):
            change_life_event(by=person("zhao"), event=seen, revision=1, name="出生", whom="person")
        with pytest.raises(Conflict):
            retire_life_event(by=person("zhao"), event=seen, revision=1)
        assert event("birth").name == "生孩子"

    def test_moves_among_those_in_use_only(self) -> None:
        retire("school")
        move_life_event(by=person("zhao"), event=event("social-card"), up=True)
        assert [one.code for one in life_events()][:3] == ["social-card", "birth", "school"]
        for code, up in (("social-card", True), ("death", False), ("company", True), ("school", True)):
            with pytest.raises(Conflict):
                move_life_event(by=person("zhao"), event=event(code), up=up)

    def test_refuses_to_retire_or_restore_twice(self) -> None:
        retired = retire("birth")
        with pytest.raises(Conflict, match="已经停用"):
            retire_life_event(by=person("zhao"), event=retired, revision=retired.revision)
        restored = restore_life_event(by=person("zhao"), event=retired, revision=retired.revision)
        with pytest.raises(Conflict, match="没有停用"):
            restore_life_event(by=person("zhao"), event=restored, revision=restored.revision)


class TestPagesAndApi:
    def test_try_before_they_save(self) -> None:
        item_of(1, "birth")
        page = client_of("zhao")
        address = f"/console/items/life-events/{event('birth').pk}/"
        typed = {"name": "生孩子", "whom": "body", "revision": "1"}
        text = page.post(address, typed | {"act": "try"}).text
        assert "<strong>生孩子</strong>" in text
        assert "事项1" in text
        assert event("birth").name == "新生儿出生"
        assert page.post(address, typed | {"act": "save"}).status_code == 302
        listed = page.get("/console/items/life-events/").text
        assert listed.index("退休") < listed.index("生孩子")
        created = page.post("/console/items/life-events/new/", {"name": "养老", "whom": "person", "act": "try"}).text
        assert "没有事项，不显示" in created
        page.post("/console/items/life-events/new/", {"name": "养老", "whom": "person", "act": "save"})
        old = event("yanglao")
        assert page.post(f"/console/items/life-events/{old.pk}/move/", {"to": "up"}).status_code == 302
        page.post(f"/console/items/life-events/{old.pk}/retire/", {"revision": "1"})
        assert "恢复使用" in page.get(f"/console/items/life-events/{old.pk}/").text
        page.post(f"/console/items/life-events/{old.pk}/restore/", {"revision": "2"})
        assert event("yanglao").retired_at is None
        assert page.get("/console/items/life-events/?format=csv").status_code == 200
        assert "增加一件事" not in client_of("sun").get("/console/items/life-events/").text

    def test_serve_programs_alike(self) -> None:
        item_of(1, "birth")
        program = program_of("zhao")
        base = "/api/province/v1/catalogue/life-events"

        def send(method: str, path: str, **body: object) -> tuple[int, dict[str, object]]:
            answer = getattr(program, method)(f"{base}{path}", body, content_type="application/json")
            return answer.status_code, answer.json()

        status, made = send("post", "", name="养老", whom="person")
        assert status == 201, made
        assert (status, made["code"]) == (201, "yanglao")
        path = f"/{made['id']}"
        assert send("put", path, name="安心养老", whom="person", revision=1)[1]["name"] == "安心养老"
        assert send("put", path, name="再改", whom="person", revision=1)[0] == 409
        assert send("post", f"{path}/move", up=True)[0] == 200
        assert send("post", f"{path}/retire", revision=2)[1]["retired_at"]
        assert send("post", f"{path}/restore", revision=3)[1]["retired_at"] is None
        tried = program.get(f"{base}/{event('birth').pk}/trial", {"name": "生孩子"}).json()
        assert (tried["groups"], tried["items"], tried["names"]) == (["生孩子"], 1, ["事项1"])
        listed = {one["code"]: one["items"] for one in program.get(base).json()}
        assert (len(listed), listed["birth"], listed["yanglao"]) == (20, 1, 0)
