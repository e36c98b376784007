"""What authorities do of their own motion: discretion within the law, stages in its order, remedies in full."""

from typing import Any

import pytest

from province.catalogue.base_list.reading import read_base_list
from standards.items import BY_NAME, ELEMENTS, Table, check, from_columns, to_columns
from standards.items.codelists import ACTED, ItemType
from standards.items.codes import task_code_of
from standards.items.contradictions import contradictions_of
from standards.items.power_rules import range_words, steps_of
from tests.factories.catalogue import values_with
from tests.factories.items import BODY, whole_hall_guide
from tests.standards.powers import FULL, MADE, grade, steps, whole

RANGE = {"name": "罚款", "least": 10_000, "most": 50_000, "unit": "yuan", "basis": "某条例第十条"}


def codes(item_type: str = ItemType.PENALTY, **values: Any) -> list[str]:
    told = contradictions_of(whole(item_type, **values))
    return list(dict.fromkeys(one.code for one in told))


class TestAPowerOfOwnMotion:
    @pytest.mark.parametrize("item_type", sorted(ACTED))
    def test_that_says_what_its_type_asks_for_lacks_nothing(self, item_type: ItemType) -> None:
        values = whole(item_type)
        own = {name: value for name, value in whole_hall_guide().items() if item_type in BY_NAME[name].applies}
        own["task_code"] = task_code_of(body_code=BODY, level="4", basic_code=values["basic_code"])
        found = check(family="power", item_type=item_type, values=values, hall_values=own)
        assert found.is_ready, (found.lacking, found.contradictions)
        assert found.score == 100

    @pytest.mark.parametrize("item_type", sorted(ACTED))
    def test_takes_nothing_that_only_applicants_need(self, item_type: ItemType) -> None:
        cannot = {"has_booking", "has_agency", "windows", "materials", "conditions", "promised_days", "flow", "results"}
        assert not cannot & {element.name for element in ELEMENTS if item_type in element.applies}
        found = check(family="power", item_type=item_type, values=whole(item_type, conditions="年满十八岁"))
        assert [fault.where for fault in found.province.faults] == ["conditions"]

    def test_of_an_applied_one_takes_no_discretion(self) -> None:
        found = check(family="power", item_type="01", values=values_with(1, discretion=[grade("2", 1, 2)]))
        assert [fault.where for fault in found.province.faults] == ["discretion"]

    def test_that_awards_has_the_national_code_of_awards_and_comes_back_as_what_it_was(self) -> None:
        values = whole(ItemType.HONOUR)
        assert values["basic_code"][2:4] == "08"
        rows = to_columns(values)
        assert rows[Table.DIRECTORY][0]["task_type"] == "08"
        assert from_columns(rows, known=values)["item_type"] == "18"
        # who knows nothing of it reads an award that is applied for
        assert from_columns(rows)["item_type"] == "08"
        wrong = check(family="power", item_type="18", values=values | {"basic_code": "421831001000"})
        assert [fault.where for fault in wrong.province.faults] == ["basic_code"]

    def test_misses_what_its_own_type_needs(self) -> None:
        values = {name: value for name, value in whole().items() if name not in {"discretion", "duties"}}
        missing = {fault.where for fault in check(family="power", item_type="02", values=values).province.missing}
        assert missing == {"discretion", "duties"}
        # a warning alone has no range
        values = {name: value for name, value in whole(penalty_kinds=["1"]).items() if name != "penalty_ranges"}
        values["discretion"] = [grade("3", None, None, "")]
        assert check(family="power", item_type="02", values=values).province.is_complete


class TestContradiction:
    @pytest.mark.parametrize(("code", "item_type", "changes"), MADE)
    def test_is_found_where_it_was_made_and_nothing_else(
        self, code: str, item_type: str, changes: dict[str, Any]
    ) -> None:
        assert codes(item_type, **changes) == [code]

    def test_is_none_within_the_law(self) -> None:
        assert codes(discretion=[grade("2", 10_000, 10_000), grade("4", 50_000, 50_000)]) == []
        assert codes(discretion=[grade("1", 1_000, 9_000)]) == []
        either = ("case", "investigation", "notice", "review", "decision+service", "execution+publication")
        assert codes(proceeding=steps(*either)) == []
        law = [{"law": "中华人民共和国海关法", "article": "第六条"}]
        assert codes("03", coercion_kinds=["13"], hold_days=31, hold_laws=law) == []
        enforcing = steps("urging", "notice", "decision+service", "execution")
        assert codes("03", coercion_kinds=["29"], proceeding=enforcing) == []
        assert codes(litigation="法律另有规定的从其规定，向人民法院起诉。") == []

    def test_is_none_where_an_award_says_why_its_names_are_not_made_known(self) -> None:
        unsaid = {"proceeding": steps("nomination", "review", "decision", "conferral"), "award_notice_days": None}
        assert codes("18", **unsaid, award_notice_note="涉及举报人，依规定保密。") == []

    def test_counts_the_days_from_the_opening_to_the_decision_alone(self) -> None:
        # four steps of 16 working days are 90 calendar days
        full = steps(*FULL, days=16)
        full[0]["days"] = full[6]["days"] = 300
        assert codes(proceeding=full) == []
        full[1]["days"] = 17
        assert codes(proceeding=full) == ["case-over-limit"]
        assert codes(proceeding=full, proceeding_note="《治安管理处罚法》另有规定。") == []


class TestARange:
    def test_with_its_ends_changed_over_is_a_fault(self) -> None:
        values = whole(penalty_ranges=[RANGE | {"least": 60_000}, RANGE])
        found = [fault.where for fault in check(family="power", item_type="02", values=values).province.faults]
        assert found == ["penalty_ranges.1.least", "penalty_ranges.2.name"]

    def test_is_said_with_its_unit(self) -> None:
        assert range_words(RANGE) == "10,000–50,000 元"
        assert range_words({"least": 2, "most": 2, "unit": "times"}) == "2 倍"
        assert range_words({"unit": "times"}) == ""


class TestAProceeding:
    def test_is_drawn_as_a_flow_is(self) -> None:
        assert [row["act"] for row in steps_of(whole())] == [f"第 {number} 步" for number in range(1, 6)]
        assert steps_of({"flow": [{"act": "受理"}]}) == [{"act": "受理"}]


class TestTheBaseList:
    def test_says_of_each_power_how_far_it_goes_and_in_which_steps(self) -> None:
        powers = [item for item in read_base_list() if item.item_type in ACTED]
        assert len(powers) == 53
        for item in powers:
            found = check(
                family=item.family, item_type=item.item_type, values=item.values, hall_values=item.hall_values
            )
            assert found.is_ready, (item.name, found.lacking, found.contradictions)
            assert "核对" in item.sample_note
        penalties = [item for item in powers if item.item_type == ItemType.PENALTY]
        assert all({row["grade"] for row in item.values["discretion"]} >= {"2", "3", "4"} for item in penalties)
        # each has situations of its own
        told = {row["situation"] for item in penalties for row in item.values["discretion"] if row["grade"] == "4"}
        assert len(told) == len(penalties)
