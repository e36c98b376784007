"""事项合并、拆分 at a hall: what it has adopted goes over to the successors, and nobody adopts anything again."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from foundation.errors import Conflict
from foundation.events.operations import drain_events
from province.catalogue.models import GuideChange, HallItem, Item
from province.halls.models import Hall
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.adoptions import resume_adoption
from tenants.services.operations.successors import follow_missed_successions, follow_succession
from tenants.services.queries.shown import shown_item
from tests.conftest import person
from tests.factories.adoptions import adopt, make_shown, save, show, submit
from tests.factories.catalogue import make_item, make_published
from tests.factories.people import client_of
from tests.factories.sites import inside, make_columns
from tests.factories.successions import merge, split

pytestmark = pytest.mark.django_db

A, B, C = "420131001000", "420131002000", "420131003000"


def published(number: int, **values: object) -> Item:
    return make_published(make_item(number, **values)).item


def shown_at(hall: Hall, item: Item, **values: object) -> Adoption:
    return make_shown(hall, item.versions.get(), **values)


class TestMerger:
    def test_takes_the_hall_s_adoption_along_with_all_that_it_says(self, north: Hall, south: Hall) -> None:
        a, c = published(1, name="食品流通许可"), published(3)
        adoption = shown_at(north, a, consult="027-1")
        old = adoption.values["task_code"]
        made = merge(c, a)
        # citizens read the guide of before until the hall has followed
        with inside(north):
            assert shown_item(a.pk).is_guide
        for _ in range(2):
            drain_events()
        with inside(north):
            adoption.refresh_from_db()
            assert (adoption.item_id, adoption.state, adoption.guide_state) == (c.pk, "published", "done")
            assert adoption.former_task_codes == [old]
            assert adoption.to_settle == []
            shown = shown_item(c.pk)
            assert shown.is_guide
            assert (shown.values["task_code"], shown.values["consult"]) == (old[:-12] + C, "027-1")
            assert adoption.hall_guides.count() == 2
            assert not follow_succession(hall=north, succession_id=made.pk)
            assert Adoption.objects.count() == 1
        with inside(south):
            assert not Adoption.objects.exists()
        assert list(HallItem.objects.filter(hall_id=north.pk).values_list("item_id", "state")) == [(c.pk, "published")]
        told = GuideChange.objects.filter(hall_id=north.pk).order_by("position")
        assert list(told.values_list("kind", "item__basic_code", "former_task_code")) == [
            ("shown", A, ""),
            ("removed", A, ""),
            ("succeeded", C, old),
        ]
        make_columns(north)
        site = Client(headers={"host": "north.yizhan.localhost"})
        for address in (f"/services/code/{A}/", f"/services/code/{old}/", f"/services/{a.pk}/"):
            moved = site.get(address)
            assert (moved.status_code, moved["Location"]) == (301, f"/services/{c.pk}/")
        page = site.get(f"/services/{c.pk}/").content.decode()
        assert f"<dt>曾用编码</dt><dd>{A}、{old}</dd>" in page

    def test_asks_the_editor_where_two_said_something_else(self, north: Hall) -> None:
        a, b, c = published(1), published(2, name="食品流通许可"), published(3)
        first, second = shown_at(north, a, consult="027-1"), shown_at(north, b, consult="027-2")
        merge(c, a, b)
        drain_events()
        with inside(north):
            first.refresh_from_db()
            second.refresh_from_db()
            assert (first.item_id, first.guide_state) == (c.pk, "filling")
            assert first.to_settle == ["「咨询方式」与“食品流通许可”里填的不一样，请核对用哪一个。"]
            assert (second.item_id, second.state, second.stop_reason) == (b.pk, "stopped", "已由“食品经营许可”承接")
            assert shown_item(c.pk).values["consult"] == "027-1"
            with pytest.raises(Conflict, match="不能恢复办理"):
                resume_adoption(by=person("li"), hall=north, adoption_id=second.pk)
        show(north, save(north, first))
        with inside(north):
            first.refresh_from_db()
            assert first.to_settle == []

    def test_into_what_the_hall_has_already_keeps_what_it_says_there(self, north: Hall) -> None:
        a, b, c, d = (published(number) for number in range(1, 5))
        source, own = shown_at(north, a, consult="027-1"), shown_at(north, c, consult="027-3")
        unseen_source, unseen = shown_at(north, b, consult="027-2"), adopt(north, d.versions.get())
        merge(c, a)
        merge(d, b)
        drain_events()
        with inside(north):
            assert shown_item(c.pk).values["consult"] == "027-3"
            # of the other one citizens read only the guide of what ended
            assert shown_item(d.pk).values["consult"] == "027-2"
            states = {one.pk: (one.item_id, one.state) for one in Adoption.objects.all()}
        assert states == {
            source.pk: (a.pk, "stopped"),
            own.pk: (c.pk, "published"),
            unseen_source.pk: (b.pk, "stopped"),
            unseen.pk: (d.pk, "published"),
        }

    def test_hands_a_guide_back_that_waits_for_its_decision(self, north: Hall) -> None:
        a, c = published(1), published(3)
        adoption = submit(north, save(north, shown_at(north, a)))
        merge(c, a)
        drain_events()
        with inside(north):
            adoption.refresh_from_db()
            assert (adoption.item_id, adoption.guide_state, adoption.state) == (c.pk, "returned", "published")
            last = adoption.hall_guides.get(number=2)
            assert (last.is_passed, last.reason) == (False, "事项已合并或拆分，请核对后重新提交")

    def test_that_asks_for_more_shows_no_guide_that_lacks_it(self, north: Hall) -> None:
        # a guide that was passed when less was asked for
        a, c = published(1), published(3)
        adoption = shown_at(north, a)
        with inside(north):
            guides = HallGuideVersion.objects.filter(adoption=adoption)
            guides.update(values={name: value for name, value in adoption.values.items() if name != "consult"})
        merge(c, a)
        drain_events()
        with inside(north):
            adoption.refresh_from_db()
            assert (adoption.state, adoption.guide_state) == ("published", "filling")
            assert ["咨询方式" in one for one in adoption.to_settle] == [True]
            assert not shown_item(c.pk).is_guide
        page = client_of("sun", "north.yizhan.localhost").get(f"/desk/items/{adoption.pk}/").content.decode()
        assert "有 1 处请本厅核对" in page


class TestSplit:
    def test_gives_the_hall_every_successor_of_its_level(self, north: Hall) -> None:
        a, b, c = published(1), published(2), published(3)
        city = published(4, levels=["3"])
        adoption = shown_at(north, a, consult="027-1")
        made = split(a, b, c, city)
        drain_events()
        with inside(north):
            first, second = Adoption.objects.order_by("created_at", "pk")
            assert (first.pk, first.item_id, second.item_id) == (adoption.pk, b.pk, c.pk)
            for one, code in ((first, B), (second, C)):
                shown = shown_item(one.item_id)
                assert (shown.is_guide, shown.values["consult"]) == (True, "027-1")
                assert shown.values["task_code"].endswith(code)
                assert one.guide_state == "filling"
                assert one.to_settle[0].startswith("由“食品经营许可”拆分而来")
            assert not follow_succession(hall=north, succession_id=made.pk)
        make_columns(north)
        site = Client(headers={"host": "north.yizhan.localhost"})
        moved = site.get(f"/services/code/{A}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/services/{a.pk}/")
        page = site.get(f"/services/{a.pk}/")
        assert page.status_code == 200
        for one in (b, c, city):
            assert f'href="/services/{one.pk}/"' in page.content.decode()

    def test_of_what_goes_on_adds_its_parts_once(self, north: Hall, south: Hall) -> None:
        a, b = published(1), published(2)
        adoption = shown_at(north, a)
        made = split(a, b, goes_on=True)
        later = adopt(south, a.versions.get(), by="zhou")
        drain_events()
        with inside(north):
            adoption.refresh_from_db()
            assert (adoption.item_id, adoption.guide_state) == (a.pk, "filling")
            assert adoption.to_settle == ["从这个事项拆分出了“食品经营许可”，请删去不再属于它的内容。"]
            part = Adoption.objects.get(item_id=b.pk)
            part.published = None
            part.save()
            part.hall_guides.all().delete()
            part.delete()
            # what the hall has dropped since does not come back
            assert not follow_succession(hall=north, succession_id=made.pk)
            assert follow_missed_successions(hall=north) == 0
        with inside(south):
            assert follow_missed_successions(hall=south) == 0
            assert list(Adoption.objects.values_list("pk", flat=True)) == [later.pk]


class TestHall:
    def test_follows_whatever_order_the_events_come_in_and_wherever_it_is_killed(self, north: Hall) -> None:
        a, b, c = published(1), published(2), published(3)
        adoption = shown_at(north, a)
        first, second = merge(b, a), merge(c, b)

        class Killed(Exception):
            pass

        def follow_and_die() -> None:
            with transaction.atomic():
                follow_succession(hall=north, succession_id=first.pk)
                raise Killed

        with inside(north):
            assert not follow_succession(hall=north, succession_id=second.pk)
            with pytest.raises(Killed):
                follow_and_die()
            assert Adoption.objects.get().item_id == a.pk
            assert follow_succession(hall=north, succession_id=first.pk)
            adoption.refresh_from_db()
            assert (adoption.item_id, adoption.state) == (c.pk, "published")
            assert shown_item(c.pk).values["task_code"].endswith(C)
        assert list(HallItem.objects.filter(hall_id=north.pk).values_list("item_id", flat=True)) == [c.pk]

    def test_that_came_out_of_an_old_copy_follows_at_night(self, north: Hall) -> None:
        a, c = published(1), published(3)
        merge(c, a)
        adoption = adopt(north, c.versions.get())
        with inside(north):
            Adoption.objects.filter(pk=adoption.pk).update(item_id=a.pk, created_at=timezone.now() - timedelta(days=9))
            assert follow_missed_successions(hall=north) == 1
            assert follow_missed_successions(hall=north) == 0
            adoption.refresh_from_db()
            assert adoption.item_id == c.pk
