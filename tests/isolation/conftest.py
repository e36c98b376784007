"""Three halls, each with something of everything that a hall can have: two counties, and a village of the first."""

import pytest

from province.halls.models import Hall
from tests.isolation.filled import Filled, fill


@pytest.fixture
def filled() -> dict[str, Filled]:
    """By the hall's slug."""
    return {hall.slug: fill(hall) for hall in Hall.objects.order_by("number")}


@pytest.fixture
def filled_north(filled: dict[str, Filled]) -> Filled:
    return filled["north"]


@pytest.fixture
def filled_south(filled: dict[str, Filled]) -> Filled:
    return filled["south"]
