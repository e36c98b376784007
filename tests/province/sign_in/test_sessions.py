"""Who is signed in where, and how it ends: on all hosts at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from province.audit.models import AuditEntry
from province.people.models import Account
from province.people.operations.accounts import close_account, reopen_account
from province.people.operations.positions import give_position
from province.rights.roles import Role
from province.sign_in.models import Factor, SignInSession
from province.sign_in.operations.passwords import change_password
from province.sign_in.operations.sessions import begin_session, forget_old_sign_ins
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.halls import PASSWORD
from tests.factories.sign_in import NORTH, PROVINCE, SOUTH, Browser

pytestmark = pytest.mark.django_db

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"

SESSIONS = "/api/province/v1/sign_in/sessions"


def account(username: str) -> Account:
    return Account.objects.get(username=username)


@pytest.fixture
def sun() -> Browser:
    """Signed in at the province's host and at the north's, by one sign-in."""
    browser = Browser(HTTP_USER_AGENT=WINDOWS)
    browser.sign_in("sun", NORTH)
    assert browser.is_signed_in(NORTH)
    assert browser.is_signed_in(PROVINCE)
    return browser


class TestSignIn:
    def test_is_one_for_all_hosts(self, sun: Browser) -> None:
        session = SignInSession.objects.get()
        assert (session.account.username, session.factor, session.address) == ("sun", Factor.PASSWORD, "127.0.0.1")
        assert session.device == "Windows 电脑 · Chrome"

    @pytest.mark.parametrize("host", [PROVINCE, NORTH])
    def test_ends_on_all_hosts_by_one_button(self, sun: Browser, host: str) -> None:
        sun.at(host).post("/sign-out/")
        assert not sun.is_signed_in(PROVINCE)
        assert not sun.is_signed_in(NORTH)
        assert SignInSession.objects.get().ended_at
        assert AuditEntry.objects.filter(act="sign_in.sign_out", actor_name="孙北").count() == 1

    def test_needs_a_button_to_end(self, sun: Browser) -> None:
        assert sun.at(PROVINCE).get("/sign-out/").status_code == 405
        assert sun.is_signed_in()

    def test_ends_with_the_account(self, sun: Browser) -> None:
        close_account(by=person("zhao"), account=account("sun"))
        assert not sun.is_signed_in(PROVINCE)
        assert not sun.is_signed_in(NORTH)
        reopen_account(by=person("zhao"), account=account("sun"))
        assert not sun.is_signed_in(NORTH)
        assert SignInSession.objects.filter(ended_at=None).count() == 0

    def test_ends_after_twelve_hours(self, sun: Browser) -> None:
        SignInSession.objects.update(created_at=timezone.now() - timedelta(hours=12, seconds=1))
        assert not sun.is_signed_in(PROVINCE)
        assert not sun.is_signed_in(NORTH)

    @pytest.mark.parametrize(("username", "minutes"), [("sun", 60), ("zhao", 30), ("an", 15)])
    def test_ends_unused_the_sooner_the_more_it_may(self, username: str, minutes: int) -> None:
        browser = Browser()
        browser.sign_in(username)
        SignInSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=minutes - 1))
        assert browser.is_signed_in()
        SignInSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=minutes, seconds=1))
        assert not browser.is_signed_in()

    def test_ends_unused_the_sooner_once_somebody_was_given_more(self, sun: Browser) -> None:
        give_position(by=person("zhao"), account=account("sun"), role=Role.PROVINCE_OPERATOR)
        SignInSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=2))
        assert sun.is_signed_in()
        SignInSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=31))
        assert not sun.is_signed_in()

    def test_ends_with_a_password_set_from_the_shell(self, sun: Browser) -> None:
        owner = account("sun")
        owner.set_password("staple-battery-7")
        owner.save()
        assert not sun.is_signed_in(NORTH)

    def test_goes_on_where_the_password_is_changed_and_ends_elsewhere(self, sun: Browser) -> None:
        other = Browser()
        other.sign_in("sun", NORTH)
        new = "staple-battery-7"
        sun.post(NORTH, "/account/password/", {"present": PASSWORD, "new": new, "again": new})
        assert sun.is_signed_in(NORTH)
        assert sun.is_signed_in(PROVINCE)
        assert not other.is_signed_in(NORTH)
        assert not other.is_signed_in(PROVINCE)

    def test_of_a_session_without_one_is_nobodys(self, client: Client) -> None:
        """Sessions of former releases name no sign-in."""
        client.force_login(account("zhao"))
        session = client.session
        del session["sign_in"]
        session.save()
        assert client.get("/console/", headers={"host": PROVINCE}).status_code == 302

    @pytest.mark.parametrize(("made_at", "used_at"), [(NORTH, PROVINCE), (NORTH, SOUTH), (PROVINCE, NORTH)])
    def test_is_worth_nothing_at_another_host(self, sun: Browser, made_at: str, used_at: str) -> None:
        thief = Client(HTTP_HOST=used_at)
        stolen = sun.at(made_at).cookies["sessionid"].value
        thief.cookies["sessionid"] = stolen
        page = thief.get("/account/")
        assert page.status_code == 302
        assert "/sign-in/" in page["Location"]
        # and it goes on where it belongs
        assert sun.is_signed_in(made_at)
        assert sun.at(made_at).cookies["sessionid"].value == stolen

    def test_does_not_begin_at_another_host_under_the_same_key(self, sun: Browser) -> None:
        key = sun.at(NORTH).cookies["sessionid"].value
        there = Client(HTTP_HOST=PROVINCE)
        there.cookies["sessionid"] = key
        there.post("/sign-in/", {"username": "zhao", "password": PASSWORD})
        assert there.cookies["sessionid"].value != key
        assert sun.is_signed_in(NORTH)

    def test_is_not_taken_by_naming_it(self, client: Client) -> None:
        """The id of a sign-in is no secret: it counts only where the server has written it."""
        begin_session(account=account("zhao"), factor=Factor.PASSWORD, address="10.0.0.1", agent="")
        client.cookies["sign_in"] = str(SignInSession.objects.get().pk)
        assert client.get("/console/", headers={"host": PROVINCE}).status_code == 302

    def test_costs_no_more_queries_than_a_session_and_an_account(self, sun: Browser) -> None:
        with CaptureQueriesContext(connection) as asked:
            sun.at(PROVINCE).get("/sign-in/")
        tables = [
            query["sql"]
            for query in asked
            if ("people_" in query["sql"] or "sign_in_" in query["sql"]) or "django_session" in query["sql"]
        ]
        assert len(tables) == 2, tables

    def test_notes_when_it_was_seen_once_a_minute(self, sun: Browser) -> None:
        long_ago = timezone.now() - timedelta(minutes=2)
        SignInSession.objects.update(last_seen_at=long_ago)
        sun.at(PROVINCE).get("/sign-in/")
        seen = SignInSession.objects.get().last_seen_at
        assert seen > long_ago
        sun.at(PROVINCE).get("/sign-in/")
        assert SignInSession.objects.get().last_seen_at == seen


class TestSessionsPage:
    def test_lists_where_somebody_is_signed_in(self, sun: Browser) -> None:
        Browser(HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1").sign_in("sun")
        page = sun.at(PROVINCE).get("/account/sessions/").content.decode()
        assert "Windows 电脑 · Chrome" in page
        assert "iPhone · Safari" in page
        assert page.count("这台</span>") == 1

    def test_ends_one(self, sun: Browser) -> None:
        lost = Browser()
        lost.sign_in("sun", NORTH)
        session = SignInSession.objects.order_by("-pk")[0]
        sun.post(PROVINCE, "/account/sessions/end/", {"session": str(session.pk)})
        assert not lost.is_signed_in(NORTH)
        assert sun.is_signed_in(NORTH)

    def test_ends_all_others(self, sun: Browser) -> None:
        others = [Browser(), Browser()]
        for other in others:
            other.sign_in("sun", NORTH)
        page = sun.post(PROVINCE, "/account/sessions/end/", {}).content.decode()
        assert "已退出其他 2 处登录" in page
        assert not any(other.is_signed_in(NORTH) for other in others)
        assert sun.is_signed_in(NORTH)

    @pytest.mark.parametrize(("named", "status"), [("somebody's", 404), ("nonsense", 422)])
    def test_ends_nobody_elses(self, sun: Browser, named: str, status: int) -> None:
        other = Browser()
        other.sign_in("li")
        key = str(SignInSession.objects.get(account__username="li").pk) if named != "nonsense" else named
        assert sun.at(PROVINCE).post("/account/sessions/end/", {"session": key}).status_code == status
        assert other.is_signed_in()


class TestSessionsInterface:
    def test_lists_and_ends_ones_own_as_the_page_does(self, sun: Browser) -> None:
        others = [Browser(), Browser()]
        for other in others:
            other.sign_in("sun", NORTH)
        stranger = Browser()
        stranger.sign_in("li")
        own = sun.at(PROVINCE).get(SESSIONS).json()
        assert [one["device"] for one in own].count("Windows 电脑 · Chrome") == 1
        assert len(own) == 3
        lost = str(SignInSession.objects.filter(account__username="sun").latest("pk").pk)
        theirs = str(SignInSession.objects.get(account__username="li").pk)
        assert sun.at(PROVINCE).delete(f"{SESSIONS}/{theirs}").status_code == 404
        for _ in range(2):
            ended = sun.at(PROVINCE).delete(f"{SESSIONS}/{lost}", headers={"idempotency-key": "lost-phone"})
            assert (ended.status_code, ended.json()["ended_at"] is None) == (200, False)
        assert [other.is_signed_in(NORTH) for other in others] == [True, False]
        assert sun.at(PROVINCE).delete(SESSIONS).json() == {"ended": 1}
        assert not others[0].is_signed_in(NORTH)
        assert sun.is_signed_in(NORTH)
        assert stranger.is_signed_in()
        acts = AuditEntry.objects.filter(act__startswith="sign_in.sign_out").order_by("pk")
        assert list(acts.values_list("act", flat=True)) == ["sign_in.sign_out", "sign_in.sign_out_others"]

    def test_has_nothing_for_a_programs_key(self, sun: Browser) -> None:
        key = issue_token(by=person("sun"), account=account("sun"), name="程序", scopes=["portal.write"])
        program = Client(headers={"host": PROVINCE, "authorization": f"Bearer {key}"})
        present = SignInSession.objects.get()
        answers = [program.get(SESSIONS), program.delete(SESSIONS), program.delete(f"{SESSIONS}/{present.pk}")]
        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert sun.is_signed_in(NORTH)


class TestForgetOldSignIns:
    def test_keeps_what_is_still_asked_about(self, sun: Browser) -> None:
        old = begin_session(account=account("li"), factor=Factor.PASSWORD, address="10.0.0.1", agent="")
        SignInSession.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=184))
        Session.objects.create(session_key="old", session_data="", expire_date=timezone.now())
        forget_old_sign_ins()
        assert sun.is_signed_in(NORTH)
        assert not SignInSession.objects.filter(pk=old.pk).exists()
        assert not Session.objects.filter(session_key="old").exists()


class TestChangePassword:
    def test_counts_wrong_present_ones(self, sun: Browser) -> None:
        for _ in range(5):
            sun.post(NORTH, "/account/password/", {"present": "wrong", "new": "x" * 12, "again": "x" * 12})
        answer: Any = sun.post(NORTH, "/account/password/", {"present": PASSWORD, "new": "x" * 12, "again": "x" * 12})
        assert "请 5 分钟后再试" in answer.content.decode()

    def test_keeps_nothing_where_it_is_called_without_a_session(self) -> None:
        session = begin_session(account=account("zhao"), factor=Factor.PASSWORD, address="10.0.0.1", agent="")
        change_password(
            by=person("zhao"),
            account=account("zhao"),
            present=PASSWORD,
            new="staple-battery-7",
            address="10.0.0.1",
            kept=None,
        )
        session.refresh_from_db()
        assert session.ended_at
