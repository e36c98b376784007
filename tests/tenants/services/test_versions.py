"""New versions of an item, as they reach a hall that has adopted it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation import schemas
from foundation.errors import Conflict, NotAllowed, NotFound
from foundation.events.models import DueTime
from foundation.events.operations import drain_events
from province.catalogue.models import HallItem, Item, ItemVersion
from province.catalogue.operations import publish_version, resume_item, withdraw_version
from province.content.queries.generations import page_generations
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.operations.versions import accept_version, accept_versions
from tenants.services.queries.desk import adoption_at_desk
from tenants.services.queries.hall_guides import version_to_fill
from tenants.services.queries.overviews import adoption_overview
from tenants.services.queries.shown import shown_item, shown_version_ids
from tenants.shell.slots import Desk
from tests.conftest import person
from tests.factories.adoptions import hall_guide_for, make_shown, save, show
from tests.factories.catalogue import REASON, abolish, make_approved, make_item, make_published, suspend
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _shown(file_rows: None) -> None:
    make_shown(Hall.objects.get(slug="north"))


@pytest.fixture
def adoption(north: Hall) -> Adoption:
    with inside(north):
        return Adoption.objects.get()


@pytest.fixture
def item(adoption: Adoption) -> Item:
    return Item.objects.get(pk=adoption.item_id)


def publish(item: Item, *, days: int = 30, valid_from: datetime | None = None, **changes: Any) -> ItemVersion:
    """The next version, which halls may put off for so many days."""
    version = make_approved(item, **(changes or {"promised_days": 5}))
    begins = valid_from or timezone.now() + timedelta(seconds=1)
    return publish_version(
        by=person("zhao"), version=version, valid_from=valid_from, required_from=begins + timedelta(days=days)
    )


def number_at(hall: Hall, item: Item, moment: datetime | None = None) -> int | None:
    """Of the version that citizens of the hall read."""
    with schemas.enter(hall.schema_name):
        try:
            return shown_item(item.pk, moment).version.number
        except NotFound:
            return None


def accept(hall: Hall, adoption: Adoption, number: int, *, by: str = "li") -> None:
    with schemas.enter(hall.schema_name):
        accept_version(by=person(by), hall=hall, adoption_id=adoption.pk, number=number)


class TestNewVersion:
    def test_waits_for_the_hall_until_its_last_day(self, north: Hall, adoption: Adoption, item: Item) -> None:
        second = publish(item)
        assert second.required_from is not None
        assert number_at(north, item) == 1
        assert number_at(north, item, second.required_from - timedelta(seconds=1)) == 1
        assert number_at(north, item, second.required_from) == 2
        accept(north, adoption, 2)
        assert number_at(north, item) == 2
        assert HallItem.objects.get().version_number == 2

    def test_holds_at_once_where_the_province_says_so(self, north: Hall, adoption: Adoption, item: Item) -> None:
        make_published(item, promised_days=5)
        assert number_at(north, item) == 2

    def test_is_accepted_ahead_and_shown_when_it_begins(self, north: Hall, adoption: Adoption, item: Item) -> None:
        begins = timezone.now() + timedelta(days=3)
        publish(item, valid_from=begins)
        accept(north, adoption, 2)
        assert number_at(north, item) == 1
        assert number_at(north, item, begins) == 2

    def test_that_is_withdrawn_leaves_what_was(self, north: Hall, adoption: Adoption, item: Item) -> None:
        second = publish(item, valid_from=timezone.now() + timedelta(days=3))
        accept(north, adoption, 2)
        withdraw_version(by=person("zhao"), version=second)
        assert number_at(north, item, timezone.now() + timedelta(days=90)) == 1

    def test_that_was_accepted_and_withdrawn_leaves_the_draft_to_the_one_before(
        self, north: Hall, adoption: Adoption, item: Item
    ) -> None:
        second = publish(item, valid_from=timezone.now() + timedelta(days=3))
        accept(north, adoption, 2)
        withdraw_version(by=person("zhao"), version=second)
        with inside(north):
            overview = adoption_overview(Desk(person("sun"), north), adoption_at_desk(adoption.pk))
            assert overview.draft_for.number == version_to_fill(overview.adoption).number == 1
        show(north, save(north, adoption))
        assert number_at(north, item) == 1

    def test_overrules_what_the_hall_promised(self, north: Hall, item: Item, adoption: Adoption) -> None:
        show(north, save(north, adoption, part=hall_guide_for(item, promised_days=9, promised_unit="1")))
        make_published(item, promised_days=5)
        with inside(north):
            shown = shown_item(item.pk)
        assert (shown.version.number, shown.hall_guide.item_version_number) == (2, 1)
        assert shown.values["promised_days"] == 5
        assert shown.values["body_name"] == "北安县市场监督管理局"

    def test_is_accepted_with_a_part_that_goes_with_it(self, north: Hall, adoption: Adoption, item: Item) -> None:
        show(north, save(north, adoption, part=hall_guide_for(item, promised_days=9, promised_unit="1")))
        publish(item)
        with pytest.raises(Conflict) as refusal:
            accept(north, adoption, 2)
        assert [fault.where for fault in refusal.value.faults] == ["promised_days"]
        save(north, adoption, number=2)
        assert number_at(north, item) == 1
        assert show(north, adoption).version_number == 2
        assert number_at(north, item) == 2
        with inside(north), pytest.raises(Conflict):
            save(north, adoption, number=1)

    def test_is_accepted_by_who_may_decide(self, north: Hall, adoption: Adoption, item: Item) -> None:
        publish(item)
        for who in ("zhou", "hua"):
            with pytest.raises(NotAllowed):
                accept(north, adoption, 2, by=who)
        with pytest.raises(NotFound):
            accept(north, adoption, 3)
        accept(north, adoption, 2)
        with pytest.raises(Conflict):
            accept(north, adoption, 2)

    def test_of_many_items_is_accepted_at_once(self, north: Hall, adoption: Adoption, item: Item) -> None:
        other = make_shown(north, make_published(make_item(1)), promised_days=9, promised_unit="1")
        publish(item)
        publish(Item.objects.get(pk=other.item_id))
        with inside(north):
            told = accept_versions(by=person("li"), hall=north, numbers={adoption.pk: 2, other.pk: 2})
        assert told.done == 1
        assert list(told.refused) == [other.item_id]
        assert number_at(north, item) == 2

    def test_of_the_last_day_makes_pages_stale(self, north: Hall, adoption: Adoption, item: Item) -> None:
        second = publish(item)
        drain_events()
        before = page_generations(north)
        ItemVersion.objects.filter(pk=second.pk).update(required_from=second.valid_from)
        DueTime.objects.filter(subject_id=second.pk).update(due_at=timezone.now())
        drain_events()
        assert page_generations(north) != before


class TestPause:
    def test_takes_the_item_from_every_hall_at_commit(self, north: Hall, south: Hall, item: Item) -> None:
        before = page_generations(north), page_generations(south)
        suspend(item, reason=REASON)
        assert number_at(north, item) is None
        assert page_generations(north) != before[0]
        assert page_generations(south) != before[1]
        resume_item(by=person("zhao"), item=item)
        assert number_at(north, item) == 1
        abolish(item, reason=REASON)
        with inside(north):
            assert shown_version_ids() == []
