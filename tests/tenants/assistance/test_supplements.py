"""补正 and 容缺补交 of what a village clerk took in: seen, photographed and handed over below, taken above once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from foundation.errors import Conflict, DomainError, Invalid
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from foundation.rows import draw_id
from province.audit.models import AuditEntry
from province.cases.models import CaseOffer, ReferralReceipt, ReferralSupplement
from province.cases.states import CaseState
from province.citizens.models import Mandate
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.halls.states import HallState
from province.messaging.models import Notice
from province.people.models import Account, OpenWork
from province.people.operations.hand_over import hand_over as leave
from province.people.queries.work import work_of
from province.rights.roles import Role
from province.workdays.models import Clock
from province.workdays.states import ClockKind, ClockState
from tenants.assistance.models import Assistance
from tenants.assistance.operations import bringing
from tenants.assistance.operations.bringing import hand_over_rest, save_rest
from tenants.assistance.operations.files import add_assistance_file
from tenants.assistance.operations.handing_over import end_consent
from tenants.assistance.queries.asked import AskedHere, asked_of
from tenants.assistance.queries.assistances import AssistanceLine, assistance_lines
from tenants.assistance.queries.waiting import assistances_waiting, waiting_assistances
from tenants.casework.models import Case, Correction
from tenants.casework.operations import supplements
from tenants.casework.operations.acceptance import ask_for_correction, bring_the_rest
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.operations.lacking import confirm_lacking, lapse_case, return_lacking
from tenants.casework.operations.restored import report_cases_again
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.states import LackingState, MaterialState
from tenants.shell.slots import Desk, Once
from tenants.workflow.models import FilledMoment, FormUpload
from tests.conftest import person
from tests.factories.assistance import handed_over, make_mandate, make_offer, taken_in
from tests.factories.casework import ANNA, accept_but, let_pass, make_lacking_setup
from tests.factories.citizens import make_proved
from tests.factories.files import turned_picture
from tests.factories.halls import make_person
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once
from tests.tenants.assistance.test_assistances import API, HOST, ask, material_of

pytestmark = pytest.mark.usefixtures("no_papers")

ASKED = "户口簿拍得不清楚，请重新拍首页和本人页。"


@pytest.fixture
def village() -> Hall:
    return Hall.objects.get(slug="village")


def corrected(north: Hall, village: Hall, offer: CaseOffer | None = None, **asked: Any) -> tuple[Assistance, Case]:
    """Handed over, taken up and asked for once."""
    made = handed_over(village, taken_in(village, offer or make_offer(north)))
    case = case_of(north, made)
    with inside(north):
        ask_for_correction(**{"by": person("cao"), "hall": north, "case_id": case.pk, "asked": [ASKED]} | asked)
    drain_events()
    return made, case


def case_of(north: Hall, made: Assistance) -> Case:
    drain_events()
    receipt = ReferralReceipt.objects.get(referral__case_id=made.pk)
    with inside(north):
        return Case.objects.select_related("setup").get(pk=receipt.case_id)


def seen(village: Hall, made: Assistance) -> AskedHere:
    with inside(village):
        asked = asked_of(Assistance.objects.get(pk=made.pk))
    assert asked
    return asked


def line_of(village: Hall, made: Assistance) -> AssistanceLine:
    with inside(village):
        return assistance_lines(village, [Assistance.objects.get(pk=made.pk)])[0]


def photographed(village: Hall, made: Assistance, *fields: str, asking_id: UUID | None = None) -> None:
    """A photograph into each of these fields."""
    asking_id = asking_id or seen(village, made).asking_id
    by = {"by": person("jiang"), "hall": village, "assistance_id": made.pk}
    with inside(village):
        for name in fields:
            file = add_assistance_file(**by, name=f"{name}{draw_id().hex[-6:]}.jpg", content=turned_picture())
            revision = Assistance.objects.get(pk=made.pk).revision
            save_rest(**by, asking_id=asking_id, posted={name: [str(file.pk)]}, revision=revision)


def brought(village: Hall, made: Assistance, asking_id: UUID | None = None, **given: Any) -> Assistance:
    asking_id = asking_id or seen(village, made).asking_id
    with inside(village):
        revision = Assistance.objects.get(pk=made.pk).revision
        facts = {"asking_id": asking_id, "revision": revision, "is_agreed": True}
        return hand_over_rest(by=person("jiang"), hall=village, assistance_id=made.pk, **facts | given)


def again(north: Hall, case: Case) -> Case:
    with inside(north):
        return Case.objects.select_related("setup", "filled__version").get(pk=case.pk)


def lacking(north: Hall, village: Hall) -> tuple[Assistance, Case]:
    """Accepted with two materials that are promised within five working days."""
    make_lacking_setup(north)
    made = handed_over(village, taken_in(village, CaseOffer.objects.get(hall=north)))
    case = case_of(north, made)
    with inside(north):
        accept_but(north, case)
    drain_events()
    return made, case


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestCorrection:
    def test_is_seen_in_the_village_photographed_there_and_taken_as_the_applicants_own(
        self, north: Hall, village: Hall
    ) -> None:
        offer = make_offer(north)
        made, case = corrected(north, village, offer, workdays=5)
        field = material_of(offer)
        notice = Notice.objects.get(kind="assistance.asked", account=Account.objects.get(username="jiang"))
        until = seen(village, made).until
        assert until
        assert f"要补正，{until.month}月{until.day}日前" in notice.title
        jiang = client_of("jiang", HOST)
        for page in ("/desk/assistance/", notice.path):
            shown = jiang.get(page).text
            for said in (
                "等补正" if page == "/desk/assistance/" else "拍照、补材料",
                ASKED.rstrip("。"),
                f"{until.month}月{until.day}日",
            ):
                assert said in shown, (page, said)
        with inside(village):
            desk = Desk(person("jiang"), village)
            assert [one.tag for one in waiting_assistances(desk)] == ["等补正"]
            assert assistances_waiting(desk, Once(village)) == 1
        rest = f"/desk/assistance/{made.pk}/rest/"
        page = jiang.get(rest).text
        assert 'capture="environment"' in page
        given = {"_revision": str(made.revision), "_asking": str(seen(village, made).asking_id)}
        # put aside, then handed over without a word of the person's, then with it
        photo = {f"_file.{field}": SimpleUploadedFile("新.jpg", turned_picture().read(), content_type="image/jpeg")}
        assert jiang.post(rest, given | {"_act": "keep"} | photo).status_code == 302
        assert "新.jpg" in jiang.get(rest).text
        given["_revision"] = str(line_of(village, made).assistance.revision)
        refused = jiang.post(rest, given | {"_act": "send"})
        assert (refused.status_code, "本人同意了再交" in refused.text) == (422, True)
        sent = given | {"_act": "send", "handing-is_agreed": "on", "handing-said": "重新拍了首页。"}
        assert jiang.post(rest, sent).status_code == 302
        assert jiang.post(rest, sent).status_code == 302
        assert ReferralSupplement.objects.count() == 1
        assert "补的材料已经交给" in jiang.get(notice.path).text
        assert line_of(village, made).waits_words == ""
        with inside(village):
            assert assistances_waiting(Desk(person("jiang"), village), Once(village)) == 0
        drain_events()
        self._is_taken(north, case, field)
        assert "待受理" in jiang.get("/desk/assistance/").text
        assert not line_of(village, made).was_left
        assert jiang.get(rest).status_code == 302
        assert set(EventDelivery.objects.values_list("state", flat=True)) == {"done"}

    def _is_taken(self, north: Hall, case: Case, field: str) -> None:
        found = again(north, case)
        assert found.state == CaseState.RECEIVED
        with inside(north):
            assert Correction.objects.get(case=case).answered_at
            assert case.materials.get(field=field).state == MaterialState.GIVEN
            assert FormUpload.objects.get(name="新.jpg").key.startswith(f"{north.folder}/")
            assert FilledMoment.objects.filter(filled=found.filled, label="补正").count() == 1
            act = case.acts.get(act="bring_the_rest")
            assert act.of_hall.startswith(Hall.objects.get(slug="village").name)
            assert "重新拍了首页。" in act.said
            # the applicant has not done it themselves
            assert [one.is_own for one in own_case_view(found).told if one.label == "补正"] == [False]
        running = Clock.objects.filter(owner_id=case.pk, state=ClockState.RUNNING)
        assert [one.kind for one in running] == [ClockKind.ACCEPTANCE]
        below = AuditEntry.objects.get(act="assistance.bring_rest")
        above = AuditEntry.objects.get(act="casework.bring_the_rest")
        assert (below.acting_for_name, above.acting_for_name) == ("安*", "安*")
        assert above.actor_name.endswith(below.actor_name)
        receipt = ReferralReceipt.objects.get()
        assert (receipt.asking_id, str(receipt.asked)) == (None, "")

    def test_asks_for_fields_besides_and_says_what_is_wrong_with_them(self, north: Hall, village: Hall) -> None:
        made, case = corrected(north, village, fields=["applicant_mobile", "applicant_name"])
        asked = seen(village, made)
        # who it is for is settled
        assert asked.definition
        assert list(asked.definition.named_fields) == ["applicant_mobile"]
        by = {"by": person("jiang"), "hall": village, "assistance_id": made.pk, "asking_id": asked.asking_id}
        with inside(village):
            with pytest.raises(Conflict, match="有变化"):
                save_rest(**by | {"asking_id": made.pk}, posted={}, revision=made.revision)
            saved = save_rest(
                **by, posted={"applicant_mobile": "138", "applicant_name": "别人"}, revision=made.revision
            )
            assert [one.where for one in saved.result.faults] == ["applicant_mobile"]
            with pytest.raises(Conflict, match="较新的内容"):
                save_rest(**by, posted={"applicant_mobile": "13900000000"}, revision=made.revision)
        with pytest.raises(Invalid):
            brought(village, made)
        with inside(village):
            save_rest(
                **by, posted={"applicant_mobile": "13900000000"}, revision=Assistance.objects.get(pk=made.pk).revision
            )
        brought(village, made)
        drain_events()
        with inside(north):
            values = again(north, case).filled.values.opened(north.pk)
        assert (values["applicant_mobile"], values["applicant_name"]) == ("13900000000", ANNA["applicant_name"])

    def test_is_refused_empty_without_a_mandate_that_holds_and_once_it_is_over(
        self, north: Hall, village: Hall
    ) -> None:
        citizen = make_proved(number=ANNA["applicant_number"])
        make_mandate(citizen, village)
        offer = make_offer(north)
        made, case = corrected(north, village, offer)
        with pytest.raises(Invalid, match="还没有补"):
            brought(village, made)
        photographed(village, made, material_of(offer))
        Mandate.objects.update(state=Mandate.State.REVOKED)
        with pytest.raises(Conflict, match="到期或者撤销"):
            brought(village, made)
        Mandate.objects.update(state=Mandate.State.VALID)
        asking_id = seen(village, made).asking_id
        other, another = corrected(north, village, offer)
        with inside(north):
            withdraw_case(by=person("cao"), hall=north, case_id=another.pk, reason="不办了。")
        with pytest.raises(Conflict):
            brought(village, other, asking_id)
        sent = {"_revision": "1", "_asking": str(asking_id), "_act": "send", "handing-is_agreed": "on"}
        assert client_of("jiang", HOST).post(f"/desk/assistance/{made.pk}/rest/", sent).status_code == 302
        drain_events()
        assert again(north, case).state == CaseState.RECEIVED
        entries = AuditEntry.objects.filter(act__in=["assistance.bring_rest", "casework.bring_the_rest"])
        assert set(entries.values_list("acting_for_id", flat=True)) == {citizen.pk}

    def test_reaches_a_suspended_hall_and_is_late_without_harm(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        made, case = corrected(north, village, offer, workdays=3)
        with inside(north):
            let_pass(case, ClockKind.SUPPLEMENT)
        Hall.objects.filter(pk=north.pk).update(state=HallState.SUSPENDED)
        photographed(village, made, material_of(offer))
        brought(village, made)
        drain_events()
        assert again(north, case).state == CaseState.RECEIVED

    def test_that_was_brought_otherwise_or_withdrawn_on_its_way_is_left(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        made, case = corrected(north, village, offer)
        photographed(village, made, material_of(offer))
        brought(village, made)
        with inside(north):
            bring_the_rest(by=person("cao"), hall=north, case_id=case.pk, said="送到窗口了。")
        drain_events()
        with inside(north):
            assert not FormUpload.objects.exists()
            assert case.acts.filter(act="bring_the_rest").count() == 1
        assert line_of(village, made).was_left
        assert "对方没有收下" in client_of("jiang", HOST).get(f"/desk/assistance/{made.pk}/").text
        other, case = corrected(north, village, offer)
        photographed(village, other, material_of(offer))
        brought(village, other)
        with inside(village):
            end_consent(by=person("jiang"), hall=village, assistance_id=other.pk)
        drain_events()
        assert again(north, case).state == CaseState.WITHDRAWN
        assert ReferralSupplement.objects.count() == 1

    def test_is_asked_again_after_a_restore_and_taken_again(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        made, case = corrected(north, village, offer)
        photographed(village, made, material_of(offer))
        asking_id = seen(village, made).asking_id
        ReferralReceipt.objects.update(asking_id=None)
        with inside(north):
            report_cases_again(hall=north)
        assert seen(village, made).asking_id == asking_id
        brought(village, made)
        EventDelivery.objects.all().delete()
        with inside(north):
            report_cases_again(hall=north)
        drain_events()
        assert again(north, case).state == CaseState.RECEIVED
        assert HALL_RESTORED.subscribers.keys() >= {"casework.report_cases_again"}

    def test_is_done_by_programs_too_and_by_nobody_of_another_hall(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        made, case = corrected(north, village, offer)
        jiang, at = client_of("jiang", HOST), f"{API}/{made.pk}"
        asked = jiang.get(at).json()["asked"]
        assert (asked["lines"], asked["is_promised"], asked["fields"]) == ([ASKED], False, [material_of(offer)])
        photo = SimpleUploadedFile("新.jpg", turned_picture().read(), content_type="image/jpeg")
        file = jiang.post(f"{at}/files", {"file": photo}).json()
        rest = {
            "asking_id": asked["asking_id"],
            "revision": made.revision,
            "values": {material_of(offer): [file["id"]]},
        }
        kept = ask(jiang, "patch", f"{at}/rest", rest).json()
        assert kept["values"][material_of(offer)][0]["name"] == "新.jpg"
        handing = {"asking_id": asked["asking_id"], "revision": kept["revision"], "is_agreed": True}
        hua = client_of("hua", "north.yizhan.localhost")
        for address, body in ((f"{at}/rest", rest), (f"{at}/rest/hand-over", handing)):
            verb = "patch" if address.endswith("rest") else "post"
            assert ask(hua, verb, address, body).status_code == 404
        assert hua.get(f"/desk/assistance/{made.pk}/rest/").status_code == 404
        for _ in range(2):
            answer = ask(jiang, "post", f"{at}/rest/hand-over", handing)
            assert (answer.status_code, answer.json()["asked"]["is_brought"]) == (200, True)
        assert jiang.post(f"{at}/files", {"file": photo}).status_code == 409
        drain_events()
        assert again(north, case).state == CaseState.RECEIVED
        assert jiang.get(at).json()["asked"] is None


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestPromise:
    def test_is_brought_as_a_whole_sent_back_and_brought_again(self, north: Hall, village: Hall) -> None:
        made, case = lacking(north, village)
        asked = seen(village, made)
        assert (asked.is_promised, list(asked.lines)) == (True, ["健康证明", "照片"])
        assert line_of(village, made).waits_words == "等补交"
        photographed(village, made, "material_2")
        with pytest.raises(Invalid) as refusal:
            brought(village, made)
        assert [one.where for one in refusal.value.faults] == ["material_3"]
        photographed(village, made, "material_3")
        brought(village, made)
        drain_events()
        assert again(north, case).lacking == LackingState.BROUGHT
        with inside(north):
            return_lacking(by=person("cao"), hall=north, case_id=case.pk, said="照片太暗。")
        drain_events()
        assert seen(village, made).lines[0] == "照片太暗。"
        assert Notice.objects.filter(kind="assistance.asked").count() == 2
        photographed(village, made, "material_3")
        brought(village, made)
        drain_events()
        with inside(north):
            confirm_lacking(by=person("cao"), hall=north, case_id=case.pk)
        assert again(north, case).lacking == LackingState.COMPLETE
        assert line_of(village, made).asked is None

    def test_that_is_handed_over_on_its_day_counts_and_later_does_not(self, north: Hall, village: Hall) -> None:
        made, case = lacking(north, village)
        photographed(village, made, "material_2", "material_3")
        brought(village, made)
        with inside(north):
            let_pass(case, ClockKind.LAPSE)
            due = Clock.objects.get(owner_id=case.pk, kind=ClockKind.LAPSE, ended_on=None).due_on
            # it was handed over on the last day, and is still on its way when that is over
            ReferralSupplement.objects.update(created_at=timezone.now() - timedelta(days=1))
            lapse_case(hall=north, case_id=case.pk, cause_id=case.pk)
            assert due == timezone.localdate() - timedelta(days=1)
        drain_events()
        assert again(north, case).lacking == LackingState.BROUGHT
        with inside(north):
            return_lacking(by=person("cao"), hall=north, case_id=case.pk, said="照片太暗。")
            let_pass(case, ClockKind.LAPSE)
        with pytest.raises(Conflict, match="日子已经过了"):
            brought(village, made)


@pytest.mark.django_db
class TestLeaving:
    def test_hands_what_was_taken_in_to_the_successor_who_is_told_from_then_on(
        self, north: Hall, village: Hall
    ) -> None:
        offer = make_offer(north)
        made = handed_over(village, taken_in(village, offer))
        draft = taken_in(village, offer)
        jiang = Account.objects.get(username="jiang")
        assert ("件代办", 2) in [(one.label, one.number) for one in work_of(jiang)]
        new = make_person("xin", "新村", Role.VILLAGE_CLERK, village)
        leave(by=person("zhao"), account=jiang, successor=new)
        case = case_of(north, made)
        with inside(north):
            ask_for_correction(by=person("cao"), hall=north, case_id=case.pk, asked=[ASKED])
        drain_events()
        with inside(village):
            assert set(Assistance.objects.values_list("clerk_id", "clerk_name")) == {(new.pk, "新村")}
        assert set(OpenWork.objects.filter(kind="assistance").values_list("owner_id", flat=True)) == {new.pk}
        assert Notice.objects.get(kind="assistance.asked").account_id == new.pk
        with inside(village):
            end_consent(by=person("xin"), hall=village, assistance_id=draft.pk)
            end_consent(by=person("xin"), hall=village, assistance_id=made.pk)
        assert not OpenWork.objects.filter(kind="assistance").exists()


@pytest.mark.usefixtures("object_store", "fresh_database")
class TestKilled:
    def test_between_photograph_hand_over_and_above_it_is_brought_once(self) -> None:
        north, village = Hall.objects.get(slug="north"), Hall.objects.get(slug="village")
        offer = make_offer(north)
        made, case = corrected(north, village, offer)
        photographed(village, made, material_of(offer))
        killed(brought, village, made, dying_at=(bringing.__name__, "note_act"))
        assert not ReferralSupplement.objects.exists()
        found = at_once(*[lambda: brought(village, made)] * 2)
        assert not [one for one in found if isinstance(one, DomainError)]
        assert ReferralSupplement.objects.count() == 1
        killed(drain_events, dying_at=(supplements.__name__, "note_taken"))
        assert again(north, case).state == CaseState.CORRECTING
        drain_events()
        drain_events()
        with inside(north):
            assert case.acts.filter(act="bring_the_rest").count() == 1
            assert FormUpload.objects.count() == 1
