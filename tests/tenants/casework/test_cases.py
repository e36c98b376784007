"""Cases: received once, accepted, examined, decided, served, archived; by the table of their states and clocks."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.operations import drain_events
from province.cases.models import CaseApplicant, CaseReport
from province.cases.states import CaseChannel, CaseOutcome, CaseState
from province.halls.models import Hall
from province.messaging.models import Notice
from province.people.models import OpenWork
from province.rights.actors import Actor
from province.workdays.models import Clock
from province.workdays.states import ClockState
from standards.items.codelists import CaseType, ItemType
from tenants.casework.models import ArchiveSheet, Case, CaseAct, CaseCounter, CaseDecision, CaseMaterial, CaseSetup
from tenants.casework.operations.acceptance import (
    accept_case,
    ask_for_correction,
    bring_the_rest,
    decline_case,
    deem_accepted,
)
from tenants.casework.operations.closing import archive_case, finish_at_once, serve_decision
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.operations.examining import (
    begin_special_procedure,
    end_special_procedure,
    extend_case,
    resume_case,
    suspend_case,
    terminate_case,
    transfer_case,
    withdraw_case,
)
from tenants.casework.operations.restored import report_cases_again
from tenants.casework.operations.rows import note_act
from tenants.casework.operations.time import note_ran_out
from tenants.casework.operations.work import put_back_case, take_case
from tenants.casework.queries.complained import handled_cases, handlers_of_case
from tenants.casework.queries.earlier import names_of_cases
from tenants.casework.queries.held import acts_of_case, materials_of_cases, sheets_of
from tenants.casework.queries.own_cases import own_decision
from tenants.casework.queries.papers import documents_of_case
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.casework import accepted, apply_at_window, apply_online, give_all, make_setup
from tests.factories.catalogue import make_item, make_published
from tests.factories.citizens import make_proved
from tests.factories.runs import HANDLERS, LEADERS, do, free_step, row_of
from tests.factories.sites import inside
from tests.roles import as_owner

OF_ACTS = ("created_at", "act", "by_id", "by_name", "state", "said", "note")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


def again(case: Case) -> Case:
    return Case.objects.select_related("setup").get(pk=case.pk)


def clocks(case: Case) -> dict[str, str]:
    """Kind of clock → how it stands; of several of a kind the newest."""
    return dict(Clock.objects.filter(owner_id=case.pk).order_by("pk").values_list("kind", "state"))


class TestReceiving:
    def test_makes_one_case_of_one_form_with_a_number_by_item_and_day(self, at_north: Hall, setup: CaseSetup) -> None:
        first, second = apply_at_window(at_north, setup), apply_at_window(at_north, setup)

        begins = f"{timezone.localdate():%Y%m%d}"
        assert [first.number[-12:], second.number[-12:]] == [f"{begins}0001", f"{begins}0002"]
        assert len(first.number) == 43
        assert (first.state, first.channel) == (CaseState.RECEIVED, CaseChannel.WINDOW)
        assert clocks(first) == {"acceptance": ClockState.RUNNING}
        applicant = CaseApplicant.objects.get(pk=first.applicant_id)
        assert (applicant.name.plain, applicant.shown_name) == ("安娜", "安*")
        report = CaseReport.objects.get(pk=first.pk)
        assert (report.number, report.state, report.hall_id) == (first.number, "received", at_north.pk)

    def test_gives_no_number_that_a_hall_has_given_before(self, at_north: Hall, setup: CaseSetup, south: Hall) -> None:
        """Another one under the same 实施编码, or this one before its rows came out of an archive."""
        first = apply_at_window(at_north, setup)
        CaseReport.objects.filter(pk=first.pk).update(number=f"{first.number[:-4]}0007", hall=south)
        assert apply_at_window(at_north, setup).number[-4:] == "0008"
        CaseCounter.objects.all().delete()
        assert apply_at_window(at_north, setup).number[-4:] == "0009"

    def test_takes_a_citizens_application_only_when_every_needed_file_is_there(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        citizen = make_proved(1)

        with pytest.raises(Invalid) as refused:
            apply_online(at_north, setup, citizen, material_1=[])
        assert [one.where for one in refused.value.faults] == ["material_1"]
        case = apply_online(at_north, setup, citizen)
        assert (case.channel, case.citizen_id) == (CaseChannel.SITE, citizen.pk)
        assert set(case.materials.values_list("state", flat=True)) <= {"given", "not_needed", "missing"}


class TestAcceptance:
    def test_begins_the_clocks_of_the_examination_and_tells_the_applicant(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        case = give_all(at_north, apply_at_window(at_north, setup))
        case = accept_case(by=person("cao"), hall=at_north, case_id=case.pk, revision=case.revision)

        assert clocks(case) == {"acceptance": "met", "statutory": "running", "promised": "running"}
        assert (case.state, case.owner_name) == (CaseState.ACCEPTED, "曹办")
        assert OpenWork.objects.get(object_id=case.pk).owner_id == person("cao").id
        assert case.acts.get(act="accept").said
        assert CaseReport.objects.get(pk=case.pk).accepted_on == timezone.localdate()
        # once more changes nothing
        assert accept_case(by=person("cao"), hall=at_north, case_id=case.pk).revision == case.revision

    def test_is_refused_while_a_needed_material_is_missing(self, at_north: Hall, setup: CaseSetup) -> None:
        case = apply_at_window(at_north, setup)

        with pytest.raises(Invalid) as refused:
            accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
        needed = case.materials.filter(is_needed=True)
        assert [one.where for one in refused.value.faults] == [str(one.pk) for one in needed]
        assert again(case).state == CaseState.RECEIVED

    def test_asks_once_for_all_that_is_missing_and_counts_anew_with_the_full_set(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        case = apply_at_window(at_north, setup)
        asked = ["身份证复印件看不清", "缺少房屋证明"]
        case = ask_for_correction(by=person("cao"), hall=at_north, case_id=case.pk, asked=asked, workdays=10)
        assert clocks(case) == {"acceptance": "met", "supplement": "running"}
        assert case.correction.due_on == Clock.objects.get(owner_id=case.pk, kind="supplement").due_on

        case = bring_the_rest(by=person("cao"), hall=at_north, case_id=case.pk)
        assert clocks(case) == {"acceptance": "running", "supplement": "met"}
        assert bring_the_rest(by=person("cao"), hall=at_north, case_id=case.pk).revision == case.revision
        with pytest.raises(Conflict, match="只能告知一次"):
            ask_for_correction(by=person("cao"), hall=at_north, case_id=case.pk, asked=asked)

    def test_by_silence_counts_from_the_day_of_receipt(self, at_north: Hall, setup: CaseSetup) -> None:
        case = apply_at_window(at_north, setup)

        deem_accepted(hall=at_north, case_id=case.pk)
        deem_accepted(hall=at_north, case_id=case.pk)
        case = again(case)
        assert (case.state, case.is_deemed_accepted, case.was_late) == (CaseState.ACCEPTED, True, True)
        assert case.acts.filter(act="accept").count() == 1
        began = Clock.objects.get(owner_id=case.pk, kind="statutory").began_on
        assert began == timezone.localdate(case.received_at)

    def test_declines_with_a_reason(self, at_north: Hall, setup: CaseSetup) -> None:
        case = apply_at_window(at_north, setup)

        with pytest.raises(Invalid):
            decline_case(by=person("cao"), hall=at_north, case_id=case.pk, said=" ")
        case = decline_case(by=person("cao"), hall=at_north, case_id=case.pk, said="应当向税务机关申请。")
        assert (case.state, clocks(case)) == (CaseState.DECLINED, {"acceptance": "met"})
        assert CaseReport.objects.get(pk=case.pk).ended_on == timezone.localdate()


class TestExamining:
    def test_stands_still_while_a_special_procedure_lasts(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        given = {"by": person("cao"), "hall": at_north, "case_id": case.pk}

        with pytest.raises(Invalid):
            begin_special_procedure(**given, kind="experts", basis="", limit="30d")
        case = begin_special_procedure(**given, kind="experts", basis="《行政许可法》第四十五条", limit="30d")
        assert (case.state, clocks(case)["statutory"]) == (CaseState.PAUSED, "paused")
        with pytest.raises(Conflict):
            decide_case(by=person("tao"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")
        case = end_special_procedure(**given, result="专家评审通过")
        assert (case.state, clocks(case)["statutory"]) == (CaseState.ACCEPTED, "running")
        assert case.special_procedures.get().result == "专家评审通过"

    def test_is_extended_once_by_who_may_decide(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        before = Clock.objects.get(owner_id=case.pk, kind="statutory").due_on
        given = {"hall": at_north, "case_id": case.pk, "reason": "案情复杂"}

        with pytest.raises(NotAllowed):
            extend_case(by=person("cao"), workdays=10, **given)
        with pytest.raises(Invalid):
            extend_case(by=person("tao"), workdays=11, **given)
        extend_case(by=person("tao"), workdays=10, **given)
        assert Clock.objects.get(owner_id=case.pk, kind="statutory").due_on > before
        with pytest.raises(Conflict):
            extend_case(by=person("tao"), workdays=5, **given)

    def test_stops_and_goes_on(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        given = {"by": person("tao"), "hall": at_north, "case_id": case.pk}

        assert clocks(suspend_case(**given, reason="等待另案判决"))["promised"] == "paused"
        assert clocks(resume_case(**given))["promised"] == "running"

    @pytest.mark.parametrize(
        ("act", "state"), [("withdraw", "withdrawn"), ("terminate", "terminated"), ("transfer", "transferred")]
    )
    def test_ends_before_a_decision_and_lets_its_clocks_and_its_flow_fall(
        self, at_north: Hall, setup: CaseSetup, act: str, state: str
    ) -> None:
        setup.flow = row_of(at_north, free_step("look", HANDLERS), code="examine")
        setup.save()
        case = accepted(at_north, setup)
        given = {"by": person("tao"), "hall": at_north, "case_id": case.pk, "reason": "说明原因"}
        if act == "transfer":
            case = transfer_case(**given, to="市公安局")
        else:
            case = (withdraw_case if act == "withdraw" else terminate_case)(**given)

        assert case.state == state
        assert {clocks(case)["statutory"], clocks(case)["promised"]} == {ClockState.DROPPED}
        assert again(case).run.status == "terminated"
        assert not OpenWork.objects.filter(object_id=case.pk).exists()

    def test_goes_through_the_departments_of_its_flow_whose_end_is_the_decision(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        setup.flow = row_of(at_north, free_step("look", HANDLERS), free_step("approve", LEADERS), code="examine")
        setup.save()
        case = accepted(at_north, setup)
        do(at_north, case.run, "look", "cao")
        with pytest.raises(Conflict, match="流程还没有走完"):
            decide_case(by=person("tao"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")
        do(at_north, case.run, "approve", "tao", opinion="材料齐全，同意。")
        drain_events()

        case = again(case)
        decision = case.decisions.get()
        assert (case.state, case.outcome) == (CaseState.DECIDED, CaseOutcome.GRANTED)
        assert (decision.reasons, decision.by_name) == ("材料齐全，同意。", "陶批")
        assert clocks(case)["statutory"] == "met"
        assert clocks(case)["delivery"] == "running"


class TestDeciding:
    def test_needs_reasons_to_refuse_and_the_right_to_decide(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        given = {"hall": at_north, "case_id": case.pk, "outcome": "refused"}

        with pytest.raises(NotAllowed):
            decide_case(by=person("cao"), reasons="不符合条件", **given)
        with pytest.raises(Invalid):
            decide_case(by=person("tao"), reasons="", **given)
        case = decide_case(by=person("tao"), reasons="不符合条件", **given)
        assert (case.outcome, case.decisions.count()) == (CaseOutcome.REFUSED, 1)
        assert decide_case(by=person("tao"), reasons="不符合条件", **given).decisions.count() == 1

    def test_is_never_without_acceptance(self, at_north: Hall, setup: CaseSetup) -> None:
        case = apply_at_window(at_north, setup)

        with pytest.raises(Conflict):
            decide_case(by=person("tao"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(outcome="granted")

    def test_is_served_with_proof_and_put_right_by_another_decision(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        given = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        decide_case(**given, outcome="granted", reasons="")
        with pytest.raises(Invalid):
            serve_decision(**given, way="window", proof="")
        case = serve_decision(**given, way="window", proof="本人签收")
        assert (case.state, clocks(case)["delivery"]) == (CaseState.FINISHED, "met")

        case = correct_decision(**given, outcome="refused", reasons="不符合条件", corrects="材料系伪造")
        assert (case.state, case.outcome, case.ended_at) == (CaseState.DECIDED, "refused", None)
        serve_decision(**given, way="post", proof="EMS 1234567890")
        assert list(CaseDecision.objects.filter(case=case).order_by("number").values_list("outcome", flat=True)) == [
            "granted",
            "refused",
        ]

    def test_is_done_at_once_for_what_is_done_at_once(self, at_north: Hall, setup: CaseSetup) -> None:
        case = give_all(at_north, apply_at_window(at_north, setup))
        given = {"by": person("hua"), "hall": at_north, "case_id": case.pk, "outcome": "granted", "reasons": ""}
        with pytest.raises(Conflict):
            finish_at_once(**given, proof="本人签收")
        Case.objects.filter(pk=case.pk).update(case_type=CaseType.INSTANT)
        case = finish_at_once(**given, proof="本人签收")
        assert (case.state, case.run_id) == (CaseState.FINISHED, None)
        assert list(case.acts.order_by("pk").values_list("act", flat=True)) == [
            *("receive", "note_materials", "accept", "decide", "serve")
        ]


class TestArchive:
    def test_lists_what_the_case_holds_once_it_has_ended(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        given = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        with pytest.raises(Conflict):
            archive_case(**given)
        decide_case(**given, outcome="granted", reasons="")
        serve_decision(**given, way="window", proof="本人签收")
        sheet = archive_case(**given)

        assert sheet.kept_until.year == timezone.localdate().year + 10
        assert [one["kind"] for one in sheet.contents][:1] == ["表单"]
        assert len([one for one in sheet.contents if one["kind"] == "办理记录"]) == len(sheet.acts) - 1
        assert archive_case(**given).pk == sheet.pk
        with pytest.raises(Conflict, match="已经归档"):
            correct_decision(**given, outcome="refused", reasons="不符合", corrects="误")

    def test_moves_acts_and_materials_into_one_row_that_reads_as_they_did(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        case = accepted(at_north, setup)
        given = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        decide_case(**given, outcome="granted", reasons="符合条件")
        serve_decision(**given, way="window", proof="本人签收")
        CaseMaterial.objects.filter(case=case, position=1).update(owed_until=timezone.localdate(), note="已核对")
        acts = list(case.acts.order_by("pk").values(*OF_ACTS))
        materials = list(case.materials.order_by("position").values())
        decided = own_decision(again(case))
        people = handlers_of_case(case.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseAct.objects.filter(case=case).update(said="改写")
        archive_case(**given)

        case = again(case)
        assert not case.acts.exists()
        assert not case.materials.exists()
        sheets = sheets_of([case])
        read = [{name: getattr(one, name) for name in OF_ACTS} for one in acts_of_case(case)]
        assert read[:-1] == acts
        assert (read[-1]["act"], read[-1]["by_id"]) == ("archive", person("tao").id)
        (held,) = materials_of_cases([case], sheets).values()
        assert [{name: getattr(one, name) for name in materials[0]} | {"created_at": 0} for one in held] == [
            one | {"created_at": 0} for one in materials
        ]
        kept = own_decision(case)
        for was, now, names in (
            (decided.decision, kept.decision, ("number", "outcome", "reasons", "by_id", "by_name", "created_at")),
            (decided.delivery, kept.delivery, ("way", "served_on", "proof", "created_at")),
        ):
            assert [getattr(now, one) for one in names] == [getattr(was, one) for one in names]
        assert not CaseDecision.objects.filter(case=case).exists()
        assert handlers_of_case(case.pk) == people
        for account_id in people:
            assert handled_cases([account_id]).get() == case
        assert not handled_cases([person("sun").id]).exists()
        # what is done afterwards comes after it
        note_act(person("tao"), at_north, case, "late")
        assert [one.act for one in acts_of_case(case)][-2:] == ["archive", "late"]
        with pytest.raises(IntegrityError), transaction.atomic():
            ArchiveSheet.objects.filter(case=case).update(held={})


class TestWhoseItIs:
    def test_is_taken_put_back_and_hidden_from_others(self, at_north: Hall, setup: CaseSetup, south: Hall) -> None:
        case = apply_at_window(at_north, setup)

        take_case(by=person("cao"), hall=at_north, case_id=case.pk)
        with pytest.raises(Conflict, match="曹办"):
            take_case(by=person("hua"), hall=at_north, case_id=case.pk)
        put_back_case(by=person("cao"), hall=at_north, case_id=case.pk)
        assert take_case(by=person("hua"), hall=at_north, case_id=case.pk).owner_name == "华窗"
        with pytest.raises(NotAllowed):
            take_case(by=person("sun"), hall=at_north, case_id=case.pk)
        with inside(south), pytest.raises((NotFound, NotAllowed)):
            take_case(by=person("cao"), hall=south, case_id=case.pk)

    def test_refuses_who_acts_on_what_was_read_before(self, at_north: Hall, setup: CaseSetup) -> None:
        case = give_all(at_north, apply_at_window(at_north, setup))
        seen = case.revision
        take_case(by=person("hua"), hall=at_north, case_id=case.pk)

        with pytest.raises(Conflict, match="华窗刚刚"):
            accept_case(by=person("cao"), hall=at_north, case_id=case.pk, revision=seen)


class TestPapers:
    def test_are_given_with_each_act_of_a_licence_and_taken_back_with_a_wrong_decision(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        case = accepted(at_north, setup)
        given = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        begin_special_procedure(**given, kind="experts", basis="第四十五条", limit="30d")
        end_special_procedure(**given, result="通过")
        extend_case(**given, workdays=5, reason="案情复杂")
        decide_case(**given, outcome="granted", reasons="")
        correct_decision(**given, outcome="refused", reasons="不符合条件", corrects="材料系伪造")

        papers = [(one.kind, one.state) for one in documents_of_case(case)]
        assert papers == [
            ("acceptance", "issued"),
            ("special_procedure", "issued"),
            ("extension", "issued"),
            ("permit", "revoked"),
            ("licence", "revoked"),
            ("refusal", "issued"),
        ]

    def test_of_an_extension_in_a_special_procedure_come_with_its_end(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        given = {"by": person("tao"), "hall": at_north, "case_id": case.pk}
        begin_special_procedure(**given, kind="experts", basis="第四十五条", limit="30d")
        extend_case(**given, workdays=5, reason="案情复杂")
        assert "extension" not in [one.kind for one in documents_of_case(case)]
        end_special_procedure(**given, result="通过")
        assert [one.kind for one in documents_of_case(case)].count("extension") == 1
        begin_special_procedure(**given, kind="hearing", basis="第四十五条", limit="30d")
        end_special_procedure(**given, result="通过")
        assert [one.kind for one in documents_of_case(case)].count("extension") == 1

    def test_say_what_is_missing_and_why_nothing_is_accepted(self, at_north: Hall, setup: CaseSetup) -> None:
        asked, declined = apply_at_window(at_north, setup), apply_at_window(at_north, setup)
        ask_for_correction(by=person("cao"), hall=at_north, case_id=asked.pk, asked=["缺身份证"], workdays=5)
        decline_case(by=person("cao"), hall=at_north, case_id=declined.pk, said="应当向税务机关申请。")
        assert [one.kind for one in (*documents_of_case(asked), *documents_of_case(declined))] == [
            "supplement",
            "non_acceptance",
        ]

    def test_of_what_is_no_licence_are_what_it_grants_and_its_result(self, north: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(item_type=ItemType.CONFIRMATION)))
        with inside(north):
            setup = make_setup(north, adoption)
            case = accepted(north, setup)
            given = {"by": person("tao"), "hall": north, "case_id": case.pk}
            decide_case(**given, outcome="granted", reasons="已确认。")
            serve_decision(**given, way="window", proof="本人签收")
            granted, result = documents_of_case(case)
            assert (granted.kind, result.kind) == ("licence", "result")
            assert result.values.opened(north.pk)["papers"] == [{"name": "食品经营许可证", "number": granted.number}]


class TestTime:
    def test_that_ran_out_counts_silence_as_acceptance_and_lateness_once(
        self, at_north: Hall, setup: CaseSetup
    ) -> None:
        case = apply_at_window(at_north, setup)
        for _ in range(2):
            note_ran_out(hall=at_north, case_id=case.pk, kind="acceptance", cause_id=case.pk)
        assert (again(case).state, again(case).is_deemed_accepted) == (CaseState.ACCEPTED, True)

        other = accepted(at_north, setup)
        for _ in range(2):
            note_ran_out(hall=at_north, case_id=other.pk, kind="promised", cause_id=other.pk)
        assert again(other).was_late
        assert other.acts.filter(act="late").count() == 1
        assert Notice.objects.filter(account_id=person("cao").id, title__contains="已超期").exists()
        withdraw_case(by=person("cao"), hall=at_north, case_id=other.pk, reason="书面撤回")
        note_ran_out(hall=at_north, case_id=other.pk, kind="statutory", cause_id=other.pk)
        assert other.acts.order_by("-pk")[0].act == "withdraw"


class TestRelations:
    def test_name_ones_own_cases_and_those_that_one_handles(self, at_north: Hall, setup: CaseSetup) -> None:
        citizen, other = make_proved(1), make_proved(2)
        case = apply_online(at_north, setup, citizen)
        numbers = [case.number, "420000000000"]
        cao, sun, nobody = person("cao"), person("sun"), Actor(None, "群众", ())

        assert names_of_cases(at_north, cao, None, numbers) == {case.number: case.item_name}
        assert names_of_cases(at_north, nobody, citizen, numbers) == {case.number: case.item_name}
        assert names_of_cases(at_north, nobody, other, numbers) == {}
        assert names_of_cases(at_north, sun, None, numbers) == {}


class TestRestoring:
    def test_forgets_what_came_since_and_reports_the_rest_as_it_stood(self, at_north: Hall, setup: CaseSetup) -> None:
        kept, gone = accepted(at_north, setup), accepted(at_north, setup)
        CaseReport.objects.filter(pk=kept.pk).update(state="finished")
        OpenWork.objects.filter(object_id=kept.pk).delete()
        key = gone.pk
        for table in ("casework_caseact", "casework_casematerial", "casework_case"):
            column = "id" if table == "casework_case" else "case_id"
            with as_owner(), connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [key])  # noqa: S608 - names of ours
        report_cases_again(hall=at_north)

        assert CaseReport.objects.get().state == "accepted"
        assert OpenWork.objects.get(kind="case").object_id == kept.pk
        assert set(Clock.objects.filter(owner_id=key, ended_on=None)) == set()
        assert clocks(kept)["promised"] == "running"
