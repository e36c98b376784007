"""What those read of a run whom it concerns: done, now and next, in the designer's words and without names."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from province.halls.models import Hall
from tenants.workflow.models import Run
from tenants.workflow.operations.returns import return_item
from tenants.workflow.operations.runs import terminate_run
from tenants.workflow.queries.public_line import public_line
from tests.conftest import person
from tests.factories.runs import DECISIONS, begin_run, do, free_step, item_at, make_flow, people
from tests.factories.sites import inside
from tests.standards.run_samples import gateway
from tests.tenants.workflow.test_run_pages import Program, client_of

pytestmark = pytest.mark.django_db


def public(name: str, label: str, **attributes: Any) -> dict[str, Any]:
    return free_step(name, people("cao"), public_label=label, **attributes)


def begun(hall: Hall) -> Run:
    """take (受理) → look, inside → check (审查, 审查) → good: give (送达); bad: the end."""
    flow = make_flow(
        hall,
        public("take", "受理", public_names=True),
        free_step("inside", people("cao")),
        public("first", "审查"),
        public("second", "审查", outcomes=DECISIONS, on_refusal="go_on"),
        gateway("fork", "exclusive"),
        public("give", "送达"),
        public("refuse", "告知理由"),
        edges=[
            ("start", "take"),
            ("take", "inside"),
            ("inside", "first"),
            ("first", "second"),
            ("second", "fork"),
            ("fork", "give", 'second.outcome == "agreed"'),
            ("fork", "refuse", "default"),
            ("give", "finish"),
            ("refuse", "finish"),
        ],
    )
    return begin_run(hall, flow)


def looks(run: Run) -> list[tuple[str, str, str]]:
    return [(one.label, one.look, one.who) for one in public_line(Run.objects.get(pk=run.pk)).steps]


class TestPublicLine:
    def test_says_what_is_done_now_and_next(self, at_north: Hall) -> None:
        run = begun(at_north)
        ahead = [("审查", "next", ""), ("送达", "next", ""), ("告知理由", "next", "")]
        assert looks(run) == [("受理", "now", ""), *ahead]
        do(at_north, run, "take", "cao")
        # a step that citizens know nothing of
        taken = ("受理", "done", "曹北")
        assert [looks(run)[0][:2], *looks(run)[1:]] == [taken[:2], *ahead]
        assert looks(run)[0][2] == person("cao").name
        assert public_line(Run.objects.get(pk=run.pk)).said == "正在办理。"
        do(at_north, run, "inside", "cao")
        do(at_north, run, "first", "cao")
        assert looks(run)[1] == ("审查", "now", "")
        assert public_line(Run.objects.get(pk=run.pk)).said == "正在办理：审查。"
        do(at_north, run, "second", "cao", "agreed")
        # the branch that was not taken is not shown
        assert [one[:2] for one in looks(run)] == [("受理", "done"), ("审查", "done"), ("送达", "now")]
        item = item_at(run, "give")
        return_item(by=person("cao"), hall=at_north, item_id=item.pk, opinion="再看", to_step="take")
        assert [one[1] for one in looks(run)] == ["now", "next", "next", "next"]
        terminate_run(by=person("he"), hall=at_north, run_id=run.pk, opinion="不办了")
        run.refresh_from_db()
        line = public_line(run)
        assert (line.said, [one for one in line.steps if one.look != "done"]) == ("已终止。", [])
        page = render_to_string("workflow/public_line.html", {"line": line})
        assert "已终止。" in page

    def test_is_on_the_page_of_a_run_and_for_programs(self, north: Hall) -> None:
        with inside(north):
            run = begun(north)
        page = client_of("cao").get(f"/desk/runs/{run.pk}/").text
        assert ("群众看到的进度" in page, "正在办理：受理。" in page) == (True, True)
        steps = Program("cao").get(f"/runs/{run.pk}").json()["public_steps"]
        assert [(one["label"], one["look"]) for one in steps] == [
            ("受理", "now"),
            ("审查", "next"),
            ("送达", "next"),
            ("告知理由", "next"),
        ]
