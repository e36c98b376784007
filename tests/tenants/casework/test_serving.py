"""送达: how documents reach an applicant is their own choice, electronically with their consent alone; that what was
served was opened is kept once, and what nobody opens is the desk's to serve on paper."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.cases.models import CaseApplicant, CaseReport
from province.cases.queries.own import own_cases
from province.cases.states import CaseChannel, CaseState, DeliveryWay
from province.citizens.models import Citizen
from province.halls.models import Hall
from province.messaging.models import Notice
from province.workdays.models import Clock
from province.workdays.operations.sweeping import sweep_clocks
from province.workdays.states import ClockKind
from tenants.casework.models import Case, CaseSetup, Intake
from tenants.casework.operations.acceptance import accept_case, ask_for_correction, bring_the_rest, decline_case
from tenants.casework.operations.closing import archive_case, make_receipt, serve_decision
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.operations.documents import CASE_DOCUMENTS
from tenants.casework.operations.examining import withdraw_case
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.serving import (
    ServiceWish,
    ask_for_paper,
    choose_service,
    note_service_choice,
    open_served,
    serve_otherwise,
)
from tenants.casework.operations.setups import SetupWish, change_setup
from tenants.casework.queries.papers import documents_of_case
from tenants.casework.queries.serving import CONSENT_TEXTS, CONSENT_VERSION
from tenants.casework.states import SERVED_AS, Opener, ServedPaper, ServiceTask
from tests.conftest import person
from tests.factories.casework import apply_at_window, apply_online, give_all, let_pass, send_whole
from tests.factories.citizens import make_proved
from tests.factories.forms import citizen_filler, filler
from tests.factories.kills import Killed, killed_at
from tests.factories.sites import inside
from tests.tenants.casework.test_citizen_api import OWN
from tests.tenants.casework.test_desk_pages import act, desk, program
from tests.tenants.citizen_pages.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened", "no_papers")]

AGREED = ServiceWish(way="electronic", consent=CONSENT_VERSION)
POSTED = ServiceWish(way="post", address="湖北省当阳市玉泉街道长坂路 88 号")
# version → the first digits of its digest: who has agreed to a text can read it for ever
TEXTS = {1: "6d929a175fecc890", 2: "3eb05037b6712898"}


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


@pytest.fixture(scope="module")
def _citizen(opened: None) -> UUID:
    return make_proved(1).pk


@pytest.fixture
def citizen(_citizen: UUID) -> Citizen:
    return Citizen.objects.get(pk=_citizen)


@pytest.fixture(scope="class")
def _case(_citizen: UUID, class_rows: None) -> UUID:
    """A citizen's own, nothing said of service: as cases of the release before."""
    north = Hall.objects.get(slug="north")
    with inside(north):
        return apply_online(north, CaseSetup.objects.get(), Citizen.objects.get(pk=_citizen)).pk


@pytest.fixture
def case(_case: UUID, at_north: Hall) -> Case:
    return Case.objects.get(pk=_case)


@pytest.fixture
def decided(at_north: Hall, case: Case) -> Case:
    give_all(at_north, case)
    accept_case(by=person("cao"), hall=at_north, case_id=case.pk)
    return decide_case(by=person("he"), hall=at_north, case_id=case.pk, outcome="granted", reasons="")


@pytest.fixture
def served(at_north: Hall, decided: Case, citizen: Citizen) -> Case:
    choose(at_north, decided, citizen)
    return serve(at_north, decided)


def choose(hall: Hall, case: Case, citizen: Citizen, wish: ServiceWish = AGREED) -> Case:
    return choose_service(who=citizen_filler(citizen), hall=hall, case_id=case.pk, wish=wish)


def serve(hall: Hall, case: Case, **given: Any) -> Case:
    return serve_decision(by=person("cao"), hall=hall, case_id=case.pk, **{"way": "electronic", "proof": ""} | given)


def opened_by(hall: Hall, case: Case, citizen: Citizen, *papers: ServedPaper) -> Case:
    return open_served(
        who=citizen_filler(citizen), hall=hall, case_id=case.pk, papers=papers or (ServedPaper.DECISION,)
    )


def again(case: Case) -> Case:
    return Case.objects.select_related("setup").get(pk=case.pk)


def clock(case: Case) -> Clock | None:
    return Clock.objects.filter(owner_id=case.pk, kind=ClockKind.OPENING, ended_on=None).first()


def run_out(case: Case) -> None:
    let_pass(case, ClockKind.OPENING)
    for _ in range(2):
        sweep_clocks()
        drain_events()


def acts_of(case: Case, name: str) -> int:
    return case.acts.filter(act=name).count()


def sent(client: Client, path: str, **data: Any) -> Any:
    return client.post(path, json.dumps(data), content_type="application/json")


class TestChoice:
    def test_is_the_applicants_own_and_says_to_which_text_they_agreed_when_and_where(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        for wish, fault in (
            (ServiceWish(way="pigeon"), "请选择"),
            (ServiceWish(way="electronic"), "勾选同意"),
            (ServiceWish(way="electronic", consent=CONSENT_VERSION + 1), "勾选同意"),
            (ServiceWish(way="post", address=" "), "地址"),
            (ServiceWish(way="post", address="长" * 201), "200"),
        ):
            with pytest.raises(Invalid, match=fault):
                choose(at_north, case, citizen, wish)
        with pytest.raises(NotFound):
            choose(at_north, case, make_proved(2))
        for _ in range(2):
            choose(at_north, case, citizen)
        said = again(case).serving.choice
        assert said is not None
        assert (said.way, said.text, said.channel, said.by_name) == (
            DeliveryWay.ELECTRONIC,
            CONSENT_VERSION,
            "site",
            "",
        )
        assert acts_of(case, "confirm_service") == 1
        choose(at_north, case, citizen, POSTED)
        assert again(case).serving.choice.way == DeliveryWay.POST  # type: ignore[union-attr]
        changes = AuditEntry.objects.filter(act="casework.confirm_service").order_by("-pk")[0].changes
        assert changes == {"service_way": ["electronic", "post"]}
        withdraw_case(by=person("cao"), hall=at_north, case_id=case.pk, reason="书面撤回")
        with pytest.raises(Conflict, match="已经结束"):
            choose(at_north, case, citizen)

    def test_says_where_it_was_made(self, at_north: Hall, case: Case, citizen: Citizen) -> None:
        client, page = signed_in(citizen), f"/cases/{case.pk}/service/"
        assert 'name="channel" data-in-app="app"' in client.get(page).text
        assert client.post(page, {"way": "window", "channel": "app"}).status_code == 302
        assert again(case).serving.choice.channel == CaseChannel.APP  # type: ignore[union-attr]
        given: dict[str, Any] = {"way": "post", "address": POSTED.address}
        for said, channel in (({}, CaseChannel.SITE), ({"channel": "app"}, CaseChannel.APP)):
            given["address"] += "一"
            assert sent(client, f"{OWN}/{case.pk}/service", **given, **said).status_code == 200
            assert again(case).serving.choice.channel == channel  # type: ignore[union-attr]
        assert sent(client, f"{OWN}/{case.pk}/service", **given, channel="phone").status_code == 422

    def test_keeps_the_address_encrypted_and_shows_it_masked(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        choose(at_north, case, citizen, POSTED)
        applicant = CaseApplicant.objects.get(pk=case.pk)
        assert applicant.service_address.plain == POSTED.address
        assert str(applicant.service_address) == "湖北省当阳市****"
        assert "长坂路" not in repr(POSTED)
        page = desk("cao").get(f"/desk/cases/{case.pk}/").text
        assert "湖北省当阳市****" in page
        assert "长坂路" not in page
        # who changes their mind leaves no address behind
        choose(at_north, case, citizen)
        assert not CaseApplicant.objects.get(pk=case.pk).service_address

    def test_is_written_down_from_a_signed_paper(self, at_north: Hall, case: Case, setup: CaseSetup) -> None:
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "case_id": case.pk, "way": "electronic"}
        with pytest.raises(Invalid, match="签名"):
            note_service_choice(**given)
        note_service_choice(**given, is_signed=True)
        said = again(case).serving.choice
        assert said is not None
        assert (said.channel, said.by_name, said.text) == ("window", "曹办", CONSENT_VERSION)
        window = apply_at_window(at_north, setup)
        with pytest.raises(Conflict, match="没有用网上账号"):
            note_service_choice(**given | {"case_id": window.pk}, is_signed=True)

    def test_texts_never_change(self) -> None:
        assert {number: sha256(text.encode()).hexdigest()[:16] for number, text in CONSENT_TEXTS.items()} == TEXTS


class TestChoiceWhereAnApplicationBegins:
    def test_goes_with_the_draft_into_the_case(self, at_north: Hall, setup: CaseSetup, citizen: Citizen) -> None:
        given: dict[str, Any] = {"hall": at_north, "setup_id": setup.pk}
        who = citizen_filler(citizen)
        begin_application(who=who, **given, service=POSTED)
        # the same draft goes on, and what was said stays
        draft = begin_application(who=who, **given)
        assert POSTED.address.encode() not in bytes(Intake.objects.values_list("service", flat=True).get())
        send_whole(at_north, draft, citizen)
        case = Case.objects.get(filled=draft)
        assert case.serving.choice.way == DeliveryWay.POST  # type: ignore[union-attr]
        assert CaseApplicant.objects.get(pk=case.pk).service_address.plain == POSTED.address
        with pytest.raises(Invalid, match="没有用网上账号"):
            begin_application(who=filler("cao"), **given, channel=CaseChannel.PHONE, is_another=True, service=AGREED)

    def test_is_asked_for_on_pages_and_over_the_api(self, at_north: Hall, setup: CaseSetup, citizen: Citizen) -> None:
        client, path = signed_in(citizen), f"/cases/apply/{setup.item_id}/"
        assert CONSENT_TEXTS[CONSENT_VERSION] in client.get(path).text
        begin = {"setup": str(setup.pk), "way": "electronic"}
        assert "勾选同意" in client.post(path, begin, follow=True).text
        assert not Intake.objects.exists()
        assert client.post(path, begin | {"consent": CONSENT_VERSION}).status_code == 302
        way, text, address, _, by_name = Intake.objects.get().service.opened(at_north.pk)
        assert (way, text, address, by_name) == ("electronic", CONSENT_VERSION, "", "")
        cao, taken = desk("cao"), {"setup_id": str(setup.pk), "channel": "phone", "way": "post"}
        assert cao.post("/desk/cases/new/", taken).status_code == 422
        assert cao.post("/desk/cases/new/", taken | {"address": POSTED.address}).status_code == 302
        service = {"way": "post", "address": POSTED.address}
        given = {"setup_id": str(setup.pk), "channel": "window", "service": service}
        begun = sent(program("he", "workflow.take_part"), "/api/hall/v1/casework/cases", **given)
        assert begun.status_code == 201
        kept = Intake.objects.get(filled=begun.json()["filled_id"]).service.opened(at_north.pk)
        assert kept[:3] == ["post", 0, POSTED.address]


class TestElectronicService:
    def test_is_refused_without_consent_and_for_who_has_no_pages(
        self, at_north: Hall, decided: Case, setup: CaseSetup, citizen: Citizen
    ) -> None:
        with pytest.raises(Conflict, match="没有同意电子送达"):
            serve(at_north, decided)
        choose(at_north, decided, citizen)
        # withdrawn before it was served
        choose(at_north, decided, citizen, ServiceWish(way="window"))
        with pytest.raises(Conflict, match="没有同意电子送达"):
            serve(at_north, decided)
        assert "电子送达</option>" not in desk("cao").get(f"/desk/cases/{decided.pk}/").text.split("送达办结")[1]
        window = give_all(at_north, apply_at_window(at_north, setup))
        accept_case(by=person("cao"), hall=at_north, case_id=window.pk)
        decide_case(by=person("he"), hall=at_north, case_id=window.pk, outcome="granted", reasons="")
        with pytest.raises(Conflict, match="没有用网上账号"):
            serve(at_north, window)
        refused = sent(program("he"), f"/api/hall/v1/casework/cases/{window.pk}/serve", way="electronic")
        assert (refused.status_code, "没有用网上账号" in refused.json()["detail"]) == (409, True)

    def test_is_of_the_moment_of_arrival_and_waits_to_be_opened(
        self, at_north: Hall, decided: Case, setup: CaseSetup, citizen: Citizen
    ) -> None:
        choose(at_north, decided, citizen)
        decided.decisions.update(created_at=decided.received_at - timedelta(days=3))
        with pytest.raises(Invalid, match="今天"):
            serve(at_north, decided, served_on=timezone.localdate() - timedelta(days=1))
        for _ in range(2):
            serve(at_north, decided)
        found = again(decided)
        (one,) = found.serving.served
        assert (found.state, one.what, one.opened_at) == (CaseState.FINISHED, ServedPaper.DECISION, None)
        assert clock(found) is not None
        # among what they have to do, which leads their list
        newer = apply_online(at_north, setup, citizen)
        assert [(one.report.pk, one.waits_words) for one in own_cases(citizen.pk)] == [
            (decided.pk, "文书等您打开"),
            (newer.pk, ""),
        ]
        listed = signed_in(citizen).get(OWN).json()["items"]
        assert [one["waits"] for one in listed] == ["文书等您打开", ""]
        opened_by(at_north, found, citizen)
        opened_by(at_north, found, citizen)
        assert [one.waits_words for one in own_cases(citizen.pk)] == ["", ""]
        (one,) = again(decided).serving.served
        assert (bool(one.opened_at), one.opener) == (True, Opener.OWN)
        assert acts_of(decided, "open_served") == 1
        assert clock(decided) is None
        assert AuditEntry.objects.filter(act="casework.open_served").count() == 1

    def test_is_also_of_a_correction_and_of_a_refusal_to_take_it(
        self, at_north: Hall, setup: CaseSetup, case: Case, citizen: Citizen
    ) -> None:
        other = apply_online(at_north, setup, citizen)
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north}
        for one in (case, other):
            choose(at_north, one, citizen)
        ask_for_correction(**given, case_id=case.pk, asked=["缺照片"], workdays=5)
        assert again(case).serving.waiting.what == ServedPaper.SUPPLEMENT  # type: ignore[union-attr]
        # who brings it has read it
        bring_the_rest(**given, case_id=case.pk)
        assert clock(case) is None
        assert {one.waits_words for one in own_cases(citizen.pk)} == {""}
        decline_case(**given, case_id=other.pk, said="不属于本厅职权")
        client = signed_in(citizen)
        assert client.head(f"/cases/{other.pk}/").status_code == 200
        assert again(other).serving.waiting is not None
        assert {one.waits_words for one in own_cases(citizen.pk)} == {"", "文书等您打开"}
        assert client.get(f"/cases/{other.pk}/").status_code == 200
        assert again(other).serving.waiting is None
        assert acts_of(other, "open_served") == 1

    def test_says_of_each_document_whether_it_needs_a_proof(self) -> None:
        assert SERVED_AS.keys() == {one.code for one in CASE_DOCUMENTS} | {"licence"}


class TestOpening:
    @pytest.mark.parametrize("path", ["/cases/{}/decision/", "/cases/{}/decision/paper/", f"{OWN}/{{}}"])
    def test_is_kept_of_the_page_of_the_paper_and_of_the_interface(
        self, served: Case, citizen: Citizen, path: str
    ) -> None:
        client = signed_in(citizen)
        client.get(f"/cases/{served.pk}/")
        assert again(served).serving.waiting is not None
        assert client.get(path.format(served.pk)).status_code == 200
        client.get(path.format(served.pk))
        assert again(served).serving.waiting is None
        assert acts_of(served, "open_served") == 1
        page = desk("cao").get(f"/desk/cases/{served.pk}/").text
        assert "由本人打开" in page

    def test_is_of_who_may_see_it_alone(self, at_north: Hall, served: Case) -> None:
        other = make_proved(2)
        assert signed_in(other).get(f"/cases/{served.pk}/decision/").status_code == 404
        with pytest.raises(NotFound):
            opened_by(at_north, served, other)
        assert again(served).serving.waiting is not None

    def test_killed_anywhere_leaves_nothing_and_comes_again(
        self, at_north: Hall, served: Case, citizen: Citizen
    ) -> None:
        for statement in range(1, 30):
            try:
                with killed_at(statement):
                    opened_by(at_north, served, citizen)
            except Killed:
                assert again(served).serving.waiting is not None
                assert acts_of(served, "open_served") == 0
            else:
                break
        assert again(served).serving.waiting is None
        assert acts_of(served, "open_served") == 1

    def test_of_a_put_right_decision_begins_anew(self, at_north: Hall, served: Case, citizen: Citizen) -> None:
        opened_by(at_north, served, citizen)
        correct_decision(
            by=person("he"), hall=at_north, case_id=served.pk, outcome="refused", reasons="不符", corrects="误判"
        )
        assert clock(served) is None
        # the page of a decision that was not served yet opens nothing
        assert signed_in(citizen).get(f"/cases/{served.pk}/decision/").status_code == 200
        assert acts_of(served, "open_served") == 1
        serve(at_north, served)
        found = again(served).serving.served
        assert [(bool(one.opened_at), one.otherwise) for one in found] == [(True, "corrected"), (False, "")]

    def test_of_a_decision_that_was_then_served_on_paper_is_none(
        self, at_north: Hall, served: Case, citizen: Citizen
    ) -> None:
        correct_decision(
            by=person("he"), hall=at_north, case_id=served.pk, outcome="refused", reasons="不符", corrects="误判"
        )
        serve(at_north, served, way="window", proof="本人签收")
        opened_by(at_north, served, citizen)
        assert acts_of(served, "open_served") == 0
        with pytest.raises(Conflict, match="没有电子送达的决定"):
            make_receipt(by=person("cao"), hall=at_north, case_id=served.pk, way="electronic")


class TestUnopened:
    def test_is_the_desks_after_the_days_of_the_setup_until_it_is_opened(
        self, at_north: Hall, setup: CaseSetup, served: Case, citizen: Citizen
    ) -> None:
        assert (clock(served).limit, setup.opening_workdays) == ("5wd", 5)  # type: ignore[union-attr]
        run_out(served)
        assert again(served).service_task == ServiceTask.UNOPENED
        assert acts_of(served, "unopened") == 1
        assert Notice.objects.filter(title__startswith="电子送达没有打开").exists()
        waits = desk("cao").get("/desk/").text
        assert "送达没有打开" in waits
        assert served.number in desk("cao").get("/desk/cases/?state=unopened").text
        opened_by(at_north, served, citizen)
        assert again(served).service_task is None
        assert "送达没有打开" not in desk("cao").get("/desk/").text

    def test_is_served_on_paper_and_its_day_stays(self, at_north: Hall, served: Case) -> None:
        run_out(served)
        cao, path = desk("cao"), f"/api/hall/v1/casework/cases/{served.pk}/serve-otherwise"
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "case_id": served.pk}
        with pytest.raises(Invalid, match="邮寄或者窗口"):
            serve_otherwise(**given, way="electronic", proof="x")
        with pytest.raises(Invalid, match="凭证"):
            serve_otherwise(**given, way="post", proof=" ")
        assert act(cao, served, "serve-otherwise", way="post", proof="EMS 1099").status_code == 302
        found = again(served)
        assert (found.service_task, found.serving.served[0].otherwise) == (None, "post")
        assert not CaseReport.objects.get(pk=served.pk).is_unopened
        assert found.state == CaseState.FINISHED
        assert sent(program("he"), path, way="post", proof="EMS 1100").status_code == 409
        assert acts_of(served, "serve_otherwise") == 1

    def test_runs_out_once_the_setup_says_so(self, at_north: Hall, setup: CaseSetup) -> None:
        wish: dict[str, Any] = {"review_body": "某府", "court": "某院", "is_online": True}
        given: dict[str, Any] = {"by": person("he"), "hall": at_north, "setup_id": setup.pk}
        for wrong in (0, 61):
            with pytest.raises(Invalid, match="1 至 60"):
                change_setup(**given, revision=setup.revision, wish=SetupWish(opening_workdays=wrong, **wish))
        changed = change_setup(
            **given, revision=setup.revision, wish=SetupWish(opening_workdays=3, unit_id=setup.unit_id, **wish)
        )
        assert changed.opening_workdays == 3

    def test_wish_for_paper_outlasts_the_next_service(self, at_north: Hall, case: Case, citizen: Citizen) -> None:
        given: dict[str, Any] = {"by": person("cao"), "hall": at_north, "case_id": case.pk}
        choose(at_north, case, citizen)
        ask_for_correction(**given, asked=["缺照片"], workdays=5)
        ask_for_paper(who=citizen_filler(citizen), hall=at_north, case_id=case.pk)
        bring_the_rest(**given)
        decline_case(**given, said="不属于本厅职权")
        assert again(case).service_task == ServiceTask.PAPER

    def test_or_wanted_on_paper_is_given_on_paper(self, at_north: Hall, served: Case, citizen: Citizen) -> None:
        opened_by(at_north, served, citizen)
        who = citizen_filler(citizen)
        for _ in range(2):
            ask_for_paper(who=who, hall=at_north, case_id=served.pk)
        assert acts_of(served, "ask_for_paper") == 1
        assert "要纸质文书" in desk("cao").get("/desk/").text
        serve_otherwise(by=person("cao"), hall=at_north, case_id=served.pk, way="window", proof="本人签收")
        assert again(served).service_task is None
        with pytest.raises(Conflict, match="没有要改用"):
            serve_otherwise(by=person("cao"), hall=at_north, case_id=served.pk, way="window", proof="本人签收")


class TestReceiptOfElectronicService:
    def test_says_when_it_arrived_and_when_it_was_opened(self, at_north: Hall, served: Case, citizen: Citizen) -> None:
        opened_by(at_north, served, citizen)
        assert act(desk("cao"), served, "electronic-receipt").status_code == 302
        paper = documents_of_case(again(served))[-1]
        values = paper.values.opened(at_north.pk)
        assert paper.kind == "service_receipt"
        assert values["manner"].startswith("电子送达（")
        assert values["manner"].endswith("打开）")
        with pytest.raises(Conflict, match="已经制发"):
            make_receipt(by=person("cao"), hall=at_north, case_id=served.pk, way="electronic")

    def test_and_the_confirmation_stand_in_the_sealed_list(
        self, at_north: Hall, served: Case, citizen: Citizen
    ) -> None:
        opened_by(at_north, served, citizen)
        sheet = archive_case(by=person("cao"), hall=at_north, case_id=served.pk)
        named = {(one["kind"], one["name"]) for one in sheet.contents}
        assert {("送达地址确认", f"电子送达，第 {CONSENT_VERSION} 版"), ("送达回证", "电子送达：决定")} <= named

    def test_is_opened_after_archiving_too(self, at_north: Hall, served: Case, citizen: Citizen) -> None:
        before = archive_case(by=person("cao"), hall=at_north, case_id=served.pk).digest
        opened_by(at_north, served, citizen)
        assert again(served).serving.waiting is None
        assert again(served).archive_sheet.digest == before

    def test_by_post_goes_to_the_address_of_the_applicant(
        self, at_north: Hall, decided: Case, citizen: Citizen
    ) -> None:
        choose(at_north, decided, citizen, POSTED)
        make_receipt(by=person("cao"), hall=at_north, case_id=decided.pk, way="post")
        values = documents_of_case(again(decided))[-1].values.opened(at_north.pk)
        assert values["address"] == POSTED.address


class TestPages:
    def test_ask_who_has_not_said_it_and_take_it(self, case: Case, citizen: Citizen) -> None:
        client, path = signed_in(citizen), f"/cases/{case.pk}/service/"
        assert "没有您的同意，不会电子送达" in client.get(f"/cases/{case.pk}/").text
        assert CONSENT_TEXTS[CONSENT_VERSION] in client.get(path).text
        refused = client.post(path, {"way": "electronic", "text": CONSENT_VERSION})
        assert (refused.status_code, "勾选同意" in refused.text) == (422, True)
        assert client.post(path, {"way": "electronic", "text": CONSENT_VERSION, "consent": "on"}).status_code == 302
        assert again(case).serving.choice.is_electronic  # type: ignore[union-attr]
        assert signed_in(make_proved(2)).get(path).status_code == 404

    def test_offer_the_same_to_programs(self, served: Case, citizen: Citizen) -> None:
        client = signed_in(citizen)
        shown = client.get(f"{OWN}/{served.pk}").json()["service"]
        assert (shown["choice"]["way"], shown["consent"]) == ("electronic", CONSENT_VERSION)
        assert shown["served"][0]["opened_at"]
        assert sent(client, f"{OWN}/{served.pk}/service", way="window").status_code == 409
        assert sent(client, f"{OWN}/{served.pk}/paper").json()["service"]["wants_paper"] is True
        line = program("he").get(f"/api/hall/v1/casework/cases/{served.pk}").json()
        assert (line["service_task"], line["service"]["served"][0]["what"]) == ("paper", "decision")

    def test_print_the_paper_that_is_signed(self, case: Case) -> None:
        done = desk("cao").get(f"/desk/cases/{case.pk}/service-paper/")
        assert done.content.startswith(b"%PDF")
