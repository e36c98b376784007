"""联办: departments are asked about a case that another one decides. Each answers once, within its own time; before all
have nothing is decided; and each reads this one case and nothing else of the hall."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from foundation.errors import Conflict, DomainError, Invalid, NotFound
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.cases.states import CaseOutcome, CaseState
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import Unit
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind, ClockState
from tenants.casework.models import ArchiveSheet, Case, CaseSetup, JointOpinion
from tenants.casework.operations import joint
from tenants.casework.operations.acceptance import accept_case, deem_accepted
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import (
    begin_special_procedure,
    end_special_procedure,
    extend_case,
    resume_case,
    suspend_case,
    transfer_case,
    withdraw_case,
)
from tenants.casework.operations.rows import move
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.states import JointState
from tenants.workflow.models import FormUpload
from tests.conftest import person
from tests.factories.casework import accepted, apply_at_window, apply_online, give_all, let_pass
from tests.factories.citizens import make_proved
from tests.factories.joint import BUILDERS, POLICE, answer, clock_of, make_joint_setup, opinion_of, seat_at
from tests.factories.people import make_unit
from tests.factories.runs import HANDLERS, do, free_step, row_of
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once
from tests.tenants.casework.test_citizen_api import OWN
from tests.tenants.casework.test_desk_pages import act, desk, program
from tests.tenants.citizen_pages.test_pages import signed_in

SOUTH = "south.yizhan.localhost"


@pytest.fixture(scope="class")
def _opened(class_rows: None) -> None:
    make_joint_setup(Hall.objects.get(slug="north"))


@pytest.fixture
def setup(_opened: None, north: Hall) -> CaseSetup:
    with inside(north):
        return CaseSetup.objects.get()


@pytest.fixture
def at_north(north: Hall, setup: CaseSetup) -> Iterator[Hall]:
    assert setup.pk
    with inside(north):
        yield north


@pytest.fixture
def asked(at_north: Hall, setup: CaseSetup) -> Case:
    """Accepted, and both departments are asked."""
    return accepted(at_north, setup)


def again(case: Case) -> Case:
    return Case.objects.select_related("setup", "filled__version").get(pk=case.pk)


def states(case: Case) -> list[str]:
    rows = JointOpinion.objects.filter(case=case).order_by("position")
    return list(rows.values_list("state", flat=True))


def clocks(case: Case) -> list[str]:
    return [clock_of(opinion_of(case, one)).state for one in (POLICE, BUILDERS)]


def decide(hall: Hall, case: Case) -> Case:
    return decide_case(by=person("tao"), hall=hall, case_id=case.pk, outcome="granted", reasons="")


@pytest.mark.django_db
class TestAsking:
    def test_is_set_up_with_a_department_for_each_body_and_refused_otherwise(
        self, at_north: Hall, setup: CaseSetup, south: Hall
    ) -> None:
        units = [one["unit_id"] for one in setup.partners]
        away = make_unit("南厅部门", hall=south)
        he, path = desk("he"), f"/desk/cases/setups/{setup.pk}/"
        fields = {"retention_years": "10", "review_body": "某府", "court": "某院", "revision": str(setup.revision)}
        page = he.get(path).text
        assert page.count("几个工作日内出具意见") == 2
        tried = {
            f"请选择“{BUILDERS}”由哪个部门出具意见": {"partner_0": units[0]},
            "承办部门自己作出决定": {"partner_0": units[0], "partner_1": units[1], "unit_id": units[1]},
            "Select a valid choice|选择一个有效的选项": {"partner_0": str(away.pk), "partner_1": units[1]},
        }
        strays = []
        for refusal, posted in tried.items():
            dashed = {name: str(Unit.objects.get(pk=value).pk) for name, value in posted.items()}
            answered = he.post(path, fields | dashed)
            if answered.status_code != 422 or not any(one in answered.text for one in refusal.split("|")):
                strays.append(refusal)
        assert not strays
        given = {
            name: str(Unit.objects.get(pk=pk).pk) for name, pk in zip(("partner_0", "partner_1"), units, strict=True)
        }
        assert he.post(path, fields | given | {"partner_days_0": "3", "partner_days_1": ""}).status_code == 302
        setup.refresh_from_db()
        assert [(one["body"], one["workdays"]) for one in setup.partners] == [(POLICE, 3), (BUILDERS, 5)]

    def test_asks_each_department_once_with_the_acceptance(self, at_north: Hall, setup: CaseSetup) -> None:
        case = give_all(at_north, apply_at_window(at_north, setup))
        assert states(case) == []
        for _ in range(2):
            accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        assert states(case) == [JointState.WAITING] * 2
        assert clocks(case) == [ClockState.RUNNING] * 2
        assert case.acts.filter(act="ask_departments").values_list("note", flat=True).get() == f"{POLICE}、{BUILDERS}"
        told = Notice.objects.filter(kind="casework.joint").values_list("account__username", "path")
        assert dict(told) == {
            who: f"/desk/cases/opinions/{opinion_of(case, body).pk}/"
            for who, body in (("jing", POLICE), ("jian", BUILDERS))
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            JointOpinion.objects.create(case=case, position=3, body=POLICE)
        with pytest.raises(IntegrityError), transaction.atomic():
            JointOpinion.objects.filter(case=case).update(state=JointState.AGREED)

    def test_asks_by_silence_too_and_at_the_whole_hall_what_the_setup_does_not_know(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        setup.partners = setup.partners[:1]
        setup.save()
        case = apply_at_window(at_north, setup)
        deem_accepted(hall=at_north, case_id=case.pk)
        assert opinion_of(case, BUILDERS).unit_id is None
        assert Notice.objects.filter(kind="casework.joint", account__username="cao").exists()
        answer(at_north, case, BUILDERS, by="hua")
        assert states(case) == [JointState.WAITING, JointState.AGREED]
        assert "视为受理，正在由" in own_case_view(again(case)).sentence


@pytest.mark.django_db
class TestAnswering:
    def test_decides_nothing_before_all_have_answered_and_not_by_a_refusal(self, at_north: Hall, asked: Case) -> None:
        refused = answer(at_north, asked, POLICE, "refused", reasons="路口视距不够。")
        assert refused.by_name
        with pytest.raises(Conflict, match=f"{BUILDERS}还没有出具联办意见"):
            decide(at_north, asked)
        assert again(asked).state == CaseState.ACCEPTED
        assert not Notice.objects.filter(kind="casework.joint_in").exists()
        answer(at_north, asked, BUILDERS)
        assert Notice.objects.filter(kind="casework.joint_in", account__username="cao").count() == 1
        assert clocks(asked) == [ClockState.MET] * 2
        assert again(asked).state == CaseState.ACCEPTED
        case = decide(at_north, asked)
        assert (case.state, case.outcome) == (CaseState.DECIDED, CaseOutcome.GRANTED)
        serve_decision(by=person("cao"), hall=at_north, case_id=case.pk, way="window", proof="本人")
        archive_case(by=person("cao"), hall=at_north, case_id=case.pk)
        named = [one["name"] for one in ArchiveSheet.objects.get().contents if one["kind"] == "联办意见"]
        assert named == [f"{POLICE}：不同意", f"{BUILDERS}：同意"]

    def test_is_given_once_by_the_department_alone(self, at_north: Hall, asked: Case) -> None:
        for result, reasons, at in (("", "", "result"), ("waiting", "", "result"), ("refused", " ", "reasons")):
            with pytest.raises(Invalid) as refused:
                answer(at_north, asked, POLICE, result, reasons=reasons)
            assert refused.value.faults[0].where == at, result
        with pytest.raises(NotFound):
            answer(at_north, asked, POLICE, by="jian")
        with pytest.raises(NotFound):
            joint.give_opinion(by=person("jing"), hall=at_north, opinion_id=uuid4(), result="agreed")
        with pytest.raises(DomainError):
            answer(at_north, asked, POLICE, by="sun")
        assert states(asked) == [JointState.WAITING] * 2
        before = AuditEntry.objects.filter(act="casework.give_opinion").count()
        for _ in range(2):
            answer(at_north, asked, POLICE, reasons="没有意见。")
        with pytest.raises(Conflict, match="已经由"):
            answer(at_north, asked, POLICE, "refused", reasons="改主意了。")
        assert AuditEntry.objects.filter(act="casework.give_opinion").count() == before + 1
        assert asked.acts.filter(act="give_opinion").get().note == f"{POLICE}：同意"


@pytest.mark.django_db
class TestAnsweringAfterAFlow:
    def test_lets_what_has_ended_decide_with_the_last_answer(self, north: Hall) -> None:
        with inside(north):
            flow = row_of(north, free_step("look", HANDLERS), code="examine")
        setup = make_joint_setup(north, flow=flow)
        with inside(north):
            case = accepted(north, setup)
            answer(north, case, POLICE)
            run = again(case).run
            assert run
            do(north, run, "look", by="cao")
            drain_events()
            assert again(case).state == CaseState.ACCEPTED
            page = desk("tao").get(f"/desk/cases/{case.pk}/").text
            assert "请作出决定并写明理由" not in page
            answer(north, case, BUILDERS)
            assert again(case).outcome == CaseOutcome.GRANTED


@pytest.mark.django_db
class TestStanding:
    def test_stops_the_departments_time_while_the_case_stands(self, at_north: Hall, asked: Case) -> None:
        of = {"hall": at_north, "case_id": asked.pk}
        begin_special_procedure(by=person("cao"), **of, kind="experts", basis="某法第九条", limit="30d")
        assert clocks(asked) == [ClockState.PAUSED] * 2
        answer(at_north, asked, POLICE)
        end_special_procedure(by=person("cao"), **of, result="通过")
        assert clocks(asked) == [ClockState.MET, ClockState.RUNNING]
        suspend_case(by=person("tao"), **of, reason="等待另案")
        assert clocks(asked) == [ClockState.MET, ClockState.PAUSED]
        with pytest.raises(Conflict, match="中止"):
            answer(at_north, asked, BUILDERS)
        assert "恢复以后再出具意见" in desk("jian").get(f"/desk/cases/opinions/{opinion_of(asked, BUILDERS).pk}/").text
        resume_case(by=person("tao"), **of)
        answer(at_north, asked, BUILDERS)
        assert states(asked) == [JointState.AGREED] * 2

    def test_ends_what_is_still_asked_with_the_case_and_begins_anew_where_it_comes_back(
        self, at_north: Hall, asked: Case
    ) -> None:
        answer(at_north, asked, POLICE)
        transfer_case(by=person("cao"), hall=at_north, case_id=asked.pk, to="水利局", reason="职权调整")
        assert states(asked) == [JointState.AGREED, JointState.ENDED]
        assert clocks(asked) == [ClockState.MET, ClockState.DROPPED]
        with pytest.raises(Conflict, match="不再需要"):
            answer(at_north, asked, BUILDERS)
        # as a hall that cannot take it sends it back
        case = again(asked)
        move(case, CaseState.RECEIVED)
        case.ended_at = None
        case.save()
        accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        assert states(case) == [JointState.AGREED, JointState.WAITING]
        assert clocks(case) == [ClockState.MET, ClockState.RUNNING]
        withdraw_case(by=person("cao"), hall=at_north, case_id=case.pk, reason="书面撤回")
        assert states(case) == [JointState.AGREED, JointState.ENDED]
        assert ClockState.RUNNING not in clocks(case)


@pytest.mark.django_db
class TestExtending:
    def test_takes_what_the_law_gives_several_organs(self, at_north: Hall, asked: Case) -> None:
        given = {"by": person("tao"), "hall": at_north, "case_id": asked.pk, "reason": "案情复杂"}
        with pytest.raises(Invalid, match="15 个工作日"):
            extend_case(**given, workdays=16)
        assert extend_case(**given, workdays=15).extension.workdays == 15


@pytest.mark.django_db
class TestBeingSeen:
    def test_shows_one_that_is_late_to_all_whom_it_concerns(self, at_north: Hall, setup: CaseSetup) -> None:
        citizen = make_proved(1)
        case = give_all(at_north, apply_online(at_north, setup, citizen))
        accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        answer(at_north, case, POLICE, reasons="内部的话")
        let_pass(opinion_of(case, BUILDERS), ClockKind.STEP)
        sweep_clocks()
        drain_events()
        drain_events()
        late = f"“{BUILDERS}”的联办意见已超期"
        told = set(Notice.objects.filter(title__contains="已超期").values_list("account__username", flat=True))
        assert {"jian", "cao"} <= told
        assert Notice.objects.filter(account__username="cao", title__startswith=late).count() == 1
        for who in ("cao", "tao", "he"):
            page = desk(who).get("/desk/cases/?state=joint-late").text
            assert "联办 1/2，1 家超期" in page, who
            assert f"{BUILDERS}已经超期" in desk(who).get(f"/desk/cases/{case.pk}/").text, who
        assert case.number in desk("cao").get("/desk/cases/?state=joint").text
        assert f"联办 1/2，{BUILDERS}超期" in desk("cao").get("/desk/cases/?state=joint&export=csv").content.decode()
        for is_looked_up in (False, True):
            view = own_case_view(again(case), is_looked_up=is_looked_up)
            assert view.sentence == f"已经受理，正在由{BUILDERS}办理。"
            assert "内部的话" not in str(view)
            assert "联办" not in str([one.label for one in view.told])
            assert [(one.body, bool(one.given_at), one.is_late) for one in view.joint] == [
                (POLICE, True, False),
                (BUILDERS, False, True),
            ]
        own = signed_in(citizen)
        assert "已超期" in own.get(f"/cases/{case.pk}/").text
        assert [one["is_late"] for one in own.get(f"{OWN}/{case.pk}").json()["joint"]] == [False, True]

    def test_has_a_number_of_its_own_wherever_it_is_read(self, at_north: Hall, asked: Case) -> None:
        opinions = [opinion_of(asked, one) for one in (POLICE, BUILDERS)]
        numbers = [f"{asked.short_number}-{one.pk.hex[-6:].upper()}" for one in opinions]
        page = desk("cao").get(f"/desk/cases/{asked.pk}/").text
        assert [one in page for one in numbers] == [True, True]
        jing, path = desk("jing"), f"/desk/cases/opinions/{opinions[0].pk}/"
        for shown in (jing.get(path), jing.get("/desk/cases/opinions/"), jing.get("/desk/cases/opinions/?export=csv")):
            said = shown.content.decode()
            assert [one in said for one in numbers] == [True, False]
        told = program("he").get(f"/api/hall/v1/casework/cases/{asked.pk}").json()["joint"]
        assert [one["number"] for one in told] == numbers

    def test_opens_this_one_case_to_the_department_and_to_nobody_else(self, at_north: Hall, setup: CaseSetup) -> None:
        case = give_all(at_north, apply_online(at_north, setup, make_proved(1)))
        accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        other = apply_at_window(at_north, setup)
        seat_at(at_north, make_unit("水利局", hall=at_north), "shui", "水利")
        opinion, file = opinion_of(case, POLICE), FormUpload.objects.filter(filled=case.filled).earliest("pk")
        path = f"/desk/cases/opinions/{opinion.pk}/"
        jing = desk("jing")
        page = jing.get(path).text
        assert file.name in page
        assert "申请表" in page
        assert "打开办件" not in page
        assert jing.get("/desk/cases/opinions/").text.count(case.number) == 1
        assert "联办意见" in jing.get("/desk/").text
        assert jing.get(f"{path}files/{file.pk}/").status_code == 302
        assert jing.get(f"{path}files/{uuid4()}/").status_code == 404
        assert "打开办件" in desk("cao").get(path).text
        strays = [
            one
            for one in (
                *(("jing", f"/desk/cases/{pk}/") for pk in (case.pk, other.pk)),
                ("jing", f"/desk/cases/{case.pk}/files/{file.pk}/"),
                *((who, at) for who in ("jian", "shui") for at in (path, f"{path}files/{file.pk}/")),
            )
            if desk(*one[:1]).get(one[1]).status_code != 404
        ]
        assert not strays
        assert desk("zhou", SOUTH).get(path).status_code in {403, 404}
        assert case.number not in desk("shui").get("/desk/cases/opinions/?state=waiting").text
        refused = jing.post(path, {"result": "refused", "reasons": ""})
        assert (refused.status_code, "不同意的，请写明理由和依据" in refused.text) == (422, True)
        assert jing.post(path, {"result": "agreed"}).status_code == 302
        assert case.number in jing.get("/desk/cases/opinions/?state=given").text
        answer(at_north, case, BUILDERS)
        decide(at_north, case)
        serve_decision(by=person("cao"), hall=at_north, case_id=case.pk, way="window", proof="本人")
        closed = jing.get(path).text
        assert file.name not in closed
        assert "由承办部门保管" in closed
        assert jing.get(f"{path}files/{file.pk}/").status_code == 404

    def test_is_decided_at_the_desk_once_all_are_in(self, at_north: Hall, asked: Case) -> None:
        tao = desk("tao")
        assert "作出决定</summary>" not in tao.get(f"/desk/cases/{asked.pk}/").text
        for body in (POLICE, BUILDERS):
            answer(at_north, asked, body)
        assert "作出决定</summary>" in tao.get(f"/desk/cases/{asked.pk}/").text
        act(tao, asked, "decide", outcome="granted", reasons="")
        assert again(asked).state == CaseState.DECIDED

    def test_is_the_same_for_programs(self, at_north: Hall, asked: Case) -> None:
        base, jing = "/api/hall/v1/casework/opinions", program("jing")
        opinion = opinion_of(asked, POLICE)
        assert [one["body"] for one in jing.get(f"{base}?state=waiting").json()["items"]] == [POLICE]
        shown = jing.get(f"{base}/{opinion.pk}").json()
        assert (shown["may_give"], shown["is_late"], bool(shown["materials"])) == (True, False, True)
        assert jing.get(f"{base}/{opinion_of(asked, BUILDERS).pk}").status_code == 404
        given = jing.post(
            f"{base}/{opinion.pk}/give",
            {"result": "refused", "reasons": "视距不够。"},
            content_type="application/json",
            headers={"Idempotency-Key": "once"},
        )
        assert (given.status_code, given.json()["state"]) == (200, "refused")
        part = program("cao").get(f"/api/hall/v1/casework/cases/{asked.pk}").json()["joint"]
        assert [(one["body"], one["state"]) for one in part] == [(POLICE, "refused"), (BUILDERS, "waiting")]


@pytest.mark.usefixtures("fresh_database")
class TestCutShort:
    def test_loses_and_doubles_nothing_when_killed_and_of_two_at_once_one_wins(self) -> None:
        north = Hall.objects.get(slug="north")
        setup = make_joint_setup(north)
        with inside(north):
            case = give_all(north, apply_at_window(north, setup))

        killed(accept, north, case, dying_at=(joint.__name__, "tell_asked"))
        with inside(north):
            assert (again(case).state, states(case)) == (CaseState.RECEIVED, [])
        killed(accept, north, case)
        with inside(north):
            assert states(case) == [JointState.WAITING] * 2
            opinion = opinion_of(case, POLICE)
        killed(say, north, case, POLICE, dying_at=(joint.__name__, "note_act"))
        with inside(north):
            assert states(case) == [JointState.WAITING] * 2

        outcomes = at_once(
            lambda: say(north, case, POLICE),
            lambda: say(north, case, POLICE, "refused"),
            lambda: say(north, case, BUILDERS),
        )
        assert sum(isinstance(one, Conflict) for one in outcomes[:2]) == 1
        with inside(north):
            opinion.refresh_from_db()
            assert opinion.state in {JointState.AGREED, JointState.REFUSED}
            assert case.acts.filter(act="give_opinion").count() == 2
        # who decides and who answers last
        with inside(north):
            second = accepted(north, setup)
        say(north, second, POLICE)
        decided, said = at_once(lambda: decide_there(north, second), lambda: say(north, second, BUILDERS))
        with inside(north):
            assert isinstance(said, JointOpinion)
            is_decided = again(second).state == CaseState.DECIDED
            assert is_decided is not isinstance(decided, Conflict)


def accept(north: Hall, case: Case) -> None:
    with inside(north):
        accept_case(by=person("cao"), hall=north, case_id=case.pk)


def say(north: Hall, case: Case, body: str, result: str = "agreed") -> JointOpinion:
    with inside(north):
        return answer(north, case, body, result, reasons="视距不够。" if result == "refused" else "")


def decide_there(north: Hall, case: Case) -> Case:
    with inside(north):
        return decide(north, case)
