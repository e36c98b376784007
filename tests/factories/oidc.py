"""Another department's system that lets people in by our sign-in: a client that is not ours (Authlib), over the
loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
from authlib.integrations.requests_client import OAuth2Session
from django.core.wsgi import get_wsgi_application
from django.db import connection
from joserfc import jwt
from joserfc.jwk import KeySet

from province.console.addresses import province_address
from province.sign_in.models import OidcClient
from tests.factories.sign_in import PROVINCE, Browser

BACK = "https://hr.example.gov.cn/callback"
VERIFIER = "v" * 64


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        pass


class _Server(WSGIServer):
    def process_request(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request(request, client_address)
        finally:
            connection.close()


@contextmanager
def live_server() -> Iterator[str]:
    """``http://127.0.0.1:…`` of our program, in a thread, on the test's own database."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def client_for(registered: tuple[OidcClient, str], **more: Any) -> Iterator[OAuth2Session]:
    """Another department's system; names of ours lead to the loopback."""
    client, secret = registered
    with OAuth2Session(
        client_id=client.client_id,
        client_secret=secret,
        redirect_uri=BACK,
        code_challenge_method="S256",
        **{"scope": "openid profile positions", **more},
    ) as made:
        made.headers["Host"] = PROVINCE
        yield made


def metadata(live: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{live}/.well-known/openid-configuration", headers={"Host": PROVINCE}).json()
    return found


def at_loopback(live: str, address: str) -> str:
    return address.replace(province_address(), live)


def code_by(live: str, client: OAuth2Session, username: str = "sun", **more: Any) -> dict[str, str]:
    """What comes back to the client's address after somebody has signed in."""
    asked = {"code_verifier": VERIFIER, "nonce": "once", **more}
    address, _ = client.create_authorization_url(metadata(live)["authorization_endpoint"], **asked)
    browser = Browser()
    browser.sign_in(username)
    parts = urlsplit(address)
    location = browser.at(PROVINCE).get(f"{parts.path}?{parts.query}")["Location"]
    assert location.startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def tokens_for(live: str, client: OAuth2Session, code: str, **more: Any) -> dict[str, Any]:
    token_endpoint = at_loopback(live, metadata(live)["token_endpoint"])
    found: dict[str, Any] = client.fetch_token(
        token_endpoint, grant_type="authorization_code", code=code, **{"code_verifier": VERIFIER, **more}
    )
    return found


def read(live: str, token: str) -> jwt.Token:
    """Signature checked against the keys that the provider publishes."""
    keys = httpx.get(at_loopback(live, metadata(live)["jwks_uri"]), headers={"Host": PROVINCE}).json()
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"])
