"""``yizhan content``: from a file to the proof of its withdrawal."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from typer.testing import CliRunner, Result

from config.cli import app
from province.content.models import Push
from tests.factories.manuscripts import make_approved_version, make_manuscript
from tests.factories.pushes import make_push

pytestmark = pytest.mark.django_db


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["content", *(str(one) for one in arguments)])


def _read(*arguments: object) -> Any:
    result = _run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


class TestContent:
    def test_goes_from_a_file_to_every_hall_and_back(self, tmp_path: Path) -> None:
        file = tmp_path / "通知.md"
        file.write_text("# 关于做好集中服务日的通知\n\n本周六照常开门。\n", encoding="utf-8")
        made = _read("import", file)
        approved = _read("approve", made["id"])
        assert approved["state"] == "approved"
        assert _read("approve", made["id"]) == approved
        pushed = _read("push", made["id"], "--to", "420000000000", "--except", "420583000000", "--column", "notices")
        assert (pushed["state"], pushed["shown"], pushed["excluded"]) == ("live", 2, 1)
        withdrawn = _read("withdraw", pushed["id"], "--kind", "notice", "--reason", "数据有误")
        assert (withdrawn["state"], withdrawn["withdrawal_kind"]) == ("withdrawn", "notice")
        assert _read("restore", pushed["id"])["state"] == "live"
        shown = _read("show", pushed["id"])
        assert [line["label"] for line in shown["history"]] == ["发布", "撤稿", "撤销撤稿"]
        assert [one["id"] for one in _read("list")] == [pushed["id"]]

    def test_offers_and_stops(self) -> None:
        version = make_approved_version()
        pushed = _read("push", version.pk, "--to", "420582000000", "--offered")
        assert Push.objects.get(pk=pushed["id"]).mode == "offered"
        assert pushed["sentence"] == "将推荐给 2 个服务厅"
        refused = _run("stop", pushed["id"])
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert "不能变为" in refused.stderr

    def test_counts_what_a_reader_sees_on_every_site(self, settings: Settings) -> None:
        """Nothing listens where this test's sites would be."""
        settings.SITE_FETCH_ADDRESS = "127.0.0.1:9"
        push = make_push()
        found = _read("verify", push.pk)
        assert (found["expected"], found["right"], found["wrong"], found["unreachable"]) == (3, 0, 0, 3)
        assert {hall["outcome"] for hall in found["halls"]} == {"unreachable"}
        assert "无法访问 3 个" in _run("verify", push.pk).stdout

    def test_is_refused_without_the_right_and_says_so_on_stderr(self) -> None:
        manuscript = make_manuscript()
        for arguments in (
            ("approve", manuscript.pk, "--as", "wu"),
            ("push", make_approved_version().pk, "--to", "420000000000", "--as", "sun"),
            ("withdraw", make_push(title="另一篇").pk, "--kind", "gone", "--reason", "有误", "--as", "zhou"),
            ("push", make_approved_version().pk, "--to", "999999999999"),
            ("push", manuscript.pk, "--to", "420000000000"),
            ("list", "--as", "nobody"),
        ):
            result = _run(*arguments)
            assert (result.exit_code, result.stdout) == (1, ""), arguments
            assert result.stderr.strip()
            assert "Traceback" not in result.stderr

    @pytest.mark.parametrize(
        "arguments",
        [("push",), ("push", "not-an-id", "--to", "42"), ("withdraw", "0" * 32, "--kind", "eaten", "--reason", "x")],
    )
    def test_tells_wrong_usage_from_a_refusal(self, arguments: tuple[str, ...]) -> None:
        assert _run(*arguments).exit_code == 2
