from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from foundation.errors import Conflict, NotAllowed
from foundation.events.models import Event
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.halls.models import CodeMove, Division, DivisionCode, DivisionPlan, Hall, HallGeneration
from province.halls.operations import (
    Decision,
    DecisionAct,
    accept_guesses,
    apply_plan,
    decide_changes,
    discard_plan,
    load_divisions,
    prefixes_of,
)
from province.halls.queries import (
    Dependencies,
    changes_of,
    division_history,
    hall_at_host,
    hall_with_code,
    plan_with_id,
)
from province.halls.states import PlanState
from province.people.models import Position
from province.rights.queries import may
from tests.conftest import person
from tests.races import at_once

NEW_YEAR = date(2025, 1, 1)

# the county of the north as the cast knows it (tests/factories/halls.py), and more
COUNTY = {
    "420500000000": "宜昌市",
    "420583000000": "枝江市",
    "420582000000": "当阳市",
    "420582103000": "河溶镇",
    "420582103200": "红联村",
    "420582103201": "星火村",
    "420582103202": "新村",
    "420582104000": "淯溪镇",
    "420582104200": "曹岗村",
    "420582104201": "勤丰村",
    "420582104202": "新村",
}


def plan_of(rows: dict[str, str], *, on: date = NEW_YEAR) -> DivisionPlan:
    """The plan that a file with these rows leads to."""
    lines = [f"{code},{name}" for code, name in rows.items()]
    result = load_divisions(by=person("zhao"), source="new.csv", lines_or_bytes=lines, effective_on=on)
    assert result.plan_id
    return plan_with_id(result.plan_id)


def read(rows: dict[str, str]) -> list[tuple[str, str, str]]:
    """How the file is read: kind, old code, new code of every line."""
    return [(str(line.kind), line.old_code, line.new_code) for line in changes_of(plan_of(rows))]


def carry_out(plan: DivisionPlan) -> None:
    accept_guesses(by=person("zhao"), plan=plan)
    apply_plan(by=person("zhao"), plan=plan)


def apply(rows: dict[str, str]) -> None:
    carry_out(plan_of(rows))


def renumbered(change: Callable[[str], str], rows: dict[str, str] = COUNTY) -> dict[str, str]:
    return {change(code): name for code, name in rows.items()}


@pytest.fixture
def county(db: None) -> None:
    """All of COUNTY is in force."""
    apply(COUNTY)


@pytest.mark.usefixtures("county")
class TestReading:
    def test_sees_what_is_new(self) -> None:
        assert read(COUNTY | {"420582104203": "普救寺村"}) == [("add", "", "420582104203")]

    def test_sees_another_name(self) -> None:
        assert read(COUNTY | {"420582104200": "曹家岗村"}) == [("rename", "420582104200", "420582104200")]

    def test_sees_what_is_gone(self) -> None:
        rows = {code: name for code, name in COUNTY.items() if name != "勤丰村"}
        assert read(rows) == [("remove", "420582104201", "")]

    def test_follows_a_county_that_was_given_another_code(self) -> None:
        changed = read(renumbered(lambda code: code.replace("420582", "420599")))
        assert {kind for kind, _, _ in changed} == {"recode"}
        assert len(changed) == len(COUNTY) - 2
        assert ("recode", "420582104202", "420599104202") in changed

    def test_follows_a_county_that_became_a_city_district(self) -> None:
        rows = renumbered(lambda code: code.replace("420582", "420508")) | {"420508000000": "当阳区"}
        assert ("recode", "420582000000", "420508000000") in read(rows)

    def test_follows_a_village_below_another_township(self) -> None:
        rows = dict(COUNTY)
        rows["420582104203"] = rows.pop("420582103201")
        plan = plan_of(rows)
        (line,) = changes_of(plan)
        assert (line.kind, line.old_code, line.new_code, line.note) == (
            "recode",
            "420582103201",
            "420582104203",
            "同名，改属淯溪镇",
        )

    def test_tells_a_common_name_by_where_its_neighbours_went(self) -> None:
        """Both townships have a 新村; one township is merged into the other."""
        rows = {code: name for code, name in COUNTY.items() if not code.startswith("420582103")}
        rows |= {"420582104210": "红联村", "420582104211": "星火村", "420582104212": "新村"}
        changed = read(rows)
        assert ("recode", "420582103202", "420582104212") in changed
        assert ("merge", "420582103000", "420582104000") in changed

    def test_sees_a_township_that_was_split(self) -> None:
        rows = dict(COUNTY) | {"420582105000": "星火镇"}
        rows["420582105200"] = rows.pop("420582103201")
        changed = read(rows)
        assert ("split", "420582103000", "420582105000") in changed
        assert ("recode", "420582103201", "420582105200") in changed

    def test_sees_a_village_that_was_split(self) -> None:
        rows = {code: name for code, name in COUNTY.items() if name != "勤丰村"}
        rows |= {"420582104205": "勤丰一村", "420582104206": "勤丰二村"}
        assert read(rows) == [
            ("split", "420582104201", "420582104205"),
            ("split", "420582104201", "420582104206"),
            ("remove", "420582104201", ""),
        ]

    def test_sees_a_village_that_went_up_in_another(self) -> None:
        rows = {code: name for code, name in COUNTY.items() if name != "勤丰村"} | {"420582104200": "曹岗勤丰村"}
        assert ("merge", "420582104201", "420582104200") in read(rows)

    def test_sees_two_that_exchanged_their_codes(self) -> None:
        rows = COUNTY | {"420582104200": "勤丰村", "420582104201": "曹岗村"}
        assert sorted(read(rows)) == [
            ("recode", "420582104200", "420582104201"),
            ("recode", "420582104201", "420582104200"),
        ]

    def test_explains_every_guess(self) -> None:
        rows = renumbered(lambda code: code.replace("420582", "420599"))
        assert all(line.note for line in changes_of(plan_of(rows)))


@pytest.mark.usefixtures("county")
class TestApplyPlan:
    def test_adds_below_the_right_parent(self) -> None:
        apply(COUNTY | {"420582105000": "两河镇", "420582105200": "两河村"})
        village = Division.objects.get(code="420582105200")
        assert village.parent == Division.objects.get(code="420582105000")
        assert village.valid_from == NEW_YEAR

    def test_keeps_the_former_name(self) -> None:
        apply(COUNTY | {"420582104200": "曹家岗村"})
        division = Division.objects.get(code="420582104200")
        history = [(one.name, one.valid_to) for one in division_history(division)]
        assert (division.name, history) == ("曹家岗村", [("曹家岗村", None), ("曹岗村", NEW_YEAR)])

    def test_ends_what_is_gone_and_deletes_nothing(self) -> None:
        apply({code: name for code, name in COUNTY.items() if name != "勤丰村"})
        assert Division.objects.get(code="420582104201").valid_to == NEW_YEAR

    def test_exchanges_two_codes(self) -> None:
        before = dict(Division.objects.filter(code__startswith="42058210420").values_list("name", "pk"))
        apply(COUNTY | {"420582104200": "勤丰村", "420582104201": "曹岗村"})
        after = dict(Division.objects.filter(code__in=("420582104200", "420582104201")).values_list("pk", "code"))
        assert after == {before["勤丰村"]: "420582104200", before["曹岗村"]: "420582104201"}

    def test_leads_to_what_the_file_says(self) -> None:
        """Applied, the same file finds nothing more to change."""
        rows = renumbered(lambda code: code.replace("420582", "420599")) | {
            "420599105000": "两河镇",
            "420599104200": "曹家岗村",
        }
        del rows["420599104201"]
        apply(rows)
        lines = [f"{code},{name}" for code, name in rows.items()]
        again = load_divisions(by=person("zhao"), source="again.csv", lines_or_bytes=lines, effective_on=NEW_YEAR)
        assert again.plan_id is None
        assert dict(Division.objects.filter(code__startswith="4205", valid_to=None).values_list("code", "name")) == rows

    def test_leaves_an_audit_entry_and_an_event(self) -> None:
        plan = plan_of(COUNTY | {"420582104203": "普救寺村"})
        carry_out(plan)
        entry = AuditEntry.objects.get(act="halls.apply_plan", object_id=plan.pk)
        assert entry.changes == {"lines": {"add": 1}, "halls": 0}
        run = CodeMove.objects.get(change__plan=plan).run
        assert Event.objects.filter(kind="halls.divisions_changed", subject_id=run).count() == 1

    def test_is_refused_before_its_day(self) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        plan = plan_of(COUNTY | {"420582104203": "普救寺村"}, on=tomorrow)
        with pytest.raises(Conflict, match="才生效"):
            apply_plan(by=person("zhao"), plan=plan)

    def test_does_nothing_a_second_time(self) -> None:
        plan = plan_of(COUNTY | {"420582104203": "普救寺村"})
        carry_out(plan)
        assert apply_plan(by=person("zhao"), plan=plan).lines == 0
        assert Division.objects.filter(code="420582104203").count() == 1

    @pytest.mark.parametrize(
        ("code", "stale_name", "name", "why"),
        [
            ("420582104200", "曹家岗村", "曹岗社区", "又有过变更"),
            ("420582104203", "普救寺村", "双莲村", "现在是双莲村的"),
        ],
        ids=["changed since", "taken since"],
    )
    def test_leaves_a_line_that_no_longer_fits_and_says_why(
        self, code: str, stale_name: str, name: str, why: str
    ) -> None:
        stale = plan_of(COUNTY | {code: stale_name})
        apply(COUNTY | {code: name})
        carry_out(stale)
        assert Division.objects.get(code=code).name == name
        assert why in Dependencies.of(stale).lacking(stale.changes.get().pk)

    def test_is_the_province_operators_alone(self) -> None:
        plan = plan_of(COUNTY | {"420582104203": "普救寺村"})
        for act in (accept_guesses, apply_plan):
            with pytest.raises(NotAllowed):
                act(by=person("sun"), plan=plan)  # type: ignore[operator]


@pytest.mark.usefixtures("county")
class TestHallOfRecodedDivision:
    @pytest.fixture(autouse=True)
    def _recode(self, county: None, north: Hall) -> None:
        self.generation = HallGeneration.objects.get(hall=north).generation
        apply(renumbered(lambda code: code.replace("420582", "420599")))

    def test_is_found_by_both_codes(self, north: Hall) -> None:
        assert hall_with_code("420599000000") == north
        assert hall_with_code("420582000000") == north

    def test_answers_to_both_prefixes_the_longest_last(self, north: Hall) -> None:
        north.refresh_from_db()
        assert north.prefixes == ["42", "4205", "420582", "420599"]
        assert prefixes_of(north.division) == north.prefixes

    def test_keeps_its_links_and_its_schema(self, north: Hall) -> None:
        assert hall_at_host("north.yizhan.localhost") == north
        assert north.schema_name == "hall_000001"

    def test_has_no_cached_page_left(self, north: Hall) -> None:
        assert HallGeneration.objects.get(hall=north).generation > self.generation

    def test_keeps_its_people(self, north: Hall) -> None:
        """Positions follow by the event, as soon as the relay has delivered it."""
        drain_events()
        assert set(Position.objects.filter(hall_id=north.id).values_list("reach_prefix", flat=True)) == {"420599"}
        assert may(person("sun"), "content.push", prefix="420599103")

    def test_stands_below_the_present_parent(self) -> None:
        village = Hall.objects.get(slug="village")
        assert village.division.code == "420599103200"
        assert village.division.parent == Division.objects.get(code="420599103000")
        assert village.prefixes[:2] == ["42", "4205"]
        assert {"420582103", "420599103", "420582103200", "420599103200"} <= set(village.prefixes)


@pytest.mark.usefixtures("county")
class TestHallOfMergedDivision:
    def test_moves_where_the_heir_has_none(self) -> None:
        village = Hall.objects.get(slug="village")
        rows = {code: name for code, name in COUNTY.items() if name != "红联村"} | {"420582103201": "星火红联村"}
        apply(rows)
        village.refresh_from_db()
        assert village.division.code == "420582103201"
        assert hall_with_code("420582103200") == village
        assert hall_with_code("420582103201") == village
        assert {"420582103200", "420582103201"} <= set(village.prefixes)

    def test_stays_where_the_heir_has_one_and_hears_what_is_sent_there(self, north: Hall, south: Hall) -> None:
        """The south's county is merged into the north's: its township says so."""
        both = COUNTY | {"420583100000": "安福寺镇"}
        apply(both)
        merged = {code: name for code, name in both.items() if not code.startswith("420583")}
        apply(merged | {"420582105000": "安福寺镇"})
        south.refresh_from_db()
        north.refresh_from_db()
        assert south.division.valid_to == NEW_YEAR
        assert "420582" in south.prefixes
        assert "420583" in north.prefixes
        assert hall_with_code("420583000000") == south


@pytest.mark.usefixtures("county")
class TestDiscardPlan:
    def test_leaves_everything_as_it_was(self) -> None:
        plan = discard_plan(by=person("zhao"), plan=plan_of(COUNTY | {"420582104203": "普救寺村"}))
        assert plan.state == PlanState.DISCARDED
        assert not DivisionCode.objects.filter(code="420582104203").exists()
        with pytest.raises(Conflict):
            apply_plan(by=person("zhao"), plan=plan)


class TestTwoAppliersAtOnce:
    @pytest.mark.usefixtures("fresh_database")
    def test_apply_it_once(self) -> None:
        apply(COUNTY)
        plan = plan_of(COUNTY | {"420582104203": "普救寺村"})
        accept_guesses(by=person("zhao"), plan=plan)
        found = at_once(*[partial(apply_plan, by=person("zhao"), plan=plan)] * 2)
        assert sorted(one.lines for one in found) == [0, 1]
        assert Division.objects.filter(code="420582104203").count() == 1

    @pytest.mark.usefixtures("fresh_database")
    def test_apply_one_of_two_plans_for_the_same_code(self) -> None:
        apply(COUNTY)
        plans = [plan_of(COUNTY | {"420582104203": name}) for name in ("普救寺村", "双莲村")]
        for plan in plans:
            accept_guesses(by=person("zhao"), plan=plan)
        found = at_once(*(partial(apply_plan, by=person("zhao"), plan=plan) for plan in plans))
        assert sorted(one.lines for one in found) == [0, 1]
        assert Division.objects.filter(code="420582104203").count() == 1


class TestTwoOperatorsAtOnce:
    @pytest.mark.usefixtures("fresh_database")
    def test_one_decides_and_the_other_is_told(self) -> None:
        apply(COUNTY)
        plan = plan_of(COUNTY | {"420582104200": "曹家岗村"})
        line = plan.changes.get()
        both = [
            Decision(line.pk, line.revision, DecisionAct.ACCEPT),
            Decision(line.pk, line.revision, DecisionAct.POSTPONE, None, "等复函"),
        ]
        found = at_once(*(partial(decide_changes, by=person("zhao"), plan=plan, decisions=[one]) for one in both))
        (refusal,) = [one for one in found if isinstance(one, Conflict)]
        line.refresh_from_db()
        assert line.get_state_display() in refusal.message
