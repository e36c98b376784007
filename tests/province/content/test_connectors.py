import base64
import hashlib
import hmac
import json
import os
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread
from typing import Any

import http_ece
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from py_vapid import Vapid02
from pytest_django.fixtures import Settings

from foundation import safe_http
from foundation.events.outgoing import Failed, Refused
from province.content.connectors import Parcel, connector_of
from province.content.connectors.parcels import Subscription
from province.content.connectors.webpush import public_key
from tests.channel_server import Channel, Reply, Request

KEY = b"k" * 32
CONTENT = {"push_id": "01a20f95-a3e3-72bd-8ef1-1818fcdcb702", "title": "医保新政", "turn": 1}


@pytest.fixture
def channel(settings: Settings) -> Iterator[Channel]:
    settings.CHANNEL_ALLOWED_HOSTS = ["127.0.0.1"]
    with Channel().running() as running:
        yield running


def parcel(channel: Channel, **fields: Any) -> Parcel:
    facts = {"id": "d-1", "act": "push", "endpoint": channel.url(), "content": CONTENT, "connector": "http"}
    return Parcel(**{**facts, "signing_key": KEY, **fields})


def deliver(one: Parcel) -> str:
    return connector_of(one).deliver(one).reference


class TestHttpConnector:
    def test_signs_what_it_says_with_the_time(self, channel: Channel) -> None:
        assert deliver(parcel(channel)) == "ref-d-1"
        (request,) = channel.requests
        timestamp = request.headers["x-yizhan-timestamp"]
        expected = hmac.new(KEY, timestamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
        assert request.headers["x-yizhan-signature"] == f"sha256={expected}"
        assert abs(int(timestamp) - time.time()) < 5
        assert request.said == {"delivery_id": "d-1", "act": "push", **CONTENT}

    def test_bears_the_same_key_at_every_attempt(self, channel: Channel) -> None:
        for _ in range(3):
            deliver(parcel(channel))
        assert {request.key for request in channel.requests} == {"d-1"}
        assert len(channel.acts) == 1

    @pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503])
    def test_tries_again_after_what_may_pass(self, channel: Channel, status: int) -> None:
        channel.reply_to = lambda _: Reply(status)
        with pytest.raises(Failed, match=str(status)):
            deliver(parcel(channel))

    @pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 410, 422])
    def test_gives_up_where_nothing_will_help(self, channel: Channel, status: int) -> None:
        channel.reply_to = lambda _: Reply(status, headers={"Location": channel.url("/elsewhere")})
        with pytest.raises(Refused, match=str(status)):
            deliver(parcel(channel))
        assert [request.path for request in channel.requests] == ["/hook"]

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("120", timedelta(minutes=2)),
            ("999999", timedelta(hours=1)),
            ("9" * 40, timedelta(hours=1)),
            ("Wed, 21 Oct 2026 07:28:00 GMT", None),
            ("-5", None),
        ],
    )
    def test_waits_as_it_is_asked_to(self, channel: Channel, said: str, expected: timedelta | None) -> None:
        channel.reply_to = lambda _: Reply(503, headers={"Retry-After": said})
        with pytest.raises(Failed) as failure:
            deliver(parcel(channel))
        assert failure.value.retry_after == expected

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"OK",
            b"<html>welcome</html>",
            b"[]",
            b"null",
            b"{}",
            b'{"delivery_id": "d-2"}',
            b"\xff\xfe",
            b"1" * 5000,
        ],
        ids=["nothing", "ok", "page", "list", "null", "empty", "another", "bytes", "number"],
    )
    def test_does_not_believe_a_lie(self, channel: Channel, body: bytes) -> None:
        channel.reply_to = lambda _: Reply(200, body)
        with pytest.raises(Failed):
            deliver(parcel(channel))

    def test_does_not_read_an_endless_answer(self, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(200, b"x" * (safe_http.LARGEST_ANSWER + 1))
        with pytest.raises(Failed, match="KB"):
            deliver(parcel(channel))

    @pytest.mark.parametrize("reply", [Reply(delay=3), Reply(body=b"{" * 500, trickle=2)], ids=["silent", "trickling"])
    def test_does_not_wait_for_ever(self, channel: Channel, reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(safe_http, "TOTAL_SECONDS", 0.5)
        channel.reply_to = lambda _: reply
        begun = time.monotonic()
        with pytest.raises(Failed, match="没有答复"):
            deliver(parcel(channel))
        assert time.monotonic() - begun < 2

    def test_takes_a_broken_connection_for_a_failure(self, channel: Channel) -> None:
        channel.reply_to = lambda _: Reply(hangs_up=True)
        with pytest.raises(Failed, match="连接失败"):
            deliver(parcel(channel))

    def test_finds_nobody(self, channel: Channel) -> None:
        with pytest.raises(Failed):
            deliver(parcel(channel, endpoint="http://127.0.0.1:9/hook"))

    def test_refuses_a_connector_that_there_is_no_more(self, channel: Channel) -> None:
        with pytest.raises(Refused, match="fax"):
            deliver(parcel(channel, connector="fax"))


class TestCertificate:
    def test_that_nobody_vouches_for_gets_nothing_said(self, channel: Channel, tmp_path: Path) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        own = (
            x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = tmp_path / "own.pem"
        pem.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + own.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        heard: list[bytes] = []

        def listen() -> None:
            connection, _ = server.accept()
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                heard.append(secure.recv(4096))

        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = Thread(target=listen)
            thread.start()
            with pytest.raises((Failed, Refused)):
                deliver(parcel(channel, endpoint=f"https://127.0.0.1:{server.getsockname()[1]}/hook"))
            thread.join()
        assert not any(heard)


class TestOwnNetwork:
    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://localhost:{port}/hook",
            "http://127.0.0.1:{port}/hook",
            "http://127.1:{port}/hook",
            "http://2130706433:{port}/hook",
            "http://0.0.0.0:{port}/hook",
            "http://[::1]:{port}/hook",
            "http://[::ffff:127.0.0.1]:{port}/hook",
            "http://10.0.0.1/hook",
            "http://172.16.0.1/hook",
            "http://192.168.1.1/hook",
            "http://100.64.0.1/hook",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00::1]/hook",
            "http://[fe80::1]/hook",
            "http://224.0.0.1/hook",
            "http://[2002:7f00:1::]/hook",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
        ],
    )
    def test_is_never_sent_to(self, channel: Channel, settings: Settings, endpoint: str) -> None:
        settings.CHANNEL_ALLOWED_HOSTS = []
        port = channel.address.rpartition(":")[2]
        with pytest.raises(Refused, match="不允许发送"):
            deliver(parcel(channel, endpoint=endpoint.format(port=port)))
        assert channel.requests == []

    def test_is_open_where_the_operator_named_the_host(self, channel: Channel, settings: Settings) -> None:
        settings.CHANNEL_ALLOWED_HOSTS = ["localhost"]
        deliver(parcel(channel, endpoint=channel.url().replace("127.0.0.1", "localhost")))
        with pytest.raises(Refused):
            deliver(parcel(channel))


class Reader:
    """A reader's browser, which alone can read what is sent to it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def subscription(self) -> Subscription:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(
            base64.urlsafe_b64encode(point).decode().rstrip("="),
            base64.urlsafe_b64encode(self.auth).decode().rstrip("="),
        )

    def read(self, request: Request) -> Any:
        return json.loads(http_ece.decrypt(request.body, private_key=self.key, auth_secret=self.auth))


class TestWebPushConnector:
    def test_is_read_by_the_reader_alone(self, channel: Channel) -> None:
        reader = Reader()
        deliver(parcel(channel, subscription=reader.subscription))
        (request,) = channel.requests
        assert reader.read(request) == {"act": "push", **CONTENT}
        assert "医保".encode() not in request.body
        with pytest.raises(http_ece.ECEException):
            Reader().read(request)

    def test_is_signed_with_our_key_for_this_service(self, channel: Channel) -> None:
        deliver(parcel(channel, subscription=Reader().subscription))
        authorization = channel.requests[0].headers["authorization"]
        assert Vapid02.verify(authorization)
        token, key = (part.partition("=")[2] for part in authorization.removeprefix("vapid ").split(","))
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        assert claims["aud"] == f"http://{channel.address}"
        assert claims["exp"] > time.time()
        assert key == public_key()

    def test_lets_a_withdrawal_take_the_place_of_its_push(self, channel: Channel) -> None:
        reader = Reader()
        for act in ("push", "withdraw"):
            deliver(parcel(channel, subscription=reader.subscription, act=act, id=act))
        topics = [request.headers["topic"] for request in channel.requests]
        assert topics[0] == topics[1]
        assert len(topics[0]) <= 32
        assert [reader.read(request)["act"] for request in channel.requests] == ["push", "withdraw"]

    @pytest.mark.parametrize("status", [404, 410])
    def test_learns_that_the_reader_is_gone(self, channel: Channel, status: int) -> None:
        channel.reply_to = lambda _: Reply(status)
        with pytest.raises(Refused) as refusal:
            deliver(parcel(channel, subscription=Reader().subscription))
        assert refusal.value.is_gone

    def test_gives_up_keys_that_are_none(self, channel: Channel) -> None:
        with pytest.raises(Refused) as refusal:
            deliver(parcel(channel, subscription=Subscription("AAAA", "BBBB")))
        assert refusal.value.is_gone

    def test_uses_the_key_that_is_set(self, channel: Channel, settings: Settings) -> None:
        key = Vapid02()
        key.generate_keys()
        settings.WEBPUSH_PRIVATE_KEY = base64.urlsafe_b64encode(
            key.private_key.private_numbers().private_value.to_bytes(32)
        ).decode()
        deliver(parcel(channel, subscription=Reader().subscription))
        assert public_key() in channel.requests[0].headers["authorization"]
