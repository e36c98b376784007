"""All that the province and a hall can do to one item, in any order, against a model of a few lines: at any moment a
hall shows exactly one version of an item that it has published, or none while the item is paused or stopped there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from foundation import schemas
from foundation.errors import DomainError
from province.catalogue.models import HallItem, ItemVersion
from province.catalogue.operations import (
    publish_version,
    resume_item,
    withdraw_version,
)
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.operations.adoptions import resume_adoption, stop_adoption
from tenants.services.operations.hall_guides import (
    pass_hall_guide,
    recall_hall_guide,
    save_hall_guide,
    submit_hall_guide,
)
from tenants.services.operations.versions import accept_version
from tenants.services.queries.shown import shown_item, shown_items, shown_version_ids
from tests.conftest import person
from tests.factories.adoptions import adopt, hall_guide_for
from tests.factories.catalogue import abolish, make_approved, make_item, make_published, suspend
from tests.soak import SOAK

HOURS = st.integers(0, 9)
MOST_VERSIONS = 5
NUMBERS = st.integers(1, MOST_VERSIONS)


@dataclass
class _Version:
    promised: int
    begins_at: datetime | None
    required_at: datetime | None
    is_complete: bool = True


class AdoptionMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = timezone.now()
        # the machine's own clock, which only goes on
        self.clock = mock.patch("django.utils.timezone.now", side_effect=lambda: self.now)
        self.clock.start()
        self.north = Hall.objects.get(slug="north")
        self.zhao, self.sun, self.li = person("zhao"), person("sun"), person("li")
        self.versions: list[_Version] = []
        self.pauses: list[tuple[datetime, datetime | None]] = []
        self.life, self.state, self.guide_state = "active", "adopted", "filling"
        # what the hall promises: in the draft, in what was submitted, in what citizens read (None: the province's word)
        self.draft: int | None = None
        self.submitted: tuple[int | None, int] = (None, 1)
        self.shown: int | None = None
        self.accepted = self.draft_for = 1

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        version = make_published(make_item())
        self.item = version.item
        self.versions.append(_Version(10, self.now, self.now))
        self.adoption = adopt(self.north, version)
        self._save(None)

    @rule(minutes=st.integers(1, 600))
    def wait(self, *, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(promised=st.integers(6, 12), after=st.none() | HOURS, grace=HOURS)
    def publish(self, *, promised: int, after: int | None, grace: int) -> None:
        if self.life == "abolished" or promised == self.versions[-1].promised or len(self.versions) >= MOST_VERSIONS:
            return
        begins_at = self.now + timedelta(hours=after) if after else self.now
        last = max((one.begins_at for one in self.versions if one.begins_at), default=None)
        version = make_approved(self.item, promised_days=promised)
        made = _Version(promised, None, None)
        self.versions.append(made)

        def change() -> None:
            made.begins_at, made.required_at = begins_at, begins_at + timedelta(hours=grace)

        self._do(
            lambda: publish_version(
                by=self.zhao,
                version=version,
                valid_from=begins_at if after else None,
                required_from=begins_at + timedelta(hours=grace),
            ),
            is_allowed=last is None or last < begins_at,
            change=change,
        )

    @rule(number=NUMBERS, is_complete=st.booleans())
    def ask_for_more_or_less(self, *, number: int, is_complete: bool) -> None:
        """The definition changes, and the check has noted what it makes of a version."""
        if (version := self._version(number)) is not None:
            version.is_complete = is_complete
            ItemVersion.objects.filter(pk=self._row(number).pk).update(is_complete=is_complete)

    @rule(number=NUMBERS)
    def withdraw(self, *, number: int) -> None:
        version = self._version(number)
        if version is None:
            return
        begins = [one.begins_at for one in self.versions if one.begins_at]

        def change() -> None:
            version.begins_at = version.required_at = None

        self._do(
            lambda: withdraw_version(by=self.zhao, version=self._row(number)),
            is_allowed=version.begins_at is not None
            and version.begins_at > self.now
            and version.begins_at == max(begins),
            change=change,
        )

    @rule()
    def suspend(self) -> None:
        self._pause("suspended", lambda: suspend(self.item), {"active"})

    @rule()
    def abolish(self) -> None:
        self._pause(
            "abolished",
            lambda: abolish(self.item),
            {"active", "suspended"},
        )

    @rule()
    def resume(self) -> None:
        def change() -> None:
            self._end_pause()
            self.life = "active"

        self._do(lambda: resume_item(by=self.zhao, item=self.item), is_allowed=self.life != "active", change=change)

    @rule(promised=st.none() | st.integers(6, 12), number=NUMBERS)
    def fill_in(self, *, promised: int | None, number: int) -> None:
        version = self._version(number)
        is_allowed = (
            self.guide_state != "submitted"
            and number >= self._floor()
            and version is not None
            and version.begins_at is not None
            and (promised is None or promised <= version.promised)
        )

        def change() -> None:
            self.draft, self.draft_for, self.guide_state = promised, number, "filling"

        self._do(lambda: self._save(promised, number), is_allowed=is_allowed, change=change)

    @rule()
    def submit(self) -> None:
        begun = self.versions[self.draft_for - 1]
        number = self.draft_for if begun.begins_at and self.draft_for > self._floor() else self._floor()

        def change() -> None:
            self.guide_state, self.submitted = "submitted", (self.draft, number)

        self._do(
            lambda: self._at_hall(submit_hall_guide, self.sun),
            is_allowed=self.guide_state == "filling"
            and (self.draft is None or self.draft <= self.versions[number - 1].promised),
            change=change,
        )

    @rule()
    def recall(self) -> None:
        def change() -> None:
            self.guide_state = "filling"

        self._do(
            lambda: self._at_hall(recall_hall_guide, self.sun),
            is_allowed=self.guide_state == "submitted",
            change=change,
        )

    @rule()
    def agree(self) -> None:
        def change() -> None:
            self.guide_state, self.state = "done", "published"
            self.shown = self.submitted[0]
            self.accepted = max(self.accepted, self.submitted[1])

        with schemas.enter(self.north.schema_name):
            number = self.adoption.hall_guides.count()
        self._do(
            lambda: self._at_hall(pass_hall_guide, self.li, number=number),
            is_allowed=self.guide_state == "submitted",
            change=change,
        )

    @rule(number=NUMBERS)
    def accept(self, *, number: int) -> None:
        version = self._version(number)
        is_allowed = (
            version is not None
            and version.begins_at is not None
            and number > self.accepted
            and (self.state == "adopted" or self.shown is None or self.shown <= version.promised)
        )

        def change() -> None:
            self.accepted = number
            if self.guide_state != "submitted":
                self.draft_for = number

        self._do(lambda: self._at_hall(accept_version, self.li, number=number), is_allowed=is_allowed, change=change)

    @rule()
    def stop(self) -> None:
        def change() -> None:
            self.state = "stopped"

        self._do(
            lambda: self._at_hall(stop_adoption, self.li, reason="窗口装修"),
            is_allowed=self.state == "published",
            change=change,
        )

    @rule()
    def take_up_again(self) -> None:
        def change() -> None:
            self.state = "published"

        # what the province has abolished no hall takes up again
        is_allowed = self.state == "stopped" and self.life != "abolished"
        self._do(lambda: self._at_hall(resume_adoption, self.li), is_allowed=is_allowed, change=change)

    @invariant()
    def citizens_see_what_the_model_says_at_any_moment(self) -> None:
        if not hasattr(self, "adoption"):
            return
        moments = {self.now, self.now + timedelta(days=400)}
        for moment in [
            *(at for one in self.versions for at in (one.begins_at, one.required_at) if at),
            *(at for pause in self.pauses for at in pause if at),
        ]:
            moments |= {moment - timedelta(microseconds=1), moment, moment + timedelta(microseconds=1)}
        with schemas.enter(self.north.schema_name):
            for moment in moments:
                found = ItemVersion.objects.filter(pk__in=(ids := shown_version_ids(moment)))
                numbers = list(found.values_list("number", flat=True))
                assert len(ids) == len(numbers)
                assert numbers == [number for number in [self._shown_at(moment)] if number is not None]

    @invariant()
    def citizens_read_a_guide_of_what_is_complete_alone(self) -> None:
        if not hasattr(self, "adoption"):
            return
        with schemas.enter(self.north.schema_name):
            for moment in (self.now, self.now + timedelta(days=400)):
                number = self._shown_at(moment)
                is_guide = number is not None and self.versions[number - 1].is_complete
                assert [row.is_guide for row in shown_items(moment)] == ([is_guide] if number else [])

    @invariant()
    def nobody_promises_more_than_the_province_allows(self) -> None:
        if not hasattr(self, "adoption") or (number := self._shown_at(self.now)) is None:
            return
        with schemas.enter(self.north.schema_name):
            values = shown_item(self.item.pk).values
        limit = self.versions[number - 1].promised
        assert values["promised_days"] <= limit
        assert values["promised_days"] == (self.shown if self.shown is not None and self.shown <= limit else limit)

    @invariant()
    def the_province_knows_how_it_stands(self) -> None:
        if not hasattr(self, "adoption"):
            return
        with schemas.enter(self.north.schema_name):
            row = Adoption.objects.get()
        known = HallItem.objects.get()
        assert (known.state, known.guide_state, known.score, known.version_number) == (
            row.state,
            row.guide_state,
            row.score,
            row.version_number,
        )
        assert (row.state, row.guide_state, row.version_number) == (self.state, self.guide_state, self.accepted)

    def _save(self, promised: int | None, number: int | None = None) -> None:
        limit = {} if promised is None else {"promised_days": promised, "promised_unit": "1"}
        with schemas.enter(self.north.schema_name):
            revision = Adoption.objects.get().revision
            save_hall_guide(
                by=self.sun,
                hall=self.north,
                adoption_id=self.adoption.pk,
                values=hall_guide_for(self.item, **limit),
                revision=revision,
                number=number,
            )

    def _at_hall(self, act: Callable[..., Any], by: Any, **facts: Any) -> None:
        with schemas.enter(self.north.schema_name):
            act(by=by, hall=self.north, adoption_id=self.adoption.pk, **facts)

    def _pause(self, life: str, act: Callable[[], Any], allowed: set[str]) -> None:
        def change() -> None:
            self._end_pause()
            self.life = life
            self.pauses.append((self.now, None))

        self._do(act, is_allowed=self.life in allowed, change=change)

    def _end_pause(self) -> None:
        if self.pauses and self.pauses[-1][1] is None:
            self.pauses[-1] = (self.pauses[-1][0], self.now)

    def _version(self, number: int) -> _Version | None:
        return self.versions[number - 1] if number <= len(self.versions) else None

    def _row(self, number: int) -> ItemVersion:
        return ItemVersion.objects.get(item=self.item, number=number)

    def _floor(self) -> int:
        """The newest published version that the hall has accepted."""
        return max(n for n, one in enumerate(self.versions, start=1) if one.begins_at and n <= self.accepted)

    def _shown_at(self, moment: datetime) -> int | None:
        if self.state != "published":
            return None
        if any(start <= moment and (end is None or moment < end) for start, end in self.pauses):
            return None
        counting = [
            number
            for number, one in enumerate(self.versions, start=1)
            if one.begins_at
            and one.required_at
            and one.begins_at <= moment
            and (number <= self.accepted or one.required_at <= moment)
        ]
        return max(counting, default=None)

    @staticmethod
    def _do(act: Callable[[], Any], *, is_allowed: bool, change: Callable[[], None]) -> None:
        if is_allowed:
            act()
            change()
            return
        with pytest.raises(DomainError):
            act()


class TestAdoptionMachine:
    @pytest.mark.soak
    @pytest.mark.django_db
    def test_agrees_with_its_model(self) -> None:
        run_state_machine_as_test(
            AdoptionMachine,
            settings=settings(
                max_examples=100 if SOAK else 8,
                stateful_step_count=30,
                suppress_health_check=list(HealthCheck),
            ),
        )
