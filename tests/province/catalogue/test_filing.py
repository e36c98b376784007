"""What a version is found by is written when it is submitted."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from province.catalogue.models import ItemVersion
from tests.factories.catalogue import make_item, submit

pytestmark = pytest.mark.django_db


class TestVersion:
    def test_is_never_filed_anew(self) -> None:
        version = submit(make_item(name="食品经营许可（小餐饮）"))
        assert version.sounds.endswith(" | spjyxkxcy")
        assert "audience:person" in version.facets
        for change in ({"sounds": ""}, {"facets": []}, {"search_words": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ItemVersion.objects.filter(pk=version.pk).update(**change)

    def test_is_filed_by_the_migration_where_it_was_submitted_before(self) -> None:
        asked = [{"question": "厨房要几平方米？", "answer": "不少于 8 平方米。"}]
        version = submit(make_item(questions=asked))
        filed = (version.sounds, version.facets, set(version.search_words.split()))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE catalogue_itemversion DISABLE TRIGGER item_version_never_changes")
            words = version.search_words.replace("厨房", "")
            ItemVersion.objects.update(sounds="", facets=[], search_words=words)
            import_module("province.catalogue.migrations.0004_finding").fill(apps, None)
            cursor.execute("ALTER TABLE catalogue_itemversion ENABLE TRIGGER item_version_never_changes")
        version.refresh_from_db()
        assert (version.sounds, version.facets, set(version.search_words.split())) == filed
