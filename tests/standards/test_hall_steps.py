"""What a hall says of the steps of a flow: who does them there and how long, within its own promise."""

from typing import Any

import pytest

from standards.items import check, effective, fitting
from standards.items.flowchart import chart_of
from standards.items.handling import handled
from standards.items.layers import ways_of
from tests.factories.items import whole_hall_guide, whole_item

# the province: 受理 2 days, 决定 3 days, promised 10
PROMISE = {"promised_days": 4, "promised_unit": "1"}


def step(act: str, days: int | None = None, **facts: Any) -> dict[str, Any]:
    return {"act": act} | ({} if days is None else {"days": days, "unit": "1"}) | facts


def row(code: str, **facts: Any) -> dict[str, Any]:
    return {"code": code, "name": f"办理项{code}", "kind": "change", **facts}


def found(*steps: dict[str, Any], province: Any = None, **hall: Any) -> Any:
    own = whole_hall_guide() | hall | {"hall_steps": list(steps)}
    return check(family="power", item_type="01", values={**whole_item(), **(province or {})}, hall_values=own)


def flow(*steps: dict[str, Any], **hall: Any) -> list[tuple[str, str, int | None]]:
    together = effective(whole_item(), whole_hall_guide() | hall | {"hall_steps": list(steps)})
    return [(one["act"], one["position"], one.get("days")) for one in together["flow"]]


class TestHallSteps:
    def test_stand_in_place_of_the_provinces(self) -> None:
        steps = (step("受理", 1, position="综合窗口"), step("决定", position="首席代表"))
        assert flow(*steps) == [("受理", "综合窗口", 1), ("决定", "首席代表", 3)]
        assert found(*steps).is_ready

    def test_are_not_said_where_they_are_longer_than_the_promise_and_the_hall_says_none(self) -> None:
        assert flow() == [("受理", "窗口", 2), ("决定", "分管负责人", 3)]
        assert flow(**PROMISE) == [("受理", "窗口", None), ("决定", "分管负责人", None)]
        # what the hall says itself is said; the province's beside it only as far as all fit
        assert flow(step("决定", 2), **PROMISE) == [("受理", "窗口", 2), ("决定", "分管负责人", 2)]
        assert flow(step("决定", 3), **PROMISE) == [("受理", "窗口", None), ("决定", "分管负责人", 3)]
        assert found(**PROMISE).is_ready
        chart = chart_of(effective(whole_item(), PROMISE)["flow"], limits=PROMISE)
        assert chart is not None
        assert not any("合计" in words for words in chart.summary)

    def test_never_take_longer_together_than_what_is_promised(self) -> None:
        [fault] = found(step("受理", 2), step("决定", 3), **PROMISE).hall.faults
        assert (fault.where, fault.message) == (
            "hall_steps",
            "「本厅的办理环节」的时限加起来超过「承诺办结时限」（4 个工作日），请缩短环节时限。",
        )
        assert found(step("受理", 1), step("决定", 3), **PROMISE).is_ready

    @pytest.mark.parametrize(
        ("own", "where"),
        [
            (step("没有", 1), "hall_steps.1.act"),
            (step("受理", 1, code="01"), "hall_steps.1.code"),
            (step("受理"), "hall_steps.1.position"),
            ({"act": "受理", "days": 1}, "hall_steps.1.unit"),
            (step("受理", 0), "hall_steps.1.days"),
            ({"act": "受理", "days": 1, "unit": "0"}, "hall_steps.1.days"),
        ],
    )
    def test_are_refused_at_their_place_and_left_out_of_the_page(self, own: dict[str, Any], where: str) -> None:
        assert [fault.where for fault in found(own).hall.faults] == [where]
        kept = fitting(
            family="power",
            item_type="01",
            values=whole_item(),
            hall_values=whole_hall_guide() | {"hall_steps": [own, step("决定", 1)]},
        )
        assert kept["hall_steps"] == [step("决定", 1)]

    def test_go_with_the_promise_that_a_newer_version_overrules(self) -> None:
        shorter = whole_item() | {"promised_days": 3, "flow": [step("受理", 1, position="窗口")]}
        hall = whole_hall_guide() | {"promised_days": 4, "hall_steps": [step("受理", 4)]}
        assert (
            "hall_steps"
            in hall.keys() - fitting(family="power", item_type="01", values=shorter, hall_values=hall).keys()
        )

    def test_of_a_handling_item_stand_above_those_of_all(self) -> None:
        layers = {"handling_items": [row("01"), row("02", promised_days=3, flow=[{"act": "决定", "days": 2}])]}
        steps = [step("决定", 3), step("决定", 1, code="02", position="首席代表")]
        together = effective(whole_item() | layers, whole_hall_guide() | {"hall_steps": steps})
        first, second = (handled(together, one)["flow"] for one in layers["handling_items"])
        assert [one["days"] for one in first] == [2, 3]
        assert [(one["position"], one["days"]) for one in second] == [("首席代表", 1)]
        assert found(*steps, province=layers).is_ready
        assert not found(step("决定", 4), province=layers).hall.is_complete

    def test_keep_to_the_promise_of_each_way(self) -> None:
        quick = {"code": "1", "label": "加急", "promised_days": 2, "promised_unit": "1"}
        other = {"code": "2", "label": "不急", "note": "照常"}
        asked = [{"code": "1", "question": "急吗？", "answers": [quick, other]}]
        province = whole_item() | {
            "situations": asked,
            "flow": [step("受理", 1, position="窗口"), step("决定", 1, position="分管负责人")],
        }
        assert not check(family="power", item_type="01", values=province).contradictions
        assert not found(step("受理", 1), province=province).contradictions
        [one] = found(step("受理", 3), province=province).contradictions
        assert one.code == "steps-over-promise"
        assert "选“加急”时" in one.message
        ways = list(ways_of(effective(province, whole_hall_guide() | {"hall_steps": [step("受理", 2)]})))
        assert [[one.get("days") for one in way.values["flow"]] for way in ways] == [[2, None], [2, 1]]
