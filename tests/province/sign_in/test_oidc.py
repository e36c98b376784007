"""The provider, asked over the loopback by a client that is not ours (Authlib)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from authlib.oidc.core import CodeIDToken
from django.db import connection
from django.utils import timezone

from foundation.errors import Invalid, NotAllowed
from province.audit.models import AuditEntry
from province.console.addresses import province_address
from province.people.models import Account
from province.sign_in.models import OidcClient, OidcGrant, OidcKey, SignInSession
from province.sign_in.operations.clients import add_client, revoke_client
from province.sign_in.operations.oidc import exchange
from tests.conftest import person
from tests.factories.oidc import BACK, VERIFIER, at_loopback, client_for, code_by, metadata, read, tokens_for
from tests.factories.sign_in import PROVINCE, Browser
from tests.races import at_once


class TestDiscovery:
    def test_names_addresses_that_answer(self, live: str) -> None:
        found = metadata(live)
        assert found["issuer"] == province_address()
        assert found["code_challenge_methods_supported"] == ["S256"]
        assert found["response_types_supported"] == ["code"]
        assert found["backchannel_logout_supported"]
        assert found["backchannel_logout_session_supported"]
        for name in (
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "end_session_endpoint",
        ):
            answer = httpx.get(at_loopback(live, found[name]), headers={"Host": PROVINCE})
            assert answer.status_code != 404, name

    def test_shows_no_private_half(self, live: str, registered: tuple[OidcClient, str]) -> None:
        with client_for(registered) as client:
            tokens_for(live, client, code_by(live, client)["code"])
        (key,) = httpx.get(at_loopback(live, metadata(live)["jwks_uri"]), headers={"Host": PROVINCE}).json()["keys"]
        assert set(key) <= {"kty", "n", "e", "kid", "use", "alg", "key_ops"}
        assert key["key_ops"] == ["verify"]

    def test_keeps_the_key_encrypted(self, live: str, registered: tuple[OidcClient, str]) -> None:
        with client_for(registered) as client:
            tokens_for(live, client, code_by(live, client)["code"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT private_key FROM sign_in_oidckey")
            assert "PRIVATE" not in str(cursor.fetchall())


class TestCodeFlow:
    def test_lets_somebody_in_at_another_system(self, live: str, registered: tuple[OidcClient, str]) -> None:
        with client_for(registered) as client:
            back = code_by(live, client, state="from-hr")
            assert back["state"] == "from-hr"
            tokens = tokens_for(live, client, back["code"])
            assert tokens["token_type"] == "Bearer"
            assert "refresh_token" not in tokens
            token = read(live, tokens["id_token"])
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": province_address()},
                    "aud": {"essential": True, "value": registered[0].client_id},
                },
                params={"nonce": "once", "access_token": tokens["access_token"]},
            )
            claims.validate()
            sun = Account.objects.get(username="sun")
            assert (claims["sub"], claims["name"], claims["preferred_username"]) == (str(sun.pk), "孙北", "sun")
            assert claims["positions"][0]["role"] == "服务厅编辑"
            userinfo = client.get(at_loopback(live, metadata(live)["userinfo_endpoint"])).json()
            assert userinfo["sub"] == str(sun.pk)
            assert userinfo["preferred_username"] == "sun"
        assert AuditEntry.objects.filter(act="sign_in.enter_client", actor_name="孙北").exists()

    @pytest.mark.parametrize(
        ("scope", "claims"), [("openid", set()), ("openid profile", {"name", "preferred_username"})]
    )
    def test_says_no_more_than_the_scope_asks(
        self, live: str, registered: tuple[OidcClient, str], scope: str, claims: set[str]
    ) -> None:
        with client_for(registered, scope=scope) as client:
            tokens = tokens_for(live, client, code_by(live, client)["code"])
        said = set(read(live, tokens["id_token"]).claims) & {"name", "preferred_username", "positions"}
        assert said == claims

    def test_takes_the_secret_in_the_body_too(self, live: str, registered: tuple[OidcClient, str]) -> None:
        with client_for(registered, token_endpoint_auth_method="client_secret_post") as client:
            assert tokens_for(live, client, code_by(live, client)["code"])["id_token"]

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"code_verifier": "w" * 64}, "invalid_grant"),
            ({"code_verifier": None}, "invalid_request"),
            ({"redirect_uri": "https://hr.example.gov.cn/other"}, "invalid_request"),
        ],
    )
    def test_gives_nothing_for_a_code_alone(
        self, live: str, registered: tuple[OidcClient, str], wrong: dict[str, str | None], error: str
    ) -> None:
        with client_for(registered) as client:
            code = code_by(live, client)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        sent = {name: value for name, value in (form | wrong).items() if value is not None}
        answer = httpx.post(
            f"{live}/oidc/token/", data=sent, auth=(registered[0].client_id, registered[1]), headers={"Host": PROVINCE}
        )
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        assert not OidcGrant.objects.exclude(token_digest=None).exists()

    @pytest.mark.parametrize("secret", ["wrong", ""])
    def test_gives_nothing_without_the_secret(self, live: str, registered: tuple[OidcClient, str], secret: str) -> None:
        with client_for(registered) as client:
            code = code_by(live, client)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        answer = httpx.post(
            f"{live}/oidc/token/", data=form, auth=(registered[0].client_id, secret), headers={"Host": PROVINCE}
        )
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

    def test_gives_nothing_twice_and_takes_back_what_it_gave(
        self, live: str, registered: tuple[OidcClient, str]
    ) -> None:
        with client_for(registered) as client:
            code = code_by(live, client)["code"]
            tokens = tokens_for(live, client, code)
            userinfo = at_loopback(live, metadata(live)["userinfo_endpoint"])
            bearer = {"Host": PROVINCE, "Authorization": f"Bearer {tokens['access_token']}"}
            assert httpx.get(userinfo, headers=bearer).status_code == 200
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
            auth = (registered[0].client_id, registered[1])
            again = httpx.post(f"{live}/oidc/token/", data=form, auth=auth, headers={"Host": PROVINCE})
            assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
            assert httpx.get(userinfo, headers=bearer).status_code == 401

    def test_gives_nothing_to_two_at_once(self, live: str, registered: tuple[OidcClient, str]) -> None:
        with client_for(registered) as client:
            code = code_by(live, client)["code"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
            "client_id": registered[0].client_id,
            "client_secret": registered[1],
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answers = at_once(*[lambda: exchange(body=urlencode(form), headers=headers)] * 3)
        assert sorted(status for _, _, status in answers) == [200, 400, 400]

    def test_gives_nothing_after_a_minute(self, live: str, registered: tuple[OidcClient, str]) -> None:
        with client_for(registered) as client:
            code = code_by(live, client)["code"]
            OidcGrant.objects.update(code_expires_at=timezone.now())
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
            auth = (registered[0].client_id, registered[1])
            answer = httpx.post(f"{live}/oidc/token/", data=form, auth=auth, headers={"Host": PROVINCE})
        assert answer.json()["error"] == "invalid_grant"

    @pytest.mark.parametrize("ending", ["sign-in", "account", "client"])
    def test_ends_with_what_it_stands_on(self, live: str, registered: tuple[OidcClient, str], ending: str) -> None:
        with client_for(registered) as client:
            tokens = tokens_for(live, client, code_by(live, client)["code"])
        if ending == "sign-in":
            SignInSession.objects.update(ended_at=timezone.now())
        elif ending == "account":
            Account.objects.filter(username="sun").update(is_active=False)
        else:
            revoke_client(by=person("zhao"), client_id=registered[0].client_id)
        bearer = {"Host": PROVINCE, "Authorization": f"Bearer {tokens['access_token']}"}
        assert httpx.get(f"{live}/oidc/userinfo/", headers=bearer).status_code == 401

    def test_token_ends_after_ten_minutes(self, live: str, registered: tuple[OidcClient, str]) -> None:
        with client_for(registered) as client:
            tokens = tokens_for(live, client, code_by(live, client)["code"])
        OidcGrant.objects.update(token_expires_at=timezone.now() - timedelta(seconds=1))
        bearer = {"Host": PROVINCE, "Authorization": f"Bearer {tokens['access_token']}"}
        assert httpx.get(f"{live}/oidc/userinfo/", headers=bearer).status_code == 401

    def test_of_another_client_is_worth_nothing(self, live: str, registered: tuple[OidcClient, str]) -> None:
        other = add_client(by=person("zhao"), name="财务系统", redirect_uris=[BACK], scopes=[])
        with client_for(registered) as client:
            code = code_by(live, client)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        auth = (other[0].client_id, other[1])
        answer = httpx.post(f"{live}/oidc/token/", data=form, auth=auth, headers={"Host": PROVINCE})
        assert answer.json()["error"] == "invalid_grant"

    def test_signs_with_one_key_whoever_comes_first(self, live: str, registered: tuple[OidcClient, str]) -> None:
        def sign_in_and_take() -> str:
            with client_for(registered) as client:
                return str(tokens_for(live, client, code_by(live, client)["code"])["id_token"])

        kids = {read(live, token).header["kid"] for token in at_once(sign_in_and_take, sign_in_and_take)}
        assert kids == set(OidcKey.objects.values_list("kid", flat=True))
        assert len(kids) == 1


@pytest.mark.django_db
class TestAuthorize:
    @pytest.fixture
    def asked(self) -> dict[str, str]:
        client, _ = add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=["profile"])
        return {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": BACK,
            "scope": "openid profile",
            "state": "s",
            "code_challenge": "c" * 43,
            "code_challenge_method": "S256",
        }

    @pytest.fixture
    def sun(self) -> Browser:
        browser = Browser()
        browser.sign_in("sun")
        return browser

    @pytest.mark.parametrize(
        "wrong",
        [
            {"redirect_uri": f"{BACK}/"},
            {"redirect_uri": f"{BACK}?x=1"},
            {"redirect_uri": "https://evil.example/callback"},
            {"redirect_uri": "javascript:alert(1)"},
            {"redirect_uri": ""},
            {"client_id": "nobody"},
            {"client_id": ""},
            {"client_id": "halls"},
            {"client_id": "halls", "redirect_uri": "http://evil.yizhan.localhost/sign-in/back/"},
        ],
    )
    def test_sends_nobody_to_an_address_that_is_not_registered(
        self, sun: Browser, asked: dict[str, str], wrong: dict[str, str]
    ) -> None:
        answer = sun.at(PROVINCE).get("/oidc/authorize/", asked | wrong)
        assert answer.status_code == 422
        assert "没有登记" in answer.content.decode()

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"scope": "openid everything"}, "invalid_scope"),
            ({"scope": "profile"}, "invalid_scope"),
            ({"scope": "openid positions"}, "invalid_scope"),
            ({"code_challenge": ""}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge_method": ""}, "invalid_request"),
            ({"code_challenge": "x" * 200}, "invalid_request"),
            ({"code_challenge": "码" * 43}, "invalid_request"),
            ({"nonce": "n" * 5_000}, "invalid_request"),
            ({"max_age": "soon"}, "invalid_request"),
        ],
    )
    def test_tells_the_client_what_was_wrong(
        self, sun: Browser, asked: dict[str, str], wrong: dict[str, str], error: str
    ) -> None:
        sent = {name: value for name, value in (asked | wrong).items() if value}
        location = sun.at(PROVINCE).get("/oidc/authorize/", sent)["Location"]
        assert location.startswith(f"{BACK}?")
        assert parse_qs(urlsplit(location).query)["error"] == [error]
        assert not OidcGrant.objects.exists()

    def test_lets_people_sign_in_first(self, asked: dict[str, str]) -> None:
        browser = Browser()
        browser.get(PROVINCE, f"/oidc/authorize/?{urlencode(asked)}")
        assert browser.address.startswith(f"//{PROVINCE}/sign-in/?next=%2Foidc%2Fauthorize%2F")
        answer = browser.here({"username": "sun", "password": "correct-horse-42"})
        assert answer["Location"].startswith(f"{BACK}?code=")

    def test_says_silently_that_nobody_is_signed_in(self, asked: dict[str, str]) -> None:
        location = Browser().at(PROVINCE).get("/oidc/authorize/", asked | {"prompt": "none"})["Location"]
        assert parse_qs(urlsplit(location).query)["error"] == ["login_required"]

    @pytest.mark.parametrize("wish", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "60"}])
    def test_asks_for_a_proof_as_young_as_the_client_wants(
        self, sun: Browser, asked: dict[str, str], wish: dict[str, str]
    ) -> None:
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=5))
        location = sun.at(PROVINCE).get("/oidc/authorize/", asked | wish)["Location"]
        path, _, query = location.partition("?")
        assert path == "/confirm/"
        SignInSession.objects.update(proved_at=timezone.now())
        onward = parse_qs(query)["next"][0]
        assert sun.at(PROVINCE).get(onward)["Location"].startswith(f"{BACK}?code=")

    def test_says_silently_that_the_proof_is_too_old(self, sun: Browser, asked: dict[str, str]) -> None:
        SignInSession.objects.update(proved_at=timezone.now() - timedelta(minutes=5))
        location = sun.at(PROVINCE).get("/oidc/authorize/", asked | {"prompt": "none", "max_age": "60"})["Location"]
        assert parse_qs(urlsplit(location).query)["error"] == ["login_required"]

    def test_takes_a_proof_that_is_young_enough(self, sun: Browser, asked: dict[str, str]) -> None:
        location = sun.at(PROVINCE).get("/oidc/authorize/", asked | {"max_age": "60"})["Location"]
        assert location.startswith(f"{BACK}?code=")

    def test_is_not_the_halls_token_endpoint(self) -> None:
        """Halls exchange their codes inside the program; from outside nobody is a hall."""
        form = {"grant_type": "authorization_code", "client_id": "halls", "code": "x", "code_verifier": VERIFIER}
        answer = Browser().at(PROVINCE).post("/oidc/token/", form)
        assert answer.status_code in {400, 401}


@pytest.mark.django_db
class TestClients:
    @pytest.mark.parametrize(
        "uri",
        [
            "http://hr.example.gov.cn/callback",
            "https://*.example.gov.cn/callback",
            "https://hr.example.gov.cn/#x",
            "https://user@hr.example.gov.cn/",
            "hr.example.gov.cn",
            "javascript:alert(1)",
            "https://hr.example.gov.cn/ x",
        ],
    )
    def test_have_exact_addresses(self, uri: str) -> None:
        with pytest.raises(Invalid):
            add_client(by=person("zhao"), name="人事系统", redirect_uris=[uri], scopes=[])

    def test_are_registered_by_who_manages_keys(self) -> None:
        with pytest.raises(NotAllowed):
            add_client(by=person("sun"), name="人事系统", redirect_uris=[BACK], scopes=[])

    def test_keep_their_secret_to_themselves(self) -> None:
        client, secret = add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=["positions"])
        assert secret not in str(OidcClient.objects.values())
        assert client.scopes == ["openid", "positions"]

    def test_are_let_in_no_more_once_revoked(self) -> None:
        client, _ = add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=[])
        for _ in range(2):
            revoke_client(by=person("zhao"), client_id=client.client_id)
        assert AuditEntry.objects.filter(act="sign_in.revoke_client").count() == 1
        browser = Browser()
        browser.sign_in("sun")
        asked = {"response_type": "code", "client_id": client.client_id, "redirect_uri": BACK}
        assert browser.at(PROVINCE).get("/oidc/authorize/", asked).status_code == 422
