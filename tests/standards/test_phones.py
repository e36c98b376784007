"""Telephone numbers: 手机号 and 固话, as people write them."""

import pytest

from standards.numbers.phones import dialled, is_mobile, is_office_phone, is_service_phone, normal_phone


class TestNormalPhone:
    @pytest.mark.parametrize("written", ["+86 138-0000-0001", "8613800000001", "138 0000 0001", "１３８００００0001"])
    def test_is_what_machines_compare(self, written: str) -> None:
        assert normal_phone(written) == "13800000001"

    def test_leaves_a_land_line_that_begins_with_86(self) -> None:
        assert normal_phone("8612-345678") == "8612345678"


class TestMobile:
    @pytest.mark.parametrize(
        ("number", "is_right"),
        [
            ("13800000001", True),
            ("19912345678", True),
            ("12800000001", False),
            ("1380000000", False),
            ("138000000011", False),
            ("1380000000１", False),
            ("", False),
        ],
    )
    def test_has_eleven_digits_from_13_to_19(self, number: str, is_right: bool) -> None:  # noqa: FBT001 - a table
        assert is_mobile(number) is is_right


class TestPhone:
    def test_on_a_card_is_one_number(self) -> None:
        assert is_office_phone("0717-3251234")
        assert is_office_phone("(0717) 3251234")
        assert not is_office_phone("0717-3251234转8001")
        assert not is_office_phone("12")

    def test_of_a_service_may_be_several_with_extensions(self) -> None:
        assert is_service_phone("0717-3251234转8001、12345")
        assert not is_service_phone("请打 12345")
        assert not is_service_phone("12345\n")

    @pytest.mark.parametrize(
        ("text", "number"),
        [("0717-3251234 工作日", "0717-3251234"), ("12345", "12345"), ("请打12345", ""), ("12345热线", ""), ("", "")],
    )
    def test_can_be_dialled_where_the_text_begins_with_it(self, text: str, number: str) -> None:
        assert dialled(text) == number
