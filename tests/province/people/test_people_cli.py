"""``yizhan people``: who is there, and positions given and taken from the shell."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from config.cli import app
from province.halls.models import Hall
from province.rights.roles import Role
from tests.factories.people import account, make_role

pytestmark = pytest.mark.django_db
NORTH = "420582000000"


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["people", *(str(one) for one in arguments)])


def _read(*arguments: object) -> Any:
    result = _run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


class TestPeople:
    def test_are_listed(self) -> None:
        found = _read("list", "--hall", NORTH, "--role", "hall_editor")
        assert [one["username"] for one in found] == ["li", "sun"]
        assert "孙北" in _run("list", "--search", "sun").output

    def test_are_shown_with_their_positions(self) -> None:
        assert [(one["role"], one["where"]) for one in _read("show", "sun")] == [("服务厅编辑", "当阳市")]
        assert "孙北（启用）" in _run("show", "sun").output

    def test_are_given_and_lose_a_position(self) -> None:
        _read("give", "wu", "handler", "--hall", NORTH)
        assert account("wu").positions.get().role == Role.HANDLER
        assert "立即生效" in _run("take", "wu", "handler", "--hall", NORTH).output
        refused = _run("take", "wu", "handler", "--hall", NORTH)
        assert refused.exit_code == 1
        assert "没有这个岗位" in refused.stderr

    def test_are_given_an_own_role(self, north: Hall) -> None:
        role = make_role(hall=north)
        _read("give", "wu", role.pk, "--hall", NORTH)
        assert account("wu").positions.get().own_role == role

    def test_say_why_they_may(self) -> None:
        (right,) = _read("why", "sun", "content.push")
        assert right["because"] == ["服务厅编辑 · 当阳市（本厅及下级服务厅）"]
        assert _read("why", "wu") == []

    def test_act_for_the_account_that_is_named(self) -> None:
        refused = _run("give", "wu", "editor", "--hall", NORTH, "--as", "sun")
        assert refused.exit_code == 1
        assert "没有“在本厅安排岗位、设置角色”的权限" in refused.stderr
        assert _run("give", "wu", "editor", "--hall", NORTH, "--as", "he").exit_code == 0

    def test_unknown_are_told_so(self) -> None:
        refused = _run("why", "nobody")
        assert refused.exit_code == 1
        assert "没有账号“nobody”" in refused.stderr
