"""The provider over the loopback, and a system that is registered with it."""

from collections.abc import Iterator

import pytest

from province.sign_in.models import OidcClient
from province.sign_in.operations.clients import add_client
from tests.conftest import person
from tests.factories.oidc import BACK, live_server


@pytest.fixture
def live(fresh_database: None) -> Iterator[str]:
    """``http://127.0.0.1:…`` of our program, in a thread, on the test's own database."""
    with live_server() as address:
        yield address


@pytest.fixture
def registered(live: str) -> tuple[OidcClient, str]:
    return add_client(by=person("zhao"), name="人事系统", redirect_uris=[BACK], scopes=["profile", "positions"])
