"""The desk's pages about items: who may open them, what they say in each state, and that other halls' are not there."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation import schemas
from province.catalogue.models import Assignment, Item, ItemVersion, Proposal
from province.catalogue.operations import decline_proposal, withdraw_version
from province.catalogue.states import AdoptionState, HallGuideState
from province.halls.models import Hall
from province.people.models import Account
from province.people.operations.positions import give_position
from province.rights.roles import Reach, Role
from tenants.services.models import Adoption, HallDefaults
from tenants.services.operations.adoptions import stop_adoption
from tenants.services.operations.hall_guides import return_hall_guide
from tenants.services.urls import desk_urls, item_verbs
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for, make_shown, save, submit
from tests.factories.catalogue import REASON, make_item, make_published
from tests.factories.halls import make_person
from tests.factories.items import whole_hall_guide
from tests.factories.people import make_role
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

PLAIN_PAGES = (
    "desk-items",
    "desk-offers",
    "desk-hall-defaults",
    "desk-hall-defaults-all",
    "desk-proposals",
    "desk-proposal-new",
)


class _Clerk:
    """Somebody signed in on a hall's host."""

    def __init__(self, username: str, host: str = "north.yizhan.localhost") -> None:
        self.client = Client(headers={"host": host})
        self.client.force_login(Account.objects.get(username=username))

    def get(self, name: str, /, *args: Any, **query: str) -> Any:
        return self.client.get(_address(name, *args), query)

    def post(self, name: str, /, *args: Any, follow: bool = True, **data: Any) -> Any:
        return self.client.post(_address(name, *args), data, follow=follow)


def _address(name: str, *args: Any) -> str:
    return reverse(name, "config.urls_hall.county", args)


def _now(hall: Hall, adoption: Adoption) -> Adoption:
    with schemas.enter(hall.schema_name):
        return Adoption.objects.select_related("published").get(pk=adoption.pk)


def _posted(part: dict[str, Any]) -> dict[str, Any]:
    """As the form's inputs would send it."""
    sent: dict[str, Any] = {}
    for name, value in part.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            sent |= {f"{name}.{nth}.{cell}": one for nth, row in enumerate(value, 1) for cell, one in row.items()}
        else:
            sent[name] = str(value).lower() if isinstance(value, bool) else value
    return sent


@pytest.fixture
def sun() -> _Clerk:
    return _Clerk("sun")


@pytest.fixture
def li() -> _Clerk:
    return _Clerk("li")


class TestEveryPage:
    @pytest.mark.parametrize("name", PLAIN_PAGES)
    def test_opens_for_the_halls_own_people_alone(self, name: str) -> None:
        assert _Clerk("sun").get(name).status_code == 200
        assert _Clerk("zhou").get(name).status_code == 403
        assert _Clerk("hua").get(name).status_code == 403
        assert Client(headers={"host": "north.yizhan.localhost"}).get(_address(name)).status_code == 302

    @pytest.mark.parametrize("name", [one.name for one in desk_urls if "adoption_id" in str(one.pattern)])
    def test_of_another_halls_item_is_not_there(self, south: Hall, sun: _Clerk, name: str) -> None:
        adoption = submit(south, save(south, adopt(south, by="zhou"), by="zhou"), by="zhou")
        method = sun.post if name.rpartition("-")[2] in item_verbs else sun.get
        assert method(name, adoption.pk).status_code == 404
        assert method(name, uuid4()).status_code == 404
        assert _now(south, adoption).guide_state == HallGuideState.SUBMITTED

    def test_leads_from_the_desks_navigation(self, sun: _Clerk) -> None:
        assert _address("desk-items") in sun.get("desk").content.decode()


class TestTable:
    def test_asks_as_often_for_many_items_as_for_one(self, north: Hall, sun: _Clerk) -> None:
        adopt(north)
        sun.get("desk-items")
        with CaptureQueriesContext(connection) as one:
            sun.get("desk-items")
        for number in range(1, 6):
            adopt(north, make_published(make_item(number)))
        # what is kept of the hall is asked for anew after a change
        sun.get("desk-items")
        with CaptureQueriesContext(connection) as many:
            page = sun.get("desk-items")
        assert page.content.decode().count('name="adoption"') == 6
        assert len(many) == len(one)

    def test_finds_by_name_sound_and_code(self, north: Hall, sun: _Clerk) -> None:
        adopt(north)
        adopt(north, make_published(make_item(7, name="药品经营许可")))
        for words, found in (("药品", ["药品"]), ("ypjy", ["药品"]), ("420131000", ["食品"]), ("没有", [])):
            text = sun.get("desk-items", words=words).content.decode()
            assert [name for name in ("食品", "药品") if f"选择{name}" in text] == found

    def test_counts_and_filters_by_state(self, north: Hall, sun: _Clerk) -> None:
        filling = adopt(north, make_published(make_item(1)))
        waiting = submit(north, save(north, adopt(north, make_published(make_item(2)))))
        back = submit(north, save(north, adopt(north, make_published(make_item(3)))))
        with inside(north):
            return_hall_guide(by=person("li"), hall=north, adoption_id=back.pk, number=1, reason=REASON)
        shown = make_shown(north, make_published(make_item(4)))
        make_published(Item.objects.get(pk=shown.item_id), promised_days=9)
        stopped = make_shown(north, make_published(make_item(5)))
        with inside(north):
            stop_adoption(by=person("li"), hall=north, adoption_id=stopped.pk, reason=REASON)
        states = {"filling": filling, "review": waiting, "returned": back, "shown": shown, "newer": shown}
        for state, adoption in (states | {"stopped": stopped}).items():
            text = sun.get("desk-items", state=state).content.decode()
            assert f"/desk/items/{adoption.pk}/" in text, state
            assert text.count('name="adoption"') == 1, state

    def test_goes_out_as_a_table(self, north: Hall, sun: _Clerk) -> None:
        adopt(north)
        book = sun.get("desk-items", export="csv").content.decode()
        assert "食品经营许可,行政职权,行政许可,市场监督管理局" in book
        assert sun.get("desk-items", export="xlsx").content.startswith(b"PK")

    def test_acts_on_many_and_tells_what_did_not_go(self, north: Hall, sun: _Clerk, li: _Clerk) -> None:
        whole = save(north, adopt(north, make_published(make_item(1))))
        gaping = adopt(north, make_published(make_item(2)))
        rows = [f"{one.pk} 0 1" for one in (whole, gaping)]
        text = sun.post("desk-items-bulk", act="submit", adoption=rows).content.decode()
        assert "已提交审核 1 项" in text
        assert "没有办成" in text
        rows = [f"{whole.pk} 1 1", f"{gaping.pk} 0 1"]
        assert "参与了这一份的填写" in sun.post("desk-items-bulk", act="pass", adoption=rows).content.decode()
        assert "已审核通过并公布 1 项" in li.post("desk-items-bulk", act="pass", adoption=rows).content.decode()
        assert _now(north, whole).state == AdoptionState.PUBLISHED
        make_published(Item.objects.get(pk=whole.item_id), conditions="有场所")
        rows = [f"{whole.pk} 1 2"]
        assert "已接受新版 1 项" in li.post("desk-items-bulk", act="accept", adoption=rows).content.decode()
        assert _now(north, whole).version_number == 2

    def test_acts_on_nothing_without_a_choice(self, sun: _Clerk) -> None:
        for data in ({"act": "submit"}, {"act": "submit", "adoption": "x 1 1"}, {"adoption": f"{uuid4()} 1 1"}):
            assert "请先勾选事项" in sun.post("desk-items-bulk", **data).content.decode()
        assert sun.post("desk-items-bulk", act="pass", adoption=f"{uuid4()} 1 1").status_code == 404


class TestOffers:
    def test_are_adopted_by_choice_or_all_at_once(self, north: Hall, sun: _Clerk) -> None:
        versions = [make_published(make_item(number)) for number in range(3)]
        text = sun.post("desk-offers-adopt", item=[str(versions[0].item_id)]).content.decode()
        assert "已认领 1 项：0 项信息已齐" in text
        assert sun.get("desk-offers").content.decode().count('name="item"') == 2
        assert "已认领 2 项" in sun.post("desk-offers-adopt", act="all").content.decode()
        with schemas.enter(north.schema_name):
            assert Adoption.objects.count() == 3

    def test_are_for_the_halls_level_or_for_all(self, sun: _Clerk) -> None:
        for number, levels in enumerate((["4"], ["3"], ["7"], ["3", "4"])):
            make_published(make_item(number, levels=levels))
        assert sun.get("desk-offers", choice="ready").content.decode().count('name="item"') == 3
        assert sun.get("desk-offers").content.decode().count('name="item"') == 4
        sun.post("desk-offers-adopt", act="all", choice="ready")
        assert sun.get("desk-offers").content.decode().count('name="item"') == 1

    def test_that_were_handed_down_begin_with_the_part_of_the_hall_above(self) -> None:
        village = Hall.objects.get(slug="village")
        make_person("cun", "村文", Role.HALL_EDITOR, village)
        version, _ = make_published(), make_published(make_item(1))
        item_id = str(version.item_id)
        parts = {item_id: {"body_name": "当阳市市场监督管理局", "consult": "0717-1"}}
        facts = {"kinds": ["village"], "item_ids": [item_id], "hall_guides": parts, "by_name": "孙北"}
        Assignment.objects.create(prefix="420582", **facts)
        cun = _Clerk("cun", "village.yizhan.localhost")
        assert cun.get("desk-offers", choice="handed").content.decode().count('name="item"') == 1
        cun.post("desk-offers-adopt", act="all", choice="handed")
        with schemas.enter(village.schema_name):
            values = Adoption.objects.get().values
        assert values["body_name"] == "当阳市市场监督管理局"
        assert "consult" not in values
        assert "没有符合条件的事项" in cun.get("desk-offers", choice="handed").content.decode()

    def test_say_what_a_clerk_can_do_about_a_stale_page(self, sun: _Clerk) -> None:
        assert "请先勾选" in sun.post("desk-offers-adopt").content.decode()
        assert "请刷新页面" in sun.post("desk-offers-adopt", item=[str(uuid4())]).content.decode()


class TestItem:
    def test_says_what_is_missing_and_shows_both_parts(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        page = sun.get("desk-item", adoption.pk).content.decode()
        assert "补齐后才能提交" in page
        assert "缺少「实施主体」" in page
        assert "群众还看不到" in page
        assert "有与经营的食品相适应的场所" in sun.get("desk-item", adoption.pk, tab="province").content.decode()
        save(north, adoption)
        assert "北安县市场监督管理局" in sun.get("desk-item", adoption.pk, tab="hall-guide").content.decode()
        assert "填写实施清单" in sun.get("desk-item", adoption.pk, tab="history").content.decode()

    def test_goes_through_its_life_by_buttons(self, north: Hall, sun: _Clerk, li: _Clerk) -> None:
        adoption = save(north, adopt(north))
        assert "已提交" in sun.post("desk-item-submit", adoption.pk).content.decode()
        page = sun.get("desk-item", adoption.pk).content.decode()
        assert "参与了这一份的填写" in page
        assert _address("desk-item-pass", adoption.pk) not in page
        assert "已撤回送审" in sun.post("desk-item-recall", adoption.pk).content.decode()
        sun.post("desk-item-submit", adoption.pk)
        assert "请写明退回的原因" in li.post("desk-item-return", adoption.pk, number="2").content.decode()
        li.post("desk-item-return", adoption.pk, number="2", reason="窗口号不对")
        assert "李*退回：</strong>窗口号不对" in sun.get("desk-item", adoption.pk).content.decode()
        sun.post("desk-item-submit", adoption.pk)
        assert "已由他人处理" in li.post("desk-item-pass", adoption.pk, number="2").content.decode()
        assert "已审核通过" in li.post("desk-item-pass", adoption.pk, number="3").content.decode()
        assert "群众现在看到的" in sun.get("desk-item", adoption.pk).content.decode()
        versions = sun.get("desk-item", adoption.pk, tab="versions").content.decode()
        assert versions.count("窗口号不对") == 1
        assert "已撤回" in versions
        assert "不能取消认领" in sun.post("desk-item-drop", adoption.pk).content.decode()
        li.post("desk-item-stop", adoption.pk, reason="窗口装修")
        assert "原因：窗口装修" in sun.get("desk-item", adoption.pk).content.decode()
        assert "已恢复办理" in li.post("desk-item-resume", adoption.pk).content.decode()

    def test_shows_a_reviewer_what_changed(self, north: Hall, li: _Clerk) -> None:
        adoption = make_shown(north)
        item = Item.objects.get(pk=adoption.item_id)
        submit(north, save(north, adoption, part=hall_guide_for(item, consult="0700-9999999")))
        page = li.get("desk-item", adoption.pk).content.decode()
        assert "「咨询方式」由“0700-1234567”改为“0700-9999999”" in page
        assert "0700-1234567" in li.get("desk-item", adoption.pk, tab="guide").content.decode()
        assert "按正在填写的内容" in li.get("desk-item", adoption.pk, tab="guide", of="draft").content.decode()

    def test_can_be_given_up_before_anybody_saw_it(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        assert "已取消认领" in sun.post("desk-item-drop", adoption.pk).content.decode()
        assert sun.get("desk-item", adoption.pk).status_code == 404


class TestForm:
    def test_saves_and_submits(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        page = sun.get("desk-item-edit", adoption.pk).content.decode()
        assert "不得超过省里规定的 10 个工作日" in page
        sent = _posted(hall_guide_for(Item.objects.get(pk=adoption.item_id)))
        text = sun.post("desk-item-edit", adoption.pk, **sent, revision="0").content.decode()
        assert "已保存，内容已齐" in text
        text = sun.post("desk-item-edit", adoption.pk, **sent, revision="1", act="submit").content.decode()
        assert "第 1 份已提交" in text
        assert _now(north, adoption).guide_state == HallGuideState.SUBMITTED
        assert sun.get("desk-item-edit", adoption.pk).status_code == 302

    def test_keeps_what_was_typed_when_it_is_wrong(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        answer = sun.post("desk-item-edit", adoption.pk, promised_days="30", promised_unit="1", revision="0")
        assert answer.status_code == 422
        assert "不得超过省里规定" in answer.content.decode()
        assert 'value="30"' in answer.content.decode()
        answer = sun.post("desk-item-edit", adoption.pk, consult="0717-1", revision="0", act="submit")
        assert answer.status_code == 422
        assert 'name="revision" value="1"' in answer.content.decode()

    def test_keeps_what_was_typed_while_somebody_submitted(self, north: Hall, sun: _Clerk) -> None:
        adoption = submit(north, save(north, adopt(north)))
        answer = sun.post("desk-item-edit", adoption.pk, consult="0717-3333333", revision="1")
        assert answer.status_code == 409
        assert "正在审核，不能修改" in answer.content.decode()
        assert 'value="0717-3333333"' in answer.content.decode()

    def test_adds_a_row_without_script(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        answer = sun.post("desk-item-edit", adoption.pk, rows="add windows", revision="0")
        assert answer.status_code == 200
        assert 'name="windows.1.window"' in answer.content.decode()
        assert _now(north, adoption).revision == 0

    def test_tells_of_a_conflict_and_writes_over_it_knowingly(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        save(north, adoption, by="li", part={"consult": "0717-2222222"})
        answer = sun.post("desk-item-edit", adoption.pk, consult="0717-3333333", revision="0")
        assert answer.status_code == 409
        assert "李*已于" in answer.content.decode()
        assert "由“0717-2222222”改为“0717-3333333”" in answer.content.decode()
        assert _now(north, adoption).values["consult"] == "0717-2222222"
        sun.post("desk-item-edit", adoption.pk, consult="0717-3333333", revision="0", over="1")
        assert _now(north, adoption).values["consult"] == "0717-3333333"


class TestNewVersion:
    @pytest.fixture
    def shown(self, north: Hall) -> Adoption:
        return make_shown(north, promised_days=10, promised_unit="1")

    def _publish(self, adoption: Adoption, **changes: Any) -> ItemVersion:
        item = Item.objects.get(pk=adoption.item_id)
        return make_published(item, valid_from=timezone.now() + timedelta(days=3), **changes)

    def test_is_accepted_where_the_part_goes_with_it(self, north: Hall, shown: Adoption, li: _Clerk) -> None:
        self._publish(shown, conditions="有固定的场所。")
        page = li.get("desk-item-newer", shown.pk).content.decode()
        assert "有固定的场所" in page
        assert "可以直接接受" in page
        assert "有新版" in li.get("desk").content.decode()
        assert "已接受新版" in li.post("desk-item-accept", shown.pk, number="2").content.decode()
        assert _now(north, shown).version_number == 2
        assert "没有新版要处理" in li.client.get(_address("desk-item-newer", shown.pk), follow=True).content.decode()

    def test_that_overrules_the_part_is_filled_in_anew(self, north: Hall, shown: Adoption, li: _Clerk) -> None:
        self._publish(shown, promised_days=5)
        page = li.get("desk-item-newer", shown.pk).content.decode()
        assert "本厅的内容有 1 处与新版不符" in page
        assert "请先按新版修改" in li.post("desk-item-accept", shown.pk, number="2").content.decode()
        form = li.get("desk-item-edit", shown.pk, number="2")
        assert "不得超过省里规定的 5 个工作日" in form.content.decode()
        sent = _posted(hall_guide_for(Item.objects.get(pk=shown.item_id), promised_days=5, promised_unit="1"))
        revision = str(_now(north, shown).revision)
        li.post("desk-item-edit", shown.pk, **sent, number="2", revision=revision, act="submit")
        _Clerk("sun").post("desk-item-pass", shown.pk, number="2")
        assert _now(north, shown).version_number == 2

    def test_that_was_withdrawn_leaves_the_one_before_to_be_filled_in(self, north: Hall, shown: Adoption) -> None:
        version = self._publish(shown, promised_days=5)
        save(north, shown, number=2, part=hall_guide_for(version.item, promised_days=5, promised_unit="1"))
        withdraw_version(by=person("zhao"), version=version)
        page = _Clerk("sun").get("desk-item-edit", shown.pk).content.decode()
        assert "按事项第 1 版填写" in page
        assert _Clerk("sun").get("desk-item", shown.pk).status_code == 200

    def test_that_does_not_exist_is_not_there(self, shown: Adoption, sun: _Clerk) -> None:
        for number in ("9", "x", "-1"):
            assert sun.get("desk-item-edit", shown.pk, number=number).status_code == 404


class TestHallDefaults:
    def test_are_saved_for_all_and_for_a_department_and_fill_the_gaps(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        department = ItemVersion.objects.get(item=adoption.item_id).department
        assert department.name in sun.get("desk-hall-defaults").content.decode()
        assert "可以在下面一次补齐" in sun.post("desk-hall-defaults-all", complaints="12345").content.decode()
        usual = {name: one for name, one in whole_hall_guide().items() if name not in {"task_code", "level"}}
        sun.post("desk-hall-defaults-department", department.pk, **_posted(usual))
        with schemas.enter(north.schema_name):
            assert HallDefaults.objects.get(department_id=None).values == {"complaints": "12345"}
            assert HallDefaults.objects.get(department_id=department.pk).values == usual
        assert "已补齐 1 个事项的空白处" in sun.post("desk-hall-defaults-fill").content.decode()
        assert "没有可以补的空白处" in sun.post("desk-hall-defaults-fill").content.decode()
        assert _now(north, adoption).score == 100

    def test_are_refused_where_they_are_wrong(self, sun: _Clerk) -> None:
        answer = sun.post("desk-hall-defaults-all", body_code="X")
        assert answer.status_code == 422
        assert "请先改正" in answer.content.decode()
        assert "不在这里填写" in sun.post("desk-hall-defaults-all", task_code="1").content.decode()
        assert sun.post("desk-hall-defaults-all", rows="add windows").status_code == 200
        assert sun.get("desk-hall-defaults-department", uuid4()).status_code == 404


class TestProposals:
    def test_change_one_element_of_an_item(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        page = sun.get("desk-item-propose", adoption.pk, element="conditions").content.decode()
        assert "有与经营的食品相适应的场所。" in page
        path = f"{_address('desk-item-propose', adoption.pk)}?element=conditions"
        refused = sun.client.post(path, {"conditions": "有场所。"})
        assert refused.status_code == 422
        sun.client.post(path, {"conditions": "有场所。", "reason": "群众看不懂"})
        made = Proposal.objects.get()
        assert (made.hall_id, made.item_id, made.values) == (north.pk, adoption.item_id, {"conditions": "有场所。"})
        decline_proposal(by=person("zhao"), proposal=made, answer="法律原文如此")
        page = sun.get("desk-proposals").content.decode()
        assert "法律原文如此" in page
        assert "未采纳" in page
        assert "法律原文如此" not in _Clerk("zhou", "south.yizhan.localhost").get("desk-proposals").content.decode()

    def test_change_the_rows_of_a_list(self, north: Hall, sun: _Clerk) -> None:
        adoption = adopt(north)
        path = f"{_address('desk-item-propose', adoption.pk)}?element=laws"
        row = {"laws.1.law": "中华人民共和国食品安全法", "laws.1.article": "第三十五条"}
        assert 'name="laws.2.law"' in sun.client.post(path, row | {"rows": "add laws"}).content.decode()
        assert not Proposal.objects.exists()
        sun.client.post(path, row | {"laws.2.law": "食品经营许可管理办法", "reason": "漏了一部"})
        assert len(Proposal.objects.get().values["laws"]) == 2

    def test_add_an_item(self, sun: _Clerk) -> None:
        answer = sun.post("desk-proposal-new", name="", item_type="20", reason="群众常来问")
        assert answer.status_code == 422
        sun.post("desk-proposal-new", name="老年人优待证办理", item_type="20", reason="群众常来问")
        made = Proposal.objects.get()
        assert (made.name, made.item_type, made.family) == ("老年人优待证办理", "20", "service")


class TestOverview:
    def test_leads_who_writes_no_texts_to_the_items(self, north: Hall) -> None:
        role = make_role("事项专员", ["services.adopt"], hall=north)
        account, prefix = Account.objects.get(username="wu"), north.prefixes[-1]
        give_position(
            by=person("he"), account=account, role=role, hall_id=north.pk, reach_prefix=prefix, reach=Reach.HALL
        )
        wu = _Clerk("wu")
        assert wu.get("desk").headers["Location"] == _address("desk-items")
        page = wu.get("desk-items").content.decode()
        assert "认领事项" in page
        assert _address("desk-articles") not in page

    def test_says_what_waits_for_whom(self, north: Hall, sun: _Clerk, li: _Clerk) -> None:
        adoption = submit(north, save(north, adopt(north)))
        assert _address("desk-item", adoption.pk) in li.get("desk").content.decode()
        # who has filled it in decides on it no more
        assert _address("desk-item", adoption.pk) not in sun.get("desk").content.decode()
        with inside(north):
            return_hall_guide(by=person("li"), hall=north, adoption_id=adoption.pk, number=1, reason=REASON)
        page = sun.get("desk").content.decode()
        assert _address("desk-item", adoption.pk) in page
        assert "已退回" in page
