"""The three halls of tests/isolation, and whoever asks them."""

import pytest

from province.halls.models import Hall
from tests.isolation.asking import Asker
from tests.isolation.filled import Filled, fill


@pytest.fixture
def filled() -> dict[str, Filled]:
    """By the hall's slug."""
    return {hall.slug: fill(hall) for hall in Hall.objects.order_by("number")}


@pytest.fixture
def ask(filled: dict[str, Filled]) -> Asker:
    asker = Asker()
    for one in filled.values():
        asker.sign_in(one.editor)
    asker.sign_in("zhao")
    return asker
