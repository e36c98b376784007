"""What answers tell the browser that no route gives: errors of the skin, static files, kept pages. The routes' answers
are looked at where every one of them is asked: tests/isolation/test_routes.py, as people of halls and as nobody, and
tests/isolation/test_parameters.py, as who may do everything.
"""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from tests.isolation.asking import PROVINCE, Requester
from tests.security.headers import faults_of
from tests.servers import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

NORTH = "north.yizhan.localhost"


class TestAnswer:
    def test_of_the_skins_own_errors_has_all_headers(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
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

    @pytest.mark.parametrize("path", ["/desk/", "/api/hall/v1/portal/articles", "/", "/nowhere/"])
    def test_tells_nothing_of_the_inside_where_the_program_fails(
        self, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(request: HttpRequest) -> None:
            message = f"psycopg: {__file__}"
            raise ValueError(message)

        monkeypatch.setattr("config.middleware.HallSchemaMiddleware.__call__", lambda _, request: broken(request))
        answer = Client(raise_request_exception=False).get(path, headers={"host": NORTH})
        assert answer.status_code == 500
        assert answer.headers["X-Request-ID"] in answer.text
        assert [word for word in ("ValueError", "Traceback", ".py", "psycopg") if word in answer.text] == []

    def test_lets_no_cache_keep_a_page_of_people_at_work(self) -> None:
        ask = Requester()
        for host, who, path in (
            (PROVINCE, "zhao", "/console/"),
            (NORTH, "sun", "/desk/"),
            (PROVINCE, "zhao", "/account/"),
        ):
            ask.sign_in(who)
            answer = ask(host, who, "get", path)
            assert answer.status_code == 200
            assert "no-store" in answer.headers["Cache-Control"]


class TestDebugging:
    def test_is_off_where_nobody_asked_for_it(self) -> None:
        known = {name: value for name, value in os.environ.items() if name != "DEBUG"}
        said = subprocess.run(
            [sys.executable, "-c", "from config import settings; print(settings.DEBUG)"],
            env=known | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout.split() == ["False"]


class TestFilesOfTheProgram:
    @pytest.mark.parametrize("host", [PROVINCE, NORTH])
    def test_are_given_to_nobody_and_listed_nowhere(self, host: str) -> None:
        client = Client(headers={"host": host}, raise_request_exception=False)
        assert client.head("/static/design/tokens.css").status_code == 200
        for path in (
            *("/.git/HEAD", "/.env", "/pyproject.toml", "/config/settings.py", "/var/secrets.json"),
            *("/static", "/static/", "/static/design/", "/static/design", "/media/"),
            *("/static/../pyproject.toml", "/static/%2e%2e/%2e%2e/pyproject.toml", "/static//etc/passwd"),
            *("/static/design/..%2f..%2f..%2fpyproject.toml", "/static/design/tokens.css.map"),
        ):
            assert client.get(path).status_code == 404, path
