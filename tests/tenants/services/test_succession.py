"""编码承接 at a hall: what it has adopted follows the item, and nobody there does anything."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from foundation.events.operations import drain_events
from province.catalogue.models import GuideChange, Item
from province.catalogue.operations import publish_version
from province.halls.models import Hall
from standards.items.exchange import ExchangeItem, GuideReading, ReadGuide, ReadItem
from tenants.services.models import Adoption
from tenants.services.operations.succession import follow_item
from tenants.services.queries.guide_imports import guide_preview
from tenants.services.queries.shown import shown_item
from tests.conftest import person
from tests.factories.adoptions import make_shown, save, show, submit
from tests.factories.catalogue import make_approved, make_item, make_published
from tests.factories.sites import inside, make_columns

pytestmark = pytest.mark.django_db

OLD, NEW = "420131001000", "420131901000"


class TestAdoption:
    def test_follows_its_item_to_the_new_code_and_keeps_the_old_one(self, north: Hall, south: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(1)), consult="027-1")
        item = Item.objects.get(pk=adoption.item_id)
        old = adoption.values["task_code"]
        assert old.endswith(OLD)
        make_published(item, basic_code=NEW)
        # citizens read the new code from the moment on in which the version begins
        with inside(north):
            assert shown_item(item.pk).values["task_code"] == old[:-12] + NEW
            assert shown_item(item.pk).is_guide
        for _ in range(2):
            drain_events()
        with inside(north):
            adoption.refresh_from_db()
            shown = adoption.published
            assert shown is not None
            assert (shown.values["task_code"], shown.values["consult"]) == (old[:-12] + NEW, "027-1")
            assert (adoption.values["task_code"], adoption.former_task_codes) == (old[:-12] + NEW, [old])
            assert (adoption.state, adoption.version_number, shown.number) == ("published", 2, 2)
            assert not follow_item(hall=north, item_id=item.pk)
        with inside(south):
            assert not Adoption.objects.exists()
        kinds = GuideChange.objects.filter(hall_id=north.pk).order_by("position")
        assert list(kinds.values_list("kind", "former_task_code")) == [("shown", ""), ("succeeded", old)]

    def test_is_found_on_the_site_by_the_codes_that_papers_name(self, north: Hall, south: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(1)))
        make_published(Item.objects.get(pk=adoption.item_id), basic_code=NEW)
        drain_events()
        make_columns(north)
        site = Client(headers={"host": "north.yizhan.localhost"})
        old = adoption.values["task_code"]
        for code in (OLD, NEW, old):
            moved = site.get(f"/services/code/{code}/")
            assert (moved.status_code, moved["Location"]) == (301, f"/services/{adoption.item_id}/")
        assert site.get("/services/code/420131777000/").status_code == 404
        page = site.get(f"/services/{adoption.item_id}/").content.decode()
        assert f"<dt>曾用编码</dt><dd>{OLD}、{old}</dd>" in page
        assert f"/services/{adoption.item_id}/" in site.get("/services/find/", {"q": OLD}).content.decode()
        with inside(north):
            read = ReadItem(ExchangeItem("", {"basic_code": OLD}, {"consult": "027-9"}), "", frozenset({"consult"}))
            (line,) = guide_preview(GuideReading((ReadGuide(read),), ()))
        assert (line.kind, line.values["task_code"][-12:]) == ("changed", NEW)
        assert "是曾用编码" in line.changes[-1]

    def test_stays_with_the_old_code_until_the_day(self, north: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(1)))
        item = Item.objects.get(pk=adoption.item_id)
        begins = timezone.now() + timedelta(days=3)
        publish_version(by=person("zhao"), version=make_approved(item, basic_code=NEW), valid_from=begins)
        drain_events()
        with inside(north):
            assert shown_item(item.pk).values["task_code"].endswith(OLD)
            assert shown_item(item.pk, begins).values["task_code"].endswith(NEW)
            adoption.refresh_from_db()
            assert (adoption.values["task_code"][-12:], adoption.former_task_codes) == (OLD, [])

    def test_that_waits_for_its_decision_waits_under_the_new_code(self, north: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(1)))
        item = Item.objects.get(pk=adoption.item_id)
        submit(north, save(north, adoption, part=adoption.values | {"consult": "027-2"}))
        make_published(item, basic_code=NEW, promised_days=9)
        drain_events()
        with inside(north):
            adoption.refresh_from_db()
            guides = adoption.hall_guides.order_by("number")
            assert [(one.number, one.is_passed, one.values["task_code"][-12:]) for one in guides] == [
                (1, True, OLD),
                (2, False, OLD),
                (3, True, NEW),
                (4, None, NEW),
            ]
            # it says something else besides: the hall looks at it
            assert adoption.version_number == 1

    def test_takes_what_a_form_from_before_says(self, north: Hall) -> None:
        adoption = make_shown(north, make_published(make_item(1)))
        item = Item.objects.get(pk=adoption.item_id)
        before = dict(adoption.values)
        make_published(item, basic_code=NEW)
        drain_events()
        save(north, adoption, part=before | {"consult": "027-3"})
        adoption = show(north, adoption)
        assert adoption.published is not None
        assert (adoption.published.values["task_code"][-12:], adoption.published.values["consult"]) == (NEW, "027-3")
