"""代办: a village's clerk takes something in for somebody, hands it over once, and sees what comes of it."""

import json
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from foundation.files.store import is_there
from province.audit.models import AuditEntry
from province.cases.models import CaseApplicant, CaseOffer, Referral, ReferralParcel, ReferralReceipt
from province.cases.states import CaseChannel, CaseState, ReferralState
from province.halls.events import HALL_RESTORED
from province.halls.models import Hall
from province.halls.states import HallState
from province.messaging.models import Notice
from standards.forms.blocks import block_fields
from tenants.assistance.models import Assistance, AssistanceFile
from tenants.assistance.operations import handing_over
from tenants.assistance.operations.files import (
    add_assistance_file,
    add_piece_of_file,
    begin_assistance_file,
)
from tenants.assistance.operations.handing_over import agree_after_restore, end_consent, hand_over, take_back_assistance
from tenants.assistance.operations.taking_in import (
    AssistedPerson,
    begin_assistance,
    drop_assistance,
    save_assistance,
)
from tenants.assistance.queries.assistances import assistance_lines, assistances_here
from tenants.assistance.queries.filling import read_assistance
from tenants.assistance.queries.waiting import assistances_waiting, waiting_assistances
from tenants.assistance.states import AssistanceState
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case, ask_for_correction
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.referrals_in import send_back_case
from tenants.casework.operations.setups import close_setup
from tenants.shell.slots import Desk, Once
from tenants.workflow.models import FormUpload
from tests.conftest import person
from tests.factories.assistance import ANNA_HERSELF, handed_over, make_mandate, make_offer, taken_in
from tests.factories.casework import ANNA, give_all
from tests.factories.citizens import make_proved
from tests.factories.files import picture, turned_picture
from tests.factories.people import client_of
from tests.factories.sites import change_hall, inside
from tests.forked import killed
from tests.races import at_once
from tests.standards.form_samples import form_of as form_of_fields

HOST = "village.yizhan.localhost"
API = "/api/hall/v1/assistance"


@pytest.fixture
def village() -> Hall:
    return Hall.objects.get(slug="village")


def again(village: Hall, made: Assistance) -> Assistance:
    with inside(village):
        return Assistance.objects.get(pk=made.pk)


def taken_up(north: Hall) -> Case:
    drain_events()
    with inside(north):
        return Case.objects.select_related("setup").get()


def revision_of(village: Hall) -> int:
    with inside(village):
        return Assistance.objects.get().revision


def photograph(village: Hall, made: Assistance, name: str = "户口簿.jpg") -> AssistanceFile:
    with inside(village):
        return add_assistance_file(
            by=person("jiang"), hall=village, assistance_id=made.pk, name=name, content=turned_picture()
        )


def material_of(offer: CaseOffer) -> str:
    fields = [one for part in (offer.form or {})["parts"] for one in part["fields"]]
    return next(str(one["name"]) for one in fields if one["type"] == "material")


def _upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def ask(client: Client, method: str, address: str, data: object) -> HttpResponse:
    answer: HttpResponse = getattr(client, method)(address, json.dumps(data), content_type="application/json")
    return answer


@pytest.mark.django_db
class TestAssistance:
    def test_is_refused_without_agreement_right_or_somebody(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        given = {"hall": village, "offer_id": offer.pk, "person": ANNA_HERSELF}
        with inside(village):
            with pytest.raises(Invalid):
                begin_assistance(**given, by=person("jiang"), consent="")
            with pytest.raises(Invalid, match="哪个电话"):
                begin_assistance(**given, by=person("jiang"), consent="phone")
            wrong = AssistedPerson(name="安", number="11010519491231002Y", phone="1381")
            with pytest.raises(Invalid) as refusal:
                begin_assistance(**given | {"person": wrong}, by=person("jiang"), consent="present")
            assert [one.where for one in refusal.value.faults] == ["name", "number", "phone"]
            with pytest.raises(NotAllowed):
                begin_assistance(**given, by=person("sun"), consent="present")
            assert not Assistance.objects.exists()
        with inside(north), pytest.raises(NotFound):
            # what the county does itself nobody takes in there for it
            begin_assistance(**given | {"hall": north}, by=person("hua"), consent="present")

    def test_asks_once_how_documents_shall_reach_the_person(self, north: Hall, village: Hall) -> None:
        made = taken_in(village, make_offer(north))
        given = {"by": person("jiang"), "hall": village, "assistance_id": made.pk, "revision": made.revision}
        with inside(village):
            for way, address, at in (("electronic", "", "way"), ("post", " ", "address")):
                with pytest.raises(Invalid) as refused:
                    hand_over(**given, is_read_back=True, way=way, address=address)
                assert [one.where for one in refused.value.faults] == [at]
        jiang, check = client_of("jiang", HOST), f"/desk/assistance/{made.pk}/check/"
        assert "文书怎样送达给本人" in jiang.get(check).text
        posted = {"is_read_back": "on", "revision": made.revision, "way": "post", "address": "两河镇三组 8 号"}
        assert jiang.post(check, posted).status_code == 302
        case = taken_up(north)
        said = case.serving.choice
        assert said is not None
        assert (said.way, said.channel, said.by_name) == ("post", CaseChannel.VILLAGE, made.clerk_name)
        assert CaseApplicant.objects.get(pk=case.pk).service_address.plain == "两河镇三组 8 号"
        assert "两河镇" not in str(AuditEntry.objects.values_list("changes", flat=True))

    def test_goes_by_the_hours_of_the_hall_whose_form_it_is(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        hours = [{"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"}]
        change_hall(north, opening_hours=hours)
        change_hall(village, opening_hours=[{**hours[0], "to": "20:00"}])
        made = taken_in(village, offer)
        form = form_of_fields(*block_fields("visit"))
        with inside(village):
            for time, is_taken in (("11:00", True), ("19:00", False)):
                posted = {"visit_on": "2027-03-08", "visit_at": time}
                result, context = read_assistance(person("jiang"), village, made, form, posted)
                assert ("visit_at" not in [fault.where for fault in result.faults]) is is_taken
            assert context.hours.lines[0].hours == ["08:30–12:00"]

    def test_needs_the_written_mandate_or_a_registered_one_which_binds_it_to_the_citizen(
        self, north: Hall, village: Hall
    ) -> None:
        offer = make_offer(north)
        made = taken_in(village, offer, consent="signed")
        with pytest.raises(Conflict, match="委托书"):
            handed_over(village, made)
        citizen = make_proved(number=ANNA["applicant_number"])
        with pytest.raises(Conflict, match="委托书"):
            handed_over(village, made)
        make_mandate(citizen, village)
        handed_over(village, made)
        case = taken_up(north)
        assert case.citizen_id == citizen.pk
        entry = AuditEntry.objects.get(act="assistance.hand_over")
        assert entry.acting_for_id == citizen.pk

    def test_of_what_is_offered_no_more_stays_a_draft_and_says_so(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        made = taken_in(village, offer)
        Hall.objects.filter(pk=north.pk).update(state=HallState.SUSPENDED)
        with pytest.raises(Conflict, match="暂停服务"):
            handed_over(village, made)
        Hall.objects.filter(pk=north.pk).update(state=HallState.LIVE)
        with inside(north):
            setup = CaseSetup.objects.get()
            close_setup(by=person("he"), hall=north, setup_id=setup.pk, revision=setup.revision)
        with pytest.raises(Conflict, match="没有开通"):
            handed_over(village, made)
        assert (again(village, made).state, Referral.objects.count()) == (AssistanceState.DRAFT, 0)
        page = client_of("jiang", HOST).get(f"/desk/assistance/{made.pk}/form/").text
        assert "现在不能交办" in page

    def test_is_read_back_and_saved_over_nothing_newer(self, north: Hall, village: Hall) -> None:
        made = taken_in(village, make_offer(north))
        by = {"by": person("jiang"), "hall": village, "assistance_id": made.pk}
        with inside(village):
            with pytest.raises(Invalid, match="念给本人听"):
                handing_over.hand_over(**by, revision=made.revision, is_read_back=False)
            with pytest.raises(Conflict, match="较新的内容"):
                save_assistance(**by, posted={"applicant_mobile": "13900000000"}, revision=0)
            # who it is for was agreed on before
            saved = save_assistance(**by, posted={"applicant_name": "别人"}, revision=made.revision)
            assert saved.result.values["applicant_name"] == "安娜"
            save_assistance(**by, posted={"applicant_mobile": ""}, revision=made.revision)
            with pytest.raises(Invalid):
                handing_over.hand_over(**by, revision=made.revision + 1, is_read_back=True)

    def test_is_taken_back_until_it_is_taken_up_and_comes_back_where_it_was_sent_back(
        self, north: Hall, village: Hall
    ) -> None:
        made = handed_over(village, taken_in(village, make_offer(north)))
        by = {"by": person("jiang"), "hall": village, "assistance_id": made.pk}
        with inside(village):
            take_back_assistance(**by)
        drain_events()
        assert not ReferralReceipt.objects.exists()
        made = handed_over(village, again(village, made))
        case = taken_up(north)
        with inside(village), pytest.raises(Conflict, match="已经签收"):
            take_back_assistance(**by)
        with inside(north):
            send_back_case(by=person("cao"), hall=north, case_id=case.pk, reason="请附上承诺书。")
        drain_events()
        draft = again(village, made)
        assert (draft.state, ReferralParcel.objects.count()) == (AssistanceState.DRAFT, 0)
        page = client_of("jiang", HOST).get(f"/desk/assistance/{made.pk}/form/").text
        assert "请附上承诺书。" in page
        assert "对方退回" in client_of("jiang", HOST).get("/desk/assistance/").text
        handed_over(village, draft)
        assert Referral.objects.filter(state=ReferralState.SENT).count() == 1

    def test_ends_also_there_where_the_person_does_not_want_it_any_more(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        made = handed_over(village, taken_in(village, offer))
        case = taken_up(north)
        with inside(village):
            end_consent(by=person("jiang"), hall=village, assistance_id=made.pk)
        drain_events()
        with inside(north):
            case.refresh_from_db()
        assert case.state == CaseState.WITHDRAWN
        assert "已撤回" in client_of("jiang", HOST).get("/desk/assistance/").text
        ended = again(village, made)
        assert (ended.state, ended.values.opened(village.pk)) == (AssistanceState.ENDED, {})
        draft = taken_in(village, offer)
        with inside(village):
            end_consent(by=person("jiang"), hall=village, assistance_id=draft.pk)
            assert not Assistance.objects.filter(pk=draft.pk).exists()
        assert not CaseApplicant.objects.filter(pk=draft.applicant_id).exists()

    def test_waits_for_the_clerk_while_papers_are_asked_for(self, north: Hall, village: Hall) -> None:
        made = handed_over(village, taken_in(village, make_offer(north)))
        case = taken_up(north)
        with inside(north):
            ask_for_correction(by=person("cao"), hall=north, case_id=case.pk, asked=["身份证看不清。"])
        Hall.objects.filter(pk=north.pk).update(phone="0717-3220000", address="长坂路1号")
        jiang = client_of("jiang", HOST)
        page = jiang.get(f"/desk/assistance/{made.pk}/").text
        for said in ("身份证看不清。", "0717-3220000", "长坂路1号", case.number):
            assert said in page
        assert "等补正" in jiang.get("/desk/assistance/").text
        with inside(village):
            desk = Desk(person("jiang"), village)
            assert assistances_waiting(desk, Once(village)) == 1
            assert [one.tag for one in waiting_assistances(desk)] == ["等补正"]

    def test_is_found_by_name_number_and_end_of_a_number(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        made = handed_over(village, taken_in(village, offer))
        case = taken_up(north)
        with inside(village):
            for words in ("安娜", ANNA["applicant_number"], made.number[-6:].lower(), case.number[-5:], made.item_name):
                assert list(assistances_here(village, words=words)) == [made], words
            for words in ("李四", "110105194912310038", "没有"):
                assert not assistances_here(village, words=words).exists(), words

    def test_found_by_whose_it_is_leaves_one_entry(self, north: Hall, village: Hall) -> None:
        made = taken_in(village, make_offer(north))
        jiang = client_of("jiang", HOST)
        for words in (made.item_name, made.number[-6:], "没有这个人"):
            jiang.get("/desk/assistance/", {"words": words})
        searches = AuditEntry.objects.filter(act="citizens.search_people")
        assert not searches.exists()
        for page in ("/desk/assistance/?words=安娜", "/desk/assistance/?words=安娜&export=csv", "/desk/search/?q=安娜"):
            assert jiang.get(page).status_code == 200
        jiang.get(f"/desk/assistance/?words={ANNA['applicant_number']}")
        asked = {"words": made.number[-6:]}
        assert [one["id"] for one in jiang.get(API, asked).json()["items"]] == [str(made.pk)]
        assert jiang.get(API, {"words": "没有这个人"}).json()["items"] == []
        first, second = (one.changes for one in searches.order_by("pk"))
        assert first == {"things": [None, "代办"], "words": [None, "安*"], "found": [None, 1]}
        assert ANNA["applicant_number"] not in str(second)

    def test_costs_as_many_queries_as_one(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        for _ in range(3):
            handed_over(village, taken_in(village, offer))
        drain_events()
        counts = []
        with inside(village):
            rows = list(assistances_here(village))
            for some in (rows[:1], rows):
                with CaptureQueriesContext(connection) as asked:
                    assert len(assistance_lines(village, some)) == len(some)
                counts.append(len(asked))
        assert counts[0] == counts[1] <= 13

    def test_goes_where_its_referral_is_after_a_restore(self, north: Hall, village: Hall) -> None:
        made = handed_over(village, taken_in(village, make_offer(north)))
        with inside(village):
            Assistance.objects.update(state=AssistanceState.DRAFT, handed_at=None)
            agree_after_restore(hall=village)
        assert again(village, made).state == AssistanceState.SENT
        assert HALL_RESTORED.subscribers.keys() >= {"assistance.agree_after_restore"}

    def test_is_nobodys_of_another_hall(self, north: Hall, village: Hall) -> None:
        made = taken_in(village, make_offer(north))
        hua = client_of("hua", "north.yizhan.localhost")
        for page in ("", "form/", "check/"):
            assert hua.get(f"/desk/assistance/{made.pk}/{page}").status_code == 404
        for act in ("take-back", "end", "drop", "chunks"):
            assert hua.post(f"/desk/assistance/{made.pk}/{act}/", {"name": "a.jpg", "size": "5"}).status_code == 404
        assert hua.get(f"{API}/{made.pk}").status_code == 404
        assert client_of("sun", "north.yizhan.localhost").get("/desk/assistance/").status_code == 403
        with inside(north), pytest.raises(NotFound):
            drop_assistance(by=person("hua"), hall=north, assistance_id=made.pk)


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestAssistanceFile:
    def test_becomes_a_material_of_the_case_and_is_gone_here_when_that_is_decided(
        self, north: Hall, village: Hall
    ) -> None:
        offer = make_offer(north)
        made = taken_in(village, offer)
        file, paper = photograph(village, made), photograph(village, made, "委托书.jpg")
        assert photograph(village, made).pk == file.pk
        # upright, and in widths as other pictures are
        assert (file.width, file.height) == (900, 1200)
        assert file.key.startswith(f"{village.folder}/assistance/{made.pk}/")
        with inside(village):
            save_assistance(
                by=person("jiang"),
                hall=village,
                assistance_id=made.pk,
                posted={material_of(offer): [str(file.pk)]},
                revision=made.revision,
                papers=(str(paper.pk),),
            )
        handed_over(village, again(village, made))
        case = taken_up(north)
        assert case.channel == CaseChannel.VILLAGE
        with inside(north):
            assert set(FormUpload.objects.values_list("name", flat=True)) == {"户口簿.jpg", "委托书.jpg"}
            assert case.materials.filter(state="given").count() == 1
            give_all(north, case)
            accept_case(by=person("cao"), hall=north, case_id=case.pk)
            decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="granted", reasons="")
        drain_events()
        ended = again(village, made)
        with inside(village):
            assert not is_there(file.key)
            assert not AssistanceFile.objects.exists()
            (line,) = assistance_lines(village, [ended])
        assert (ended.state, ended.values.opened(village.pk)) == (AssistanceState.ENDED, {})
        assert (line.state_words, ReferralParcel.objects.count()) == ("已办结：准予", 0)
        assert Notice.objects.filter(hall_id=village.pk, title__startswith="代办的申请准予").count() == 1
        page = client_of("jiang", HOST).get(f"/desk/assistance/{made.pk}/").text
        assert case.number in page
        assert ANNA["applicant_number"] not in page
        assert set(EventDelivery.objects.values_list("state", flat=True)) == {"done"}

    def test_that_is_hostile_or_too_late_is_refused(self, north: Hall, village: Hall) -> None:
        made = taken_in(village, make_offer(north))
        jiang = client_of("jiang", HOST)
        bad = jiang.post(f"{API}/{made.pk}/files", {"file": _upload("假的.jpg", b"<script>alert(1)</script>")})
        assert bad.status_code == 422
        handed_over(village, made)
        late = jiang.post(f"{API}/{made.pk}/files", {"file": _upload("a.jpg", picture().read())})
        assert late.status_code == 409

    def test_goes_on_where_the_connection_was_lost(self, north: Hall, village: Hall) -> None:
        made = taken_in(village, make_offer(north))
        content = picture().read()
        half = len(content) // 2
        by = {"by": person("jiang"), "hall": village, "assistance_id": made.pk}
        with inside(village):
            begun = begin_assistance_file(**by, name="a.jpg", size=len(content), mark="1")
            first = content[:half]
            for _ in range(2):
                got = add_piece_of_file(**by, file_id=begun.pk, offset=0, content=first, length=half)
                assert (got.offset, got.file) == (half, None)
            same = begin_assistance_file(**by, name="a.jpg", size=len(content), mark="1")
            assert (same.pk, same.received) == (begun.pk, half)
            rest = content[half:]
            for _ in range(2):
                got = add_piece_of_file(**by, file_id=begun.pk, offset=half, content=rest, length=len(rest))
            assert got.file is not None
            assert is_there(got.file.key)
            bad = begin_assistance_file(**by, name="b.jpg", size=4, mark="2")
            with pytest.raises(Invalid):
                add_piece_of_file(**by, file_id=bad.pk, offset=0, content=b"<ht>", length=4)
            with pytest.raises(NotFound):
                add_piece_of_file(**by, file_id=bad.pk, offset=0, content=b"<ht>", length=4)


@pytest.mark.django_db
@pytest.mark.usefixtures("object_store")
class TestPageAndProgram:
    def test_take_it_from_the_beginning_to_the_hand_over(self, north: Hall, village: Hall) -> None:
        offer = make_offer(north)
        jiang = client_of("jiang", HOST)
        assert jiang.get("/desk/assistance/new/").status_code == 200
        assert jiang.post("/desk/assistance/new/", {"offer_id": ""}).status_code == 422
        person_of = {"name": "安娜", "number": ANNA["applicant_number"], "phone": ANNA["applicant_mobile"]}
        begun = jiang.post("/desk/assistance/new/", person_of | {"offer_id": str(offer.pk), "consent": "signed"})
        form = begun.headers["Location"]
        page = jiang.get(form).text
        assert 'capture="environment"' in page
        assert "安娜" in page
        posted = {"_revision": "0", "agent_is_there": "false", "promise_agreed": "true", "_act": "send"}
        files = {
            f"_file.{material_of(offer)}": _upload("户口簿.jpg", picture().read()),
            "_file.consent-papers": _upload("委托书.jpg", turned_picture().read()),
        }
        sent = jiang.post(form, posted | {"consent-papers": ""} | files)
        assert sent.status_code == 302, sent.text
        assert sent.headers["Location"].endswith("/check/")
        check = jiang.get(sent.headers["Location"]).text
        assert "委托书.jpg" in check
        revision = revision_of(village)
        refused = jiang.post(sent.headers["Location"], {"revision": revision})
        assert refused.status_code == 422
        done = jiang.post(sent.headers["Location"], {"revision": revision, "is_read_back": "on"})
        assert done.status_code == 302
        assert "还没有签收" in jiang.get("/desk/assistance/").text
        drain_events()
        assert "待受理" in jiang.get("/desk/assistance/?export=csv").text

        api = partial(ask, jiang)
        assert [one["id"] for one in jiang.get(f"{API}/offers").json()["items"]] == [str(offer.pk)]
        made = api("post", API, person_of | {"offer_id": str(offer.pk), "consent": "present"})
        assert made.status_code == 201
        assert made.json()["values"]["applicant_name"] == "安娜"
        at = f"{API}/{made.json()['id']}"
        kept = api("patch", at, {"values": ANNA, "revision": made.json()["revision"]})
        assert kept.json()["faults"] == []
        sent = api("post", f"{at}/hand-over", {"revision": kept.json()["revision"], "is_read_back": True})
        assert (sent.json()["state"], sent.json()["applicant"]) == ("sent", "安*")
        assert api("post", f"{at}/take-back", {}).json()["state"] == "draft"
        assert api("post", f"{at}/end-consent", {}).status_code == 204
        assert len(jiang.get(API).json()["items"]) == 1


@pytest.mark.usefixtures("object_store", "fresh_database")
class TestAssistanceKilled:
    def test_between_picture_and_hand_over_and_by_two_at_once_is_handed_over_once(self) -> None:
        north, village = Hall.objects.get(slug="north"), Hall.objects.get(slug="village")
        made = taken_in(village, make_offer(north))
        photograph(village, made)
        killed(handed_over, village, made, dying_at=(handing_over.__name__, "note_act"))
        assert (Referral.objects.count(), again(village, made).state) == (0, AssistanceState.DRAFT)
        found = at_once(*[lambda: handed_over(village, made)] * 2)
        assert [one.state for one in found] == ["sent", "sent"]
        assert Referral.objects.count() == 1
        case = taken_up(north)
        with inside(north):
            assert FormUpload.objects.count() == 1
            give_all(north, case)
            accept_case(by=person("cao"), hall=north, case_id=case.pk)
            decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="refused", reasons="不符合条件。")
        killed(drain_events, dying_at=(handing_over.__name__, "tell_clerks"))
        assert again(village, made).state == AssistanceState.SENT
        killed(drain_events)
        drain_events()
        assert again(village, made).state == AssistanceState.ENDED
        assert Notice.objects.filter(hall_id=village.pk).count() == 1
