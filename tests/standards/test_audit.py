"""The audit of items: each fault is made in one item and seen, and what is right is left alone."""

from typing import Any

import pytest

from standards.items.audit import Audited, AuditFinding, AuditKind, audit

RIGHT: dict[str, Any] = {
    "basic_code": "420131001000",
    "name": "食品经营许可",
    "levels": ["4"],
    "laws": [{"law": "中华人民共和国食品安全法", "article": "第三十五条"}],
    "conditions": "已领营业执照，经营项目含食品销售，场所与有毒有害场所保持规定距离。",
    "flow": [{"act": "受理", "position": "窗口", "days": 1, "unit": "1", "standard": "材料齐全"}],
    "reconsideration": "对不予许可的决定不服的，可以向县级人民政府申请行政复议。",
}


def found(item_type: str = "01", *others: Audited, **values: Any) -> list[AuditFinding]:
    every = {**RIGHT, **values}
    return audit([Audited("one", every["name"], item_type, every), *others])


def told(item_type: str = "01", *others: Audited, **values: Any) -> list[tuple[str, str]]:
    return [(one.kind.value, one.where) for one in found(item_type, *others, **values) if one.item.key == "one"]


class TestAudit:
    def test_finds_nothing_in_what_is_right(self) -> None:
        assert found() == []

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"laws": [{"law": "退役士兵安置条例", "article": "第十八条"}]}, ("repealed", "laws.1")),
            ({"laws": [{"law": "中华人民共和国执业医师法", "article": "第八条"}]}, ("repealed", "laws.1")),
            ({"conditions": "符合《中华人民共和国收养法》规定的收养人条件。"}, ("repealed", "conditions")),
            (
                {"fees": [{"name": "费", "laws": [{"law": "食品经营许可管理办法", "article": "第一条"}]}]},
                ("repealed", "fees.1.laws.1"),
            ),
            ({"laws": [{"law": "出租汽车经营服务管理规定", "article": "第八条"}]}, ("renamed", "laws.1")),
            ({"laws": [{"law": "中华人民共和国食品安全法"}]}, ("article", "laws.1")),
            ({"laws": [{"law": "省里的有关要点说明", "article": "第一条"}]}, ("title", "laws.1")),
            ({"conditions": "依照行政许可法第四十五条，现场核查不算时间。"}, ("title", "conditions")),
            (
                {"excluded_steps": [{"step": "site", "days": 3, "unit": "1", "basis": "城市道路管理条例"}]},
                ("title", "excluded_steps.1.basis"),
            ),
            ({"levels": ["4", "6"]}, ("level", "levels")),
            ({"name": "第三类医疗器械经营许可"}, ("level", "levels")),
            ({"name": "居民身份证申领、换领、补领"}, ("type", "item_type")),
            (
                {"levels": ["4", "5"], "reconsideration": "不服的可以向同级人民政府申请行政复议。"},
                ("remedy", "reconsideration"),
            ),
            ({"levels": ["3"]}, ("remedy", "reconsideration")),
        ],
    )
    def test_finds_a_fault(self, values: dict[str, Any], expected: tuple[str, str]) -> None:
        assert told(**values) == [expected]

    def test_says_what_took_the_place_of_a_law_and_when(self) -> None:
        (one,) = found(laws=[{"law": "退役士兵安置条例", "article": "第十八条"}])
        assert one.message == "《退役士兵安置条例》已于 2024-09-01 废止，现行的是《退役军人安置条例》。"
        assert not one.is_hint

    def test_only_hints_at_what_may_be_right(self) -> None:
        beside = [*RIGHT["laws"], {"law": "中华人民共和国渔业法"}, {"law": "国务院关于取消一批行政许可事项的决定"}]
        assert [(one.kind, one.where, one.is_hint) for one in found(laws=beside)] == [
            (AuditKind.ARTICLE, "laws.2", True),
            (AuditKind.CHANGED, "laws.2", True),
        ]

    def test_finds_texts_that_stand_alike_and_names_the_others(self) -> None:
        other = Audited("two", "药品零售企业经营许可", "01", {**RIGHT, "flow": [], "name": "药品零售企业经营许可"})
        assert told("01", other) == [("repeated", "conditions")]
        (message,) = {one.message for one in found("01", other) if one.item.key == "one"}
        assert message == "「受理条件」与“药品零售企业经营许可”一字不差，请按这个事项的实际情况写。"

    def test_finds_one_flow_for_different_things_and_remedies_of_another_type(self) -> None:
        other = Audited("two", "最低生活保障金给付", "05", {**RIGHT, "conditions": "", "name": "最低生活保障金给付"})
        assert told("01", other) == [("repeated", "flow"), ("repeated", "reconsideration")]

    @pytest.mark.parametrize("value", [None, 3, "文字", ["文字"], [{"law": 5}], {"law": "婚姻法"}, [None]])
    def test_reads_whatever_it_is_given(self, value: Any) -> None:
        assert isinstance(found(laws=value, levels=value, flow=value, questions=value, conditions=value), list)


class TestLevels:
    """四级四同: one name, one code, one basis and one type on all levels."""

    def test_that_differ_in_code_basis_or_type_are_named(self) -> None:
        city = {**RIGHT, "levels": ["3"], "reconsideration": "", "conditions": "", "flow": []}
        laws = [{"law": "食品安全法", "article": "第 三十五 条"}]
        cases: list[tuple[dict[str, Any], str, list[str]]] = [
            # the same law, written otherwise, and the same code: alike
            ({"laws": laws}, "01", []),
            ({"basic_code": "420131002000"}, "01", ["unlike-code"]),
            ({"laws": [{"law": "食品安全法", "article": "第三十六条"}]}, "01", ["unlike-basis"]),
            ({}, "07", ["unlike-type"]),
            ({"basic_code": "420731002000", "laws": []}, "07", ["unlike-code", "unlike-basis", "unlike-type"]),
            # a namesake on the same level, and the 主项, are no such matter
            ({"basic_code": "420131002000", "levels": ["4"]}, "01", []),
            ({"basic_code": "420131002000", "parent_code": RIGHT["basic_code"]}, "01", []),
        ]
        for values, item_type, expected in cases:
            other = {**city, **values}
            kinds = [kind for kind, _ in told("01", Audited("two", f" {other['name']} ", item_type, other))]
            assert [kind for kind in kinds if kind.startswith("unlike")] == expected, values
        named = found("01", Audited("two", RIGHT["name"], "01", {**city, "basic_code": "420131002000"}))
        assert [one.message for one in named if one.item.key == "one"] == [
            "县级的编码是 420131001000，同名的另有 420131002000（市级）。四级四同：各级用一个编码，请合并。"
        ]
