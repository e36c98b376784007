import re

import pytest
from django.test import Client

from config.api import actor_with_token
from province.people.models import Account
from province.sign_in.models import ApiToken
from tests.factories.halls import PASSWORD

pytestmark = pytest.mark.django_db

PROVINCE = "yizhan.localhost"


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST=PROVINCE)


@pytest.fixture
def zhao(visitor: Client) -> Client:
    visitor.force_login(Account.objects.get(username="zhao"))
    return visitor


def sign_in(client: Client, username: str = "zhao", password: str = PASSWORD, query: str = "") -> object:
    return client.post(f"/sign-in/{query}", {"username": username, "password": password})


class TestAccountPage:
    def test_sends_strangers_to_sign_in(self, visitor: Client) -> None:
        assert visitor.get("/account/")["Location"] == "/sign-in/?next=%2Faccount%2F"

    def test_names_the_positions(self, zhao: Client) -> None:
        assert "省级运营" in zhao.get("/account/").content.decode()

    def test_changes_the_password_and_stays_signed_in(self, zhao: Client) -> None:
        other = Client(HTTP_HOST=PROVINCE)
        sign_in(other)
        new = "staple-battery-7"
        answer = zhao.post("/account/password/", {"present": PASSWORD, "new": new, "again": new})
        assert answer.status_code == 302
        assert zhao.get("/account/").status_code == 200
        assert other.get("/account/").status_code == 302
        assert sign_in(Client(HTTP_HOST=PROVINCE), password=new).status_code == 302  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("present", "new", "again", "message"),
        [
            ("wrong", "staple-battery-7", "staple-battery-7", "当前密码不正确。"),
            (PASSWORD, "staple-battery-7", "staple-battery-8", "两次输入的新密码不一样。"),
            (PASSWORD, "password", "password", "密码"),
        ],
    )
    def test_says_what_is_wrong_with_a_new_password(
        self, zhao: Client, present: str, new: str, again: str, message: str
    ) -> None:
        answer = zhao.post("/account/password/", {"present": present, "new": new, "again": again})
        assert answer.status_code == 422
        assert message in answer.content.decode()

    def test_shows_a_new_token_once(self, zhao: Client) -> None:
        page = zhao.post("/account/tokens/", {"name": "统计程序", "scopes": ["content.read"]}).content.decode()
        found = re.search(r"yz_[\w-]{40,}", page)
        assert found
        actor = actor_with_token(found[0], address="127.0.0.1")
        assert actor
        assert {permission for grant in actor.grants for permission in grant.permissions} == {"content.read"}
        assert found[0] not in zhao.get("/account/").content.decode()

    def test_offers_no_scope_beyond_ones_positions(self, visitor: Client) -> None:
        visitor.force_login(Account.objects.get(username="wu"))
        answer = visitor.post("/account/tokens/", {"name": "x", "scopes": ["halls.manage"]})
        assert answer.status_code == 422
        assert not ApiToken.objects.exists()

    def test_ends_a_token(self, zhao: Client) -> None:
        page = zhao.post("/account/tokens/", {"name": "统计程序", "scopes": ["content.read"]}).content.decode()
        key = re.search(r"yz_[\w-]{40,}", page)
        assert key
        assert zhao.post(f"/account/tokens/{ApiToken.objects.get().id}/revoke/").status_code == 302
        assert actor_with_token(key[0], address="127.0.0.1") is None

    def test_ends_nobody_elses_token(self, zhao: Client) -> None:
        zhao.post("/account/tokens/", {"name": "统计程序", "scopes": ["content.read"]})
        stranger = Client(HTTP_HOST=PROVINCE)
        stranger.force_login(Account.objects.get(username="wu"))
        assert stranger.post(f"/account/tokens/{ApiToken.objects.get().id}/revoke/").status_code == 404
        assert ApiToken.objects.get().revoked_at is None


class TestSigningOut:
    def test_needs_a_button(self, zhao: Client) -> None:
        assert zhao.get("/sign-out/").status_code == 405
        assert zhao.post("/sign-out/")["Location"] == "/sign-in/"
        assert zhao.get("/account/").status_code == 302


class TestFormWithoutToken:
    def test_is_refused_in_plain_words(self) -> None:
        careful = Client(HTTP_HOST=PROVINCE, enforce_csrf_checks=True)
        answer = careful.post("/sign-in/", {"username": "zhao", "password": PASSWORD})
        assert answer.status_code == 403
        assert "页面打开太久或登录已变化" in answer.content.decode()
