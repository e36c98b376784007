"""Acts on many items at once: what does not go is told, the rest goes on, and each leaves its own entry."""

import pytest

from foundation.errors import NotAllowed, NotFound
from province.audit.models import AuditEntry
from province.catalogue.models import HallItem
from province.catalogue.states import HallGuideState
from province.halls.models import Hall
from tenants.services.models import Adoption
from tenants.services.operations.hall_guides import pass_hall_guides, submit_hall_guides
from tests.conftest import person
from tests.factories.adoptions import adopt, save, submit
from tests.factories.catalogue import make_item, make_published
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


def whole(hall: Hall, number: int, *, by: str = "sun") -> Adoption:
    return save(hall, adopt(hall, make_published(make_item(number))), by=by)


class TestSubmission:
    def test_goes_on_where_one_lacks_something(self, north: Hall) -> None:
        ready = [whole(north, 1), whole(north, 2)]
        gaping = adopt(north, make_published(make_item(3)))
        with inside(north):
            told = submit_hall_guides(by=person("sun"), hall=north, adoption_ids=[one.pk for one in (gaping, *ready)])
            assert (told.done, set(told.refused)) == (2, {gaping.item_id})
            assert Adoption.objects.filter(guide_state=HallGuideState.SUBMITTED).count() == 2
            again = submit_hall_guides(by=person("sun"), hall=north, adoption_ids=[ready[0].pk, ready[0].pk])
            assert (again.done, set(again.refused)) == (0, {ready[0].item_id})
        entries = AuditEntry.objects.filter(act="services.submit_hall_guide")
        assert {entry.object_id for entry in entries} == {one.item_id for one in ready}
        assert HallItem.objects.filter(guide_state=HallGuideState.SUBMITTED).count() == 2

    def test_does_nothing_where_one_is_another_halls(self, north: Hall, south: Hall) -> None:
        own, other = whole(north, 1), adopt(south, make_published(make_item(2)), by="zhou")
        with inside(north):
            with pytest.raises(NotFound):
                submit_hall_guides(by=person("sun"), hall=north, adoption_ids=[own.pk, other.pk])
            assert not Adoption.objects.filter(guide_state=HallGuideState.SUBMITTED).exists()


class TestDecision:
    def test_passes_what_somebody_else_wrote(self, north: Hall) -> None:
        others, own = submit(north, whole(north, 1)), submit(north, whole(north, 2, by="li"), by="li")
        stale = submit(north, whole(north, 3))
        numbers = {others.pk: 1, own.pk: 1, stale.pk: 7}
        with inside(north):
            told = pass_hall_guides(by=person("li"), hall=north, numbers=numbers)
            assert told.done == 1
            assert "参与了这一份的填写" in told.refused[own.item_id]
            assert "已由他人处理" in told.refused[stale.item_id]
            assert Adoption.objects.get(published__isnull=False).pk == others.pk
        assert AuditEntry.objects.filter(act="services.pass_hall_guide").count() == 1

    def test_is_for_reviewers(self, north: Hall) -> None:
        part = submit(north, whole(north, 1))
        with inside(north), pytest.raises(NotAllowed):
            pass_hall_guides(by=person("hua"), hall=north, numbers={part.pk: 1})
