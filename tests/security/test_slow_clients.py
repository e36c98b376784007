"""Clients that begin and do not go on keep nobody from reading or sending: half heads, bodies of which a part comes."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from config.machine.parts import web_command
from config.settings import BODY_LIMIT
from foundation.embedded_services import caddy
from tests.log_lines import lines_of, strays_in
from tests.servers import NO_TLS, ROOT, free_port, listens, scratch, wait_until

HALF_HEADS, SLOW_FORMS, SLOW_FILES = 300, 40, 16
# so many new connections come to both web processes
PROBES = 12
# seconds in which a page comes all the same
PATIENCE = 12
DEADLINES = caddy.Deadlines(head=1, request=5, restart=1)
HOST = "north.yizhan.localhost"


@pytest.fixture(scope="module")
def _port() -> Iterator[int]:
    with _web_server(_web_socket()), _proxy(_web_socket()) as port:
        yield port


@pytest.fixture
def port(file_database: None, _port: int) -> int:
    """Of the proxy before the web server, both as `yizhan up` starts them, but for shorter deadlines."""
    wait_until(lambda: _page(_port).status_code == 200, what="the first page")
    return _port


@contextmanager
def _web_server(web_socket: Path, **variables: str) -> Iterator[None]:
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings"}
    with _running(web_command(web_socket), "web", **environment, **variables):
        wait_until(web_socket.exists, what="the web server's start")
        yield


@contextmanager
def _proxy(web_socket: Path, *trusted: str) -> Iterator[int]:
    port = free_port()
    folder = scratch() / f"proxy-{port}"
    command = caddy.prepare(
        folder,
        host="127.0.0.1",
        port=port,
        web=web_socket,
        largest=BODY_LIMIT,
        trusted=map(ip_network, trusted),
        deadlines=DEADLINES,
    )
    with _running(command, "proxy"):
        wait_until(lambda: listens(port), what="the proxy's start")
        yield port


@contextmanager
def _running(command: list[str], name: str, **variables: str) -> Iterator[None]:
    scratch().mkdir(parents=True, exist_ok=True)
    with (scratch() / f"{name}-{os.getpid()}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | variables, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _page(port: int, path: str = "/", **headers: str) -> httpx.Response:
    address = f"http://127.0.0.1:{port}{path}"
    return httpx.get(address, headers={"Host": HOST, **headers}, timeout=PATIENCE, verify=NO_TLS)


def _begin(stack: ExitStack, port: int, text: str) -> socket.socket:
    client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
    client.sendall(text.encode())
    return client


def _slow_body(kind: str, length: int, begun: str = "a") -> str:
    return (
        f"POST /sign-in/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: csrftoken={32 * 'x'}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{begun}"
    )


def _begun_file(length: int) -> str:
    """A part with a head, as browsers send it: what lacks one is refused before the rest has come."""
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    return head + (length - len(head)) * "a"


def _sends_a_file() -> int:
    """The status: 403 where it was read (what lacks is our own page's token), 503 where nobody could wait for it.

    Past the proxy, by a new connection each time: the proxy would keep to one that it has, and so to one of the two
    web processes.
    """
    file = {"file": (caddy.BODY_IN_MEMORY + 1000) * b"a"}
    # who does not wait for the body may end the connection in the midst of the answer
    with (
        httpx.Client(transport=httpx.HTTPTransport(uds=str(_web_socket()), verify=NO_TLS), timeout=PATIENCE) as client,
        client.stream("POST", "http://web/sign-in/", headers={"Host": HOST}, files=file) as answer,
    ):
        return answer.status_code


def _web_socket() -> Path:
    return scratch() / f"web-{os.getpid()}.sock"


def _is_cut_off(client: socket.socket) -> bool:
    """Say whether the server ends the connection, perhaps after it has said why."""
    client.settimeout(PATIENCE)
    try:
        while client.recv(4096):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


class TestHalfHeads:
    def test_keep_nobody_from_reading_and_are_not_waited_for(self, port: int) -> None:
        with ExitStack() as stack:
            clients = [_begin(stack, port, f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ") for _ in range(HALF_HEADS)]
            time.sleep(0.5)
            began_at = time.monotonic()
            assert _page(port).status_code == 200
            assert all(_is_cut_off(client) for client in clients[::50])
            assert time.monotonic() - began_at < PATIENCE


class TestSlowBodies:
    def test_of_forms_keep_nobody_from_sending_one(self, port: int) -> None:
        kinds = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
        with ExitStack() as stack:
            for number in range(SLOW_FORMS):
                _begin(stack, port, _slow_body(kinds[number % 2], 900_000))
            time.sleep(0.5)
            for _ in range(4):
                assert _page(port).status_code == 200
                sent = httpx.post(f"http://127.0.0.1:{port}/sign-in/", headers={"Host": HOST}, data={"a": "b"})
                # it was read: what lacks is our own page's token
                assert sent.status_code == 403

    @pytest.mark.parametrize("left", [100_000, 40_000_000])
    def test_of_files_keep_nobody_from_reading_and_are_waited_for_no_longer_than_the_deadline(
        self, port: int, left: int
    ) -> None:
        # longer than what the proxy takes in before the web server hears of it
        begun = caddy.BODY_IN_MEMORY + 100_000
        with ExitStack() as stack:
            body = _slow_body("multipart/form-data; boundary=x", begun + left, _begun_file(begun))
            for _ in range(SLOW_FILES):
                _begin(stack, port, body)
            # all are waited for who may be
            wait_until(lambda: _sends_a_file() == 503, what="slow bodies", seconds=DEADLINES.request)
            for _ in range(4):
                assert _page(port).status_code == 200
            wait_until(
                lambda: {_sends_a_file() for _ in range(PROBES)} == {403},
                what="threads that wait for nobody",
                seconds=PATIENCE,
            )


class TestBodyThatNobodyReads:
    @pytest.mark.parametrize("path", ["/nothing/", "/desk/files/"])
    def test_does_not_keep_the_answer_from_who_sent_it(self, path: str, port: int) -> None:
        body = b"x" * 3_000_000
        with httpx.Client(headers={"host": HOST}, timeout=60) as client:
            answers = [client.post(f"http://127.0.0.1:{port}{path}", content=body).status_code for _ in range(8)]
        assert set(answers) <= {403, 404}

    @pytest.mark.parametrize("path", ["/desk/files/", "/api/hall/v1/portal/files"])
    def test_that_is_too_large_is_told_so_before_it_is_sent(self, path: str, port: int) -> None:
        with httpx.Client(headers={"host": HOST}, timeout=60) as client:
            for content in (bytes(BODY_LIMIT + 1), bytes(BODY_LIMIT)):
                answers = [client.post(f"http://127.0.0.1:{port}{path}", content=content) for _ in range(2)]
                is_large = len(content) > BODY_LIMIT
                assert {answer.status_code for answer in answers} <= ({413} if is_large else {401, 403})
                assert "超过 60 MB" in answers[0].text or not is_large


class TestProxy:
    def test_takes_no_message_of_two_lengths(self, port: int) -> None:
        """What one reads as a request's body, another must not read as the next request."""
        for lengths in ("Content-Length: 4\r\nContent-Length: 5", "Content-Length: 4\r\nContent-Length: 4, 5"):
            with ExitStack() as stack:
                text = f"POST /sign-in/ HTTP/1.1\r\nHost: {HOST}\r\n{lengths}\r\n\r\nabcdG"
                client = _begin(stack, port, text)
                client.settimeout(PATIENCE)
                assert client.recv(4096).startswith(b"HTTP/1.1 400 ")

    def test_says_who_asks_whatever_the_reader_says(self, port: int) -> None:
        """/metrics is for this machine alone, and so tells from where a request seems to come."""
        assert _page(port, "/metrics").status_code == 200
        # a further proxy of which nobody told us
        assert _page(port, "/metrics", **{"X-Forwarded-For": "203.0.113.9"}).status_code == 404
        with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.2")) as elsewhere:
            for made_up in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Relayed": "no", "X-Real-IP": "127.0.0.1"}):
                answer = elsewhere.get(f"http://127.0.0.1:{port}/metrics", headers={"Host": HOST, **made_up})
                assert answer.status_code == 404

    def test_believes_another_proxy_that_it_is_told_of(self, file_database: None) -> None:
        web_socket = scratch() / f"web-{os.getpid()}.sock"
        with (
            _web_server(web_socket, PROXY_ADDRESSES="127.0.0.1"),
            _proxy(web_socket, "127.0.0.1/32") as port,
        ):
            wait_until(lambda: _page(port, "/metrics").status_code == 200, what="the first page")
            assert _page(port, "/metrics", **{"X-Forwarded-For": "203.0.113.9"}).status_code == 404
            # its reader cannot make one up before it
            made_up = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
            assert _page(port, "/metrics", **made_up).status_code == 404

    def test_says_in_chinese_that_the_web_server_is_away(self) -> None:
        with _proxy(scratch() / "nobody.sock") as port:
            page, answer = _page(port, "/?who=13800001111"), _page(port, "/api/v1/halls")
        assert (page.status_code, answer.status_code) == (502, 502)
        assert "网站暂时没有响应" in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(answer.text)["title"] == "网站暂时没有响应"
        assert {"server", "x-content-type-options"}.intersection(page.headers) == {"x-content-type-options"}
        log = (scratch() / f"proxy-{os.getpid()}.log").read_text(encoding="utf-8")
        # Caddy's first lines, before it has read how to write, are its own
        said = "\n".join(line for line in log.splitlines() if '"ts":' not in line)
        assert list(strays_in(said)) == []
        assert {line["process"] for line in lines_of(said)} == {"proxy"}
        assert "13800001111" not in log
