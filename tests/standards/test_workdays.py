"""Working days: of published years by the State Council's notices, of others by the week, and marked so."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from province.workdays.queries.calendars import ArrangedYear, merged
from standards.workdays import Deadline, Limit, WorkCalendar, due_of, is_weekend
from tests.factories.workdays import NATIONAL


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
        assert NATIONAL.is_workday(day) is expected

    def test_is_known_of_every_year_since_2004(self) -> None:
        """The notices that the calendar has. Turns red on a gap, and never on a year that is added."""
        assert all(NATIONAL.is_published(year) for year in range(2004, 2027))

    def test_names_holidays_and_tells_them_from_weekends(self) -> None:
        named = {day: NATIONAL.holiday_name(date(2026, 10, day)) for day in (1, 3, 10, 11)}
        assert named == {1: "国庆节", 3: "国庆节", 10: "", 11: ""}
        assert [NATIONAL.is_made_up(date(2026, 10, day)) for day in (9, 10, 11)] == [False, True, False]
        assert NATIONAL.holiday_name(date(2099, 10, 1)) == ""

    def test_takes_the_week_where_nothing_is_published(self) -> None:
        assert not NATIONAL.is_published(2099)
        # National Day, a Thursday, and the Saturday after it
        assert NATIONAL.is_workday(date(2099, 10, 1))
        assert not NATIONAL.is_workday(date(2099, 10, 3))


class TestDeadlineAfter:
    def test_counts_neither_the_day_of_receipt_nor_holidays(self) -> None:
        # 26 and 27 January, 5, 6 and 7 February
        assert NATIONAL.deadline_after(date(2025, 1, 24), 5) == Deadline(date(2025, 2, 7), is_assumed=False)

    def test_begins_after_a_day_off(self) -> None:
        assert NATIONAL.deadline_after(date(2025, 2, 2), 1).last_day == date(2025, 2, 5)

    def test_says_where_it_reaches_into_a_year_without_a_notice(self) -> None:
        assert NATIONAL.deadline_after(date(2098, 12, 31), 1) == Deadline(date(2099, 1, 1), is_assumed=True)
        last = max(NATIONAL.years)
        assert not NATIONAL.deadline_after(date(last, 6, 1), 5).is_assumed
        assert NATIONAL.deadline_after(date(last, 12, 30), 5).is_assumed


class TestWorkdaysBetween:
    def test_is_what_the_deadline_counted(self) -> None:
        received = date(2025, 1, 24)
        assert NATIONAL.workdays_between(received, NATIONAL.deadline_after(received, 5).last_day) == 5
        assert NATIONAL.workdays_between(received, received) == 0
        # answered within the holidays: two of the five were used
        assert NATIONAL.workdays_between(received, date(2025, 2, 1)) == 2


days = st.dates(date(2024, 1, 1), date(2025, 12, 31))
some_days = st.sets(st.dates(date(2024, 1, 1), date(2026, 3, 31)), max_size=25)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any days off, and any weekends worked."""
    off = draw(some_days)
    made_up = {day for day in draw(some_days) if is_weekend(day)} - off
    return WorkCalendar(dict.fromkeys(off, "节日"), frozenset(made_up), frozenset({2024, 2025, 2026}))


class TestAnyCalendar:
    @given(calendars(), days, st.integers(1, 40))
    def test_gives_a_limit_exactly_its_working_days(self, calendar: WorkCalendar, begins: date, number: int) -> None:
        last = calendar.deadline_after(begins, number).last_day
        assert calendar.is_workday(last)
        assert calendar.workdays_between(begins, last) == number
        assert due_of(begins, Limit(number, "wd"), calendar=calendar).due == last

    @given(calendars(), days, st.integers(1, 20), st.integers(0, 20), st.integers(0, 30))
    def test_is_never_earlier_for_a_longer_limit_or_a_later_beginning(
        self, calendar: WorkCalendar, begins: date, number: int, more: int, later: int
    ) -> None:
        last = calendar.deadline_after(begins, number).last_day
        assert calendar.deadline_after(begins, number + more).last_day >= last
        assert calendar.deadline_after(begins + timedelta(days=later), number).last_day >= last

    @given(calendars(), days, st.integers(1, 40), days)
    def test_is_never_earlier_for_a_day_off_more_and_the_same_without_it_again(
        self, calendar: WorkCalendar, begins: date, number: int, day: date
    ) -> None:
        last = calendar.deadline_after(begins, number)
        with_it = merged([_year(calendar), ArrangedYear("42", 2024, ((day, True, "州庆"),))])
        assert with_it.deadline_after(begins, number).last_day >= last.last_day
        again = merged([_year(calendar), ArrangedYear("42", 2024, ())])
        assert again.deadline_after(begins, number).last_day == last.last_day


def _year(calendar: WorkCalendar) -> ArrangedYear:
    off = [(day, True, name) for day, name in calendar.off.items()]
    return ArrangedYear("", 2024, (*off, *((day, False, "") for day in calendar.made_up)))
