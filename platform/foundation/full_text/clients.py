"""The server, as this process reaches it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from foundation.circuits import Circuit, LeftAlone

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

# seconds: a reader waits no longer before PostgreSQL is asked
PATIENCE: Final = 1.5
# of an answer to the relay or to a rebuild
LONG_PATIENCE: Final = 30.0


class EngineAway(Exception):
    """The server did not answer, answered too late, or said that it cannot."""


def is_chosen() -> bool:
    """Whether an address is set at all."""
    return bool(settings.ELASTICSEARCH_URL)


def engine(*, patience: float = PATIENCE) -> "Elasticsearch":
    """The server's client; what it raises, ``outages`` turns into ``EngineAway``."""
    return _client(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_API_KEY).options(request_timeout=patience)


@contextmanager
def outages() -> Iterator[None]:
    """Around calls of ``engine``. Raises EngineAway, at once where the server was away just now."""
    from elastic_transport import TransportError  # noqa: PLC0415 - a client that only those load who have a server
    from elasticsearch import ApiError  # noqa: PLC0415 - a client that only those load who have a server

    circuit = _circuit(settings.ELASTICSEARCH_URL)
    try:
        with circuit.passage(EngineAway):
            try:
                yield
            except TransportError as error:
                raise EngineAway(type(error).__name__) from error
            except ApiError as error:
                if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status_code in _REFUSALS:
                    message = f"HTTP {error.status_code}"
                    raise EngineAway(message) from error
                raise
    except LeftAlone as error:
        message = "left alone"
        raise EngineAway(message) from error


# a key that is not taken is as good as nobody there
_REFUSALS: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}


@cache
def _client(url: str, key: str) -> "Elasticsearch":
    from elasticsearch import Elasticsearch  # noqa: PLC0415 - a client that only those load who have a server

    options: dict[str, Any] = {"api_key": key} if key else {}
    if url.startswith("https:"):
        # the machine's own certificates (SSL_CERT_FILE), not those that a library brings
        options["ssl_context"] = ssl.create_default_context()
    return Elasticsearch(url, max_retries=0, retry_on_timeout=False, dead_node_backoff_factor=0, **options)


@cache
def _circuit(url: str) -> Circuit:  # noqa: ARG001 - one of each server
    return Circuit()
