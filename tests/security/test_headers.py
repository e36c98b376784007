"""What every answer tells the browser: all routes of both hosts, errors, static files, kept pages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from config.security_headers import PERMISSIONS_POLICY
from tests.isolation.asking import PROVINCE, Requester
from tests.isolation.filled import Filled, path_to_nothing
from tests.isolation.markers import words_of
from tests.isolation.routes import routes_of
from tests.soak import SOAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

NORTH = "north.yizhan.localhost"
WANTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}
# what would run, or be refused by our own policy: scripts and styles inside the page, in elements and attributes
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/(?:ld\+)?json\")|<style\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"<[a-z][^<>]*\s(?:on[a-z]+|style)\s*=\s*[\"']|href=\"\s*javascript:", re.IGNORECASE)


def faults_of(answer: Any) -> list[str]:
    """What an answer lacks."""
    headers = answer.headers
    faults = [f"{name}: {headers.get(name)}" for name, value in WANTED.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or not {"default-src 'self'", "object-src 'none'", "base-uri 'none'"} <= set(
        policy.split("; ")
    ):
        faults.append(f"Content-Security-Policy: {policy}")
    if "Cache-Control" not in headers:
        faults.append("no Cache-Control")
    if headers.get("Content-Type", "").startswith("text/html"):
        text = words_of(answer)
        faults += [f"inline: {found[0]}" for found in (*_INLINE.finditer(text), *_ATTRIBUTE.finditer(text))]
    return faults


def every_answer(ask: Requester, north: Filled) -> Iterator[tuple[str, Any]]:
    """Of all routes: what is there, what is not, to people at work and to nobody (in a soak whatever they do), whole
    and in part."""
    for route in (*routes_of("hall"), *routes_of("province")):
        host, worker = (PROVINCE, "zhao") if route.host == "province" else (NORTH, north.editor)
        for who in (worker, "") if SOAK else (worker,):
            for path in {north.path(route), path_to_nothing(route)}:
                yield f"{route} {who}", ask(host, who, "get", path)
            yield f"POST {route} {who}", ask.route(host, who, "post", route, north.path(route))
        yield f"{route} by nobody", ask(host, "", "get", north.path(route))
        yield f"part of {route}", ask(host, worker, "get", north.path(route), headers={"hx-request": "true"})


class TestEveryAnswer:
    @pytest.mark.soak
    def test_wears_all_headers_and_nothing_inline(self, ask: Requester, filled: dict[str, Filled]) -> None:
        faults = {}
        for what, answer in every_answer(ask, filled["north"]):
            if found := faults_of(answer):
                faults[what] = found
        assert faults == {}

    def test_of_the_skins_own_errors_does(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        client = Client(raise_request_exception=False)

        def broken(request: HttpRequest) -> None:
            raise ValueError

        def suspicious(request: HttpRequest) -> None:
            raise SuspiciousOperation

        settings.UPLOAD_LIMIT = 1
        answers = {
            "unknown host": client.get("/", headers={"host": "nowhere.example"}),
            "unknown page": client.get("/nowhere/", headers={"host": PROVINCE}),
            "unknown page of a hall": client.get("/nowhere/", headers={"host": NORTH}),
            "unknown interface": client.get("/api/nowhere", headers={"host": NORTH}),
            "static file": client.head("/static/design/tokens.css", headers={"host": NORTH}),
            "kept page": [client.get("/", headers={"host": NORTH}) for _ in range(2)][1],
            "too large": client.post(
                "/account/", "x", content_type="text/plain", headers={"host": PROVINCE}, CONTENT_LENGTH=str(2**40)
            ),
            "without a token": Client(enforce_csrf_checks=True).post("/sign-out/", headers={"host": PROVINCE}),
        }
        for raised in (broken, suspicious):
            monkeypatch.setattr(
                "config.middleware.ActorOfSession.__call__", lambda _, request, act=raised: act(request)
            )
            answers[raised.__name__] = client.get("/desk/", headers={"host": NORTH})
        assert {what: faults_of(answer) for what, answer in answers.items() if faults_of(answer)} == {}
        assert answers["too large"].status_code == 413
        assert answers["broken"].status_code == 500

    def test_lets_no_cache_keep_a_page_of_people_at_work(self, ask: Requester, filled: dict[str, Filled]) -> None:
        for host, who, path in (
            (PROVINCE, "zhao", "/console/"),
            (NORTH, "sun", "/desk/"),
            (PROVINCE, "zhao", "/account/"),
        ):
            answer = ask(host, who, "get", path)
            assert answer.status_code == 200
            assert "no-store" in answer.headers["Cache-Control"]
