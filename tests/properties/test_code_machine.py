"""All that can happen to the codes of a few items, in any order and repeated, against a model of a few lines: at any
moment exactly one item, or one list of successors, answers to any code that was ever given, no code goes to an item
that does not succeed its bearer, and a hall's adoptions follow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from foundation.errors import Conflict, Invalid
from province.catalogue.models import HallItem, Item, ItemCode, Succession
from province.catalogue.operations import publish_version
from province.catalogue.operations.publication import begin_version
from province.catalogue.queries.codes import code_at, item_ids_by_code
from province.catalogue.queries.successors import successors_of
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.operations.succession import follow_item
from tenants.services.operations.successors import follow_missed_successions, follow_succession
from tenants.services.queries.shown import shown_item
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import change_draft, make_approved, make_item, make_published
from tests.factories.sites import inside
from tests.factories.successions import merge, split
from tests.soak import SOAK

ITEMS = st.integers(0, 2)
CODES = st.sampled_from(
    [f"4201319{number:02}000" for number in range(4)] + ["420131000000", "420131001000", "420131002000"]
)


class _Killed(Exception):
    """A worker dies before its transaction commits."""


def _killed_after(act: Callable[[], object]) -> None:
    """All of it was done, and the worker dies before the commit."""

    def die() -> None:
        with transaction.atomic():
            act()
            raise _Killed

    with pytest.raises(_Killed):
        die()


class CodeMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = timezone.now()
        self.clock = mock.patch("django.utils.timezone.now", side_effect=lambda: self.now)
        self.clock.start()
        self.north = Hall.objects.get(slug="north")
        self.items: list[Item] = []
        # by the item: the codes of its published versions, each with its beginning
        self.given: list[list[tuple[datetime, str]]] = []
        # every code that an item has, had, or is about to have
        self.owner: dict[str, int] = {}
        self.drafted: list[str] = []
        # of an item that ended: the items that took over
        self.successors: dict[int, list[int]] = {}
        self.done: list[Succession] = []

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        for number in range(3):
            version = make_published(make_item(number))
            self.items.append(version.item)
            code = version.values["basic_code"]
            self.given.append([(self.now, code)])
            self.drafted.append(code)
            self.owner[code] = number
            make_shown(self.north, version)

    @rule(minutes=st.integers(1, 600))
    def wait(self, *, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(item=ITEMS, code=CODES)
    def draft(self, *, item: int, code: str) -> None:
        if item in self.successors:
            with pytest.raises(Conflict, match="承接"):
                change_draft(self.items[item], basic_code=code)
            return
        if self.owner.get(code, item) != item:
            with pytest.raises(Conflict):
                change_draft(self.items[item], basic_code=code)
            return
        change_draft(self.items[item], basic_code=code)
        before, self.drafted[item] = self.drafted[item], code
        published = {one for _, one in self.given[item]}
        # what was drafted and went into no version is free again
        if before not in published:
            self.owner.pop(before, None)
        self.owner[code] = item

    @rule(item=ITEMS, after=st.none() | st.integers(1, 9))
    def publish(self, *, item: int, after: int | None) -> None:
        begins_at = self.now + timedelta(hours=after) if after else self.now
        if (
            item in self.successors
            or self.drafted[item] == self.given[item][-1][1]
            or self.given[item][-1][0] >= begins_at
        ):
            return
        self.items[item].refresh_from_db()
        publish_version(
            by=person("zhao"), version=make_approved(self.items[item]), valid_from=begins_at if after else None
        )
        self.given[item].append((begins_at, self.drafted[item]))

    @rule(item=ITEMS, other=ITEMS, is_killed=st.booleans())
    def merge(self, *, item: int, other: int, is_killed: bool) -> None:
        """Into the other one; killed before the commit, nothing of it has happened."""
        if not self._may_succeed(item, other):
            with pytest.raises((Conflict, Invalid)):
                merge(self.items[other], self.items[item])
            return
        if is_killed:
            _killed_after(lambda: merge(self.items[other], self.items[item]))
        self.done.append(merge(self.items[other], self.items[item]))
        self._end(item, [other])
        self.owner |= {code: other for code, bearer in self.owner.items() if bearer == item}

    @rule(item=ITEMS, goes_on=st.booleans())
    def split(self, *, item: int, goes_on: bool) -> None:
        """Into all the others."""
        others = [one for one in range(len(self.items)) if one != item]
        if not all(self._may_succeed(item, one) for one in others):
            with pytest.raises(Conflict):
                split(self.items[item], *(self.items[one] for one in others))
            return
        self.done.append(split(self.items[item], *(self.items[one] for one in others), goes_on=goes_on))
        if not goes_on:
            self._end(item, others)

    def _may_succeed(self, item: int, other: int) -> bool:
        self._begin_all()
        alive = item not in self.successors and other not in self.successors and item != other
        return alive and self.given[item][-1][0] <= self.now

    def _begin_all(self) -> None:
        for item in self.items:
            for version in item.versions.filter(valid_from__lte=self.now).order_by("-valid_from"):
                begin_version(version_id=version.pk)
            item.refresh_from_db()

    def _end(self, item: int, successors: list[int]) -> None:
        self.successors[item] = successors
        # what only drafts of it wanted is free again
        held = {code for begins_at, code in self.given[item] if begins_at <= self.now}
        if self.drafted[item] not in held and self.owner.get(self.drafted[item]) == item:
            del self.owner[self.drafted[item]]

    @rule(times=st.integers(1, 2), is_reversed=st.booleans(), is_killed=st.booleans())
    def follow(self, *, times: int, is_reversed: bool, is_killed: bool) -> None:
        """The hall hears of it late, twice, in any order, and may be killed on the way."""
        heard = self.done[::-1] if is_reversed else self.done
        with inside(self.north):
            for one in heard * times:
                if is_killed:
                    _killed_after(lambda one=one: follow_succession(hall=self.north, succession_id=one.pk))  # type: ignore[misc]
                follow_succession(hall=self.north, succession_id=one.pk)
            follow_missed_successions(hall=self.north)
            before = list(Adoption.objects.values().order_by("pk"))
            assert not any(follow_succession(hall=self.north, succession_id=one.pk) for one in self.done)
            assert follow_missed_successions(hall=self.north) == 0
            assert list(Adoption.objects.values().order_by("pk")) == before
            shown = Adoption.objects.filter(state="published").values_list("item_id", flat=True)
            assert set(shown) == {one.pk for number, one in enumerate(self.items) if number not in self.successors}

    @rule(item=ITEMS, times=st.integers(1, 2), is_killed=st.booleans())
    def announce(self, *, item: int, times: int, is_killed: bool) -> None:
        """The clock comes late, twice, or is killed on its way; and so does the hall's turn."""
        if item in self.successors:
            return
        for version in self.items[item].versions.filter(valid_from__lte=self.now).order_by("-valid_from"):
            if is_killed:
                _killed_after(lambda one=version: begin_version(version_id=one.pk))  # type: ignore[misc]
            for _ in range(times):
                begin_version(version_id=version.pk)
        with inside(self.north):
            if is_killed:
                _killed_after(lambda: follow_item(hall=self.north, item_id=self.items[item].pk))
            follow_item(hall=self.north, item_id=self.items[item].pk)
            before = list(Adoption.objects.values().order_by("pk"))
            assert not follow_item(hall=self.north, item_id=self.items[item].pk)
            assert list(Adoption.objects.values().order_by("pk")) == before
            adoption = Adoption.objects.get(state="published", item_id=self.items[item].pk)
            code = self._code_at(item, self.now)
            assert adoption.published is not None
            assert adoption.published.values["task_code"][-12:] == code
            assert len(set(adoption.former_task_codes)) == len(adoption.former_task_codes)
        self.items[item].refresh_from_db()
        assert self.items[item].basic_code == code

    @invariant()
    def one_item_answers_to_each_code(self) -> None:
        ids = {code: self.items[item].pk for code, item in self.owner.items()}
        assert item_ids_by_code(list(self.owner)) == ids
        assert ItemCode.objects.count() == len(ids)

    @invariant()
    def an_ended_code_leads_to_its_successors_alone(self) -> None:
        for item, successors in self.successors.items():
            found = Item.objects.get(pk=self.items[item].pk)
            assert found.state == "succeeded"
            assert [one.pk for one in successors_of(found)] == [self.items[one].pk for one in successors]
            assert not items_valid_at(self.now).filter(item=found).exists()
        for code, item in self.owner.items():
            # one item in force, or one that names what took over from it
            assert item not in self.successors or len(self.successors[item]) > 1, code

    @invariant()
    def each_code_has_its_time(self) -> None:
        for item in range(len(self.items)):
            if item in self.successors:
                continue
            for begins_at, _ in self.given[item]:
                for moment in (begins_at - timedelta(microseconds=1), begins_at, self.now):
                    assert code_at(self.items[item], moment) == self._code_at(item, moment)

    @invariant()
    def citizens_read_the_code_of_the_moment(self) -> None:
        with inside(self.north):
            for item in range(len(self.items)):
                if item in self.successors:
                    continue
                shown = shown_item(self.items[item].pk)
                code = self._code_at(item, self.now)
                assert shown.is_guide
                assert (shown.values["basic_code"], shown.values["task_code"][-12:]) == (code, code)

    @invariant()
    def no_adoption_is_lost_or_doubled(self) -> None:
        alive = {one.pk for number, one in enumerate(self.items) if number not in self.successors}
        reported = list(HallItem.objects.filter(state="published").values_list("item_id", flat=True))
        assert alive <= set(reported)
        assert len(set(reported)) == len(reported)

    def _code_at(self, item: int, moment: datetime) -> str:
        return next((code for begins_at, code in reversed(self.given[item]) if begins_at <= moment), "")


class TestCodeMachine:
    @pytest.mark.soak
    @pytest.mark.django_db
    def test_agrees_with_its_model(self) -> None:
        run_state_machine_as_test(
            CodeMachine,
            settings=settings(
                max_examples=100 if SOAK else 2,
                stateful_step_count=30 if SOAK else 8,
                suppress_health_check=list(HealthCheck),
                deadline=None,
            ),
        )
