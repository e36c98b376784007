"""编码承接: an item takes another 基本编码 with a version, and whoever knows the old one still finds it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import Conflict, Invalid
from foundation.events.models import Event
from foundation.written import read_rows
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Item, ItemCode
from province.catalogue.operations import load_base_list, publish_version, submit_version, withdraw_version
from province.catalogue.operations.publication import begin_version
from province.catalogue.queries.changes import changes_after
from province.catalogue.queries.codes import (
    code_at,
    code_lines,
    former_codes_sql,
    item_with_code,
    with_former_codes,
)
from province.catalogue.queries.imports import import_preview
from province.catalogue.queries.items import item_called, item_table
from province.catalogue.queries.search.found import search_items
from province.catalogue.queries.validity import items_valid_at
from province.halls.models import Hall
from standards.items import BY_NAME
from standards.items.exchange import ExchangeItem, Reading, ReadItem
from tests.conftest import person
from tests.factories.adoptions import adopt
from tests.factories.catalogue import change_draft, make_approved, make_item, make_published
from tests.factories.people import client_of
from tests.province.catalogue.test_api import client_of as api_client

pytestmark = pytest.mark.django_db

OLD, NEW, OTHER = "420131001000", "420131901000", "420131902000"


def make_renumbered(code: str = NEW) -> Item:
    item = make_published(make_item(1)).item
    make_published(item, basic_code=code)
    item.refresh_from_db()
    return item


def _former_codes(item: Item) -> list[str]:
    """As a guide's page has them, of the version in force."""
    codes = former_codes_sql("version.item_id", "version.values->>'basic_code'", "%s")
    sql = f"SELECT {codes} FROM catalogue_itemversion AS version WHERE version.id = %s"  # noqa: S608 - of the program
    [(found,)] = read_rows(sql, [timezone.now(), items_valid_at(timezone.now()).get(item=item).pk])
    listed = with_former_codes(Item.objects.filter(pk=item.pk)).get()
    assert found == listed.former_codes  # type: ignore[attr-defined]  # annotated
    return list(found)


class TestCode:
    def test_acts_when_its_version_begins_and_leads_on_from_the_old_one(self) -> None:
        item = make_published(make_item(1)).item
        begins = timezone.now() + timedelta(days=3)
        version = publish_version(by=person("zhao"), version=make_approved(item, basic_code=NEW), valid_from=begins)
        item.refresh_from_db()
        assert item.basic_code == OLD
        assert (code_at(item, begins - timedelta(seconds=1)), code_at(item, begins)) == (OLD, NEW)
        assert [(line.code, line.state.value) for line in code_lines(item)] == [(OLD, "current"), (NEW, "coming")]
        # nobody else gets it meanwhile
        with pytest.raises(Conflict, match="将要使用"):
            make_item(2, basic_code=NEW)
        withdraw_version(by=person("zhao"), version=version)
        publish_version(by=person("zhao"), version=version)
        for _ in range(2):
            begin_version(version_id=version.pk)
        item.refresh_from_db()
        assert (item.basic_code, _former_codes(item)) == (NEW, [OLD])
        assert item_with_code(OLD) == item_with_code(NEW) == item
        told = [(one.former_code, one.new_code) for one in changes_after(0) if one.kind == "succeeded"]
        assert told == [(OLD, NEW)]

    def test_is_found_wherever_somebody_types_the_old_one(self) -> None:
        item = make_renumbered()
        for code in (OLD, NEW):
            assert list(item_table(person("zhao"), words=code)) == [item]
            assert item_called(person("zhao"), code) == item
            found = search_items(code, version_ids=items_valid_at(timezone.now())).items
            assert [(one.item_id, one.basic_code) for one in found] == [(item.pk, NEW)]

    def test_is_never_given_to_another_item(self) -> None:
        item = make_renumbered()
        with pytest.raises(Conflict, match="现为 420131901000"):
            make_item(1)
        other = make_item(2)
        with pytest.raises(Conflict, match="用过"):
            change_draft(other, basic_code=OLD)
        # what only a draft wanted is free again
        change_draft(item, basic_code=OTHER)
        change_draft(item, basic_code=NEW)
        assert change_draft(other, basic_code=OTHER).basic_code == OTHER
        row = ItemCode.objects.get(code=OLD)
        row.code = "420131999000"
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_goes_back_to_one_that_it_has_borne(self) -> None:
        item = make_renumbered()
        make_published(item, basic_code=OLD)
        item.refresh_from_db()
        assert (item.basic_code, _former_codes(item)) == (OLD, [NEW])

    def test_leaves_halls_no_time_of_their_own(self) -> None:
        item = make_published(make_item(1)).item
        version = make_approved(item, basic_code=NEW)
        with pytest.raises(Invalid, match="同时换用"):
            publish_version(by=person("zhao"), version=version, required_from=timezone.now() + timedelta(days=9))

    def test_of_another_type_changes_the_item_with_its_version(self) -> None:
        item = make_published(make_item(1)).item
        with pytest.raises(Invalid, match="没有“99”"):
            change_draft(item, basic_code="429931901000")
        change_draft(item, basic_code="422031901000")
        assert (item.item_type, item.drafted_type, item.drafted_family) == ("01", "01", "power")
        item.refresh_from_db()
        assert (item.item_type, item.drafted_type, item.drafted_family) == ("01", "20", "service")
        assert not [name for name in item.values if "20" not in BY_NAME[name].applies]
        version = make_published(item)
        item.refresh_from_db()
        assert (item.item_type, item.family, version.item_type) == ("20", "service", "20")
        make_item(2, parent_code="")

    def test_keeps_the_parts_of_a_main_item_together(self) -> None:
        main = make_published(make_item(1)).item
        part = make_item(2, parent_code=OLD)
        with pytest.raises(Invalid, match="类型应相同"):
            change_draft(main, basic_code="422031901000")
        make_published(main, basic_code=NEW)
        # the part's draft still names the old code
        part = change_draft(part, promised_days=7)
        assert (part.parent_id, part.values["parent_code"]) == (main.pk, OLD)

    def test_is_not_begun_again_by_the_base_list(self) -> None:
        some = list(read_base_list())[:2]
        load_base_list(by=person("zhao"), items=some, publishes=True)
        item = Item.objects.exclude(versions=None).order_by("basic_code").first()
        assert item is not None
        before, old = Item.objects.count(), item.basic_code
        make_published(item, basic_code=old[:6] + "999000")
        again = load_base_list(by=person("zhao"), items=some, publishes=True)
        assert (Item.objects.count(), sum(one.added for one in again)) == (before, 0)

    def test_of_two_that_take_it_at_once_only_one_has_it(self) -> None:
        first, second = make_item(1), make_item(2)
        change_draft(first, basic_code=NEW)
        with pytest.raises(Conflict, match="食品经营许可"):
            change_draft(second, basic_code=NEW)
        second.refresh_from_db()
        assert second.basic_code == "420131002000"
        assert ItemCode.objects.filter(item=second).count() == 1

    def test_is_changed_on_a_page_that_says_first_what_it_touches(self, north: Hall) -> None:
        item = make_published(make_item(1)).item
        adopt(north, item.versions.get())
        zhao, page = client_of("zhao"), f"/console/items/{item.pk}/code/"
        preview = zhao.get(page, {"basic_code": "422031901000"}).content.decode()
        for words in ("由行政许可变为公共服务", "认领：1 个服务厅", "草稿里不适用的要素将去掉", "写入草稿"):
            assert words in preview
        make_item(2)
        assert "属于“食品经营许可”" in zhao.get(page, {"basic_code": "420131002000"}).content.decode()
        assert "12 位" in zhao.get(page, {"basic_code": "42"}).content.decode()
        item.refresh_from_db()
        saved = zhao.post(page, {"basic_code": NEW, "revision": item.revision}, follow=True).content.decode()
        assert "基本编码将变更为 420131901000" in saved
        assert zhao.post(page, {"basic_code": OTHER, "revision": 1}).status_code == 422
        make_published(item)
        assert "曾用编码：" in zhao.get(f"/console/items/{item.pk}/").content.decode()
        moved = zhao.get(f"/console/items/code/{OLD}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/console/items/{item.pk}/")
        assert zhao.get("/console/items/code/420131777000/").status_code == 404
        table = zhao.get("/console/items/", {"format": "csv"}).content.decode()
        assert OLD in table
        assert "地方目录" in table

    def test_answers_for_other_systems(self) -> None:
        item = make_renumbered()
        api = api_client("zhao")
        asked = api.get(f"/api/province/v1/catalogue/items/by-code/{'1' * 18}4{OLD}").json()
        assert (asked["asked"], asked["state"], asked["basic_code"]) == (OLD, "former", NEW)
        lines = api.get(f"/api/province/v1/catalogue/items/{item.pk}/codes").json()
        assert [(one["code"], one["state"], one["origin"]) for one in lines] == [
            (NEW, "current", "local"),
            (OLD, "former", "local"),
        ]
        preview = api.get(f"/api/province/v1/catalogue/items/{item.pk}/code-preview", {"basic_code": OTHER}).json()
        assert (preview["refusal"], preview["dropped"]) == ("", [])
        assert api.get("/api/province/v1/catalogue/items/by-code/420131777000").status_code == 404
        told = api.get("/api/province/v1/catalogue/changes").json()["changes"]
        assert [(one["former_code"], one["new_code"]) for one in told if one["kind"] == "succeeded"] == [(OLD, NEW)]

    def test_in_a_file_from_before_is_understood_and_told(self) -> None:
        item = make_renumbered()
        values = {"basic_code": OLD, "name": "食品经营许可", "conditions": "有固定场所"}
        read = ReadItem(ExchangeItem("01", values), "第 1 行", frozenset(values))
        (line,) = import_preview(person("zhao"), Reading((read,), ()))
        assert (line.item_id, line.kind, line.values["basic_code"]) == (item.pk, "changed", NEW)
        assert line.changes[-1] == f"文件里的基本编码 {OLD} 是曾用编码，现为 {NEW}，已按“食品经营许可”办理。"

    def test_of_a_withdrawn_first_version_is_no_succession(self) -> None:
        item = make_item(1)
        version = submit_version(by=person("zhao"), item=item)
        change_draft(item, basic_code=NEW)
        assert version.values["basic_code"] == OLD
        assert {row.code for row in item.item_codes.all()} == {OLD, NEW}
        assert not Event.objects.filter(kind="catalogue.item_succeeded").exists()
