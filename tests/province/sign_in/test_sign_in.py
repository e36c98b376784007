"""Name and password, who tries too often, activation, and the device that an account knows."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from config.api import actor_with_token
from foundation.crypto.passwords import PasswordHasher
from foundation.errors import Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.people.models import Account, ActivationCode
from province.people.operations.activation import issue_activation
from province.sign_in.models import Factor, Passkey, SignInSession, SignInTry
from province.sign_in.operations.passwords import activate_account
from province.sign_in.operations.sign_in import check_password
from province.sign_in.operations.throttling import TRIES_BEFORE_SLOW, WRONG_TRIES, WRONG_TRIES_OF_ADDRESS
from province.sign_in.operations.tokens import issue_token
from tests.conftest import person
from tests.factories.halls import PASSWORD
from tests.factories.sign_in import NORTH, PROVINCE, Browser, make_totp
from tests.races import at_once
from tests.servers import ROOT

NEW = "staple-battery-7"


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST=PROVINCE)


def sign_in(client: Client, username: str = "zhao", password: str = PASSWORD, query: str = "") -> Any:
    return client.post(f"/sign-in/{query}", {"username": username, "password": password})


def account(username: str) -> Account:
    return Account.objects.get(username=username)


@pytest.mark.django_db
class TestSignInPage:
    def test_leads_to_the_console_on_the_provinces_host(self, visitor: Client) -> None:
        assert sign_in(visitor)["Location"] == "/console/"

    def test_leads_back_to_where_somebody_was(self, visitor: Client) -> None:
        assert sign_in(visitor, query="?next=/console/halls/")["Location"] == "/console/halls/"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/",
            "//evil.example/",
            "javascript:alert(1)",
            "http://north.yizhan.localhost.evil.example/desk/",
            "http://north.yizhan.localhost@evil.example/",
            "http://nowhere.yizhan.localhost/desk/",
            "http://north.yizhan.localhost:1/desk/",
            "\\\\evil.example",
        ],
    )
    def test_leads_nowhere_else(self, visitor: Client, elsewhere: str) -> None:
        assert sign_in(visitor, query=f"?next={elsewhere}")["Location"] == "/console/"

    def test_gives_the_session_a_new_key(self, visitor: Client) -> None:
        session = visitor.session
        session["planted"] = "1"
        session.save()
        visitor.cookies["sessionid"] = session.session_key
        sign_in(visitor)
        assert visitor.cookies["sessionid"].value != session.session_key
        assert "planted" not in visitor.session

    def test_says_the_same_of_a_wrong_password_and_an_unknown_name(self, visitor: Client) -> None:
        wrong = sign_in(visitor, password="wrong")
        unknown = sign_in(visitor, username="nobody", password="wrong")
        assert wrong.status_code == unknown.status_code == 422
        for answer in (wrong, unknown):
            assert "账号或密码不正确。" in answer.content.decode()

    def test_hashes_once_whether_or_not_there_is_such_a_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Timing follows from the work: one password hash for a right name, a wrong one, a closed one, and one that has
        no password."""
        hashed: list[str] = []

        def count(name: str) -> None:
            done = getattr(PasswordHasher, name)

            def counted(self: Any, password: str, *args: Any, **named: Any) -> Any:
                hashed.append(password)
                return done(self, password, *args, **named)

            monkeypatch.setattr(PasswordHasher, name, counted)

        count("encode")
        count("verify")
        Account.objects.filter(username="qian").update(is_active=False)
        Account.objects.filter(username="li").update(password="!none")
        for username in ("zhao", "nobody", "qian", "li"):
            before = len(hashed)
            with pytest.raises(Invalid):
                check_password(username=username, password="wrong", address="10.0.0.1")
            assert len(hashed) - before == 1, username

    def test_keeps_a_password_as_strongly_hashed_as_the_cheat_sheet_asks(self) -> None:
        """OWASP's Password Storage Cheat Sheet: Argon2id with at least 19 MiB, two passes and one lane."""
        kept = PasswordHasher().encode("dangyang-2026", "a salt of its own")
        assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")

    def test_refuses_a_closed_account(self, visitor: Client) -> None:
        Account.objects.filter(username="zhao").update(is_active=False)
        assert "账号或密码不正确。" in sign_in(visitor).content.decode()

    def test_leaves_an_audit_entry(self, visitor: Client) -> None:
        sign_in(visitor)
        assert AuditEntry.objects.filter(act="sign_in.sign_in", actor_name="赵敏").count() == 1

    def test_offers_the_passkey_first(self, visitor: Client) -> None:
        page = visitor.get("/sign-in/").content.decode()
        assert 0 < page.index("用通行密钥登录") < page.index("用密码登录")

    def test_offers_nobody_by_one_click(self, visitor: Client) -> None:
        assert "演示" not in visitor.get("/sign-in/").content.decode()
        assert visitor.post("/demo/sign-in/", {"username": "zhao"}).status_code == 404


@pytest.mark.django_db
class TestTries:
    def test_lock_a_name_after_five_wrong_ones(self, visitor: Client) -> None:
        for _ in range(WRONG_TRIES):
            sign_in(visitor, password="wrong")
        assert "请 5 分钟后再试" in sign_in(visitor).content.decode()

    def test_lock_an_unknown_name_in_the_same_words(self, visitor: Client) -> None:
        pages = []
        for name in ("zhao", "nobody"):
            for _ in range(WRONG_TRIES):
                sign_in(visitor, name, "wrong")
            pages.append(sign_in(visitor, name, "wrong").content.decode())
        assert all("连续输错 5 次，为保护账号，请 5 分钟后再试。" in page for page in pages)

    def test_lock_one_name_at_one_address_alone(self, visitor: Client) -> None:
        for _ in range(WRONG_TRIES):
            sign_in(visitor, password="wrong")
        assert sign_in(visitor, "qian").status_code == 302
        assert sign_in(Client(HTTP_HOST=PROVINCE, REMOTE_ADDR="10.0.0.9")).status_code == 302

    def test_end_by_themselves(self, visitor: Client) -> None:
        for _ in range(WRONG_TRIES):
            sign_in(visitor, password="wrong")
        SignInTry.objects.update(last_at=timezone.now() - timedelta(minutes=6))
        assert sign_in(visitor).status_code == 302

    def test_are_forgotten_after_a_right_one(self, visitor: Client) -> None:
        for _ in range(2):
            for _ in range(WRONG_TRIES - 1):
                sign_in(visitor, password="wrong")
            assert sign_in(visitor).status_code == 302
            visitor.cookies.clear()

    def test_lock_an_address_that_tries_many_names(self) -> None:
        for number in range(WRONG_TRIES_OF_ADDRESS):
            with pytest.raises(Invalid):
                check_password(username=f"name{number}", password="", address="10.0.0.7")
        with pytest.raises(NotAllowed, match="您所在网络"):
            check_password(username="zhao", password=PASSWORD, address="10.0.0.7")
        assert check_password(username="zhao", password=PASSWORD, address="10.0.0.8")

    def test_from_everywhere_slow_a_name_down_but_for_its_own_devices(self) -> None:
        owner = Browser()
        owner.sign_in("zhao")
        owner.post(PROVINCE, "/sign-out/", {})
        now = timezone.now()
        SignInTry.objects.update_or_create(
            step=SignInTry.Step.PASSWORD,
            username="zhao",
            address="",
            defaults={"failures": TRIES_BEFORE_SLOW, "last_at": now},
        )
        assert "20 秒后再试" in Browser(REMOTE_ADDR="10.0.0.9").sign_in("zhao").content.decode()
        owner.sign_in("zhao")
        assert owner.is_signed_in()

    def test_slow_and_never_close_a_name(self) -> None:
        SignInTry.objects.create(
            username="zhao", failures=10 * TRIES_BEFORE_SLOW, last_at=timezone.now() - timedelta(seconds=21)
        )
        assert check_password(username="zhao", password=PASSWORD, address="10.0.0.9")

    def test_do_not_believe_a_device_that_anybody_made_up(self, visitor: Client) -> None:
        SignInTry.objects.create(username="zhao", failures=TRIES_BEFORE_SLOW, last_at=timezone.now())
        visitor.cookies["device"] = "WyJ6aGFvIl0:forged"
        assert sign_in(visitor).status_code == 422


@pytest.mark.django_db
class TestPasswordField:
    def test_is_hidden_and_takes_what_is_pasted(self, visitor: Client) -> None:
        page = visitor.get("/sign-in/").content.decode()
        field = re.search(r'<input[^>]*name="password"[^>]*>', page)
        assert field
        assert 'type="password"' in field[0]
        assert 'autocomplete="current-password"' in field[0]
        assert "paste" not in page


@pytest.mark.usefixtures("fresh_database")
class TestTriesAtOnce:
    def test_all_count(self) -> None:
        wrong = partial(check_password, username="zhao", password="wrong", address="10.0.0.1")
        answers = at_once(*[wrong] * 8)
        assert sum(isinstance(answer, NotAllowed) for answer in answers) == 3
        with pytest.raises(NotAllowed):
            check_password(username="zhao", password=PASSWORD, address="10.0.0.1")


@pytest.mark.django_db
class TestActivation:
    def test_sets_the_password_once(self) -> None:
        code = issue_activation(by=person("zhao"), account=account("wu"))
        browser = Browser()
        form = {"username": "wu", "code": code.lower().replace("-", " "), "new": NEW, "again": NEW}
        browser.post(PROVINCE, "/sign-in/activate/", form)
        assert browser.is_signed_in()
        assert check_password(username="wu", password=NEW, address="10.0.0.1")
        again = Browser().post(PROVINCE, "/sign-in/activate/", form)
        assert "已经用过" in again.content.decode()

    def test_says_the_same_of_an_unknown_name_and_a_wrong_code(self) -> None:
        issue_activation(by=person("zhao"), account=account("wu"))
        words = []
        for username in ("wu", "nobody", "zhao"):
            with pytest.raises(Invalid) as refused:
                activate_account(username=username, code="AAAA", password=NEW, address="10.0.0.1")
            words.append(refused.value.message)
        assert len(set(words)) == 1

    def test_ends_after_a_week_and_with_a_newer_code(self) -> None:
        former = issue_activation(by=person("zhao"), account=account("wu"))
        code = issue_activation(by=person("zhao"), account=account("wu"))
        activate = partial(activate_account, username="wu", password=NEW, address="10.0.0.1")
        with pytest.raises(Invalid):
            activate(code=former)
        ActivationCode.objects.update(expires_at=timezone.now())
        with pytest.raises(Invalid):
            activate(code=code)

    def test_takes_former_factors_sign_ins_and_keys_away(self) -> None:
        make_totp(account("sun"))
        key = issue_token(by=person("sun"), account=account("sun"), name="旧的", scopes=["content.read"])
        Passkey.objects.create(account=account("sun"), name="x", credential_id=b"1", credential=b"1")
        stranger = Browser()
        stranger.at(PROVINCE).force_login(account("sun"))
        code = issue_activation(by=person("zhao"), account=account("sun"))
        assert stranger.is_signed_in()
        activate_account(username="sun", code=code, password=NEW, address="10.0.0.1")
        assert not stranger.is_signed_in()
        assert not Passkey.objects.exists()
        assert actor_with_token(key, address="10.0.0.1") is None

    def test_is_issued_by_who_manages_people(self) -> None:
        with pytest.raises(NotAllowed):
            issue_activation(by=person("wu"), account=account("sun"))

    def test_counts_wrong_codes(self) -> None:
        for _ in range(WRONG_TRIES):
            with pytest.raises(Invalid):
                activate_account(username="wu", code="AAAA", password=NEW, address="10.0.0.1")
        code = issue_activation(by=person("zhao"), account=account("wu"))
        with pytest.raises(NotAllowed):
            activate_account(username="wu", code=code, password=NEW, address="10.0.0.1")


@pytest.mark.usefixtures("fresh_database")
class TestActivationAtOnce:
    def test_is_won_by_one(self) -> None:
        code = issue_activation(by=person("zhao"), account=account("wu"))
        activate = partial(activate_account, username="wu", code=code, address="10.0.0.1")
        answers = at_once(partial(activate, password=NEW), partial(activate, password=f"{NEW}-b"))
        assert sum(isinstance(answer, Account) for answer in answers) == 1


@pytest.mark.django_db
class TestPasswordRule:
    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("short-one", "10 个字符"),
            ("1234567890", "常见"),
            ("my-ZHAO-of-2026", "不能含有您的账号"),
            ("赵敏的一串好记的密码词语", "不能含有您的账号或姓名"),
        ],
    )
    def test_refuses_what_is_easily_guessed(self, password: str, words: str) -> None:
        code = issue_activation(by=person("qian"), account=account("zhao"))
        with pytest.raises(Invalid) as refused:
            activate_account(username="zhao", code=code, password=password, address="10.0.0.1")
        assert any(words in fault.message for fault in refused.value.faults)

    @pytest.mark.parametrize("password", ["correct horse battery", "四个毫不相干的词语排一排", "qwmzkrtplv"])
    def test_asks_for_no_signs_and_digits(self, password: str) -> None:
        code = issue_activation(by=person("qian"), account=account("zhao"))
        activate_account(username="zhao", code=code, password=password, address="10.0.0.1")


@pytest.mark.django_db
class TestHallsSignIn:
    def test_leads_to_the_province_and_back_to_the_desk(self) -> None:
        browser = Browser()
        browser.get(NORTH, "/desk/")
        assert browser.address.startswith(f"//{PROVINCE}/sign-in/?next=")
        answer = browser.here({"username": "sun", "password": PASSWORD})
        assert (browser.address, answer.status_code) == (f"//{NORTH}/desk/", 200)

    def test_needs_no_second_password_on_the_next_host(self) -> None:
        browser = Browser()
        browser.sign_in("sun", NORTH)
        browser.get(PROVINCE, "/console/")
        assert browser.address == f"//{PROVINCE}/console/"

    def test_comes_back_by_a_page_and_not_by_a_redirect_of_the_form(self) -> None:
        browser = Browser()
        browser.get(NORTH, "/sign-in/")
        path = browser.address.removeprefix(f"//{PROVINCE}")
        answer = browser.at(PROVINCE).post(path, {"username": "sun", "password": PASSWORD})
        assert answer.status_code == 200
        assert answer["Refresh"].startswith("0; url=/oidc/authorize/?")

    @pytest.mark.parametrize("query", ["", "?code=x&state=x", "?error=login_required&state=x"])
    def test_says_when_it_was_not_completed(self, query: str) -> None:
        answer = Browser().at(NORTH).get(f"/sign-in/back/{query}")
        assert answer.status_code == 400
        assert "登录没有完成" in answer.content.decode()

    def test_takes_no_code_that_another_browser_asked_for(self) -> None:
        """Otherwise somebody could be signed in to a stranger's account without noticing."""
        attacker, victim = Browser(), Browser()
        attacker.sign_in("li")
        asked = urlsplit(attacker.at(NORTH).get("/sign-in/")["Location"])
        back = urlsplit(attacker.at(PROVINCE).get(f"{asked.path}?{asked.query}")["Location"])
        victim.at(NORTH).get("/sign-in/")
        answer = victim.at(NORTH).get(f"{back.path}?{back.query}")
        assert answer.status_code == 400
        assert not victim.is_signed_in(NORTH)


type SettingsWith = Callable[..., subprocess.CompletedProcess[str]]

# what settings load of others is loaded once: two hundred milliseconds of the processor for each start of a program
_STARTER = """
import json, os, sys
import django.utils.csp, psutil
from cryptography.hazmat.primitives import ciphers, hashes, hmac
for line in sys.stdin:
    order = json.loads(line)
    if not (program := os.fork()):
        for number, name in enumerate(order["files"], start=1):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.clear()
        os.environ.update(order["variables"])
        break
    print(os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]), flush=True)
else:
    sys.exit()
from config import settings
print(*(getattr(settings, name) for name in order["asked"]))
"""


@pytest.fixture(scope="module")
def settings_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SettingsWith]:
    """A program of ours that starts with these variables, and says some of its settings."""
    files = [tmp_path_factory.mktemp("settings") / name for name in ("out", "err")]
    usual = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    with subprocess.Popen(
        [sys.executable, "-c", _STARTER],
        env=usual,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdin
        assert starter.stdout
        orders, codes = starter.stdin, starter.stdout

        def start(*asked: str, **variables: str) -> subprocess.CompletedProcess[str]:
            order = {"asked": asked, "variables": usual | variables, "files": [str(file) for file in files]}
            orders.write(f"{json.dumps(order)}\n")
            orders.flush()
            code = int(codes.readline())
            return subprocess.CompletedProcess(asked, code, *(file.read_text(encoding="utf-8") for file in files))

        yield start


class TestSessionCookie:
    @pytest.mark.parametrize(("scheme", "name"), [("http", "sessionid"), ("https", "__Host-sessionid")])
    def test_is_tied_to_the_host_where_there_is_tls(self, settings_with: SettingsWith, scheme: str, name: str) -> None:
        assert settings_with("SESSION_COOKIE_NAME", PUBLIC_SCHEME=scheme).stdout.strip() == name


class TestDemoInPublic:
    @pytest.mark.parametrize(
        ("variable", "value"),
        [("YIZHAN_DEMO", "1"), ("MESSAGE_GATEWAY", "local"), ("IDENTITY_VERIFIER", "local"), ("DEBUG", "1")],
    )
    @pytest.mark.parametrize(
        ("domain", "listening"),
        [
            ("gov.example.cn", "127.0.0.1"),
            ("localhost.example.cn", "127.0.0.1"),
            ("test.cn", "127.0.0.1"),
            ("yizhan.localhost", "0.0.0.0"),  # noqa: S104 - what is refused
            ("yizhan.localhost", "::"),
            ("yizhan.test", "192.0.2.7"),
            ("yizhan.localhost", "a.example.cn"),
            ("yizhan.localhost", ""),
        ],
    )
    def test_stops_the_program(
        self, settings_with: SettingsWith, variable: str, value: str, domain: str, listening: str
    ) -> None:
        started = settings_with(**{variable: value}, BASE_DOMAIN=domain, YIZHAN_WEB_HOST=listening)
        assert started.returncode != 0
        assert f"{variable}：不能是 {value}" in started.stderr
        assert "本机" in started.stderr

    @pytest.mark.parametrize(
        "domain", ["x.gov.cn@a.localhost", "a.localhost:80", "a b.localhost", ".localhost", "a/.test"]
    )
    def test_is_not_let_in_by_what_is_no_host_name(self, settings_with: SettingsWith, domain: str) -> None:
        started = settings_with(BASE_DOMAIN=domain)
        assert started.returncode != 0
        assert "BASE_DOMAIN" in started.stderr

    @pytest.mark.parametrize("listening", ["0.0.0.0", "::"])  # noqa: S104 - listening to the world is what it is about
    def test_shows_no_codes_where_the_domain_was_forgotten(self, settings_with: SettingsWith, listening: str) -> None:
        """Nobody chose a gateway: there is none, and nobody is believed."""
        said = settings_with("MESSAGE_GATEWAY", "IDENTITY_VERIFIER", YIZHAN_WEB_HOST=listening)
        assert said.stdout.split() == [], said.stderr
        assert said.returncode == 0, said.stderr

    @pytest.mark.parametrize("domain", ["yizhan.localhost", "yizhan.test", "localhost"])
    @pytest.mark.parametrize("listening", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
    def test_is_at_home_on_this_machine(self, settings_with: SettingsWith, domain: str, listening: str) -> None:
        started = settings_with(
            *("MESSAGE_GATEWAY", "IDENTITY_VERIFIER", "DEMO"),
            YIZHAN_DEMO="1",
            BASE_DOMAIN=domain,
            YIZHAN_WEB_HOST=listening,
        )
        assert started.stdout.split() == ["local", "local", "True"], started.stderr

    @pytest.mark.django_db
    def test_lets_nobody_stay_who_came_in_by_it(self, settings: Any) -> None:
        settings.DEMO = True
        browser = Browser()
        browser.at(PROVINCE).force_login(account("zhao"))
        SignInSession.objects.update(factor=Factor.DEMO)
        assert browser.is_signed_in()
        settings.DEMO = False
        assert not browser.is_signed_in()
