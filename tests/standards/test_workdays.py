"""Working days: of published years by the State Council's notices, of others by the week, and marked so."""

from datetime import date

import pytest

from standards.workdays import (
    Deadline,
    deadline_after,
    holiday_name,
    is_made_up,
    is_published,
    is_workday,
    workdays_between,
)


class TestIsWorkday:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            # 国办发明电〔2024〕12号: Spring Festival from 28 January to 4 February, made up for on two days of weekends
            (date(2025, 1, 24), True),
            (date(2025, 1, 25), False),
            (date(2025, 1, 26), True),
            (date(2025, 1, 28), False),
            (date(2025, 2, 4), False),
            (date(2025, 2, 5), True),
            (date(2025, 2, 8), True),
        ],
    )
    def test_knows_holidays_and_make_up_days(self, day: date, *, expected: bool) -> None:
        assert is_workday(day) is expected

    def test_is_known_of_every_year_since_2004(self) -> None:
        """The notices that the calendar has. Turns red on a gap, and never on a year that is added."""
        assert all(is_published(year) for year in range(2004, 2027))

    def test_names_holidays_and_tells_them_from_weekends(self) -> None:
        named = {day: holiday_name(date(2026, 10, day)) for day in (1, 3, 10, 11)}
        assert named == {1: "国庆节", 3: "国庆节", 10: "", 11: ""}
        assert [is_made_up(date(2026, 10, day)) for day in (9, 10, 11)] == [False, True, False]
        assert holiday_name(date(2099, 10, 1)) == ""

    def test_takes_the_week_where_nothing_is_published(self) -> None:
        assert not is_published(2099)
        # National Day, a Thursday, and the Saturday after it
        assert is_workday(date(2099, 10, 1))
        assert not is_workday(date(2099, 10, 3))


class TestDeadlineAfter:
    def test_counts_neither_the_day_of_receipt_nor_holidays(self) -> None:
        # 26 and 27 January, 5, 6 and 7 February
        assert deadline_after(date(2025, 1, 24), 5) == Deadline(date(2025, 2, 7), is_assumed=False)

    def test_begins_after_a_day_off(self) -> None:
        assert deadline_after(date(2025, 2, 2), 1).last_day == date(2025, 2, 5)

    def test_says_where_it_reaches_into_a_year_without_a_notice(self) -> None:
        assert deadline_after(date(2098, 12, 31), 1) == Deadline(date(2099, 1, 1), is_assumed=True)
        last = max(year for year in range(2020, 2099) if is_published(year))
        assert not deadline_after(date(last, 6, 1), 5).is_assumed
        assert deadline_after(date(last, 12, 30), 5).is_assumed


class TestWorkdaysBetween:
    def test_is_what_the_deadline_counted(self) -> None:
        received = date(2025, 1, 24)
        assert workdays_between(received, deadline_after(received, 5).last_day) == 5
        assert workdays_between(received, received) == 0
        # answered within the holidays: two of the five were used
        assert workdays_between(received, date(2025, 2, 1)) == 2
