"""What says how the machine is goes to monitors, and the page of components to developers."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from config.environment import networks
from foundation.embedded_services.caddy import RELAYED
from tests.servers import ROOT

HOSTS = ["yizhan.localhost", "north.yizhan.localhost", "nobody.example.cn"]
READER = "203.0.113.9"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
class TestMonitorsPage:
    @pytest.mark.parametrize("host", HOSTS)
    def test_is_nowhere_for_readers(self, path: str, host: str) -> None:
        answer = Client(headers={"host": host}, REMOTE_ADDR=READER).get(path)
        assert answer.status_code == 404
        assert b"yizhan_" not in answer.content

    def test_is_nowhere_for_readers_behind_a_proxy_of_this_machine(self, path: str) -> None:
        # what our own proxy says of one of which nobody told it: tests/security/test_slow_clients.py asks it
        answer = Client(headers={"host": HOSTS[0], RELAYED: "yes"}).get(path)
        assert answer.status_code == 404

    def test_is_there_for_this_machine(self, path: str) -> None:
        assert Client(headers={"host": HOSTS[0]}).get(path).status_code in {200, 503}

    def test_is_there_for_a_monitor_elsewhere(self, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "MONITOR_ADDRESSES", networks("UNSET", "203.0.113.0/28"))
        assert Client(headers={"host": HOSTS[0]}, REMOTE_ADDR=READER).get(path).status_code in {200, 503}
        assert Client(headers={"host": HOSTS[0]}).get(path).status_code == 404


class TestDesignPage:
    @pytest.mark.parametrize(
        ("variables", "is_there"),
        [({}, True), ({"BASE_DOMAIN": "gov.example.cn"}, False), ({"YIZHAN_WEB_HOST": "0.0.0.0"}, False)],  # noqa: S104
    )
    def test_is_there_on_a_developers_machine_alone(self, variables: dict[str, str], is_there: bool) -> None:  # noqa: FBT001
        code = "from foundation.design import urls; print(len(urls.province_patterns))"
        said = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ
            | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings", **variables},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert (said.stdout.strip() != "0") is is_there
