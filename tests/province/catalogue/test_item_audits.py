"""体检 of the catalogue: the page, its file and the command say what is wrong, and nothing of what is out of sight."""

import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from config.cli import app
from foundation.errors import Invalid
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Item, ItemVersion
from province.catalogue.operations import publish_version
from province.catalogue.queries.checks import own_scheme
from province.catalogue.queries.item_audits import AuditLine, base_list_audit, item_audit_of
from province.halls.models import Hall
from standards.items.codes import looks_national, origin_of
from standards.items.exchange import (
    ExchangeItem,
    GuideReading,
    ReadGuide,
    ReadItem,
    read_json,
    read_national_xml,
    read_workbook,
    write_forms,
    write_json,
    write_national_xml,
)
from tenants.services.queries.guide_imports import guide_preview
from tenants.services.queries.shown import shown_item
from tests.conftest import person
from tests.factories.adoptions import make_shown, save
from tests.factories.catalogue import change_draft, make_approved, make_item, make_published
from tests.factories.items import whole_item
from tests.factories.people import client_of
from tests.factories.sites import inside
from tests.factories.successions import merge
from tests.province.catalogue.test_api import ask
from tests.province.catalogue.test_api import client_of as api_client

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


@pytest.mark.django_db
class TestFourAlike:
    """四级四同: each difference is named, with the page on which it is mended."""

    def test_names_levels_that_have_a_code_a_basis_or_a_type_of_their_own(self, zhao: Client) -> None:
        county = make_published(make_item(1)).item
        assert not _unlike()
        laws = [{"law": "中华人民共和国食品安全法", "article": "第三十六条"}]
        city = make_published(make_item(2, levels=["3"], level=None, laws=laws)).item
        found = {(line.item_id, line.kind): line.mend for line in _unlike()}
        for own, other in ((county, city), (city, county)):
            assert found[str(own.pk), "unlike-code"] == (
                f"/console/items/{own.pk}/succession/?kind=merger&codes={other.basic_code}"
            )
            assert found[str(own.pk), "unlike-basis"] == f"/console/items/{own.pk}/edit/"
        page = zhao.get(PAGE, {"kind": "unlike-code"}).content.decode()
        assert "四级四同：各级用一个编码，请合并。" in page
        assert f'href="/console/items/{county.pk}/succession/?kind=merger&amp;codes={city.basic_code}"' in page
        assert "会怎样" in zhao.get(found[str(county.pk), "unlike-code"]).content.decode()
        merge(county, city)
        assert not _unlike()

    def test_names_halls_that_still_show_another_name_or_basis(self, north: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(1)))
        item = Item.objects.get(pk=adoption.item_id)
        later = timezone.now() + timedelta(days=30)
        laws = [{"law": "中华人民共和国食品安全法", "article": "第三十六条"}]
        publish_version(by=person("zhao"), version=make_approved(item, promised_days=9), required_from=later)
        assert not _unlike()
        version = make_approved(item, name="食品经营许可（新）", laws=laws)
        publish_version(by=person("zhao"), version=version, required_from=later)
        found = _unlike()
        assert [line.kind for line in found] == ["unlike-name", "unlike-basis"]
        assert {line.mend for line in found} == {f"/console/items/{item.pk}/?tab=uses"}
        assert found[0].message.startswith("还有 1 个服务厅按旧版")
        ItemVersion.objects.filter(pk=version.pk).update(required_from=timezone.now())
        assert not _unlike()

    def test_are_no_hall_s_to_change(self, north: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(1)))
        own = {"name": "本厅叫法", "basic_code": "420131777000", "item_type": "20", "laws": [{"law": "本地规定"}]}
        for name, value in own.items():
            with pytest.raises(Invalid):
                save(north, adoption, part={**adoption.values, name: value})
        read = ReadItem(ExchangeItem("20", own | {"basic_code": "420131001000"}, {}), "", frozenset(own))
        with inside(north):
            (line,) = guide_preview(GuideReading((ReadGuide(read),), ()))
            shown = shown_item(adoption.item_id).values
        assert line.kind != "changed"
        assert (shown["name"], shown["basic_code"]) == ("食品经营许可", "420131001000")


@pytest.mark.django_db
class TestLocalCode:
    """A code of one's own is kept out of the national range at every edge."""

    def test_that_reads_as_a_national_one_is_refused_everywhere(self, zhao: Client) -> None:
        national = "000131001000"
        item = make_item(1)
        with pytest.raises(Invalid, match="会被当成国家编码"):
            change_draft(item, local_code=national)
        body = {"revision": item.revision, "values": {"local_code": national}}
        answer = ask(api_client("zhao"), "patch", f"/items/{item.pk}", body, 422)
        assert "会被当成国家编码" in json.dumps(answer, ensure_ascii=False)
        read = ExchangeItem("01", whole_item() | {"local_code": national}, {})
        book = io.BytesIO()
        write_forms([read], book)
        for sent, reader in (
            (b"".join(write_json([read])), read_json),
            (book.getvalue(), read_workbook),
            (b"".join(write_national_xml([read])), read_national_xml),
        ):
            faults = reader(sent, scheme=own_scheme()).faults
            assert ["会被当成国家编码" in one.message for one in faults] == [True], reader
        listed = [one for one in read_base_list() if looks_national(str(one.values.get("local_code", "")))]
        assert not listed
        assert not [one for one in read_base_list() if origin_of(str(one.values["basic_code"])) == "national"]


def _unlike() -> list[AuditLine]:
    return [line for line in item_audit_of(person("zhao")) if line.kind.startswith("unlike")]
