"""What answers tell the browser that no route gives: errors of the skin, static files, kept pages. The routes' answers
are looked at where every one of them is asked: tests/isolation/test_routes.py, as people of halls and as nobody, and
tests/isolation/test_parameters.py, as who may do everything.
"""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from tests.isolation.asking import PROVINCE, Requester
from tests.security.headers import faults_of

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
