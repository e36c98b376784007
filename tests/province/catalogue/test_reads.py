"""How often items are read: counted in Valkey, folded into rows once and only once."""

import time
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from pytest_django import Settings
from redis.exceptions import ConnectionError as Unreachable

from foundation import counters
from foundation.counters import count_one
from province.catalogue.models import Item, ItemReads
from province.catalogue.operations import folding, reads
from province.catalogue.operations.reads import count_read, fold_reads
from tests.factories.catalogue import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Iterator[Item]:
    fold_reads()
    yield make_item()
    fold_reads()


class TestReads:
    def test_are_added_up_by_hall_and_month(self, item: Item) -> None:
        ItemReads.objects.create(hall_id=uuid4(), item=item, month=date(2020, 1, 1), number=5)
        here, there = uuid4(), uuid4()
        for hall_id in (here, here, there):
            count_read(hall_id, item.pk)
        fold_reads()
        count_read(here, item.pk)
        fold_reads()
        # what is long past is forgotten
        assert dict(ItemReads.objects.values_list("hall_id", "number")) == {here: 3, there: 1}

    def test_of_nothing_and_nonsense_make_no_rows(self, item: Item) -> None:
        count_read(uuid4(), uuid4())
        count_one("item-reads", "'; --")
        fold_reads()
        assert not ItemReads.objects.exists()

    def test_are_added_once_by_who_is_killed_before_forgetting_them(
        self, item: Item, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count_read(uuid4(), item.pk)
        with monkeypatch.context() as patch:
            patch.setattr(folding, "forget_counts", lambda *_: None)
            assert fold_reads() == 1
        assert fold_reads() == 0
        assert ItemReads.objects.get().number == 1

    def test_are_added_by_the_next_where_one_is_killed_before_the_commit(
        self, item: Item, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count_read(uuid4(), item.pk)
        with monkeypatch.context() as patch:
            patch.setattr(reads, "_add", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                fold_reads()
        assert fold_reads() == 1
        assert ItemReads.objects.get().number == 1

    def test_are_not_counted_where_the_counter_is_away_and_nobody_waits(self, item: Item, settings: Settings) -> None:
        broker, began_at = settings.BROKER_URL, time.monotonic()
        # nobody listens there
        settings.BROKER_URL = "redis://127.0.0.1:1/0"
        counters._client.cache_clear()  # noqa: SLF001 - the program's own
        try:
            count_read(uuid4(), item.pk)
            with pytest.raises(Unreachable):
                fold_reads()
        finally:
            settings.BROKER_URL = broker
            counters._client.cache_clear()  # noqa: SLF001
        # a client that tries again, as one of the library does by itself, takes eight seconds
        assert time.monotonic() - began_at < 4
        assert fold_reads() == 0


def _interrupt(_: object) -> None:
    raise KeyboardInterrupt
