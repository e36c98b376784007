"""Authenticator apps, passkeys and recovery codes: set up, asked for, used once; and asked for again."""

import json
import re
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from foundation.errors import Conflict, Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.content.queries.audiences import Audience, Scope
from province.halls.models import Hall
from province.halls.states import HallState
from province.people.models import Account, Position
from province.sign_in.models import ApiToken, Factor, Passkey, RecoveryCode, SignInSession, SignInTry, TotpKey
from province.sign_in.operations.passkeys import MOST_PASSKEYS
from province.sign_in.operations.second_factor import (
    MOST_WRONG_CODES,
    add_totp,
    check_code,
    draw_recovery_codes,
    remove_totp,
)
from province.sign_in.operations.throttling import WRONG_TRIES
from province.sign_in.operations.tokens import issue_token
from province.sign_in.queries.totp import code_at, draw_secret, step_of
from tests.conftest import person
from tests.factories.halls import PASSWORD
from tests.factories.pushes import make_push
from tests.factories.sign_in import NORTH, PROVINCE, Browser, SoftPasskey, code_now, make_totp
from tests.races import at_once


def account(username: str) -> Account:
    return Account.objects.get(username=username)


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def recovery_codes_on(page: str) -> list[str]:
    return re.findall(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})</code>", page)


def add_passkey(browser: Browser) -> SoftPasskey:
    """By the page of one's own factors."""
    passkey = SoftPasskey()
    options = json.loads(browser.at(PROVINCE).post("/account/factors/passkey/").content)
    browser.post(
        PROVINCE, "/account/factors/", {"act": "passkey", "name": "办公室电脑", "answer": passkey.make(options)}
    )
    return passkey


def prove_with(browser: Browser, passkey: SoftPasskey, path: str = "/sign-in/", **given: Any) -> Any:
    options = json.loads(browser.at(PROVINCE).post("/sign-in/passkey/").content)
    return browser.post(PROVINCE, path, {"answer": passkey.sign(options, **given)})


class TestCodeByTheClock:
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
    )
    def test_is_that_of_the_standard(self, seconds: int, code: str) -> None:
        """RFC 6238, appendix B (SHA-1, the last six of eight digits)."""
        assert code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds // 30) == code

    def test_may_be_one_step_off(self) -> None:
        secret = draw_secret()
        assert all(step_of(secret, code_now(secret, later)) for later in (-1, 0, 1))
        assert step_of(secret, code_now(secret, -3)) is None
        assert step_of(secret, "") is None


@pytest.mark.django_db
@pytest.mark.usefixtures("required")
class TestFirstSignIn:
    def test_lets_nobody_further_without_a_second_factor(self) -> None:
        browser = Browser()
        page = browser.sign_in("zhao").content.decode()
        assert browser.address == f"//{PROVINCE}/sign-in/set-up/"
        assert "设置第二种登录验证" in page
        for path in ("/console/", "/account/", "/api/province/v1/content/pushes", "/account/factors/"):
            assert browser.at(PROVINCE).get(path).status_code in {302, 401}, path
        assert not SignInSession.objects.exists()

    def test_goes_on_with_an_app_and_shows_recovery_codes_once(self) -> None:
        browser = Browser()
        page = browser.sign_in("zhao").content.decode()
        secret = re.search(r'totp-key">([A-Z2-7]{32})<', page)
        assert secret
        assert "<svg" in page
        assert "style=" not in page[page.index("<svg") : page.index("</svg>")]
        answer = browser.post(PROVINCE, "/sign-in/set-up/", {"act": "totp", "code": code_now(secret[1])})
        assert len(recovery_codes_on(answer.content.decode())) == 10
        assert browser.is_signed_in()
        assert SignInSession.objects.get().factor == Factor.TOTP
        again = browser.post(PROVINCE, "/sign-in/set-up/", {"act": "totp", "code": code_now(secret[1])})
        assert recovery_codes_on(again.content.decode()) == []

    def test_keeps_the_apps_key_encrypted(self) -> None:
        browser = Browser()
        secret = re.search(r'totp-key">([A-Z2-7]{32})<', browser.sign_in("zhao").content.decode())
        assert secret
        assert secret[1] not in str(browser.at(PROVINCE).session.items())
        browser.post(PROVINCE, "/sign-in/set-up/", {"act": "totp", "code": code_now(secret[1])})
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM sign_in_totpkey")
            assert secret[1] not in str(cursor.fetchall())

    def test_says_when_the_code_is_wrong_and_keeps_the_key(self) -> None:
        browser = Browser()
        first = browser.sign_in("zhao").content.decode()
        answer = browser.post(PROVINCE, "/sign-in/set-up/", {"act": "totp", "code": "000000"})
        assert answer.status_code == 422
        key = re.search(r'totp-key">([A-Z2-7]{32})<', first)
        assert key
        assert key[1] in answer.content.decode()

    def test_goes_on_with_a_passkey(self) -> None:
        browser, passkey = Browser(), SoftPasskey()
        browser.sign_in("zhao")
        options = json.loads(browser.at(PROVINCE).post("/account/factors/passkey/").content)
        assert options["publicKey"]["rp"]["id"] == PROVINCE
        assert options["publicKey"]["authenticatorSelection"]["residentKey"] == "required"
        answer = browser.post(PROVINCE, "/sign-in/set-up/", {"answer": passkey.make(options)})
        assert len(recovery_codes_on(answer.content.decode())) == 10
        assert browser.is_signed_in()
        another = Browser()
        prove_with(another, passkey)
        assert another.is_signed_in()

    def test_leads_to_the_hall_that_somebody_came_from(self) -> None:
        browser = Browser()
        browser.get(NORTH, "/desk/")
        page = browser.here({"username": "sun", "password": PASSWORD}).content.decode()
        secret = re.search(r'totp-key">([A-Z2-7]{32})<', page)
        assert secret
        page = browser.post(PROVINCE, "/sign-in/set-up/", {"act": "totp", "code": code_now(secret[1])}).content.decode()
        onward = re.search(r'href="(/oidc/authorize/[^"]+)"', page)
        assert onward
        browser.get(PROVINCE, onward[1].replace("&amp;", "&"))
        assert browser.address == f"//{NORTH}/desk/"

    def test_does_not_stop_programs_with_a_token(self) -> None:
        key = issue_token(by=person("zhao"), account=account("zhao"), name="统计", scopes=["content.read"])
        client = Client(HTTP_HOST=PROVINCE, headers={"Authorization": f"Bearer {key}"})
        assert client.get("/api/province/v1/content/pushes").status_code == 200

    def test_ends_what_was_begun_without_one(self, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = False
        browser = Browser()
        browser.sign_in("zhao")
        assert browser.is_signed_in()
        settings.SECOND_FACTOR_REQUIRED = True
        assert not browser.is_signed_in()

    def test_is_not_passed_by_an_account_closed_meanwhile(self) -> None:
        browser = Browser()
        browser.sign_in("zhao")
        Account.objects.filter(username="zhao").update(is_active=False)
        browser.get(PROVINCE, "/sign-in/set-up/")
        assert browser.address == f"//{PROVINCE}/sign-in/"


@pytest.mark.django_db
class TestSecondScreen:
    @pytest.fixture
    def secret(self) -> str:
        return make_totp(account("zhao"))

    def test_asks_for_a_code(self, secret: str) -> None:
        browser = Browser()
        browser.sign_in("zhao")
        assert browser.address == f"//{PROVINCE}/sign-in/code/"
        assert not browser.is_signed_in()
        browser.here({"code": code_now(secret)})
        assert browser.address == f"//{PROVINCE}/console/"
        assert browser.is_signed_in()

    def test_takes_no_code_twice(self, secret: str) -> None:
        code = code_now(secret)
        assert check_code(account=account("zhao"), code=code, address="10.0.0.1") is Factor.TOTP
        with pytest.raises(Invalid):
            check_code(account=account("zhao"), code=code, address="10.0.0.1")

    def test_takes_no_earlier_code_after_a_later_one(self, secret: str) -> None:
        check_code(account=account("zhao"), code=code_now(secret, 1), address="10.0.0.1")
        with pytest.raises(Invalid):
            check_code(account=account("zhao"), code=code_now(secret), address="10.0.0.1")

    def test_counts_wrong_codes(self, secret: str) -> None:
        browser = Browser()
        browser.sign_in("zhao")
        for _ in range(WRONG_TRIES):
            browser.post(PROVINCE, "/sign-in/code/", {"code": "000000"})
        answer = browser.post(PROVINCE, "/sign-in/code/", {"code": code_now(secret)})
        assert "请 5 分钟后再试" in answer.content.decode()
        assert not browser.is_signed_in()

    def test_is_worth_nothing_after_a_hundred_wrong_ones_over_days(self, secret: str) -> None:
        for address in range(MOST_WRONG_CODES):
            SignInTry.objects.all().delete()
            with pytest.raises(Invalid):
                check_code(account=account("zhao"), code="000000", address=f"10.0.0.{address}")
        SignInTry.objects.all().delete()
        with pytest.raises(NotAllowed, match="不能再用"):
            check_code(account=account("zhao"), code=code_now(secret), address="10.0.0.1")
        # a recovery code still opens, and the app may be set up anew
        recovery = draw_recovery_codes(by=person("zhao"), account=account("zhao"))
        assert check_code(account=account("zhao"), code=recovery[0], address="10.0.0.1") is Factor.RECOVERY
        anew = draw_secret()
        add_totp(by=person("zhao"), account=account("zhao"), secret=anew, code=code_now(anew, -1))
        assert check_code(account=account("zhao"), code=code_now(anew), address="10.0.0.1") is Factor.TOTP

    def test_forgets_wrong_ones_after_a_right_one(self, secret: str) -> None:
        with pytest.raises(Invalid):
            check_code(account=account("zhao"), code="000000", address="10.0.0.1")
        check_code(account=account("zhao"), code=code_now(secret), address="10.0.0.1")
        assert TotpKey.objects.get().wrong_codes == 0

    def test_is_nobodys_without_the_password(self, secret: str) -> None:
        answer = Browser().at(PROVINCE).post("/sign-in/code/", {"code": code_now(secret)})
        assert answer["Location"] == "/sign-in/"

    def test_is_open_for_ten_minutes(self, secret: str) -> None:
        browser = Browser()
        browser.sign_in("zhao")
        session = browser.at(PROVINCE).session
        session["pending_sign_in"]["since"] -= 601
        session.save()
        browser.post(PROVINCE, "/sign-in/code/", {"code": code_now(secret)})
        assert browser.address == f"//{PROVINCE}/sign-in/"

    def test_takes_a_recovery_code_once(self, secret: str) -> None:
        codes = draw_recovery_codes(by=person("zhao"), account=account("zhao"))
        for code, is_right in ((codes[0].lower().replace("-", ""), True), (codes[0], False), (codes[1], True)):
            browser = Browser()
            browser.sign_in("zhao")
            browser.here({"code": code})
            assert browser.is_signed_in() == is_right
        assert AuditEntry.objects.filter(act="sign_in.use_recovery_code").count() == 2

    def test_takes_no_recovery_code_of_somebody_else(self, secret: str) -> None:
        codes = draw_recovery_codes(by=person("qian"), account=account("qian"))
        with pytest.raises(Invalid):
            check_code(account=account("zhao"), code=codes[0], address="10.0.0.1")

    def test_keeps_recovery_codes_as_hashes(self) -> None:
        codes = draw_recovery_codes(by=person("zhao"), account=account("zhao"))
        kept = str(list(RecoveryCode.objects.values()))
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)


@pytest.mark.usefixtures("fresh_database")
class TestAtOnce:
    def test_one_recovery_code_opens_once(self) -> None:
        make_totp(account("zhao"))
        code = draw_recovery_codes(by=person("zhao"), account=account("zhao"))[0]
        use = partial(check_code, account=account("zhao"), code=code, address="10.0.0.1")
        answers = at_once(use, use, use)
        assert [answer for answer in answers if not isinstance(answer, Invalid)] == [Factor.RECOVERY]

    def test_one_code_of_the_app_opens_once(self) -> None:
        secret = make_totp(account("zhao"))
        use = partial(check_code, account=account("zhao"), code=code_now(secret), address="10.0.0.1")
        answers = at_once(use, use, use)
        assert [answer for answer in answers if not isinstance(answer, Invalid)] == [Factor.TOTP]


@pytest.mark.django_db
class TestPasskey:
    @pytest.fixture
    def owner(self) -> Browser:
        browser = Browser()
        browser.at(PROVINCE).force_login(account("zhao"))
        return browser

    def test_signs_in_without_name_and_password(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        browser = Browser()
        prove_with(browser, passkey)
        assert browser.address == f"//{PROVINCE}/console/"
        assert SignInSession.objects.order_by("-pk")[0].factor == Factor.PASSKEY

    def test_is_the_second_factor_after_a_password(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        browser = Browser()
        browser.sign_in("zhao")
        prove_with(browser, passkey, "/sign-in/code/")
        assert browser.is_signed_in()

    def test_of_somebody_else_is_not(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        make_totp(account("qian"))
        browser = Browser()
        browser.sign_in("qian")
        assert prove_with(browser, passkey, "/sign-in/code/").status_code == 422
        assert not browser.is_signed_in()

    def test_answers_one_question_once(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        browser = Browser()
        answer = passkey.sign(json.loads(browser.at(PROVINCE).post("/sign-in/passkey/").content))
        browser.post(PROVINCE, "/sign-in/", {"answer": answer})
        assert browser.is_signed_in()
        another = Browser()
        another.at(PROVINCE).post("/sign-in/passkey/")
        assert another.post(PROVINCE, "/sign-in/", {"answer": answer}).status_code == 422
        browser.post(PROVINCE, "/sign-out/", {})
        assert browser.post(PROVINCE, "/sign-in/", {"answer": answer}).status_code == 422

    def test_is_refused_from_another_origin(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        passkey._origin = "https://yizhan.localhost.evil.example"  # noqa: SLF001
        assert prove_with(Browser(), passkey).status_code == 422

    def test_asks_who_holds_the_device(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        assert prove_with(Browser(), passkey, is_verified=False).status_code == 422

    def test_that_was_copied_is_noticed_by_its_count(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        prove_with(Browser(), passkey)
        passkey.counter = 0
        assert prove_with(Browser(), passkey).status_code == 422

    def test_of_a_closed_account_opens_nothing(self, owner: Browser) -> None:
        passkey = add_passkey(owner)
        Account.objects.filter(username="zhao").update(is_active=False)
        assert "没有通过验证" in prove_with(Browser(), passkey).content.decode()

    @pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "{", '{"rawId": 1}', '{"id": "AA", "rawId": "AA"}'])
    def test_answer_that_makes_no_sense_is_refused(self, answer: str) -> None:
        browser = Browser()
        browser.at(PROVINCE).post("/sign-in/passkey/")
        page = browser.post(PROVINCE, "/sign-in/", {"answer": answer})
        assert page.status_code in {200, 422}
        assert not browser.is_signed_in()

    def test_is_removed_but_for_the_last(self, owner: Browser, settings: Any) -> None:
        add_passkey(owner)
        settings.SECOND_FACTOR_REQUIRED = True
        SignInSession.objects.update(factor=Factor.PASSKEY)
        form = {"act": "remove_passkey", "passkey": str(Passkey.objects.get().pk)}
        assert "最后一种登录验证方式" in owner.post(PROVINCE, "/account/factors/", form).content.decode()
        make_totp(account("zhao"))
        owner.post(PROVINCE, "/account/factors/", form)
        assert not Passkey.objects.exists()
        with pytest.raises(Conflict):
            remove_totp(by=person("zhao"), account=account("zhao"))

    def test_of_somebody_else_is_not_there(self, owner: Browser) -> None:
        add_passkey(owner)
        stranger = Browser()
        stranger.at(PROVINCE).force_login(account("qian"))
        form = {"act": "remove_passkey", "passkey": str(Passkey.objects.get().pk)}
        assert stranger.post(PROVINCE, "/account/factors/", form).status_code == 404

    def test_has_a_bound(self, owner: Browser) -> None:
        for _ in range(MOST_PASSKEYS + 1):
            add_passkey(owner)
        assert Passkey.objects.count() == MOST_PASSKEYS


@pytest.mark.django_db
class TestDangerousAct:
    """Ten minutes after the last proof it is asked for again, and nothing typed is lost."""

    @pytest.fixture
    def stale(self) -> Browser:
        browser = Browser()
        browser.at(PROVINCE).force_login(account("zhao"))
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        return browser

    def retire(self, browser: Browser, hall: Hall, **more: str) -> Any:
        form = {"act": "retire", "reason": "撤并到<市中心>", "successor": "", **more}
        return browser.post(PROVINCE, f"/console/halls/{hall.division.code}/state/", form)

    def test_is_done_at_once_when_the_proof_is_fresh(self, stale: Browser, south: Hall) -> None:
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=9))
        self.retire(stale, south)
        south.refresh_from_db()
        assert south.state == HallState.RETIRED

    def test_asks_keeps_what_was_typed_and_does_it(self, stale: Browser, south: Hall) -> None:
        secret = make_totp(account("zhao"))
        page = self.retire(stale, south).content.decode()
        assert "确认是您本人" in page
        assert 'name="reason" value="撤并到&lt;市中心&gt;"' in page
        south.refresh_from_db()
        assert south.state == HallState.LIVE
        self.retire(stale, south, **{"proof-asked": "1", "proof-code": code_now(secret)})
        south.refresh_from_db()
        assert (south.state, south.state_reason) == (HallState.RETIRED, "撤并到<市中心>")

    @pytest.mark.parametrize("host", [PROVINCE, NORTH])
    def test_covers_own_keys_and_substitutes(self, stale: Browser, host: str) -> None:
        stale.at(host).force_login(account("zhao"))
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        for path in ("/account/tokens/", "/account/positions/substitutes/"):
            page = stale.post(host, path, {"name": "统计", "scopes": "content.read"}).content.decode()
            assert "确认是您本人" in page
            assert 'name="name" value="统计"' in page
        assert not ApiToken.objects.exists()

    def test_takes_a_passkey_at_a_halls_host_by_way_of_the_provinces(self, stale: Browser) -> None:
        SignInSession.objects.update(proved_at=timezone.now())
        passkey = add_passkey(stale)
        stale.get(NORTH, "/sign-in/")
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        form = {"name": "统计", "scopes": "content.read"}
        page = stale.post(NORTH, "/account/tokens/", form).content.decode()
        assert "要重新填写" in page
        [way] = re.findall(r'href="(/confirm/at-province/[^"]*)"', page)
        stale.get(NORTH, unescape(way).replace("next=/", "next=/account/"))
        assert stale.address.startswith(f"//{PROVINCE}/confirm/")
        options = json.loads(stale.at(PROVINCE).post("/sign-in/passkey/").content)
        stale.here({"proof-asked": "1", "proof-answer": passkey.sign(options)})
        assert stale.address == f"//{NORTH}/account/"
        assert "确认是您本人" not in stale.post(NORTH, "/account/tokens/", form).content.decode()
        assert ApiToken.objects.count() == 1

    def test_offers_the_way_to_the_province_to_who_has_a_passkey_alone(self, stale: Browser) -> None:
        SignInSession.objects.update(proved_at=timezone.now())
        stale.get(NORTH, "/sign-in/")
        assert "/confirm/at-province/" not in stale.get(NORTH, "/confirm/?next=/account/").content.decode()
        add_passkey(stale)
        assert "/confirm/at-province/?next=/account/" in stale.get(NORTH, "/confirm/?next=/account/").content.decode()
        assert "/confirm/at-province/" not in stale.get(PROVINCE, "/confirm/?next=/account/").content.decode()

    def test_asks_again_after_a_wrong_code(self, stale: Browser, south: Hall) -> None:
        make_totp(account("zhao"))
        page = self.retire(stale, south, **{"proof-asked": "1", "proof-code": "000000"})
        assert page.status_code == 422
        assert "验证码不正确" in page.content.decode()
        assert 'name="reason"' in page.content.decode()
        south.refresh_from_db()
        assert south.state == HallState.LIVE

    def test_takes_the_password_where_there_is_no_factor(self, stale: Browser, south: Hall) -> None:
        self.retire(stale, south, **{"proof-asked": "1", "proof-password": PASSWORD})
        south.refresh_from_db()
        assert south.state == HallState.RETIRED

    def test_counts_wrong_proofs(self, stale: Browser, south: Hall) -> None:
        for _ in range(WRONG_TRIES):
            self.retire(stale, south, **{"proof-asked": "1", "proof-password": "wrong"})
        page = self.retire(stale, south, **{"proof-asked": "1", "proof-password": PASSWORD})
        assert "请 5 分钟后再试" in page.content.decode()
        assert SignInTry.objects.filter(username="zhao").exists()

    def test_takes_a_passkey(self, stale: Browser, south: Hall) -> None:
        SignInSession.objects.update(proved_at=timezone.now())
        passkey = add_passkey(stale)
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=11))
        assert "用通行密钥确认" in self.retire(stale, south).content.decode()
        options = json.loads(stale.at(PROVINCE).post("/sign-in/passkey/").content)
        self.retire(stale, south, **{"proof-asked": "1", "proof-answer": passkey.sign(options)})
        south.refresh_from_db()
        assert south.state == HallState.RETIRED

    def test_is_asked_before_a_page_opens_and_leads_on_to_it(self, stale: Browser) -> None:
        stale.get(PROVINCE, "/account/factors/")
        assert stale.address == f"//{PROVINCE}/confirm/?next=%2Faccount%2Ffactors%2F"
        stale.here({"proof-asked": "1", "proof-password": PASSWORD})
        assert stale.address == f"//{PROVINCE}/account/factors/"

    @pytest.mark.parametrize("host", [PROVINCE, NORTH])
    def test_page_takes_a_code_that_is_good_once(self, stale: Browser, host: str) -> None:
        secret = make_totp(account("zhao"))
        stale.get(host, "/sign-in/")
        stale.get(host, "/confirm/?next=/account/")
        assert stale.here({"proof-asked": "1", "proof-code": "000000"}).status_code == 422
        stale.here({"proof-asked": "1", "proof-code": code_now(secret)})
        assert stale.address == f"//{host}/account/"

    def test_page_goes_nowhere_without_a_proof(self, stale: Browser) -> None:
        before = SignInSession.objects.get().proved_at
        stale.post(PROVINCE, "/confirm/?next=/account/", {"proof-password": PASSWORD})
        assert stale.address == f"//{PROVINCE}/confirm/?next=/account/"
        assert SignInSession.objects.get().proved_at == before

    def test_holds_for_all_hosts(self, stale: Browser) -> None:
        stale.post(PROVINCE, "/confirm/?next=/account/", {"proof-asked": "1", "proof-password": PASSWORD})
        assert SignInSession.objects.get().proved_at > timezone.now() - timedelta(minutes=1)

    def test_covers_positions_and_accounts(self, stale: Browser) -> None:
        sun, position = account("sun"), Position.objects.get(account__username="sun")
        person_page = f"/console/settings/people/{sun.pk}"
        for path, form in (
            (f"{person_page}/positions/", {"role": "province_operator", "hall": ""}),
            (f"{person_page}/positions/{position.pk}/take/", {}),
            (f"{person_page}/state/", {"act": "close"}),
            (f"{person_page}/activation/", {}),
        ):
            page = stale.at(PROVINCE).post(path, form)
            assert "确认是您本人" in page.content.decode(), path
        sun.refresh_from_db()
        assert sun.is_active
        assert Position.objects.filter(pk=position.pk).exists()

    @pytest.mark.parametrize(("prefix", "is_asked"), [("42", True), ("420582", False)])
    def test_covers_the_withdrawal_of_what_the_whole_province_shows(
        self,
        stale: Browser,
        prefix: str,
        is_asked: bool,  # noqa: FBT001
    ) -> None:
        push = make_push(title="全省通知", audience=Audience((Scope(prefix),)))
        stale.get(PROVINCE, f"/console/pushes/{push.pk}/withdraw/")
        assert stale.address.startswith(f"//{PROVINCE}/confirm/") == is_asked

    def test_is_not_asked_of_programs(self, south: Hall) -> None:
        key = issue_token(by=person("zhao"), account=account("zhao"), name="统计", scopes=["halls.manage"])
        client = Client(HTTP_HOST=PROVINCE, headers={"Authorization": f"Bearer {key}"})
        answer = client.post(
            f"/api/province/v1/halls/{south.division.code}/retire", {"reason": "撤并"}, content_type="application/json"
        )
        assert answer.status_code == 200

    def test_is_asked_of_people_who_call_the_interface_themselves(self, stale: Browser, south: Hall) -> None:
        answer = stale.at(PROVINCE).post(
            f"/api/province/v1/halls/{south.division.code}/retire", {"reason": "撤并"}, content_type="application/json"
        )
        assert answer.status_code == 403
        assert answer.json()["type"] == "about:blank#proof-needed"

    def test_is_asked_by_the_interface_for_people_and_keys(self, stale: Browser) -> None:
        """As by the pages: tests/architecture/test_step_up.py compares all of them."""
        for path, body in (
            (f"people/accounts/{account('sun').pk}/close", {}),
            ("sign_in/tokens", {"name": "统计", "scopes": ["content.read"]}),
        ):
            answer = stale.at(PROVINCE).post(f"/api/province/v1/{path}", body, content_type="application/json")
            assert answer.json()["type"] == "about:blank#proof-needed"
        assert account("sun").is_active

    def test_belongs_to_ones_own_account(self) -> None:
        with pytest.raises(NotAllowed):
            draw_recovery_codes(by=person("qian"), account=account("zhao"))
