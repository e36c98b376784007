import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner, Result

from config.cli import app
from foundation.events.operations import drain_events
from province.content.models import ChannelDelivery, MediaAccount
from province.content.queries.audiences import Audience, Scope
from province.content.states import DeliveryState
from province.halls.models import Hall
from tests.factories.accounts import NORTH_CODE, account_row, make_account, workbook
from tests.factories.people import program_of
from tests.factories.pushes import make_push

ROOT = "/api/province/v1/content/accounts"
FACTS = {"code": NORTH_CODE, "platform": "wechat", "name": "当阳发布", "external_id": "gh_1", "owner": "当阳市人民政府"}


def send(client: Client, path: str = "", body: Any = None, *, method: str = "post") -> Any:
    return getattr(client, method)(f"{ROOT}/{path}", body or {}, content_type="application/json")


def dead_letter(hall: Hall) -> ChannelDelivery:
    make_account(hall, connector="http", endpoint="https://a.cn/")
    make_push(audience=Audience((Scope("420582"),)))
    drain_events()
    ChannelDelivery.objects.update(state=DeliveryState.DEAD, attempts=12, last_error="对方答复 503。")
    return ChannelDelivery.objects.get()


@pytest.fixture
def zhao(db: None) -> Client:
    return program_of("zhao")


class TestAccountsInterface:
    def test_files_changes_confirms_and_closes(self, zhao: Client) -> None:
        filed = send(zhao, "", FACTS)
        assert filed.status_code == 201
        account = filed.json()["id"]
        assert send(zhao, account, {"contact_name": "王芳"}, method="patch").json()["state"] == "changed"
        assert send(zhao, f"{account}/confirm").json()["state"] == "filed"
        assert send(zhao, f"{account}/close", {"reason": "停更"}).json()["state"] == "closed"
        assert send(zhao, f"{account}/close", {"reason": "停更"}).status_code == 409
        assert zhao.get(f"{ROOT}/{account}").json()["contact_name"] == "王*"

    def test_takes_a_table_in_and_reports_bad_rows(self, zhao: Client) -> None:
        content = workbook([account_row(1), account_row(2, platform="电报")]).read()
        report = zhao.post(f"{ROOT}/import", content, content_type="application/octet-stream").json()
        assert (report["created"], [fault["where"] for fault in report["faults"]]) == (1, ["第 3 行"])

    def test_lists_and_filters(self, zhao: Client, north: Hall, south: Hall) -> None:
        make_account(north)
        make_account(south, name="枝江发布")
        assert len(zhao.get(f"{ROOT}/").json()["items"]) == 2
        assert [one["name"] for one in zhao.get(f"{ROOT}/", {"under": "420583"}).json()["items"]] == ["枝江发布"]
        assert [one["name"] for one in program_of("sun").get(f"{ROOT}/").json()["items"]] == ["当阳发布"]

    def test_shows_the_key_to_whoever_runs_the_account(self, zhao: Client, north: Hall) -> None:
        account = make_account(north)
        assert len(zhao.get(f"{ROOT}/{account.pk}/signing-key").json()["key"]) == 64
        assert program_of("zhou").get(f"{ROOT}/{account.pk}/signing-key").status_code == 404

    def test_retries_a_dead_letter(self, zhao: Client, north: Hall) -> None:
        dead = dead_letter(north)
        listed = zhao.get(f"{ROOT}/deliveries", {"state": "dead"}).json()["items"]
        assert [(one["id"], one["last_error"], one["account_name"]) for one in listed] == [
            (str(dead.pk), "对方答复 503。", "当阳发布")
        ]
        assert send(program_of("zhou"), f"deliveries/{dead.pk}/retry").status_code == 404
        assert send(zhao, f"deliveries/{dead.pk}/retry").json()["state"] == "waiting"

    def test_retries_many_and_says_what_came_of_each(self, zhao: Client, north: Hall) -> None:
        dead, nobody = dead_letter(north), str(north.pk)
        body = {"ids": [nobody, str(dead.pk)], "act": "retry"}
        [hidden] = send(program_of("zhou"), "deliveries/acts", body | {"ids": [str(dead.pk)]}).json()
        assert (hidden["is_done"], hidden["reason"]) == (False, "没有这次投递。")
        told = {one["id"]: one for one in send(zhao, "deliveries/acts", body).json()}
        assert (told[str(dead.pk)]["is_done"], told[str(dead.pk)]["name"]) == (True, "当阳发布")
        assert (told[nobody]["is_done"], told[nobody]["reason"]) == (False, "没有这次投递。")
        [again] = send(zhao, "deliveries/acts", {"ids": [str(dead.pk)], "act": "retry"}).json()
        assert not again["is_done"]
        assert again["reason"]


def yizhan(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["accounts", *(str(one) for one in arguments)])


@pytest.mark.django_db
class TestAccountsCommand:
    def test_takes_a_table_in(self, tmp_path: Path) -> None:
        path = tmp_path / "accounts.xlsx"
        path.write_bytes(workbook([account_row(1), account_row(2)]).read())
        result = yizhan("import", path, "--json")
        assert (result.exit_code, json.loads(result.stdout)["created"]) == (0, 2)
        listed = json.loads(yizhan("list", "--under", "420582", "--json").stdout)
        assert [one["external_id"] for one in listed] == ["gh_000001", "gh_000002"]

    def test_reports_bad_rows_and_takes_the_others(self, tmp_path: Path) -> None:
        path = tmp_path / "accounts.xlsx"
        path.write_bytes(workbook([account_row(1), account_row(2, name="")]).read())
        result = yizhan("import", path)
        assert result.exit_code == 1
        assert "第 3 行" in result.stderr
        assert MediaAccount.objects.count() == 1

    def test_refuses_another_file(self, tmp_path: Path) -> None:
        path = tmp_path / "accounts.xlsx"
        path.write_text("平台,名称", encoding="utf-8")
        result = yizhan("import", path)
        assert (result.exit_code, "不是 Excel" in result.stderr) == (1, True)

    def test_retries_a_dead_letter(self, north: Hall) -> None:
        dead = dead_letter(north)
        (listed,) = json.loads(yizhan("deliveries", "--state", "dead", "--json").stdout)
        assert (listed["id"], listed["error"]) == (str(dead.pk), "对方答复 503。")
        assert yizhan("retry", dead.pk).exit_code == 0
        assert yizhan("retry", dead.pk).exit_code == 1
