"""Values as the national exchange's columns carry them, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.items import ELEMENTS, Table, check, from_columns, to_columns
from tests.factories.items import national_values, whole_hall_guide, whole_item

# what the exchange's tables hold of an item (the transport's own columns, cd_* and row_guid, are none of it)
NATIONAL = {
    Table.DIRECTORY: "catalog_code local_catalog_code task_name task_type task_state task_version by_law use_level "
    "plan_effective_date plan_cancel_date",
    Table.BASIC: "accept_condition anticipate_day anticipate_type anticipate_explain promise_day promise_type "
    "promise_explain by_law dept_code dept_name dept_type entrust_name is_fee fee_basis handle_flow handle_type "
    "is_single_login app_is_single_login limit_scene_num link_addr link_way supervise_way mobile_terminal_url "
    "power_source project_type server_type special_procedure task_code task_handle_item task_state task_version "
    "transact_addr transact_time use_level local_task_code",
    Table.EXTEND: "handle_area is_entry_center is_express is_online is_pay_online is_schedule is_service_terminals "
    "limit_explain limit_scene_explain online_handle_depth online_handle_url other_dept result_guid result_name "
    "result_type service_type town_code town_name village_code village_name user_topic_type corp_topic_type",
    Table.MATERIAL: "material_name is_need material_type material_format page_num page_format source_type "
    "source_explain form_guid example_guid fill_explain accept_stand by_law order_num",
    Table.FEE: "fee_name fee_stand by_law is_desc desc_explain",
    Table.QUESTION: "question answer",
}


def full() -> dict[str, Any]:
    fee = {"name": "费", "standard": "10 元", "laws": [{"law": "价格法"}], "is_reducible": False}
    return {"item_type": "01", "fees": [fee]} | whole_item() | whole_hall_guide()


class TestColumns:
    @pytest.mark.parametrize("table", Table)
    def test_are_those_of_the_exchange(self, table: Table) -> None:
        assert set(to_columns(full())[table][0]) == set(NATIONAL[table].split())

    def test_belong_to_one_element_each(self) -> None:
        columns = [
            str(one.column) for element in ELEMENTS for one in (element, *element.cells) if one.column is not None
        ]
        assert len(columns) == len(set(columns))

    @given(national_values())
    def test_give_back_every_value_that_has_a_place(self, values: dict[str, Any]) -> None:
        assert from_columns(to_columns(values), known=values) == values

    @given(national_values())
    def test_are_the_same_after_a_way_there_and_back(self, values: dict[str, Any]) -> None:
        columns = to_columns(values)
        assert to_columns(from_columns(columns, known=values)) == columns

    @given(
        st.dictionaries(
            st.sampled_from(Table),
            st.lists(st.dictionaries(st.sampled_from(" ".join(NATIONAL.values()).split()), st.text()), max_size=2),
        )
    )
    def test_may_hold_anything_and_are_read_for_the_check_to_judge(
        self, rows: dict[Table, list[dict[str, str]]]
    ) -> None:
        values = from_columns(rows)
        check(family="power", item_type="01", values=values, hall_values=values)

    def test_write_what_the_standard_asks_for(self) -> None:
        rows = to_columns(
            full()
            | {"effective_on": "2026-01-05", "audiences": ["1", "6"], "case_type": "joint"}
            | {"laws": [{"law": "行政许可法", "article": "第四十二条", "text": "一\n二"}, {"law": "民法典"}]}
        )
        assert rows[Table.DIRECTORY][0]["plan_effective_date"] == "20260105"
        assert rows[Table.DIRECTORY][0]["by_law"] == "《行政许可法》第四十二条：一\n\u3000\u3000二\n《民法典》"
        basic = rows[Table.BASIC][0]
        assert (basic["server_type"], basic["project_type"], basic["is_fee"]) == ("1^6", "9", "0")
        assert basic["handle_flow"] == "受理|窗口|2|1||\n决定|分管负责人|3|1||"
        assert rows[Table.MATERIAL][0]["order_num"] == "1"

    def test_leave_open_which_finer_code_was_meant(self) -> None:
        rows: dict[Table, list[dict[str, str]]] = {Table.BASIC: [{"project_type": "9"}]}
        assert from_columns(rows) == {}
        assert from_columns(rows, known={"case_type": "joint"}) == {"case_type": "joint"}
        assert from_columns(rows, known={"case_type": "instant"}) == {}

    def test_keep_materials_in_their_order(self) -> None:
        rows: dict[Table, list[dict[str, str]]] = {
            Table.MATERIAL: [{"material_name": "乙", "order_num": "2"}, {"material_name": "甲", "order_num": "1"}]
        }
        assert from_columns(rows)["materials"] == [{"name": "甲"}, {"name": "乙"}]

    def test_take_legal_bases_that_others_wrote_as_they_are(self) -> None:
        rows: dict[Table, list[dict[str, str]]] = {Table.DIRECTORY: [{"by_law": "依据有关规定\n《某法》第一条"}]}
        assert from_columns(rows)["laws"] == [{"text": "依据有关规定"}, {"law": "某法", "article": "第一条"}]
