import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from config.cli import app
from province.halls.models import Division, Hall, HallDomain, HallFigures, HallKind
from province.halls.states import HallState
from tests.factories.divisions import division_lines, file_of
from tests.factories.people import client_of
from tests.factories.registry import register_halls


def yizhan(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def told(*arguments: object) -> Any:
    result = yizhan(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def new_year(tmp_path: Path) -> Path:
    path = tmp_path / "2025.csv"
    path.write_bytes(file_of([*division_lines(), "610121100299,新村"], "gb18030"))
    return path


@pytest.fixture
def loaded(tmp_path: Path, db: None) -> None:
    path = tmp_path / "2024.csv"
    path.write_bytes(file_of(division_lines()))
    assert told("divisions", "load", path, "--effective", "2024-01-01")["added"] == len(division_lines()) - 1


@pytest.mark.usefixtures("loaded")
class TestDivisionsCommand:
    def test_goes_from_a_new_file_to_its_application(self, new_year: Path) -> None:
        plan_id = told("divisions", "load", new_year)["plan_id"]
        assert [one["id"] for one in told("divisions", "plans", "--state", "draft")] == [plan_id]
        assert told("divisions", "plan", plan_id)[0]["new_code"] == "610121100299"
        assert told("divisions", "decide", plan_id, "--as", "zhao")["decided"] == 1
        assert told("divisions", "apply", plan_id, "--as", "zhao")["state"] == "applied"
        assert told("divisions", "search", "新村")[0]["code"] == "610121100299"

    def test_discards(self, new_year: Path) -> None:
        plan_id = told("divisions", "load", new_year)["plan_id"]
        assert told("divisions", "discard", plan_id)["state"] == "discarded"

    def test_says_how_to_go_on(self, new_year: Path) -> None:
        assert "yizhan divisions decide" in yizhan("divisions", "load", new_year).stdout.replace("\n", " ")

    def test_refuses_a_wrong_file_line_by_line(self, tmp_path: Path) -> None:
        path = tmp_path / "wrong.csv"
        path.write_text("code,name\n12,短\n", encoding="utf-8")
        result = yizhan("divisions", "load", path)
        assert result.exit_code == 1
        assert "第 2 行" in result.stderr
        assert not Division.objects.filter(name="短").exists()

    def test_refuses_somebody_without_the_right(self, new_year: Path) -> None:
        assert yizhan("divisions", "load", new_year, "--as", "sun").exit_code == 1

    @pytest.mark.parametrize(
        "arguments", [["divisions", "load"], ["divisions", "load", "/no/such/file"], ["divisions", "apply", "x"]]
    )
    def test_knows_wrong_usage(self, arguments: list[str]) -> None:
        assert yizhan(*arguments).exit_code == 2


@pytest.mark.django_db
class TestHallsCommand:
    def test_lists_and_shows(self) -> None:
        assert [one["code"] for one in told("halls", "list", "--kind", "county")] == ["420582000000", "420583000000"]
        shown = told("halls", "show", "420582000000")
        assert shown["domains"] == ["north.yizhan.localhost"]
        assert {line["key"] for line in shown["checklist"]} >= {"domains", "branding"}
        assert "当阳市" in yizhan("halls", "show", "420582000000").stdout

    def test_say_the_same_in_the_list_by_itself_and_at_the_console(self, north: Hall, south: Hall) -> None:
        for hall, state in zip(
            register_halls((f"42058{one}", HallKind.COUNTY) for one in range(5, 10)), HallState, strict=True
        ):
            Hall.objects.filter(pk=hall.pk).update(state=state)
            HallFigures.objects.create(hall=hall)
            HallDomain.objects.create(tenant=hall, domain=f"a-{hall.slug}.example.cn", is_primary=False)
            if state != HallState.PLANNED:
                HallDomain.objects.create(tenant=hall, domain=f"{hall.slug}.example.cn", is_primary=True)
        console = client_of("zhao")
        table = console.get("/console/halls/?format=csv")
        exported = {row[0]: row for row in csv.reader(StringIO(table.getvalue().decode("utf-8-sig")))}
        listed = told("halls", "list")
        assert {one["state"] for one in listed} == set(HallState.values)
        assert any(one["light"] for one in listed)
        for one in listed:
            shown = told("halls", "show", one["code"])
            assert {key: shown[key] for key in one} == one
            assert one["domain"] in {None, *shown["domains"]}
            words = [one["name"], HallKind(one["kind"]).label, HallState(one["state"]).label, one["domain"] or ""]
            assert exported[one["code"]][1:5] == words
            page = console.get(f"/console/halls/{one['code']}/").content.decode()
            assert all(word in page for word in words)

    def test_walks_through_the_states(self) -> None:
        assert told("halls", "suspend", "420582000000", "--reason", "维护")["state"] == "suspended"
        assert told("halls", "resume", "420582000000")["state"] == "live"
        assert (
            told("halls", "retire", "420582000000", "--reason", "合并", "--successor", "420583000000")["state"]
            == "retired"
        )
        assert yizhan("halls", "resume", "420582000000").exit_code == 1

    def test_says_what_keeps_a_hall_from_going_live(self, north: Hall) -> None:
        Hall.objects.filter(pk=north.pk).update(state="planned")
        assert told("halls", "open", "420582000000")["state"] == "trial"
        result = yizhan("halls", "golive", "420582000000")
        assert result.exit_code == 1
        assert "网站标识完整" in result.stderr

    def test_refuses_an_unknown_code(self) -> None:
        result = yizhan("halls", "show", "429999000000")
        assert (result.exit_code, "没有服务厅" in result.stderr) == (1, True)
