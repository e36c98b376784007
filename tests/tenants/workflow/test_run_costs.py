"""How many statements an act on a run costs: the number is kept, and does not grow with the people of a step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from province.halls.models import Hall
from tenants.workflow.models import Flow, Run
from tenants.workflow.operations.items import claim_item, finish_item
from tenants.workflow.operations.runs import start_run, terminate_run
from tests.conftest import person
from tests.factories.forms import LEAVE, LEAVE_POST, make_published_form
from tests.factories.runs import DECISIONS, begin_run, do, free_step, item_at, people, row_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db

_INITIATOR = {"kind": "initiator"}
_LIMIT = {"amount": 3, "unit": "days"}


def statements(act: Callable[..., object], hall: Hall, by: str, **given: Any) -> int:
    actor = person(by)
    with CaptureQueriesContext(connection) as asked:
        act(by=actor, hall=hall, **given)
    return len(asked)


def council(hall: Hall, *members: str) -> Flow:
    """One after another: somebody claims, who began it goes on, all of these decide."""
    return row_of(
        hall,
        free_step("hand", people("cao", "tao")),
        free_step("next", _INITIATOR),
        free_step("vote", people(*members), sharing="veto", outcomes=DECISIONS, limit=_LIMIT),
    )


class TestAnAct:
    def test_costs_so_many_statements(self, north: Hall) -> None:
        with inside(north):
            flow = council(north, "cao", "tao")
            # the first one of a version reads what the version says
            do(north, begin_run(north, flow), "hand", "cao")
            found = {"start": statements(start_run, north, "sun", flow_id=flow.pk)}
            run = Run.objects.latest("pk")
            item = item_at(run, "hand").pk
            found["claim"] = statements(claim_item, north, "cao", item_id=item)
            found["step"] = statements(finish_item, north, "cao", item_id=item)
            found["again"] = statements(finish_item, north, "cao", item_id=item)
        # two of each are the transaction's own
        assert found == {"start": 13, "claim": 7, "step": 9, "again": 3}

    def test_costs_as_much_for_two_people_as_for_five(self, north: Hall) -> None:
        found = []
        with inside(north):
            for members in (["cao", "tao"], ["cao", "tao", "hua", "he", "sun"]):
                flow = council(north, *members)
                run = begin_run(north, flow)
                do(north, run, "hand", "cao")
                begins = statements(finish_item, north, "sun", item_id=item_at(run, "next").pk)
                ends = statements(terminate_run, north, "he", run_id=run.pk, opinion="不办了")
                found.append((begins, ends))
        assert found[0] == found[1] == (10, 9)

    @pytest.mark.parametrize("with_days", [True, False])
    def test_with_a_form_costs_so_many_more(self, north: Hall, *, with_days: bool) -> None:
        """The hall's days are read where a field asks for them."""
        form, posted = (LEAVE, LEAVE_POST) if with_days else (_without_days(), LEAVE_POST | {"days": None})
        with inside(north):
            flow = row_of(north, *(free_step(one, _INITIATOR) for one in "abc"), form=make_published_form(north, form))
            do(north, begin_run(north, flow, posted=posted), "a", "sun")
            started = statements(start_run, north, "sun", flow_id=flow.pk, posted=posted)
            item = item_at(Run.objects.latest("pk"), "a").pk
            found = (started, statements(finish_item, north, "sun", item_id=item))
        assert found == ((27, 15) if with_days else (23, 13))


def _without_days() -> dict[str, Any]:
    who, what = LEAVE["parts"]
    return LEAVE | {"parts": [who, what | {"fields": [one for one in what["fields"] if one["type"] != "period"]}]}
