"""Signing out ends it in other departments' systems, too: they send people here, and are told from behind."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from foundation.errors import Invalid, NotAllowed
from foundation.events.models import Event
from foundation.events.outgoing import ATTEMPTS
from province.audit.models import AuditEntry
from province.console.addresses import province_address
from province.people.models import Account
from province.people.operations.accounts import close_account
from province.sign_in.events import SIGNED_OUT
from province.sign_in.models import ClientSignOut, OidcClient, OidcGrant, SignInSession
from province.sign_in.operations.clients import add_client, change_client, revoke_client
from province.sign_in.operations.oidc_keys import signed
from province.sign_in.operations.sessions import end_other_sessions, end_session
from province.sign_in.operations.sign_outs import (
    EVENT,
    send_next_sign_out,
    send_sign_outs,
)
from province.sign_in.queries.oidc import public_keys
from tests.channel_server import Channel, Reply, Request
from tests.conftest import person
from tests.factories.oidc import BACK, VERIFIER, at_loopback, client_for, metadata, tokens_for
from tests.factories.people import account
from tests.factories.sign_in import NORTH, PROVINCE, Browser
from tests.races import at_once

AFTER = "https://hr.example.gov.cn/bye?from=yizhan"


@pytest.fixture
def hr(live: str) -> tuple[OidcClient, str]:
    client, secret = add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=["profile"])
    asked = {"post_logout_redirect_uris": [AFTER], "backchannel_logout_uri": ""}
    return change_client(by=person("zhao"), client_id=client.client_id, **asked), secret


@pytest.fixture
def entered(live: str, hr: tuple[OidcClient, str]) -> tuple[Browser, dict[str, Any]]:
    """Sun's browser, and the tokens that the other system got for him."""
    browser = Browser()
    browser.sign_in("sun")
    return browser, enter(live, hr, browser)


def enter(live: str, registered: tuple[OidcClient, str], browser: Browser) -> dict[str, Any]:
    """Let the person who is signed in in this browser into the other system; return the tokens that it got."""
    with client_for(registered, scope="openid profile") as client:
        address, _ = client.create_authorization_url(
            metadata(live)["authorization_endpoint"], code_verifier=VERIFIER, nonce="once"
        )
        parts = urlsplit(address)
        location = browser.at(PROVINCE).get(f"{parts.path}?{parts.query}")["Location"]
        return tokens_for(live, client, parse_qs(urlsplit(location).query)["code"][0])


def sign_out_path(live: str, **asked: str) -> str:
    parts = urlsplit(metadata(live)["end_session_endpoint"])
    return str(httpx.URL(parts.path, params=asked))


class TestEndSession:
    def test_ends_the_sign_in_everywhere_and_leads_back(
        self, live: str, entered: tuple[Browser, dict[str, Any]]
    ) -> None:
        browser, tokens = entered
        browser.get(NORTH, "/sign-in/?next=/desk/")
        assert browser.is_signed_in(NORTH)
        asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER, "state": "s&1"}
        answer = browser.at(PROVINCE).get(sign_out_path(live, **asked))
        assert (answer.status_code, answer["Location"]) == (302, f"{AFTER}&state=s%261")
        assert not browser.is_signed_in(PROVINCE)
        assert not browser.is_signed_in(NORTH)
        bearer = {"Host": PROVINCE, "Authorization": f"Bearer {tokens['access_token']}"}
        assert httpx.get(at_loopback(live, metadata(live)["userinfo_endpoint"]), headers=bearer).status_code == 401
        assert AuditEntry.objects.filter(act="sign_in.sign_out", actor_name="孙北").count() == 1
        # again, with nobody signed in: the same way back, and nothing more
        again = browser.at(PROVINCE).get(sign_out_path(live, **asked))
        assert again["Location"] == f"{AFTER}&state=s%261"
        assert AuditEntry.objects.filter(act="sign_in.sign_out").count() == 1

    def test_takes_a_form_of_the_other_host(self, live: str, entered: tuple[Browser, dict[str, Any]]) -> None:
        """Such a form brings none of our cookies; what it is led on to has them."""
        browser, tokens = entered
        asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER}
        led_on = Browser().at(PROVINCE).post(sign_out_path(live), asked)
        assert led_on.status_code == 302
        assert tokens["id_token"] not in led_on["Location"]
        assert browser.at(PROVINCE).get(led_on["Location"])["Location"] == AFTER
        assert not browser.is_signed_in()

    @pytest.mark.parametrize("hint", ["none", "another sign-in"])
    def test_asks_the_person_where_nothing_proves_it(
        self, live: str, hr: tuple[OidcClient, str], entered: tuple[Browser, dict[str, Any]], hint: str
    ) -> None:
        browser, _ = entered
        asked = {"client_id": hr[0].client_id, "post_logout_redirect_uri": AFTER}
        if hint == "another sign-in":
            other = Browser()
            other.sign_in("li")
            asked["id_token_hint"] = enter(live, hr, other)["id_token"]
        page = browser.at(PROVINCE).get(sign_out_path(live, **asked))
        assert "退出登录吗" in page.content.decode()
        assert browser.is_signed_in()
        sealed = page.context["asked"]
        assert browser.at(PROVINCE).post("/oidc/sign-out/confirm/", {"asked": f"{sealed}x"}).status_code == 422
        answer = browser.at(PROVINCE).post("/oidc/sign-out/confirm/", {"asked": sealed})
        assert answer["Refresh"] == f"0; url={AFTER}"
        assert not browser.is_signed_in()

    def test_knows_an_old_token(self, live: str, entered: tuple[Browser, dict[str, Any]], hr: Any) -> None:
        browser, _ = entered
        session = SignInSession.objects.get(ended_at=None)
        claims = {"iss": province_address(), "aud": hr[0].client_id, "sub": str(account("sun").pk), "exp": 1, "iat": 0}
        hint = signed(claims | {"sid": str(session.pk)})
        browser.at(PROVINCE).get(sign_out_path(live, id_token_hint=hint))
        assert not browser.is_signed_in()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"post_logout_redirect_uri": "https://evil.example/"},
            {"post_logout_redirect_uri": f"{AFTER}/"},
            {"client_id": "nobody"},
            {"client_id": "", "id_token_hint": ""},
            {"id_token_hint": "a.b.c"},
            {"id_token_hint": "forged"},
        ],
    )
    def test_sends_nobody_to_an_address_that_is_not_registered(
        self, live: str, hr: Any, entered: tuple[Browser, dict[str, Any]], wrong: dict[str, str]
    ) -> None:
        browser, tokens = entered
        asked = {"client_id": hr[0].client_id, "id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER}
        if wrong.get("id_token_hint") == "forged":
            head, _, signature = tokens["id_token"].split(".")
            wrong = {"id_token_hint": f"{head}.eyJzaWQiOiIxIn0.{signature}"}
        answer = browser.at(PROVINCE).get(sign_out_path(live, **(asked | wrong)))
        assert answer.status_code == 422
        assert browser.is_signed_in()

    def test_of_a_revoked_client_leads_nowhere(
        self, live: str, hr: Any, entered: tuple[Browser, dict[str, Any]]
    ) -> None:
        browser, tokens = entered
        revoke_client(by=person("zhao"), client_id=hr[0].client_id)
        asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER}
        assert browser.at(PROVINCE).get(sign_out_path(live, **asked)).status_code == 422


@pytest.fixture
def channel(hr: tuple[OidcClient, str], settings: Any) -> Iterator[Channel]:
    """The other system, which is told of ended sign-ins."""
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with _Told().running() as running:
        OidcClient.objects.filter(pk=hr[0].pk).update(backchannel_logout_uri=running.url("/sign-out"))
        yield running


class _Told(Channel):
    """What it heard, its tests read out of the tokens."""

    def _act(self, request: Request) -> None:
        pass


def told(channel: Channel) -> list[dict[str, Any]]:
    """The claims of every logout token that came, checked as Back-Channel Logout 1.0 (2.6) says."""
    found = []
    keys = KeySet.import_key_set(public_keys())
    for request in channel.requests:
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        token = jwt.decode(parse_qs(request.body.decode())["logout_token"][0], keys, algorithms=["RS256"])
        assert token.header["typ"] == "logout+jwt"
        claims = token.claims
        assert claims["iss"] == province_address()
        assert "nonce" not in claims
        assert abs(claims["iat"] - time.time()) < 60
        assert claims["iat"] < claims["exp"]
        assert claims["events"] == {EVENT: {}}
        found.append(claims)
    return found


def due_now() -> None:
    ClientSignOut.objects.update(next_attempt_at=timezone.now(), claimed_until=None)


class TestBackChannel:
    def test_tells_every_system_that_let_the_person_in(
        self, live: str, hr: Any, entered: tuple[Browser, dict[str, Any]], channel: Channel
    ) -> None:
        browser, _ = entered
        # a code that nobody fetched let nobody in
        OidcGrant.objects.create(
            client_id=hr[0].client_id,
            session=_other_session(),
            code_digest="x",
            redirect_uri=BACK,
            challenge="c",
            scopes=["openid"],
            code_expires_at=timezone.now(),
        )
        session = SignInSession.objects.get(account__username="sun")
        browser.at(NORTH).post("/sign-out/")
        browser.at(PROVINCE).post("/sign-out/")
        close_account(by=person("zhao"), account=account("li"))
        assert Event.objects.filter(kind=SIGNED_OUT.name).count() == 1
        assert send_sign_outs() == 1
        (claims,) = told(channel)
        assert claims["aud"] == hr[0].client_id
        assert (claims["sid"], claims["sub"]) == (str(session.pk), str(session.account_id))
        assert ClientSignOut.objects.get().state == ClientSignOut.State.DONE
        assert send_sign_outs() == 0

    def test_goes_on_until_it_is_heard(
        self, entered: tuple[Browser, dict[str, Any]], channel: Channel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        replies = iter([Reply(500), Reply(hangs_up=True), Reply(429, headers={"Retry-After": "60"}), Reply(200)])
        channel.reply_to = lambda _: next(replies)
        session = SignInSession.objects.get(account__username="sun")
        end_session(by=person("sun"), session=session)
        waits = []
        for _ in range(3):
            assert send_next_sign_out()
            waiting = ClientSignOut.objects.get()
            assert waiting.state == ClientSignOut.State.WAITING
            assert waiting.last_error
            waits.append((waiting.next_attempt_at - timezone.now()).total_seconds())
            assert not send_next_sign_out()
            due_now()
        assert waits == pytest.approx([5, 10, 60], abs=3)
        assert send_next_sign_out()
        assert ClientSignOut.objects.get().state == ClientSignOut.State.DONE
        # the same event at every attempt, in a token of its own
        assert len({claims["jti"] for claims in told(channel)}) == 1
        assert len(channel.requests) == 4

    @pytest.mark.parametrize("reply", [Reply(400), Reply(302, headers={"Location": "http://127.0.0.1:1/"}), Reply(404)])
    def test_takes_a_refusal_for_an_answer(
        self, entered: tuple[Browser, dict[str, Any]], channel: Channel, reply: Reply
    ) -> None:
        channel.reply_to = lambda _: reply
        end_session(by=person("sun"), session=SignInSession.objects.get(account__username="sun"))
        send_sign_outs()
        dead = ClientSignOut.objects.get()
        assert (dead.state, dead.last_error) == (ClientSignOut.State.DEAD, f"对方答复 {reply.status}。")
        assert len(channel.requests) == 1

    def test_is_not_free_for_another_worker_while_a_refusal_is_noted(
        self, entered: tuple[Browser, dict[str, Any]], channel: Channel
    ) -> None:
        """After each statement of the one that sends, somebody else looks for something to send."""
        channel.reply_to = lambda _: Reply(400)
        end_session(by=person("sun"), session=SignInSession.objects.get(account__username="sun"))
        tried: list[bool] = []

        def and_others(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
            result = execute(sql, params, many, context)
            if channel.requests:
                tried.extend(at_once(send_next_sign_out))
            return result

        with connection.execute_wrapper(and_others):
            assert send_next_sign_out()
        assert len(tried) > 1
        assert not any(tried)
        assert len(channel.requests) == 1

    def test_gives_up_in_the_end(self, entered: tuple[Browser, dict[str, Any]], channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(503)
        end_session(by=person("sun"), session=SignInSession.objects.get(account__username="sun"))
        ClientSignOut.objects.update(attempts=ATTEMPTS - 1)
        send_sign_outs()
        assert ClientSignOut.objects.get().state == ClientSignOut.State.DEAD

    def test_goes_into_no_network_of_ours(
        self, entered: tuple[Browser, dict[str, Any]], channel: Channel, settings: Any
    ) -> None:
        settings.CHANNEL_ALLOWED_HOSTS = []
        end_session(by=person("sun"), session=SignInSession.objects.get(account__username="sun"))
        send_sign_outs()
        dead = ClientSignOut.objects.get()
        assert (dead.state, dead.last_error) == (ClientSignOut.State.DEAD, "不允许发送：地址指向内部网络。")
        assert channel.requests == []

    def test_is_sent_once_by_several_workers(self, entered: tuple[Browser, dict[str, Any]], channel: Channel) -> None:
        end_session(by=person("sun"), session=SignInSession.objects.get(account__username="sun"))
        at_once(send_next_sign_out, send_next_sign_out, send_next_sign_out)
        assert len(channel.requests) == 1

    def test_comes_back_after_a_killed_worker(self, entered: tuple[Browser, dict[str, Any]], channel: Channel) -> None:
        end_session(by=person("sun"), session=SignInSession.objects.get(account__username="sun"))
        # claimed, and never heard of again
        ClientSignOut.objects.update(attempts=1, claimed_until=timezone.now() + timedelta(seconds=45))
        assert not send_next_sign_out()
        due_now()
        assert send_next_sign_out()
        assert ClientSignOut.objects.get().state == ClientSignOut.State.DONE

    def test_hears_nothing_that_was_rolled_back_and_all_that_is_ended_together(
        self, live: str, hr: Any, entered: tuple[Browser, dict[str, Any]], channel: Channel
    ) -> None:
        other = Browser()
        other.sign_in("sun")
        enter(live, hr, other)
        kept = SignInSession.objects.filter(account__username="sun").order_by("pk").last()
        assert kept
        with pytest.raises(NotAllowed):
            end_other_sessions(by=person("li"), account=account("sun"), kept_id=kept.pk)
        assert not ClientSignOut.objects.exists()
        assert end_other_sessions(by=person("sun"), account=account("sun"), kept_id=kept.pk) == 1
        close_account(by=person("zhao"), account=account("sun"))
        assert send_sign_outs() == 2
        assert len({claims["sid"] for claims in told(channel)}) == 2


def _other_session() -> SignInSession:
    li = Account.objects.get(username="li")
    now = timezone.now()
    return SignInSession.objects.create(
        account=li, factor="password", proved_at=now, last_seen_at=now, address="::1", auth_hash=""
    )


@pytest.mark.django_db
class TestClients:
    @pytest.mark.parametrize("uri", ["http://hr.example.gov.cn/bye", "https://hr.example.gov.cn/#x", "bye"])
    @pytest.mark.parametrize("field", ["post_logout_redirect_uris", "backchannel_logout_uri"])
    def test_sign_out_at_exact_addresses(self, uri: str, field: str) -> None:
        given = {"post_logout_redirect_uris": [], "backchannel_logout_uri": ""} | {
            field: [uri] if field.endswith("s") else uri
        }
        client, _ = add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=[])
        with pytest.raises(Invalid):
            change_client(by=person("zhao"), client_id=client.client_id, **given)  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=[], **given)  # type: ignore[arg-type]

    def test_are_changed_by_who_manages_keys_and_audited_once(self) -> None:
        client, _ = add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=[])
        given: dict[str, Any] = {
            "post_logout_redirect_uris": [AFTER],
            "backchannel_logout_uri": "https://hr.example/out",
        }
        with pytest.raises(NotAllowed):
            change_client(by=person("sun"), client_id=client.client_id, **given)
        for _ in range(2):
            change_client(by=person("zhao"), client_id=client.client_id, **given)
        entry = AuditEntry.objects.get(act="sign_in.change_client")
        assert entry.changes["backchannel_logout_uri"] == ["", "https://hr.example/out"]
