from datetime import UTC, datetime

import pytest

from province.halls.models import Hall
from tenants.shell.queries.opening import OpeningLine, is_open, opening_lines
from tests.factories.workdays import NATIONAL

WEEK = [
    {"days": [1, 2, 3, 4, 5], "from": "14:00", "to": "17:30"},
    {"days": [1, 2, 3, 4, 5], "from": "08:30", "to": "12:00"},
    {"days": [6, 7], "from": "09:00", "to": "12:00"},
]


class TestIsOpen:
    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            # a Tuesday, in UTC: the province is eight hours ahead
            (datetime(2026, 11, 24, 0, 29, 59, tzinfo=UTC), False),
            (datetime(2026, 11, 24, 0, 30, tzinfo=UTC), True),
            (datetime(2026, 11, 24, 3, 59, 59, tzinfo=UTC), True),
            (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), False),
            (datetime(2026, 11, 24, 6, 0, tzinfo=UTC), True),
            (datetime(2026, 11, 28, 1, 0, tzinfo=UTC), True),
            (datetime(2026, 11, 28, 6, 0, tzinfo=UTC), False),
            # Saturday's evening in UTC is Sunday's morning here
            (datetime(2026, 11, 28, 23, 0, tzinfo=UTC), False),
            (datetime(2026, 11, 29, 1, 30, tzinfo=UTC), True),
            # National Day, a Thursday, and the Saturday within it
            (datetime(2026, 10, 1, 1, tzinfo=UTC), False),
            (datetime(2026, 10, 3, 1, 30, tzinfo=UTC), False),
            # a Saturday that is worked in its place: in the afternoon, too
            (datetime(2026, 10, 10, 7, tzinfo=UTC), True),
        ],
    )
    def test_follows_the_clock_of_the_province(self, at: datetime, expected: bool) -> None:  # noqa: FBT001
        assert is_open(Hall(opening_hours=WEEK), at, NATIONAL) is expected

    def test_is_never_so_without_hours(self) -> None:
        assert not is_open(Hall(opening_hours=[]), datetime(2026, 11, 24, 2, tzinfo=UTC), NATIONAL)

    def test_is_not_so_on_the_halls_own_closed_days(self) -> None:
        days = {"from": "2026-11-24", "to": "2026-11-25", "reason": "大厅搬迁", "part": "off"}
        hall = Hall(opening_hours=WEEK, closed_days=[days])
        mornings = {day: is_open(hall, datetime(2026, 11, day, 2, tzinfo=UTC), NATIONAL) for day in (23, 24, 25, 26)}
        assert mornings == {23: True, 24: False, 25: False, 26: True}


class TestOpeningLines:
    def test_say_the_week_as_people_do(self) -> None:
        assert opening_lines(Hall(opening_hours=WEEK)) == [
            OpeningLine("周一至周五", ["08:30–12:00", "14:00–17:30"]),
            OpeningLine("周六、周日", ["09:00–12:00"]),
        ]

    def test_name_days_that_do_not_follow_each_other(self) -> None:
        hours = [{"days": [5, 1, 3], "from": "09:00", "to": "12:00"}]
        assert opening_lines(Hall(opening_hours=hours)) == [OpeningLine("周一、周三、周五", ["09:00–12:00"])]
