"""联办 between halls: a department of another hall is asked, reads the case there and answers once; both halls see the
one clock; what ends the case, and who asks somebody else, takes the question back."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from foundation.files.store import read_file
from province.audit.models import AuditEntry
from province.cases.models import OpinionOffer, Referral, ReferralParcel, ReferralReceipt
from province.cases.states import CaseState, ReceiptState, ReferralState
from province.halls.models import Hall
from province.halls.states import HallState
from province.messaging.models import Notice
from province.people.models import Unit
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind, ClockState
from tenants.casework.models import ArchiveSheet, Case, CaseSetup, JointOpinion
from tenants.casework.operations import joint, joint_asked, joint_elsewhere, referrals_in
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.attached_papers import AttachedPaper
from tenants.casework.operations.closing import archive_case, serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.casework.operations.examining import resume_case, suspend_case, withdraw_case
from tenants.casework.operations.joint import give_opinion
from tenants.casework.operations.joint_asked import send_back_request
from tenants.casework.operations.joint_elsewhere import ask_another, enter_opinion
from tenants.casework.operations.joint_requests import renew_requests
from tenants.casework.operations.opinion_offers import offer_opinions
from tenants.casework.operations.referrals import bring_result
from tenants.casework.operations.referrals_in import take_up_again, take_up_referral
from tenants.casework.operations.restored import report_cases_again
from tenants.casework.queries.archive import other_archive_lines
from tenants.casework.queries.own_cases import own_case_view
from tenants.casework.states import JointState
from tenants.workflow.models import FormUpload
from tests.conftest import person
from tests.factories.casework import accepted, apply_at_window, apply_online, give_all, let_pass
from tests.factories.citizens import make_proved
from tests.factories.files import office_file, picture
from tests.factories.joint import BUILDERS, POLICE, answer, clock_of, make_joint_halls, opinion_of, seat_at
from tests.factories.people import client_of, make_unit
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once

# documents of acceptance go there
pytestmark = pytest.mark.usefixtures("object_store", "no_papers")

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
_API = "/api/hall/v1/casework/opinions"


@pytest.fixture(scope="class")
def _joined(class_rows: None) -> None:
    make_joint_halls(*(Hall.objects.get(slug=slug) for slug in ("north", "south")))


@pytest.fixture
def halls(_joined: None, north: Hall, south: Hall) -> tuple[Hall, Hall]:
    return north, south


def asked(north: Hall) -> Case:
    """Accepted in the north; the south has the question, once its event is delivered."""
    with inside(north):
        return accepted(north, CaseSetup.objects.get())


def there(south: Hall) -> JointOpinion:
    """What the south has made of the latest question."""
    drain_events()
    with inside(south):
        return JointOpinion.objects.latest("pk")


def here(north: Hall, case: Case, body: str = POLICE) -> JointOpinion:
    with inside(north):
        return opinion_of(case, body)


def with_file(north: Hall) -> tuple[Case, FormUpload]:
    """As ``asked``, by a citizen, with one of the files that came along."""
    with inside(north):
        case = give_all(north, apply_online(north, CaseSetup.objects.get(), make_proved(1)))
        for _ in range(2):
            accept_case(by=person("cao"), hall=north, case_id=case.pk)
        file = FormUpload.objects.filter(filled=case.filled).earliest("pk")
        # as an upload lies there
        FormUpload.objects.filter(pk=file.pk).update(key=f"{north.folder}/forms/aa/a.pdf")
        renew_requests(north, case)
    return case, file


def say(south: Hall, opinion: JointOpinion, result: str = "agreed", reasons: str = "") -> JointOpinion:
    with inside(south):
        given: dict[str, Any] = {"opinion_id": opinion.pk, "result": result, "reasons": reasons}
        return give_opinion(by=person("qi"), hall=south, **given)


def send_back(south: Hall, opinion: JointOpinion, reason: str = "归县局管。") -> JointOpinion:
    with inside(south):
        return send_back_request(by=person("qi"), hall=south, opinion_id=opinion.pk, reason=reason)


def again(north: Hall, case: Case) -> Case:
    with inside(north):
        return Case.objects.select_related("setup").get(pk=case.pk)


def decide(north: Hall, case: Case) -> Case:
    with inside(north):
        return decide_case(by=person("tao"), hall=north, case_id=case.pk, outcome="granted", reasons="")


def withdraw(north: Hall, case: Case) -> Case:
    with inside(north):
        return withdraw_case(by=person("cao"), hall=north, case_id=case.pk, reason="书面撤回")


@pytest.mark.django_db
class TestOfferOfOpinions:
    def test_is_made_by_the_hall_and_chosen_in_a_setup_nearby(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        unit = Unit.objects.get(name="市交警支队")
        nan, he = client_of("nan", SOUTH), client_of("he", NORTH)
        path = "/desk/cases/setups/opinions/"
        assert nan.post(path, {"units": ["window", str(unit.pk)]}).status_code == 302
        assert {*OpinionOffer.objects.values_list("unit_id", flat=True)} == {None, unit.pk}
        assert nan.post(path, {"units": [str(uuid4())]}).status_code == 422
        assert client_of("qi", SOUTH).get(path).status_code == 403
        assert f"{south.name} <span" in he.get(path).text
        offers = he.get(f"{_API}/offers").json()
        assert [one["unit_id"] for one in offers["givers"]] == [str(unit.pk), None]
        body = {"unit_ids": [str(unit.pk)]}
        assert nan.put(f"{_API}/offers", body, content_type="application/json").json()["unit_ids"] == [str(unit.pk)]
        with inside(south), pytest.raises(Invalid):
            offer_opinions(by=person("nan"), hall=south, unit_ids=[uuid4()])
        with pytest.raises(IntegrityError), transaction.atomic():
            OpinionOffer.objects.create(hall=south, unit_id=unit.pk)
        acts = AuditEntry.objects.filter(act="casework.offer_opinions", hall_id=south.pk)
        # that of the factory, two here; refused and repeated ones leave none
        assert acts.count() == 3

        setup = self.setup_of(north)
        page = he.get(f"/desk/cases/setups/{setup.pk}/").text
        assert f'<option value="{south.pk}/{unit.pk}" selected>{south.name} · 市交警支队</option>' in page
        own = UUID(setup.partners[1]["unit_id"])
        posted = {"retention_years": "10", "review_body": "某府", "court": "某院", "revision": str(setup.revision)}
        posted |= {"partner_0": f"{south.pk}/{unit.pk}", "partner_days_0": "3", "partner_1": str(own)}
        assert he.post(f"/desk/cases/setups/{setup.pk}/", posted).status_code == 302
        kept = self.setup_of(north).partners
        assert [(one["hall_id"], one["workdays"]) for one in kept] == [(south.pk.hex, 3), (None, 5)]

    def test_is_refused_in_a_sentence_where_the_hall_cannot_be_asked(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        unit = Unit.objects.get(name="市交警支队")
        pieces: dict[str, dict[str, Any]] = {
            "现在暂停服务": {"state": HallState.SUSPENDED},
            "没有开放": {"state": HallState.PLANNED},
            "上级、下级或者同一个县": {"state": HallState.LIVE, "prefixes": ["43", "4301"]},
        }
        setup, strays = self.setup_of(north), []
        he = client_of("he", NORTH)
        for said, changes in pieces.items():
            Hall.objects.filter(pk=south.pk).update(**changes)
            body = {
                "revision": setup.revision,
                "review_body": "某府",
                "court": "某院",
                "partners": [{**one, "workdays": 5} for one in setup.partners],
            }
            put = he.put(f"/api/hall/v1/casework/setups/{setup.pk}", body, content_type="application/json")
            with inside(north), pytest.raises(Conflict) as refused:
                ask_another(
                    by=person("cao"),
                    hall=north,
                    opinion_id=opinion_of(case, BUILDERS).pk,
                    hall_id=south.pk,
                    unit_id=unit.pk,
                )
            if put.status_code != 422 or said not in str(put.json()) or said not in refused.value.message:
                strays.append((said, put.json(), refused.value.message))
        assert not strays
        # no acceptance waits for it: those who work for the whole hall are asked, and the history says why
        second = asked(north)
        with inside(north):
            opinion = opinion_of(second, POLICE)
            assert (opinion.unit_id, opinion.referral_id, opinion.state) == (None, None, JointState.WAITING)
            assert "没有送出：只能请上级" in second.acts.get(act="ask_departments").note
        assert Notice.objects.filter(account__username="cao", title__contains=second.number, kind="casework.joint")

    @staticmethod
    def setup_of(north: Hall) -> CaseSetup:
        with inside(north):
            return CaseSetup.objects.get()


@pytest.mark.django_db
class TestAnotherHallsOpinion:
    def test_is_asked_once_and_read_there_by_the_department_alone(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case, file = with_file(north)
        mine, other = here(north, case), there(south)
        referral = Referral.objects.get()
        assert (referral.kind, referral.case_id, mine.referral_id) == ("opinion", mine.pk, referral.pk)
        with inside(south):
            take_up_referral(hall=south, referral_id=referral.pk)
            assert JointOpinion.objects.count() == 1
            assert not Case.objects.exists()
        assert ReferralReceipt.objects.get().case_id == other.pk
        assert file.name not in ReferralParcel.objects.values_list("content", flat=True)[0]
        told = Notice.objects.get(account__username="qi", kind="casework.joint")
        assert (told.path, north.name in told.title) == (f"/desk/cases/opinions/{other.pk}/", True)

        qi, path = client_of("qi", SOUTH), f"/desk/cases/opinions/{other.pk}/"
        listed = qi.get("/desk/cases/opinions/").text
        page = qi.get(path).text
        # its part's own number is the same in both halls
        part = f"{case.short_number}-{mine.pk.hex[-6:].upper()}"
        assert part in client_of("cao", NORTH).get(f"/desk/cases/{case.pk}/").text
        missing = [one for one in (case.number, north.name, "个工作日", part) if one not in listed]
        missing += [one for one in (file.name, "申请表", "审查中", north.name, "个工作日", part) if one not in page]
        assert not missing
        link = qi.get(f"{path}files/{file.pk}/")
        assert (link.status_code, f"{north.folder}/forms/aa/a.pdf" in link["Location"]) == (302, True)
        seat_at(south, make_unit("市水利局", hall=south), "shui", "水利")
        strays = [
            (who, host, one)
            for who, host in (("shui", SOUTH), ("jian", NORTH), ("cao", NORTH))
            for one in (path, f"{path}files/{file.pk}/")
            if client_of(who, host).get(one).status_code != 404
        ]
        assert not strays
        # of what another hall is asked, those who work for the whole of this one have no part
        assert client_of("cao", NORTH).get("/desk/cases/opinions/").text.count(case.number) == 1

    def test_is_found_by_its_number_by_who_is_asked_and_who_asks(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        opinion, asking, own = there(south), here(north, case), here(north, case, BUILDERS)
        number, other = (f"{case.short_number}-{one.pk.hex[-6:].upper()}" for one in (asking, own))

        def finds(who: str, host: str, typed: str) -> list[bool]:
            page = client_of(who, host).get("/desk/search/", {"q": typed}).text
            places = (f"opinions/{opinion.pk}", f"opinions/{own.pk}", case.pk)
            return [f'href="/desk/cases/{one}/"' in page for one in places]

        assert finds("qi", SOUTH, f" {number.lower()}") == [True, False, False]
        assert finds("jian", NORTH, other) == [False, True, False]
        assert finds("cao", NORTH, number) == [False, False, True]
        # of another department, and none at all
        strays = [("qi", SOUTH, other), ("jian", NORTH, number), ("qi", SOUTH, f"{case.short_number}-000000")]
        assert not any(any(finds(*one)) for one in strays)
        with inside(north):
            sentence = own_case_view(again(north, case)).sentence
        assert sentence == f"已经受理，正在由{POLICE}（{south.name}）、{BUILDERS}办理。"

    def test_is_brought_back_once_before_anything_is_decided(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case, file = with_file(north)
        other, qi = there(south), client_of("qi", SOUTH)
        path = f"/desk/cases/opinions/{other.pk}/"
        with inside(north):
            answer(north, case, BUILDERS)
        with pytest.raises(Conflict, match=f"{POLICE}还没有出具"):
            decide(north, case)
        refused = qi.post(path, {"result": "refused", "reasons": ""})
        assert (refused.status_code, "请写明理由和依据" in refused.text) == (422, True)
        assert qi.post(path, {"result": "refused", "reasons": "路口视距不够。"}).status_code == 302
        with pytest.raises(Conflict, match="已经由"):
            say(south, other)
        drain_events()
        mine, referral = here(north, case), Referral.objects.get()
        assert (mine.state, mine.reasons, mine.by_name) == (JointState.REFUSED, "路口视距不够。", south.name)
        assert clock_of(mine).state == ClockState.MET
        receipt = ReferralReceipt.objects.get()
        assert (receipt.state, receipt.outcome) == (ReceiptState.REFUSED, "")
        assert (referral.state, ReferralParcel.objects.count()) == (ReferralState.ENDED, 0)
        assert Notice.objects.filter(account__username="cao", title__startswith="联办意见已齐").count() == 1
        # delivered twice
        with inside(north):
            bring_result(hall=north, referral_id=referral.pk)
            assert case.acts.filter(act="give_opinion").count() == 2
        closed = qi.get(path).text
        assert (file.name in closed, "路口视距不够。" in closed) == (False, True)
        assert qi.get(f"{path}files/{file.pk}/").status_code == 404
        decide(north, case)
        assert f"{south.name} 20" in client_of("cao", NORTH).get(f"/desk/cases/{case.pk}/").text
        with inside(north):
            serve_decision(by=person("cao"), hall=north, case_id=case.pk, way="window", proof="本人")
            archive_case(by=person("cao"), hall=north, case_id=case.pk)
            named = [one["name"] for one in ArchiveSheet.objects.get().contents if one["kind"] == "联办意见"]
        assert named == [f"{POLICE}：不同意", f"{BUILDERS}：同意"]

    def test_is_late_in_both_halls_by_one_clock_that_stands_while_the_case_does(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        mine, other = here(north, case), there(south)
        assert not Clock.objects.filter(owner_id=other.pk).exists()
        with inside(north):
            suspend_case(by=person("tao"), hall=north, case_id=case.pk, reason="等待另案")
        qi, path = client_of("qi", SOUTH), f"/desk/cases/opinions/{other.pk}/"
        assert "恢复以后再出具意见" in qi.get(path).text
        with pytest.raises(Conflict, match="中止"):
            say(south, other)
        with inside(north):
            resume_case(by=person("tao"), hall=north, case_id=case.pk)
            let_pass(mine, ClockKind.STEP)
        sweep_clocks()
        drain_events()
        drain_events()
        told = set(Notice.objects.filter(title__contains="已超期").values_list("account__username", flat=True))
        assert {"qi", "cao"} <= told
        assert "jing" not in told
        assert "超期" in qi.get("/desk/cases/opinions/").text
        assert "超期" in qi.get(path).text
        assert f"{POLICE}已经超期" in client_of("cao", NORTH).get(f"/desk/cases/{case.pk}/").text
        say(south, other)
        drain_events()
        assert clock_of(here(north, case)).state == ClockState.LATE

    def test_sent_back_waits_for_somebody_else_to_be_asked(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        other = there(south)
        with pytest.raises(Invalid):
            send_back(south, other, " ")
        with inside(north), pytest.raises(Conflict, match="与承办部门联系"):
            send_back_request(
                by=person("jian"), hall=north, opinion_id=opinion_of(case, BUILDERS).pk, reason="不归本局管。"
            )
        qi, cao = client_of("qi", SOUTH), client_of("cao", NORTH)
        back = {"act": "send-back", "reason": "归县局管。"}
        assert "已退回：归县局管。" in qi.post(f"/desk/cases/opinions/{other.pk}/", back, follow=True).text
        assert send_back(south, other).state == JointState.SENT_BACK
        with pytest.raises(Conflict, match="不再需要"):
            say(south, other)
        drain_events()
        mine = here(north, case)
        assert (mine.state, Referral.objects.get().state) == (JointState.WAITING, ReferralState.ENDED)
        assert clock_of(mine).state == ClockState.RUNNING
        assert Notice.objects.filter(account__username="cao", title__contains="退回").count() == 1
        page = cao.get(f"/desk/cases/{case.pk}/").text
        assert "对方已退回" in page
        assert "归县局管。" in page
        path = f"/desk/cases/opinions/{mine.pk}/ask/"
        assert "退回了征询：归县局管。" in cao.get(path).text
        assert client_of("jian", NORTH).get(path).status_code == 404
        with pytest.raises(Conflict, match="还没有出具联办意见"):
            decide(north, case)

    def test_is_asked_of_somebody_else_or_entered_by_who_has_the_case(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        send_back(south, there(south))
        drain_events()
        mine, qi, cao = here(north, case), client_of("qi", SOUTH), client_of("cao", NORTH)
        path = f"/desk/cases/opinions/{mine.pk}/ask/"
        # the same hall once more, then a department here
        unit = Unit.objects.get(name="市交警支队")
        asking = {"act": "ask", "giver": f"{south.pk}/{unit.pk}"}
        assert cao.post(path, {"act": "ask", "giver": ""}).status_code == 422
        assert cao.post(path, asking).status_code == 302
        assert cao.post(path, asking).status_code == 302
        assert Referral.objects.count() == 2
        second = there(south)
        own = Unit.objects.get(name=f"{north.short_name}{POLICE}")
        asked_here = cao.post(
            f"{_API}/{mine.pk}/ask-another", {"unit_id": str(own.pk)}, content_type="application/json"
        )
        assert next(one["unit"] for one in asked_here.json()["joint"]) == own.name
        drain_events()
        with inside(south):
            second.refresh_from_db()
        assert (second.state, ReferralParcel.objects.count()) == (JointState.ENDED, 0)
        assert "已经了结" in qi.get(f"/desk/cases/opinions/{second.pk}/").text
        with inside(north), pytest.raises(Conflict, match="本厅的部门"):
            enter_opinion(by=person("cao"), hall=north, opinion_id=mine.pk, result="agreed")
        assert Notice.objects.filter(account__username="jing", kind="casework.joint").count() == 1
        with inside(north):
            ask_another(by=person("cao"), hall=north, opinion_id=mine.pk, hall_id=south.pk, unit_id=unit.pk)
            with pytest.raises(NotFound):
                # who works for the whole hall does not give what another one is asked
                give_opinion(by=person("cao"), hall=north, opinion_id=mine.pk, result="agreed")
        there(south)
        written = {"result": "refused", "reasons": "来函：视距不够。"}
        assert cao.post(path, {"act": "enter", "result": "refused", "reasons": ""}).status_code == 422
        entered = cao.post(f"{_API}/{mine.pk}/enter", written, content_type="application/json").json()
        assert [one["state"] for one in entered["joint"]] == ["refused", "waiting"]
        with inside(north), pytest.raises(Conflict, match="不能再改"):
            enter_opinion(by=person("cao"), hall=north, opinion_id=mine.pk, **written)
        assert ReferralParcel.objects.count() == 0
        with inside(north):
            acts = case.acts.order_by("pk").values_list("act", flat=True)
            assert [*acts][-4:] == ["ask_another", "ask_another", "ask_another", "enter_opinion"]

    def test_is_recalled_with_the_end_of_the_case_and_by_nobody_else(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        other = there(south)
        # a question that was not taken up yet is recalled, too
        late = asked(north)
        withdraw(north, late)
        withdraw(north, case)
        drain_events()
        with inside(south):
            assert list(JointOpinion.objects.values_list("pk", "state")) == [(other.pk, JointState.ENDED)]
        assert set(Referral.objects.values_list("state", flat=True)) == {ReferralState.RECALLED}
        assert ReferralParcel.objects.count() == 0
        with pytest.raises(Conflict, match="不再需要"):
            say(south, other)
        with inside(north), pytest.raises(NotFound):
            give_opinion(by=person("cao"), hall=north, opinion_id=other.pk, result="agreed")
        # a hall that is suspended meanwhile is shown as such, and its answer is still taken
        third = asked(north)
        other = there(south)
        Hall.objects.filter(pk=south.pk).update(state=HallState.SUSPENDED)
        assert "对方服务厅暂停" in client_of("cao", NORTH).get(f"/desk/cases/{third.pk}/").text
        say(south, other)
        drain_events()
        assert here(north, third).state == JointState.AGREED

    def test_reads_nothing_but_the_files_of_the_hall_that_asks(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        asked(north)
        other, parcel = there(south), ReferralParcel.objects.get()
        facts = {
            "key": f"{south.folder}/forms/ab/b.pdf",
            "name": "别厅.pdf",
            "media_type": "application/pdf",
            "size": 1,
        }
        stranger = uuid4()
        parcel.content = json.dumps(json.loads(parcel.content.plain) | {"files": {str(stranger): facts}})
        parcel.save()
        assert client_of("qi", SOUTH).get(f"/desk/cases/opinions/{other.pk}/files/{stranger}/").status_code == 404

    def test_is_the_same_for_programs(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        other, qi = there(south), client_of("qi", SOUTH)
        line = qi.get(f"{_API}?state=waiting").json()["items"][0]
        assert (line["case_id"], line["case_number"], line["body"]) == (None, case.number, POLICE)
        shown = qi.get(f"{_API}/{other.pk}").json()
        told = {name: shown[name] for name in ("from_hall", "case_state", "may_give", "is_late")}
        assert told == {"from_hall": north.name, "case_state": "accepted", "may_give": True, "is_late": False}
        assert shown["materials"]
        assert "安娜" in [one["text"] for one in shown["form"]]
        back = qi.post(f"{_API}/{other.pk}/send-back", {"reason": "不归本局。"}, content_type="application/json")
        assert (back.json()["state"], back.json()["form"]) == ("back", [])

    def test_stands_as_the_other_hall_has_it_after_a_restore(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        lost = there(south)
        with inside(south):
            # as if the archive were older than the question
            lost.delete()
            take_up_again(hall=south)
        other = there(south)
        assert other.pk != lost.pk
        say(south, other)
        drain_events()
        assert here(north, case).state == JointState.AGREED
        with inside(north):
            # as if the archive were older than the answer
            JointOpinion.objects.filter(case=case, body=POLICE).update(state=JointState.WAITING, given_at=None)
            report_cases_again(hall=north)
        assert here(north, case).state == JointState.AGREED
        with inside(south):
            JointOpinion.objects.filter(pk=other.pk).update(state=JointState.WAITING, given_at=None, reasons="")
            report_cases_again(hall=south)
            other.refresh_from_db()
            assert other.state == JointState.AGREED
        # as if the archive were older than the acceptance
        second = asked(north)
        there(south)
        with inside(north):
            JointOpinion.objects.filter(case=second).delete()
            report_cases_again(hall=north)
        drain_events()
        assert there(south).state == JointState.ENDED


@pytest.mark.django_db
class TestOpinionPaper:
    def test_of_a_department_is_looked_into_seen_by_who_decides_and_archived(self, halls: tuple[Hall, Hall]) -> None:
        north, _ = halls
        case = asked(north)
        mine, jian, cao = here(north, case, BUILDERS), client_of("jian", NORTH), client_of("cao", NORTH)
        path = f"/desk/cases/opinions/{mine.pk}/"
        bad = {"表.xlsx": office_file("xl/workbook.xml"), "函.pdf": BytesIO(b"not a PDF")}
        strays = []
        for name, content in bad.items():
            answered = jian.post(path, {"result": "agreed", "paper": SimpleUploadedFile(name, content.read())})
            if answered.status_code != 422:
                strays.append(name)
        assert not strays
        assert here(north, case, BUILDERS).state == JointState.WAITING
        given = {"result": "agreed", "paper": SimpleUploadedFile("函.jpg", picture().read())}
        assert jian.post(path, given).status_code == 302
        paper_at = f"{path}paper/"
        assert "函.jpg" in cao.get(f"/desk/cases/{case.pk}/").text
        assert [client.get(paper_at).status_code for client in (cao, jian)] == [302, 302]
        assert httpx.get(cao.get(paper_at)["Location"]).content[:2] == b"\xff\xd8"
        strays = [who for who in ("jing", "sun") if client_of(who, NORTH).get(paper_at).status_code not in {403, 404}]
        assert not strays
        assert cao.get(f"{_API}/{mine.pk}/paper").json()["url"].startswith("http")
        with inside(north):
            mine = JointOpinion.objects.select_related("paper").get(pk=mine.pk)
            assert mine.paper
            assert mine.paper.key.startswith(f"{north.folder}/opinions/{mine.pk.hex}/")
            archived = [
                one for one in other_archive_lines(north, again(north, case)) if one["kind"] == "联办意见的文件"
            ]
            assert archived == [{"kind": "联办意见的文件", "name": "函.jpg", "digest": mine.paper.sha256}]
            other = AttachedPaper("函.jpg", picture(size=(300, 200)))
            of = {"by": person("jian"), "hall": north, "opinion_id": mine.pk, "result": "agreed"}
            with pytest.raises(Conflict, match="已经由"):
                give_opinion(**of, paper=other)
            assert give_opinion(**of, paper=AttachedPaper("函.jpg", picture())).given_at == mine.given_at
            view = str(own_case_view(again(north, case)))
        assert "函.jpg" not in view

    def test_of_another_hall_is_copied_into_the_folder_of_the_one_that_asks(self, halls: tuple[Hall, Hall]) -> None:
        north, south = halls
        case = asked(north)
        other, qi = there(south), client_of("qi", SOUTH)
        posted = {
            "result": "refused",
            "reasons": "视距不够。",
            "paper": SimpleUploadedFile("复函.jpg", picture().read()),
        }
        given = qi.post(f"{_API}/{other.pk}/give-with-paper", posted)
        assert (given.status_code, given.json()["paper_name"]) == (200, "复函.jpg")
        assert "复函" not in ReferralReceipt.objects.values_list("file", flat=True)[0]
        drain_events()
        with inside(north):
            mine = JointOpinion.objects.select_related("paper").get(case=case, body=POLICE)
            assert mine.paper
            keys = [mine.paper.key, *mine.paper.renditions.values()]
            assert [one for one in keys if not one.startswith(f"{north.folder}/opinions/{mine.pk.hex}/")] == []
            assert all(read_file(one) for one in keys)
        path = f"/desk/cases/opinions/{mine.pk}/paper/"
        assert client_of("cao", NORTH).get(path).status_code == 302
        assert qi.get(path).status_code == 404
        assert qi.get(f"/desk/cases/opinions/{other.pk}/paper/").status_code == 302
        # a file that is not the answering hall's is not taken
        second = asked(north)
        other = there(south)
        say(south, other)
        receipt = ReferralReceipt.objects.get(case_id=other.pk)
        facts = {"key": f"{north.folder}/forms/ab/b.pdf", "name": "别.pdf", "media_type": "", "size": 1, "sha256": ""}
        receipt.file = json.dumps(facts | {"width": None, "height": None, "renditions": {}})
        receipt.save()
        with inside(north), pytest.raises(Invalid, match="不在出具意见的服务厅名下"):
            bring_result(hall=north, referral_id=receipt.referral_id)
        assert here(north, second).state == JointState.WAITING
        # what was written on paper is entered with it, and recalls the question
        entered = {"result": "agreed", "paper": SimpleUploadedFile("来函.jpg", picture().read())}
        third = asked(north)
        there(south)
        cao, mine = client_of("cao", NORTH), here(north, third)
        assert cao.post(f"/desk/cases/opinions/{mine.pk}/ask/", {"act": "enter"} | entered).status_code == 302
        assert "来函.jpg" in cao.get(f"/desk/cases/{third.pk}/").text


@pytest.mark.usefixtures("fresh_database")
class TestKilledBetweenHalls:
    def test_loses_and_doubles_nothing_at_any_point_and_of_two_at_once_one_wins(self) -> None:
        north, south = Hall.objects.get(slug="north"), Hall.objects.get(slug="south")
        make_joint_halls(north, south)
        with inside(north):
            case = give_all(north, apply_at_window(north, CaseSetup.objects.get()))

        killed(accept, north, case, dying_at=(joint.__name__, "begin_opinions"))
        assert (Referral.objects.count(), again(north, case).state) == (0, CaseState.RECEIVED)
        killed(accept, north, case)
        assert Referral.objects.count() == 1
        for module, place in ((referrals_in, "take_up_request"), (joint_asked, "give_receipt")):
            killed(drain_events, dying_at=(module.__name__, place))
            assert not ReferralReceipt.objects.exists(), place
        killed(drain_events)
        other = there(south)
        killed(say, south, other, dying_at=(joint_asked.__name__, "answer_referral"))
        assert ReferralReceipt.objects.get().state == ReceiptState.RECEIVED
        killed(say, south, other)
        for place in ("take_answer", "end_referral"):
            killed(drain_events, dying_at=(joint_elsewhere.__name__, place))
            assert here(north, case).state == JointState.WAITING, place
        killed(drain_events)
        drain_events()
        assert here(north, case).state == JointState.AGREED
        with inside(north):
            assert case.acts.filter(act="give_opinion").count() == 1
        with inside(south):
            assert JointOpinion.objects.count() == 1
        assert (Referral.objects.get().state, ReferralParcel.objects.count()) == (ReferralState.ENDED, 0)
        assert set(EventDelivery.objects.values_list("state", flat=True)) == {"done"}

        # two who take it up, then an answer and the end of the case
        second = asked(north)
        referral = Referral.objects.latest("pk")
        at_once(lambda: take_up(south, referral), lambda: take_up(south, referral))
        assert ReferralReceipt.objects.filter(referral=referral).count() == 1
        other = there(south)
        said, ended = at_once(lambda: say(south, other), lambda: withdraw(north, second))
        drain_events()
        assert isinstance(ended, Case)
        with inside(south):
            other.refresh_from_db()
        assert other.state == (JointState.ENDED if isinstance(said, Conflict) else JointState.AGREED)
        assert here(north, second).state == JointState.ENDED


def accept(north: Hall, case: Case) -> None:
    with inside(north):
        accept_case(by=person("cao"), hall=north, case_id=case.pk)


def take_up(south: Hall, referral: Referral) -> None:
    with inside(south):
        take_up_referral(hall=south, referral_id=referral.pk)
