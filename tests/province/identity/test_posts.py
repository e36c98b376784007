"""Posts taken away, accounts closed and opened again."""

from functools import partial

import pytest
from django.test import Client

from foundation.errors import Conflict, NotAllowed
from province.audit.models import AuditEntry
from province.identity.models import Account, Post, Role
from province.identity.operations.accounts import close_account, reopen_account
from province.identity.operations.posts import give_post, take_post
from province.identity.operations.tokens import issue_token
from province.identity.queries.rights import may, system_actor
from province.identity.queries.tokens import actor_with_token
from tests.conftest import person
from tests.factories.halls import PASSWORD
from tests.races import at_once


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def post_of(username: str) -> Post:
    return Post.objects.get(account__username=username)


def signed_in(username: str) -> Client:
    client = Client(HTTP_HOST="yizhan.test")
    client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    return client


@pytest.mark.django_db
class TestTakePost:
    def test_ends_what_the_post_allowed(self) -> None:
        hall_id = post_of("sun").hall_id
        take_post(by=person("zhao"), post=post_of("sun"))
        assert not may(person("sun"), "portal.write", hall_id=hall_id)
        entry = AuditEntry.objects.get(act="identity.take_post")
        assert (entry.object_id, entry.hall_id) == (account("sun").id, hall_id)

    def test_twice_is_as_once(self) -> None:
        post = post_of("sun")
        for _ in range(2):
            take_post(by=person("zhao"), post=post)
        assert AuditEntry.objects.filter(act="identity.take_post").count() == 1

    def test_leaves_the_last_province_operator(self) -> None:
        take_post(by=person("zhao"), post=post_of("qian"))
        with pytest.raises(Conflict, match="最后一位"):
            take_post(by=person("zhao"), post=post_of("zhao"))
        assert may(person("zhao"), "halls.manage")

    def test_counts_no_operator_whose_account_is_closed(self) -> None:
        close_account(by=person("zhao"), account=account("qian"))
        with pytest.raises(Conflict, match="最后一位"):
            take_post(by=person("zhao"), post=post_of("zhao"))
        take_post(by=person("zhao"), post=post_of("qian"))

    def test_is_the_provinces_alone(self) -> None:
        for who in ("sun", "wu"):
            with pytest.raises(NotAllowed):
                take_post(by=person(who), post=post_of("li"))


@pytest.mark.django_db
class TestCloseAccount:
    def test_ends_sessions_at_once_and_for_good(self) -> None:
        client = signed_in("sun")
        close_account(by=person("zhao"), account=account("sun"))
        assert client.get("/account/").status_code == 302
        reopen_account(by=person("zhao"), account=account("sun"))
        assert client.get("/account/").status_code == 302
        signed_in("sun")

    def test_refuses_tokens_also_after_it_is_open_again(self) -> None:
        key = issue_token(by=person("sun"), account=account("sun"), name="统计", scopes=["content.read"])
        headers = {"Authorization": f"Bearer {key}"}
        client = Client(HTTP_HOST="yizhan.test", headers=headers)
        assert client.get("/api/province/v1/content/pushes").status_code == 200
        close_account(by=person("zhao"), account=account("sun"))
        assert client.get("/api/province/v1/content/pushes").status_code == 401
        assert actor_with_token(key) is None
        reopen_account(by=person("zhao"), account=account("sun"))
        assert actor_with_token(key) is None

    def test_keeps_the_posts(self) -> None:
        hall_id = post_of("sun").hall_id
        close_account(by=person("zhao"), account=account("sun"))
        assert not may(person("sun"), "portal.write", hall_id=hall_id)
        reopen_account(by=person("zhao"), account=account("sun"))
        assert may(person("sun"), "portal.write", hall_id=hall_id)

    def test_is_recorded_once_however_often_it_is_done(self) -> None:
        for act in (close_account, reopen_account):
            for _ in range(2):
                act(by=person("zhao"), account=account("sun"))
        acts = AuditEntry.objects.filter(object_id=account("sun").id, act__contains="open") | AuditEntry.objects.filter(
            object_id=account("sun").id, act__contains="close"
        )
        assert sorted(acts.values_list("act", flat=True)) == ["identity.close_account", "identity.reopen_account"]

    def test_is_done_to_nobody_by_himself(self) -> None:
        with pytest.raises(NotAllowed, match="自己"):
            close_account(by=person("zhao"), account=account("zhao"))
        assert account("zhao").is_active

    def test_leaves_the_last_province_operator(self) -> None:
        close_account(by=person("zhao"), account=account("qian"))
        with pytest.raises(Conflict, match="最后一位"):
            close_account(by=system_actor(), account=account("zhao"))

    def test_is_the_provinces_alone(self) -> None:
        for who in ("sun", "wu"):
            with pytest.raises(NotAllowed):
                close_account(by=person(who), account=account("li"))
            with pytest.raises(NotAllowed):
                reopen_account(by=person(who), account=account("li"))


@pytest.mark.usefixtures("fresh_database")
class TestTwoOperatorsAtOnce:
    def test_who_close_each_other_leave_one(self) -> None:
        zhao, qian = person("zhao"), person("qian")
        at_once(
            partial(close_account, by=zhao, account=account("qian")),
            partial(close_account, by=qian, account=account("zhao")),
        )
        assert Account.objects.filter(posts__role=Role.PROVINCE_OPERATOR, is_active=True).count() == 1

    def test_who_take_each_others_posts_leave_one(self) -> None:
        zhao, qian = person("zhao"), person("qian")
        at_once(partial(take_post, by=zhao, post=post_of("qian")), partial(take_post, by=qian, post=post_of("zhao")))
        assert Post.objects.filter(role=Role.PROVINCE_OPERATOR).count() == 1


@pytest.mark.django_db
class TestSettingsPage:
    @pytest.fixture
    def zhao(self) -> Client:
        return signed_in("zhao")

    def test_takes_a_post_away(self, zhao: Client) -> None:
        answer = zhao.post(f"/console/settings/posts/{post_of('sun').pk}/take/", follow=True)
        assert "已收回孙北的“服务厅编辑”岗位" in answer.content.decode()
        assert not Post.objects.filter(account__username="sun").exists()

    def test_closes_and_reopens_an_account(self, zhao: Client) -> None:
        address = f"/console/settings/accounts/{account('sun').pk}/"
        page = zhao.post(address, {"act": "close"}, follow=True).content.decode()
        assert "已停用,登录和令牌立即失效" in page
        assert "启用账号 sun" in page
        page = zhao.post(address, {"act": "reopen"}, follow=True).content.decode()
        assert "停用账号 sun" in page

    def test_says_why_it_refuses(self, zhao: Client) -> None:
        page = zhao.get("/console/settings/?q=zhao").content.decode()
        assert "停用账号 zhao" not in page
        answer = zhao.post(f"/console/settings/accounts/{account('zhao').pk}/", {"act": "close"}, follow=True)
        assert "不能停用自己的账号" in answer.content.decode()
        take_post(by=person("zhao"), post=post_of("qian"))
        answer = zhao.post(f"/console/settings/posts/{post_of('zhao').pk}/take/", follow=True)
        assert "最后一位省级运营" in answer.content.decode()

    def test_is_closed_to_editors(self) -> None:
        sun = signed_in("sun")
        assert sun.post(f"/console/settings/posts/{post_of('li').pk}/take/").status_code == 403
        assert sun.post(f"/console/settings/accounts/{account('li').pk}/", {"act": "close"}).status_code == 403

    def test_gives_an_open_account_a_second_post(self, zhao: Client) -> None:
        give_post(by=person("zhao"), account=account("sun"), role=Role.PROVINCE_OPERATOR)
        assert zhao.get("/console/settings/?q=sun").content.decode().count("收回 sun 的岗位") == 2
