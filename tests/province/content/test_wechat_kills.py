"""Workers killed with -9 between what 微信 does and what we note of it: each text is published once, and taken back."""

import random
import time
from collections import Counter
from contextlib import AbstractContextManager

import pytest

from foundation.events.operations import drain_events
from province.content.models import ChannelDelivery
from province.content.operations import add_asset
from province.content.operations.credentials import set_credential
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.accounts import make_account
from tests.factories.files import picture
from tests.factories.pushes import make_push, withdraw
from tests.forked import running
from tests.media_platforms import WeChat
from tests.province.content.test_deliveries import pass_time
from tests.province.content.test_deliveries_kills import wait_until

KILLS = 5
ACCOUNTS = 12
# a review is over at once here, so that what was lost need not be waited for
WORKER = """
import time
from datetime import timedelta
from province.content.connectors import wechat
from province.content.operations.deliveries import send_deliveries
wechat.SETTLED = timedelta(seconds=1)
while True:
    send_deliveries() or time.sleep(0.05)
"""


def worker(platform: WeChat) -> AbstractContextManager[None]:
    return running(WORKER, MEDIA_PLATFORMS={"wechat": platform.address})


def is_over() -> bool:
    """Moves the time on for whatever was deferred or is held by the dead."""
    waiting = ChannelDelivery.objects.filter(state=DeliveryState.WAITING)
    waiting.filter(claimed_until=None).update(next_attempt_at="2026-01-01T00:00:00Z")
    time.sleep(0.1)
    return not waiting.exists()


@pytest.mark.usefixtures("fresh_database")
class TestKilledWorker:
    def test_publishes_each_text_once_and_takes_each_back(self) -> None:
        dice = random.Random(5)  # noqa: S311 - no secret
        north = Hall.objects.get(slug="north")
        cover = add_asset(by=person("zhao"), desk_prefix="42", name="封面.png", content=picture("PNG", size=(64, 48)))
        with WeChat(delay=0.03).running() as platform:
            for number in range(ACCOUNTS):
                account = make_account(north, name=f"账号{number}", connector="wechat")
                set_credential(by=person("zhao"), account=account, name="wx1", secret="s1")
            push = make_push(audience=Audience((Scope("420582"),)), title="医保新政", cover=cover)
            drain_events()
            for _ in range(KILLS):
                wanted = len(platform.calls) + dice.randint(2, 7)
                with worker(platform):
                    wait_until(lambda least=wanted: len(platform.calls) >= least, seconds=60)  # type: ignore[misc]
                    time.sleep(dice.uniform(0, 0.05))
                time.sleep(0.1)
                pass_time()
            with worker(platform):
                wait_until(is_over, seconds=120)
            sources = Counter(one["content_source_url"] for one in platform.published)
            # each delivery's mark once, and one for every account
            assert (len(sources), set(sources.values())) == (ACCOUNTS, {1})
            assert (platform.drafts, set(states())) == ({}, {DeliveryState.DONE})
            withdraw(push)
            drain_events()
            with worker(platform):
                wait_until(lambda: len(platform.articles) < ACCOUNTS, seconds=60)
            pass_time()
            with worker(platform):
                wait_until(is_over, seconds=60)
            assert (platform.articles, platform.drafts, set(states())) == ({}, {}, {DeliveryState.DONE})


def states() -> list[str]:
    return list(ChannelDelivery.objects.values_list("state", flat=True))
