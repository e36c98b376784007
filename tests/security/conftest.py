"""The three halls of tests/isolation, and the clients that ask them."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.isolation.asking import Requester
from tests.isolation.filled import Filled, filled_halls


@pytest.fixture(scope="module")
def filled(file_database: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Filled]]:
    """By the hall's slug; filled once for all tests of a file."""
    with filled_halls(django_db_blocker) as halls:
        yield halls


@pytest.fixture(scope="module")
def ask(filled: dict[str, Filled]) -> Requester:
    requester = Requester()
    for one in filled.values():
        requester.sign_in(one.editor)
    requester.sign_in("zhao")
    return requester
