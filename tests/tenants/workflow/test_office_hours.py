"""Times within the hall's hours: on the pages of desk and site, for programs, in files, and before publication."""

import json
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from foundation import schemas
from foundation.errors import Invalid
from province.halls.models import Hall
from province.halls.operations.halls import update_hall
from province.workdays.operations.hall_days import DaysWish, set_hall_days
from province.workdays.states import HallDaysKind
from standards.forms.blocks import block_fields
from tenants.workflow.operations.filling import send_filling
from tests.conftest import person
from tests.factories.citizens import make_proved
from tests.factories.forms import begin, citizen_filler, filler, make_form, make_published_form
from tests.factories.people import program_of
from tests.factories.runs import HANDLERS, begin_run, free_step, make_flow, open_steps
from tests.factories.sites import inside
from tests.standards.run_samples import gateway
from tests.tenants.citizen_pages.test_pages import clerk, signed_in
from tests.tenants.workflow.test_fill_pages import page_of
from tests.tenants.workflow.test_filling import save

pytestmark = pytest.mark.django_db

VISIT: dict[str, Any] = {
    "format": 1,
    "title": "预约",
    "parts": [{"name": "visit", "label": "预约", "fields": block_fields("visit")}],
}
# a Tuesday far enough ahead of the clock of the tests, whose afternoon the hall has off; the Wednesday it is closed
TUESDAY, WEDNESDAY, THURSDAY = "2028-03-07", "2028-03-08", "2028-03-09"


@pytest.fixture
def open_hall(north: Hall) -> Hall:
    spans = [("08:30", "12:00"), ("14:00", "17:30")]
    hours = [{"days": [1, 2, 3, 4, 5], "from": begins, "to": ends} for begins, ends in spans]
    update_hall(by=person("zhao"), hall=north, opening_hours=hours)
    north.refresh_from_db()
    for day, kind, note in ((TUESDAY, HallDaysKind.AFTERNOON, "赶集日"), (WEDNESDAY, HallDaysKind.OFF, "庙会")):
        wish = DaysWish(first_on=date.fromisoformat(day), kind=kind, note=note, moves_limits=kind == HallDaysKind.OFF)
        set_hall_days(by=person("he"), hall=north, wish=wish)
    north.refresh_from_db()
    return north


def _form_of(hall: Hall) -> Any:
    with schemas.enter(hall.schema_name):
        return make_published_form(hall, VISIT, is_open=True)


class TestDesk:
    def test_tells_the_hours_of_the_day_and_judges_by_them(self, open_hall: Hall) -> None:
        form, client = _form_of(open_hall), clerk("cao")
        path = client.post(f"/desk/forms/{form.pk}/fill/").headers["Location"]
        first = page_of(client, path)
        assert "办公时间：周一至周五 08:30–12:00、14:00–17:30" in first
        assert 'aria-describedby="f-visit_at-advice"' in first
        looked = client.post(path, {"_act": "look", "visit_on": TUESDAY, "visit_at": "15:00", "_revision": "0"})
        assert "2028年3月7日办公：08:30–12:00（下午不开放：赶集日，按周末推算）" in unescape(looked.text)
        refused = client.post(path, {"_act": "send", "visit_on": TUESDAY, "visit_at": "15:00", "_revision": "0"})
        assert refused.status_code == 422
        assert '<a href="#f-visit_at">“预约时间”应当在2028年3月7日的办公时间以内' in unescape(refused.text)
        # a day of the hall's own by which limits go is none of its working days either
        closed = client.post(path, {"_act": "send", "visit_on": WEDNESDAY, "visit_at": "09:30", "_revision": "1"})
        said = unescape(closed.text)
        assert "“预约日期”2028年3月8日是庙会，请选工作日。" in said
        assert "“预约时间”2028年3月8日不办公（不开放：庙会），请换一天。" in said
        sent = client.post(
            path, {"_act": "send", "visit_on": TUESDAY, "visit_at": "09:30", "_revision": "2"}, follow=True
        )
        assert "已提交。" in sent.text
        # nobody has published that year: who reads it knows
        assert unescape(sent.text).count("（按周末推算）") == 2

    def test_gives_the_flag_out_with_what_was_sent(self, open_hall: Hall) -> None:
        form = _form_of(open_hall)
        with schemas.enter(open_hall.schema_name):
            filled = save(open_hall, begin(open_hall, form.pk), {"visit_on": THURSDAY, "visit_at": "09:30"})
            send_filling(who=filler(), hall=open_hall, filled_id=filled.pk, revision=filled.revision)
        answer = clerk("he").post(f"/desk/forms/{form.pk}/sent/export/")
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert rows[0] == ["编号", "预约日期", "预约时间", "说明"]
        assert rows[1][1:] == [date(2028, 3, 9), "09:30", "预约日期：按周末推算；预约时间：按周末推算"]


class TestSite:
    def test_asks_citizens_for_day_and_time_together(self, open_hall: Hall) -> None:
        citizen = make_proved()
        form = _form_of(open_hall)
        with schemas.enter(open_hall.schema_name):
            filled = begin(open_hall, form.pk, citizen_filler(citizen))
        client, path = signed_in(citizen), f"/forms/filled/{filled.pk}/pages/visit_on/"
        assert "办公时间：周一至周五" in page_of(client, path)
        refused = client.post(path, {"visit_on": THURSDAY, "visit_at": "13:00", "_act": "next", "_revision": "0"})
        assert refused.status_code == 422
        assert "“预约时间”应当在2028年3月9日的办公时间以内：08:30–12:00、14:00–17:30。" in unescape(refused.text)
        onward = client.post(path, {"visit_on": THURSDAY, "visit_at": "14:00", "_act": "next", "_revision": "1"})
        assert onward.headers["Location"].endswith("/check/")
        assert "14:00 <span" in page_of(client, onward.headers["Location"])


class TestPrograms:
    def test_are_judged_as_pages_are(self, open_hall: Hall) -> None:
        form, client = _form_of(open_hall), program_of("cao")
        client.defaults["HTTP_HOST"] = "north.yizhan.localhost"
        base = "/api/hall/v1/workflow"

        def sent(method: str, path: str, **data: Any) -> Any:
            return client.generic(method, f"{base}{path}", json.dumps(data), "application/json").json()

        described = sent("GET", f"/fillings/forms/{form.pk}/schema")["schema"]["properties"]["visit_at"]
        assert described["description"] == "办公时间（visit_on 那天）"
        begun = sent("POST", "/fillings", form_id=str(form.pk))
        wrong = {"visit_on": TUESDAY, "visit_at": "15:00"}
        kept = sent("PATCH", f"/fillings/{begun['id']}", values=wrong, revision=begun["revision"])
        assert [one["where"] for one in kept["faults"]] == ["visit_at"]
        assert kept["values"]["visit_at.remark"] == "按周末推算"


class TestPublication:
    def test_is_refused_where_the_hall_has_written_no_hours(self, north: Hall) -> None:
        assert north.opening_hours == []
        with schemas.enter(north.schema_name):
            form = make_form(north, VISIT)
            with pytest.raises(Invalid) as refused:
                make_published_form(north, VISIT, code="visit")
        [fault] = refused.value.faults
        assert fault.where == "parts.0.fields.1.office_hours_only"
        assert "本厅还没有写开放时间" in fault.message
        # the designer's page says so before
        shown = clerk("sun").post(f"/desk/forms/{form.pk}/preview/", {"definition": json.dumps(VISIT)})
        assert "请填工作日的办公时间" in unescape(shown.text)

    def test_shows_the_halls_hours_in_the_preview_to_everybody(self, open_hall: Hall) -> None:
        with schemas.enter(open_hall.schema_name):
            form = make_form(open_hall, VISIT)
        for given in ({}, {"as": "citizen"}, {"as": "citizen", "mode": "elder"}):
            shown = clerk("sun").post(f"/desk/forms/{form.pk}/preview/", {"definition": json.dumps(VISIT), **given})
            assert "办公时间：周一至周五 08:30–12:00、14:00–17:30" in unescape(shown.text)
            assert "（示例）" not in shown.text


class TestAFlow:
    def test_decides_by_the_working_days_that_the_form_shows(self, open_hall: Hall) -> None:
        period = {"type": "period", "name": "days", "label": "起止日期"}
        leave = {"format": 1, "title": "请假", "parts": [{"name": "all", "label": "请假", "fields": [period]}]}
        with inside(open_hall):
            flow = make_flow(
                open_hall,
                gateway("many", "exclusive"),
                free_step("long", HANDLERS),
                free_step("short", HANDLERS),
                edges=[
                    ("start", "many"),
                    ("many", "long", "days.workdays > 2"),
                    ("many", "short", "default"),
                    ("long", "finish"),
                    ("short", "finish"),
                ],
                form=make_published_form(open_hall, leave),
            )
            run = begin_run(open_hall, flow, posted={"days": {"begins_on": TUESDAY, "ends_on": THURSDAY}})
            assert open_steps(run) == ["short"]
        shown = clerk("sun").get(f"/desk/runs/{run.pk}/").text
        assert "共 3 天，2 个工作日" in shown
