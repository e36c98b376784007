"""A collection of the Atom Publishing Protocol and 微博, through the real delivery machinery."""

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from province.content.models import MediaAccount
from province.content.operations.credentials import set_credential
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.pushes import make_push, withdraw
from tests.media_platforms import AtomCollection, Weibo
from tests.province.content.test_wechat import again, deliver

COUNTY = Audience((Scope("420582"),))
SHARE = "/2/statuses/share.json"


@pytest.fixture
def atom(settings: Settings) -> Iterator[AtomCollection]:
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with AtomCollection().running() as running:
        yield running


@pytest.fixture
def weibo(settings: Settings) -> Iterator[Weibo]:
    with Weibo().running() as running:
        settings.MEDIA_PLATFORMS = {**django_settings.MEDIA_PLATFORMS, "weibo": running.address}
        yield running


def subscribed(hall: Hall, atom: AtomCollection) -> MediaAccount:
    account = make_account(hall, platform="app", connector="atom", endpoint=f"{atom.address}/collection")
    set_credential(by=person("zhao"), account=account, name="yizhan", secret="s1")
    return account


def at_weibo(hall: Hall, *, may_delete: bool = True) -> MediaAccount:
    account = make_account(hall, platform="weibo", connector="weibo")
    set_credential(by=person("zhao"), account=account, secret="access-of-weibo", may_delete=may_delete)
    return account


@pytest.mark.django_db
class TestAtom:
    @pytest.mark.parametrize("keeps", ["id", "category"])
    def test_has_an_entry_once_whatever_answer_was_lost(self, north: Hall, atom: AtomCollection, keeps: str) -> None:
        subscribed(north, atom)
        atom.keeps = keeps
        push = make_push(audience=COUNTY, title="医保 & 新政")
        atom.moods["/collection"] = ["lost"]
        deliver()
        # others write there, too: ours is on the second page by now
        atom.entries |= {f"/entries/other-{number}": "<entry><id>x</id></entry>" for number in range(4)}
        one = again()
        assert (one.state, one.external_ref, len(atom.published)) == ("done", f"{atom.address}/entries/1", 1)
        assert "医保 &amp; 新政" in atom.published[0]
        withdraw(push)
        atom.moods["/entries/1"] = ["lost"]
        deliver()
        assert again().state == DeliveryState.DONE
        assert "/entries/1" not in atom.entries

    def test_that_forbids_deleting_leaves_it_to_people(self, north: Hall, atom: AtomCollection) -> None:
        subscribed(north, atom)
        push = make_push(audience=COUNTY)
        deliver()
        atom.deletes = False
        withdraw(push)
        one = deliver()
        assert (one.state, one.last_error[-12:]) == ("by_hand", "对方系统里人工删除这篇文章。"[-12:])

    def test_is_not_followed_to_another_host(self, north: Hall, atom: AtomCollection) -> None:
        """Our name and password would go there."""
        subscribed(north, atom)
        make_push(audience=COUNTY)
        address, atom.address = atom.address, "http://127.0.0.2:1"
        one = deliver()
        atom.address = address
        assert (one.state, one.last_error) == ("dead", "对方给出的文章地址在另一台主机上，不能使用。")

    def test_says_that_the_password_is_wrong(self, north: Hall, atom: AtomCollection) -> None:
        account = subscribed(north, atom)
        set_credential(by=person("zhao"), account=account, name="yizhan", secret="s2")
        make_push(audience=COUNTY)
        one = deliver()
        assert (one.state, one.last_error[:12]) == ("dead", "对方不接受用户名或密码，")


@pytest.mark.django_db
class TestWeibo:
    def test_says_it_once_and_takes_it_back(self, north: Hall, weibo: Weibo) -> None:
        at_weibo(north)
        push = make_push(audience=COUNTY, title="医保新政")
        weibo.moods[SHARE] = ["day", "lost"]
        one = deliver()
        assert (one.state, one.attempts) == ("waiting", 1)
        for _ in range(2):
            one = again()
        assert (one.state, len(weibo.published)) == ("done", 1)
        assert weibo.published[0].startswith("【医保新政】")
        withdraw(push)
        assert deliver().state == DeliveryState.DONE
        assert weibo.statuses == {}

    def test_says_it_once_where_the_platform_does_not_show_what_it_has(self, north: Hall, weibo: Weibo) -> None:
        weibo.shows = False
        at_weibo(north)
        push = make_push(audience=COUNTY)
        weibo.moods[SHARE] = ["lost"]
        deliver()
        one = again()
        assert (one.state, one.external_ref, len(weibo.published)) == ("done", "", 1)
        # nobody knows its number: it is never said to be gone
        withdraw(push)
        one = deliver()
        assert (one.state, len(weibo.statuses)) == ("by_hand", 1)

    @pytest.mark.parametrize("lacking", ["as we know", "as it says"])
    def test_leaves_it_to_people_without_the_right(self, north: Hall, weibo: Weibo, lacking: str) -> None:
        weibo.deletes = lacking == "as we know"
        at_weibo(north, may_delete=lacking == "as it says")
        push = make_push(audience=COUNTY)
        deliver()
        withdraw(push)
        one = deliver()
        assert (one.state, "人工删除" in one.last_error, len(weibo.statuses)) == ("by_hand", True, 1)

    def test_asks_for_a_new_authorisation(self, north: Hall, weibo: Weibo) -> None:
        at_weibo(north)
        make_push(audience=COUNTY)
        weibo.token = "w2"
        one = deliver()
        assert one.state == DeliveryState.DEAD
        assert "重新授权" in one.last_error
