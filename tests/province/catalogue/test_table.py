"""The catalogue as lists show it, found by words, and in whose sight."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import NotAllowed, NotFound
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import Material
from province.catalogue.operations import load_base_list
from province.catalogue.operations.materials import change_material
from province.catalogue.queries import (
    item_at_desk,
    item_table,
    items_valid_at,
    materials_of,
    version_at,
    version_at_desk,
)
from province.catalogue.queries.items import compared
from province.catalogue.queries.materials import items_with
from province.content.queries.generations import page_generations
from province.halls.models import Hall
from tests.conftest import person
from tests.factories.catalogue import change_draft, make_base_list, make_item, make_published, submit

pytestmark = pytest.mark.django_db


def names(who: str = "zhao", **asked: str) -> list[str]:
    return [item.name for item in item_table(person(who), **asked)]


class TestTable:
    @pytest.mark.parametrize("words", ["食品", "shipinjingying", "spjy", "420131", "食品 许可", "申请书"])
    def test_finds_by_words_with_and_without_letters(self, words: str) -> None:
        make_published()
        make_published(make_item(1, name="公共场所卫生"))
        assert "食品经营许可" in names(words=words)
        assert names(words="ggcs") == ["公共场所卫生"]
        assert names(words="没有这样的事项") == []

    def test_filters(self) -> None:
        make_published()
        submit(make_item(1, name="公共场所卫生"))
        make_item(2, name="草稿")
        assert names(step="draft") == ["草稿"]
        assert names(step="submitted") == ["公共场所卫生"]
        assert names(step="published", state="active", family="power", item_type="01") == ["食品经营许可"]
        assert len(names(department="市场监督管理局")) == 3
        assert names(department="水务局") == names(state="abolished") == names(family="nonsense") == []

    def test_shows_halls_what_is_published_and_no_more(self) -> None:
        make_published()
        draft = make_item(1, name="草稿")
        assert names("sun") == ["食品经营许可"]
        with pytest.raises(NotFound):
            item_at_desk(person("sun"), draft.pk)
        with pytest.raises(NotAllowed):
            item_table(person("wu"))

    def test_shows_halls_no_version_before_its_publication(self) -> None:
        item = make_published().item
        version = submit(change_draft(item, promised_days=5))
        with pytest.raises(NotFound):
            version_at_desk(person("sun"), version.pk)
        for before, after in ((1, 2), (1, 0)):
            with pytest.raises(NotFound):
                compared(person("sun"), item, before, after)
        assert compared(person("zhao"), item, 1, 2)[1]["promised_days"] == 5

    def test_costs_one_query_however_many_items_there_are(self) -> None:
        load_base_list(by=person("zhao"), items=[one for one in read_base_list() if one.is_complete], publishes=True)
        by = person("zhao")
        with CaptureQueriesContext(connection) as queries:
            found = list(item_table(by, words="登记"))
        assert len(found) > 5
        assert len(queries) == 1
        assert {item.is_sample for item in found} == {True}  # type: ignore[attr-defined]  # annotated


class TestMaterial:
    def test_brings_along_what_an_items_own_row_does_not_say(self, north: Hall) -> None:
        version = make_published()
        material = Material.objects.get()
        values = material.values | {"fill_note": "请用黑色笔填写。", "checked": "另一种说法"}
        before = page_generations(north)
        change_material(by=person("zhao"), material=material, values=values)
        assert page_generations(north) != before
        (row,) = materials_of(version)
        assert row["fill_note"] == "请用黑色笔填写。"
        assert row["checked"] == "填写完整，有申请人签字。"
        assert [one.pk for one in items_with(material)] == [version.pk]


class TestMoment:
    def test_costs_one_query_for_the_whole_catalogue(self) -> None:
        make_base_list()
        now = timezone.now()
        with CaptureQueriesContext(connection) as queries:
            valid = list(items_valid_at(now))
            one = version_at(valid[0].item, now)
        assert len(valid) == len(read_base_list())
        assert one == valid[0]
        assert len(queries) == 2
