"""居民身份证号: which are right, and what they say of the person."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from standards.numbers.residents import age_on, birthday_of, normal_number
from tests.factories.citizens import number_of


def today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


class TestBirthdayOf:
    def test_reads_every_right_number(self) -> None:
        for serial in range(1, 50):
            assert birthday_of(number_of(serial, date(1970, 2, 28))) == date(1970, 2, 28)

    def test_takes_a_number_whose_place_is_younger_than_its_holder(self) -> None:
        """当阳市 (420582) is of 1992, and many of its people are older."""
        assert birthday_of(number_of(1, date(1950, 10, 1))) == date(1950, 10, 1)

    @pytest.mark.parametrize(
        "bent",
        [
            "",
            "4205",
            "420582199013011234",
            "42058219900101123",
            "a" * 18,
            "42058218000101123X",
            "420582199001010011234",
        ],
    )
    def test_refuses_what_is_none(self, bent: str) -> None:
        assert birthday_of(bent) is None

    def test_refuses_a_wrong_check_digit_and_a_birthday_to_come(self) -> None:
        number = number_of()
        assert birthday_of(number[:-1] + ("1" if number[-1] != "1" else "2")) is None
        assert birthday_of(number_of(1, today() + timedelta(days=1))) is None

    def test_reads_what_people_type(self) -> None:
        assert normal_number(" 420582 19900101123x ") == "42058219900101123X"


class TestAgeOn:
    def test_counts_the_birthday_itself(self) -> None:
        born_on = date(2008, 2, 29)
        assert age_on(born_on, date(2026, 2, 28)) == 17
        assert age_on(born_on, date(2026, 3, 1)) == 18
