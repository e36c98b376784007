"""Accounts elsewhere, thousands at once: a push to each and its withdrawal, through the signed protocol.

Every thirtieth answer is lost, so that what was done and not heard of is asked for again. The other side does an act
once for each Idempotency-Key and counts what it did.
"""

from collections import Counter
from datetime import date
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import timezone

from benchmarks.measuring import line, timed
from benchmarks.pushes import approved_version
from benchmarks.world import Profile, build
from foundation.events.operations import drain_events
from province.content.models import ChannelDelivery, MediaAccount
from province.content.operations.deliveries import send_deliveries
from province.content.operations.pushes import push_version, withdraw_push
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState, WithdrawalKind
from province.rights.queries import system_actor
from tests.channel_server import Channel, Reply

_BY = "评测"
_LOST = 30


def run(profile: Profile) -> list[dict[str, Any]]:
    build(profile)
    number = 10_000 if profile.is_full else 2_000
    asked = count(1)
    channel = Channel(lambda _: Reply(hangs_up=next(asked) % _LOST == 0))
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with channel.running() as running:
        _file(number, running.url())
        version = approved_version()
        push = push_version(by=system_actor(_BY), version=version, audience=Audience((Scope("64"),)), column="news")
        pushed = _sent()
        withdraw_push(by=system_actor(_BY), push=push, kind=WithdrawalKind.GONE, reason="评测")
        withdrawn = _sent()
    acts = Counter((said["account"], said["act"]) for said in channel.acts)
    doubles = sum(times - 1 for times in acts.values())
    missing = 2 * number - len(acts)
    is_right = doubles == 0 and missing == 0 and not ChannelDelivery.objects.exclude(state=DeliveryState.DONE).exists()
    return [
        line(
            f"{number:,} accounts outside pushed to / withdrawn from, every {_LOST}th answer lost",
            measured=f"{pushed:.1f} / {withdrawn:.1f} s, {doubles} doubled, {missing} missing",
            bound="none doubled, none missing",
            holds=is_right,
            requests=len(channel.requests),
            accounts=number,
        )
    ]


def _file(number: int, endpoint: str) -> None:
    """Of as many units of the province, which has no hall."""
    facts = {"prefix": "64", "platform": "app", "connector": "http", "endpoint": endpoint, "filed_on": date(2026, 1, 1)}
    MediaAccount.objects.bulk_create(
        MediaAccount(name=f"账号{one}", external_id=f"a{one}", owner=f"单位{one}", **facts) for one in range(number)
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
