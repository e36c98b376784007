"""What pages say of accounts elsewhere, before a push and after a withdrawal."""

import pytest
from django.test import Client

from foundation.events.operations import drain_events
from province.content.models import AccountCredential, ChannelDelivery
from province.content.operations.credentials import set_credential
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.manuscripts import make_approved_version
from tests.factories.people import program_of
from tests.factories.pushes import make_push, withdraw
from tests.province.content.test_views import client_of

pytestmark = pytest.mark.django_db
API = "/api/province/v1/content/accounts"


class TestCredential:
    def test_is_set_on_the_account_and_never_shown(self, north: Hall) -> None:
        zhao, account = client_of("zhao"), make_account(north, connector="wechat")
        address = f"/console/accounts/{account.pk}/"
        assert "接口凭据" in zhao.get(address).content.decode()
        filled = {"act": "credential", "credential-name": "wx1", "credential-secret": "very-secret"}
        assert zhao.post(address, filled | {"credential-name": ""}).status_code == 422
        assert not AccountCredential.objects.exists()
        assert zhao.post(address, filled).status_code == 302
        page = zhao.get(address).content.decode()
        assert "已设置，不再显示" in page
        assert "very-secret" not in page
        # an empty secret leaves the one that is there
        assert zhao.post(address, filled | {"credential-secret": "", "credential-name": "wx2"}).status_code == 302
        kept = AccountCredential.objects.get()
        assert (kept.name, kept.secret.plain) == ("wx2", "very-secret")
        put = program_of("zhao").put(
            f"{API}/{account.pk}/credential", {"name": "wx3", "secret": "s"}, content_type="application/json"
        )
        assert (put.status_code, sorted(put.json())) == (200, ["changed_at", "may_delete", "name"])

    def test_is_no_part_of_an_account_that_needs_none(self, north: Hall) -> None:
        account = make_account(north, connector="http", endpoint="https://a.cn/")
        zhao = client_of("zhao")
        assert "接口凭据" not in zhao.get(f"/console/accounts/{account.pk}/").content.decode()
        assert zhao.post(f"/console/accounts/{account.pk}/", {"act": "credential"}).status_code == 422


class TestDialog:
    def test_says_before_pushing_what_accounts_will_not_do(self, north: Hall, south: Hall) -> None:
        for hall in (north, south):
            make_account(hall, name=f"{hall.slug} 微信", connector="wechat")
        weibo = make_account(north, name="微博", platform="weibo", connector="weibo")
        make_account(north, name="客户端", platform="app", connector="atom", endpoint="https://a.cn/")
        version = make_approved_version(title="长" * 40)
        form = {"to": "420582000000", "excluded": "", "mode": "direct", "column": "要闻动态"}
        address = f"/console/versions/{version.pk}/audience/"
        page = client_of("zhao").post(address, form).content.decode()
        assert "1 个微信公众号账号不会收下：标题有 40 个字，公众号最多 32 个。" in page
        assert "1 个微博账号发出后不能自动撤回" in page
        assert "1 个Atom 发布协议账号能否自动撤回由对方系统决定" in page
        set_credential(by=person("zhao"), account=weibo, secret="access-of-weibo", may_delete=True)
        assert "微博账号" not in client_of("zhao").post(address, form).content.decode()


class TestWithdrawal:
    def test_lists_what_people_must_do_until_they_say_it_is_done(self, north: Hall, zhao: Client) -> None:
        make_account(north, connector="weibo", platform="weibo")
        push = make_push(audience=Audience((Scope("420582"),)))
        drain_events()
        ChannelDelivery.objects.update(state=DeliveryState.DONE, attempts=1)
        withdraw(push)
        drain_events()
        left = ChannelDelivery.objects.filter(act="withdraw")
        left.update(state=DeliveryState.BY_HAND, last_error="请在微博上人工删除这条微博。")
        page = zhao.get(f"/console/pushes/{push.pk}/").content.decode()
        assert "<strong>1 个新媒体账号要人工处理</strong>" in page
        assert "当阳发布（微博）：请在微博上人工删除这条微博。" in page
        listed = zhao.get("/console/deliveries/?state=by_hand").content.decode()
        assert "已人工处理" in listed
        one = left.get()
        assert client_of("zhou").post("/console/deliveries/done/", {"delivery": str(one.pk)}).status_code == 302
        assert left.get().state == DeliveryState.BY_HAND
        zhao.post("/console/deliveries/done/", {"delivery": str(one.pk)})
        assert left.get().state == DeliveryState.DONE
        assert "要人工处理" not in zhao.get(f"/console/pushes/{push.pk}/").content.decode()
        assert program_of("zhao").post(f"{API}/deliveries/{one.pk}/done").status_code == 409


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")
