"""The tests' own machinery: what it must not let through."""

import pytest

from province.halls.models import Hall
from tests.strays import Strays


def _three_cases() -> None:
    with Strays() as strays:
        with strays.of("one"):
            assert strays
        with strays.of("two"):
            assert not strays
        with strays.of("three"):
            raise KeyError


def _no_case() -> None:
    with Strays():
        pass


class TestStrays:
    def test_tell_all_that_is_wrong_by_name(self) -> None:
        with pytest.raises(AssertionError, match=r"2 of 3:\ntwo: (.|\n)*\nthree: KeyError"):
            _three_cases()

    def test_are_no_test_of_nothing(self) -> None:
        with pytest.raises(AssertionError, match="only 0 cases"):
            _no_case()


class TestDatabase:
    """In this order: what one test commits, no later one finds."""

    @pytest.mark.usefixtures("fresh_database")
    def test_may_be_changed_for_good(self) -> None:
        Hall.objects.update(name="改了")

    @pytest.mark.django_db
    def test_is_new_for_one_that_rolls_back(self) -> None:
        assert not Hall.objects.filter(name="改了").exists()

    @pytest.mark.usefixtures("fresh_database")
    def test_may_be_changed_once_more(self) -> None:
        Hall.objects.update(name="改了")

    @pytest.mark.usefixtures("fresh_database")
    def test_is_new_for_one_that_commits(self) -> None:
        assert not Hall.objects.filter(name="改了").exists()
