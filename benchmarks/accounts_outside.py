"""Accounts elsewhere, thousands at once: a push to each and its withdrawal.

Half are 公众号, three tenths 微博, the others systems that take Atom or the signed protocol. Each account has a
platform of its own, which counts what it did (tests/media_platforms.py). Every thirtieth answer is lost, so that what
was done and not heard of is asked for again.
"""

import base64
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from benchmarks.measuring import line, timed
from benchmarks.world import Profile, build
from foundation.events.operations import drain_events
from province.content.models import (
    AccountCredential,
    Asset,
    ChannelDelivery,
    Manuscript,
    ManuscriptVersion,
    MediaAccount,
)
from province.content.operations import add_asset
from province.content.operations.deliveries import send_deliveries
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState, ReviewState, WithdrawalKind
from province.rights.queries import system_actor
from tests.channel_server import Channel, Reply
from tests.factories.files import picture
from tests.media_platforms import AtomCollection, Call, Platform, Told, WeChat, Weibo

_BY = "评测"
_DESK = "64"
_LOST = 30
# what each account's platform asks for beside its name
_OPENS = "s1"
# connector -> of ten accounts
_SHARES: Final = {"wechat": 5, "weibo": 3, "atom": 1, "http": 1}


@dataclass
class _Internet(Platform):
    """One server for the platforms of all accounts, found by what a call proves itself with."""

    asked: Iterator[int] = field(default_factory=lambda: count(1))
    wechats: dict[str, WeChat] = field(default_factory=dict)
    weibos: dict[str, Weibo] = field(default_factory=dict)
    collections: dict[str, AtomCollection] = field(default_factory=dict)

    def answer(self, call: Call) -> Told | None:
        with self.lock:
            found = self._platform(call).act(call)
            return None if next(self.asked) % _LOST == 0 else found

    def _platform(self, call: Call) -> Platform:
        if basic := call.headers.get("authorization", "").removeprefix("Basic "):
            return self.collections[base64.b64decode(basic).decode().partition(":")[0]]
        if call.path == "/cgi-bin/stable_token":
            return self.wechats[call.said["appid"]]
        token = call.query.get("access_token") or call.form["access_token"]
        return self.weibos[token] if token in self.weibos else self.wechats[token]

    def shown(self) -> Iterator[tuple[int, int]]:
        """How often each account has shown the text, and how many it shows now."""
        for wechat in self.wechats.values():
            yield len(wechat.published), len(wechat.articles) + len(wechat.drafts)
        for weibo in self.weibos.values():
            yield len(weibo.published), len(weibo.statuses)
        for collection in self.collections.values():
            yield len(collection.published), len(collection.entries)


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    number = 10_000 if profile.is_full else 1_000
    asked = count(1)
    channel = Channel(lambda _: Reply(hangs_up=next(asked) % _LOST == 0))
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with channel.running(), _Internet().running() as internet:
        settings.MEDIA_PLATFORMS = {"wechat": internet.address, "weibo": internet.address}
        _file(number, channel, internet)
        push = push_version(
            by=system_actor(_BY), version=_approved_version(), audience=Audience((Scope(_DESK),)), column="news"
        )
        pushed = _sent()
        shown = list(internet.shown())
        withdraw_push(by=system_actor(_BY), push=push, kind=WithdrawalKind.GONE, reason="评测")
        withdrawn = _sent()
        left = sum(now for _, now in internet.shown())
    acts = Counter((said["account"], said["act"]) for said in channel.acts)
    times = [*(times for times, _ in shown), *acts.values()]
    doubled = sum(one - 1 for one in times if one)
    missing = sum(one == 0 for one, _ in shown) + 2 * _number_of("http", number) - len(acts)
    undone = ChannelDelivery.objects.exclude(state=DeliveryState.DONE).count()
    return [
        line(
            f"{number:,} accounts outside pushed to / withdrawn from, every {_LOST}th answer lost",
            measured=f"{pushed:.1f} / {withdrawn:.1f} s, {doubled} doubled, {missing} missing, {left} still shown",
            bound="none doubled, none missing, none still shown",
            holds=not any((doubled, missing, left, undone)),
            requests=len(channel.requests) + next(internet.asked) - 1,
            **{connector: _number_of(connector, number) for connector in _SHARES},
        )
    ]


def _number_of(connector: str, number: int) -> int:
    return number * _SHARES[connector] // sum(_SHARES.values())


def _file(number: int, channel: Channel, internet: _Internet) -> None:
    """Of units of the province, which have no hall; each with what its platform lets us in by."""
    facts = {"prefix": _DESK, "filed_on": date(2026, 1, 1)}
    credentials = []
    for connector in _SHARES:
        platform = connector if connector in {"wechat", "weibo"} else "app"
        endpoint = {"http": channel.url(), "atom": f"{internet.address}/collection"}.get(connector, "")
        accounts = MediaAccount.objects.bulk_create(
            MediaAccount(
                name=f"{connector}{one}",
                external_id=f"{connector}{one}",
                owner=f"{connector} 的单位{one}",
                platform=platform,
                connector=connector,
                endpoint=endpoint,
                **facts,
            )
            for one in range(_number_of(connector, number))
        )
        credentials += [_let_in(internet, account) for account in accounts if connector != "http"]
    AccountCredential.objects.bulk_create(credentials)


def _let_in(internet: _Internet, account: MediaAccount) -> AccountCredential:
    name = account.name
    if account.connector == "wechat":
        # found by its AppID and by its token, which are one text here
        internet.wechats[name] = WeChat(token=name)
        return AccountCredential(account=account, name=name, secret=_OPENS)
    if account.connector == "weibo":
        internet.weibos[name] = Weibo(token=name)
        return AccountCredential(account=account, secret=name, may_delete=True)
    internet.collections[name] = AtomCollection(user=name, address=internet.address)
    return AccountCredential(account=account, name=name, secret=_OPENS)


def _approved_version() -> ManuscriptVersion:
    """With the cover that a 公众号 asks for."""
    manuscript = Manuscript.objects.create(title="评测", body="<p>正文</p>", desk_prefix=_DESK)
    return ManuscriptVersion.objects.create(
        manuscript=manuscript, number=1, title="评测", body="<p>正文</p>", cover=_cover(), state=ReviewState.APPROVED
    )


def _cover() -> Asset:
    return add_asset(
        by=system_actor(_BY), desk_prefix=_DESK, name="封面.png", content=picture("PNG", size=(400, 300)), alt="评测"
    )


def _sent() -> float:
    """Seconds until nothing waits; what was not heard of may be asked for again at once."""
    with timed() as taken:
        drain_events()
        waiting = ChannelDelivery.objects.filter(state=DeliveryState.WAITING)
        while waiting.exists():
            waiting.filter(claimed_until=None).update(next_attempt_at=timezone.now())
            send_deliveries()
    return taken.seconds
