"""A plan is decided line by line."""

from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from foundation.errors import Conflict, Invalid
from province.console.queries.overview import waiting_for
from province.halls.models import CodeMove, Division, DivisionChange, DivisionPlan, Hall
from province.halls.operations import (
    Decision,
    DecisionAct,
    Wish,
    accept_guesses,
    apply_plan,
    decide_changes,
    import_decisions,
    load_divisions,
    undo_changes,
)
from province.halls.operations import plans as plans_module
from province.halls.queries import Dependencies, forecast, hall_with_code, prefixes_of
from province.halls.queries.decision_columns import TABLE_HEADINGS, decision_rows
from province.halls.states import ChangeState, PlanState
from tests.conftest import person
from tests.factories.people import client_of, program_of
from tests.province.halls.test_plans import COUNTY, NEW_YEAR, apply, plan_of, renumbered

pytestmark = pytest.mark.django_db

ROOT = "/api/province/v1/halls"
MOVED = renumbered(lambda code: code.replace("420582", "420599"))


@pytest.fixture
def county(db: None) -> None:
    apply(COUNTY)


def line_of(plan: DivisionPlan, name: str) -> DivisionChange:
    return plan.changes.filter(old_name=name).first() or plan.changes.get(old_name="", new_name=name)


def decide(plan: DivisionPlan, name: str, act: str = "accept", wish: Wish | None = None, reason: str = "") -> None:
    line = line_of(plan, name)
    decision = Decision(line.pk, line.revision, DecisionAct(act), wish, reason)
    decide_changes(by=person("zhao"), plan=plan, decisions=[decision])


def carry_out(plan: DivisionPlan) -> int:
    return apply_plan(by=person("zhao"), plan=plan).lines


@pytest.mark.usefixtures("county")
class TestLine:
    def test_is_carried_out_alone_and_the_postponed_stays_in_sight(self) -> None:
        plan = plan_of(COUNTY | {"420582104200": "曹家岗村", "420582104201": "勤丰社区"})
        decide(plan, "曹岗村")
        decide(plan, "勤丰村", "postpone", reason="等民政厅复函")
        assert carry_out(plan) == 1
        assert Division.objects.get(code="420582104200").name == "曹家岗村"
        with pytest.raises(Conflict, match="已经生效"):
            decide(plan, "曹岗村", "postpone", reason="不再等")
        assert Division.objects.get(code="420582104201").name == "勤丰村"
        plan.refresh_from_db()
        assert plan.state == PlanState.DRAFT
        assert {one.label: one.number for one in waiting_for(person("zhao"))}["暂缓的区划变更"] == 1
        decide(plan, "勤丰村")
        assert carry_out(plan) == 1
        plan.refresh_from_db()
        assert plan.state == PlanState.APPLIED

    def test_is_postponed_with_a_reason_alone(self) -> None:
        plan = plan_of(COUNTY | {"420582104200": "曹家岗村"})
        with pytest.raises(Invalid, match="为什么暂缓"):
            decide(plan, "曹岗村", "postpone")

    def test_that_was_decided_since_shows_the_second_what_the_first_decided(self) -> None:
        plan = plan_of(COUNTY | {"420582104200": "曹家岗村"})
        seen = line_of(plan, "曹岗村")
        decide(plan, "曹岗村", "postpone", reason="等复函")
        with pytest.raises(Conflict, match=r"赵敏.+决定：暂缓"):
            decide_changes(
                by=person("zhao"), plan=plan, decisions=[Decision(seen.pk, seen.revision, DecisionAct.ACCEPT)]
            )

    def test_below_a_new_parent_waits_for_it_and_they_are_shown_together(self) -> None:
        plan = plan_of(MOVED)
        decide(plan, "红联村")
        village = line_of(plan, "红联村")
        hanging = Dependencies.of(plan)
        assert "要等当阳市（420582000000）、河溶镇" in hanging.lacking(village.pk)
        assert len(hanging.group_of[village.pk]) == len(COUNTY) - 2
        assert carry_out(plan) == 0
        decide(plan, "河溶镇")
        decide(plan, "当阳市")
        assert carry_out(plan) == 3

    def test_left_below_a_parent_with_another_code_hears_what_is_sent_to_both(self) -> None:
        plan = plan_of(MOVED)
        decide(plan, "当阳市")
        decide(plan, "河溶镇")
        assert carry_out(plan) == 2
        village = Hall.objects.get(slug="village")
        assert {"420582", "420599", "420582103", "420599103", "420582103200"} <= set(village.prefixes)
        decide(plan, "红联村")
        carry_out(plan)
        village.refresh_from_db()
        assert {"420582103200", "420599103200"} <= set(village.prefixes)

    def test_that_ends_a_parent_waits_for_all_below_it(self) -> None:
        rows = {code: name for code, name in COUNTY.items() if not code.startswith("420582103")}
        plan = plan_of(rows | {"420582104210": "红联村", "420582104211": "星火村"})
        decide(plan, "河溶镇", "correct", Wish("remove"))
        assert "下辖" in Dependencies.of(plan).lacking(line_of(plan, "河溶镇").pk) or "要等" in Dependencies.of(
            plan
        ).lacking(line_of(plan, "河溶镇").pk)
        assert carry_out(plan) == 0
        accept_guesses(by=person("zhao"), plan=plan)
        carry_out(plan)
        assert not Division.objects.filter(code="420582103000", valid_to=None).exists()
        assert not Division.objects.filter(valid_to=None, parent__valid_to__isnull=False).exists()

    def test_says_beforehand_what_it_touches(self) -> None:
        plan = plan_of(MOVED)
        told = forecast(plan, list(Dependencies.of(plan).lines))
        assert (told.lines, told.halls, told.domains, told.staying) == (9, 2, 2, 0)
        assert told.prefixes == 2
        assert set(told.uses) == {"条推稿", "个岗位"}
        assert told.uses["个岗位"] > 0


@pytest.mark.usefixtures("county")
class TestCorrection:
    def test_takes_a_new_code_from_the_line_that_had_it_and_gives_it_back(self) -> None:
        """The village did not end: it bears a name that nobody could guess."""
        rows = {code: name for code, name in COUNTY.items() if name != "红联村"} | {"420582103299": "新红社区"}
        plan = plan_of(rows)
        decide(plan, "红联村", "correct", Wish("recode", "420582103299"), reason="鄂民政函〔2025〕1号")
        assert line_of(plan, "新红社区").state == ChangeState.TAKEN
        decide(plan, "红联村", "reopen")
        assert line_of(plan, "新红社区").state == ChangeState.PROPOSED
        decide(plan, "红联村", "correct", Wish("recode", "420582103299"))
        assert carry_out(plan) == 1
        village = Hall.objects.get(slug="village")
        assert (village.division.code, village.division.name) == ("420582103299", "新红社区")
        assert hall_with_code("420582103200") == village

    def test_leaves_the_files_code_over_as_a_line_of_its_own(self) -> None:
        """The same name elsewhere was another place."""
        rows = dict(COUNTY)
        rows["420582104203"] = rows.pop("420582103201")
        plan = plan_of(rows)
        decide(plan, "星火村", "correct", Wish("merge", "420582103200"))
        left = plan.changes.get(old_name="", new_name="星火村")
        assert (left.kind, left.new_code, left.state) == ("add", "420582104203", ChangeState.PROPOSED)
        decide(plan, "星火村", "reopen")
        assert not plan.changes.filter(pk=left.pk).exists()

    def test_that_merges_twice_leads_from_the_first_code_to_the_hall_that_stayed(self) -> None:
        village = Hall.objects.get(slug="village")
        rows = {code: name for code, name in COUNTY.items() if name != "红联村"}
        plan = plan_of(rows)
        decide(plan, "红联村", "correct", Wish("merge", "420582103201"))
        carry_out(plan)
        facts = {"number": 77, "schema_name": "hall_000077", "slug": "caogang", "kind": "village", "name": "曹岗村"}
        division = Division.objects.get(code="420582104200")
        Hall.objects.create(division=division, prefixes=prefixes_of(division), short_name="曹岗村", **facts)
        del rows["420582103201"]
        plan = plan_of(rows)
        decide(plan, "星火村", "correct", Wish("merge", "420582104200"))
        assert forecast(plan, [plan.changes.get().pk]).staying == 1
        carry_out(plan)
        village.refresh_from_db()
        assert village.division.code == "420582103201"
        assert hall_with_code("420582103200") == hall_with_code("420582103201") == village
        assert {"420582103200", "420582104200", "420582104"} <= set(village.prefixes)

    def test_to_what_stays_changes_nothing_and_closes_the_line(self) -> None:
        plan = plan_of({code: name for code, name in COUNTY.items() if name != "红联村"})
        decide(plan, "红联村", "correct", Wish("keep"), reason="统计用区划暂未收录")
        assert carry_out(plan) == 1
        assert Division.objects.get(code="420582103200").valid_to is None
        plan.refresh_from_db()
        assert plan.state == PlanState.APPLIED

    @pytest.mark.parametrize(
        ("wish", "why"),
        [
            (Wish("recode", "420582104200"), "现在是曹岗村的"),
            (Wish("recode", "420582999200"), "上级"),
            (Wish("recode", "420582000000"), "同一层级"),
            (Wish("merge", "420582104000"), "同一层级"),
            (Wish("merge", "420582104999"), "现行的代码"),
            (Wish("rename"), "新名称"),
            (Wish("add"), "不能改成"),
        ],
    )
    def test_that_cannot_be_is_refused(self, wish: Wish, why: str) -> None:
        plan = plan_of({code: name for code, name in COUNTY.items() if name != "红联村"})
        with pytest.raises(Invalid, match=why):
            decide(plan, "红联村", "correct", wish)
        assert line_of(plan, "红联村").state == ChangeState.PROPOSED


@pytest.mark.usefixtures("county")
class TestUndo:
    def test_brings_everything_back_where_it_was(self, north: Hall) -> None:
        before = {hall.pk: (hall.division_id, hall.prefixes) for hall in Hall.objects.all()}
        rows = dict(MOVED)
        del rows["420599103200"]
        rows["420599103201"] = "星火红联村"
        plan = plan_of(rows | {"420599105000": "两河镇"})
        accept_guesses(by=person("zhao"), plan=plan)
        carry_out(plan)
        assert Hall.objects.get(slug="village").division.code == "420599103201"
        ids = list(plan.changes.values_list("pk", flat=True))
        with pytest.raises(Conflict, match="一并撤回"):
            undo_changes(by=person("zhao"), plan=plan, change_ids=[line_of(plan, "当阳市").pk], reason="误")
        undo_changes(by=person("zhao"), plan=plan, change_ids=ids, reason="批复有误")
        assert {hall.pk: (hall.division_id, hall.prefixes) for hall in Hall.objects.all()} == before
        assert (
            dict(Division.objects.filter(valid_to=None, code__startswith="4205").values_list("code", "name")) == COUNTY
        )
        assert set(plan.changes.values_list("state", flat=True)) == {ChangeState.POSTPONED}
        assert CodeMove.objects.filter(is_undone=True).count() == len(ids)
        for line in plan.changes.all():
            decision = Decision(line.pk, line.revision, DecisionAct.ACCEPT)
            decide_changes(by=person("zhao"), plan=plan, decisions=[decision])
        assert carry_out(plan) == len(ids)

    def test_ends_no_other_place_that_has_the_code_now(self) -> None:
        rows = COUNTY | {"420582104203": "普救寺村"}
        plan = plan_of(rows)
        accept_guesses(by=person("zhao"), plan=plan)
        carry_out(plan)
        # the new one moved on, and an old one came to its code
        later = rows | {"420582104203": "曹岗村", "420582104204": "普救寺村"}
        del later["420582104200"]
        apply(later)
        with pytest.raises(Conflict, match="后来又有变更"):
            undo_changes(by=person("zhao"), plan=plan, change_ids=[plan.changes.get().pk], reason="误")
        assert Division.objects.get(name="曹岗村").valid_to is None

    def test_is_refused_where_a_later_file_changed_it_again(self) -> None:
        plan = plan_of(COUNTY | {"420582104200": "曹家岗村"})
        accept_guesses(by=person("zhao"), plan=plan)
        carry_out(plan)
        apply(COUNTY | {"420582104200": "曹岗社区"})
        with pytest.raises(Conflict, match="后来又有变更"):
            undo_changes(by=person("zhao"), plan=plan, change_ids=[plan.changes.get().pk], reason="误")


@pytest.mark.usefixtures("county")
class TestApplying:
    def test_that_is_killed_halfway_goes_on(self) -> None:
        plan = plan_of(COUNTY | {f"4205821042{number}": f"新{number}村" for number in range(10, 16)})
        accept_guesses(by=person("zhao"), plan=plan)
        real, calls = plans_module.touch_halls, iter(range(9))

        def dies(hall_ids: list[Any]) -> None:
            if next(calls) == 2:
                raise KeyboardInterrupt
            real(hall_ids)

        with patch.object(plans_module, "LINES_AT_ONCE", 2):
            with patch.object(plans_module, "touch_halls", dies), pytest.raises(KeyboardInterrupt):
                carry_out(plan)
            done = plan.changes.filter(state=ChangeState.APPLIED).count()
            assert done == 4
            assert carry_out(plan) == 2
        assert Division.objects.filter(code__startswith="4205821042", valid_to=None).count() == 9


@pytest.mark.usefixtures("county")
class TestTable:
    def test_goes_out_and_comes_back_with_decisions(self) -> None:
        plan = plan_of(COUNTY | {"420582104200": "曹家岗村", "420582104201": "勤丰社区", "420582104203": "普救寺村"})
        rows = [list(row) for row in decision_rows(plan)]
        act, kind, reason = (TABLE_HEADINGS.index(name) for name in ("决定", "更正为", "原因"))
        by_name = {row[TABLE_HEADINGS.index("新名称")]: row for row in rows}
        by_name["曹家岗村"][act] = "采纳"
        by_name["勤丰社区"][act], by_name["勤丰社区"][reason] = "暂缓", "等复函"
        by_name["普救寺村"][act], by_name["普救寺村"][kind] = "更正", "不存在的"
        with pytest.raises(Invalid, match="1 处错误"):
            import_decisions(by=person("zhao"), plan=plan, file=BytesIO(workbook(rows)))
        assert set(plan.changes.values_list("state", flat=True)) == {ChangeState.PROPOSED}
        by_name["普救寺村"][kind] = "维持现状"
        done = import_decisions(by=person("zhao"), plan=plan, file=BytesIO(workbook(rows)))
        assert (done.rows, done.decided) == (3, 3)
        with pytest.raises(Conflict, match="已经变过"):
            import_decisions(by=person("zhao"), plan=plan, file=BytesIO(workbook(rows)))
        assert sorted(plan.changes.values_list("state", flat=True)) == ["accepted", "corrected", "postponed"]


def workbook(rows: list[list[Any]]) -> bytes:
    from foundation.exports import export_table

    return bytes(export_table("xlsx", "t", TABLE_HEADINGS, rows).content)


@pytest.mark.usefixtures("county")
class TestInterface:
    def test_decides_and_carries_out(self) -> None:
        zhao, plan = program_of("zhao"), plan_of(MOVED)
        root = f"{ROOT}/plans/{plan.pk}"
        lines = zhao.get(f"{root}/changes", {"state": "proposed"}).json()["items"]
        whole = zhao.get(f"{root}/changes/{lines[0]['id']}").json()
        assert len(whole["group"]) == 9
        assert whole["touched"]["halls"] >= 1
        decisions = [{"change_id": one["id"], "revision": one["revision"], "act": "accept"} for one in lines]
        answers = [post(zhao, f"{root}/decisions", {"decisions": decisions}) for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 409]
        assert zhao.get(f"{root}/forecast").json()["lines"] == 9
        assert zhao.get(f"{root}/table").content.startswith(b"PK")
        assert post(zhao, f"{root}/apply").json()["lines"] == 9
        undone = post(zhao, f"{root}/undo", {"change_ids": [one["id"] for one in lines], "reason": "误"})
        assert undone.json() == {"count": 9}


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(path, body or {}, content_type="application/json")


@pytest.mark.usefixtures("county")
class TestPages:
    def test_decide_together_correct_carry_out_and_take_back(self) -> None:
        zhao = client_of("zhao")
        plan = plan_of(MOVED)
        address = f"/console/divisions/plans/{plan.pk}/"
        page = zhao.get(address).content.decode()
        assert "与另外 8 项牵连" in page
        line = line_of(plan, "曹岗村")
        together = zhao.get(f"{address}?with={line.pk}").content.decode()
        assert "相互牵连的 9 项" in together
        seen = together.split('name="line" value="')[1].split('"')[0]
        zhao.post(f"{address}decide/", {"line": seen, "act": "accept", "with": str(line.pk)})
        assert "执行这 9 项" in zhao.get(address).content.decode()
        line.refresh_from_db()
        own = f"{address}changes/{line.pk}/"
        wish = {"act": "correct", "revision": line.revision, "kind": "recode", "code": "420599104299", "name": ""}
        assert zhao.post(own, wish | {"code": "12"}).status_code == 422
        assert zhao.post(own, wish, follow=True).status_code == 200
        assert "赵" in zhao.get(own).content.decode()
        assert zhao.post(own, wish | {"kind": "keep"}).status_code == 409
        zhao.post(address, {"act": "apply"})
        assert Division.objects.get(name="曹岗村").code == "420599104299"
        refusal = zhao.post(own, {"act": "undo", "reason": "批复有误"})
        assert (refusal.status_code, "原来的上级" in refusal.content.decode()) == (409, True)
        done = [f"{one.pk}:{one.revision}" for one in plan.changes.filter(state="applied")]
        zhao.post(f"{address}decide/", {"line": done, "act": "undo", "reason": "批复有误"})
        assert "已撤回：批复有误" in zhao.get(own).content.decode()
        assert zhao.get(f"{address}?format=xlsx").content.startswith(b"PK")
        assert client_of("sun").get(own).status_code == 403


def test_a_file_loaded_again_finds_a_plan_that_is_begun(county: None) -> None:
    rows = COUNTY | {"420582104200": "曹家岗村", "420582104201": "勤丰社区"}
    plan = plan_of(rows)
    decide(plan, "曹岗村")
    carry_out(plan)
    lines = [f"{code},{name}" for code, name in rows.items()]
    again = load_divisions(by=person("zhao"), source="new.csv", lines_or_bytes=lines, effective_on=NEW_YEAR)
    assert again.plan_id == plan.pk
