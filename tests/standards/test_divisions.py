"""区划代码: levels, prefixes, what stands above."""

import pytest

from standards.numbers.divisions import fault_of_code, level_of, parent_of, prefix_of_code

LEVELS = [
    ("420000000000", "province", "42", ""),
    ("420500000000", "city", "4205", "420000000000"),
    ("420582000000", "county", "420582", "420500000000"),
    ("420582103000", "township", "420582103", "420582000000"),
    ("420582103200", "village", "420582103200", "420582103000"),
    # a township directly below a city
    ("441900003000", "township", "441900003", "441900000000"),
]


class TestDivisionCode:
    @pytest.mark.parametrize(("code", "level", "prefix", "parent"), LEVELS)
    def test_says_where_it_stands(self, code: str, level: str, prefix: str, parent: str) -> None:
        assert (level_of(code), prefix_of_code(code), parent_of(code)) == (level, prefix, parent)

    def test_that_is_too_long_has_nothing_below_it(self) -> None:
        assert prefix_of_code("4205821030000") == "4205821030000"

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("", "没有代码"),
            ("42058200000x", "数字以外的字符"),
            ("４20582000000", "数字以外的字符"),
            ("420582", "应为 12 位"),
            ("000582000000", "不能以 00 开头"),
        ],
    )
    def test_is_refused_in_plain_words(self, code: str, words: str) -> None:
        assert words in fault_of_code(code)

    def test_is_taken_where_it_is_one(self) -> None:
        assert not [code for code, *_ in LEVELS if fault_of_code(code)]
