"""体检 of the catalogue: the page, its file and the command say what is wrong, and nothing of what is out of sight."""

import io
import json

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from config.cli import app
from province.catalogue.queries.item_audits import base_list_audit, item_audit_of
from tests.conftest import person
from tests.factories.catalogue import make_item, make_published
from tests.factories.people import client_of

PAGE = "/console/items/audit/"
_REPEALED = {"laws": [{"law": "退役士兵安置条例", "article": "第十八条"}]}


@pytest.fixture
def zhao() -> Client:
    return client_of("zhao")


class TestBaseList:
    def test_has_no_fault(self) -> None:
        faults = [f"{one.department}“{one.name}”：{one.message}" for one in base_list_audit() if not one.is_hint]
        assert faults == []


@pytest.mark.django_db
class TestAuditOfTheCatalogue:
    def test_is_seen_on_the_page_in_the_file_and_by_the_command(self, zhao: Client) -> None:
        assert "没有发现问题" in zhao.get(PAGE).content.decode()
        item = make_published(make_item(name="一次性经济补助", **_REPEALED)).item
        page = zhao.get(PAGE).content.decode()
        assert "1 个问题" in page
        assert f'<a href="/console/items/{item.pk}/">' in page
        assert "《退役士兵安置条例》已于 2024-09-01 废止，现行的是《退役军人安置条例》。" in page
        assert "没有这一类问题" in zhao.get(PAGE, {"kind": "level"}).content.decode()
        sheet = zhao.get(PAGE, {"format": "xlsx"}).content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
        assert [row[1:5] for row in rows[1:]] == [
            ["一次性经济补助", item.department.name, "依据已经废止", "问题"],
        ]
        result = CliRunner().invoke(app, ["catalogue", "audit", "--json"])
        assert (result.exit_code, json.loads(result.stdout)[0]["kind"]) == (1, "repealed")

    def test_leaves_out_drafts_that_somebody_else_writes(self) -> None:
        make_item(name="草稿里的补助", **_REPEALED)
        assert [line.name for line in item_audit_of(person("zhao"))] == ["草稿里的补助"]
        assert item_audit_of(person("sun")) == []
