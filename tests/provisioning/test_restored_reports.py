"""After a hall was brought back out of an older archive, whatever is public about it agrees with its rows again, and
what the province decided of it since stands."""

from pathlib import Path

import pytest
from django.db import connection

from foundation import schemas
from foundation.events.operations import drain_events
from province.content.models import HallPushDecision, LibraryOffer, LibraryUse
from province.content.queries.pushes import listed_by_column
from province.halls.models import DivisionCode, Hall, HallFigures
from province.halls.queries.prefixes import prefixes_of
from province.halls.states import HallState
from province.people.models import OpenWork
from province.rights.queries import system_actor
from provisioning.backup import backup_hall
from provisioning.restore import restore_hall
from standards.numbers.divisions import DivisionLevel
from tenants.portal.models import Article
from tenants.portal.operations.articles import create_article
from tenants.portal.operations.columns import add_column
from tenants.portal.operations.decisions import move_push
from tests.conftest import person
from tests.factories.halls import FOUNDED, make_division
from tests.factories.pushes import make_push

pytestmark = pytest.mark.usefixtures("fresh_database", "store")


def open_articles(hall: Hall) -> dict[str, str]:
    """Whose work is open at which articles, by the province's rows."""
    rows = OpenWork.objects.filter(hall_id=hall.pk, kind="article")
    return {str(one.object_id): str(one.owner_id) for one in rows}


def articles_being_written(hall: Hall) -> dict[str, str]:
    """The same, by the hall's own."""
    with schemas.enter(hall.schema_name):
        return {str(one.pk): str(one.owner_id) for one in Article.objects.exclude(draft_state="done")}


class TestRestoreHall:
    def test_makes_what_is_public_agree_with_the_halls_rows(self, north: Hall, south: Hall, tmp_path: Path) -> None:
        path, push = tmp_path / "older.zip", make_push(column="news")
        with schemas.enter(north.schema_name):
            add_column(by=person("he"), hall=north, code="news", name="要闻")
            early = create_article(by=person("sun"), hall=north, title="较早", column="news")
        backup_hall(by=person("zhao"), hall=north, path=path)
        offer = LibraryOffer.objects.create(hall_id=south.pk, article_id=south.pk, title="可选用", offered_by_name="周")
        with schemas.enter(north.schema_name):
            Article.objects.filter(pk=early.pk).update(draft_state="done")
            OpenWork.objects.filter(object_id=early.pk).delete()
            late = create_article(by=person("li"), hall=north, title="较晚", column="news")
            LibraryUse.objects.create(offer=offer, hall_id=north.pk, article_id=late.pk, used_by_name="李")
            add_column(by=person("he"), hall=north, code="newer", name="后加的栏目")
            move_push(by=person("he"), hall=north, push_id=push.pk, column="newer")
        HallFigures.objects.filter(hall=north).update(own_articles=7)

        restore_hall(by=person("zhao"), path=path)
        for _ in range(2):
            drain_events()
            assert open_articles(north) == articles_being_written(north) == {str(early.pk): str(early.owner_id)}
            # no reader would find it in a column that is gone
            assert HallPushDecision.objects.get(push_id=push.pk).column == "news"
            assert [one.id for one in listed_by_column(north, ["news"], limit=5)["news"]] == [push.pk]
            assert not LibraryUse.objects.filter(hall_id=north.pk).exists()
            assert HallFigures.objects.get(hall=north).own_articles == 0

    def test_keeps_what_the_province_decided_of_it_since(self, north: Hall, south: Hall, tmp_path: Path) -> None:
        path, own = tmp_path / "older.zip", north.division
        wrong = DivisionCode.objects.create(division=own, code="420599000000", name="记错", valid_from=FOUNDED)
        backup_hall(by=person("zhao"), hall=north, path=path)
        # that code was taken back, the place was merged into another, which took its hall over, and that was closed
        wrong.delete()
        heir = make_division("420591000000", "合并后的区", DivisionLevel.COUNTY, own.parent)
        Hall.objects.filter(pk=north.pk).update(
            division=heir, prefixes=prefixes_of(heir), state=HallState.RETIRED, successor=south
        )
        restored = restore_hall(by=system_actor(), path=path)
        assert (restored.division_id, restored.state, restored.successor_id) == (heir.pk, "retired", south.pk)
        assert restored.prefixes == prefixes_of(heir)
        assert not DivisionCode.objects.filter(code="420599000000").exists()
        connection.close()
