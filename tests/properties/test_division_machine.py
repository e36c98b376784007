"""A new year's file decided in any order, corrected, postponed, carried out in pieces and taken back: no hall is left
without a place, and none loses a prefix that it answered to."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from foundation.errors import DomainError
from province.halls.models import Division, DivisionChange, DivisionCode, Hall
from province.halls.operations import (
    Decision,
    DecisionAct,
    Wish,
    accept_guesses,
    apply_plan,
    decide_changes,
    undo_changes,
)
from province.halls.queries import hall_with_code, prefixes_of
from province.halls.states import ChangeState
from tests.conftest import person
from tests.province.halls.test_plans import COUNTY, apply, plan_of
from tests.soak import SOAK

pytestmark = pytest.mark.django_db

# a county with another code; a township merged into its neighbour; villages that exchange codes, end, begin, are split
NEW_YEAR = {
    "420500000000": "宜昌市",
    "420583000000": "枝江市",
    "420599000000": "当阳区",
    "420599104000": "淯溪镇",
    "420599104200": "勤丰村",
    "420599104201": "曹岗村",
    "420599104203": "普救寺村",
    "420599104210": "红联一村",
    "420599104211": "红联二村",
    "420599104212": "星火社区",
    "420599104213": "新村",
}
CODES = [*COUNTY, *NEW_YEAR, "420599104299"]


class DivisionMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.plan = plan_of(NEW_YEAR)
        self.before = {hall.pk: set(hall.prefixes) for hall in Hall.objects.all()}
        self.codes = {hall.pk: hall.division.code for hall in Hall.objects.select_related("division")}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def lines(self) -> list[DivisionChange]:
        return list(self.plan.changes.order_by("pk"))

    def attempt(self, act: Any, **asked: Any) -> None:
        try:
            with transaction.atomic():
                act(by=person("zhao"), plan=self.plan, **asked)
        except DomainError:
            pass

    @rule(place=st.integers(0, 40), act=st.sampled_from(["accept", "postpone", "reopen"]))
    def decide_one(self, place: int, act: str) -> None:
        self.decide(place, act)

    def decide(self, place: int, act: str) -> None:
        lines = self.lines()
        line = lines[place % len(lines)]
        self.attempt(decide_changes, decisions=[Decision(line.pk, line.revision, DecisionAct(act), None, "因故")])

    @rule(place=st.integers(0, 40), kind=st.sampled_from(DivisionChange.Kind.values), code=st.sampled_from(CODES))
    def correct(self, place: int, kind: str, code: str) -> None:
        lines = self.lines()
        line = lines[place % len(lines)]
        wish = Wish(kind, code, "另名村")
        self.attempt(decide_changes, decisions=[Decision(line.pk, line.revision, DecisionAct.CORRECT, wish)])

    @rule()
    def accept_the_rest(self) -> None:
        self.attempt(accept_guesses)

    @rule(places=st.lists(st.integers(0, 40), min_size=1, max_size=3))
    def carry_out_all_but(self, places: list[int]) -> None:
        lines = self.lines()
        for place in places:
            self.decide(place % len(lines), "postpone")
        self.attempt(accept_guesses)
        self.attempt(apply_plan)

    @rule()
    def carry_out(self) -> None:
        self.attempt(apply_plan)

    @rule(places=st.lists(st.integers(0, 40), min_size=1, max_size=20))
    def take_back(self, places: list[int]) -> None:
        done = [line.pk for line in self.lines() if line.state == ChangeState.APPLIED]
        if done:
            self.attempt(undo_changes, change_ids={done[place % len(done)] for place in places}, reason="有误")

    @invariant()
    def every_hall_has_its_place(self) -> None:
        halls = {hall.pk: hall for hall in Hall.objects.select_related("division")}
        assert halls.keys() == self.before.keys()
        ended = {line.division_id for line in self.lines() if line.state == ChangeState.APPLIED and line.kind in _ENDS}
        for hall in halls.values():
            assert hall.division.valid_to is None or hall.division_id in ended
            assert hall_with_code(self.codes[hall.pk]).pk == hall.pk or self.stands_for(hall)

    def stands_for(self, hall: Hall) -> bool:
        """Its former code is now another place's, as the file says: villages exchange codes."""
        return Division.objects.filter(code=self.codes[hall.pk], valid_to=None).exists()

    @invariant()
    def no_prefix_is_lost(self) -> None:
        for hall in Hall.objects.select_related("division"):
            assert self.before[hall.pk] <= set(hall.prefixes)
            assert set(hall.prefixes) == set(prefixes_of(hall.division))
            assert hall.division.prefix in hall.prefixes

    @invariant()
    def the_tree_is_whole(self) -> None:
        assert not Division.objects.filter(valid_to=None, parent__valid_to__isnull=False).exists()
        present = Division.objects.filter(valid_to=None).values_list("pk", "code", "name")
        borne = DivisionCode.objects.filter(valid_to=None, division__valid_to=None)
        assert sorted(present) == sorted(borne.values_list("division_id", "code", "name"))


_ENDS = (DivisionChange.Kind.MERGE, DivisionChange.Kind.REMOVE)


class TestDecisionsInAnyOrder:
    @pytest.mark.soak
    def test_lose_no_hall_and_no_prefix(self) -> None:
        apply(COUNTY)
        for number, code in enumerate(("420582103000", "420582104200", "420582103201"), start=50):
            division = Division.objects.get(code=code)
            facts = {"name": division.name, "short_name": division.name, "kind": division.level, "slug": f"h{number}"}
            prefixes = prefixes_of(division)
            Hall.objects.create(
                number=number, schema_name=f"hall_{number:06d}", division=division, prefixes=prefixes, **facts
            )
        run_state_machine_as_test(
            DivisionMachine,
            settings=settings(
                max_examples=100 if SOAK else 8,
                stateful_step_count=12,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
