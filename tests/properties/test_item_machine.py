"""All that can happen to one item, in any order and repeated, against a model of a few lines: at any moment, past or to
come, halls see exactly one version of it or none."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from foundation.errors import DomainError
from province.catalogue.models import ItemChange, ItemVersion, Office, Pause
from province.catalogue.operations import (
    abolish_item,
    pass_review,
    publish_version,
    resume_item,
    return_version,
    submit_version,
    suspend_item,
    withdraw_version,
)
from province.catalogue.operations.publication import begin_version
from province.catalogue.queries.validity import items_valid_at, version_at
from province.catalogue.states import OPEN_REVIEWS, VersionState
from province.content.queries.generations import page_generations
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.catalogue import change_draft, make_item
from tests.soak import SOAK

CODES = ("establishment", "legal", "disclosure")
NUMBERS = st.integers(1, 4)
# hours from now
HOURS = st.integers(-3, 9)


@dataclass
class _Version:
    state: str = "submitted"
    passed: set[str] = field(default_factory=set)
    begins_at: datetime | None = None
    days: int = 0


class ItemMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = timezone.now()
        # the machine's own clock, which only goes on
        self.clock = mock.patch("django.utils.timezone.now", side_effect=lambda: self.now)
        self.clock.start()
        self.north = Hall.objects.get(slug="north")
        self.zhao, self.qian = person("zhao"), person("qian")
        self.offices = {office.code: office for office in Office.objects.all()}
        self.versions: list[_Version] = []
        self.pauses: list[tuple[datetime, datetime | None]] = []
        self.life, self.days, self.published = "active", 10, 0
        self.seen: tuple[str, object] | None = None

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.item = make_item()

    @rule(minutes=st.integers(1, 600))
    def wait(self, *, minutes: int) -> None:
        """Time passes; the clock carries out what has come due, twice."""
        self.now += timedelta(minutes=minutes)
        for version in ItemVersion.objects.filter(valid_from__lte=self.now):
            begin_version(version_id=version.pk)
            begin_version(version_id=version.pk)

    @rule(days=st.integers(5, 15))
    def edit(self, *, days: int) -> None:
        def change() -> None:
            self.days = days

        self._do(
            lambda: change_draft(self.item, promised_days=days), is_allowed=self.life != "abolished", change=change
        )

    @rule()
    def submit(self) -> None:
        latest = self.versions[-1] if self.versions else None
        is_allowed = self.life != "abolished" and (
            latest is None
            or latest.state == "returned"
            or (latest.state not in OPEN_REVIEWS and latest.days != self.days)
        )
        self._do(
            lambda: submit_version(by=self.zhao, item=self.item),
            is_allowed=is_allowed,
            change=lambda: self.versions.append(_Version(days=self.days)),
        )

    @rule(number=NUMBERS, code=st.sampled_from(CODES))
    def agree(self, *, number: int, code: str) -> None:
        version = self._version(number)
        if version is None:
            return

        def change() -> None:
            version.passed.add(code)
            version.state = "approved" if version.passed == set(CODES) else "in-review"

        self._do(
            lambda: pass_review(by=self.qian, version=self._row(number), office=self.offices[code]),
            is_allowed=version.state in OPEN_REVIEWS and code not in version.passed,
            change=change,
        )

    @rule(number=NUMBERS)
    def agree_at_last(self, *, number: int) -> None:
        for code in CODES:
            self.agree(number=number, code=code)

    @rule(number=NUMBERS, code=st.sampled_from(CODES))
    def send_back(self, *, number: int, code: str) -> None:
        version = self._version(number)
        if version is None:
            return

        def change() -> None:
            version.state = "returned"

        self._do(
            lambda: return_version(
                by=self.qian, version=self._row(number), office=self.offices[code], reason="依据有误"
            ),
            is_allowed=version.state in OPEN_REVIEWS and code not in version.passed,
            change=change,
        )

    @rule(number=NUMBERS, hours=st.none() | HOURS)
    def publish(self, *, number: int, hours: int | None) -> None:
        version = self._version(number)
        if version is None:
            return
        begins_at = None if hours is None else self.now + timedelta(hours=hours)
        last = self._last_published()
        is_allowed = (
            self.life != "abolished"
            and version.state == "approved"
            and (begins_at is None or begins_at >= self.now)
            and (last is None or (self.versions.index(last) < number - 1 and _time(last) < (begins_at or self.now)))
        )

        def change() -> None:
            version.state, version.begins_at = "published", begins_at or self.now
            self.published += 1

        self._do(
            lambda: publish_version(by=self.zhao, version=self._row(number), valid_from=begins_at),
            is_allowed=is_allowed,
            change=change,
        )

    @rule(number=NUMBERS)
    def withdraw(self, *, number: int) -> None:
        version = self._version(number)
        if version is None:
            return

        def change() -> None:
            version.state, version.begins_at = "approved", None

        self._do(
            lambda: withdraw_version(by=self.zhao, version=self._row(number)),
            is_allowed=version.begins_at is not None
            and version.begins_at > self.now
            and version is self._last_published(),
            change=change,
        )

    @rule()
    def suspend(self) -> None:
        def change() -> None:
            self.life = "suspended"
            self.pauses.append((self.now, None))

        self._do(
            lambda: suspend_item(by=self.zhao, item=self.item, reason="升级"),
            is_allowed=self.life == "active",
            change=change,
        )

    @rule()
    def abolish(self) -> None:
        def change() -> None:
            self._end_pause()
            self.life = "abolished"
            self.pauses.append((self.now, None))

        self._do(
            lambda: abolish_item(by=self.zhao, item=self.item, reason="法律已废止"),
            is_allowed=self.life != "abolished",
            change=change,
        )

    @rule()
    def resume(self) -> None:
        def change() -> None:
            self._end_pause()
            self.life = "active"

        self._do(lambda: resume_item(by=self.zhao, item=self.item), is_allowed=self.life != "active", change=change)

    def _end_pause(self) -> None:
        if self.pauses and self.pauses[-1][1] is None:
            self.pauses[-1] = (self.pauses[-1][0], self.now)

    def _version(self, number: int) -> _Version | None:
        return self.versions[number - 1] if number <= len(self.versions) else None

    def _row(self, number: int) -> ItemVersion:
        return ItemVersion.objects.get(item=self.item, number=number)

    def _last_published(self) -> _Version | None:
        published = [one for one in self.versions if one.begins_at]
        return max(published, key=_time, default=None)

    def _shown_at(self, moment: datetime) -> int | None:
        if any(start <= moment and (end is None or moment < end) for start, end in self.pauses):
            return None
        begun = [one for one in self.versions if one.begins_at and one.begins_at <= moment]
        return self.versions.index(max(begun, key=_time)) + 1 if begun else None

    @staticmethod
    def _do(act: Callable[[], Any], *, is_allowed: bool, change: Callable[[], None]) -> None:
        if is_allowed:
            act()
            change()
            return
        with pytest.raises(DomainError):
            act()

    @invariant()
    def halls_see_what_the_model_says_at_any_moment(self) -> None:
        if not hasattr(self, "item"):
            return
        moments = {self.now, self.now + timedelta(days=400)}
        for moment in [
            *(one.begins_at for one in self.versions if one.begins_at),
            *(moment for pause in self.pauses for moment in pause if moment),
        ]:
            moments |= {moment - timedelta(microseconds=1), moment, moment + timedelta(microseconds=1)}
        for moment in moments:
            found = list(items_valid_at(moment).filter(item=self.item))
            assert [one.number for one in found] == [
                number for number in [self._shown_at(moment)] if number is not None
            ]

    @invariant()
    def rows_say_the_same(self) -> None:
        if not hasattr(self, "item"):
            return
        self.item.refresh_from_db()
        assert self.item.state == self.life
        rows = ItemVersion.objects.filter(item=self.item).order_by("number")
        assert [(row.state, row.valid_from) for row in rows] == [(one.state, one.begins_at) for one in self.versions]
        assert Pause.objects.filter(to_at=None).count() == (self.life != "active")
        assert all((row.valid_from is not None) == (row.state == VersionState.PUBLISHED) for row in rows)

    @invariant()
    def the_feed_has_no_gap_and_pages_never_change_under_a_key(self) -> None:
        if not hasattr(self, "item"):
            return
        positions = list(ItemChange.objects.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, len(positions) + 1))
        assert ItemChange.objects.filter(kind="published").count() == self.published
        # what the clock brings was announced by ``wait``
        key, version = page_generations(self.north), version_at(self.item, self.now)
        assert self.seen is None or self.seen[0] != key or self.seen[1] == version
        self.seen = (key, version)


def _time(version: _Version) -> datetime:
    assert version.begins_at
    return version.begins_at


class TestItemMachine:
    @pytest.mark.soak
    @pytest.mark.django_db
    def test_agrees_with_its_model(self) -> None:
        run_state_machine_as_test(
            ItemMachine,
            settings=settings(
                max_examples=100 if SOAK else 8,
                stateful_step_count=30,
                suppress_health_check=list(HealthCheck),
            ),
        )
