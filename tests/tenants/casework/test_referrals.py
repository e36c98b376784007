"""Cases between halls: handed up, taken up once, decided above, brought back; sent on, sent back, taken back."""

import json
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from foundation.files.store import read_file
from province.cases.models import CaseOffer, CaseReport, Referral, ReferralParcel, ReferralReceipt
from province.cases.operations import give_receipt
from province.cases.states import CaseChannel, CaseState, ReceiptState, ReferralState
from province.citizens.models import PhoneNotice
from province.halls.models import Hall
from province.halls.states import HallState
from province.messaging.models import Notice
from province.people.models import Account, OpenWork
from province.workdays.models import Clock
from tenants.casework.models import ArchiveSheet, Case, CaseDecision, CaseSetup
from tenants.casework.operations import deciding, referrals, referrals_in
from tenants.casework.operations.acceptance import accept_case, decline_case
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.referrals import bring_result, hand_up_case, send_on_case, take_back_case
from tenants.casework.operations.referrals_in import send_back_case, take_up_again, take_up_referral
from tenants.casework.operations.setups import close_setup
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.queries.referrals import halls_to_hand_up, referrals_of_case
from tenants.documents.models import IssuedDocument
from tenants.workflow.models import FormUpload
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.operations.uploads import add_upload
from tenants.workflow.queries.filled import values_of
from tests.architecture.sources import ROOT
from tests.conftest import person
from tests.factories.casework import ANNA, apply_at_window, give_all
from tests.factories.files import picture
from tests.factories.forms import filler
from tests.factories.people import client_of
from tests.factories.referrals import accepted_case, handed_up, make_ladder
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once

RUNBOOK = ROOT / "docs/runbooks/referrals.md"

pytestmark = pytest.mark.usefixtures("no_papers")


@pytest.fixture(scope="class")
def _joined(class_rows: None) -> None:
    make_ladder(*(Hall.objects.get(slug=slug) for slug in ("north", "south")))


@pytest.fixture
def ladder(_joined: None, north: Hall, south: Hall) -> tuple[Hall, Hall]:
    return north, south


def taken_up(south: Hall) -> Case:
    """The case that the south has made of the only referral."""
    drain_events()
    with inside(south):
        return Case.objects.select_related("setup").get()


def decided_above(south: Hall, outcome: str = "granted", reasons: str = "符合条件。") -> Case:
    case = taken_up(south)
    with inside(south):
        give_all(south, case, by="nan")
        accept_case(by=person("nan"), hall=south, case_id=case.pk)
        return decide_case(by=person("nan"), hall=south, case_id=case.pk, outcome=outcome, reasons=reasons)


def again(hall: Hall, case: Any) -> Case:
    with inside(hall):
        return Case.objects.select_related("setup").get(pk=getattr(case, "case_id", case.pk))


def clocks(case_id: Any) -> dict[str, str]:
    return dict(Clock.objects.filter(owner_id=case_id).order_by("pk").values_list("kind", "state"))


@pytest.mark.django_db
class TestHandedUpCase:
    def test_is_taken_up_once_with_its_form_and_opinion_while_the_senders_clocks_stand(
        self, ladder: tuple[Hall, Hall]
    ) -> None:
        north, south = ladder
        referral = handed_up(north, south)

        sent = again(north, referral)
        assert (sent.state, clocks(sent.pk)["statutory"]) == (CaseState.HANDED_UP, "paused")
        with inside(north):
            view = own_case_view(sent)
            assert (view.sentence, view.coming[:4]) == ("已经初审，正在由上级审批。", "上级审批")
            # twice is one referral
            hand_up_case(by=person("cao"), hall=north, case_id=sent.pk, to_hall_id=south.pk, opinion="初审合格。")
        assert Referral.objects.count() == 1

        case = taken_up(south)
        assert (case.state, case.channel) == (CaseState.RECEIVED, CaseChannel.HANDED)
        assert clocks(case.pk) == {"acceptance": "running"}
        with inside(south):
            came = referrals_of_case(south, case).came
            take_up_referral(hall=south, referral_id=referral.pk)
            assert Case.objects.count() == 1
        assert came is not None
        assert (came.words.opinion, came.first.hall, came.report.state) == (
            "初审合格，建议准予。",
            north,
            CaseState.HANDED_UP,
        )
        # what the north has on paper the south need not ask for
        with inside(south):
            assert set(case.materials.values_list("state", flat=True)) == {"given"}
        receipt = ReferralReceipt.objects.get()
        assert (receipt.case_number, receipt.state) == (case.number, ReceiptState.RECEIVED)
        # both see the other's clocks
        with inside(north):
            step = referrals_of_case(north, sent).went[0]
        assert [one.clock.kind for one in step.clocks] == ["acceptance"]
        assert {one.clock.kind: one.clock.state for one in came.clocks}["promised"] == "paused"
        with pytest.raises(IntegrityError), transaction.atomic():
            give_receipt(referral=referral, case_id=receipt.pk, case_number="2")

    def test_gets_the_decision_from_above_serves_it_and_issues_no_document_of_its_own(
        self, ladder: tuple[Hall, Hall]
    ) -> None:
        north, south = ladder
        referral = handed_up(north, south)
        with inside(north), pytest.raises(Conflict, match="上级作出决定"):
            decide_case(by=person("tao"), hall=north, case_id=referral.case_id, outcome="granted", reasons="")
        above = decided_above(south)
        drain_events()
        # delivered twice
        with inside(north):
            bring_result(hall=north, referral_id=referral.pk)

        case = again(north, referral)
        assert (case.state, case.outcome) == (CaseState.DECIDED, "granted")
        assert clocks(case.pk)["delivery"] == "running"
        with inside(north):
            decision = CaseDecision.objects.get()
            assert (decision.reasons, decision.by_name) == ("符合条件。", south.name)
            assert not IssuedDocument.objects.filter(kind="permit").exists()
            step = referrals_of_case(north, case).went[0]
        assert (step.receipt.state, step.report.state) == (ReceiptState.DONE, CaseState.DECIDED)
        with inside(south):
            numbers = list(IssuedDocument.objects.order_by("pk").values_list("number", flat=True))
        assert [one.number for one in step.documents] == numbers
        # acceptance, permit and licence
        assert len(numbers) == 3
        referral.refresh_from_db()
        assert (referral.state, ReferralParcel.objects.count()) == (ReferralState.ENDED, 0)
        assert Notice.objects.filter(title__contains="已作出决定，请送达", hall_id=north.pk).exists()
        # the applicant hears of each turn, from both halls
        assert set(PhoneNotice.objects.values_list("subject_id", flat=True)) == {case.pk, above.pk}

        with inside(north):
            serve_decision(by=person("cao"), hall=north, case_id=case.pk, way="window", proof="本人签收")
        assert again(north, referral).state == CaseState.FINISHED
        # a decision that is put right above is put right here, too
        with inside(south):
            correct_decision(
                by=person("nan"), hall=south, case_id=above.pk, outcome="refused", reasons="场所不符。", corrects="看错"
            )
        drain_events()
        case = again(north, referral)
        assert (case.state, case.outcome) == (CaseState.DECIDED, "refused")

    def test_goes_on_here_when_it_is_sent_back_and_can_be_handed_up_again(self, ladder: tuple[Hall, Hall]) -> None:
        north, south = ladder
        referral = handed_up(north, south)
        case = taken_up(south)
        with inside(south):
            with pytest.raises(Invalid):
                send_back_case(by=person("nan"), hall=south, case_id=case.pk, reason=" ")
            send_back_case(by=person("nan"), hall=south, case_id=case.pk, reason="请补充现场核查记录。")
        drain_events()

        mine = again(north, referral)
        assert (mine.state, clocks(mine.pk)["statutory"]) == (CaseState.ACCEPTED, "running")
        with inside(north):
            assert mine.acts.get(act="have_again").note == "请补充现场核查记录。"
        assert Notice.objects.filter(title__contains="已退回", hall_id=north.pk).exists()
        with inside(north):
            hand_up_case(by=person("cao"), hall=north, case_id=mine.pk, to_hall_id=south.pk, opinion="已补充。")
        drain_events()
        with inside(south):
            assert Case.objects.count() == 2

    def test_can_be_taken_back_until_it_is_taken_up_and_ends_above_when_it_is_withdrawn(
        self, ladder: tuple[Hall, Hall]
    ) -> None:
        north, south = ladder
        referral = handed_up(north, south)
        with inside(north):
            take_back_case(by=person("cao"), hall=north, case_id=referral.case_id)
        drain_events()
        with inside(south):
            assert not Case.objects.exists()
        assert again(north, referral).state == CaseState.ACCEPTED

        with inside(north):
            hand_up_case(by=person("cao"), hall=north, case_id=referral.case_id, to_hall_id=south.pk, opinion="初审。")
        case = taken_up(south)
        with inside(north):
            with pytest.raises(Conflict, match="已经签收"):
                take_back_case(by=person("cao"), hall=north, case_id=referral.case_id)
            withdraw_case(by=person("cao"), hall=north, case_id=referral.case_id, reason="本人到窗口撤回")
        drain_events()
        assert again(south, case).state == CaseState.WITHDRAWN
        assert again(north, referral).state == CaseState.WITHDRAWN
        assert ReferralParcel.objects.count() == 0

    def test_is_refused_in_a_sentence_where_nobody_can_take_it(self, ladder: tuple[Hall, Hall]) -> None:
        north, south = ladder
        case = accepted_case(north)

        def refusal(**changes: Any) -> str:
            Hall.objects.filter(pk=south.pk).update(**changes)
            with inside(north), pytest.raises((Conflict, Invalid)) as refused:
                hand_up_case(by=person("cao"), hall=north, case_id=case.pk, to_hall_id=south.pk, opinion="初审。")
            return str(refused.value.message)

        assert "暂停服务" in refusal(state=HallState.SUSPENDED)
        assert "没有开放" in refusal(state=HallState.PLANNED)
        assert halls_to_hand_up(north, case) == []
        assert "上级服务厅" in refusal(state=HallState.LIVE, prefixes=["42", "4205", "420583"])
        with inside(south):
            setup = CaseSetup.objects.get()
            close_setup(by=person("nan"), hall=south, setup_id=setup.pk, revision=setup.revision)
        assert "没有开通这个事项" in refusal(prefixes=["42", "4205"])
        assert not CaseOffer.objects.get(hall=south).is_open
        assert again(north, case).state == CaseState.ACCEPTED
        # nobody begins by hand what only a referral can be
        with inside(north), pytest.raises(Invalid):
            begin_application(who=filler(), hall=north, setup_id=CaseSetup.objects.get().pk, channel=CaseChannel.HANDED)

    def test_is_seen_by_no_other_hall(self, ladder: tuple[Hall, Hall]) -> None:
        north, south = ladder
        referral = handed_up(north, south)
        case = taken_up(south)
        with inside(south), pytest.raises(NotFound):
            accept_case(by=person("nan"), hall=south, case_id=referral.case_id)
        with inside(north), pytest.raises(NotFound):
            accept_case(by=person("cao"), hall=north, case_id=case.pk)
        # an event that names another hall's referral does nothing there
        with inside(north):
            take_up_referral(hall=north, referral_id=referral.pk)
            bring_result(hall=south, referral_id=referral.pk)
            assert Case.objects.count() == 1
        assert "安娜" not in ReferralParcel.objects.values_list("content", flat=True)[0]

    def test_is_taken_up_again_by_a_hall_that_came_out_of_an_archive(self, ladder: tuple[Hall, Hall]) -> None:
        north, south = ladder
        handed_up(north, south)
        lost = taken_up(south)
        with inside(south):
            # as if the archive were older than the case
            for one in (lost.materials, lost.acts):
                one.all().delete()
            lost.delete()
            take_up_again(hall=south)
        assert taken_up(south).pk != lost.pk
        assert ReferralReceipt.objects.count() == 1


@pytest.mark.django_db
class TestSentOnCase:
    def test_goes_to_the_hall_that_is_competent_and_whoever_sent_it_first_sees_the_way_and_gets_the_result(
        self, ladder: tuple[Hall, Hall]
    ) -> None:
        north, south = ladder
        village = Hall.objects.get(slug="village")
        referral = handed_up(north, south)
        case = taken_up(south)
        given = {"by": person("nan"), "hall": south, "case_id": case.pk, "reason": "由市局食品科办理。"}
        with inside(south):
            with pytest.raises(Conflict, match="已经到过"):
                send_on_case(**given, to_hall_id=north.pk)
            with pytest.raises(Conflict, match="没有开通"):
                send_on_case(**given, to_hall_id=village.pk)
            assert again(south, case).state == CaseState.RECEIVED
        # the village stands in for a third hall: it cannot take it, so that it comes back
        CaseOffer.objects.create(hall=village, item_id=case.item_id, is_open=True)
        with inside(south):
            send_on_case(**given, to_hall_id=village.pk)
        assert again(south, case).state == CaseState.TRANSFERRED
        with inside(north):
            went = referrals_of_case(north, again(north, referral)).went
        assert [one.referral.to_hall for one in went] == [south, village]
        said = f"本办件转送{village.name}办理。原因：由市局食品科办理。"
        assert (went[0].receipt.state, went[0].said) == (ReceiptState.REDIRECTED, said)
        assert went[1].receipt is None

    def test_ends_here_begins_there_and_comes_back_when_it_is_sent_back(self, ladder: tuple[Hall, Hall]) -> None:
        north, south = ladder
        with inside(north):
            case = apply_at_window(north, CaseSetup.objects.get())
            materials = list(case.materials.order_by("pk").values_list("pk", "name", "state"))
            send_on_case(by=person("cao"), hall=north, case_id=case.pk, to_hall_id=south.pk, reason="不属于本厅职权。")
            archive_case(by=person("tao"), hall=north, case_id=case.pk)
            assert not case.materials.exists()
        there = taken_up(south)
        assert (there.channel, again(north, case).state) == (CaseChannel.PASSED, CaseState.TRANSFERRED)
        assert clocks(case.pk) == {"acceptance": "dropped"}
        with inside(south):
            send_back_case(by=person("nan"), hall=south, case_id=there.pk, reason="也不归本厅。")
        drain_events()
        mine = again(north, case)
        assert (mine.state, mine.ended_at, clocks(mine.pk)["acceptance"]) == (CaseState.RECEIVED, None, "running")
        assert CaseReport.objects.get(pk=mine.pk).ended_on is None
        # what was closed is open again
        with inside(north):
            assert not ArchiveSheet.objects.exists()
            assert list(mine.materials.order_by("pk").values_list("pk", "name", "state")) == materials
            told = list(mine.acts.order_by("pk").values_list("act", flat=True))
            assert told == ["receive", "send_on", "archive", "have_again"]
        # declined for good is a decision of the other hall, told by it
        with inside(north):
            send_on_case(by=person("cao"), hall=north, case_id=case.pk, to_hall_id=south.pk, reason="再送。")
        drain_events()
        with inside(south):
            last = Case.objects.order_by("-pk").first()
            decline_case(by=person("nan"), hall=south, case_id=last.pk, said="应当向税务机关申请。")
        drain_events()
        assert again(north, case).state == CaseState.TRANSFERRED
        assert set(Referral.objects.values_list("state", flat=True)) == {ReferralState.ENDED}


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestFilesOfAReferral:
    def test_are_copied_into_the_receivers_own_folder_under_the_material_that_asks_for_them(
        self, ladder: tuple[Hall, Hall]
    ) -> None:
        north, south = ladder
        with inside(north):
            who = filler()
            filled = begin_application(
                who=who, hall=north, setup_id=CaseSetup.objects.get().pk, channel=CaseChannel.WINDOW
            )
            upload = add_upload(who=who, hall=north, filled_id=filled.pk, name="申请书.jpg", content=picture())
            posted = ANNA | {"material_1": [{"id": str(upload.pk), "name": upload.name}]}
            saved = save_filling(who=who, hall=north, filled_id=filled.pk, posted=posted, revision=filled.revision)
            send_filling(who=who, hall=north, filled_id=filled.pk, revision=saved.filled.revision)
            case = give_all(north, Case.objects.get(filled=filled))
            accept_case(by=person("cao"), hall=north, case_id=case.pk)
        handed_up(north, south, case)
        there = taken_up(south)
        with inside(south):
            copied = FormUpload.objects.get()
            keys = [copied.key, *copied.renditions.values()]
            assert [one for one in keys if not one.startswith(f"{south.folder}/forms/")] == []
            assert all(read_file(one) for one in keys)
            material = there.materials.get(position=1)
            values = values_of(south, there.filled)
        assert (material.state, [one["id"] for one in values[material.field]]) == ("given", [str(copied.pk)])
        page = client_of("nan", "south.yizhan.localhost").get(f"/desk/cases/{there.pk}/").text
        assert f"/desk/cases/{there.pk}/files/{copied.pk}/" in page
        assert "随附的其他文件" not in page

    def test_are_taken_from_the_senders_folder_alone(self, ladder: tuple[Hall, Hall]) -> None:
        north, south = ladder
        referral = handed_up(north, south)
        parcel = ReferralParcel.objects.get()
        other = f"{south.folder}/forms/ab/abc.pdf"
        facts = {
            "key": other,
            "name": "别厅.pdf",
            "media_type": "application/pdf",
            "size": 1,
            "sha256": "",
            "renditions": {},
        }
        content = json.loads(parcel.content.plain) | {"files": {"1": facts | {"width": None, "height": None}}}
        parcel.content = json.dumps(content)
        parcel.save()
        with inside(south), pytest.raises(Invalid, match="不在报送的服务厅名下"):
            take_up_referral(hall=south, referral_id=referral.pk)


def decide(south: Hall, case: Case) -> None:
    with inside(south):
        decide_case(by=person("nan"), hall=south, case_id=case.pk, outcome="granted", reasons="符合条件。")


@pytest.mark.usefixtures("object_store", "fresh_database")
class TestReferralKilled:
    def test_at_every_point_of_the_way_is_sent_taken_up_decided_and_brought_back_once(self) -> None:
        north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
        make_ladder(north, south)
        mine = accepted_case(north)

        # in the middle of the sender's transaction nothing is left, after its commit nothing is lost
        killed(handed_up, north, south, mine, dying_at=(referrals.__name__, "note_act"))
        assert (Referral.objects.count(), again(north, mine).state) == (0, CaseState.ACCEPTED)
        killed(handed_up, north, south, mine)
        assert Referral.objects.count() == 1
        for place in ("keep_carried_form", "open_case", "give_receipt"):
            killed(drain_events, dying_at=(referrals_in.__name__, place))
            assert not ReferralReceipt.objects.exists(), place
        killed(drain_events)
        drain_events()
        with inside(south):
            there = Case.objects.get()
            give_all(south, there, by="nan")
            accept_case(by=person("nan"), hall=south, case_id=there.pk)
        killed(decide, south, there, dying_at=(deciding.__name__, "note_act"))
        assert ReferralReceipt.objects.get().state == ReceiptState.RECEIVED
        killed(decide, south, there)
        assert ReferralReceipt.objects.get().state == ReceiptState.DONE
        for place in ("begin_delivery", "tell_of_answer", "end_referral"):
            killed(drain_events, dying_at=(referrals.__name__, place))
            assert again(north, mine).state == CaseState.HANDED_UP, place
        killed(drain_events)
        drain_events()

        assert again(north, mine).state == CaseState.DECIDED
        with inside(north):
            assert CaseDecision.objects.count() == 1
            acts = list(mine.acts.order_by("pk").values_list("act", flat=True))
        assert acts[-2:] == ["hand_up", "bring_result"]
        with inside(south):
            assert Case.objects.count() == 1
        assert (Referral.objects.get().state, ReferralParcel.objects.count()) == (ReferralState.ENDED, 0)
        assert set(EventDelivery.objects.values_list("state", flat=True)) == {"done"}

    def test_by_two_at_once_is_taken_up_once_and_of_taking_up_and_taking_back_one_wins(self) -> None:
        north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
        make_ladder(north, south)
        referral = handed_up(north, south)

        def take_up(one: Referral) -> None:
            with inside(south):
                take_up_referral(hall=south, referral_id=one.pk)

        def take_back(one: Referral) -> Case:
            with inside(north):
                return take_back_case(by=person("cao"), hall=north, case_id=one.case_id)

        at_once(lambda: take_up(referral), lambda: take_up(referral))
        with inside(south):
            assert Case.objects.count() == 1
        assert ReferralReceipt.objects.count() == 1

        other = handed_up(north, south)
        _, answer = at_once(lambda: take_up(other), lambda: take_back(other))
        is_taken_up = ReferralReceipt.objects.filter(referral=other).exists()
        assert is_taken_up == isinstance(answer, Conflict)


@pytest.mark.django_db
class TestReferralPages:
    def test_lead_a_case_up_and_its_result_down_at_the_desk_and_for_programs(self, ladder: tuple[Hall, Hall]) -> None:
        north, south = ladder
        case = accepted_case(north)
        cao, nan = client_of("cao", "north.yizhan.localhost"), client_of("nan", "south.yizhan.localhost")
        page = f"/desk/cases/{case.pk}/"
        assert "作出决定" not in cao.get(page).text
        assert south.name in cao.get(f"{page}hand-up/").text
        assert cao.post(f"{page}hand-up/", {"to_hall_id": str(south.pk), "opinion": ""}).status_code == 422
        given = {"to_hall_id": str(south.pk), "opinion": "初审合格。", "revision": case.revision}
        assert "还没有签收" in cao.post(f"{page}hand-up/", given, follow=True).text
        there = taken_up(south)
        above = nan.get(f"/desk/cases/{there.pk}/").text
        assert "初审合格。" in above
        assert case.number in above
        assert "停止计时" in above
        below = cao.get(page).text
        assert f"回执编号 {there.number}" in below
        assert "受理时限" in below
        assert south.name in cao.get("/desk/cases/referrals/").text
        assert north.name in nan.get("/desk/cases/referrals/?way=in").text
        assert nan.get(page).status_code == 404
        api = "/api/hall/v1/casework/referrals"
        ways = cao.get(f"{api}/{case.pk}").json()
        assert (ways["went"][0]["referral"]["receipt_number"], ways["came"]) == (there.number, None)
        assert nan.get(f"{api}/{there.pk}").json()["came"]["opinion"] == "初审合格。"
        assert [one["case_id"] for one in nan.get(f"{api}?is_out=false").json()["items"]] == [str(case.pk)]
        assert "退回送来的服务厅" in above
        back = nan.post(f"/desk/cases/{there.pk}/", {"act": "send-back", "reason": "请补充。"}, follow=True).text
        assert "已退回" in back
        drain_events()
        body = {"to_hall_id": str(south.pk), "opinion": "已补充。"}
        sent = cao.post(f"{api}/{case.pk}/hand-up", body, content_type="application/json")
        assert sent.json()["state"] == "handed_up"
        taken_back = cao.post(f"{api}/{case.pk}/take-back", {}, content_type="application/json")
        assert taken_back.json()["state"] == "accepted"
        body = {"to_hall_id": str(south.pk), "reason": "不归本厅。"}
        assert cao.get(f"{page}send-on/").status_code == 200
        sent_on = cao.post(f"{api}/{case.pk}/send-on", body, content_type="application/json")
        assert sent_on.json()["state"] == "transferred"
        drain_events()
        with inside(south):
            last = Case.objects.order_by("-pk").first()
        returned = nan.post(f"{api}/{last.pk}/send-back", {"reason": "也不归。"}, content_type="application/json")
        assert returned.json()["state"] == "declined"


@pytest.mark.django_db
class TestCaseThatComesBack:
    """What had ended and is open again is somebody's work, as of everything that is open."""

    @pytest.mark.parametrize("has_left", [False, True])
    def test_is_its_owners_again_or_the_departments(self, ladder: tuple[Hall, Hall], *, has_left: bool) -> None:
        north, south = ladder
        case = accepted_case(north)
        with inside(north):
            send_on_case(by=person("cao"), hall=north, case_id=case.pk, to_hall_id=south.pk, reason="职权调整")
        above = taken_up(south)
        if has_left:
            Account.objects.filter(username="cao").update(is_active=False)
        with inside(south):
            send_back_case(by=person("nan"), hall=south, case_id=above.pk, reason="不属于本厅")
        drain_events()
        back = again(north, case)
        assert back.state == CaseState.RECEIVED
        noted = list(OpenWork.objects.filter(kind="case", object_id=case.pk).values_list("owner_id", flat=True))
        assert noted == ([] if has_left else [back.owner_id])
        assert (back.owner_id is None) is has_left


@pytest.mark.django_db
class TestRunbook:
    def test_finds_what_is_stuck_and_has_it_tried_again(self, north: Hall, south: Hall) -> None:
        make_ladder(north, south)
        handed_up(north, south)
        deliveries = EventDelivery.objects.filter(subscriber="casework.take_up_referral")
        deliveries.update(state=EventDelivery.State.DEAD, attempts=12, last_error="文件存储")
        drain_events()
        assert not ReferralReceipt.objects.exists()
        asked, tried_again = re.findall(r"```sql\n(.*?)```", RUNBOOK.read_text(encoding="utf-8"), re.DOTALL)
        with connection.cursor() as cursor:
            cursor.execute(asked)
            found = [(subject, subscriber, error) for subject, _, subscriber, _, _, error in cursor.fetchall()]
            assert found == [(Referral.objects.get().pk, "casework.take_up_referral", "文件存储")]
            cursor.execute(tried_again)
        drain_events()
        assert ReferralReceipt.objects.count() == 1
