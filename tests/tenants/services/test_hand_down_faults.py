"""Hand-downs that are killed, and what others do at the same moment: nothing is lost, nothing is there twice."""

import time
from collections.abc import Callable, Sequence
from random import SystemRandom
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from foundation import schemas
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from province.audit.models import AuditEntry
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.events import ITEMS_ASSIGNED
from province.catalogue.models import HallItem, Item, ItemVersion
from province.catalogue.operations import publish_version
from province.catalogue.operations.assignments import assign_items
from province.halls.models import Division, Hall, HallKind
from province.halls.operations import retire_hall, suspend_hall
from province.rights.queries import system_actor
from standards.numbers.divisions import DivisionLevel
from tenants.services.models import Adoption, HallGuideVersion
from tenants.services.operations.adoptions import adopt_items
from tests.conftest import person
from tests.factories.catalogue import REASON, make_approved, make_base_list, make_item, make_published
from tests.factories.halls import make_division, make_hall
from tests.forked import process
from tests.races import at_once
from tests.servers import wait_until

KILLS = 10
COUNTY = "420582"
_CHANCE = SystemRandom()

pytestmark = pytest.mark.usefixtures("fresh_database")


def make_villages(count: int) -> list[Hall]:
    """Below 河溶镇, together with 红联村."""
    township = Division.objects.get(code="420582103000")
    made = [
        make_hall(
            f"village-{number}",
            make_division(f"420582103{210 + number}", f"{number}村", DivisionLevel.VILLAGE, township),
            HallKind.VILLAGE,
            10 + number,
        )
        for number in range(count)
    ]
    return [Hall.objects.get(slug="village"), *made]


def items() -> list[UUID]:
    wanted = [one for one in read_base_list() if one.department in {"教育局", "民政局"}]
    make_base_list(wanted)
    return list(Item.objects.values_list("pk", flat=True))


def hand_down(item_ids: Sequence[UUID], **given: Any) -> Any:
    return assign_items(by=person("sun"), prefix=COUNTY, kinds=[HallKind.VILLAGE], item_ids=item_ids, **given)


def is_whole(halls: Sequence[Hall], item_ids: Sequence[UUID], *, acts: int = 1) -> None:
    """Every hall has every item once, has said so, and was asked ``acts`` times."""
    expected = {(hall.pk, item_id) for hall in halls for item_id in item_ids}
    reported = list(HallItem.objects.values_list("hall_id", "item_id"))
    assert (len(reported), set(reported)) == (len(expected), expected)
    for hall in halls:
        with schemas.enter(hall.schema_name):
            assert sorted(Adoption.objects.values_list("item_id", flat=True)) == sorted(item_ids)
            # whatever is shown has its part
            assert Adoption.objects.exclude(published=None).count() == HallGuideVersion.objects.count()
        assert AuditEntry.objects.filter(act="services.adopt_items", hall_id=hall.pk).count() == acts
    deliveries = EventDelivery.objects.filter(event__kind=ITEMS_ASSIGNED.name)
    assert not deliveries.exclude(state=EventDelivery.State.DONE).exists()


def drained() -> bool:
    drain_events()
    return not EventDelivery.objects.filter(state=EventDelivery.State.WAITING).exists()


class TestHandDownKilledAtRandom:
    def test_goes_on_with_the_next_hall(self) -> None:
        halls, item_ids = make_villages(15), items()
        hand_down(item_ids, publishes=True)
        waiting = EventDelivery.objects.filter(event__kind=ITEMS_ASSIGNED.name, state=EventDelivery.State.WAITING)
        connection.close()
        kills = 0
        while kills < KILLS:
            kills += self._run_and_kill()
            if not waiting.exists():
                # all have it: a hall that is asked once more finds it there
                EventDelivery.objects.filter(event__kind=ITEMS_ASSIGNED.name).update(state=EventDelivery.State.WAITING)
            connection.close()
        # the server may still be ending what the killed ones had begun
        wait_until(drained, what="the rest of the hand-down")
        is_whole(halls, item_ids)

    def _run_and_kill(self) -> bool:
        workers = [process(drain_events) for _ in range(2)]
        for worker in workers:
            worker.start()
        time.sleep(_CHANCE.uniform(0.02, 0.4))
        was_at_work = all(worker.is_alive() for worker in workers)
        for worker in workers:
            worker.kill()
            worker.join()
        return was_at_work


class TestHandDownMeets:
    def test_a_hall_that_adopts_by_itself(self) -> None:
        (village,), item_ids = make_villages(0), items()
        hand_down(item_ids)
        by = system_actor()

        def adopt() -> None:
            with schemas.enter(village.schema_name):
                adopt_items(by=by, hall=village, item_ids=item_ids, reason="上级委托")

        at_once(adopt, drain_events)
        wait_until(drained, what="the hand-down")
        is_whole([village], item_ids)

    def test_another_of_the_same_items(self) -> None:
        halls, item_ids = make_villages(3), items()
        at_once(*[lambda: hand_down(item_ids)] * 2)
        at_once(*[drain_events] * 2)
        wait_until(drained, what="both hand-downs")
        is_whole(halls, item_ids)

    def test_a_publication(self) -> None:
        halls = make_villages(3)
        first = make_published()
        newer = make_approved(first.item, promised_days=9)
        hand_down([first.item_id])
        operator = person("zhao")
        at_once(drain_events, lambda: publish_version(by=operator, version=newer))
        wait_until(drained, what="the hand-down")
        is_whole(halls, [first.item_id])
        assert set(HallItem.objects.values_list("version_number", flat=True)) <= {1, 2}
        assert ItemVersion.objects.filter(valid_to=None, state="published").get() == newer

    @pytest.mark.parametrize("act", [suspend_hall, retire_hall])
    def test_the_end_of_a_hall(self, act: Callable[..., Any]) -> None:
        halls = make_villages(3)
        version = make_published(make_item())
        hand_down([version.item_id])
        operator = person("zhao")
        at_once(drain_events, lambda: act(by=operator, hall=halls[1], reason=REASON))
        wait_until(drained, what="the hand-down")
        have = set(HallItem.objects.values_list("hall_id", flat=True))
        # it had come in time, or it had not: the others have it in any case
        assert {halls[0].pk, halls[2].pk, halls[3].pk} <= have
        if act is suspend_hall:
            is_whole(halls, [version.item_id])
