"""Pages of questions: asked and looked up on the site, answered at the desk, published; and the same for programs."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from foundation.proof_of_work import make_challenge
from province.audit.models import AuditEntry
from province.citizens.operations.look_ups import WRONG_LOOK_UPS
from province.halls.models import Hall
from province.people.models import Account, Unit
from province.sign_in.operations.tokens import issue_token
from tenants.engagement.models import Question
from tenants.services.models import Adoption
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.citizens import make_citizen, phone_of
from tests.factories.engagement import REPLY, TEXT, last_of, make_handler, make_published, make_question, reply
from tests.factories.people import client_of
from tests.factories.proofs import proof_for
from tests.factories.sites import inside, make_columns
from tests.tenants.citizen_pages.test_pages import browser, signed_in
from tests.tenants.services.test_site_pages import UNSAFE, queries_of

pytestmark = pytest.mark.django_db
NORTH, SOUTH, VILLAGE = (f"{name}.yizhan.localhost" for name in ("north", "south", "village"))


@pytest.fixture
def site(north: Hall) -> Client:
    make_columns(north)
    return browser()


@pytest.fixture
def shown(north: Hall) -> Adoption:
    return make_shown(north)


def ask(site: Client, path: str = "/engagement/ask/", **fields: str) -> Any:
    return site.post(path, {"text": TEXT, "phone": phone_of(), "name": ""} | fields)


def look_up(site: Client, number: object, tail: str = phone_of()[-4:], **headers: str) -> Any:
    return site.post("/progress/", {"number": str(number), "tail": tail}, headers=headers)


class TestAsking:
    def test_leads_from_the_guide_to_a_number_and_the_promised_day(
        self, site: Client, north: Hall, shown: Adoption
    ) -> None:
        path = f"/engagement/ask/{shown.item_id}/"
        assert f'href="{path}"' in site.get(f"/services/{shown.item_id}/").text
        form = site.get(path)
        assert "no-store" in form["Cache-Control"]
        assert "altcha-widget" in form.text
        answer = ask(site, path, name="王大妈")
        with inside(north):
            question = Question.objects.get()
        assert answer["Location"] == f"/engagement/questions/{question.pk}/"
        page = site.get(answer["Location"]).text
        assert str(question.number) in page
        assert f"最迟在{question.due_on.year}年{question.due_on.month}月{question.due_on.day}日答复您" in page
        for secret in (phone_of(), "王大妈"):
            assert secret not in page

    def test_says_what_is_wrong_and_keeps_what_was_written(self, site: Client, north: Hall) -> None:
        Unit.objects.create(hall_id=north.pk, name="民政局")
        answer = ask(site, phone="123")
        assert answer.status_code == 422
        assert "请填写 11 位手机号" in answer.text
        assert TEXT in answer.text
        for fields in ({"text": ""}, {"text": "问" * 501}, {"altcha": "x"}, {"unit_id": str(uuid4())}):
            assert ask(site, **fields).status_code == 422
        unsafe = ask(site, text=UNSAFE, name=UNSAFE[:40], phone="x").text
        assert "<script>alert" not in unsafe
        strict = Client(enforce_csrf_checks=True, headers={"host": NORTH})
        assert ask(strict).status_code == 403
        with inside(north):
            assert not Question.objects.exists()

    def test_takes_a_proof_once_but_the_same_form_twice(self, site: Client, north: Hall) -> None:
        proof, form_id = proof_for(make_challenge()), str(uuid4())
        first = ask(site, altcha=proof, form_id=form_id)
        assert ask(site, altcha=proof, form_id=form_id)["Location"] == first["Location"]
        assert "已经用过" in ask(site, altcha=proof).text
        with inside(north):
            assert Question.objects.count() == 1

    def test_asks_a_signed_in_citizen_for_nothing_twice(self, site: Client, south: Hall) -> None:
        make_columns(south)
        citizen = make_citizen(5, name="张小三")
        here, there = signed_in(citizen), signed_in(citizen, SOUTH)
        form = here.get("/engagement/ask/").text
        assert "altcha" not in form
        assert 'name="phone"' not in form
        assert "张*三" in form
        answer = here.post("/engagement/ask/", {"text": TEXT})
        page = here.get(answer["Location"]).text
        assert "最迟在" in page
        there.post("/engagement/ask/", {"text": "南边的问题"})
        mine = here.get("/me/").text
        assert "我的咨询" in mine
        assert TEXT in mine
        assert "南边的问题" not in mine
        assert f"{south.slug}.yizhan.localhost" in mine
        assert "1 条待答复" in mine


class TestProgress:
    def test_shows_the_thread_to_who_knows_number_and_tail(self, site: Client, north: Hall) -> None:
        question = make_question(north)
        reply(north, question, "hua")
        address = f"/engagement/questions/{question.pk}/"
        assert 'action="/progress/"' in site.get("/").text
        stranger = browser()
        assert stranger.get(address)["Location"] == "/progress/"
        assert look_up(stranger, f" {question.number} ")["Location"] == address
        page = stranger.get(address).text
        assert REPLY in page
        assert "追问（还可以追问 3 次" in page
        with inside(north):
            after = str(last_of(question))
        assert "请写下您的问题" in stranger.post(address, {"text": "", "after": after}).text
        assert stranger.post(address, {"text": "要带原件吗？", "after": after}).status_code == 302
        assert "最迟在" in stranger.get(address).text
        # read before the further question: nothing is lost, and it is said why
        reply(north, question, "hua", "要。")
        late = stranger.post(address, {"text": "复印件行吗？", "after": after})
        assert late.status_code == 422
        assert "复印件行吗？" in late.text
        assert "已答复，您写的内容没有提交" in late.text

    def test_does_not_tell_what_was_wrong_and_ends_guessing(self, site: Client, north: Hall, south: Hall) -> None:
        make_columns(south)
        question = make_question(north)
        other = 10_000_000 if question.number != 10_000_000 else 10_000_001
        wrong_tail, wrong_number = look_up(site, question.number, "0000"), look_up(site, other)
        assert (wrong_tail.status_code, wrong_number.status_code) == (422, 422)
        same = wrong_tail.text.replace(str(question.number), "").replace("0000", "")
        assert same == wrong_number.text.replace(str(other), "").replace(phone_of()[-4:], "")
        assert look_up(browser(SOUTH), question.number).status_code == 422
        assert look_up(site, question.number, "abcd").status_code == 422
        # right ones count for nothing
        assert look_up(browser(), question.number).status_code == 302
        for _ in range(WRONG_LOOK_UPS - 1):
            assert look_up(site, question.number, "0000").status_code == 422
        # right or wrong: an hour long nobody learns anything
        assert look_up(browser(), question.number).status_code == 429
        assert look_up(site, other, "0000").status_code == 422

    def test_is_asked_by_own_pages_alone(self, site: Client, north: Hall) -> None:
        number = make_question(north).number
        strict = Client(enforce_csrf_checks=True, headers={"host": NORTH})
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            assert look_up(strict, number, **headers).status_code == 403
        own = {"origin": f"http://{NORTH}", "sec-fetch-site": "same-origin"}
        assert look_up(strict, number, **own).status_code == 302

    def test_finds_nothing_of_another_hall(self, site: Client, north: Hall, south: Hall) -> None:
        make_columns(south)
        question = make_question(north)
        assert browser(SOUTH).get(f"/engagement/questions/{question.pk}/").status_code == 404
        assert client_of("zhou", SOUTH).get(f"/desk/questions/{question.pk}/").status_code == 403


class TestDesk:
    def test_shows_what_waits_and_late_ones_first_in_red(self, north: Hall) -> None:
        fresh, late = make_question(north, text="新的问题"), make_question(north, text=f"老问题 {phone_of()}")
        with inside(north):
            Question.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
        hua = client_of("hua", NORTH)
        overview = hua.get("/desk/").text
        assert overview.index("老问题") < overview.index("新的问题")
        assert '<span class="tag error">已超期</span>' in overview
        assert '2<span class="visually-hidden"> 条待答复</span>' in overview
        table = hua.get("/desk/questions/").text
        assert table.index("老问题") < table.index("新的问题")
        assert "新的问题" not in hua.get("/desk/questions/?state=late").text
        assert "老问题" in hua.get(f"/desk/questions/?number={late.number}").text
        assert "没有符合条件" in hua.get("/desk/questions/?words=不存在的词").text
        book = hua.get("/desk/questions/?export=xlsx")
        assert book["Content-Type"].endswith("spreadsheetml.sheet")
        text = hua.get("/desk/questions/?export=csv").content.decode()
        assert str(fresh.number) in text
        assert phone_of() not in text + overview + table
        # an editor of texts has no part in it
        assert client_of("sun", NORTH).get("/desk/questions/").status_code == 403
        assert "老问题" not in client_of("sun", NORTH).get("/desk/").text

    def test_answers_keeps_drafts_and_loses_nothing_to_a_second_answer(self, north: Hall) -> None:
        question = make_question(north, name="王大妈")
        address = f"/desk/questions/{question.pk}/"
        hua, he = client_of("hua", NORTH), client_of("he", NORTH)
        with inside(north):
            after = str(last_of(question))
        saved = hua.post(f"{address}draft/", {"text": "低保可以由子女"}, headers={"HX-Request": "true"})
        assert saved.text == "草稿已保存，只有您看得到。"
        # signed out and in again
        assert "低保可以由子女" in client_of("hua", NORTH).get(address).text
        assert "低保可以由子女" not in he.get(address).text
        assert he.post(address, {"act": "reply", "text": REPLY, "after": after}).status_code == 302
        second = hua.post(address, {"act": "reply", "text": "我也答了", "after": after})
        assert second.status_code == 422
        assert "何北在" in second.text
        assert "我也答了" in second.text
        assert REPLY in second.text
        # the form that came back knows what was said meanwhile
        with inside(north):
            newest = str(last_of(question))
        assert f'value="{newest}"' in second.text
        assert hua.post(address, {"act": "reply", "text": "我也答了", "after": newest}).status_code == 302
        assert hua.post(address, {"act": "close", "reason": "已电话回访"}).status_code == 302
        assert "提交答复" not in hua.get(address).text

    def test_shows_the_number_to_call_once_and_for_a_reason(self, north: Hall) -> None:
        guest, citizen = make_question(north, name="王大妈"), make_citizen(5)
        with inside(north):
            Question.objects.filter(pk=make_question(north).pk).update(citizen_id=citizen.pk, guest_contact_id=None)
            own = Question.objects.get(citizen_id=citizen.pk)
        hua = client_of("hua", NORTH)
        for question, phone in ((guest, phone_of()), (own, phone_of(5))):
            address = f"/desk/questions/{question.pk}/"
            assert phone not in hua.get(address).text
            assert "至少 4 个字" in hua.post(f"{address}reveal/", {"reason": "看"}).text
            assert phone in hua.post(f"{address}reveal/", {"reason": "电话核实情况"}).text
            assert phone not in hua.get(address).text
        acts = AuditEntry.objects.filter(act__in=["citizens.reveal_guest_contact", "citizens.reveal_citizen"])
        assert sorted(acts.values_list("hall_id", flat=True)) == [north.pk, north.pk]
        # who handles cases answers, and sees no number
        cao = client_of("cao", NORTH)
        assert cao.post(f"/desk/questions/{guest.pk}/reveal/", {"reason": "电话核实情况"}).status_code == 422

    def test_of_a_department_finds_its_own_alone(self, north: Hall) -> None:
        unit = make_handler(north, "min", "民政局").positions.get().unit
        assert unit
        own, other = make_question(north, text="民政的", unit_id=unit.pk), make_question(north, text="窗口的")
        clerk = client_of("min", NORTH)
        assert "民政的" in clerk.get("/desk/").text
        assert "窗口的" not in clerk.get("/desk/").text + clerk.get("/desk/questions/").text
        assert clerk.get(f"/desk/questions/{other.pk}/").status_code == 404
        with inside(north):
            after = str(last_of(own))
        handed = clerk.post(f"/desk/questions/{own.pk}/", {"act": "transfer", "unit_id": "", "after": after})
        assert handed["Location"] == "/desk/questions/"
        assert clerk.get(f"/desk/questions/{own.pk}/").status_code == 404
        assert "民政的" in client_of("hua", NORTH).get("/desk/questions/?unit=window").text

    def test_of_a_village_answers_too(self, site: Client) -> None:
        village = Hall.objects.get(slug="village")
        make_columns(village)
        asked = ask(browser(VILLAGE))
        assert asked.status_code == 302
        assert TEXT in client_of("jiang", VILLAGE).get("/desk/").text

    def test_is_set_up_by_the_administrator(self, north: Hall, shown: Adoption) -> None:
        he, hua = client_of("he", NORTH), client_of("hua", NORTH)
        assert "的事项</label>" in he.get("/desk/questions/settings/").text
        assert hua.post("/desk/questions/settings/", {"days": "3"}).status_code == 422
        assert he.post("/desk/questions/settings/", {"days": "99"}).status_code == 422
        assert he.post("/desk/questions/settings/", {"days": "3"}).status_code == 302
        entered = {"text": TEXT, "channel": "phone", "phone": phone_of(), "received_on": "2025-01-24"}
        assert hua.post("/desk/questions/new/", entered).status_code == 302
        with inside(north):
            # 26 and 27 January, 5 February
            assert str(Question.objects.get().due_on) == "2025-02-05"


class TestPublishedAnswers:
    def test_are_gone_over_found_and_taken_down(self, site: Client, north: Hall, shown: Adoption) -> None:
        question = make_question(
            north, shown.item_id, text=f"我叫王大妈，电话 {phone_of()}，能办吗？", name="王大妈", consents=True
        )
        reply(north, question, "hua")
        hua, address = client_of("hua", NORTH), f"/desk/questions/{question.pk}/publication/"
        form = hua.get(address).text
        assert "王大妈" not in form
        assert phone_of() not in form
        preview = hua.post(address, {"act": "preview", "asked": "租房的，能办吗？", "answered": REPLY})
        assert preview.text.count("租房的，能办吗？") == 2
        assert "租房的" not in site.get("/engagement/").text
        guide = f"/services/{shown.item_id}/"
        before = site.get(guide)
        assert hua.post(address, {"act": "publish", "asked": "租房的，能办吗？", "answered": REPLY}).status_code == 302
        assert site.get(guide)["ETag"] != before["ETag"]
        places = ("/engagement/", "/engagement/find/?q=租房", "/search/?q=租房", guide)
        assert [path for path in places if "租房的，能办吗？" not in site.get(path).text] == []
        assert "没有找到" in site.get("/engagement/find/?q=房产税").text
        [link] = [
            part.partition('"')[0] for part in site.get("/engagement/").text.split('href="')[1:] if "/answers/" in part
        ]
        assert REPLY in site.get(link).text
        assert link in site.get("/sitemap.xml").text
        assert "撤下的原因" in hua.post(address, {"act": "withdraw", "reason": ""}).text
        assert hua.post(address, {"act": "withdraw", "reason": "政策有变化"}).status_code == 302
        assert [path for path in places if "租房的，能办吗？" in site.get(path).text] == []
        assert site.get(link).status_code == 404

    def test_cost_the_guide_the_same_however_many(self, site: Client, north: Hall, shown: Adoption) -> None:
        few = queries_of(site, f"/services/{shown.item_id}/")
        for serial in range(4):
            make_published(north, shown.item_id, by="hua", phone=phone_of(serial), text=f"第 {serial} 问")
        guide = f"/services/{shown.item_id}/"
        assert site.get(guide).text.count('<details class="asked">') == 3
        assert queries_of(browser(), f"{guide}?before=x") == few


class TestApi:
    ROOT = "/api/hall/v1/engagement/questions"

    def test_does_what_the_desk_does_once_for_a_key(self, north: Hall) -> None:
        account = Account.objects.get(username="hua")
        key = issue_token(
            by=person("hua"),
            account=account,
            name="测试",
            scopes=("engagement.answer", "engagement.publish", "citizens.reveal"),
        )
        client = Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})

        def send(method: str, path: str, data: object, once: str = "") -> Any:
            headers = {"Idempotency-Key": once} if once else {}
            body = json.dumps(data)
            return client.generic(method, f"{self.ROOT}{path}", body, content_type="application/json", headers=headers)

        asked = {"text": TEXT, "phone": phone_of(), "name": "王大妈", "consents": True}
        made = send("POST", "", asked, once="a")
        assert made.status_code == 201
        assert send("POST", "", asked, once="a").json() == made.json()
        question = made.json()
        assert (question["name"], question["phone"]) == ("王*妈", "138****0001")
        path, after = f"/{question['id']}", question["messages"][-1]["id"]
        assert [one["id"] for one in client.get(self.ROOT, {"state": "waiting"}).json()["items"]] == [question["id"]]
        assert send("POST", f"{path}/call", {"reason": ""}).status_code == 422
        assert send("POST", f"{path}/call", {"reason": "回电核实情况"}).json() == {"phone": phone_of()}
        answered = send("POST", f"{path}/reply", {"text": REPLY, "after": after}, once="b")
        assert answered.json()["state"] == "answered"
        assert send("POST", f"{path}/reply", {"text": "再答", "after": after}).status_code == 409
        shown = send("PUT", f"{path}/publication", {"asked": f"王大妈 {TEXT}", "answered": REPLY})
        assert shown.json()["published"] == "shown"
        withdrawn = send("POST", f"{path}/publication/withdraw", {"reason": "政策有变化"})
        assert withdrawn.json()["published"] == "withdrawn"
        assert send("POST", f"{path}/close", {"reason": "已回访"}).json()["state"] == "closed"
        assert send("POST", f"{path}/refuse", {"reason": "不归这里", "after": after}).status_code == 409
        assert client.get(f"{self.ROOT}/{uuid4()}").status_code == 404
        second = send("POST", "", asked).json()
        moved = {"unit_id": str(uuid4()), "after": second["messages"][-1]["id"]}
        assert send("POST", f"/{second['id']}/transfer", moved).status_code == 422

    def test_sets_up_who_answers_and_within_which_limit(self, north: Hall, shown: Adoption) -> None:
        def program(username: str, *scopes: str) -> Client:
            account = Account.objects.get(username=username)
            key = issue_token(by=person(username), account=account, name="测试", scopes=scopes)
            return Client(headers={"host": NORTH, "authorization": f"Bearer {key}"})

        he, hua = program("he", "engagement.manage", "engagement.answer"), program("hua", "engagement.answer")
        address = self.ROOT.replace("questions", "settings")
        [line] = he.get(address).json()["units"]
        given = {"days": 3, "units": [{"department_id": line["department_id"], "unit_id": None}]}
        assert hua.put(address, given, content_type="application/json").status_code == 403
        saved = he.put(address, given, content_type="application/json")
        assert saved.json() == {"days": 3, "complaint_days": 10, "units": [line | {"unit_id": None}]}
        for wrong in ({"department_id": str(UUID(int=1)), "unit_id": None}, line | {"unit_id": str(UUID(int=1))}):
            assert he.put(address, given | {"units": [wrong]}, content_type="application/json").status_code == 422
