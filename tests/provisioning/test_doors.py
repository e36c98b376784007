"""Rollouts over HTTP, by the command line, and in the background."""

import json
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner, Result

from config.cli import halls as _halls  # noqa: F401 - provisioning adds its commands to these
from config.cli.provisioning import app
from foundation.events.models import Event
from province.halls.models import Hall
from province.people.models import Account
from province.sign_in.operations.tokens import issue_token
from provisioning.create import start_rollout
from provisioning.models import Rollout
from provisioning.states import RolloutState
from provisioning.tasks import carry_out_rollout
from tests.conftest import person
from tests.provisioning.conftest import MakeVillages

pytestmark = pytest.mark.django_db

ROLLOUTS = "/api/province/v1/provisioning/rollouts"


def yizhan_halls(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def headers_of(username: str) -> dict[str, str]:
    account = Account.objects.get(username=username)
    key = issue_token(by=person(username), account=account, name="t", scopes=["halls.manage", "halls.edit"])
    return {"Authorization": f"Bearer {key}", "Host": "yizhan.localhost"}


class TestApi:
    def test_starts_a_rollout_and_tells_how_far_it_is(self, client: Client, make_villages: MakeVillages) -> None:
        make_villages(2)
        headers = headers_of("zhao")
        body = {"under": "420582001000", "kinds": ["village"]}
        started = client.post(ROLLOUTS, json.dumps(body), content_type="application/json", headers=headers)
        assert started.status_code == 202
        assert (started.json()["total"], started.json()["state"]) == (2, "running")
        shown = client.get(f"{ROLLOUTS}/{started.json()['id']}", headers=headers)
        assert shown.json()["waiting"] == 2
        listed = client.get(ROLLOUTS, headers=headers).json()
        assert [one["id"] for one in listed["items"]] == [started.json()["id"]]

    def test_is_closed_to_a_halls_editor(self, client: Client) -> None:
        headers = headers_of("sun")
        refused = client.post(ROLLOUTS, '{"under": "42"}', content_type="application/json", headers=headers)
        assert refused.status_code == 403
        assert client.get(ROLLOUTS, headers=headers).status_code == 403

    @pytest.mark.parametrize(
        ("body", "status"),
        [('{"under": "999999"}', 404), ('{"under": "x"}', 422), ('{"under": "42", "kinds": ["moon"]}', 422)],
    )
    def test_refuses_what_makes_no_sense(self, client: Client, body: str, status: int) -> None:
        answer = client.post(ROLLOUTS, body, content_type="application/json", headers=headers_of("zhao"))
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"

    def test_knows_no_rollout_that_is_not_there(self, client: Client) -> None:
        unknown = client.get(f"{ROLLOUTS}/01a20fa5-b64c-7105-9fcf-8370b9400940", headers=headers_of("zhao"))
        assert unknown.status_code == 404


class TestProvisionCommand:
    def test_lists_what_it_would_do_and_does_nothing(self, make_villages: MakeVillages) -> None:
        make_villages(1)
        done = yizhan_halls("provision", "--under", "420582001", "--dry-run", "--json")
        assert [one["domain"] for one in json.loads(done.stdout)] == [
            "yuyang.yizhan.localhost",
            "dongjia.yizhan.localhost",
        ]
        assert not Rollout.objects.exists()

    def test_makes_the_halls_and_counts_them(self, make_villages: MakeVillages) -> None:
        make_villages(1)
        done = yizhan_halls("provision", "--under", "420582001", "--workers", "1", "--json", "--as", "zhao")
        assert done.exit_code == 0
        assert json.loads(done.stdout)["done"] == 2
        assert Hall.objects.filter(slug="dongjia").exists()
        again = yizhan_halls("provision", "--under", "420582001", "--workers", "1")
        assert "没有需要开通的服务厅" in again.stdout
        listed = json.loads(yizhan_halls("rollouts", "--json").stdout)
        assert [one["total"] for one in listed] == [0, 2]

    def test_wants_to_know_where(self) -> None:
        assert yizhan_halls("provision").exit_code == 2


class TestOtherCommands:
    def test_upgrade_says_that_there_is_nothing_to_do(self) -> None:
        done = yizhan_halls("upgrade")
        assert (done.exit_code, done.stdout.strip()) == (0, "所有服务厅都是最新的。")

    def test_verify_ends_with_1_where_something_drifted(self) -> None:
        from django.db import connection

        assert yizhan_halls("verify").exit_code == 0
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX hall_000001.portal_article_of_column")
        found = yizhan_halls("verify")
        assert found.exit_code == 1
        assert "portal_article_of_column" in found.stdout.replace("\n", "")

    def test_restore_asks_before_it_replaces_anything(self, tmp_path: Path) -> None:
        path = tmp_path / "hall.zip"
        path.write_bytes(b"x")
        assert yizhan_halls("restore", str(path)).exit_code == 1


class TestBackgroundTask:
    def test_carries_out_what_was_started(self, make_villages: MakeVillages) -> None:
        make_villages(2)
        rollout = start_rollout(by=person("zhao"), under="420582001")
        assert Event.objects.get(subject_id=rollout.id).kind == "provisioning.rollout_started"
        carry_out_rollout(str(rollout.id), workers=1)
        # handed out twice
        carry_out_rollout(str(rollout.id), workers=1)
        rollout.refresh_from_db()
        assert rollout.state == RolloutState.DONE
        assert Hall.objects.filter(division__code__startswith="420582001").count() == 3
