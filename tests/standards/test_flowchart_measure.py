"""Where lines of Chinese end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.items.flowchart.measure import (
    NO_END,
    NO_START,
    balanced,
    is_certain,
    paragraph,
    plain,
    width_of,
    wrap,
)

WRITTEN = st.lists(
    st.sampled_from(["办理", "材料", "5 个工作日", "《办法》", "（一）", "，", "。", "、", "ISO9001", "申请人", " "]),
    max_size=60,
).map(lambda words: "".join(words).strip())
SETTINGS = [wrap, paragraph, balanced]


class TestWrap:
    @pytest.mark.parametrize("setting", SETTINGS)
    @given(text=st.text(max_size=200), width=st.integers(70, 300))
    def test_makes_no_line_too_wide_and_none_too_many(self, setting: object, text: str, width: int) -> None:
        lines = setting(plain(text, most=200), width=width, size=13, most=3)  # type: ignore[operator]
        assert len(lines) <= 3
        assert all(width_of(line, 13) <= width for line in lines)

    @pytest.mark.parametrize("setting", SETTINGS)
    @given(text=st.text(max_size=200), width=st.integers(70, 300))
    def test_loses_nothing_but_blanks(self, setting: object, text: str, width: int) -> None:
        text = plain(text, most=200)
        lines = setting(text, width=width, size=13, most=1000)  # type: ignore[operator]
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")

    @pytest.mark.parametrize("setting", SETTINGS)
    @given(text=WRITTEN, width=st.integers(91, 300))
    def test_begins_no_line_with_a_closing_mark_and_ends_none_with_an_opening_one(
        self, setting: object, text: str, width: int
    ) -> None:
        lines = setting(text, width=width, size=13, most=1000)  # type: ignore[operator]
        marks = "".join("。" if mark in NO_START else mark for mark in text.replace(" ", ""))
        # of a heap of marks some come to begin a line
        if "。。。" not in marks:
            assert not [line for line in lines[1:] if line[0] in NO_START]
        assert not [line for line in lines[:-1] if line[-1] in NO_END]

    def test_keeps_numbers_with_what_they_count(self) -> None:
        assert wrap("当场或 5 个工作日内告知", width=78, size=13, most=3) == ["当场或", "5 个工作日内", "告知"]

    def test_breaks_within_no_word_that_fits(self) -> None:
        assert wrap("符合 ISO9001 标准", width=91, size=13, most=3) == ["符合", "ISO9001 标准"]

    def test_folds_what_is_too_long(self) -> None:
        assert wrap("材料齐全、符合法定形式，内容真实", width=78, size=13, most=2) == ["材料齐全、符", "合法定形式…"]

    def test_ends_a_heading_where_a_clause_ends(self) -> None:
        assert balanced("不属于受理范围的，说明理由", width=117, size=13, most=3) == ["不属于受理范围的，", "说明理由"]

    def test_breaks_a_heading_between_the_words_of_a_list(self) -> None:
        assert balanced("农业农村、自然资源、林业、水利站所", width=216, size=14, most=3) == [
            "农业农村、自然资源、林业、",
            "水利站所",
        ]

    def test_leaves_no_lone_character(self) -> None:
        assert balanced("是否准予许可了", width=90, size=15, most=3) == ["是否准予", "许可了"]
        assert paragraph("食品经营许可和备案管理办法", width=156, size=13, most=3) == [
            "食品经营许可和备案管理",
            "办法",
        ]


class TestPlain:
    def test_shows_no_heap_of_accents(self) -> None:
        assert plain("h" + "\u0301" * 50, most=100) == "h\u0301\u0301"

    def test_takes_away_what_cannot_be_seen_or_written(self) -> None:
        assert plain("受\u202e理\ufeff\u0000\uffff\ud800\u200b", most=100) == "受理"

    @pytest.mark.parametrize("value", [None, 5, True, [], {"act": "受理"}])
    def test_is_nothing_for_what_is_no_text(self, value: object) -> None:
        assert plain(value, most=10) == ""

    def test_is_bounded(self) -> None:
        assert plain("字" * 4000, most=50) == "字" * 49 + "…"


class TestCertain:
    def test_is_all_that_is_written_in_chinese(self) -> None:
        assert is_certain("《办法》第 3 条（一）：“三到场”，不超过 20 个工作日。")

    @pytest.mark.parametrize("text", ["﷽", "👨", "ก็", "Ж"])
    def test_is_not_what_fonts_draw_at_will(self, text: str) -> None:
        assert not is_certain(text)
