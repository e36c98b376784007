"""Three halls, each with something of everything that a hall can have: two counties, and a village of the first."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.isolation.filled import Filled, filled_halls


@pytest.fixture(scope="module")
def filled(file_database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Filled]]:
    """By the hall's slug; filled once for all tests of a file."""
    with filled_halls(django_db_blocker) as halls:
        yield halls


@pytest.fixture
def filled_north(filled: dict[str, Filled]) -> Filled:
    return filled["north"]


@pytest.fixture
def filled_south(filled: dict[str, Filled]) -> Filled:
    return filled["south"]
