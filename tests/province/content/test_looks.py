"""``yizhan look``: a reader outside, with nothing but the province's address and a key of one narrow scope."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from config.cli import app
from province.audit.models import AuditEntry
from province.content.models import Push, PushProof
from province.content.queries.pushes import latest_proof, proof_cards, proof_summary
from province.content.states import Vantage
from province.halls.models import Hall, HallDomain
from province.sign_in.operations.tokens import issue_token
from tests.browsing import web_server
from tests.conftest import person
from tests.factories.people import account
from tests.factories.pushes import make_push, withdraw
from tests.factories.sites import make_columns
from tests.servers import free_port

_YIZHAN = str(Path(sys.executable).parent / "yizhan")
_LOOKS = "/api/province/v1/content/pushes/{}/looks"


def _token(username: str = "zhao", scope: str = "content.look") -> str:
    return issue_token(by=person(username), account=account(username), name="外部查看", scopes=[scope])


class _Looker:
    """A program that speaks the API of looks."""

    def __init__(self, push: Push, token: str) -> None:
        self._client = Client(headers={"host": "yizhan.localhost", "authorization": f"Bearer {token}"})
        self._root = _LOOKS.format(push.pk)

    def post(self, path: str = "", **body: Any) -> Any:
        return self._client.post(f"{self._root}{path}", body or None, content_type="application/json")


def _row(number: int, **facts: Any) -> dict[str, Any]:
    right = {"outcome": "right", "statuses": [200] * 5, "digest": "a" * 64}
    return {"number": number, "looked_at": timezone.now().isoformat(), **right, **facts}


def _wrong(number: int) -> dict[str, Any]:
    return _row(number, outcome="wrong", seen="首页：仍列出这篇稿件")


@pytest.mark.django_db
class TestLook:
    def test_stands_beside_the_inner_proof_and_touches_it_never(self) -> None:
        push = make_push()
        looker = _Looker(push, _token())
        opened = looker.post()
        assert opened.status_code == 201, opened.content
        asked = opened.json()
        assert {one["number"] for one in asked["sites"]} == {1, 2, 3}
        rows = f"/{asked['id']}/rows"
        first = looker.post(rows, rows=[_wrong(1), _row(2)])
        assert (first.status_code, first.json().get("wrong")) == (200, 1), first.content
        # another word on what was seen, and a repeat
        assert looker.post(rows, rows=[_row(1), _row(2), _row(3)]).json()["wrong"] == 1
        ended = looker.post(f"/{asked['id']}/finish")
        assert (ended.status_code, looker.post(f"/{asked['id']}/finish").json()) == (200, ended.json())
        assert looker.post(rows, rows=[_row(3)]).status_code == 409
        assert latest_proof(push) is None
        (seen,) = proof_cards(push)["looks"]  # type: ignore[misc]
        assert (seen.vantage_label, seen.looker_name, seen.right, seen.wrong) == ("外部查看", "赵敏", 2, 1)
        assert (seen.fault, "与读者相同" in seen.way) == ("", True)
        entries = AuditEntry.objects.filter(act__in=("content.look", "content.seal_proof"))
        assert [(entry.act, entry.actor_name) for entry in entries.order_by("id")] == [
            ("content.look", "赵敏"),
            ("content.seal_proof", "赵敏"),
        ]

    def test_is_refused_what_it_may_not_or_cannot_have_seen(self) -> None:
        push = make_push()
        looker = _Looker(push, _token())
        key = looker.post().json()["id"]
        for row in (
            _row(9),
            _row(1, statuses=[200]),
            _row(1, seen="不对"),
            _row(1, outcome="wrong"),
            _row(1, looked_at="2020-01-01T00:00:00Z"),
        ):
            assert looker.post(f"/{key}/rows", rows=[row]).status_code == 422
        assert PushProof.objects.get().batches.count() == 0
        assert _Looker(push, _token(scope="content.read")).post().status_code == 404
        assert _Looker(push, _token("zhou")).post().status_code == 404
        assert _Looker(push, _token("qian")).post(f"/{key}/rows", rows=[_row(1)]).status_code == 404

    def test_ends_where_the_push_has_changed(self) -> None:
        push = make_push()
        looker = _Looker(push, _token())
        key = looker.post().json()["id"]
        withdraw(push)
        assert looker.post(f"/{key}/rows", rows=[_row(1)]).json()["is_overtaken"]
        assert proof_cards(Push.objects.get(pk=push.pk))["looks"] == []


class TestCommand:
    def test_fetches_by_name_and_finds_a_name_that_nobody_resolves(self, fresh_database: None) -> None:
        """In a process that has no database, no settings and no secret of the province's."""
        make_columns(Hall.objects.get(slug="north"))
        push = make_push()
        HallDomain.objects.filter(domain="north.yizhan.localhost").update(domain="127.0.0.1")
        port = free_port()
        with web_server(port, BASE_DOMAIN="localhost", PUBLIC_PORT=str(port)):
            environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "YIZHAN_TOKEN": _token()}
            result = subprocess.run(
                [_YIZHAN, "look", str(push.pk), "--as-reader", "--province", f"http://localhost:{port}", "--json"],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
        assert result.returncode == 0, result.stderr
        proof = latest_proof(push, Vantage.OUTSIDE)
        assert proof
        summary = proof_summary(proof)
        assert json.loads(result.stdout)["digest"] == summary.seal
        assert {line.name[:3]: line.seen for line in summary.lines} == {
            "当阳市": "",
            "枝江市": "稿件页：域名无法解析",
            "红联村": "稿件页：域名无法解析",
        }
        assert summary.fault == ""

    def test_says_in_chinese_what_is_wrong(self) -> None:
        result = CliRunner().invoke(app, ["look", str(UUID(int=1)), "--province", "不是地址", "--token", "yz_x"])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "连接不上省级平台" in result.stderr
