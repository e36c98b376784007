"""Three halls, each with something of everything that a hall can have: two counties, and a village of the first."""

import pytest
from pytest_django import Settings

from province.halls.models import Hall
from tests.isolation.filled import Filled, fill


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Every route is asked with wrong passwords, too, and each is hashed: here by something that takes no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
