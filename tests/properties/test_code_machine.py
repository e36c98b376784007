"""All that can happen to the codes of a few items, in any order and repeated, against a model of a few lines: at any
moment exactly one item answers to any code that was ever given, and a hall's adoptions follow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from foundation.errors import Conflict
from province.catalogue.models import HallItem, Item, ItemCode
from province.catalogue.operations import publish_version
from province.catalogue.operations.publication import begin_version
from province.catalogue.queries.codes import code_at, item_ids_by_code
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.operations.succession import follow_item
from tenants.services.queries.shown import shown_item
from tests.conftest import person
from tests.factories.adoptions import make_shown
from tests.factories.catalogue import change_draft, make_approved, make_item, make_published
from tests.factories.sites import inside
from tests.soak import SOAK

ITEMS = st.integers(0, 1)
CODES = st.sampled_from([f"4201319{number:02}000" for number in range(4)] + ["420131000000", "420131001000"])


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

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        for number in range(2):
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
        if self.drafted[item] == self.given[item][-1][1] or self.given[item][-1][0] >= begins_at:
            return
        self.items[item].refresh_from_db()
        publish_version(
            by=person("zhao"), version=make_approved(self.items[item]), valid_from=begins_at if after else None
        )
        self.given[item].append((begins_at, self.drafted[item]))

    @rule(item=ITEMS, times=st.integers(1, 2), is_killed=st.booleans())
    def announce(self, *, item: int, times: int, is_killed: bool) -> None:
        """The clock comes late, twice, or is killed on its way; and so does the hall's turn."""
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
            adoption = Adoption.objects.get(item_id=self.items[item].pk)
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
    def each_code_has_its_time(self) -> None:
        for item in range(len(self.items)):
            for begins_at, _ in self.given[item]:
                for moment in (begins_at - timedelta(microseconds=1), begins_at, self.now):
                    assert code_at(self.items[item], moment) == self._code_at(item, moment)

    @invariant()
    def citizens_read_the_code_of_the_moment(self) -> None:
        with inside(self.north):
            for item in range(len(self.items)):
                shown = shown_item(self.items[item].pk)
                code = self._code_at(item, self.now)
                assert shown.is_guide
                assert (shown.values["basic_code"], shown.values["task_code"][-12:]) == (code, code)

    @invariant()
    def no_adoption_is_lost_or_doubled(self) -> None:
        assert HallItem.objects.filter(state="published").count() == len(self.items)

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
