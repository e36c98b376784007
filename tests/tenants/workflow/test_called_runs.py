"""A sub-flow begins with what it is given, and gives back what it has come to."""

from collections.abc import Iterator
from typing import Any

import pytest

from foundation.events.operations import drain_events
from province.halls.models import Hall
from tenants.workflow.models import Run
from tenants.workflow.operations.runs import resume_run, suspend_run
from tenants.workflow.queries.filled import values_of
from tenants.workflow.states import RunStatus
from tests.conftest import person
from tests.factories.forms import make_published_form
from tests.factories.runs import begin_run, do, free_step, open_steps, people, row_of
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db


def form_of(hall: Hall, code: str, *fields: dict[str, Any]) -> Any:
    part = {"name": "all", "label": "内容", "fields": list(fields)}
    return make_published_form(hall, {"format": 1, "title": code, "parts": [part]}, code=code)


def text(name: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": "short_text", "name": name, "label": label, **more}


class TestValues:
    @pytest.mark.parametrize("waits", [True, False])
    def test_go_down_and_come_back(self, north: Hall, *, waits: bool) -> None:
        with inside(north):
            below = form_of(
                north,
                "below",
                text("subject", "事项"),
                text("answer", "答复"),
                {"type": "number", "name": "total", "label": "金额"},
                text("kind", "类型"),
                text("own", "自己的"),
            )
            row_of(north, free_step("reply", people("cao"), otherwise="write"), form=below, code="below")
            above = form_of(
                north,
                "above",
                text("what", "事由"),
                text("result", "结果"),
                text("cost", "费用"),
                text("secret", "不给的"),
                {"type": "choice", "name": "urgency", "label": "缓急", "options": [{"code": "u1", "label": "特急"}]},
                text("empty", "没填的"),
            )
            call = {
                "type": "call",
                "name": "ask",
                "label": "征求意见",
                "flow": "below",
                "waits": waits,
                # what is empty is not given, and what does not fit is not taken
                "given": {"what": "subject", "empty": "own", "urgency": "kind"},
                "taken": {"answer": "result", "total": "cost"},
            }
            flow = row_of(north, call, free_step("last", people("tao")), form=above)
            run = begin_run(north, flow, posted={"what": "修路", "secret": "机密", "urgency": "u1"})
            drain_events()
            child = Run.objects.get(parent_item__run=run)
            assert child.filled
            assert values_of(north, child.filled) == {"subject": "修路", "kind": "特急"}
            assert open_steps(run) == (["ask"] if waits else ["last"])
            do(north, child, "reply", "cao", posted={"answer": "同意", "total": "30", "subject": "改过的"})
            drain_events()
            assert Run.objects.get(pk=child.pk).status == RunStatus.FINISHED
            assert open_steps(run) == ["last"]
            filled = Run.objects.get(pk=run.pk).filled
            assert filled
            came = {"result": "同意", "cost": "30"} if waits else {}
            assert values_of(north, filled) == {"what": "修路", "secret": "机密", "urgency": "u1", **came}


class TestARunThatIsHeldUp:
    """What its event brings meanwhile comes once it is resumed: nothing waits for ever."""

    @pytest.fixture
    def run(self, north: Hall) -> Iterator[Run]:
        with inside(north):
            row_of(north, free_step("reply", people("cao")), code="below")
            call = {"type": "call", "name": "ask", "label": "征求意见", "flow": "below"}
            yield begin_run(north, row_of(north, call, free_step("last", people("tao"))))

    def hold(self, north: Hall, run: Run) -> dict[str, Any]:
        given: dict[str, Any] = {"by": person("he"), "hall": north, "run_id": run.pk}
        suspend_run(**given, opinion="等文件")
        return given

    def test_calls_another_one_then(self, north: Hall, run: Run) -> None:
        given = self.hold(north, run)
        drain_events()
        assert not Run.objects.filter(parent_item__run=run).exists()
        resume_run(**given)
        drain_events()
        assert open_steps(Run.objects.get(parent_item__run=run)) == ["reply"]

    def test_goes_on_then_after_one_that_has_ended(self, north: Hall, run: Run) -> None:
        drain_events()
        given = self.hold(north, run)
        do(north, Run.objects.get(parent_item__run=run), "reply", "cao")
        drain_events()
        resume_run(**given)
        drain_events()
        assert open_steps(run) == ["last"]
