"""Runs on pages and for programs: started, found in the inbox, done, led back; and nothing for strangers."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateformat import format as in_words

from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from tenants.workflow.models import Flow, Run, WorkItem
from tenants.workflow.queries.run_access import run_of
from tenants.workflow.queries.run_pages import run_view
from tenants.workflow.queries.run_progress import draw_run
from tenants.workflow.queries.work import box_counts, items_in
from tenants.workflow.states import RunStatus
from tests.conftest import person
from tests.factories.forms import make_published_form
from tests.factories.runs import (
    DECISIONS,
    HANDLERS,
    LEADERS,
    begin_run,
    do,
    forked_flow,
    free_step,
    item_at,
    open_steps,
    people,
    row_of,
)
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
ROOT = "/api/hall/v1/workflow"
POST = {
    "name": "孙北",
    "number": "11010519491231002X",
    "kind": "year",
    "days.begins_on": "2026-12-01",
    "days.ends_on": "2026-12-03",
}


def client_of(username: str, host: str = NORTH) -> Client:
    client = Client(headers={"host": host})
    client.force_login(Account.objects.get(username=username))
    return client


class Program:
    """A program of one of the cast."""

    def __init__(self, username: str, host: str = NORTH) -> None:
        account = Account.objects.get(username=username)
        scopes = ("workflow.take_part", "workflow.manage")
        key = issue_token(by=person(username), account=account, name="测试", scopes=scopes)
        self.client = Client(headers={"host": host, "authorization": f"Bearer {key}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"{ROOT}{path}")

    def post(self, path: str, data: object = None) -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        return self.client.post(
            f"{ROOT}{path}", json.dumps(data or {}), content_type="application/json", headers=headers
        )


class TestPages:
    def test_lead_from_the_start_through_the_inbox_to_the_end(self, north: Hall) -> None:
        with inside(north):
            form = make_published_form(north)
            flow = row_of(
                north,
                free_step("hand", HANDLERS, fields={"kind": "write"}, outcomes=DECISIONS, on_refusal="return_start"),
                free_step("lead", LEADERS, asks_opinion="required"),
                form=form,
            )
        sun, cao, tao = client_of("sun"), client_of("cao"), client_of("tao")
        start = f"/desk/flows/{flow.pk}/start/"
        page = sun.get(start).text
        assert "发起：请假" in page
        wrong = sun.post(start, {"name": "孙北"})
        assert (wrong.status_code, "请填写“身份证号”" in wrong.text) == (422, True)
        key = str(uuid4())
        made = sun.post(start, POST | {"_key": key})
        assert made.status_code == 302, made.text
        assert sun.post(start, POST | {"_key": key})["Location"] == made["Location"]
        address = made["Location"]
        with inside(north):
            run = Run.objects.get()
        inbox = cao.get("/desk/work/").text
        assert run.title in inbox
        page = cao.get(address)
        assert page.status_code == 200
        for words in ("办理结果", "同意", "退回", "转办", "加签", "<svg", "年休假"):
            assert words in page.text, words
        refused = cao.post(address, {"kind": "ill"})
        assert (refused.status_code, "请选择“环节 hand”的办理结果" in refused.text) == (422, True)
        assert cao.post(address, {"kind": "ill", "_outcome": "agreed"}).status_code == 302
        history = tao.get(address).text
        assert "改了：请假类型" in history
        assert tao.post(address, {"_opinion": "同意。"}).status_code == 302
        with inside(north):
            assert Run.objects.get().status == RunStatus.FINISHED
        assert run.title in cao.get("/desk/work/?box=done").text
        assert run.title in sun.get("/desk/work/?box=sent").text
        assert sun.get(f"{address}progress/").status_code == 200
        # a stranger of the same hall, and somebody of another
        assert client_of("li").get(address).status_code == 404
        assert client_of("zhou", SOUTH).get(address).status_code == 404

    def test_do_every_act_with_a_button(self, north: Hall) -> None:
        with inside(north):
            run = begin_run(north, forked_flow(north))
            both = begin_run(north, row_of(north, free_step("any", people("cao", "hua")), code="any"))
            hand, taken = item_at(run, "hand"), item_at(both, "any")
        cao, he, sun, hua = (client_of(one) for one in ("cao", "he", "sun", "hua"))
        to = {"people": str(person("hua").id)}

        def press(client: Client, path: str, **data: Any) -> str:
            answer = client.post(path, data, follow=True)
            assert answer.status_code == 200
            return answer.text

        at = f"/desk/work/{hand.pk}"
        assert "已加签" in press(cao, f"{at}/sign/", **to, place="before")
        with inside(north):
            signer = WorkItem.objects.get(parent=hand)
        assert "已减签" in press(cao, f"/desk/work/{signer.pk}/unsign/")
        assert "已委派" in press(cao, f"{at}/delegate/", **to)
        with inside(north):
            lent = WorkItem.objects.filter(parent=hand).latest("pk")
        assert "已办理" in press(hua, f"/desk/runs/{run.pk}/")
        assert "已抄送" in press(cao, f"/desk/runs/{run.pk}/copy/", **to, item=str(hand.pk))
        assert "已催办" in press(sun, f"{at}/urge/")
        assert "已挂起" in press(he, f"/desk/runs/{run.pk}/suspend/", opinion="等")
        assert "已恢复" in press(he, f"/desk/runs/{run.pk}/resume/")
        assert "没有在等" in press(he, f"/desk/runs/{run.pk}/message/", message="x")
        assert "已跳转" in press(he, f"/desk/runs/{run.pk}/jump/", step="last", opinion="急")
        assert "不会再来" in press(he, f"/desk/runs/{run.pk}/jump/", step="left", opinion="急")
        with inside(north):
            last = item_at(run, "last")
            assert lent.pk
        assert "已退回" in press(cao, f"/desk/work/{last.pk}/return/", opinion="退", to_step="start")
        assert "没有在等待" in press(he, f"/desk/work/{hand.pk}/release/")
        assert "已经有人办理" in press(sun, f"/desk/runs/{run.pk}/cancel/", opinion="不办了")
        with inside(north):
            fresh = begin_run(north, Flow.objects.get(code="leave"))
        assert "已撤销" in press(sun, f"/desk/runs/{fresh.pk}/cancel/", opinion="不办了")
        many = {"item": [str(taken.pk), str(hand.pk)], "act": "claim"}
        told = press(cao, "/desk/work/many/", **many)
        assert "已认领 1 项" in told
        assert "已放回" in press(cao, f"/desk/work/{taken.pk}/put-back/")
        assert "已认领" in press(hua, f"/desk/work/{taken.pk}/claim/")
        assert "已转办" in press(hua, f"/desk/work/{taken.pk}/transfer/", people=str(person("tao").id))
        assert "已终止" in press(he, f"/desk/runs/{both.pk}/terminate/", opinion="重复")

    def test_ask_as_much_for_many_items_as_for_one(self, north: Hall) -> None:
        by, numbers = person("cao"), []
        with inside(north):
            flow = row_of(north, free_step("hand", HANDLERS))
            for many in (1, 5):
                runs = [begin_run(north, flow) for _ in range(many)]
                with CaptureQueriesContext(connection) as asked:
                    rows = list(items_in(by, north, "mine"))
                    said = [f"{one.run.title} {one.run.version.flow.title} {one.label}" for one in rows]
                    view = run_view(by, north, run_of(by, north, runs[-1].pk))
                    drawn = draw_run(view)
                    counts = box_counts(by, north)
                assert len(said) == counts["mine"]
                assert drawn.now
                numbers.append(len(asked))
        assert numbers[0] == numbers[1] <= 14


class TestTheDrawing:
    def test_says_who_did_each_step_when_and_how_long_it_took_or_waits(self, north: Hall) -> None:
        now = timezone.now()
        with inside(north):
            run = begin_run(north, row_of(north, free_step("hand", HANDLERS), free_step("lead", LEADERS)))
            WorkItem.objects.filter(run=run).update(created_at=now - timedelta(hours=30))
            do(north, run, "hand", "cao")
            WorkItem.objects.filter(run=run, step="lead").update(created_at=now - timedelta(hours=5))
            drawn = draw_run(run_view(person("sun"), north, run_of(person("sun"), north, run.pk)))
            done_at = WorkItem.objects.get(run=run, step="hand").done_at
        came, done = (in_words(timezone.localtime(at), "n月j日 H:i") for at in (now - timedelta(hours=5), done_at))
        said = {one.look: (one.said, one.when) for one in drawn.nodes if one.shape == "box"}
        assert said == {"now": ("陶批 已 5 小时", f"{came} 到"), "done": ("曹办 用时 30 小时", done)}
        assert f"陶批 已 5 小时 {came} 到" in drawn.now
        page = client_of("sun").get(f"/desk/runs/{run.pk}/").text
        assert page.count(f">{came} 到<") == 1


class TestPrograms:
    def test_do_what_people_do(self, north: Hall) -> None:
        with inside(north):
            flow = forked_flow(north)
        sun, cao, hua, he = (Program(one) for one in ("sun", "cao", "hua", "he"))
        assert [one["title"] for one in sun.get("/runs/flows").json()] == ["请假"]
        assert sun.get(f"/runs/flows/{flow.pk}").json()["form"] is None
        assert sun.post(f"/runs/flows/{flow.pk}/form").json() == {"filled_id": None}
        made = sun.post("/runs", {"flow_id": str(flow.pk)})
        assert made.status_code == 201, made.text
        run = made.json()
        assert cao.get("/work").json() == {"mine": 1, "to_claim": 0, "due": 0, "late": 0, "units": 0}
        (line,) = cao.get("/work/items").json()["items"]
        assert line["run"]["number"] == run["number"]
        at = f"/work/items/{line['id']}"
        assert cao.post(f"{at}/finish", {}).json()["status"] == "running"
        assert cao.post(f"{at}/withdrawal", {}).status_code == 200
        (line,) = cao.get("/work/items").json()["items"]
        at = f"/work/items/{line['id']}"
        signed = cao.post(f"{at}/signers", {"people": [str(person("hua").id)], "place": "before"})
        assert signed.status_code == 200, signed.text
        (signer,) = hua.get("/work/items").json()["items"]
        assert cao.post(f"/work/items/{signer['id']}/removal", {}).status_code == 200
        assert cao.post(f"{at}/delegation", {"to_id": str(person("hua").id)}).status_code == 200
        (lent,) = hua.get("/work/items").json()["items"]
        outcomes = hua.post("/work/items/acts", {"ids": [lent["id"]], "act": "finish"}).json()
        assert [one["reason"] for one in outcomes] == [""]
        assert he.post(f"/runs/{run['id']}/suspension", {"opinion": "等"}).json()["status"] == "suspended"
        assert he.post(f"/runs/{run['id']}/resumption", {}).json()["status"] == "running"
        assert he.post(f"/runs/{run['id']}/jump", {"step": "last", "opinion": "急"}).status_code == 200
        assert he.post(f"/runs/{run['id']}/message", {"message": "x"}).status_code == 409
        assert he.post(f"/runs/{run['id']}/copies", {"people": [str(person("li").id)]}).json() == {"new": 1}
        assert sun.post(f"/runs/{run['id']}/cancellation", {"opinion": "不办了"}).status_code in {200, 409}
        assert Program("zhou", SOUTH).get(f"/runs/{run['id']}").status_code == 404
        assert Program("zhou", SOUTH).post(f"{at}/claim").status_code == 404
        assert cao.get("/work/items?box=nothing").status_code == 404
        with inside(north):
            assert open_steps(Run.objects.get()) in (["last"], [])


def test_nothing_that_is_hidden_leaves(north: Hall) -> None:
    """Neither on the page nor for programs, at a step that does not see a field."""
    with inside(north):
        form = make_published_form(north)
        flow = row_of(
            north,
            free_step("hand", HANDLERS, fields={"number": "hidden"}),
            free_step("lead", LEADERS),
            form=form,
        )
        posted: dict[str, Any] = {
            **{name: text for name, text in POST.items() if "." not in name},
            "days": {"begins_on": "2026-12-01", "ends_on": "2026-12-03"},
        }
        run = begin_run(north, flow, posted=posted)
    assert POST["number"] not in client_of("cao").get(f"/desk/runs/{run.pk}/").text
    assert "number" not in Program("cao").get(f"/runs/{run.pk}").json()["values"]
    with inside(north):
        do(north, run, "hand", "cao")
    assert POST["number"] not in client_of("cao").get(f"/desk/runs/{run.pk}/").text
    assert "number" in Program("tao").get(f"/runs/{run.pk}").json()["values"]
