"""Two sets of values, compared element by element in plain Chinese."""

from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from province.catalogue.queries.differences import ElementDifference, difference
from standards.items import ELEMENTS
from tests.factories.items import values_of, whole_item


def only(old: dict[str, Any], new: dict[str, Any]) -> ElementDifference:
    (found,) = difference(old, new)
    return found


def changed(**values: Any) -> dict[str, Any]:
    return whole_item() | values


class TestDifference:
    def test_of_a_version_with_itself_is_nothing(self) -> None:
        assert difference(whole_item(), deepcopy(whole_item())) == []

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"promised_days": 5}, "「承诺办结时限」由“10 个工作日”改为“5 个工作日”。"),
            ({"has_fee": True}, "「是否收费」由“否”改为“是”。"),
            ({"case_type": "instant"}, "「办件类型」由“承诺件”改为“即办件”。"),
            ({"audiences": ["1"]}, "「服务对象」由“自然人、企业法人”改为“自然人”。"),
            ({"conditions": ""}, "「受理条件」删去“有与经营的食品相适应的场所。”。"),
            ({"statutory_note": "不含听证"}, "「法定办结时限说明」增加“不含听证”。"),
        ],
    )
    def test_says_what_was_and_what_is(self, values: dict[str, Any], sentence: str) -> None:
        assert only(whole_item(), changed(**values)).sentence == sentence

    def test_matches_the_entries_of_a_list_by_name(self) -> None:
        form = whole_item()["materials"][0]
        licence = form | {"name": "营业执照"}
        old = changed(materials=[form, licence])
        new = changed(materials=[form | {"name": "食品安全管理制度"}, form | {"copies": 2, "need": "3"}])
        found = only(old, new)
        assert [(row.name, row.change) for row in found.rows] == [
            ("食品安全管理制度", "added"),
            ("食品经营许可申请书", "changed"),
            ("营业执照", "removed"),
        ]
        assert found.sentence == (
            "「申请材料」增加“食品安全管理制度”；"
            "“食品经营许可申请书”的「材料必要性」由“必要”改为“容缺后补”；「份数」由“1 份”改为“2 份”；删去“营业执照”。"
        )

    def test_knows_two_articles_of_one_law_apart(self) -> None:
        law = whole_item()["laws"][0]
        found = only(whole_item(), changed(laws=[law, law | {"article": "第三十六条"}]))
        assert [row.name for row in found.rows] == ["《中华人民共和国食品安全法》第三十六条"]

    def test_matches_entries_of_one_name_in_their_order(self) -> None:
        row = whole_item()["materials"][0]
        found = only(changed(materials=[row, row]), changed(materials=[row, row | {"copies": 3}]))
        assert [(one.name, one.change) for one in found.rows] == [("食品经营许可申请书（2）", "changed")]

    def test_of_another_order_says_so(self) -> None:
        steps = whole_item()["flow"]
        assert only(whole_item(), changed(flow=steps[::-1])).sentence == "「办理流程」调整了顺序。"

    def test_of_an_added_entry_and_another_order_says_both(self) -> None:
        form = whole_item()["materials"][0]
        plan, licence = (form | {"name": name} for name in ("平面图", "营业执照"))
        found = only(changed(materials=[form, plan]), changed(materials=[plan, form, licence]))
        assert found.sentence == "「申请材料」增加“营业执照”；调整了顺序。"

    def test_quotes_two_long_texts_from_where_they_part(self) -> None:
        old, new = (f"{'甲' * 100}{one}{'乙' * 100}" for one in ("旧", "新"))
        said = [f"…{'甲' * 10}{one}{'乙' * 49}…" for one in ("旧", "新")]
        sentence = only(changed(conditions=old), changed(conditions=new)).sentence
        assert sentence == f"「受理条件」由“{said[0]}”改为“{said[1]}”。"

    def test_says_where_only_blanks_changed(self) -> None:
        sentence = only(changed(conditions="一\n二"), changed(conditions="一\n\n二")).sentence
        assert sentence == "「受理条件」调整了空格或换行。"

    def test_of_files_does_not_read_out_their_numbers(self) -> None:
        row = whole_item()["materials"][0]
        files = [row | {"blank_form": str(UUID(int=number))} for number in (1, 2)]
        found = only(changed(materials=files[:1]), changed(materials=files[1:]))
        assert found.sentence == "「申请材料」“食品经营许可申请书”的「空白表格」换了文件。"

    @settings(max_examples=60)
    @given(st.data())
    def test_says_something_of_every_element_and_of_no_other(self, data: st.DataObject) -> None:
        element = data.draw(st.sampled_from(ELEMENTS))
        old, new = (data.draw(st.just({}) | values_of(element).map(lambda value: {element.name: value})) for _ in "ab")
        found = difference(old, new)
        assert [one.name for one in found] == ([element.name] if old != new else [])
        for one in found:
            assert one.sentence.startswith(f"「{element.label}」")
            assert one.sentence.endswith("。")
