"""What departments' systems push: proved, noted, done once, and exactly as somebody of the department would do it."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from foundation import limits
from foundation.errors import NotAllowed
from province.audit.models import AuditEntry
from province.halls.models import Hall
from province.people.models import Position, Unit
from province.people.operations.positions import give_position
from province.rights.roles import Reach, Role
from tenants.casework.models import Case, CaseSetup, DepartmentKey, PushedCall
from tenants.casework.operations import pushes
from tenants.casework.operations.push_keys import make_department_key, revoke_department_key
from tenants.casework.operations.pushes import signature_of, signed_text
from tenants.workflow.models import RunAct, WorkItem
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, make_setup
from tests.factories.halls import make_person
from tests.factories.kills import Killed, killed_at
from tests.factories.people import account, client_of, make_role, make_unit
from tests.factories.runs import free_step, item_at, row_of
from tests.factories.sites import inside
from tests.races import at_once

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
PUSHES = "/api/hall/v1/casework/pushes"


class System:
    """A department's own system, which has a key."""

    def __init__(self, north: Hall, username: str, *, host: str = NORTH) -> None:
        position = Position.objects.get(account__username=username)
        with inside(north):
            self.key, self.secret = make_department_key(
                by=person("he"), hall=north, name=f"{username}的系统", position_id=position.pk
            )
        self.host = host

    def push(
        self,
        kind: str,
        number: str,
        row: Mapping[str, str],
        *,
        nonce: str = "",
        at: int | None = None,
        algorithm: str = "sm3",
        repeat: str = "",
        **changed: Any,
    ) -> Any:
        """``changed``: after it was signed, the ``path``, the ``body``, the ``secret`` or a header."""
        path = f"{PUSHES}/{kind}"
        body = json.dumps({"project_no": number, kind: row}, ensure_ascii=False).encode()
        nonce, at = nonce or uuid4().hex, int(time.time()) if at is None else at
        signed = signed_text(str(at), nonce, "POST", path, body)
        headers = {
            "X-Yizhan-Key": str(self.key.pk),
            "X-Yizhan-Timestamp": str(at),
            "X-Yizhan-Nonce": nonce,
            "X-Yizhan-Signature": signature_of(changed.pop("secret", self.secret), algorithm, signed),
        } | ({"Idempotency-Key": repeat} if repeat else {})
        path, body = changed.pop("path", path), changed.pop("body", body)
        client = Client(headers={"host": self.host} | headers | changed)
        return client.post(path, body, content_type="application/json")


def done(step: str = "look", **changed: str) -> dict[str, str]:
    row = {
        "process_name": f"环节 {step}",
        "event_name": "通过",
        "event_start_time": "20260928093000",
        "event_end_time": "20260928113000",
        "process_state": "2",
        "handle_explain": "符合条件。",
    } | changed
    return {name: text for name, text in row.items() if text}


def decided(**changed: str) -> dict[str, str]:
    return {"result_date": "20260928113000", "result_type": "1", "result_explain": "符合条件。"} | changed


def staffed(north: Hall) -> CaseSetup:
    """Zhu examines for one department, and its leader Lin approves; Mi is of another department."""
    adoption = make_shown(north)
    north.refresh_from_db()
    units = [make_unit(name, hall=north) for name in ("住建局", "水利局")]
    people = (("zhu", Role.HANDLER, 0), ("lin", Role.APPROVING_LEADER, 0), ("mi", Role.HANDLER, 1))
    for username, role, place in people:
        make_person(username, f"{username}某", role, north)
        Position.objects.filter(account__username=username).update(unit=units[place], reach=Reach.UNIT)
    with inside(north):
        setup = make_setup(north, adoption)
        ours = {"kind": "unit", "unit_id": str(units[0].pk)}
        setup.flow = row_of(north, free_step("look", ours), free_step("approve", ours), code="examine")
        setup.save()
    return setup


def without_flow(north: Hall, setup: CaseSetup) -> Case:
    setup.flow, setup.unit_id = None, Unit.objects.get(name="住建局").pk
    setup.save()
    return accepted(north, setup, by="he")


def seen(north: Hall, case: Case) -> tuple[str, int, list[tuple[str, str, str]], int, int]:
    """All that a push could change."""
    with inside(north):
        case = Case.objects.get(pk=case.pk)
        items = WorkItem.objects.filter(run_id=case.run_id).order_by("pk").values_list("step", "state", "opinion")
        return case.state, case.revision, list(items), RunAct.objects.count(), case.acts.count()


@pytest.fixture(scope="class")
def _opened(class_rows: None) -> None:
    staffed(Hall.objects.get(slug="north"))


@pytest.fixture
def setup(_opened: None, north: Hall) -> CaseSetup:
    with inside(north):
        return CaseSetup.objects.get()


@pytest.fixture
def case(north: Hall, setup: CaseSetup) -> Case:
    with inside(north):
        return accepted(north, setup)


def calls(north: Hall) -> list[tuple[str, str]]:
    with inside(north):
        return list(PushedCall.objects.order_by("pk").values_list("state", "said"))


@pytest.mark.django_db
class TestProcess:
    def test_ends_a_step_as_somebody_of_the_department_would(self, north: Hall, case: Case) -> None:
        zhu = System(north, "zhu")
        begun = zhu.push("process", case.number, done(process_state="1", event_end_time=""))
        assert (begun.status_code, begun.json()["said"]) == (200, "“环节 look”已经认领。")
        answer = zhu.push("process", case.number, done(), algorithm="sha256")
        assert (answer.status_code, answer.json()["state"]) == (200, "accepted"), answer.text
        with inside(north):
            item = WorkItem.objects.get(run_id=case.run_id, step="look")
            assert (item.state, item.owner_id, item.opinion) == ("done", person("zhu").id, "符合条件。")
            assert item_at(case.run, "approve").state == "to_claim"
            acts = RunAct.objects.filter(item=item).order_by("pk").values_list("act", "by_name")
            assert list(acts) == [("claim", "zhu某"), ("finish", "zhu某")]
            assert AuditEntry.objects.filter(act="workflow.finish_item", actor_id=person("zhu").id).count() == 1
            noted = PushedCall.objects.latest("pk")
            assert (noted.state, noted.case_number, noted.said) == ("done", case.number, "“环节 look”已经办理：通过。")
            assert len(noted.digest) == 64

    def test_is_done_once_however_often_it_is_sent(self, north: Hall, case: Case) -> None:
        zhu = System(north, "zhu")
        first = zhu.push("process", case.number, done(), repeat="a")
        now = seen(north, case)
        # the same request again, and the same words under no key
        for again in (zhu.push("process", case.number, done(), repeat="a"), zhu.push("process", case.number, done())):
            assert (again.status_code, again.json()) == (200, first.json())
        assert seen(north, case) == now
        assert [state for state, _ in calls(north)] == ["done"] * 3
        assert "没有再办" in calls(north)[1][1]
        assert zhu.push("process", case.number, done(event_name="退回"), repeat="a").status_code == 409
        assert zhu.push("process", case.number, done(handle_explain="另一种意见")).status_code == 409
        assert seen(north, case) == now

    def test_is_refused_in_plain_words_and_changes_nothing(self, north: Hall, case: Case) -> None:
        zhu = System(north, "zhu")
        now = seen(north, case)
        told: list[tuple[Mapping[str, str], int, str]] = [
            (done("approve"), 409, "现在的环节：环节 look"),
            (done("nowhere"), 409, "没有由贵部门办理的“环节 nowhere”环节"),
            (done(event_name="盖章"), 422, "没有“盖章”这种业务动作，可以写：通过、退回"),
            (done(process_state="3"), 422, "「环节办理状态」（process_state）应为"),
            (done(event_start_time=""), 422, "「开始时间」（event_start_time）缺少"),
            (done(event_start_time="20260929093000"), 422, "结束时间不能早于开始时间"),
            (done(event_end_time="20990101000000"), 422, "不能是将来"),
            (done(event_end_time="20260230000000"), 422, "「结束时间」（event_end_time）应为"),
            (done(wrong="1"), 422, "没有“wrong”这一栏"),
        ]
        for row, status, words in told:
            answer = zhu.push("process", case.number, row)
            assert answer.status_code == status, (row, answer.text)
            assert words in answer.json()["detail"] + str(answer.json().get("errors")), (row, answer.text)
            assert calls(north)[-1][0] == "refused"
            assert words in calls(north)[-1][1], row
        # a case that there is not, and a body that is none
        assert zhu.push("process", "4205", done()).status_code == 404
        assert zhu.push("process", case.number, {"process_name": 7}).status_code == 422  # type: ignore[dict-item]
        assert System(north, "mi").push("process", case.number, done()).status_code == 404
        assert seen(north, case) == now

    def test_killed_at_any_point_is_noted_and_done_once_with_its_note_or_not_at_all(
        self, north: Hall, case: Case
    ) -> None:
        zhu = System(north, "zhu")
        now = seen(north, case)
        killed = []
        for statement in range(6, 200, 3):
            try:
                with killed_at(statement):
                    answer = zhu.push("process", case.number, done())
            except Killed:
                killed.append(statement)
                # the last statements read the answer of what is done
                is_done = calls(north)[-1][0] == "done"
                steps = [state for _, state, _ in seen(north, case)[2]]
                assert (seen(north, case) == now, "done" in steps) == (not is_done, is_done), statement
            else:
                assert answer.status_code == 200
                break
        assert len(killed) > 6
        states = [state for state, _ in calls(north)]
        assert states.count("received") > 6
        assert states == sorted(states, reverse=True)
        assert states[-1] == "done"
        with inside(north):
            assert RunAct.objects.filter(act="finish").count() == 1


@pytest.mark.django_db
class TestSignature:
    def test_is_refused_where_anything_is_not_as_it_was_signed(self, north: Hall, south: Hall, case: Case) -> None:
        zhu = System(north, "zhu")
        now, nonce = seen(north, case), uuid4().hex
        body = json.dumps({"project_no": case.number, "process": done(event_name="退回")}).encode()
        at = int(time.time())
        told: list[tuple[dict[str, Any], str]] = [
            ({"secret": "another"}, "签名不对"),
            ({"body": body}, "签名不对"),
            ({"path": f"{PUSHES}/result"}, "签名不对"),
            ({"X-Yizhan-Nonce": uuid4().hex}, "签名不对"),
            ({"X-Yizhan-Timestamp": str(at + 1), "at": at}, "签名不对"),
            ({"X-Yizhan-Signature": "md5=00"}, "签名要写成"),
            ({"nonce": "short"}, "随机串是 16 到 64 个"),
            ({"at": at - 310}, "比这里慢"),
            ({"at": at + 310}, "比这里快"),
            ({"X-Yizhan-Key": "nowhere"}, "没有这个密钥标识"),
            ({"X-Yizhan-Key": str(uuid4())}, "没有这个密钥标识"),
        ]
        for changed, words in told:
            answer = zhu.push("process", case.number, done(), **changed)
            assert (answer.status_code, words in answer.json()["detail"]) == (401, True), (changed, answer.text)
        # those of a key that there is are noted; what was never signed has used up no nonce
        assert [state for state, _ in calls(north)] == ["refused"] * 9
        assert zhu.push("process", case.number, done("approve"), nonce=nonce).status_code == 409
        replayed = zhu.push("process", case.number, done("approve"), nonce=nonce)
        assert "已经收到过" in replayed.json()["detail"]
        elsewhere = System(north, "zhu", host=SOUTH).push("process", case.number, done())
        assert elsewhere.status_code == 401
        with inside(south):
            assert not PushedCall.objects.exists()
        assert seen(north, case) == now
        # a browser's session, or a program's token, is none
        assert (
            client_of("zhu", NORTH).post(f"{PUSHES}/process", body, content_type="application/json").status_code == 401
        )

    def test_opens_nothing_once_the_key_is_revoked_or_nobody_is_there(self, north: Hall, case: Case) -> None:
        zhu, again = System(north, "zhu"), System(north, "zhu")
        with inside(north):
            for _ in range(2):
                revoke_department_key(by=person("he"), hall=north, key_id=zhu.key.pk)
            assert AuditEntry.objects.filter(act="casework.revoke_department_key").count() == 1
        assert zhu.push("process", case.number, done()).status_code == 401
        Position.objects.filter(account__username="zhu").delete()
        assert "岗位现在没有人" in again.push("process", case.number, done()).json()["detail"]

    def test_waits_where_there_are_too_many_in_a_minute(
        self, north: Hall, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pushes, "MOST_CALLS", 2)
        monkeypatch.setattr(limits, "WINDOW", 10**9)
        system = System(north, "zhu")
        answers = [
            system.push("process", case.number, done(), nonce=f"{number:016}", repeat="one") for number in range(3)
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "Idempotency-Key" in answers[-1].json()["detail"]
        with inside(north):
            assert PushedCall.objects.count() == 2

    def test_is_made_under_a_secret_that_nobody_reads_in_the_database(self, north: Hall, case: Case) -> None:
        zhu = System(north, "zhu")
        with inside(north):
            assert zhu.secret not in str(DepartmentKey.objects.filter(pk=zhu.key.pk).values())


@pytest.mark.django_db
class TestKey:
    def test_opens_nothing_that_who_makes_it_could_not_do(self, north: Hall, setup: CaseSetup) -> None:
        """Who makes a key has its secret: else they would decide cases by it."""
        role = make_role("信息员", ("casework.manage_keys", "casework.handle", "workflow.take_part"), hall=north)
        give_position(by=person("zhao"), account=account("wu"), role=role, hall_id=north.pk, reach=Reach.HALL)
        leader, handler = (Position.objects.get(account__username=who) for who in ("lin", "zhu"))
        with inside(north):
            with pytest.raises(NotAllowed, match="对办件作出决定"):
                make_department_key(by=person("wu"), hall=north, name="系统", position_id=leader.pk)
            assert not DepartmentKey.objects.exists()
            make_department_key(by=person("wu"), hall=north, name="系统", position_id=handler.pk)
        page = client_of("wu", NORTH).get("/desk/cases/pushes/").text
        assert (str(leader.pk) in page, str(handler.pk) in page) == (False, True)


@pytest.mark.django_db
class TestResult:
    def test_is_the_decision_of_who_may_decide(self, north: Hall, setup: CaseSetup) -> None:
        with inside(north):
            case = without_flow(north, setup)
        lin = System(north, "lin")
        assert System(north, "mi").push("result", case.number, decided()).status_code == 404
        assert System(north, "zhu").push("result", case.number, decided()).status_code == 403
        for changed, words in (
            ({"result_type": "4"}, "撤回、移送请在工作台办理"),
            ({"result_type": "2", "result_explain": ""}, "「结果说明」（result_explain）"),
            ({"is_delivery_results": "1"}, "送达要写凭证"),
        ):
            answer = lin.push("result", case.number, decided(**changed))
            assert answer.status_code == 422, answer.text
            assert words in str(answer.json()), answer.json()
        answer = lin.push("result", case.number, decided())
        assert answer.json() == {"project_no": case.number, "said": "已作出决定：准予。", "state": "decided"}
        assert lin.push("result", case.number, decided()).status_code == 200
        with inside(north):
            decision = Case.objects.get(pk=case.pk).decisions.get()
            assert (decision.outcome, decision.by_name) == ("granted", "lin某")

    def test_waits_for_the_flow_where_there_is_one(self, north: Hall, setup: CaseSetup, case: Case) -> None:
        with inside(north):
            case.unit_id = Unit.objects.get(name="住建局").pk
            case.save()
        answer = System(north, "lin").push("result", case.number, decided())
        assert (answer.status_code, "流程还没有走完" in answer.json()["detail"]) == (409, True)


@pytest.mark.django_db
class TestDesk:
    def test_makes_shows_once_and_revokes_keys_and_lists_calls(self, north: Hall, case: Case) -> None:
        he, page = client_of("he", NORTH), "/desk/cases/pushes/"
        assert "还没有部门系统" in he.get(page).text
        assert f'href="{page}"' in he.get("/desk/cases/").text
        zhu = Position.objects.get(account__username="zhu")
        assert he.post(page, {"name": "", "position_id": str(zhu.pk)}).status_code == 422
        shown = he.post(page, {"name": "住建审批系统", "position_id": str(zhu.pk)}).text
        assert "只显示这一次" in shown
        (secret,) = re.findall(r'id="key-secret" class="key" value="([^"]+)"', shown)
        assert secret not in he.get(page).text
        system = System(north, "zhu")
        with inside(north):
            system.key, system.secret = DepartmentKey.objects.get(name="住建审批系统"), secret
        assert system.push("process", case.number, done("approve")).status_code == 409
        assert system.push("process", case.number, done()).status_code == 200
        listed = he.get(page).text
        assert listed.count(case.number) == 2
        assert he.get(f"{page}?state=done&words={case.number[-6:]}").text.count(case.number) == 1
        assert "没有符合条件的推送" in he.get(f"{page}?key={uuid4()}").text
        answered = he.post(f"{page}{system.key.pk}/revoke/", follow=True)
        assert "已停用，立即生效" in answered.text
        assert client_of("cao", NORTH).get(page).status_code == 403
        # the same over the interface
        program = he.get(f"{PUSHES}/keys").json()
        assert {one["name"] for one in program} == {"住建审批系统", "zhu的系统"}
        assert [one["state"] for one in he.get(f"{PUSHES}?state=done").json()["items"]] == ["done"]


@pytest.mark.usefixtures("fresh_database")
class TestAtOnce:
    def test_of_two_each_step_is_done_and_each_nonce_used_once(self) -> None:
        north = Hall.objects.get(slug="north")
        setup = staffed(north)
        with inside(north):
            case = accepted(north, setup)
        zhu = System(north, "zhu")
        both = at_once(*[lambda: zhu.push("process", case.number, done())] * 2)
        assert [one.status_code for one in both] == [200, 200]
        with inside(north):
            assert RunAct.objects.filter(act="finish").count() == 1
            assert item_at(case.run, "approve").state == "to_claim"
        nonce = uuid4().hex
        same = at_once(*[lambda: zhu.push("process", case.number, done("approve"), nonce=nonce)] * 2)
        assert sorted(one.status_code for one in same) == [200, 409]
        with inside(north):
            assert RunAct.objects.filter(act="finish").count() == 2
            assert PushedCall.objects.filter(nonce=nonce).count() == 1
