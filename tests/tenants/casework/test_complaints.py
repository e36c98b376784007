"""投诉: who applied complains about their case; the hall's administrators answer, and nobody who has had a hand in it
learns of it."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from foundation.errors import Conflict, NotFound
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.citizens.models import Citizen, PhoneNotice
from province.citizens.operations.notices import text_of
from province.halls.models import Hall
from province.messaging.models import Notice
from province.opinion.models import QuestionReport
from province.opinion.queries import question_figures
from province.opinion.states import QuestionKind
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from province.workdays.queries import calendar_of_hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.acceptance import accept_case
from tenants.casework.operations.deciding import decide_case
from tenants.engagement.models import Question
from tenants.engagement.operations.answering import reply_to_question, transfer_question
from tenants.engagement.operations.publication import publish_answer
from tests.conftest import person
from tests.factories.casework import apply_online, give_all
from tests.factories.citizens import make_proved, phone_of
from tests.factories.engagement import last_of, make_question
from tests.factories.people import client_of
from tests.tenants.citizen_pages.test_pages import NORTH, browser, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("opened")]

SOUTH = "south.yizhan.localhost"
LIST = "/desk/questions/complaints/"
TEXT = "材料交齐十天了，曹办一直说系统坏了，没有人受理。"
REPLY = "已责成当天受理，给您添麻烦了。"


@pytest.fixture
def citizen(at_north: Hall) -> Citizen:
    return make_proved(1)


@pytest.fixture
def case(at_north: Hall, citizen: Citizen) -> Case:
    """Taken up by cao."""
    made = give_all(at_north, apply_online(at_north, CaseSetup.objects.get(), citizen))
    return accept_case(by=person("cao"), hall=at_north, case_id=made.pk)


def complain(client: Client, case: Case, **fields: str) -> Any:
    return client.post(f"/cases/{case.pk}/complain/", {"text": TEXT, "wants_messages": "on"} | fields)


@pytest.fixture
def complaint(at_north: Hall, case: Case, citizen: Citizen) -> Question:
    answer = complain(signed_in(citizen), case)
    made = Question.objects.get()
    assert answer["Location"] == f"/engagement/questions/{made.pk}/"
    return made


def desk(username: str, path: str, host: str = NORTH) -> Any:
    return client_of(username, host).get(path)


class TestComplaint:
    def test_is_seen_by_administrators_and_by_nobody_who_has_had_a_hand_in_the_case(
        self, at_north: Hall, case: Case, complaint: Question
    ) -> None:
        question = make_question(at_north, text="别的问题")
        make_question(at_north, text="还有别的")
        page, he = f"/desk/questions/{complaint.pk}/", client_of("he", NORTH)
        listed = he.get(LIST).text
        assert "曹办一直说" in listed
        assert case.short_number in listed
        assert "别的问题" not in listed
        assert TEXT in he.get(page).text
        assert he.get(f"{LIST}?export=csv").content.decode().count(case.number) == 1
        overview = he.get("/desk/").text
        assert "投诉待处理" in overview
        figures = re.findall(r'"value">(\d+)</span><span class="label">(待处理投诉|待答复咨询)<', overview)
        assert {label: number for number, label in figures} == {"待处理投诉": "1", "待答复咨询": "2"}
        assert "曹办一直说" in he.get("/desk/search/?q=系统坏了").text
        # a question's list is of questions alone, also for who sees both
        assert "曹办一直说" not in he.get("/desk/questions/").text
        # the clerk complained of, and another of the hall who answers questions
        for other in ("cao", "hua"):
            assert desk(other, LIST).status_code == 403
            assert desk(other, page).status_code == 404
            places = ("/desk/", "/desk/questions/", "/desk/search/?q=系统坏了", f"/desk/cases/{case.pk}/")
            assert [path for path in places if "曹办一直说" in (answer := desk(other, path)).text] == [], answer
            with pytest.raises(NotFound):
                reply_to_question(
                    by=person(other), hall=at_north, question_id=complaint.pk, text="没有的事", after=last_of(complaint)
                )
        assert desk("zhou", page, SOUTH).status_code in {403, 404}
        # the administrator decides on the case: from then on it is about them, too
        decide_case(by=person("he"), hall=at_north, case_id=case.pk, outcome="refused", reasons="面积不足。")
        assert "曹办一直说" not in he.get(LIST).text
        assert he.get(page).status_code == 404
        assert he.post(page, {"act": "reply", "text": "没有的事", "after": str(last_of(complaint))}).status_code == 404
        assert complaint.messages.count() == 1
        assert he.get(f"/desk/questions/{question.pk}/").status_code == 200

    def test_is_told_to_who_may_answer_it_and_counted_apart(
        self, at_north: Hall, case: Case, complaint: Question
    ) -> None:
        make_question(at_north)
        drain_events()
        told = Notice.objects.filter(kind="engagement.complaint")
        assert {one.account.username for one in told} == {"he"}
        assert f"投诉 {complaint.number} 待答复" in told[0].title
        assert (question_figures().open, question_figures(kind=QuestionKind.COMPLAINT).open) == (1, 1)
        assert QuestionReport.objects.get(pk=complaint.pk).kind == QuestionKind.COMPLAINT
        # by its number and the phone, which who has handled the case knows, it could be looked up
        entry = AuditEntry.objects.get(act="engagement.complain")
        assert (entry.object_type, "number" in entry.changes) == ("complaint", False)
        assert "群众投诉" in desk("zhao", "/console/", "yizhan.localhost").text

    def test_has_a_limit_of_its_own_and_goes_to_no_department(self, at_north: Hall, complaint: Question) -> None:
        calendar = calendar_of_hall(at_north)
        assert complaint.due_on == calendar.deadline_after(complaint.received_on, 10).last_day
        he = client_of("he", NORTH)
        assert "投诉处理期限" in he.get("/desk/questions/settings/").text
        assert he.post("/desk/questions/settings/", {"days": "3", "complaint_days": "99"}).status_code == 422
        assert he.post("/desk/questions/settings/", {"days": "3", "complaint_days": "7"}).status_code == 302
        later = make_question(at_north)
        assert later.due_on == calendar.deadline_after(later.received_on, 3).last_day
        with pytest.raises(Conflict, match="不能转给部门"):
            transfer_question(
                by=person("he"),
                hall=at_north,
                question_id=complaint.pk,
                unit_id=uuid4(),
                note="",
                after=last_of(complaint),
            )
        assert "转给其他部门" not in he.get(f"/desk/questions/{complaint.pk}/").text

    def test_is_answered_and_found_where_people_look(
        self, at_north: Hall, case: Case, citizen: Citizen, complaint: Question
    ) -> None:
        here = signed_in(citizen)
        page = f"/engagement/questions/{complaint.pk}/"
        assert "您的投诉已收到" in here.get(page).text
        assert "投诉处理人最迟在" in here.get(page).text
        again = complain(here, case)
        assert again.status_code == 422
        assert "正在处理" in again.text
        he = client_of("he", NORTH)
        given = {"act": "reply", "text": REPLY, "after": str(last_of(complaint))}
        assert he.post(f"/desk/questions/{complaint.pk}/", given).status_code == 302
        assert "投诉处理人答复" in here.get(page).text
        for path in ("/me/", f"/cases/{case.pk}/"):
            assert f'href="{page}"' in here.get(path).text
        notice = PhoneNotice.objects.get(subject_id=complaint.pk)
        assert f"的投诉（编号 {complaint.number}）有新的答复" in text_of(notice)
        stranger = browser()
        assert stranger.get(page)["Location"] == "/progress/"
        found = stranger.post("/progress/", {"number": str(complaint.number), "tail": phone_of(1)[-4:]})
        assert found["Location"] == page
        assert REPLY in stranger.get(page).text
        # it was answered: a second one may follow
        assert complain(here, case).status_code == 302

    def test_is_one_where_the_form_is_sent_twice_and_none_about_another_persons_case(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        form, here = str(uuid4()), signed_in(citizen)
        assert complain(here, case, form_id=form)["Location"] == complain(here, case, form_id=form)["Location"]
        assert complain(here, case, text=" ").status_code == 422
        assert Question.objects.count() == 1
        assert complain(browser(), case)["Location"] == "/progress/"
        assert complain(signed_in(make_proved(2)), case).status_code == 404
        assert complain(signed_in(citizen, SOUTH), case).status_code == 404
        assert Question.objects.count() == 1

    def test_comes_from_who_has_looked_the_case_up(self, at_north: Hall, case: Case) -> None:
        site = browser()
        assert site.post("/progress/", {"number": case.number, "tail": phone_of(1)[-4:]}).status_code == 302
        assert f"/cases/{case.pk}/complain/" in site.get(f"/cases/{case.pk}/").text
        assert complain(site, case).status_code == 422
        made = complain(site, case, phone=phone_of(7), name="王大妈")
        complaint = Question.objects.get()
        assert made["Location"] == f"/engagement/questions/{complaint.pk}/"
        assert (complaint.citizen_id, complaint.case_id) == (None, case.pk)
        # who looks the case up later does not learn of it
        assert str(complaint.number) not in site.get(f"/cases/{case.pk}/").text
        page = desk("he", f"/desk/questions/{complaint.pk}/").text
        assert "138****0007" in page

    def test_is_written_down_at_the_desk_by_who_may_not_read_it(self, at_north: Hall, case: Case) -> None:
        new = "/desk/questions/complaints/new/"
        cao, hua = client_of("cao", NORTH), client_of("hua", NORTH)
        assert f'href="{new}"' in hua.get("/desk/questions/").text
        assert "代录投诉" in hua.get(new).text
        given = {"text": TEXT, "case_number": case.short_number, "phone_tail": phone_of(1)[-4:], "channel": "phone"}
        given |= {"phone": phone_of(7), "name": "王大妈"}
        wrong = ({"phone_tail": "0000"}, {"case_number": "999999999999"}, {"channel": ""}, {"channel": "below"})
        wrong += ({"text": " "}, {"phone": ""}, {"received_on": "2999-01-01"})
        assert [one for one in wrong if hua.post(new, given | one).status_code != 422] == []
        assert Question.objects.count() == 0
        # who is complained of writes it down, and does not read it; the button pressed twice makes one
        once = given | {"form_id": str(uuid4())}
        said, _ = (cao.post(new, once, follow=True).text for _ in range(2))
        made = Question.objects.get()
        assert (made.channel, made.case_id, made.citizen_id) == ("phone", case.pk, None)
        assert ("看不到这条投诉" in said, str(made.number) in said) == (True, False)
        page = f"/desk/questions/{made.pk}/"
        assert (cao.get(page).status_code, cao.get(LIST).status_code) == (404, 403)
        entry = AuditEntry.objects.get(act="engagement.enter_complaint")
        assert ("number" in entry.changes, entry.changes["channel"]) == (False, [None, "phone"])
        told = PhoneNotice.objects.get(subject_id=made.pk)
        assert f"的投诉（编号 {made.number}）已登记" in text_of(told)
        shown = desk("he", page).text
        assert "王大妈" not in shown
        assert ("，电话</dd>" in shown, TEXT in shown) == (True, True)
        # who has had no hand in it is told its number
        assert str(hua.post(new, given, follow=True).text).count("已登记，编号") == 1
        village = client_of("jiang", "village.yizhan.localhost")
        assert village.get(new).status_code == 404

    def test_is_published_by_choice_alone_and_without_names(self, at_north: Hall, case: Case, citizen: Citizen) -> None:
        complain(signed_in(citizen), case, consents="on")
        complaint = Question.objects.get()
        given: dict[str, Any] = {"by": person("he"), "hall": at_north, "question_id": complaint.pk}
        reply_to_question(**given, text=REPLY, after=last_of(complaint))
        shown = publish_answer(**given, asked=f"{case.number}：{TEXT}", answered=f"{case.short_number} {REPLY}")
        assert (case.number in shown.asked, "曹办" in shown.asked, case.short_number in shown.answered) == (False,) * 3
        assert (shown.asked, shown.item_id) == (f"****：{TEXT.replace('曹办', '曹*')}", None)
        page = browser().get(f"/engagement/answers/{shown.pk}/").text
        assert "群众投诉" in page
        complain(signed_in(citizen), case)
        silent = Question.objects.latest("pk")
        reply_to_question(**given | {"question_id": silent.pk}, text=REPLY, after=last_of(silent))
        with pytest.raises(Conflict, match="没有同意公开"):
            publish_answer(**given | {"question_id": silent.pk}, asked=TEXT, answered=REPLY)


class TestApi:
    def test_takes_a_complaint_once_and_lists_it_to_administrators_alone(
        self, at_north: Hall, case: Case, citizen: Citizen
    ) -> None:
        here = signed_in(citizen)
        path = f"/api/hall/v1/casework/own/{case.pk}/complaints"

        def send(text: str, once: str) -> Any:
            return here.post(
                path, json.dumps({"text": text}), content_type="application/json", headers={"Idempotency-Key": once}
            )

        made = send(TEXT, "a")
        assert made.status_code == 201
        [own] = made.json()["complaints"]
        assert send(TEXT, "a").json() == made.json()
        assert send("还有一件", "b").status_code == 409
        assert here.get(f"/api/hall/v1/casework/own/{case.pk}").json()["complaints"] == [own]

        def program(username: str, *scopes: str) -> Client:
            account = Account.objects.get(username=username)
            key = issue_token(by=person(username), account=account, name="测试", scopes=scopes)
            return Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})

        root = "/api/hall/v1/engagement"
        he = program("he", "engagement.answer", "engagement.answer_complaints")
        [line] = he.get(f"{root}/complaints").json()["items"]
        assert (line["number"], line["kind"], line["case_id"]) == (own["number"], "complaint", str(case.pk))
        assert he.get(f"{root}/questions").json()["items"] == []
        assert he.get(f"{root}/questions/{line['id']}").json()["case_number"] == case.number
        taken = {"case_number": case.number, "phone_tail": phone_of(1)[-4:], "text": "来电", "channel": "phone"}
        taken |= {"phone": phone_of(7)}

        def take(client: Client, once: str) -> Any:
            headers = {"Idempotency-Key": once}
            return client.post(f"{root}/complaints", taken, content_type="application/json", headers=headers)

        cao, hua = program("cao", "engagement.answer"), program("hua", "engagement.answer")
        assert [take(cao, "c").json()["number"] for _ in range(2)] == [None, None]
        told = take(hua, "h").json()
        assert told["number"] == Question.objects.latest("pk").number
        assert (Question.objects.count(), told["due_on"]) == (3, line["due_on"])
        narrow = program("he", "engagement.answer")
        for client in (program("hua", "engagement.answer"), narrow):
            assert client.get(f"{root}/complaints").status_code == 403
            assert client.get(f"{root}/questions/{line['id']}").status_code == 404
