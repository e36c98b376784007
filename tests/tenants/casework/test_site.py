"""Applicants on a hall's site: from the guide to an application, what they must do now, what was said and decided; and
nothing of it for anybody else, nor ahead of the decision."""

import re
from collections.abc import Callable
from datetime import time
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.operations import drain_events
from province.cases.models import CaseApplicant
from province.cases.states import CaseChannel, CaseState
from province.citizens.models import Citizen, LocalMessage, PhoneNotice
from province.citizens.operations import notices
from province.citizens.operations.notices import send_next_notice
from province.halls.models import Hall
from tenants.casework.models import Case, CaseMaterial, CaseSetup, Intake
from tenants.casework.operations.acceptance import accept_case, ask_for_correction, decline_case
from tenants.casework.operations.closing import serve_decision
from tenants.casework.operations.deciding import correct_decision, decide_case
from tenants.casework.operations.examining import (
    begin_special_procedure,
    suspend_case,
    terminate_case,
    transfer_case,
)
from tenants.casework.operations.intake import begin_application
from tenants.casework.operations.own import hand_in_rest, withdraw_own_case
from tenants.casework.operations.setups import SetupWish, change_setup, close_setup
from tenants.workflow.models import FilledForm, FormUpload
from tenants.workflow.operations.filling import save_filling
from tenants.workflow.queries.filled import moments_of, values_of
from tests.conftest import person
from tests.factories.casework import accepted, apply_at_window, apply_online, give_all
from tests.factories.citizens import make_proved, phone_of
from tests.factories.files import picture
from tests.factories.forms import citizen_filler, make_published_form
from tests.factories.runs import HANDLERS, LEADERS, do, free_step, row_of
from tests.factories.sites import make_columns
from tests.tenants.citizen_pages.test_pages import browser, signed_in
from tests.tenants.services.test_site_pages import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

SOUTH = "south.yizhan.localhost"
ASKED = ["营业场所的证明不清楚，请重新拍照。", "申请书请签名。"]
# what no applicant may read before it is decided, and nobody else at all
SECRET = "内部讨论：倾向于不予"
REASONS = "场所面积不足三十平方米，不符合规定的条件。"


@pytest.fixture
def setup(at_north: Hall) -> CaseSetup:
    return CaseSetup.objects.get()


@pytest.fixture
def citizen(at_north: Hall) -> Citizen:
    return make_proved(1)


@pytest.fixture
def case(at_north: Hall, setup: CaseSetup, citizen: Citizen) -> Case:
    return apply_online(at_north, setup, citizen)


def text_of(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def at(case: Case) -> str:
    return f"/cases/{case.pk}/"


def asked(hall: Hall, case: Case, **given: Any) -> Case:
    return ask_for_correction(by=person("cao"), hall=hall, case_id=case.pk, asked=ASKED, **{"workdays": 10} | given)


def taken_up(hall: Hall, case: Case) -> Case:
    give_all(hall, case)
    return accept_case(by=person("cao"), hall=hall, case_id=case.pk)


def refused(hall: Hall, case: Case) -> Case:
    return decide_case(by=person("he"), hall=hall, case_id=case.pk, outcome="refused", reasons=REASONS)


def look_up(client: Client, number: str, tail: str) -> Any:
    return client.post("/progress/", {"number": number, "tail": tail})


class TestGuide:
    def test_leads_from_the_item_through_the_form_to_the_case(
        self, at_north: Hall, setup: CaseSetup, citizen: Citizen
    ) -> None:
        apply, guide = f"/cases/apply/{setup.item_id}/", f"/services/{setup.item_id}/"
        stranger, client = browser(), signed_in(citizen)
        assert f'href="{apply}"' in text_of(stranger, guide)
        page = text_of(stranger, apply)
        for said in ("有与经营的食品相适应的场所。", "食品经营许可申请书", "10 个工作日", "登录后申请"):
            assert said in page
        assert "/me/sign-in/?next=" in stranger.post(apply, {"setup": str(setup.pk)})["Location"]
        assert "没有提交的申请" not in text_of(client, apply)
        begun = client.post(apply, {"setup": str(setup.pk)})["Location"]
        first = client.get(begun, follow=True)
        assert "申请人类型" in first.content.decode()
        posted = {"applicant_nature": "person", "_act": "next", "_revision": "0"}
        known = client.post(f"{begun}pages/applicant_nature/", posted, follow=True)
        assert "已按您的实名信息填好" in known.content.decode()
        # gone on with, and in the citizen's places: not among the forms
        again = text_of(client, apply)
        assert "您有一份没有提交的申请" in again
        assert client.post(apply, {"setup": str(setup.pk)})["Location"] == begun
        assert "没有提交" in text_of(client, "/cases/")
        assert "没有提交" in text_of(client, "/me/")
        filled = FilledForm.objects.get()
        assert f"/forms/filled/{filled.pk}/" not in text_of(client, "/forms/")
        assert client.get(f"/forms/{setup.form_id}/").status_code == 404
        kept = client.post(f"/forms/filled/{filled.pk}/pages/applicant_nature/", {"_act": "keep", "_revision": "0"})
        assert kept["Location"] == "/cases/"

    @pytest.mark.parametrize(
        ("said", "kept"), [("app", CaseChannel.APP), ("", CaseChannel.SITE), ("window", CaseChannel.SITE)]
    )
    def test_tells_the_installed_app_from_the_site(
        self, at_north: Hall, setup: CaseSetup, citizen: Citizen, said: str, kept: CaseChannel
    ) -> None:
        signed_in(citizen).post(f"/cases/apply/{setup.item_id}/", {"setup": str(setup.pk), "channel": said})
        assert Intake.objects.get().channel == kept

    def test_is_begun_by_nobody_as_if_at_the_window(self, at_north: Hall, setup: CaseSetup, citizen: Citizen) -> None:
        who = citizen_filler(citizen)
        with pytest.raises(Invalid, match="只能是网站或者手机应用"):
            begin_application(who=who, hall=at_north, setup_id=setup.pk, channel=CaseChannel.WINDOW)

    def test_leads_to_the_page_of_the_case_once_it_is_sent(self, at_north: Hall, case: Case, citizen: Citizen) -> None:
        client, path = signed_in(citizen), f"/forms/filled/{case.filled_id}/"
        assert client.post(f"{path}check/")["Location"] == at(case)
        assert case.number in text_of(client, at(case))
        assert "我的办件" in text_of(client, path)
        assert Case.objects.count() == 1

    def test_says_where_to_go_where_nobody_can_apply_online(self, at_north: Hall, setup: CaseSetup) -> None:
        apply, guide = f"/cases/apply/{setup.item_id}/", f"/services/{setup.item_id}/"
        assert "在线申请" in text_of(browser(), guide)
        wish = SetupWish(review_body="市人民政府", court="市人民法院")
        at_window = change_setup(by=person("he"), hall=at_north, setup_id=setup.pk, revision=setup.revision, wish=wish)
        # a kept page would still say it
        assert "这个事项不能在网上申请" in text_of(browser(), guide)
        page = text_of(browser(), apply)
        for said in ("现在不能在网上申请", "12 号", "人民路 1 号", "工作日 9:00–17:00"):
            assert said in page
        refusal = signed_in(make_proved(2)).post(apply, {"setup": str(setup.pk)}, follow=True)
        assert "不能在网上申请" in refusal.content.decode()
        close_setup(by=person("he"), hall=at_north, setup_id=setup.pk, revision=at_window.revision)
        assert "在网上申请" not in text_of(browser(), guide)
        assert not FilledForm.objects.exists()

    def test_is_not_there_for_items_that_the_hall_does_not_show(self, at_north: Hall, setup: CaseSetup) -> None:
        text_of(browser(SOUTH), f"/cases/apply/{setup.item_id}/", status=404)
        answer = signed_in(make_proved(3)).post(f"/cases/apply/{setup.item_id}/", {"setup": "x"})
        assert answer.status_code == 404

    def test_costs_the_same_however_much_there_is(self, at_north: Hall, setup: CaseSetup, citizen: Citizen) -> None:
        client = signed_in(citizen)
        apply_online(at_north, setup, citizen)
        one = queries_of(client, "/cases/")
        for _ in range(3):
            apply_online(at_north, setup, citizen)
        assert queries_of(client, "/cases/") == one


class TestCase:
    def test_says_in_every_state_what_is_to_do_and_what_comes_next(
        self, at_north: Hall, setup: CaseSetup, citizen: Citizen
    ) -> None:
        client, hua = signed_in(citizen), person("cao")
        given: dict[str, Any] = {"hall": at_north}

        def made(*acts: Callable[[Case], object]) -> Case:
            found = apply_online(at_north, setup, citizen)
            for act in acts:
                act(found)
            return found

        accept = lambda one: taken_up(at_north, one)  # noqa: E731
        he = person("he")
        pages = {
            CaseState.RECEIVED: (made(), "告诉您是否受理"),
            CaseState.CORRECTING: (made(lambda one: asked(at_north, one)), ASKED[0]),
            CaseState.ACCEPTED: (made(accept), "作出决定"),
            CaseState.PAUSED: (
                made(
                    accept,
                    lambda one: begin_special_procedure(
                        by=hua, **given, case_id=one.pk, kind="experts", basis="某法第九条", limit="20wd"
                    ),
                ),
                "正在进行专家评审",
            ),
            CaseState.SUSPENDED: (
                made(accept, lambda one: suspend_case(by=he, **given, case_id=one.pk, reason="等待法院裁判")),
                "等待法院裁判",
            ),
            CaseState.DECIDED: (made(accept, lambda one: refused(at_north, one)), "已经作出决定：不予"),
            CaseState.FINISHED: (
                made(
                    accept,
                    lambda one: refused(at_north, one),
                    lambda one: serve_decision(by=he, **given, case_id=one.pk, way="post", proof="邮件号 1"),
                ),
                "已通过邮寄送达",
            ),
            CaseState.DECLINED: (
                made(lambda one: decline_case(by=hua, **given, case_id=one.pk, said="应向水利局申请。")),
                "应向水利局申请。",
            ),
            CaseState.WITHDRAWN: (
                made(lambda one: withdraw_own_case(who=citizen_filler(citizen), **given, case_id=one.pk)),
                "申请已经撤回",
            ),
            CaseState.TERMINATED: (
                made(accept, lambda one: terminate_case(by=he, **given, case_id=one.pk, reason="场所已经拆除")),
                "场所已经拆除",
            ),
            CaseState.TRANSFERRED: (
                made(lambda one: transfer_case(by=hua, **given, case_id=one.pk, to="水利局", reason="职权调整")),
                "移送水利局",
            ),
        }
        # what goes to a hall above is asked beside that hall (test_referrals.py)
        assert pages.keys() == set(CaseState) - {CaseState.HANDED_UP}
        strays = []
        for state, (found, said) in pages.items():
            page = text_of(client, at(found))
            found.refresh_from_db()
            can_withdraw = state in {"received", "correcting", "accepted", "paused", "suspended"}
            facts = (found.state, said in page, f"{at(found)}withdraw/" in page, "办到哪一步了" in page)
            if facts != (state, True, can_withdraw, True):
                strays.append((state, facts))
            if "进度" not in text_of(client, "/cases/"):
                strays.append((state, "list"))
        assert strays == []

    def test_shows_where_its_flow_is_by_the_steps_that_are_named_for_citizens(
        self, at_north: Hall, setup: CaseSetup, citizen: Citizen
    ) -> None:
        flow = row_of(
            at_north,
            free_step("look", HANDLERS, label="材料初审", public_label="审查材料", public_names=True),
            free_step("talk", HANDLERS, label="内部合议"),
            free_step("sign", LEADERS, label="领导签批", public_label="审批"),
            code="examine",
        )
        bodies = {"review_body": setup.review_body, "court": setup.court}
        wish = SetupWish(flow_id=flow.pk, unit_id=setup.unit_id, is_online=True, **bodies)
        change_setup(by=person("he"), hall=at_north, setup_id=setup.pk, revision=setup.revision, wish=wish)
        client, case = signed_in(citizen), apply_online(at_north, setup, citizen)
        assert "审查办到哪一步了" not in text_of(client, at(case))
        taken_up(at_north, case)
        case.refresh_from_db()
        assert case.run
        do(at_north, case.run, "look", "cao")
        page = text_of(client, at(case))
        shown = re.findall(r'<li class="(\w+)"[^>]*><strong>([^<]*)</strong> <span[^>]*>([^<]*)<', page)
        named = [one for one in shown if one[1] in {"审查材料", "审批"}]
        day = f"{timezone.localdate().month}月{timezone.localdate().day}日"
        assert named == [("done", "审查材料", f"{day}，曹办"), ("next", "审批", "还没到")]
        for kept in ("材料初审", "内部合议", "领导签批"):
            assert kept not in page, kept
        told = client.get(f"/api/hall/v1/casework/own/{case.pk}").json()["examined"]
        assert [(one["label"], one["look"], one["who"]) for one in told] == [
            ("审查材料", "done", "曹办"),
            ("审批", "next", ""),
        ]
        do(at_north, case.run, "talk", "cao")
        assert re.search(r'<li class="now" aria-current="step"><strong>审批', text_of(client, at(case)))
        # who has looked it up by number and phone reads nothing of it
        stranger = browser()
        assert look_up(stranger, case.number, phone_of()[-4:])["Location"] == at(case)
        page = text_of(stranger, at(case))
        assert ("办到哪一步了" in page, "审批" in page, "曹办" in page) == (True, False, False)

    def test_tells_nothing_that_the_staff_alone_read_nor_ahead_of_the_decision(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        client = signed_in(citizen)
        taken_up(at_north, case)
        case.acts.create(act="note_materials", state=case.state, note=SECRET, by_name="曹办")
        page = text_of(client, at(case))
        for kept in (SECRET, "曹办", "登记材料", "不予", "看决定"):
            assert kept not in page, kept
        for path in ("decision/", "decision/paper/"):
            text_of(client, f"{at(case)}{path}", status=404)
        assert client.get(f"/api/hall/v1/casework/own/{case.pk}").json()["decision"] is None
        refused(at_north, case)
        page = text_of(client, f"{at(case)}decision/")
        for said in (REASONS, "60 日", "6 个月", "不予"):
            assert said in page
        paper = client.get(f"{at(case)}decision/paper/")
        assert paper.content.startswith(b"%PDF")
        assert case.number in unescape(paper["Content-Disposition"])
        correct_decision(
            by=person("he"), hall=at_north, case_id=case.pk, outcome="granted", reasons="", corrects="面积量错了"
        )
        again = text_of(client, f"{at(case)}decision/")
        assert "更正后的决定" in again
        assert "准予" in again

    def test_is_nobody_elses_and_no_other_halls(self, at_north: Hall, case: Case, citizen: Citizen) -> None:
        other, elsewhere, stranger = signed_in(make_proved(2)), signed_in(citizen, SOUTH), browser()
        paths = [f"{at(case)}{rest}" for rest in ("", "withdraw/", "decision/", "decision/paper/")]
        api = f"/api/hall/v1/casework/own/{case.pk}"
        strays = []
        for client, who in ((other, "other"), (elsewhere, "elsewhere")):
            strays += [(who, path) for path in (*paths, api) if client.get(path).status_code != 404]
            posts = (f"{at(case)}withdraw/", f"{at(case)}brought/", f"{api}/withdraw", f"{api}/brought")
            for path in posts:
                kind = {"content_type": "application/json"} if path.startswith("/api") else {}
                if client.post(path, {}, **kind).status_code != 404:
                    strays.append((who, path))
        strays += [("stranger", path) for path in paths if stranger.get(path).status_code != 302]
        assert stranger.get(api).status_code == 401
        assert strays == []
        case.refresh_from_db()
        assert case.state == CaseState.RECEIVED

    def test_is_withdrawn_once_it_is_confirmed_and_not_after_the_decision(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        client = signed_in(citizen)
        assert "确定撤回这份申请吗" in text_of(client, f"{at(case)}withdraw/")
        case.refresh_from_db()
        assert case.state == CaseState.RECEIVED
        for _ in range(2):
            assert client.post(f"{at(case)}withdraw/", {"reason": "不办了"})["Location"] == at(case)
        case.refresh_from_db()
        assert (case.state, case.acts.filter(act="withdraw").count()) == (CaseState.WITHDRAWN, 1)
        assert client.get(f"{at(case)}withdraw/").status_code == 302


class TestCorrection:
    @pytest.mark.usefixtures("object_store")
    def test_lets_the_asked_fields_alone_be_changed_and_hands_them_in_once(
        self, at_north: Hall, case: Case, citizen: Citizen, setup: CaseSetup
    ) -> None:
        who, client = citizen_filler(citizen), signed_in(citizen)
        form = f"/forms/filled/{case.filled_id}/again/"
        assert client.get(form).status_code == 302
        asked(at_north, case, fields=["material_1", "applicant_mobile"])
        page = text_of(client, at(case))
        for said in (*ASKED, "您现在要做的", form, "补齐了，提交"):
            assert said in page
        assert "等您补材料" in text_of(client, "/me/")
        open_page = text_of(client, form)
        names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"_][^"]*)"', open_page))
        assert {one for one in names if not one.startswith(("csrf", "q"))} == {"material_1", "applicant_mobile"}
        filled = FilledForm.objects.get(pk=case.filled_id)
        upload = FormUpload.objects.get(filled=filled)
        photo = picture("PNG", size=(20, 20))
        photo.name = "新照片.png"
        typed = {
            "applicant_mobile": phone_of(9),
            "applicant_name": "别人",
            "material_1": str(upload.pk),
            "_revision": str(filled.revision),
            "_act": "next",
            "_file.material_1": photo,
        }
        assert client.post(form, typed)["Location"] == at(case)
        filled = FilledForm.objects.get(pk=filled.pk)
        values = values_of(at_north, filled)
        assert len(values["material_1"]) == 2
        assert (values["applicant_mobile"], values["applicant_name"]) == (phone_of(9), citizen.name.plain)
        # nothing is handed in yet
        assert Case.objects.get(pk=case.pk).state == CaseState.CORRECTING
        for _ in range(2):
            client.post(f"{at(case)}brought/", {"said": "已经重新拍了"})
        case.refresh_from_db()
        acts = list(case.acts.filter(act="bring_the_rest").values_list("said", flat=True))
        assert (case.state, acts) == (CaseState.RECEIVED, ["已经重新拍了"])
        assert [one.moment.label for one in moments_of(at_north, filled)] == ["提交", "补正"]
        assert CaseApplicant.objects.get(pk=case.applicant_id).phone.plain == phone_of(9)
        # closed again
        assert client.get(form).status_code == 302
        with pytest.raises(Conflict):
            save_filling(
                who=who,
                hall=at_north,
                filled_id=filled.pk,
                posted={"applicant_mobile": phone_of(8)},
                revision=filled.revision,
            )

    def test_opens_the_files_of_all_materials_where_no_field_is_named(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        asked(at_north, case)
        who = citizen_filler(citizen)
        filled = FilledForm.objects.get(pk=case.filled_id)
        saved = save_filling(
            who=who,
            hall=at_north,
            filled_id=filled.pk,
            posted={"material_1": [], "applicant_name": "别人"},
            revision=filled.revision,
        )
        assert "material_1" not in saved.result.values
        assert saved.result.values["applicant_name"] == citizen.name.plain
        assert "applicant_name" in saved.result.ignored
        hand_in_rest(who=who, hall=at_north, case_id=case.pk)
        assert CaseMaterial.objects.get(case=case, field="material_1").state == "missing"

    def test_asks_for_nothing_where_nothing_was_asked_nor_for_fields_that_there_are_not(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        with pytest.raises(Conflict):
            hand_in_rest(who=citizen_filler(citizen), hall=at_north, case_id=case.pk)
        with pytest.raises(NotFound):
            hand_in_rest(who=citizen_filler(make_proved(2)), hall=at_north, case_id=case.pk)
        with pytest.raises(Exception, match="申请表没有这些内容"):
            asked(at_north, case, fields=["nowhere"])


class TestProgress:
    def test_is_shown_by_the_whole_number_or_its_last_digits_and_says_nothing_personal(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        asked(at_north, case)
        tail = phone_of(1)[-4:]
        for typed in (case.number, f" {case.number[:20]} {case.number[20:].lower()} ", case.number[-12:]):
            client = browser()
            assert client.get(at(case))["Location"] == "/progress/"
            assert look_up(client, typed, tail)["Location"] == at(case)
            page = text_of(client, at(case))
            assert ASKED[0] in page
            for kept in (citizen.name.plain, str(citizen.name), phone_of(1), "withdraw", "again/", "brought"):
                assert kept not in page, kept
        taken_up_after = Case.objects.get(pk=case.pk)
        hand_in_rest(who=citizen_filler(citizen), hall=at_north, case_id=taken_up_after.pk)
        taken_up(at_north, case)
        refused(at_north, case)
        page = text_of(client, at(case))
        assert "已经作出决定" in page
        for kept in (REASONS, "不予", "看决定"):
            assert kept not in page, kept
        # a code on paper brings the number along
        assert f'value="{case.number}"' in text_of(browser(), f"/progress/?number={case.number}")

    def test_finds_nothing_for_a_wrong_tail_and_what_is_not_clear(
        self, at_north: Hall, setup: CaseSetup, case: Case
    ) -> None:
        tail, last = phone_of(1)[-4:], case.number[-12:]
        wrong = [(case.number, "0000"), (case.number[:-1], tail), (case.number[-11:], tail), (last[:-1] + "x", tail)]
        assert [look_up(browser(), *one).status_code for one in wrong] == [422] * 4
        assert look_up(browser(SOUTH), case.number, tail).status_code == 422
        # another item's with the same end, of the same person: the whole number is needed
        twin = apply_at_window(at_north, setup, applicant_mobile=phone_of(1))
        Case.objects.filter(pk=twin.pk).update(number=f"99{case.number[2:]}")
        assert look_up(browser(), last, tail).status_code == 422
        assert look_up(browser(), case.number, tail).status_code == 302
        CaseApplicant.objects.filter(pk=twin.applicant_id).update(phone=None)
        assert look_up(browser(), last, tail).status_code == 302


class TestNotices:
    @pytest.fixture(autouse=True)
    def by_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(notices, "FIRST_HOUR", time.min)
        monkeypatch.setattr(notices, "LAST_HOUR", time.max)

    def test_go_out_at_each_turn_to_who_has_an_account_and_who_has_only_a_phone(
        self, at_north: Hall, setup: CaseSetup, citizen: Citizen, case: Case
    ) -> None:
        at_window = apply_at_window(at_north, setup)
        for one in (case, at_window):
            taken_up(at_north, one)
            refused(at_north, one)
        drain_events()
        drain_events()
        of = {one: PhoneNotice.objects.filter(subject_id=one.pk) for one in (case, at_window)}
        assert {rows.count() for rows in of.values()} == {2}
        assert {of[case].filter(citizen_id=citizen.pk).count(), of[at_window].exclude(contact_id=None).count()} == {2}
        # in this thread, whose transaction the test's is
        while send_next_notice():
            pass
        texts = {one.phone.plain: one.text.plain for one in LocalMessage.objects.all()}
        assert texts.keys() >= {phone_of(1), "13812345678"}
        for text in texts.values():
            assert at_north.name in text
            assert "/progress/" in text
            for kept in ("不予", "食品", "安娜", REASONS):
                assert kept not in text

    def test_are_none_for_who_left_no_phone(self, at_north: Hall, setup: CaseSetup) -> None:
        case = accepted(at_north, setup)
        CaseApplicant.objects.filter(pk=case.applicant_id).delete()
        drain_events()
        assert not PhoneNotice.objects.exists()


class TestOwnPage:
    def test_lists_cases_of_all_halls_what_waits_first(
        self, at_north: Hall, south: Hall, setup: CaseSetup, citizen: Citizen
    ) -> None:
        first, second = apply_online(at_north, setup, citizen), apply_online(at_north, setup, citizen)
        asked(at_north, first)
        make_columns(south)
        for host in ("north.yizhan.localhost", SOUTH):
            page = text_of(signed_in(citizen, host), "/me/")
            assert page.index(first.short_number) < page.index(second.short_number)
            assert re.search(rf'href="https?://north\.yizhan\.localhost(:\d+)?/cases/{first.pk}/"', page)
        other = text_of(signed_in(make_proved(2)), "/me/")
        assert first.short_number not in other

    def test_leaves_forms_that_are_no_applications_where_they_were(self, at_north: Hall, citizen: Citizen) -> None:
        make_published_form(at_north, is_open=True)
        page = text_of(signed_in(citizen), "/forms/")
        assert "请假申请" in page
        assert "食品经营许可申请表" not in page
