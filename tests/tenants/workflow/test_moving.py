"""Runs move between versions whose forms differ, on a page that says first what would happen to each."""

from typing import Any

import pytest

from province.halls.models import Hall
from tenants.workflow.models import Flow, FlowVersion, FormVersion, Run
from tenants.workflow.operations.moving import foresee_moves, move_runs
from tenants.workflow.queries.filled import moments_of, values_of
from tests.conftest import person
from tests.factories.forms import make_published_form
from tests.factories.runs import HANDLERS, begin_run, do, free_step, item_at, row_of
from tests.factories.sites import inside
from tests.tenants.workflow.test_run_pages import client_of

pytestmark = pytest.mark.django_db


def fields(*rows: dict[str, Any]) -> dict[str, Any]:
    part = {"name": "all", "label": "内容", "fields": list(rows)}
    return {"format": 1, "title": "申请", "parts": [part]}


def text(name: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": "short_text", "name": name, "label": label, **more}


FIRST = fields(text("what", "事由"), text("where", "地点"), text("days", "天数"))
# no place any more, days are a number
SECOND = fields(text("what", "事由"), {"type": "number", "name": "days", "label": "天数"}, text("more", "补充"))


def versions(hall: Hall) -> tuple[Flow, FlowVersion, FlowVersion]:
    form = make_published_form(hall, FIRST, code="ask")
    old = row_of(hall, free_step("hand", HANDLERS), form=form).newest
    form.newest = FormVersion.objects.create(form=form, number=2, definition=SECOND, submitted_by_name="何北")
    form.save()
    flow = row_of(hall, free_step("hand", HANDLERS, label="初审"), form=form)
    assert old
    assert flow.newest
    return flow, old, flow.newest


class TestMoving:
    def test_carries_what_was_filled_in_and_names_what_is_lost(self, at_north: Hall) -> None:
        flow, old, new = versions(at_north)
        flow.newest = old
        flow.save()
        right, wrong, empty = (
            begin_run(at_north, flow, posted=one)
            for one in (
                {"what": "修路", "where": "村口", "days": "3"},
                {"what": "修桥", "where": "河边", "days": "三天"},
                {"what": "修渠", "where": "", "days": ""},
            )
        )
        flow.newest = new
        flow.save()
        given: dict[str, Any] = {
            "by": person("he"),
            "hall": at_north,
            "run_ids": [one.pk for one in (right, wrong, empty)],
            "version_id": new.pk,
            "places": {},
        }
        foreseen = foresee_moves(**given)
        assert [one.reason for one in foreseen] == ["", "", ""]
        assert [dict(one.lost) for one in foreseen] == [
            {"where": "地点"},
            {"days": "天数", "where": "地点"},
            {},
        ]
        assert any("转为" in note for note in foreseen[0].notes)
        outcomes = move_runs(**given, drops=["where"])
        assert [one.is_done for one in outcomes] == [True, False, True]
        assert ("天数" in outcomes[1].reason, "请先确认" in outcomes[1].reason) == (True, True)
        moved = Run.objects.get(pk=right.pk)
        assert moved.filled
        assert moved.filled.version_id == new.form_version_id
        assert values_of(at_north, moved.filled) == {"what": "修路", "days": "3"}
        # what it said before stands in its moments
        assert [one.values.get("where") for one in moments_of(at_north, moved.filled)] == ["村口", None]
        kept = Run.objects.get(pk=wrong.pk)
        assert kept.filled
        assert (kept.version_id, values_of(at_north, kept.filled)["where"]) == (old.pk, "河边")
        do(at_north, moved, "hand", "cao")
        assert Run.objects.get(pk=right.pk).status != "running"

    def test_refuses_by_name_what_does_not_fit(self, at_north: Hall) -> None:
        form = make_published_form(at_north, FIRST, code="ask")
        flow = row_of(at_north, free_step("hand", HANDLERS), form=form)
        run = begin_run(at_north, flow, posted={"what": "一个很长很长的事由"})
        plain = row_of(at_north, free_step("hand", HANDLERS)).newest
        form.newest = FormVersion.objects.create(
            form=form, number=2, definition=fields(text("what", "事由", most=4)), submitted_by_name="何北"
        )
        form.save()
        short = row_of(at_north, free_step("hand", HANDLERS), form=form).newest
        other = make_published_form(at_north, FIRST, code="other")
        strange = row_of(at_north, free_step("hand", HANDLERS), form=other).newest
        reasons = [
            foresee_moves(by=person("he"), hall=at_north, run_ids=[run.pk], version_id=one.pk, places={})[0].reason
            for one in (plain, short, strange)
            if one
        ]
        assert ["表单" in one for one in reasons] == [True, True, True]
        assert "“事由”" in reasons[1]
        assert Run.objects.get(pk=run.pk).version_id == flow.versions.get(number=1).pk


class TestThePage:
    def test_picks_checks_and_moves(self, north: Hall) -> None:
        with inside(north):
            flow, old, new = versions(north)
            flow.newest = old
            flow.save()
            runs = [begin_run(north, flow, posted={"what": f"第{one}件", "where": "村口"}) for one in range(3)]
            flow.newest = new
            flow.save()
        he, address = client_of("he"), f"/desk/flows/{flow.pk}/moves/"
        assert client_of("cao").get(address).status_code == 403
        assert "迁移办理中的流程" in he.get(f"/desk/flows/{flow.pk}/").text
        page = he.get(address).text
        for words in ("第 1 版（办理中 3 个）", runs[0].title, "环节 hand", "检查会怎样"):
            assert words in page, words
        chosen = {"from": "1", "to": "2"}
        checked = he.post(address, chosen | {"act": "check", "all": "1"}).text
        assert ("3 个里可以迁移 3 个" in checked, "不再保留“地点”" in checked) == (True, True)
        assert "在“初审”继续" in checked
        with inside(north):
            assert Run.objects.filter(version=new).count() == 0
        none = he.post(address, chosen | {"act": "check"}).text
        assert "请先勾选" in none
        two = [str(one.pk) for one in runs[:2]]
        done = he.post(address, chosen | {"act": "move", "run": two, "drop": ["where"], "opinion": "按新表单"}).text
        assert ("迁移了 2 个" in done, "还有 1 个，接着迁移" in done) == (True, True)
        refused = he.post(address, chosen | {"act": "move", "all": "1"}).text
        assert ("没有迁移 1 个" in refused, "请先确认不再保留" in refused) == (True, True)
        with inside(north):
            assert Run.objects.filter(version=new).count() == 2
            assert item_at(runs[0], "hand").label == "初审"
            assert runs[0].acts.get(act="move").opinion == "按新表单"
