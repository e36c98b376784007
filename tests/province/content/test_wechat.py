"""微信公众号 through the real delivery machinery, against a server that refuses, delays, reviews and loses answers."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from foundation.confinement.running import _WITH_THOSE_WAITING
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.events.operations import drain_events
from foundation.files import images
from province.audit.queries import entries_about
from province.content.connectors import wechat
from province.content.models import AccountCredential, ChannelDelivery, MediaAccount, Push
from province.content.operations import add_asset
from province.content.operations.credentials import set_credential
from province.content.operations.deliveries import finish_by_hand, send_deliveries
from province.content.operations.pushes import replace_version
from province.content.queries.audiences import Audience, Scope
from province.content.queries.parcels import _jpeg
from province.content.states import DeliveryState
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.files import picture
from tests.factories.manuscripts import make_approved_version
from tests.factories.pushes import make_push, withdraw
from tests.media_platforms import WeChat
from tests.province.content.test_deliveries import pass_time, send_all

COUNTY = Audience((Scope("420582"),))
make = images.make_jpeg
ADD, SUBMIT = "/cgi-bin/draft/add", "/cgi-bin/freepublish/submit"
COVER, GET = "/cgi-bin/material/add_material", "/cgi-bin/freepublish/get"


@pytest.fixture
def platform(settings: Settings, object_store: None) -> Iterator[WeChat]:
    with WeChat().running() as running:
        settings.MEDIA_PLATFORMS = {"wechat": running.address, "weibo": "https://nobody.invalid"}
        yield running


def account_at(hall: Hall, *, name: str = "当阳发布") -> MediaAccount:
    account = make_account(hall, name=name, connector="wechat")
    set_credential(by=person("zhao"), account=account, name="wx1", secret="s1")
    return account


def push_text(*, title: str = "医保新政", has_picture: bool = False) -> Push:
    """With a cover, and a link in its text."""
    cover = add_asset(by=person("zhao"), desk_prefix="42", name="封面.png", content=picture("PNG", size=(400, 300)))
    shown = f'<img src="/media/{cover.pk}" alt="图">' if has_picture else ""
    body = f'<p>正文<a href="https://elsewhere.example/">链接</a></p>{shown}'
    return make_push(audience=COUNTY, title=title, body=body, cover=cover)


def deliver() -> ChannelDelivery:
    drain_events()
    return again()


def again() -> ChannelDelivery:
    pass_time()
    send_all()
    return ChannelDelivery.objects.order_by("turn", "step").last() or pytest.fail("nothing was written")


@pytest.mark.django_db
class TestPublication:
    def test_goes_through_pictures_draft_and_review_and_is_taken_back(self, north: Hall, platform: WeChat) -> None:
        platform.in_review = True
        account_at(north)
        push = push_text(has_picture=True)
        one = deliver()
        assert (one.state, one.last_error) == ("waiting", "平台审核中，有结果后自动继续。")
        for _ in range(15):
            one = again()
        # the review costs no try, however long it lasts, and the draft was made once
        assert (one.state, one.attempts, platform.count(ADD), platform.count(SUBMIT)) == ("waiting", 1, 1, 1)
        platform.in_review = False
        assert again().state == DeliveryState.DONE
        [article] = platform.published
        assert (article["title"], article["thumb_media_id"]) == ("医保新政", "cover-0")
        assert article["content"] == '<p>正文链接</p><img src="https://mmbiz.qpic.cn/0" alt="图">'
        assert f"/p/{push.pk}/#" in article["content_source_url"]
        withdraw(push)
        assert deliver().state == DeliveryState.DONE
        assert (platform.articles, platform.drafts) == ({}, {})

    @pytest.mark.parametrize(
        ("paths", "mood"),
        [((COVER, GET), "lost"), ((ADD,), "lost"), ((ADD,), "cut"), ((SUBMIT,), "lost"), ((SUBMIT,), "cut")],
        ids=["cover and outcome", "draft", "draft never came", "publication", "publication never came"],
    )
    def test_is_made_once_whatever_answer_was_lost(
        self, north: Hall, platform: WeChat, monkeypatch: pytest.MonkeyPatch, paths: tuple[str, ...], mood: str
    ) -> None:
        account_at(north)
        push = push_text()
        # a publication of which nobody heard is under review while it is asked for
        platform.in_review = (paths, mood) == ((SUBMIT,), "lost")
        platform.moods |= {path: [mood] for path in paths}
        deliver()
        for _ in range(3):
            again()
        platform.in_review = False
        if (paths, mood) == ((SUBMIT,), "cut"):
            # nothing came of it: submitted again only after every review would be over
            assert (platform.count(SUBMIT), platform.published) == (1, [])
            monkeypatch.setattr(wechat, "SETTLED", timedelta(0))
        assert again().state == DeliveryState.DONE
        assert (len(platform.published), len(platform.drafts), len(platform.jobs)) == (1, 0, 1)
        withdraw(push)
        platform.moods["/cgi-bin/freepublish/delete"] = [mood]
        deliver()
        assert again().state == DeliveryState.DONE
        assert platform.articles == {}

    def test_is_replaced_by_taking_the_former_back(self, north: Hall, platform: WeChat) -> None:
        account_at(north)
        push = push_text(title="旧标题")
        deliver()
        manuscript = push.version.manuscript
        manuscript.title = "新标题"
        replace_version(by=person("zhao"), push=push, version=make_approved_version(manuscript=manuscript))
        assert deliver().state == DeliveryState.DONE
        assert [one["title"] for one in platform.articles.values()] == ["新标题"]

    @pytest.mark.parametrize(("verdict", "words"), [(4, "没有通过平台的审核"), (3, "平台发布失败")])
    def test_says_that_the_platform_refused_it(self, north: Hall, platform: WeChat, verdict: int, words: str) -> None:
        platform.verdict = verdict
        account_at(north)
        push = push_text()
        one = deliver()
        assert one.state == DeliveryState.DEAD
        assert words in one.last_error
        withdraw(push)
        assert deliver().state == DeliveryState.DONE
        assert (platform.published, platform.drafts) == ([], {})

    def test_says_what_the_platform_would_not_take_before_it_sends(self, north: Hall, platform: WeChat) -> None:
        account_at(north)
        push_text(title="长" * 33)
        one = deliver()
        assert (one.state, one.last_error) == ("dead", "标题有 33 个字，公众号最多 32 个。请修改后换版。")
        assert platform.calls == []


@pytest.mark.django_db
class TestWithdrawal:
    def test_waits_for_the_review_and_then_deletes(self, north: Hall, platform: WeChat) -> None:
        platform.in_review = True
        account_at(north)
        push = push_text()
        deliver()
        withdraw(push)
        one = deliver()
        assert (one.act, one.state, one.attempts) == ("withdraw", "waiting", 1)
        platform.in_review = False
        assert again().state == DeliveryState.DONE
        assert (len(platform.published), platform.articles) == (1, {})

    def test_is_left_to_people_where_the_platform_forbids_it(self, north: Hall, platform: WeChat) -> None:
        account_at(north)
        push = push_text()
        deliver()
        platform.may_delete = False
        withdraw(push)
        one = deliver()
        assert one.state == DeliveryState.BY_HAND
        assert "人工删除" in one.last_error
        # as a worker leaves it that is killed before it notes how the delivery ended
        ChannelDelivery.objects.filter(act="withdraw").update(state="waiting", last_error="", finished_at=None)
        one = again()
        assert one.state == DeliveryState.BY_HAND
        with pytest.raises(NotAllowed):
            finish_by_hand(by=person("zhou"), delivery=one)
        assert finish_by_hand(by=person("zhao"), delivery=one).state == DeliveryState.DONE
        with pytest.raises(Conflict):
            finish_by_hand(by=person("zhao"), delivery=one)


@pytest.mark.django_db
class TestQuota:
    def test_of_the_day_waits_for_the_next_and_costs_no_try(self, north: Hall, platform: WeChat) -> None:
        account_at(north)
        push_text()
        platform.moods[ADD] = ["day"] * 20
        drain_events()
        send_all()
        one = ChannelDelivery.objects.get()
        tomorrow = (timezone.localtime() + timedelta(days=1)).date()
        assert timezone.localtime(one.next_attempt_at).date() == tomorrow
        assert timezone.localtime(one.next_attempt_at).hour == 0
        for _ in range(15):
            one = again()
        assert (one.state, one.attempts) == ("waiting", 1)
        assert "45009" in one.last_error
        platform.moods[ADD] = []
        assert again().state == DeliveryState.DONE
        assert len(platform.published) == 1

    def test_of_submissions_is_not_taken_for_a_submission(self, north: Hall, platform: WeChat) -> None:
        account_at(north)
        push_text()
        platform.moods[SUBMIT] = ["day", "minute", "busy"]
        deliver()
        again()
        one = again()
        assert one.last_error == "微信系统繁忙。"
        # busy may mean anything: it is asked for, and not sent again at once
        assert again().state == DeliveryState.WAITING
        assert (platform.count(SUBMIT), platform.published) == (3, [])


@pytest.mark.django_db
class TestToken:
    def test_that_is_over_is_renewed_once(self, north: Hall, platform: WeChat) -> None:
        account_at(north)
        push_text()
        platform.moods[ADD] = ["expired"]
        platform.moods[SUBMIT] = ["expired", "expired"]
        one = deliver()
        assert (one.state, one.attempts) == ("waiting", 1)
        assert "访问令牌" in one.last_error
        assert again().state == DeliveryState.WAITING

    def test_stands_sealed_and_is_said_nowhere(
        self, north: Hall, platform: WeChat, caplog: pytest.LogCaptureFixture
    ) -> None:
        platform.secret = "very-secret-1"
        account = account_at(north)
        set_credential(by=person("zhao"), account=account, name="wx1", secret="very-secret-1")
        push_text()
        assert deliver().state == DeliveryState.DONE
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(c)::text FROM content_accountcredential AS c")
            [(kept,)] = cursor.fetchall()
        said = [json.dumps(one.changes, ensure_ascii=False) for one in entries_about(account.pk)]
        assert len(said) == 2
        for place in (kept, caplog.text, *said, repr(AccountCredential.objects.get().secret)):
            assert "very-secret-1" not in place
            assert platform.token not in place

    def test_is_refused_in_words_that_say_what_to_do(self, north: Hall, platform: WeChat) -> None:
        platform.secret = "another"
        account_at(north)
        push_text()
        one = deliver()
        assert (one.state, one.last_error[:18]) == ("dead", "应用密钥（AppSecret）无效或")
        with pytest.raises(Invalid):
            set_credential(by=person("zhao"), account=make_account(north, name="只备案"), secret="x")
        with pytest.raises(NotAllowed):
            set_credential(by=person("zhou"), account=MediaAccount.objects.exclude(connector="").get(), name="n")


@pytest.mark.usefixtures("fresh_database")
class TestManyWorkers:
    def test_share_one_token_and_renew_it_once(self, platform: WeChat) -> None:
        account_at(Hall.objects.get(slug="north"))
        for number in range(3):
            push_text(title=f"第 {number} 篇")
        drain_events()
        send_deliveries()
        assert (len(platform.published), platform.fetched) == (3, 1)
        # it is over for everybody at once
        platform.token = ""
        for push in Push.objects.all():
            withdraw(push)
        drain_events()
        send_deliveries()
        assert (platform.articles, platform.fetched) == ({}, 2)
        assert set(ChannelDelivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}


@pytest.mark.django_db
class TestPictures:
    def test_that_wait_for_our_own_machine_cost_no_try(self, north: Hall, platform: WeChat) -> None:
        _jpeg.cache_clear()
        account_at(north)
        push_text()
        places = [_WITH_THOSE_WAITING.acquire(blocking=False) for _ in range(3)]
        try:
            for _ in range(15):
                one = deliver()
        finally:
            for _ in filter(None, places):
                _WITH_THOSE_WAITING.release()
        assert (one.state, one.attempts, one.last_error) == ("waiting", 1, "图片正在等待处理，稍后自动继续。")
        assert again().state == DeliveryState.DONE

    def test_are_made_once_for_all_accounts(
        self, north: Hall, platform: WeChat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _jpeg.cache_clear()
        made = []
        monkeypatch.setattr(images, "make_jpeg", lambda content, **facts: made.append(facts) or make(content, **facts))
        for name in ("当阳发布", "当阳政务", "当阳医保"):
            account_at(north, name=name)
        push_text()
        deliver()
        assert set(ChannelDelivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}
        assert len(made) == 1
