"""More of an inbox than a request can wait for is acted on in the background."""

import pytest

from foundation.errors import Conflict, Invalid, NotFound
from foundation.events.models import EventDelivery
from foundation.events.operations import drain_events
from province.halls.models import Hall
from province.people.models import Position
from tenants.workflow.models import WorkBatch, WorkItem
from tenants.workflow.operations.background import MOST_IN_BATCH, begin_work_batch, carry_on_batch
from tenants.workflow.queries.batches import batch_of
from tenants.workflow.queries.work import WorkFilter
from tenants.workflow.states import TickedWork, WorkState
from tests.conftest import person
from tests.factories.people import client_of, program_of
from tests.factories.runs import HANDLERS, begin_run, free_step, row_of
from tests.factories.sites import inside
from tests.forked import killed
from tests.races import at_once

NORTH = "north.yizhan.localhost"
NUMBER = 31


def make_work(hall: Hall, number: int = NUMBER) -> None:
    """So many runs that wait for cao's step."""
    flow = row_of(hall, free_step("hand", HANDLERS))
    for _ in range(number):
        begin_run(hall, flow)


def begin(hall: Hall, act: TickedWork, box: str, who: str = "cao") -> WorkBatch:
    return begin_work_batch(by=person(who), hall=hall, box=box, asked=WorkFilter(), act=act)


@pytest.mark.django_db
class TestBatch:
    def test_is_done_in_parts_with_a_result_for_each_and_refuses_a_second_meanwhile(self, north: Hall) -> None:
        with inside(north):
            make_work(north, 22)
            batch = begin(north, TickedWork.FINISH, "mine")
            gone = WorkItem.objects.order_by("run", "pk")[3]
            gone.delete()
            with pytest.raises(Conflict, match="还有一批没有办完"):
                begin(north, TickedWork.FINISH, "mine")
            carry_on_batch(hall=north, batch_id=batch.pk)
            batch.refresh_from_db()
            assert (len(batch.results), len(batch.waiting), batch.finished_at) == (20, 2, None)
        drain_events()
        with inside(north):
            batch.refresh_from_db()
            assert (batch.done, batch.refused, batch.waiting) == (21, 1, [])
            assert batch.finished_at
            # once it is done, another turn changes nothing
            carry_on_batch(hall=north, batch_id=batch.pk)
            assert set(WorkItem.objects.values_list("state", flat=True)) == {WorkState.DONE}

    def test_ends_with_the_rights_of_its_person(self, north: Hall) -> None:
        with inside(north):
            make_work(north, 2)
            batch = begin(north, TickedWork.FINISH, "mine")
            Position.objects.filter(account_id=person("cao").id).delete()
        drain_events()
        with inside(north):
            batch.refresh_from_db()
            assert (batch.done, batch.refused, batch.waiting) == (0, 2, [])
            assert not WorkItem.objects.filter(state=WorkState.DONE).exists()

    def test_is_bounded_and_theirs_alone(self, north: Hall) -> None:
        with inside(north):
            with pytest.raises(Invalid, match="没有符合条件"):
                begin(north, TickedWork.FINISH, "mine")
            make_work(north, 1)
            batch = begin(north, TickedWork.FINISH, "mine")
            with pytest.raises(NotFound):
                batch_of(person("he"), batch.pk)
        assert MOST_IN_BATCH == 5_000

    def test_is_begun_and_watched_on_pages_and_by_programs(self, north: Hall) -> None:
        with inside(north):
            make_work(north)
        cao = client_of("cao", NORTH)
        assert "办理全部 31 项" in cao.get("/desk/work/?box=mine").text
        begun = cao.post("/desk/work/all/", {"box": "mine", "act": "finish"}, follow=True)
        assert f"0 / {NUMBER} 项" in begun.text
        assert "看进度" in cao.get("/desk/work/?box=mine").text
        again = cao.post("/desk/work/all/", {"box": "mine", "act": "finish"}, follow=True)
        assert "还有一批没有办完" in again.text
        assert "没有这种批量操作" in cao.post("/desk/work/all/", {"box": "done", "act": "finish"}, follow=True).text
        address = begun.redirect_chain[-1][0]
        assert "<html" not in cao.get(address, headers={"hx-request": "true"}).text
        drain_events()
        page = cao.get(address).text
        assert f"已办理 {NUMBER} 项。" in page
        assert cao.get(address, headers={"hx-request": "true"})["HX-Refresh"] == "true"
        assert client_of("he", NORTH).get(address).status_code == 404
        program, asked = program_of("cao"), {"headers": {"host": NORTH}, "content_type": "application/json"}
        told = program.get(f"/api/hall/v1/workflow/work/batches/{address.split('/')[-2]}", **asked).json()
        assert (told["total"], told["done"], {one["is_done"] for one in told["results"]}) == (NUMBER, NUMBER, {True})
        refused = program.post("/api/hall/v1/workflow/work/batches", {"box": "mine", "act": "finish"}, **asked)
        assert (refused.status_code, "没有符合条件" in str(refused.json())) == (422, True)


class TestTwoAtOnce:
    def test_of_one_person_one_begins(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            make_work(north, 2)

        def begin_one() -> str:
            with inside(north):
                try:
                    begin(north, TickedWork.FINISH, "mine")
                except Conflict:
                    return "refused"
            return "begun"

        assert sorted(at_once(begin_one, begin_one)) == ["begun", "refused"]


def _carry_on() -> None:
    drain_events()


class TestAKilledProcess:
    def test_leaves_every_part_whole(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        with inside(north):
            make_work(north, 21)
            batch = begin(north, TickedWork.FINISH, "mine")
        # the part is done by then, and what came of it is not written
        killed(_carry_on, dying_at=("tenants.workflow.operations.background", "emit_event"))
        with inside(north):
            batch.refresh_from_db()
            assert (batch.results, WorkItem.objects.filter(state=WorkState.DONE).count()) == ([], 0)
        assert EventDelivery.objects.filter(event__kind="workflow.batch_goes_on", state="waiting").count() == 1
        drain_events()
        with inside(north):
            batch.refresh_from_db()
            assert (batch.done, batch.refused) == (21, 0)
