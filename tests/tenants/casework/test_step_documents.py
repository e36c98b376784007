"""制发文书 as a step of a case's flow: one document and one number for each visit, and a way out where none is made."""

from typing import Any

import pytest

from foundation.errors import Invalid
from foundation.events.models import OutsideCall
from foundation.events.operations import drain_events
from province.catalogue.models import Item
from province.halls.models import Hall
from province.registries.models import DocumentEntry
from standards.documents.stated import stated_kind
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.examining import resume_case, suspend_case, withdraw_case
from tenants.documents.models import IssuedDocument, NumberYear
from tenants.documents.operations.restored import report_documents_again
from tenants.workflow.models import Flow, PluginCall, Run, WorkItem
from tenants.workflow.operations.by_hand import answer_by_hand, call_again
from tenants.workflow.operations.moving import move_runs
from tenants.workflow.operations.restored import report_work_again
from tenants.workflow.operations.returns import return_item
from tenants.workflow.operations.runs import terminate_run
from tenants.workflow.queries.calls import call_words
from tenants.workflow.queries.flows import faults_of_flow
from tenants.workflow.states import CallState, WorkState
from tests.conftest import person
from tests.factories.case_steps import CHECK, asked_directly, examined_by, sent
from tests.factories.casework import accepted
from tests.factories.catalogue import abolish
from tests.factories.forms import make_published_form
from tests.factories.people import client_of
from tests.factories.runs import begin_run, do, free_step, item_at, open_steps, people, publish_flow, row_of

NORTH = "north.yizhan.localhost"
RULE = stated_kind("site_check").rule


def notifying(hall: Hall, **attributes: Any) -> Flow:
    return examined_by(hall, CHECK | attributes, free_step("look", people("cao")))


def item_of(case: Case) -> WorkItem:
    return WorkItem.objects.filter(run=case.run_id, step="notify").latest("pk")


def numbers() -> list[str]:
    return list(IssuedDocument.objects.filter(kind="site_check").order_by("pk").values_list("number", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("opened")
class TestADocumentOfAStep:
    def test_is_issued_once_for_its_applicant_and_its_number_is_known_to_the_flow(self, at_north: Hall) -> None:
        flow = examined_by(
            at_north,
            CHECK,
            {"type": "exclusive", "name": "numbered"},
            free_step("look", people("cao")),
            edges=[
                ("start", "notify"),
                ("notify", "numbered"),
                ("numbered", "look", 'notify.number != ""'),
                ("numbered", "finish", "default"),
                ("look", "finish"),
            ],
        )
        assert faults_of_flow(flow, at_north) == []
        case = accepted(at_north, CaseSetup.objects.get())
        assert case.run
        assert sent() == 1
        assert open_steps(case.run) == ["look"]
        [document] = IssuedDocument.objects.filter(kind="site_check")
        assert document.pk == item_of(case).pk
        values = document.values.opened(at_north.pk)
        # what people read in a choice, not its code
        assert (values["place"], values["checkers"]) == ("个人", "安娜")
        assert (values["applicant"], values["case_number"], values["check_on"]) == ("安娜", case.number, "2026-12-20")
        assert document.owner_id == case.pk
        call = PluginCall.objects.get()
        assert call.answer.opened(at_north.pk)["number"] == document.number
        act = case.acts.get(act="give_notice")
        assert document.number in act.said
        assert "安娜" not in str(list(PluginCall.objects.values()))
        page = client_of("cao", NORTH).get(f"/desk/cases/{case.pk}/").text
        assert (document.number in page, "现场核查通知书" in page) == (True, True)

    def test_that_cannot_be_made_says_why_and_is_ended_by_hand(self, at_north: Hall) -> None:
        notifying(at_north, constants={"check_on": "2026-12-20", "matters": "看𠮷字"})
        case = accepted(at_north, CaseSetup.objects.get())
        sent()
        item = item_of(case)
        assert (item.state, numbers()) == (WorkState.CLAIMED, [])
        assert item.failure == ("文书没有制发：内容里有的字没有字体，印不出来。请换一个字，或请管理员为平台加上字体。")
        assert not NumberYear.objects.filter(series__rule=RULE).exists()
        with pytest.raises(Invalid):
            answer_by_hand(by=person("cao"), hall=at_north, item_id=item.pk, answer={"number": ""}, opinion="手写")
        by_hand = {"number": "核通〔2026〕手1号", "issued_on": "2026-12-03"}
        answer_by_hand(by=person("cao"), hall=at_north, item_id=item.pk, answer=by_hand, opinion="手写了一份")
        assert case.run
        assert (open_steps(case.run), OutsideCall.objects.exists()) == (["look"], False)
        # a field that nobody filled in is named
        notifying(at_north, given={"agent_name": "checkers", "applicant_nature": "place"})
        other = accepted(at_north, CaseSetup.objects.get())
        sent()
        assert item_of(other).failure == "传入的内容不对：“核查人员”没有填写，或者不符合要求。"

    def test_of_another_visit_is_another_one_and_of_a_run_led_elsewhere_none(self, at_north: Hall) -> None:
        notifying(at_north)
        case = accepted(at_north, CaseSetup.objects.get())
        assert case.run
        sent()
        return_item(by=person("cao"), hall=at_north, item_id=item_at(case.run, "look").pk, opinion="重来")
        do(at_north, case.run, "start", "cao")
        sent()
        assert len(numbers()) == 2
        # withdrawn before anybody has asked: nothing is issued
        for end in (
            lambda one: withdraw_case(by=person("cao"), hall=at_north, case_id=one.pk, reason="不办了"),
            lambda one: terminate_run(by=person("he"), hall=at_north, run_id=one.run_id, opinion="不走流程"),
        ):
            other = accepted(at_north, CaseSetup.objects.get())
            end(other)
            assert (sent(), PluginCall.objects.get(run=other.run_id).state) == (0, CallState.DROPPED)
        assert len(numbers()) == 2

    def test_waits_while_the_case_is_suspended_and_is_issued_on_the_version_moved_to(self, at_north: Hall) -> None:
        flow = notifying(at_north)
        case = accepted(at_north, CaseSetup.objects.get())
        assert case.run
        case = suspend_case(by=person("he"), hall=at_north, case_id=case.pk, reason="等上级批复")
        sent()
        assert numbers() == []
        assert "挂起" in call_words([item_of(case).pk])[item_of(case).pk]
        resume_case(by=person("he"), hall=at_north, case_id=case.pk)
        newer = dict(flow.definition)
        newer["nodes"] = [
            one | {"label": "发通知"} if one["name"] == "notify" else one for one in flow.definition["nodes"]
        ]
        version = publish_flow(at_north, newer, form=flow.form, code="examine").newest
        assert version
        [moved] = move_runs(by=person("he"), hall=at_north, run_ids=[case.run.pk], version_id=version.pk, places={})
        assert moved.reason == ""
        # the item of the catalogue is gone meanwhile: who applied before is told all the same
        abolish(Item.objects.get(pk=case.item_id))
        sent()
        assert (len(numbers()), open_steps(case.run)) == (1, ["look"])

    def test_of_a_hall_that_came_out_of_an_archive_is_found_or_refused(self, at_north: Hall) -> None:
        notifying(at_north)
        case = accepted(at_north, CaseSetup.objects.get())
        assert case.run
        sent()
        item = item_of(case)
        # the archive was written between the document and the step's end
        other = accepted(at_north, CaseSetup.objects.get())
        asked_directly(at_north, other)
        _restored(at_north)
        assert sent() == 1
        assert len(numbers()) == 2
        assert other.run
        assert open_steps(other.run) == ["look"]
        # and before the document, which is in somebody's hands
        third = accepted(at_north, CaseSetup.objects.get())
        gone = asked_directly(at_north, third).number
        IssuedDocument.objects.filter(number=gone).delete()
        NumberYear.objects.filter(series__rule=RULE).update(last=2)
        _restored(at_north)
        sent()
        item = item_of(third)
        assert f"恢复备份以前已经制发过这份文书，文号是 {gone}" in item.failure
        assert (len(numbers()), DocumentEntry.objects.get(pk=item.pk).number) == (2, gone)
        # trying again changes nothing, and the next one is not given the number that is outside
        call_again(by=person("cao"), hall=at_north, item_id=item.pk, opinion="再试")
        accepted(at_north, CaseSetup.objects.get())
        sent()
        assert (len(numbers()), gone in numbers()) == (3, False)

    def test_is_refused_by_the_check_where_there_is_no_case_and_by_a_run_that_is_of_none(self, at_north: Hall) -> None:
        written = {"place": "玉阳路 18 号", "checkers": "李明、王芳", **CHECK["constants"]}
        loose = row_of(at_north, CHECK | {"given": {}, "constants": written, "keeper": people("cao")}, code="loose")
        faults = [one.message for one in faults_of_flow(loose, at_north)]
        assert any("只能用在审查办件的流程里" in one for one in faults), faults
        flow = notifying(at_north, constants={"check_on": "明天"})
        faults = [one.message for one in faults_of_flow(flow, at_north)]
        assert any("不能写“明天”" in one for one in faults), faults
        assert any("“核查内容”没有来源" in one for one in faults), faults
        hearing = examined_by(
            at_north,
            CHECK | {"plugin": "document_hearing_notice", "given": {}, "constants": {"interests": "x", "contact": "y"}},
        )
        assert faults_of_flow(hearing, at_north) == []
        run = begin_run(at_north, loose)
        sent()
        assert "不是在审查办件" in item_at(run, "notify").failure

    def test_of_a_sub_flow_is_of_the_case_that_it_is_called_for(self, at_north: Hall) -> None:
        names = {"applicant_name": "checkers", "applicant_nature": "place"}
        fields = [{"type": "short_text", "name": name, "label": name} for name in names]
        form = make_published_form(
            at_north, {"format": 1, "title": "核查", "parts": [{"name": "all", "label": "核查", "fields": fields}]}
        )
        below = row_of(at_north, CHECK | {"keeper": people("cao")}, form=form, code="below")
        below.definition = below.newest.definition  # type: ignore[union-attr]
        below.save()
        assert "作为子流程" in "".join(one.message for one in faults_of_flow(below, at_north))
        call = {"type": "call", "name": "ask", "label": "核查", "flow": "below"}
        above = examined_by(at_north, call | {"given": {one: one for one in names}}, free_step("look", people("cao")))
        assert (faults_of_flow(above, at_north), faults_of_flow(below, at_north)) == ([], [])
        loose = row_of(at_north, call, code="loose")
        loose.definition = loose.newest.definition  # type: ignore[union-attr]
        [fault] = faults_of_flow(loose, at_north)
        assert fault.where == "ask"
        assert "“核查”调用的“样例流程”里，“发核查通知”：“现场核查通知书”只能用在" in fault.message
        case = accepted(at_north, CaseSetup.objects.get())
        drain_events()
        sent()
        [document] = IssuedDocument.objects.filter(kind="site_check")
        assert (document.owner_id, document.values.opened(at_north.pk)["place"]) == (case.pk, "个人")
        drain_events()
        assert case.run
        assert open_steps(case.run) == ["look"]

    def test_has_the_rows_of_a_list_in_a_text_of_several_lines(self, at_north: Hall) -> None:
        rows = {
            "type": "group",
            "name": "things",
            "label": "要交的",
            "cells": [{"type": "short_text", "name": "thing", "label": "名称"}],
        }
        form = make_published_form(
            at_north, {"format": 1, "title": "补", "parts": [{"name": "all", "label": "补", "fields": [rows]}]}
        )
        notice = {
            **CHECK,
            "plugin": "document_case_notice",
            "given": {"things": "content"},
            "constants": {"subject": "补交材料"},
            "keeper": people("cao"),
        }
        below = row_of(at_north, free_step("list", people("cao"), otherwise="write"), notice, form=form, code="below")
        examined_by(at_north, {"type": "call", "name": "ask", "label": "通知", "flow": "below"})
        below.definition = below.newest.definition  # type: ignore[union-attr]
        assert faults_of_flow(below, at_north) == []
        # a line of text takes none, and says so
        below.definition["nodes"][2] |= {"given": {"things": "subject"}, "constants": {"content": "见附件"}}
        assert "“事由”要的是文字，字段“要交的”是明细" in "".join(one.message for one in faults_of_flow(below, at_north))
        accepted(at_north, CaseSetup.objects.get())
        drain_events()
        run = Run.objects.get(version__flow=below)
        do(at_north, run, "list", "cao", posted={"things": [{"thing": "租赁合同"}, {"thing": "平面图"}]})
        sent()
        [document] = IssuedDocument.objects.filter(kind="case_notice")
        written = document.values.opened(at_north.pk)["content"]
        assert written.splitlines() == ["1. 名称：租赁合同", "2. 名称：平面图"]


def _restored(hall: Hall) -> None:
    OutsideCall.objects.all().delete()
    report_documents_again(hall=hall)
    report_work_again(hall=hall)
