"""Codes of items: what is right, and that whatever is wrong is named by its part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.items.codelists import NATIONAL_TYPES
from standards.items.codes import (
    BASIC_RULE,
    CodeScheme,
    faults_of_basic_code,
    faults_of_handle_code,
    faults_of_own_code,
    faults_of_task_code,
    local_rules,
)
from standards.numbers.credit_codes import faults_of_credit_code
from standards.numbers.licences import faults_of_licence_code
from standards.numbers.segments import CodeRule
from tests.factories.items import ALPHABET, BASIC, BODY, TASK, body_codes

LIVE = "12441500196720244T3442199806003"
# what stands in codes is the nation's
TYPES = sorted(set(NATIONAL_TYPES.values()) - {"00"})
DIGITS = "0123456789"


def basic_codes() -> st.SearchStrategy[str]:
    return st.tuples(
        st.sampled_from(["00", "42"]), st.sampled_from(TYPES), st.text(DIGITS, min_size=8, max_size=8)
    ).map("".join)


def part_at(position: int) -> set[str]:
    """The names that a fault at this place of the 31 characters may go by."""
    if position < 18:
        parts = ["登记管理部门", "机构类别", *["登记机关区划"] * 6, *["主体标识码"] * 9, "校验码"]
        return {parts[position], "校验码"}
    if position == 18:
        return {"行使层级"}
    return {
        "基本编码",
        ["区划", "事项类型", "部门", "主项", "子项"][[0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4][position - 19]],
    }


class TestBasicCode:
    def test_is_taken_when_it_is_right(self) -> None:
        assert faults_of_basic_code(BASIC, item_type="01", scheme=CodeScheme(divisions=("00", "42"))) == []

    def test_says_how_long_it_should_be(self) -> None:
        assert faults_of_basic_code(BASIC[:-1])[0].message == "基本编码应为 12 位，现在是 11 位。"

    @pytest.mark.parametrize(
        ("code", "part", "words"),
        [
            ("4X0131001000", "区划", "第 1–2 位（区划）只能是数字，现在有“X”"),
            ("429931001000", "事项类型", "第 3–4 位（事项类型）没有“99”这个代码"),
            ("42013A001000", "部门", "第 5–6 位（部门）只能是数字"),
            ("420131001٣00", "子项", "第 10–12 位（子项）只能是数字"),
        ],
    )
    def test_says_which_part_is_wrong_and_why(self, code: str, part: str, words: str) -> None:
        (fault,) = faults_of_basic_code(code)
        assert fault.part == part
        assert words in fault.message

    def test_agrees_with_the_type_of_its_item(self) -> None:
        (fault,) = faults_of_basic_code(BASIC, item_type="07")
        assert fault.part == "事项类型"
        assert "是“01”，应为“07”" in fault.message

    def test_belongs_to_the_nation_or_to_the_province(self) -> None:
        (fault,) = faults_of_basic_code(BASIC, scheme=CodeScheme(divisions=("00", "64")))
        assert fault.message == "基本编码的区划部分是“42”，应为 00 或 64。"

    @given(basic_codes(), st.integers(0, 11), st.characters(codec="utf-8", exclude_characters=DIGITS))
    def test_names_the_part_that_holds_a_strange_character(self, code: str, at: int, strange: str) -> None:
        faults = faults_of_basic_code(code[:at] + strange + code[at + 1 :])
        assert {fault.part for fault in faults} <= part_at(at + 19)
        assert faults


class TestBodyCode:
    def test_is_taken_as_seen_in_the_wild(self) -> None:
        assert faults_of_credit_code(LIVE[:18]) == []

    def test_says_what_its_check_digit_should_be(self) -> None:
        (fault,) = faults_of_credit_code(BODY[:-1] + "U")
        assert fault.part == "校验码"
        assert "按前 17 位算应为“T”" in fault.message

    @given(body_codes(), st.integers(0, 17), st.characters(codec="utf-8"))
    def test_refuses_every_change_of_one_character(self, code: str, at: int, other: str) -> None:
        changed = code[:at] + other + code[at + 1 :]
        assert (faults_of_credit_code(changed) == []) == (changed == code)


class TestLicenceCode:
    def test_is_taken_where_it_is_one(self) -> None:
        assert list(faults_of_licence_code(f"{BODY}011")) == []

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            (BODY, "应为 21 位：18 位统一社会信用代码加 3 位顺序号，现在是 18 位"),
            (f"9{BODY[1:]}011", "前 18 位不对"),
            (f"{BODY}000", "后 3 位应为 001–999 的数字，现在是“000”"),
            (f"{BODY}01A", "后 3 位应为 001–999 的数字，现在是“01A”"),
            (f"{BODY}０１１", "后 3 位应为 001–999 的数字"),
        ],
    )
    def test_names_the_part_that_is_wrong(self, code: str, words: str) -> None:
        (fault,) = faults_of_licence_code(code)
        assert words in fault.message


class TestTaskCode:
    def test_is_taken_as_seen_in_the_wild(self) -> None:
        """Its basic code has type 21, which is free in the standard."""
        assert faults_of_task_code(LIVE.replace("442199806003", "442099806003")) == []

    def test_says_how_it_is_put_together(self) -> None:
        (fault,) = faults_of_task_code(TASK + "0")
        assert "18 位统一社会信用代码 + 1 位行使层级 + 12 位基本编码" in fault.message
        assert "现在是 32 位" in fault.message

    @given(body_codes(), st.sampled_from("1234567"), basic_codes(), st.integers(0, 30), st.sampled_from(ALPHABET))
    def test_refuses_every_change_of_one_character_by_the_part_that_holds_it(
        self, body: str, level: str, basic: str, at: int, other: str
    ) -> None:
        code = body + level + basic
        changed = code[:at] + other + code[at + 1 :]
        faults = faults_of_task_code(changed, body_code=body, level=level, basic_code=basic)
        assert {fault.part for fault in faults} <= part_at(at)
        assert bool(faults) == (changed != code)

    def test_names_every_part_that_is_wrong(self) -> None:
        faults = faults_of_task_code("0" * 31, body_code=BODY, level="4", basic_code=BASIC)
        assert {fault.part for fault in faults} == {"登记管理部门", "行使层级", "事项类型"}


class TestHandleCode:
    def test_is_the_task_code_and_a_number(self) -> None:
        assert faults_of_handle_code(TASK + "01", task_code=TASK) == []

    @pytest.mark.parametrize(
        ("code", "part"),
        [
            (TASK, "业务办理项编码"),
            ("9" + TASK[1:] + "01", "实施编码"),
            (TASK + "00", "序号"),
            (TASK + "A1", "序号"),
            (TASK + "²1", "序号"),
        ],
    )
    def test_says_which_part_is_wrong(self, code: str, part: str) -> None:
        assert [fault.part for fault in faults_of_handle_code(code, task_code=TASK)] == [part]


class TestLocalRule:
    @pytest.mark.parametrize(("name", "length"), [("hubei-draft", 16), ("guizhou-db52-t1264", 10)])
    def test_is_data(self, name: str, length: int) -> None:
        rule = local_rules()[name]
        assert rule.faults_of("1" * length) == []
        assert rule.faults_of("1" * (length + 1))[0].message.endswith(f"应为 {length} 位，现在是 {length + 1} 位。")

    def test_may_stand_in_for_the_usual_one(self) -> None:
        rule = CodeRule.from_data(
            {"label": "某省编码", "segments": [{"label": "类", "width": 1, "allowed": {"A": "甲", "1": "乙"}}]}
        )
        assert faults_of_basic_code("1", scheme=CodeScheme(basic=rule)) == []
        assert faults_of_task_code(BODY + "4" + "1", rule=rule, basic_code="1") == []
        assert "可用的有：A 甲、1 乙" in rule.faults_of("2")[0].message

    def test_takes_a_code_apart(self) -> None:
        assert BASIC_RULE.parts_of(BASIC) == {
            "区划": "42",
            "事项类型": "01",
            "部门": "31",
            "主项": "001",
            "子项": "000",
        }


class TestOwnCode:
    """地方编码: what the province or a hall gives itself keeps out of the national range."""

    def test_may_not_be_taken_for_a_national_one_however_it_is_written(self) -> None:
        national = "000131001000"
        taken = ["０００１３１００１０００", "00-01-31-001-000", "0001 3100 1000", TASK[:-12] + national, national]
        for code in taken:
            (fault,) = faults_of_own_code(code, label="地方基本编码")
            assert "的写法与国家基本编码相同（12 位数字，以 00 开头），会被当成国家编码。" in fault.message, code
        free = ["420131001000", "0001310010001", "00013100100", "00013100100A", "鄂000131001000", TASK, ""]
        assert [code for code in free if faults_of_own_code(code, label="地方基本编码")] == []

    def test_may_repeat_the_item_s_own(self) -> None:
        assert not faults_of_own_code("000131001000", label="地方基本编码", national="000131001000")
        assert faults_of_own_code("000131002000", label="地方基本编码", national="000131001000")
