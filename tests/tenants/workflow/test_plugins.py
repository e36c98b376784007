"""Actions outside: asked once for each step whatever fails or is killed, seen where they stand, ended by hand."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from pydantic import BaseModel
from pytest_django import Settings

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.models import OutsideCall
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import OpenWork
from standards.flows.bpmn.reading import read_bpmn
from standards.flows.bpmn.writing import write_bpmn
from standards.flows.reading import read_flow
from tenants.workflow.models import Flow, PluginCall, Run, WorkItem
from tenants.workflow.operations.by_hand import answer_by_hand, call_again
from tenants.workflow.operations.calling import send_next_plugin_call, send_plugin_calls
from tenants.workflow.operations.items import claim_item, finish_item, put_back_item
from tenants.workflow.operations.restored import report_work_again
from tenants.workflow.operations.returns import jump_run, return_item
from tenants.workflow.operations.runs import resume_run, suspend_run, terminate_run
from tenants.workflow.queries.calls import call_words
from tenants.workflow.queries.filled import values_of
from tenants.workflow.queries.flows import faults_of_flow
from tenants.workflow.slots import EffectPer, FlowPlugin, plugin_port
from tenants.workflow.states import CallState, RunStatus, WorkState
from tests.channel_server import Channel, Reply, Request
from tests.conftest import person
from tests.factories.forms import make_published_form
from tests.factories.plugins import Bill, Receipt, counter, offered
from tests.factories.runs import begin_run, do, free_step, item_at, make_flow, open_steps, people, row_of
from tests.factories.sites import inside
from tests.races import at_once
from tests.servers import ROOT
from tests.standards.run_samples import gateway
from tests.tenants.workflow.test_flow_design import _filled
from tests.tenants.workflow.test_form_design import _Designer
from tests.tenants.workflow.test_run_pages import SOUTH, Program, client_of

FORM: dict[str, Any] = {
    "format": 1,
    "title": "缴费申请",
    "parts": [
        {
            "name": "all",
            "label": "内容",
            "fields": [
                {"type": "money", "name": "amount", "label": "应缴"},
                {"type": "short_text", "name": "receipt", "label": "单号", "personal": True},
                {"type": "short_text", "name": "note", "label": "备注"},
                {"type": "person_name", "name": "payer", "label": "缴款人"},
            ],
        },
    ],
}
POST: dict[str, object] = {"amount": "12.50", "note": "补证", "payer": "钱南"}
PAY: dict[str, Any] = {
    "type": "plugin",
    "name": "pay",
    "label": "缴费",
    "plugin": "pay",
    "given": {"amount": "amount", "payer": "payer"},
    "constants": {"subject": "工本费"},
    "taken": {"number": "receipt"},
}


def paid(request: Request) -> Reply:
    """As agreed: the same key is the same receipt."""
    body = {"number": f"R-{request.key[-6:]}", "paid": request.said["amount"]}
    return Reply(body=json.dumps(body).encode())


@pytest.fixture
def outside(settings: Settings) -> Iterator[Channel]:
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with Channel(paid).running() as running, offered(counter(running.url())):
        yield running


def paying_flow(hall: Hall, **attributes: Any) -> Flow:
    """pay → more than 10 was paid: look (cao); else the end."""
    return make_flow(
        hall,
        PAY | {"keeper": people("cao")} | attributes,
        gateway("much", "exclusive"),
        free_step("look", people("cao")),
        edges=[
            ("start", "pay"),
            ("pay", "much"),
            ("much", "look", "pay.paid > 10"),
            ("much", "finish", "default"),
            ("look", "finish"),
        ],
        form=make_published_form(hall, FORM, code="fee"),
    )


def do_again(hall: Hall, run: Run, **posted: object) -> None:
    """The one who looks gives it back to who started it, and they send it again."""
    item = item_at(run, "look")
    return_item(by=person("cao"), hall=hall, item_id=item.pk, opinion="重办")
    do(hall, run, "start", "sun", posted=POST | posted)


def sent(most: int = 20) -> int:
    """Call until nothing may go; whatever waits may go now, and claims of the killed are over."""
    number = 0
    while number < most:
        OutsideCall.objects.filter(state="waiting").update(next_attempt_at=timezone.now(), claimed_until=None)
        if not send_next_plugin_call():
            break
        number += 1
    return number


def said(item: WorkItem) -> str:
    return call_words([item.pk])[item.pk]


def call_of(run: Run) -> PluginCall:
    return PluginCall.objects.filter(run=run).latest("pk")


@pytest.mark.django_db
class TestACall:
    def test_is_asked_and_what_it_gives_decides_and_fills_in(self, at_north: Hall, outside: Channel) -> None:
        taken = PAY["taken"] | {"way": "note"}
        run = begin_run(at_north, paying_flow(at_north, taken=taken), posted=POST)
        item = item_at(run, "pay")
        assert (item.state, item.part, item.owner_id) == (WorkState.WAITING, "outside", person("cao").id)
        assert said(item) == "等待外部系统"
        assert sent() == 1
        [request] = outside.requests
        assert request.said == {"amount": "12.5", "subject": "工本费", "payer": "钱南"}
        assert request.key == str(item.pk)
        assert open_steps(run) == ["look"]
        run = Run.objects.get(pk=run.pk)
        assert run.filled
        values = values_of(at_north, run.filled)
        # what people read, and no code
        assert (values["receipt"], values["note"]) == (f"R-{str(item.pk)[-6:]}", "现金")
        assert not OutsideCall.objects.exists()
        assert [one.act for one in run.acts.order_by("pk")] == ["start", "answered"]
        # what was said stands nowhere in the clear
        assert "钱南" not in str(list(PluginCall.objects.values()))
        cheap = begin_run(at_north, Flow.objects.get(code="leave"), posted=POST | {"amount": "9.99"})
        sent()
        assert Run.objects.get(pk=cheap.pk).status == RunStatus.FINISHED

    def test_is_tried_again_given_up_and_ended_by_hand(self, at_north: Hall, outside: Channel) -> None:
        lies = [
            Reply(status=503),
            Reply(body=b'{"number": 7, "paid": "x"}'),
            Reply(body=b"x" * 100_000),
        ]
        outside.reply_to = lambda _: lies.pop(0) if lies else Reply(status=500)
        run = begin_run(at_north, paying_flow(at_north), posted=POST)
        item = item_at(run, "pay")
        send_next_plugin_call()
        assert "第 1 次重试；上一次：对方答复 503。" in said(item)
        sent(1)
        assert "第 2 次重试；上一次：对方答复的内容不对：“缴款单号”、“实缴”。" in said(item)
        sent()
        item.refresh_from_db()
        assert (len(outside.requests), len({one.key for one in outside.requests})) == (3, 1)
        assert item.failure == said(item) == "试了 3 次都没有成功：答复超过 64 KB。"
        assert (item.state, OutsideCall.objects.get().state) == (WorkState.CLAIMED, "dead")
        assert Notice.objects.filter(kind="workflow.stuck", account_id=person("cao").id).count() == 1
        assert OpenWork.objects.filter(object_id=item.pk).exists()
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "item_id": item.pk}
        with pytest.raises(Conflict, match="不能直接办完"):
            finish_item(**given)
        with pytest.raises(Invalid, match="为什么"):
            call_again(**given, opinion=" ")
        for stranger in ("hua", "sun"):
            with pytest.raises(NotFound):
                call_again(**given | {"by": person(stranger)}, opinion="我来")
        call_again(**given, opinion="对方说好了")
        assert said(item) == "等待外部系统"
        # once more than one attempt is left after a revival: the first one may have arrived
        sent()
        assert (item.refresh_from_db(), item.state)[1] == WorkState.CLAIMED
        with pytest.raises(Invalid) as refused:
            answer_by_hand(**given, answer={"number": "1", "paid": ""}, opinion="电话核实")
        assert {one.where for one in refused.value.faults} == {"answer.number", "answer.paid"}
        answer_by_hand(**given, answer={"number": "手-001", "paid": "12.50"}, opinion="电话核实")
        assert (open_steps(run), call_of(run).state) == (["look"], CallState.BY_HAND)
        run = Run.objects.get(pk=run.pk)
        assert run.filled
        assert values_of(at_north, run.filled)["receipt"] == "手-001"
        assert [one.act for one in run.acts.order_by("pk")] == ["start", "fail", "call_again", "fail", "by_hand"]
        assert not OutsideCall.objects.exists()
        with pytest.raises(Conflict, match="手工填写结果"):
            answer_by_hand(**given, answer={"number": "手-002", "paid": "1"}, opinion="再来")

    def test_several_keepers_claim_it_and_what_is_given_wrongly_goes_to_them(
        self, at_north: Hall, outside: Channel
    ) -> None:
        flow = paying_flow(at_north, keeper=people("cao", "hua"))
        run = begin_run(at_north, flow, posted=POST | {"amount": "0"})
        item = item_at(run, "pay")
        assert item.owner_id is None
        sent()
        item.refresh_from_db()
        assert (item.state, outside.requests) == (WorkState.TO_CLAIM, [])
        assert item.failure == "传入的内容不对：“金额”没有填写，或者不符合要求。"
        claim_item(by=person("hua"), hall=at_north, item_id=item.pk)
        put_back_item(by=person("hua"), hall=at_north, item_id=item.pk)
        # the other one, without claiming it before
        with pytest.raises(Invalid):
            answer_by_hand(
                by=person("cao"), hall=at_north, item_id=item.pk, answer={"number": "免", "paid": 0}, opinion="不用缴"
            )
        answer_by_hand(
            by=person("cao"), hall=at_north, item_id=item.pk, answer={"number": "免缴号", "paid": 0}, opinion="不用缴"
        )
        assert Run.objects.get(pk=run.pk).status == RunStatus.FINISHED
        assert not OpenWork.objects.filter(object_id=item.pk).exists()

    def test_waits_while_the_run_is_held_up_and_goes_when_that_is_led_elsewhere(
        self, at_north: Hall, outside: Channel
    ) -> None:
        he: dict[str, Any] = {"by": person("he"), "hall": at_north}
        run = begin_run(at_north, paying_flow(at_north), posted=POST)

        suspend_run(**he, run_id=run.pk, opinion="等一等")
        sent(3)
        assert (outside.requests, OutsideCall.objects.get().state) == ([], "waiting")
        resume_run(**he, run_id=run.pk)
        assert send_next_plugin_call()
        do_again(at_north, run)
        assert sent() == 1
        # another visit is another effect
        assert len({one.key for one in outside.requests}) == 2
        do_again(at_north, run)
        jump_run(**he, run_id=run.pk, step="look", opinion="算了")
        assert (OutsideCall.objects.exists(), call_of(run).state) == (False, CallState.DROPPED)
        do_again(at_north, run)
        terminate_run(**he, run_id=run.pk, opinion="不办了")
        assert (sent(), OutsideCall.objects.exists(), call_of(run).state) == (0, False, CallState.DROPPED)

    def test_with_one_effect_a_run_keeps_its_key_and_answer(self, at_north: Hall, outside: Channel) -> None:
        flow = paying_flow(at_north)
        with offered(counter(outside.url(), one_effect=EffectPer.RUN)):
            run = begin_run(at_north, flow, posted=POST)
            sent()
            do_again(at_north, run, amount="99")
            assert sent() == 1
        assert (len(outside.requests), open_steps(run)) == (1, ["look"])
        assert len({one.key for one in PluginCall.objects.filter(run=run)}) == 1

    def test_is_asked_again_after_a_restore(self, at_north: Hall, outside: Channel) -> None:
        run = begin_run(at_north, paying_flow(at_north), posted=POST)
        OutsideCall.objects.all().delete()
        OutsideCall.objects.create(kind="workflow.plugin", subject_id=run.pk, hall_id=at_north.pk)
        report_work_again(hall=at_north)
        assert [one.subject_id for one in OutsideCall.objects.all()] == [item_at(run, "pay").pk]
        OutsideCall.objects.create(kind="workflow.plugin", subject_id=run.pk, hall_id=at_north.pk)
        sent()
        assert (open_steps(run), OutsideCall.objects.exists()) == (["look"], False)

    def test_of_the_hall_itself_tells_people_once(self, at_north: Hall) -> None:
        notice = {"type": "plugin", "name": "tell", "label": "通知", "plugin": "notice"}
        told = notice | {"constants": {"to": "initiator", "words": "可以来取证了"}}
        flow = row_of(at_north, told)
        assert faults_of_flow(flow, at_north) == []
        run = begin_run(at_north, flow)
        drain_events()
        sent()
        [one] = Notice.objects.filter(kind="workflow.flow_says")
        assert (one.account_id, one.title) == (person("sun").id, f"请假（{run.number}）：可以来取证了")
        assert Run.objects.get(pk=run.pk).status == RunStatus.FINISHED


@pytest.mark.django_db
class TestPagesAndPrograms:
    def test_show_how_it_stands_and_lead_out(self, north: Hall, outside: Channel) -> None:
        outside.reply_to = lambda _: Reply(status=503)
        with inside(north):
            run = begin_run(north, paying_flow(north), posted=POST)
            item = item_at(run, "pay")
            send_next_plugin_call()
        cao, li, address = client_of("cao"), client_of("li"), f"/desk/runs/{run.pk}/"
        retrying = "第 1 次重试；上一次：对方答复 503。"
        inbox = cao.get("/desk/work/?box=outside").text
        assert (retrying in inbox, run.title in inbox) == (True, True)
        assert retrying in cao.get(address).text
        assert run.title not in cao.get("/desk/work/").text
        with inside(north):
            sent()
        failed = "试了 3 次都没有成功：对方答复 503。"
        page = cao.get(address).text
        for words in (failed, "再试一次", "手工填写结果并继续", "缴款单号"):
            assert words in page, words
        assert "重新提交" not in page
        assert failed in cao.get("/desk/work/").text
        # who started it sees it, and can do nothing
        started = client_of("sun").get(address).text
        assert (failed in started, "手工填写结果并继续" in started) == (True, False)
        again, by_hand = f"/desk/work/{item.pk}/again/", f"/desk/work/{item.pk}/by-hand/"
        assert cao.post(again, {"opinion": "对方修好了"}).status_code == 302
        assert li.post(by_hand, {}).status_code == li.post(again, {}).status_code == 404
        wrong = cao.post(by_hand, {"answer.number": "1", "answer.paid": "3", "opinion": "电话"})
        assert (wrong.status_code, "请填写“缴款单号”" in wrong.text) == (422, True)
        program = Program("cao")
        seen = program.get(f"/runs/{run.pk}").json()["calls"]
        assert [(one["said"], one["may_help"], one["outputs"]) for one in seen] == [
            ("等待外部系统", True, {"number": "缴款单号", "paid": "实缴", "way": "方式"})
        ]
        assert program.post(f"/work/items/{item.pk}/call", {"opinion": "再试"}).status_code == 200
        refused = program.post(f"/work/items/{item.pk}/answer", {"answer": {"paid": 1}, "opinion": "电话"})
        assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, "answer.number")
        assert Program("li").post(f"/work/items/{item.pk}/call", {"opinion": "再试"}).status_code == 404
        assert Program("zhou", SOUTH).post(f"/work/items/{item.pk}/call", {"opinion": "x"}).status_code == 404
        right = {"answer.number": "手-1", "answer.paid": "3", "opinion": "电话核实"}
        assert cao.post(by_hand, right).status_code == 302
        late = cao.post(by_hand, right)
        assert late.status_code == 302
        history = client_of("sun").get(address).text
        assert ("手工填写结果" in history, "电话核实" in history, "改了：单号" in history) == (True, True, True)
        with inside(north):
            assert Run.objects.get(pk=run.pk).status == RunStatus.FINISHED


_KILLED = """
import os, signal, sys
import django
django.setup()
# all that a call needs is loaded once, before the children are made
import httpcore, zen
from foundation.events import outgoing
from foundation.safe_http import guarded
from standards.flows import spiff
from tenants.workflow.operations import calling
from tests.factories import plugins

[url] = sys.argv[1:]

def die(*given, **facts):
    os.kill(os.getpid(), signal.SIGKILL)

where = {
    "before it is sent": (plugins, "post_message"),
    "before the answer is kept": (calling, "_keep_answer"),
    "before the run goes on": (calling, "go_on"),
    "in the middle of the step's end": (calling, "note_act"),
    "before it is noted": (outgoing, "_note_sent"),
}
with plugins.offered(plugins.counter(url)):
    # a child for each item, that has one place to die
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            setattr(*where[line.strip()], die)
            calling.send_next_plugin_call()
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
PLACES = {
    # how often the other side is asked in the end
    "before it is sent": 1,
    "before the answer is kept": 2,
    "before the run goes on": 1,
    "in the middle of the step's end": 1,
    "before it is noted": 1,
}


@pytest.mark.usefixtures("fresh_database")
class TestAKilledCall:
    def test_has_one_effect_and_ends_the_step_once(self, outside: Channel) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            flow = paying_flow(north)
        settings = {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings"}
        strays = []
        with subprocess.Popen(
            [sys.executable, "-c", _KILLED, outside.url()],
            cwd=ROOT,
            env=os.environ | settings | {"CHANNEL_ALLOWED_HOSTS": "127.0.0.1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            for place, asked in PLACES.items():
                with inside(north):
                    run = begin_run(north, flow, posted=POST)
                    item = item_at(run, "pay")
                outside.requests.clear()
                outside.acts.clear()
                process.stdin.write(f"{place}\n")
                process.stdin.flush()
                ended = int(process.stdout.readline())
                sent()
                with inside(north):
                    found = (
                        ended,
                        len(outside.requests),
                        len(outside.acts),
                        {one.key for one in outside.requests} == {str(item.pk)},
                        [one.act for one in run.acts.order_by("pk")],
                        open_steps(run),
                        OutsideCall.objects.count(),
                    )
                if found != (-signal.SIGKILL, asked, 1, True, ["start", "answered"], ["look"], 0):
                    strays.append((place, found))
            process.stdin.close()
        assert strays == []
        # as the worker does it: several at a time, each on a connection of its own
        with inside(north):
            many = [begin_run(north, flow, posted=POST) for _ in range(3)]
        assert send_plugin_calls(for_seconds=5) == 3
        with inside(north):
            assert [open_steps(one) for one in many] == [["look"]] * 3

    def test_that_is_answered_by_hand_meanwhile_counts_once(self, outside: Channel) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            run = begin_run(north, paying_flow(north), posted=POST)
            item = item_at(run, "pay")
        ended: list[Any] = []

        def by_hand() -> Any:
            with inside(north):
                return answer_by_hand(
                    by=person("cao"),
                    hall=north,
                    item_id=item.pk,
                    answer={"number": "手-001", "paid": "5"},
                    opinion="窗口已收",
                )

        def late(request: Request) -> Reply:
            # somebody goes on by hand while the other side still works
            ended.extend(at_once(by_hand))
            return paid(request)

        outside.reply_to = late
        assert (sent(), len(outside.requests), [type(one) for one in ended]) == (1, 1, [WorkItem])
        with inside(north):
            run = Run.objects.get(pk=run.pk)
            assert (run.status, call_of(run).state) == (RunStatus.FINISHED, CallState.BY_HAND)
            assert run.filled
            assert values_of(north, run.filled)["receipt"] == "手-001"
            assert [one.act for one in run.acts.order_by("pk")] == ["start", "by_hand", "end", "late_answer"]
            # two workers with one call, of which one was taken for dead
            outside.reply_to = lambda request: (workers.extend(at_once(send_again)), paid(request))[1]
            other = begin_run(north, Flow.objects.get(), posted=POST)
        workers: list[Any] = []

        def send_again() -> bool:
            if workers:
                return False
            workers.append(True)
            OutsideCall.objects.update(claimed_until=None)
            return send_next_plugin_call()

        assert send_next_plugin_call()
        with inside(north):
            assert [one.act for one in other.acts.order_by("pk")] == ["start", "answered"]
            assert open_steps(other) == ["look"]
        assert len(outside.acts) == 2


class TestAPlugin:
    def test_that_is_stated_wrongly_stops_the_program(self) -> None:
        class Untitled(BaseModel):
            amount: int

        class Odd(BaseModel):
            lines: list[str] = plugin_port("明细")

        class Outcome(BaseModel):
            outcome: str = plugin_port("结果")

        def call(*_: Any) -> Any:
            raise AssertionError

        for given, answered, attempts in (
            (Untitled, Receipt, 3),
            (Bill, Odd, 3),
            (Bill, Outcome, 3),
            (Bill, Receipt, 99),
        ):
            with pytest.raises(ImproperlyConfigured):
                FlowPlugin("x", "样例", given, answered, call, attempts=attempts)

    @pytest.mark.django_db
    def test_that_is_used_wrongly_is_refused_by_name(self, at_north: Hall, outside: Channel) -> None:
        cases: dict[str, tuple[dict[str, Any], str, str]] = {
            "unknown": ({"plugin": "none"}, "pay", "要用的外部动作“none”这里没有"),
            "lacking": ({"given": {}}, "pay.given", "“金额”没有来源"),
            "unknown input": ({"constants": {"colour": "红"}}, "pay.given", "没有“colour”这项输入"),
            "twice": ({"constants": {"amount": "3"}}, "pay.given", "“金额”有几个来源"),
            "another kind": ({"given": {"note": "amount"}}, "pay.given", "要的是数字，字段“备注”是文字"),
            "personal": ({"given": {"amount": "amount", "payer": "subject"}}, "pay.given", "不能取个人信息"),
            "bad constant": ({"constants": {"place": "boat"}}, "pay.given", "不能写“boat”"),
            "no such field": ({"given": {"cost": "amount"}}, "pay", "“cost”不是表单的字段"),
            "unknown output": ({"taken": {"colour": "receipt"}}, "pay.taken", "没有“colour”这项结果"),
            "output of another kind": ({"taken": {"paid": "note"}}, "pay.taken", "是数字，字段“备注”是文字"),
            "two into one": (
                {"taken": {"number": "receipt", "paid": "receipt"}},
                "pay.taken",
                "填入同一个字段",
            ),
        }
        flow, strays = paying_flow(at_north), []
        assert faults_of_flow(flow, at_north) == []
        whole = flow.definition
        for case, (attributes, where, words) in cases.items():
            nodes = [one | attributes if one["name"] == "pay" else one for one in whole["nodes"]]
            flow.definition = whole | {"nodes": nodes}
            found = faults_of_flow(flow, at_north)
            if not any(one.where == where and words in one.message for one in found):
                strays.append((case, found))
        edges = [one | {"condition": "pay.colour > 1"} if one.get("condition") else one for one in whole["edges"]]
        flow.definition = whole | {"edges": edges}
        assert any("colour" in one.message for one in faults_of_flow(flow, at_north))
        assert strays == []


@pytest.mark.django_db
class TestDesigning:
    def test_sets_it_in_the_table_and_the_drawing_keeps_it(self, north: Hall, outside: Channel) -> None:
        sun = _Designer("sun")
        sun.post("desk-flow-new", title="缴费")
        with inside(north):
            flow = Flow.objects.get()
            flow.form = make_published_form(north, FORM, code="fee")
            flow.save()

        def drawn() -> Flow:
            with inside(north):
                return Flow.objects.select_related("newest", "form__newest").get()

        def change(name: str, **given: object) -> Any:
            page = sun.get("desk-flow-node", flow.pk, name).text
            return sun.post("desk-flow-node", flow.pk, name, **_filled(page) | given)

        sun.post("desk-flow-change", flow.pk, act="plugin", name="begin", revision=drawn().revision)
        [name] = [one["name"] for one in drawn().definition["nodes"] if one["type"] == "plugin"]
        assert "要用的外部动作“none”这里没有" in sun.get("desk-flow", flow.pk).text
        page = change(name, plugin="pay", label="收费")
        for words in ("金额", "缴款单号", "没有成功时由谁处理", "应缴"):
            assert words in page.text, words
        given = {"in_amount": "amount", "in_place": "=", "const_place": "window", "out_number": "receipt"}
        page = change(name, **given, keeper_kind="initiator")
        assert ("执行“缴费”" in page.text, "失败时：发起人" in page.text) == (True, True)
        node = next(one for one in drawn().definition["nodes"] if one["name"] == name)
        assert {key: node.get(key) for key in ("plugin", "given", "constants", "taken")} == {
            "plugin": "pay",
            "given": {"amount": "amount"},
            "constants": {"place": "window"},
            "taken": {"number": "receipt"},
        }
        with inside(north):
            found = drawn()
            assert [one.message for one in faults_of_flow(found, north) if name in one.where] == []
            definition = read_flow(found.definition)
        assert read_bpmn(write_bpmn(definition)).flow == definition
        assert '"code": "pay"' in sun.get("desk-flow-draw", flow.pk).text
        # another action takes nothing of what the first one was given
        change(name, plugin="notice")
        node = next(one for one in drawn().definition["nodes"] if one["name"] == name)
        assert [key for key in ("given", "constants", "taken") if key in node] == []
