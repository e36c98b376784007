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
from province.catalogue.models import ItemChange, ItemVersion, Office, Pause, PauseRequest
from province.catalogue.operations import (
    confirm_pause,
    decline_pause,
    pass_review,
    propose_pause,
    publish_version,
    recall_version,
    resume_item,
    return_version,
    withdraw_pause,
    withdraw_version,
)
from province.catalogue.operations.pause_requests import URGENT_LASTS, lapse_pause
from province.catalogue.operations.planned_ends import end_as_planned
from province.catalogue.operations.publication import begin_version
from province.catalogue.queries.handling import handling_items_at
from province.catalogue.queries.validity import items_valid_at, version_at
from province.catalogue.states import OPEN_REVIEWS, ItemLife, VersionState
from province.content.queries.generations import page_generations
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.catalogue import change_draft, make_item, reviewer, submit
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
    says: tuple[int, int | None] = (0, None)
    has_ended: bool = False


@dataclass
class _Request:
    kind: str
    by: str
    due_at: datetime | None = None


class ItemMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = self.first = timezone.now()
        # the machine's own clock, which only goes on
        self.clock = mock.patch("django.utils.timezone.now", side_effect=lambda: self.now)
        self.clock.start()
        self.north = Hall.objects.get(slug="north")
        self.zhao, self.qian = person("zhao"), person("qian")
        self.offices = {office.code: office for office in Office.objects.all()}
        self.versions: list[_Version] = []
        self.pauses: list[tuple[datetime, datetime | None]] = []
        self.life, self.says, self.published = "active", (10, None), 0
        self.request: _Request | None = None
        self.seen: tuple[str, object] | None = None

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.item = make_item(handling_items=_handling(10))

    @rule(minutes=st.integers(1, 600))
    def wait(self, *, minutes: int) -> None:
        """Time passes; the clock carries out what has come due, twice."""
        self.now += timedelta(minutes=minutes)
        for _ in range(2):
            for version in ItemVersion.objects.filter(valid_from__lte=self.now):
                begin_version(version_id=version.pk)
            for request in PauseRequest.objects.all():
                lapse_pause(request_id=request.pk)
        if self.request and self.request.due_at and self.request.due_at <= self.now:
            self._end_pause()
            self.life, self.request = "active", None
        self._end_what_is_planned()

    def _end_what_is_planned(self) -> None:
        for version in ItemVersion.objects.filter(ends_on__isnull=False):
            end_as_planned(version_id=version.pk)
            end_as_planned(version_id=version.pk)
        last = self._last_published()
        if last is None or last.says[1] is None or self.life == "abolished" or last.has_ended:
            return
        if self._midnight(last.says[1]) <= self.now:
            last.has_ended = True
            self._end_pause()
            self.life = "abolished"
            self.pauses.append((self.now, None))

    def _midnight(self, day: int) -> datetime:
        """Of the day so many days after the first."""
        first = timezone.localtime(self.first).replace(hour=0, minute=0, second=0, microsecond=0)
        return first + timedelta(days=day)

    @rule(days=st.integers(5, 15), ends=st.none() | st.integers(0, 3))
    def edit(self, *, days: int, ends: int | None) -> None:
        def change() -> None:
            self.says = (days, ends)

        day = None if ends is None else self._midnight(ends).date().isoformat()
        self._do(
            lambda: change_draft(self.item, promised_days=days, cancelled_on=day, handling_items=_handling(days)),
            is_allowed=self.life != "abolished",
            change=change,
        )

    @rule()
    def submit(self) -> None:
        last = next((one for one in reversed(self.versions) if one.state != "recalled"), None)
        is_allowed = self.life != "abolished" and (
            last is None or (last.state not in OPEN_REVIEWS and last.says != self.says)
        )
        self._do(
            lambda: submit(self.item),
            is_allowed=is_allowed,
            change=lambda: self.versions.append(_Version(says=self.says)),
        )

    @rule(number=NUMBERS)
    def recall(self, *, number: int) -> None:
        version = self._version(number)
        if version is None:
            return

        def change() -> None:
            version.state = "recalled"

        self._do(
            lambda: recall_version(by=self.zhao, version=self._row(number)),
            is_allowed=version.state in OPEN_REVIEWS,
            change=change,
        )

    @rule(number=NUMBERS, code=st.sampled_from(CODES))
    def agree(self, *, number: int, code: str) -> None:
        version = self._version(number)
        if version is None:
            return

        def change() -> None:
            version.passed.add(code)
            if version.state != "returned":
                version.state = "approved" if version.passed == set(CODES) else "in-review"

        self._do(
            lambda: pass_review(by=reviewer(), version=self._row(number), office=self.offices[code]),
            is_allowed=self._is_open_to(version, code),
            change=change,
        )

    @rule(number=NUMBERS, codes=st.permutations(CODES))
    def one_for_two_offices(self, *, number: int, codes: list[str]) -> None:
        """Who has decided for one office is refused at every other one."""
        version, by = self._version(number), reviewer()
        if version is None or not self._is_open_to(version, codes[0]) or len(version.passed) > 1:
            return
        pass_review(by=by, version=self._row(number), office=self.offices[codes[0]])
        version.passed.add(codes[0])
        if version.state != "returned":
            version.state = "approved" if version.passed == set(CODES) else "in-review"
        with pytest.raises(DomainError):
            pass_review(by=by, version=self._row(number), office=self.offices[codes[1]])

    def _is_open_to(self, version: _Version, code: str) -> bool:
        is_asked = version.state in OPEN_REVIEWS or (version.state == "returned" and version is self.versions[-1])
        return is_asked and code not in version.passed

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
            version.passed.add(code)
            version.state = "returned"

        self._do(
            lambda: return_version(
                by=reviewer(), version=self._row(number), office=self.offices[code], reason="依据有误"
            ),
            is_allowed=self._is_open_to(version, code),
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
            and (version.says[1] is None or self._midnight(version.says[1]) > (begins_at or self.now))
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
        self._end_what_is_planned()

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

    @rule(kind=st.sampled_from(["suspended", "abolished"]), by=st.sampled_from(["zhao", "qian"]), urgent=st.booleans())
    def propose(self, *, kind: str, by: str, urgent: bool) -> None:
        lives = {"suspended": {"active"}, "abolished": {"active", "suspended"}}
        is_allowed = self.request is None and self.life in lives[kind] and not (urgent and kind == "abolished")

        def change() -> None:
            self.request = _Request(kind, by, self.now + URGENT_LASTS if urgent else None)
            if urgent:
                self._pause("suspended")

        self._do(
            lambda: propose_pause(
                by=getattr(self, by), item=self.item, kind=ItemLife(kind), reason="升级", is_urgent=urgent
            ),
            is_allowed=is_allowed,
            change=change,
        )

    @rule(by=st.sampled_from(["zhao", "qian"]), act=st.sampled_from(["confirm", "decline", "withdraw"]))
    def answer(self, *, by: str, act: str) -> None:
        row, asked = PauseRequest.objects.order_by("-created_at", "-id").first(), self.request
        if row is None:
            return
        person_ = getattr(self, by)
        acts = {
            "confirm": lambda: confirm_pause(by=person_, request_id=row.pk),
            "decline": lambda: decline_pause(by=person_, request_id=row.pk, reason="不必"),
            "withdraw": lambda: withdraw_pause(by=person_, request_id=row.pk),
        }
        is_own = asked is not None and asked.by == by
        is_urgent = asked is not None and asked.due_at is not None
        can_follow = asked is not None and (
            self.life in {"active", "suspended"} if asked.kind == "abolished" else self.life == "active"
        )
        is_allowed = asked is not None and (
            (is_own and not is_urgent)
            if act == "withdraw"
            else not is_own and (self.life == "suspended" if is_urgent else act == "decline" or can_follow)
        )
        if asked is not None and is_urgent and not is_own and act == "confirm":
            is_allowed = True

        def change() -> None:
            assert asked is not None
            self.request = None
            if act == "confirm" and not is_urgent:
                self._pause(asked.kind)
            if act == "decline" and is_urgent:
                self._end_pause()
                self.life = "active"

        self._do(acts[act], is_allowed=is_allowed, change=change)

    def _pause(self, life: str) -> None:
        self._end_pause()
        self.life = life
        self.pauses.append((self.now, None))

    @rule()
    def resume(self) -> None:
        def change() -> None:
            self._end_pause()
            self.life = "active"
            if self.request and self.request.due_at:
                self.request = None

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
            codes = [f"{self.versions[one.number - 1].says[0]:02}" for one in found]
            assert [one.code for one in handling_items_at(self.item, moment)] == codes

    @invariant()
    def rows_say_the_same(self) -> None:
        if not hasattr(self, "item"):
            return
        self.item.refresh_from_db()
        assert self.item.state == self.life
        rows = ItemVersion.objects.filter(item=self.item).order_by("number")
        public = [row.public_number for row in rows.order_by("valid_from") if row.public_number]
        assert public == list(range(1, len(public) + 1))
        waiting = PauseRequest.objects.filter(state="waiting").values_list("kind", flat=True)
        assert list(waiting) == ([self.request.kind] if self.request else [])
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


def _handling(days: int) -> list[dict[str, Any]]:
    """One handling item (业务办理项), another one for every number of days."""
    return [{"code": f"{days:02}", "name": f"变更{days}", "kind": "change"}]


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
