"""事项合并、拆分: what it does to items and codes, who decides, and what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.events.models import Event
from province.audit.models import AuditEntry
from province.catalogue.models import Assignment, Item, ItemCode, Succession, TriedQuestion
from province.catalogue.operations import publish_version, resume_item, submit_version, withdraw_version
from province.catalogue.operations.successions import (
    begin_succession,
    confirm_succession,
    decline_succession,
    propose_succession,
    withdraw_succession,
)
from province.catalogue.queries.changes import changes_after
from province.catalogue.queries.codes import code_answer, item_with_code, public_item_id
from province.catalogue.queries.imports import import_preview
from province.catalogue.queries.search.found import search_items
from province.catalogue.queries.successions import succession_preview, successions_to_confirm
from province.catalogue.queries.successors import successors_of
from province.catalogue.queries.validity import items_valid_at, version_at
from province.catalogue.states import SuccessionKind
from province.halls.models import Hall
from standards.items.exchange import ExchangeItem, Reading, ReadItem
from tests.conftest import person
from tests.factories.adoptions import adopt
from tests.factories.catalogue import abolish, change_draft, make_approved, make_item, make_published, suspend
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.factories.successions import merge, propose, split
from tests.province.catalogue.test_api import ROOT, ask, get
from tests.province.catalogue.test_api import client_of as api_client

pytestmark = pytest.mark.django_db

A, B, C = "420131001000", "420131002000", "420131003000"
MERGER, SPLIT = SuccessionKind.MERGER, SuccessionKind.SPLIT


def published(number: int, **values: object) -> Item:
    return make_published(make_item(number, **values)).item


class TestMerger:
    def test_lets_every_code_lead_to_the_item_that_took_over(self) -> None:
        a, b, c = published(1), published(2), published(3)
        make_published(a, basic_code="420131901000")
        change_draft(b, basic_code="420131902000")
        TriedQuestion.objects.create(question="开饭馆要办什么", item=a, added_by_name="赵敏")
        made = merge(c, a, b)
        assert made.state == "done"
        for code in (A, "420131901000", B, C):
            assert item_with_code(code) == c
            assert (code_answer(person("zhao"), code).item, public_item_id(code)) == (c, c.pk)
        # what only a draft wanted is free again
        assert not ItemCode.objects.filter(code="420131902000").exists()
        for one in (a, b):
            one.refresh_from_db()
            assert (one.state, version_at(one, timezone.now()), successors_of(one)) == ("succeeded", None, [c])
        found = search_items(A, version_ids=items_valid_at(timezone.now())).items
        assert [one.item_id for one in found] == [c.pk]
        assert TriedQuestion.objects.get().item == c
        told = {(one.former_code, one.new_code) for one in changes_after(0) if one.new_code == C}
        assert told == {("420131901000", C), (B, C)}
        acts = set(AuditEntry.objects.values_list("act", flat=True))
        assert {f"catalogue.{one}_succession" for one in ("propose", "confirm", "carry_out")} <= acts

    def test_goes_on_to_where_its_successor_goes(self) -> None:
        a, b, c = published(1), published(2), published(3)
        merge(b, a)
        merge(c, b)
        assert {item_with_code(code) for code in (A, B, C)} == {c}
        assert not Item.objects.filter(item_codes=None, state="active").exists()

    def test_leaves_an_item_that_nobody_changes_any_more(self) -> None:
        a, c = published(1), published(3)
        merge(c, a)
        a.refresh_from_db()
        with pytest.raises(Conflict, match="已由别的事项承接"):
            change_draft(a, promised_days=7)
        with pytest.raises(Conflict, match="已由别的事项承接"):
            submit_version(by=person("zhao"), item=a)
        with pytest.raises(Conflict, match="不能变为"):
            resume_item(by=person("zhao"), item=a)
        with pytest.raises(Conflict, match="用过"):
            make_item(1)
        read = ReadItem(ExchangeItem("01", {"basic_code": A, "name": "食品经营许可"}), "第 1 行", frozenset({"name"}))
        (line,) = import_preview(person("zhao"), Reading((read,), ()))
        assert line.refusal.startswith(f"基本编码 {A} 原属“食品经营许可”，已并入“食品经营许可”（{C}）")

    def test_puts_the_parts_of_a_main_item_under_the_one_that_takes_over(self, north: Hall) -> None:
        main, target = published(1), published(5)
        parts = [published(2, parent_code=A), published(3, parent_code=A)]
        gone = abolish(published(4, parent_code=A))
        own = published(6, parent_code=target.basic_code)
        adoption = adopt(north, parts[0].versions.get())
        preview = succession_preview(MERGER, target, [main], goes_on=True, begins_at=None)
        assert (preview.refusal, preview.moved_parts, preview.halls) == ("", 2, 0)
        merge(target, main)
        assert list(target.children.order_by("pk")) == [*parts, own]
        for part in target.children.all():
            assert part.values["parent_code"] == target.basic_code
            # whoever still has the old code before them is led on
            assert change_draft(part, parent_code=A if part in parts else target.basic_code).parent == target
        gone.refresh_from_db()
        assert gone.parent == main
        with inside(north):
            adoption.refresh_from_db()
            assert (adoption.item_id, adoption.to_settle) == (parts[0].pk, [])
        moved = AuditEntry.objects.filter(act="catalogue.move_part")
        assert [one.changes for one in moved] == [{"parent_code": [A, target.basic_code]}] * 2


class TestSplit:
    def test_of_an_item_that_ends_leads_to_a_list_of_all_its_successors(self) -> None:
        a, b, c = published(1), published(2), published(3)
        split(a, b, c)
        a.refresh_from_db()
        assert (item_with_code(A), a.state) == (a, "succeeded")
        answer = code_answer(person("zhao"), A)
        assert (answer.item, [one.pk for one in answer.successors]) == (a, [b.pk, c.pk])
        read = ReadItem(ExchangeItem("01", {"basic_code": A, "name": "食品经营许可"}), "第 1 行", frozenset({"name"}))
        (line,) = import_preview(person("zhao"), Reading((read,), ()))
        assert f"已拆分为“食品经营许可”（{B}）、“食品经营许可”（{C}）" in line.refusal

    def test_of_an_item_that_goes_on_leaves_it_its_code(self) -> None:
        a, b = published(1), published(2)
        split(a, b, goes_on=True)
        a.refresh_from_db()
        assert (item_with_code(A), a.state, successors_of(a)) == (a, "active", [])
        assert [(one.former_code, one.new_code) for one in changes_after(0) if one.kind == "succeeded"] == [(A, B)]
        change_draft(a, promised_days=7)

    def test_goes_into_what_was_handed_down(self, north: Hall) -> None:
        a, b, c = published(1), published(2), published(3)
        order = Assignment.objects.create(
            prefix="420582", kinds=["township"], item_ids=[a.pk], hall_guides={str(a.pk): {"consult": "1"}}
        )
        split(a, b, c)
        order.refresh_from_db()
        assert set(order.item_ids) == {b.pk, c.pk}
        assert order.hall_guides == {str(b.pk): {"consult": "1"}, str(c.pk): {"consult": "1"}}
        merge(c, b)
        order.refresh_from_db()
        assert (order.item_ids, order.hall_guides) == ([c.pk], {str(c.pk): {"consult": "1"}})


class TestDecision:
    def test_is_another_person_s(self) -> None:
        a, c = published(1), published(3)
        asked = propose(MERGER, c, a)
        assert list(successions_to_confirm(person("qian"))) == [asked]
        assert not successions_to_confirm(person("zhao"))
        with pytest.raises(NotAllowed, match="由不同的人"):
            confirm_succession(by=person("zhao"), succession_id=asked.pk)
        with pytest.raises(Invalid, match="不同意的原因"):
            decline_succession(by=person("qian"), succession_id=asked.pk, reason=" ")
        decline_succession(by=person("qian"), succession_id=asked.pk, reason="依据不足")
        for act in (confirm_succession, withdraw_succession):
            with pytest.raises(Conflict, match="不能变为"):
                act(by=person("qian"), succession_id=asked.pk)
        assert version_at(a, timezone.now()) is not None

    def test_acts_on_its_day_once_and_can_be_taken_back_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        a, c = published(1), published(3)
        begins = timezone.now() + timedelta(days=3)
        first = merge(c, a, begins_at=begins)
        begin_succession(succession_id=first.pk)
        withdraw_succession(by=person("zhao"), succession_id=first.pk)
        second = merge(c, a, begins_at=begins)
        with pytest.raises(Conflict, match="新版应在那以前生效"):
            publish_version(by=person("zhao"), version=make_approved(a, promised_days=7), valid_from=begins)
        monkeypatch.setattr(timezone, "now", lambda: begins)
        for one in (first, second, second):
            begin_succession(succession_id=one.pk)
        assert list(Succession.objects.order_by("created_at").values_list("state", flat=True)) == ["withdrawn", "done"]
        assert item_with_code(A) == c
        assert sum(one.kind == "succeeded" for one in changes_after(0)) == 1
        with pytest.raises(Conflict, match="不能变为"):
            withdraw_succession(by=person("zhao"), succession_id=second.pk)

    def test_lapses_where_the_successor_is_gone_by_its_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        a, c = published(1), make_item(3)
        begins = timezone.now() + timedelta(days=3)
        version = make_published(c, valid_from=begins)
        made = merge(c, a, begins_at=begins)
        withdraw_version(by=person("zhao"), version=version)
        monkeypatch.setattr(timezone, "now", lambda: begins)
        begin_succession(succession_id=made.pk)
        made.refresh_from_db()
        assert made.state == "lapsed"
        assert "还没有施行的版本" in made.decision_reason
        assert item_with_code(A) == a

    def test_of_two_at_once_is_given_to_the_first(self) -> None:
        a, b, c = published(1), published(2), published(3)
        asked = propose(MERGER, c, a)
        refused = (
            (MERGER, b, [a], {}),
            (SPLIT, a, [b], {"goes_on": True}),
            (SPLIT, c, [a], {"goes_on": True}),
            (MERGER, b, [c], {}),
        )
        for kind, item, parts, facts in refused:
            with pytest.raises(Conflict, match="已在另一次合并里"):
                propose(kind, item, *parts, **facts)
        # another item may go the same way
        propose(MERGER, c, b)
        confirm_succession(by=person("qian"), succession_id=asked.pk)

    def test_is_refused_with_the_reason(self) -> None:
        a, b, draft = published(1), published(2), make_item(3)
        main = published(5)
        part = published(6, parent_code=main.basic_code)
        other, foreign = published(10), published(12, item_type="05")
        published(11, parent_code=other.basic_code)
        published(13, item_type="05", parent_code=foreign.basic_code)
        service = published(14)
        Item.objects.filter(pk=service.pk).update(family="service")
        coming = published(7)
        make_published(coming, valid_from=timezone.now() + timedelta(days=3), promised_days=7)
        gone, paused = abolish(published(8)), suspend(published(9))
        cases = [
            (MERGER, draft, [a], {}, "还没有施行的版本"),
            (MERGER, a, [draft], {}, "从没有公布过"),
            (SPLIT, a, [b], {"goes_on": False}, "至少写两个"),
            (MERGER, a, [], {}, "至少一个"),
            (MERGER, a, [main], {}, "只能归到另一个有子项的主项下"),
            (MERGER, part, [main], {}, "只能归到另一个有子项的主项下"),
            (MERGER, main, [a], {}, "请把“.*”并入它的一个子项"),
            (MERGER, main, [other, a], {}, "请把“.*”并入它的一个子项"),
            (MERGER, main, [foreign], {}, "事项类型不同"),
            (SPLIT, main, [a, b], {"goes_on": False}, "不能整个拆分"),
            (SPLIT, a, [b, main], {"goes_on": False}, "不能整个拆分"),
            (MERGER, a, [service], {}, "请废止一个，另建一个"),
            (MERGER, a, [coming], {}, "请先撤回它的公布"),
            (MERGER, a, [gone], {}, "不能再合并"),
            (MERGER, paused, [a], {}, "不能承接"),
        ]
        for kind, item, parts, facts, words in cases:
            with pytest.raises(Conflict, match=words):
                propose(kind, item, *parts, **facts)
        with pytest.raises(Invalid, match="只写一次"):
            propose(MERGER, a, b, b)
        with pytest.raises(Invalid, match="今天以后"):
            propose(MERGER, a, b, begins_at=timezone.now())
        with pytest.raises(Invalid, match="原因"):
            propose_succession(by=person("zhao"), kind=MERGER, item=a, parts=[b], reason="")
        with pytest.raises(NotAllowed):
            propose(MERGER, a, b, by="sun")
        # a suspended item may go over to another one
        merge(a, paused)

    def test_says_before_what_it_touches(self, north: Hall, south: Hall) -> None:
        a, b, c = published(1), published(2), published(3)
        adopt(north, a.versions.get())
        adopt(south, a.versions.get(), by="zhou")
        adopt(north, b.versions.get())
        submit_version(by=person("zhao"), item=change_draft(a, promised_days=7))
        Assignment.objects.create(prefix="420582", kinds=["township"], item_ids=[a.pk])
        preview = succession_preview(MERGER, c, [a, b], goes_on=True, begins_at=None)
        assert (preview.refusal, preview.halls, preview.open_versions, preview.assignments) == ("", 2, 1, 1)
        merge(c, a, b)
        events = Event.objects.filter(kind="catalogue.succession_done").values_list("hall_id", flat=True)
        assert sorted(events) == sorted([north.pk, south.pk])


class TestPages:
    def test_lead_from_the_preview_to_the_second_person(self, north: Hall) -> None:
        a, c = published(1, name="食品流通许可"), published(3)
        adopt(north, a.versions.get())
        zhao, qian, page = client_of("zhao"), client_of("qian"), f"/console/items/{c.pk}/succession/"
        assert page in zhao.get(f"/console/items/{c.pk}/").content.decode()
        assert "看影响到谁" in zhao.get(page).content.decode()
        asked = {"kind": "merger", "codes": f"{A}\n"}
        preview = zhao.get(page, asked).content.decode()
        for words in ("“食品流通许可”（420131001000）不再办理", "1 个服务厅认领了", "第二人确认后立即执行"):
            assert words in preview
        strange = zhao.get(page, {"kind": "merger", "codes": "420131777000"})
        assert (strange.status_code, "没有基本编码是 420131777000" in strange.content.decode()) == (422, True)
        assert "至少要有两个事项" in zhao.get(page, {"kind": "split", "codes": A}).content.decode()
        assert zhao.post(page, asked | {"reason": ""}).status_code == 422
        done = zhao.post(page, asked | {"reason": "国家目录合并"}, follow=True).content.decode()
        assert "已提请合并" in done
        assert "确认合并</button>" not in done
        assert "待我确认的合并、拆分" in qian.get("/console/").content.decode()
        assert "国家目录合并" in qian.get("/console/items/pauses/").content.decode()
        decide = f"/console/items/successions/{Succession.objects.get().pk}/"
        assert "由不同的人" in zhao.post(decide, {"act": "confirm"}, follow=True).content.decode()
        assert "已确认合并，已执行" in qian.post(decide, {"act": "confirm"}, follow=True).content.decode()
        ended = zhao.get(f"/console/items/{a.pk}/").content.decode()
        assert "已由别的事项承接" in ended
        assert f'href="/console/items/{c.pk}/"' in ended
        moved = zhao.get(f"/console/items/code/{A}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/console/items/{c.pk}/")
        assert A in zhao.get("/console/items/", {"format": "csv"}).content.decode()

    def test_answer_for_other_systems(self) -> None:
        a, _, _ = published(1), published(2), published(3)
        zhao, qian = api_client("zhao"), api_client("qian")
        asked = get(zhao, f"/items/{a.pk}/succession-preview", kind="split", codes=[B, C])
        assert (asked["refusal"], len(asked["successors"]), asked["halls"]) == ("", 2, 0)
        body, path = {"kind": "split", "codes": [B, C], "reason": "国家目录拆分"}, f"/items/{a.pk}/successions"
        once = {"headers": {"Idempotency-Key": "once"}, "content_type": "application/json"}
        made, again = (zhao.post(f"{ROOT}{path}", body, **once).json() for _ in "ab")
        assert made == again
        assert (made["state"], [one["basic_code"] for one in made["parts"]]) == ("waiting", [B, C])
        assert get(zhao, "/successions", state="waiting")["items"][0]["id"] == made["id"]
        assert ask(zhao, "post", f"/successions/{made['id']}/withdraw")["state"] == "withdrawn"
        made = ask(zhao, "post", path, body, 201)
        assert ask(qian, "post", f"/successions/{made['id']}/decline", {"reason": "再议"})["state"] == "declined"
        made = ask(zhao, "post", path, body, 201)
        assert ask(qian, "post", f"/successions/{made['id']}/confirm")["state"] == "done"
        assert get(zhao, f"/successions/{made['id']}")["done_at"]
        answer = get(zhao, f"/items/by-code/{A}")
        assert (answer["item_state"], [one["basic_code"] for one in answer["successors"]]) == ("succeeded", [B, C])
