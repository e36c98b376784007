"""一件事: several items applied for at once. One form, each material once, one number; each item is a case of its own;
what waits for others is received when these were granted, once; one progress for who applied, and for nobody else."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events, emit_event
from province.audit.models import AuditEntry
from province.cases.models import CaseApplicant, CaseReport
from province.catalogue.models import Package
from province.catalogue.operations.packages import change_package, publish_package, retire_package
from province.citizens.models import Citizen, PhoneNotice
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from province.workdays.states import ClockKind
from tenants.casework.events import PACKAGE_MOVED
from tenants.casework.models import Case, CaseMaterial, CaseSetup, PackageApplication
from tenants.casework.operations.acceptance import accept_case, ask_for_correction, decline_case
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.operations.own import withdraw_own_case
from tenants.casework.operations.packages import begin_package, withdraw_package
from tenants.casework.operations.setups import close_setup
from tenants.casework.queries.own_packages import package_view
from tenants.casework.queries.serving import CONSENT_TEXT
from tenants.workflow.models import FilledForm, Form, FormUpload
from tenants.workflow.operations.filling import save_filling, send_filling
from tenants.workflow.queries.filled import FormFiller
from tests.conftest import person
from tests.factories.casework import ANNA, give_all, let_pass, send_whole, whole_values
from tests.factories.citizens import make_proved, phone_of
from tests.factories.forms import citizen_filler
from tests.factories.joint import seat_at
from tests.factories.packages import SHARED, apply_for, code_of, make_package, make_parts, values_for
from tests.factories.people import client_of, make_unit
from tests.factories.sites import make_columns
from tests.tenants.casework.test_desk_pages import desk
from tests.tenants.citizen_pages.test_pages import browser, signed_in

NORTH, SOUTH = "north.yizhan.localhost", "south.yizhan.localhost"
OWN = "/api/hall/v1/casework/own-packages"
REASONS = "不符合规定的条件。"


@pytest.fixture(scope="module")
def parts(file_database: None) -> list[CaseSetup]:
    """Made once for all tests of the file, each of which undoes what it did."""
    north = Hall.objects.get(slug="north")
    make_columns(north)
    return make_parts(north)


@pytest.fixture(autouse=True)
def _undone(parts: list[CaseSetup]) -> Iterator[None]:
    assert parts
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def setups(parts: list[CaseSetup], at_north: Hall) -> list[CaseSetup]:
    return list(CaseSetup.objects.filter(pk__in=[one.pk for one in parts]).order_by("pk"))


@pytest.fixture
def package(at_north: Hall, setups: list[CaseSetup]) -> Package:
    return make_package(setups)


@pytest.fixture
def ordered(at_north: Hall, setups: list[CaseSetup]) -> Package:
    return make_package(setups, in_order=True)


@pytest.fixture
def citizen(at_north: Hall) -> Citizen:
    return make_proved(1)


def text_of(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def case_at(application: PackageApplication, place: int) -> Case:
    return Case.objects.select_related("setup").get(package=application, package_place=place)


def places(application: PackageApplication) -> list[int | None]:
    return list(application.cases.order_by("package_place").values_list("package_place", flat=True))


def decide(hall: Hall, case: Case, outcome: str = "granted") -> Case:
    give_all(hall, case)
    accept_case(by=person("cao"), hall=hall, case_id=case.pk)
    return decide_case(by=person("he"), hall=hall, case_id=case.pk, outcome=outcome, reasons=REASONS)


def hand_over() -> None:
    """What was told goes to packages alone: nobody writes documents here."""
    EventDelivery.objects.exclude(subscriber="casework.go_on_with_package").delete()
    drain_events()


def ended(application: PackageApplication) -> dict[int, str]:
    application.refresh_from_db()
    return {row["place"]: row["why"] for row in application.ended}


class TestService:
    def test_is_asked_once_for_all_items_also_those_that_wait(
        self, at_north: Hall, ordered: Package, citizen: Citizen
    ) -> None:
        client = signed_in(citizen)
        begin = f"/cases/packages/begin/{ordered.pk}/"
        assert f'href="{begin}"' in text_of(client, f"/packages/{ordered.pk}/")
        asked = text_of(client, begin)
        assert [one for one in (CONSENT_TEXT, "甲登记、乙补贴、丙证明") if one not in asked] == []
        assert "勾选同意" in client.post(begin, {"way": "electronic"}, follow=True).text
        assert not PackageApplication.objects.exists()
        # as a browser sends it, with what stands on the page
        strict = Client(enforce_csrf_checks=True, headers={"host": NORTH})
        strict.cookies = client.cookies
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', text_of(strict, begin))
        assert token
        posted = {"way": "post", "address": "当阳市长坂路 8 号", "channel": "app", "csrfmiddlewaretoken": token[1]}
        answer = strict.post(begin, posted)
        begun = PackageApplication.objects.get()
        assert str(begun.filled_id) in answer["Location"]
        send_whole(at_north, begun.filled, citizen)
        decide(at_north, case_at(begun, 1))
        hand_over()
        assert places(begun) == [1, 2, 3]
        for case in begun.cases.all():
            said = case.serving.choice
            assert said is not None
            assert (said.way, said.channel, said.by_name) == ("post", "app", "")
            assert CaseApplicant.objects.get(pk=case.pk).service_address.plain == "当阳市长坂路 8 号"

    def test_of_who_comes_to_the_desk_is_noted_with_who_asked(self, at_north: Hall, ordered: Package) -> None:
        cao, begin = client_of("cao", NORTH), f"/desk/cases/packages/new/{ordered.pk}/"
        refused = cao.post(begin, {"channel": "window", "way": "electronic"})
        assert (refused.status_code, "没有用网上账号" in refused.text) == (422, True)
        cao.post(begin, {"channel": "window", "way": "window"})
        begun = PackageApplication.objects.get()
        who, given = FormFiller(person("cao")), {"hall": at_north, "filled_id": begun.filled_id}
        saved = save_filling(who=who, **given, posted=ANNA, revision=begun.filled.revision)
        send_filling(who=who, **given, revision=saved.filled.revision)
        decide(at_north, case_at(begun, 1))
        hand_over()
        said = [one.serving.choice for one in begun.cases.all()]
        assert [(one.way, one.by_name) for one in said if one] == [("window", "曹办")] * 3


class TestLateItem:
    def test_is_marked_on_each_page_of_the_whole(self, at_north: Hall, package: Package, citizen: Citizen) -> None:
        sent = apply_for(at_north, package, citizen)
        give_all(at_north, case_at(sent, 2))
        accept_case(by=person("cao"), hall=at_north, case_id=case_at(sent, 2).pk)
        let_pass(case_at(sent, 2), ClockKind.PROMISED)
        own, cao = signed_in(citizen), client_of("cao", NORTH)
        for page in (text_of(own, f"/cases/packages/{sent.pk}/"), text_of(cao, f"/desk/cases/{case_at(sent, 1).pk}/")):
            assert page.count('<span class="tag error">已超期</span>') == 1
        assert [one["is_late"] for one in own.get(f"{OWN}/{sent.pk}").json()["steps"]] == [False, True, False]


class TestAtDesk:
    def test_is_taken_in_for_somebody_who_comes(
        self, at_north: Hall, ordered: Package, setups: list[CaseSetup]
    ) -> None:
        cao = client_of("cao", NORTH)
        listed = text_of(cao, "/desk/cases/packages/")
        begin = f"/desk/cases/packages/new/{ordered.pk}/"
        assert f'href="{begin}"' in listed
        assert 'href="/desk/cases/packages/"' in text_of(cao, "/desk/cases/")
        page = text_of(cao, begin)
        assert [one for one in ("甲登记", "“丙证明”要等“甲登记”准予", SHARED, "填写申请表") if one not in page] == []
        assert cao.post(begin, {"channel": "site"}).status_code == 422
        answer = cao.post(begin, {"channel": "phone"})
        filled = FilledForm.objects.get()
        assert str(filled.pk) in answer["Location"]
        who = FormFiller(person("cao"))
        # on paper: no file is sent
        saved = save_filling(who=who, hall=at_north, filled_id=filled.pk, posted=ANNA, revision=filled.revision)
        send_filling(who=who, hall=at_north, filled_id=filled.pk, revision=saved.filled.revision)
        send_filling(who=who, hall=at_north, filled_id=filled.pk, revision=saved.filled.revision)
        application = PackageApplication.objects.get()
        assert (application.citizen_id, places(application)) == (None, [1, 2])
        cases = list(application.cases.order_by("package_place"))
        assert {(one.channel, one.citizen_id) for one in cases} == {("phone", None)}
        assert {one.state for one in CaseMaterial.objects.filter(case=cases[0])} == {"missing"}
        path = f"/desk/cases/packages/{application.pk}/"
        page = text_of(cao, path)
        assert [one for one in (application.number, f"/desk/cases/{cases[0].pk}/", "还没收件") if one not in page] == []
        assert f'href="{path}"' in text_of(cao, "/desk/cases/packages/")
        assert application.number in cao.get("/desk/cases/packages/?export=csv").content.decode()
        # looked up by its number and the phone on the form
        found = browser().post("/progress/", {"number": application.number, "tail": ANNA["applicant_mobile"][-4:]})
        assert found["Location"] == f"/cases/packages/{application.pk}/"
        decide(at_north, cases[0])
        hand_over()
        assert places(application) == [1, 2, 3]
        assert case_at(application, 3).channel == "phone"
        assert "申请人撤回整件事" in text_of(cao, path)
        assert cao.post(path, {"reason": " "}).status_code == 422
        assert cao.post(path, {"reason": "本人到窗口撤回。"}).status_code == 302
        states = dict(application.cases.values_list("package_place", "state"))
        assert (states[1], states[2], states[3]) == ("decided", "withdrawn", "withdrawn")
        assert client_of("sun", NORTH).post(begin, {"channel": "phone"}).status_code == 403
        assert client_of("zhou", SOUTH).get(path).status_code in {403, 404}

    def test_is_taken_in_over_the_interface_once_for_a_key(
        self, at_north: Hall, package: Package, setups: list[CaseSetup]
    ) -> None:
        account = Account.objects.get(username="cao")
        key = issue_token(
            by=person("cao"), account=account, name="测试", scopes=("casework.handle", "workflow.take_part")
        )
        client = Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})
        root, given = "/api/hall/v1/casework/packages", {"package_id": str(package.pk), "channel": "window"}

        def send(path: str, data: object, once: str) -> Any:
            headers = {"Idempotency-Key": once}
            return client.post(f"{root}{path}", data, content_type="application/json", headers=headers)

        made = send("", given, "a")
        assert (made.status_code, send("", given, "a").json()) == (201, made.json())
        filled = FilledForm.objects.get(pk=made.json()["filled_id"])
        who = FormFiller(person("cao"))
        saved = save_filling(who=who, hall=at_north, filled_id=filled.pk, posted=ANNA, revision=filled.revision)
        assert client.get(root).json()["items"] == []
        send_filling(who=who, hall=at_north, filled_id=filled.pk, revision=saved.filled.revision)
        [line] = client.get(root).json()["items"]
        shown = client.get(f"{root}/{line['id']}").json()
        assert (shown.items() >= line.items(), len(shown["cases"]), line["withdrawn_at"]) == (True, 3, None)
        assert send(f"/{line['id']}/withdraw", {"reason": ""}, "b").status_code == 422
        assert send(f"/{line['id']}/withdraw", {"reason": "本人撤回"}, "c").json()["withdrawn_at"]


class TestGuide:
    def test_says_what_is_done_at_once_and_leads_to_one_form(
        self, at_north: Hall, ordered: Package, setups: list[CaseSetup], citizen: Citizen
    ) -> None:
        path = f"/packages/{ordered.pk}/"
        assert f'href="{path}"' in text_of(browser(), "/services/")
        page = text_of(browser(), path)
        for said in (
            "一次办好。",
            "甲登记",
            "乙补贴",
            "“丙证明”要等“甲登记”准予以后自动收件",
            "10 个工作日",
            "甲登记申请书",
        ):
            assert said in page
        assert page.count(SHARED) == 1
        assert "用于甲登记、乙补贴、丙证明" in page
        begin = f"/cases/packages/begin/{ordered.pk}/"
        assert "/me/sign-in/?next=" in browser().post(begin)["Location"]
        client = signed_in(citizen)
        begun = client.post(begin)["Location"]
        assert "申请人类型" in client.get(begun, follow=True).content.decode()
        posted = {"applicant_nature": "person", "_act": "next", "_revision": "0"}
        known = client.post(f"{begun}pages/applicant_nature/", posted, follow=True)
        assert "已按您的实名信息填好" in known.content.decode()
        # gone on with, among the applications and not among the forms
        assert client.post(begin)["Location"] == begun
        filled = FilledForm.objects.get()
        labels = [one["label"] for part in filled.version.definition["parts"] for one in part["fields"]]
        assert [labels.count(one) for one in (SHARED, "联系手机", "甲登记申请书", "丙证明申请书")] == [1, 1, 1, 1]
        assert "没有提交" in text_of(client, "/cases/")
        assert f"/forms/filled/{filled.pk}/" not in text_of(client, "/forms/")
        assert client.get(f"/forms/{filled.form_id}/").status_code == 404
        client.post(f"/forms/filled/{filled.pk}/drop/")
        assert not PackageApplication.objects.exists()
        assert "开店一件事" not in text_of(client, "/forms/")

    def test_chooses_items_by_questions(self, at_north: Hall, setups: list[CaseSetup], citizen: Citizen) -> None:
        second, third = code_of(setups[1]), code_of(setups[2])
        question = {
            "question": "有补贴吗？",
            "code": "1",
            "answers": [
                {"label": "有", "code": "1", "adds": [second]},
                {"label": "没有", "code": "2", "removes": [third]},
                {"label": "不知道", "code": "3", "refusal": "请先打电话问清楚。"},
            ],
        }
        asking = make_package(setups, situations=[question])
        path, who = f"/packages/{asking.pk}/", citizen_filler(citizen)
        page = text_of(browser(), path)
        assert "还有 1 个问题没有回答" in page
        assert "一次申请" not in page.split("</h1>")[1]
        assert "请先打电话问清楚" in text_of(browser(), f"{path}?q1=3")
        given: dict[str, Any] = {"who": who, "hall": at_north, "package_id": asking.pk}
        with pytest.raises(Invalid, match="有补贴吗"):
            begin_package(**given, answers={})
        with pytest.raises(Conflict, match="请先打电话问清楚"):
            begin_package(**given, answers={"1": ["3"]})
        application = apply_for(at_north, asking, citizen, q1=["1"])
        assert [one["name"] for one in application.parts] == ["甲登记", "乙补贴", "丙证明"]
        fewer = apply_for(at_north, asking, citizen, q1=["2"])
        assert [one.item_name for one in fewer.cases.order_by("pk")] == ["甲登记"]

    def test_names_who_does_what_this_hall_does_not_take(
        self, at_north: Hall, package: Package, setups: list[CaseSetup], citizen: Citizen
    ) -> None:
        last = setups[2]
        close_setup(by=person("he"), hall=at_north, setup_id=last.pk, revision=last.revision)
        page = text_of(browser(), f"/packages/{package.pk}/")
        assert "本厅不能一次办完这些事项" in page
        assert "开店一件事" not in text_of(browser(), "/services/")
        with pytest.raises(Conflict, match="“丙证明”现在不能在本厅网上申请"):
            begin_package(who=citizen_filler(citizen), hall=at_north, package_id=package.pk, answers={})
        # a hall that takes none of it
        assert "本厅不能一次办完这些事项" in text_of(browser(SOUTH), f"/packages/{package.pk}/")
        retire_package(by=person("zhao"), package=package, revision=package.revision)
        assert browser().get(f"/packages/{package.pk}/").status_code == 404


class TestApplying:
    def test_makes_a_case_of_each_item_under_one_number(
        self, at_north: Hall, package: Package, citizen: Citizen
    ) -> None:
        application = apply_for(at_north, package, citizen)
        cases = list(application.cases.order_by("package_place"))
        assert [one.item_name for one in cases] == ["甲登记", "乙补贴", "丙证明"]
        assert re.fullmatch(r"\d{12}YJS\d{12}", application.number)
        assert len({one.number for one in cases} | {application.number}) == 4
        assert {(one.state, one.channel, one.citizen_id) for one in cases} == {("received", "site", citizen.pk)}
        assert CaseReport.objects.filter(citizen_id=citizen.pk).count() == 3
        # its own and the common one, both there, and each file is a file of the case's own form
        for one in cases:
            rows = CaseMaterial.objects.filter(case=one).order_by("position")
            assert [(row.name, row.state) for row in rows] == [
                (f"{one.item_name}申请书", "given"),
                (SHARED, "given"),
            ]
        keys = FormUpload.objects.filter(filled__in=[one.filled_id for one in cases]).values_list("key", flat=True)
        assert (len(keys), len(set(keys))) == (6, 4)
        # sent again, it is the same
        who, filled = citizen_filler(citizen), FilledForm.objects.get(pk=application.filled_id)
        send_filling(who=who, hall=at_north, filled_id=filled.pk, revision=filled.revision)
        assert Case.objects.count() == 3
        assert AuditEntry.objects.filter(act="casework.receive_package").count() == 1
        # a new one of the same items is another one, on the same form
        again = apply_for(at_north, package, citizen)
        assert (again.number != application.number, Form.objects.filter(is_foreign=True).count()) == (True, 1)

    def test_takes_all_or_nothing(
        self, at_north: Hall, ordered: Package, setups: list[CaseSetup], citizen: Citizen
    ) -> None:
        """Also of what waits for others."""
        who = citizen_filler(citizen)
        begun = begin_package(who=who, hall=at_north, package_id=ordered.pk, answers={})
        values = whole_values(begun.filled, citizen)
        own = next(
            one["name"]
            for part in begun.filled.version.definition["parts"]
            for one in part["fields"]
            if one["label"] == "丙证明申请书"
        )
        given: dict[str, Any] = {"who": who, "hall": at_north, "filled_id": begun.filled_id}
        saved = save_filling(**given, posted=values | {own: []}, revision=0)
        with pytest.raises(Invalid, match="请上传“丙证明申请书”") as refusal:
            send_filling(**given, revision=saved.filled.revision)
        assert [one.where for one in refusal.value.faults] == [own]
        saved = save_filling(**given, posted={own: values[own]}, revision=saved.filled.revision)
        last = setups[2]
        close_setup(by=person("he"), hall=at_north, setup_id=last.pk, revision=last.revision)
        with pytest.raises(Conflict, match="“丙证明”：这个事项现在不能在网上申请"):
            send_filling(**given, revision=saved.filled.revision)
        begun.refresh_from_db()
        assert (Case.objects.count(), begun.number, begun.filled.state) == (0, "", "draft")

    def test_stays_on_what_was_begun(
        self, at_north: Hall, package: Package, setups: list[CaseSetup], citizen: Citizen
    ) -> None:
        begun = begin_package(who=citizen_filler(citizen), hall=at_north, package_id=package.pk, answers={})
        fewer = change_package(
            by=person("zhao"),
            package=package,
            revision=package.revision,
            name=package.name,
            values=values_for(setups[:2]),
        )
        publish_package(by=person("zhao"), package=fewer, revision=fewer.revision)
        send_whole(at_north, begun.filled, citizen)
        assert Case.objects.count() == 3
        assert apply_for(at_north, fewer, citizen).cases.count() == 2


class TestOrder:
    def test_receives_what_waited_once_its_predecessor_was_granted(
        self, at_north: Hall, ordered: Package, citizen: Citizen
    ) -> None:
        application = apply_for(at_north, ordered, citizen)
        assert places(application) == [1, 2]
        hand_over()
        decide(at_north, case_at(application, 2))
        hand_over()
        assert places(application) == [1, 2]
        decide(at_north, case_at(application, 1))
        hand_over()
        for _ in range(2):
            emit_event(kind=PACKAGE_MOVED, subject_id=application.pk, hall_id=at_north.pk)
            hand_over()
        assert places(application) == [1, 2, 3]
        last = case_at(application, 3)
        assert (last.state, last.citizen_id, last.materials.filter(state="given").count()) == (
            "received",
            citizen.pk,
            2,
        )
        assert ended(application) == {}

    def test_ends_what_waits_for_something_that_was_refused_until_that_is_put_right(
        self, at_north: Hall, ordered: Package, citizen: Citizen
    ) -> None:
        application = apply_for(at_north, ordered, citizen)
        first = decide(at_north, case_at(application, 1), "refused")
        hand_over()
        assert ended(application) == {3: "“甲登记”没有准予，这一项不再收件。"}
        page = text_of(signed_in(citizen), f"/cases/packages/{application.pk}/")
        assert "“甲登记”没有准予，这一项不再收件。" in page
        for _ in range(2):
            emit_event(kind=PACKAGE_MOVED, subject_id=application.pk, hall_id=at_north.pk)
            hand_over()
        assert PhoneNotice.objects.filter(subject_id=application.pk).count() == 1
        assert AuditEntry.objects.filter(act="casework.end_package_items").count() == 1
        given: dict[str, Any] = {"outcome": "granted", "reasons": "", "corrects": "认定的事实有误。"}
        correct_decision(by=person("he"), hall=at_north, case_id=first.pk, **given)
        hand_over()
        assert (places(application), ended(application)) == ([1, 2, 3], {})

    def test_ends_it_likewise_where_the_predecessor_came_to_no_decision(
        self, at_north: Hall, ordered: Package, setups: list[CaseSetup], citizen: Citizen
    ) -> None:
        declined, withdrawn, closed = (apply_for(at_north, ordered, citizen) for _ in range(3))
        decline_case(by=person("cao"), hall=at_north, case_id=case_at(declined, 1).pk, said="不属于本厅职权。")
        withdraw_own_case(who=citizen_filler(citizen), hall=at_north, case_id=case_at(withdrawn, 1).pk)
        last = setups[2]
        close_setup(by=person("he"), hall=at_north, setup_id=last.pk, revision=last.revision)
        decide(at_north, case_at(closed, 1))
        hand_over()
        assert "“甲登记”不予受理" in ended(declined)[3]
        assert "“甲登记”" in ended(withdrawn)[3]
        assert "不能在网上申请" in ended(closed)[3]
        assert places(closed) == [1, 2]


class TestProgress:
    def test_is_one_page_with_what_is_to_do_now(self, at_north: Hall, ordered: Package, citizen: Citizen) -> None:
        application = apply_for(at_north, ordered, citizen)
        second = case_at(application, 2)
        ask_for_correction(by=person("cao"), hall=at_north, case_id=second.pk, asked=["请重拍。"], workdays=5)
        client, path = signed_in(citizen), f"/cases/packages/{application.pk}/"
        page = text_of(client, path)
        assert page.index("您现在要做的") < page.index("等您补材料") < page.index("每个事项办到哪一步了")
        for said in (
            application.number,
            f'href="/cases/{second.pk}/"',
            "3 个事项，已经有结果的 0 个",
            "等“甲登记”准予以后",
        ):
            assert said in page
        assert client.post(f"/forms/filled/{application.filled_id}/check/")["Location"] == path
        assert path in text_of(client, "/cases/")
        assert path in text_of(client, f"/cases/{second.pk}/")
        other = signed_in(make_proved(2))
        assert other.get(path).status_code == 404
        assert other.post(f"{path}withdraw/").status_code == 404
        assert browser().get(path)["Location"] == "/progress/"

    def test_is_found_by_number_and_phone_without_anything_personal(
        self, at_north: Hall, ordered: Package, citizen: Citizen
    ) -> None:
        application = apply_for(at_north, ordered, citizen)
        decide(at_north, case_at(application, 1), "refused")
        path, tail = f"/cases/packages/{application.pk}/", phone_of(1)[-4:]
        # the last digits of its cases are the same as its own: all of them lead to the whole
        for number in (application.number, application.short_number):
            client = browser()
            assert client.post("/progress/", {"number": number, "tail": tail})["Location"].endswith(path)
            page = text_of(client, path)
            assert "甲登记" in page
            for said in (citizen.name.plain, "不予", REASONS, "撤回整件事", "看我的申请"):
                assert said not in page
        one = case_at(application, 2)
        found = browser().post("/progress/", {"number": one.number, "tail": tail})["Location"]
        assert found.endswith(f"/cases/{one.pk}/")
        wrong = browser()
        assert wrong.post("/progress/", {"number": application.number, "tail": "0000"}).status_code != 302
        assert wrong.get(path)["Location"] == "/progress/"

    def test_costs_the_same_however_many_applications_there_are(
        self, at_north: Hall, ordered: Package, citizen: Citizen, django_assert_max_num_queries: Any
    ) -> None:
        application = apply_for(at_north, ordered, citizen)
        with django_assert_max_num_queries(6):
            assert len(package_view(application).steps) == 3


class TestWithdrawal:
    def test_takes_back_all_that_is_not_decided(self, at_north: Hall, ordered: Package, citizen: Citizen) -> None:
        application = apply_for(at_north, ordered, citizen)
        decide(at_north, case_at(application, 1), "refused")
        client, path = signed_in(citizen), f"/cases/packages/{application.pk}/"
        assert "确定撤回整件事的申请吗" in text_of(client, f"{path}withdraw/")
        for _ in range(2):
            assert client.post(f"{path}withdraw/", {"reason": "不办了"})["Location"] == path
        hand_over()
        assert (case_at(application, 1).state, case_at(application, 2).state) == ("decided", "withdrawn")
        assert ended(application) == {3: "申请人撤回了整件事的申请。"}
        assert "整件事的申请已经撤回" in text_of(client, path)
        given: dict[str, Any] = {"outcome": "granted", "reasons": "", "corrects": "认定的事实有误。"}
        correct_decision(by=person("he"), hall=at_north, case_id=case_at(application, 1).pk, **given)
        hand_over()
        assert places(application) == [1, 2]
        who = citizen_filler(citizen)
        done = apply_for(at_north, ordered, citizen)
        for place in (1, 2):
            decide(at_north, case_at(done, place), "refused")
        hand_over()
        with pytest.raises(Conflict, match="没有可以撤回的"):
            withdraw_package(who=who, hall=at_north, application_id=done.pk)
        with pytest.raises(NotFound):
            withdraw_package(who=citizen_filler(make_proved(2)), hall=at_north, application_id=done.pk)
        begun = begin_package(who=who, hall=at_north, package_id=ordered.pk, answers={})
        with pytest.raises(Conflict, match="还没有提交"):
            withdraw_package(who=who, hall=at_north, application_id=begun.pk)


class TestDesk:
    def test_names_the_other_items_and_leads_to_those_of_the_same_department(
        self, at_north: Hall, ordered: Package, citizen: Citizen
    ) -> None:
        application = apply_for(at_north, ordered, citizen)
        first, second = case_at(application, 1), case_at(application, 2)
        page = text_of(desk("cao"), f"/desk/cases/{first.pk}/")
        for said in ("一件事：开店一件事", application.number, f'href="/desk/cases/{second.pk}/"', "还没收件"):
            assert said in page
        # who works for one department opens its case, and learns of the others only how they stand
        unit = make_unit("公安局", hall=at_north)
        seat_at(at_north, unit, "jing", "荆警官")
        Case.objects.filter(pk=first.pk).update(unit_id=unit.pk)
        page = text_of(desk("jing"), f"/desk/cases/{first.pk}/")
        assert f'href="/desk/cases/{second.pk}/"' not in page
        assert "乙补贴" in page
        assert second.number not in page


class TestApi:
    def test_serves_the_program_of_the_citizen_alike(self, at_north: Hall, ordered: Package, citizen: Citizen) -> None:
        client = signed_in(citizen)
        guide = client.get(f"{OWN}/guides/{ordered.pk}").json()
        assert (guide["is_whole"], [one["name"] for one in guide["items"]]) == (True, ["甲登记", "乙补贴", "丙证明"])
        assert [one["name"] for one in guide["materials"]].count(SHARED) == 1
        key = {"Idempotency-Key": "once"}
        wanted = {"package_id": str(ordered.pk), "channel": "app"}
        refused = client.post(OWN, wanted | {"channel": "window"}, content_type="application/json")
        assert (refused.status_code, PackageApplication.objects.exists()) == (422, False)
        sent = [client.post(OWN, wanted, content_type="application/json", headers=key) for _ in range(2)]
        assert [one.status_code for one in sent] == [201, 201]
        assert sent[0].json() == sent[1].json()
        begun = PackageApplication.objects.get()
        assert client.get(f"{OWN}/{begun.pk}").status_code == 404
        send_whole(at_north, begun.filled, citizen)
        assert set(Case.objects.values_list("channel", flat=True)) == {"app"}
        assert [one["id"] for one in client.get(OWN).json()] == [str(begun.pk)]
        shown = client.get(f"{OWN}/{begun.pk}").json()
        assert [one["state"] for one in shown["steps"]] == ["received", "received", None]
        other = signed_in(make_proved(2))
        assert other.get(f"{OWN}/{begun.pk}").status_code == 404
        assert other.post(f"{OWN}/{begun.pk}/withdraw", {}, content_type="application/json").status_code == 404
        assert Client(headers={"host": SOUTH}).get(OWN).status_code == 401
        withdrawn = client.post(f"{OWN}/{begun.pk}/withdraw", {}, content_type="application/json").json()
        assert (withdrawn["can_withdraw"], withdrawn["steps"][0]["state"]) == (False, "withdrawn")
