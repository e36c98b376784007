"""How people work at their inbox: phrases, filters that they keep, badges, and what the second of two is told."""

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import Invalid
from province.console.operations.saved_views import save_view
from province.halls.models import Hall
from province.people.models import Position
from tenants.workflow.models import FilledForm, Run, WorkCandidate, WorkItem
from tenants.workflow.operations.phrases import add_phrase, set_phrases
from tenants.workflow.operations.runs import suspend_run
from tenants.workflow.queries.phrases import own_phrases
from tenants.workflow.queries.run_access import own_keys
from tenants.workflow.queries.work import MOST_COUNTED, WorkFilter, box_counts, held_count, items_in
from tests.conftest import person
from tests.factories.forms import LEAVE_POST, make_published_form
from tests.factories.people import client_of, make_unit, program_of
from tests.factories.runs import (
    CLERKS,
    HANDLERS,
    LEADERS,
    begin_run,
    free_step,
    gateway,
    item_at,
    make_flow,
    people,
    row_of,
)
from tests.factories.sites import inside

pytestmark = pytest.mark.django_db
NORTH = "north.yizhan.localhost"


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


class TestPhrases:
    def test_are_ones_own_in_their_order_and_stand_behind_those_of_the_step(self, north: Hall) -> None:
        with inside(north):
            run = begin_run(north, row_of(north, free_step("hand", HANDLERS, phrases=["材料齐全。"])))
            for text in ("同意。", "\n请补充。\n", "同意。"):
                add_phrase(by=person("cao"), hall=north, text=text)
            assert own_phrases(person("cao")) == ["同意。", "请补充。"]
            assert own_phrases(person("hua")) == []
            for texts, words in (([str(n) for n in range(31)], "最多 30 条"), (["长" * 101], "最多 100 个字")):
                with pytest.raises(Invalid, match=words):
                    set_phrases(by=person("cao"), hall=north, texts=texts)
        cao, at = client_of("cao", NORTH), f"/desk/runs/{run.pk}/"
        page = text_of(cao.get(at))
        assert page.index(">材料齐全。<") < page.index(">同意。<") < page.index(">请补充。<")
        # what is being written stays, and nothing is done yet
        kept = text_of(cao.post(at, {"_act": "phrase", "_opinion": "现场已看。"}))
        assert "已存为您的常用语" in kept
        assert ">现场已看。</textarea>" in kept
        with inside(north):
            assert item_at(run, "hand")
        assert "31 条" in text_of(cao.post("/desk/work/phrases/", {"texts": "\n".join(map(str, range(31)))}), 422)
        assert cao.post("/desk/work/phrases/", {"texts": "已阅。\n\n同意。\n已阅。"}).status_code == 302
        program = program_of("cao", "workflow.take_part")
        program.defaults["HTTP_HOST"] = NORTH
        at = "/api/hall/v1/workflow/work/phrases"
        assert program.get(at).json() == {"texts": ["已阅。", "同意。"]}
        assert program.put(at, {"texts": ["好。"]}, content_type="application/json").json() == {"texts": ["好。"]}
        more = program.post(at, {"text": "行。"}, content_type="application/json")
        assert more.json() == {"texts": ["好。", "行。"]}


class TestInbox:
    def test_is_narrowed_by_what_people_ask_and_opens_with_the_view_that_they_keep(self, north: Hall) -> None:
        with inside(north):
            leave = row_of(north, free_step("hand", HANDLERS))
            trip = row_of(north, free_step("hand", HANDLERS), code="trip")
            runs = {
                name: begin_run(north, flow, by=by, title=name)
                for name, flow, by in (("甲", leave, "sun"), ("乙", trip, "hua"), ("丙", trip, "sun"))
            }
            unit = make_unit("综合科", hall=north)
            Run.objects.filter(pk=runs["乙"].pk).update(unit_id=unit.pk)
            now = timezone.now()
            for name, due in (("甲", now - timezone.timedelta(days=1)), ("丙", now + timezone.timedelta(days=5))):
                WorkItem.objects.filter(run=runs[name]).update(due_at=due)
            asked = {
                "words": (WorkFilter(words="甲"), "甲"),
                "number": (WorkFilter(words=str(runs["丙"].number)), "丙"),
                "flow": (WorkFilter(flow_id=trip.pk), "丙乙"),
                "unit": (WorkFilter(unit_id=unit.pk), "乙"),
                "initiator": (WorkFilter(initiator="孙"), "甲丙"),
                "late": (WorkFilter(due="late"), "甲"),
                "three": (WorkFilter(due="three"), "甲"),
                "week": (WorkFilter(due="week"), "甲丙"),
                "none": (WorkFilter(due="none"), "乙"),
                "both": (WorkFilter(due="week", flow_id=trip.pk), "丙"),
                "nonsense": (WorkFilter(due="x"), "甲丙乙"),
            }
            found = {
                key: "".join(one.run.title for one in items_in(person("cao"), north, "mine", only))
                for key, (only, _) in asked.items()
            }
        assert found == {key: titles for key, (_, titles) in asked.items()}
        cao = client_of("cao", NORTH)
        query = f"box=mine&flow={trip.pk}&due=week"
        page = text_of(cao.get(f"/desk/work/?{query}"))
        assert (">丙</a>" in page, ">乙</a>" in page) == (True, False)
        save_view(by=person("cao"), table="desk.work", hall_id=north.pk, name="本周出差", query=query, is_first=True)
        assert cao.get("/desk/work/")["Location"] == f"/desk/work/?{query}"
        assert "本周出差" in text_of(cao.get("/desk/work/?box=sent"))
        assert "本周出差" not in text_of(client_of("hua", NORTH).get("/desk/work/"))
        program = program_of("cao", "workflow.take_part")
        program.defaults["HTTP_HOST"] = NORTH
        listed = program.get("/api/hall/v1/workflow/work/items?initiator=孙&due=late").json()["items"]
        assert [one["run"]["title"] for one in listed] == ["甲"]
        assert program.get("/api/hall/v1/workflow/work/items?due=soon").status_code == 422

    def test_shows_what_is_nearly_due_and_what_ones_departments_hold(self, north: Hall) -> None:
        with inside(north):
            office = make_unit("综合科", hall=north)
            below = make_unit("文秘股", hall=north, parent=office)
            places = {"tao": office, "cao": below, "hua": below}
            for name, unit in places.items():
                Position.objects.filter(account__username=name).update(unit=unit)
            flow = row_of(north, free_step("hand", HANDLERS))
            runs = {name: begin_run(north, flow, by=by, title=name) for name, by in (("甲", "sun"), ("乙", "hua"))}
            now = timezone.now()
            for name, due in (("甲", now - timezone.timedelta(hours=1)), ("乙", now + timezone.timedelta(days=1))):
                WorkItem.objects.filter(run=runs[name]).update(due_at=due, created_at=now - timezone.timedelta(days=3))
            begin_run(north, row_of(north, free_step("own", people("sun")), code="own"), title="丙")

            def held(by: str, only: WorkFilter | None = None) -> str:
                return "".join(one.run.title for one in items_in(person(by), north, "units", only))

            # the leader of the department above; who looks after all runs; who has begun one; who is in no department
            assert [held(one) for one in ("tao", "he", "hua", "sun")] == ["甲乙", "甲乙丙", "乙", ""]
            assert [held("tao", WorkFilter(holder=one)) for one in ("曹", "华")] == ["甲乙", ""]
            assert [held_count(person(one), north) for one in ("tao", "sun")] == [2, 0]
            assert [one.run.title for one in items_in(person("cao"), north, "due")] == ["乙"]
            counts = box_counts(person("cao"), north)
            assert (counts["due"], counts["late"]) == (1, 1)
        tao, cao = client_of("tao", NORTH), client_of("cao", NORTH)
        page = text_of(tao.get("/desk/work/?box=units"))
        # they see who has it and for how long; what is written in it only who has a part in it
        for words in ("甲", "曹办", "3 天"):
            assert words in page
        assert f'href="/desk/runs/{runs["甲"].pk}/"' not in page
        assert 'name="item"' not in page
        assert f'href="/desk/runs/{runs["乙"].pk}/"' in text_of(client_of("hua", NORTH).get("/desk/work/?box=units"))
        said = cao.get("/desk/work/?box=units&export=csv").content.decode("utf-8-sig")
        assert said.splitlines()[0].split(",")[4:7] == ["办理人", "到这一环节", "停留天数"]
        due = text_of(cao.get("/desk/work/?box=due"))
        assert ('value="finish"' in due, ">乙</a>" in due) == (True, True)
        program = program_of("tao", "workflow.take_part")
        program.defaults["HTTP_HOST"] = NORTH
        root = "/api/hall/v1/workflow/work"
        listed = program.get(f"{root}/items?box=units&holder=曹").json()["items"]
        assert [(one["run"]["title"], one["owner_name"]) for one in listed] == [("甲", "曹办"), ("乙", "曹办")]
        assert program.get(root).json() == {"mine": 0, "to_claim": 0, "due": 0, "late": 0, "units": 2}
        cao_program = program_of("cao", "workflow.take_part")
        cao_program.defaults["HTTP_HOST"] = NORTH
        begun = cao_program.post(f"{root}/batches", {"box": "due", "act": "finish"}, content_type="application/json")
        assert (begun.status_code, begun.json()["total"]) == (202, 1)

    def test_counts_no_further_than_its_badges_say(self, north: Hall) -> None:
        """PostgreSQL's own count of the rows that it read: as many for 900 as for 300."""
        with inside(north):
            run = begin_run(north, row_of(north, free_step("hand", HANDLERS)))
            item, by = item_at(run, "hand"), person("cao")
            numbers = {}
            for many in (3, 300, 600):
                rows = [
                    WorkItem(
                        run=run, token=1, step="hand", label="环节", state=state, owner_id=owner, due_at=item.due_at
                    )
                    for state, owner in [("claimed", by.id), ("to_claim", None)] * many
                ]
                made = WorkItem.objects.bulk_create(rows)
                open_ones = [one for one in made if one.state == "to_claim"]
                WorkCandidate.objects.bulk_create(
                    [WorkCandidate(item=one, key=f"account:{by.id}") for one in open_ones]
                )
                with CaptureQueriesContext(connection) as asked:
                    counts = box_counts(by, north)
                numbers[many] = counts, len(asked), max(_rows_read(one["sql"]) for one in asked)
            most = MOST_COUNTED + 1
            assert numbers[3][0] == {"mine": 4, "to_claim": 3, "due": 0, "late": 0}
            assert numbers[300][0] == {"mine": most, "to_claim": most, "due": 0, "late": 0}
            assert [numbers[many][1] for many in numbers] == [3, 3, 3]
            # of candidates so many for each key under which the person finds something
            assert numbers[300][2] == numbers[600][2] <= most * len(own_keys(by, north))
            # what is held up is nobody's to do
            WorkItem.objects.filter(run=run).exclude(pk=item.pk).delete()
            suspend_run(by=person("he"), hall=north, run_id=run.pk, opinion="等")
            assert box_counts(by, north) == {"mine": 0, "to_claim": 0, "due": 0, "late": 0}

    def test_counts_what_a_department_holds_no_further_either(self, north: Hall) -> None:
        with inside(north):
            office = make_unit("综合科", hall=north)
            Position.objects.filter(account__username__in=("tao", "cao", "hua")).update(unit=office)
            run = begin_run(north, row_of(north, free_step("hand", HANDLERS)))
            one = {"run": run, "token": 1, "step": "hand", "label": "环节", "state": "claimed"}
            leader, member = person("tao"), person("hua")
            numbers = []
            for _ in range(2):
                WorkItem.objects.bulk_create(WorkItem(**one, owner_id=person("cao").id) for _ in range(600))
                with CaptureQueriesContext(connection) as asked:
                    held_count(leader, north)
                    by_leader = len(asked)
                    held_count(member, north)
                numbers.append((by_leader, _rows_read(asked[by_leader - 1]["sql"]), len(asked) - by_leader))
        # of who may see nothing of it nothing is asked at last
        assert numbers == [(3, MOST_COUNTED + 1, 3)] * 2


def _rows_read(sql: str) -> int:
    """The most rows that any scan of items or candidates gave in this statement."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE workflow_workitem, workflow_workcandidate")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        [[[plan]]] = cursor.fetchall()
    found, left = 0, [plan["Plan"]]
    while left:
        node = left.pop()
        left += node.get("Plans", [])
        if node.get("Relation Name") in {"workflow_workitem", "workflow_workcandidate"}:
            read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            found = max(found, int(read * node["Actual Loops"]))
    return found


class TestTheSecondOfTwo:
    def test_is_told_who_claimed_and_who_decided(self, north: Hall) -> None:
        with inside(north):
            run = begin_run(north, row_of(north, free_step("hand", people("cao", "hua")), free_step("lead", LEADERS)))
            item = item_at(run, "hand")
        cao, hua = client_of("cao", NORTH), client_of("hua", NORTH)
        assert cao.post(f"/desk/work/{item.pk}/claim/").status_code == 302
        told = text_of(hua.post(f"/desk/work/{item.pk}/claim/", follow=True))
        name = person("cao").name
        assert f"{name}在" in told
        assert "已经认领，您的操作没有提交" in told
        program = program_of("hua", "workflow.take_part")
        program.defaults["HTTP_HOST"] = NORTH
        refused = program.post(f"/api/hall/v1/workflow/work/items/{item.pk}/claim", {}, content_type="application/json")
        assert (refused.status_code, name in refused.json()["detail"]) == (409, True)
        # a page that stayed open in a second window, or in that of a substitute
        page = {"_item": str(item.pk), "_acts": "2", "_opinion": "我看可以。"}
        assert cao.post(f"/desk/runs/{run.pk}/", page).status_code == 302
        late = text_of(cao.post(f"/desk/runs/{run.pk}/", {**page, "_opinion": "另一句话。"}), 409)
        for words in (f"{name}在", "已经办理，您的操作没有提交", "在您打开这一页以后", "您刚才写的意见", "另一句话。"):
            assert words in late, words

    def test_is_told_what_another_branch_has_changed_in_the_form(self, north: Hall) -> None:
        with inside(north):
            form = make_published_form(north)
            flow = make_flow(
                north,
                gateway("fork", "parallel"),
                free_step("left", CLERKS, fields={"kind": "write"}),
                free_step("right", LEADERS, fields={"kind": "write"}),
                gateway("join", "parallel"),
                edges=[
                    *(("start", "fork"), ("fork", "left"), ("fork", "right")),
                    *(("left", "join"), ("right", "join"), ("join", "finish")),
                ],
                form=form,
            )
            run = begin_run(north, flow, posted=LEAVE_POST)
            revision = FilledForm.objects.get(run=run).revision
            owner = "sun" if WorkItem.objects.filter(run=run, step="left", owner_id=person("sun").id) else "hua"
            owners = {step: item_at(run, step).owner_id for step in ("left", "right")}
        assert all(owners.values()), (owner, owners)
        left, tao = client_of(owner, NORTH), client_of("tao", NORTH)
        at = f"/desk/runs/{run.pk}/"
        assert f'name="_revision" value="{revision}"' in text_of(tao.get(at))
        assert left.post(at, {"kind": "ill", "_revision": revision, "_act": "finish"}).status_code == 302
        post = {"kind": "year", "_revision": revision, "_acts": "1", "_opinion": "同意。", "_act": "finish"}
        late = text_of(tao.post(at, post), 409)
        assert "较新的内容" in late
        assert "改了：请假类型" in late
        assert "请假类型：现在保存的是“病假”" in late
        assert ">同意。</textarea>" in late
        assert f'name="_revision" value="{revision + 1}"' in late
        assert tao.post(at, {**post, "_revision": revision + 1}).status_code == 302
        with inside(north):
            assert Run.objects.get(pk=run.pk).status == "finished"
