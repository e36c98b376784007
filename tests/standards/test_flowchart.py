"""The flow chart of an item: what it says, how it is written, and what an editor is told of the steps."""

import re
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from province.catalogue.base_list.reading import BaseItem, read_base_list
from standards.items.flowchart import Layout, chart_of, draw, table_of
from tests.standards.flows import CASES, FLOWS, flow_of
from tests.strays import Strays

DRAWN = [item for item in read_base_list() if item.values.get("flow")]
USUAL = flow_of("受理", position="窗口工作人员") + flow_of("审查", "决定") + flow_of("制证和送达")
SITE = {"step": "site", "days": 5, "unit": "1", "note": "到现场看"}
SVG = "{http://www.w3.org/2000/svg}"
PAYLOADS = (
    "<script>alert(1)</script>",
    "</text></svg><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "{{ 7|add:7 }}{% now 'Y' %}",
    "]]><!--&#x3c;script>",
)


def chart_for(item: BaseItem, **changed: Any) -> Any:
    values = {**item.values, **changed}
    return chart_of(
        values["flow"],
        case_type=values.get("case_type", ""),
        excluded_steps=values.get("excluded_steps", ()),
        limits=values,
        title=item.name,
        item_type=item.item_type,
    )


def titles(flow: list[dict[str, Any]], **case: Any) -> list[str]:
    chart = chart_of(flow, **case)
    assert chart
    return [step.title for step in chart.steps]


def words_in(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own


class TestStages:
    def test_begin_with_the_application_and_end_in_the_file(self) -> None:
        assert titles(USUAL, case_type="promised", item_type="01") == [
            *("申请", "受理", "是否受理？", "审查", "决定", "是否准予？", "制证和送达", "收到结果", "归档")
        ]

    def test_send_back_what_is_lacking_to_where_it_was_asked_for(self) -> None:
        chart = chart_of(USUAL, case_type="promised", item_type="01")
        assert chart
        (asked,) = (step for step in chart.steps if step.title == "是否受理？")
        assert asked.ways == (
            "是：继续办理",
            "否：一次告知补正（材料不全的，当场或 5 个工作日内一次告知），补正后回到“受理”",
            "否：不予受理（不属于本机关职权的，出具书面凭证）",
        )

    def test_of_a_case_done_at_once_ask_only_once(self) -> None:
        assert titles(flow_of("受理", "办结"), case_type="instant", item_type="07") == [
            *("申请", "受理", "是否受理？", "办结", "送达", "归档")
        ]

    def test_of_a_case_to_be_completed_wait_for_what_is_brought(self) -> None:
        assert titles(USUAL, case_type="completed")[2:5] == ["是否受理？", "补齐材料", "是否补齐？"]

    def test_of_a_reported_case_go_upward_before_the_decision(self) -> None:
        assert titles(USUAL, case_type="reported")[4:7] == ["决定", "报上级机关审批", "是否准予？"]
        assert "报上级机关审批" not in titles(flow_of("受理", "审查并上报", "决定"), case_type="reported")

    def test_of_a_joint_case_go_to_all_departments(self) -> None:
        assert titles(USUAL, case_type="joint")[3] == "联合审查"
        assert "联合审查" not in titles(flow_of("受理", "联审比对", "确认"), case_type="joint")

    @pytest.mark.parametrize(
        ("item_type", "asked"),
        [("01", "是否准予？"), ("05", "是否给付？"), ("07", "是否确认？"), ("08", "是否奖励？"), ("20", "能否办理？")],
    )
    def test_ask_in_the_words_of_the_items_type(self, item_type: str, asked: str) -> None:
        assert asked in titles(USUAL, case_type="promised", item_type=item_type)

    @pytest.mark.parametrize("item_type", ["02", "03", "04", "06"])
    def test_of_what_an_authority_does_by_itself_know_no_application(self, item_type: str) -> None:
        found = titles(flow_of("立案", "调查", "决定"), item_type=item_type)
        assert found == ["依职权启动", "立案", "调查", "决定", "送达", "归档"]

    def test_imply_a_review_where_the_steps_name_none(self) -> None:
        found = titles(flow_of("受理", "发证"), case_type="promised", excluded_steps=[SITE])
        assert found[1:6] == ["受理", "是否受理？", "审查", "是否准予？", "发证"]

    def test_hang_special_procedures_on_the_review(self) -> None:
        chart = chart_of(USUAL, case_type="promised", excluded_steps=[SITE])
        assert chart
        assert [(step.title, step.excluded) for step in chart.steps if step.excluded] == [
            ("审查", ("现场勘验（5 个工作日；到现场看）",))
        ]
        assert 'stroke-dasharray="5 4"' in chart.wide

    def test_call_another_procedure_by_its_note(self) -> None:
        other = {"step": "other", "days": 30, "unit": "2"}
        chart = chart_of(USUAL, excluded_steps=[{**other, "note": "离婚冷静期"}, other])
        assert chart
        assert [step.excluded for step in chart.steps if step.excluded] == [
            ("离婚冷静期（30 个自然日）", "其他程序（30 个自然日）")
        ]

    def test_are_folded_where_there_are_too_many(self) -> None:
        found = titles(flow_of(*["核对"] * 200), case_type="promised")
        assert "另有 161 个环节" in found
        chart = chart_of(USUAL, excluded_steps=[SITE] * 20)
        assert chart
        assert [step.excluded[-1] for step in chart.steps if step.excluded] == ["另有 17 项（现场勘验）"]


class TestSummary:
    def test_adds_the_steps_up(self) -> None:
        limits = {"promised_days": 4, "promised_unit": "1", "statutory_days": 20, "statutory_unit": "1"}
        chart = chart_of(USUAL, case_type="promised", limits=limits)
        assert chart
        assert chart.summary == ("承诺件", "承诺时限 4 个工作日", "法定时限 20 个工作日", "各环节合计 4 个工作日")

    def test_says_once_what_is_done_at_once(self) -> None:
        at_once = [{"act": "受理", "position": "窗口", "days": 0, "unit": "0"}]
        chart = chart_of(at_once, case_type="instant", limits={"promised_days": 0, "promised_unit": "0"})
        assert chart
        assert chart.summary == ("即办件", "当场办结")
        assert chart.steps[1].limit == "当场"

    def test_keeps_days_of_two_kinds_apart(self) -> None:
        chart = chart_of([*USUAL, {"act": "公示", "position": "县残联", "days": 7, "unit": "2"}])
        assert chart
        assert chart.summary == ("各环节合计 4 个工作日 + 7 个自然日",)

    def test_says_nothing_where_a_step_says_nothing(self) -> None:
        chart = chart_of([*USUAL, {"act": "公示", "position": "县残联"}])
        assert chart
        assert chart.summary == ()


@pytest.mark.parametrize("layout", Layout, ids=lambda layout: layout.value)
class TestDraw:
    def test_says_every_step_with_all_its_cells(self, layout: Layout) -> None:
        step = {"act": "受理", "position": "窗口", "days": 2, "unit": "1", "material": "申请书", "standard": "齐全"}
        words = "".join(words_in(draw([step], title="取水许可", case_type="promised", layout=layout)))
        for said in ("取水许可办理流程图", "受理", "窗口", "2 个工作日", "申请书", "齐全", "否", "是", "归档"):
            assert said in words

    def test_names_itself_to_screen_readers(self, layout: Layout) -> None:
        svg = ET.fromstring(draw(USUAL, title="取水许可", layout=layout))  # noqa: S314 - our own
        named = [svg.find(f".//*[@id='{name}']") for name in svg.attrib["aria-labelledby"].split()]
        assert svg.attrib["role"] == "img"
        assert [element.text for element in named if element is not None] == [
            "取水许可办理流程图",
            "各环节合计 4 个工作日；申请→受理→是否受理→审查→决定→是否准予→制证和送达→收到结果→归档",
        ]

    def test_gives_the_same_bytes_for_the_same_values(self, layout: Layout) -> None:
        assert draw(USUAL, title="取水许可", layout=layout) == draw(list(USUAL), title="取水许可", layout=layout)

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_shows_as_text_whatever_people_typed(self, layout: Layout, payload: str) -> None:
        step = {"act": payload, "position": payload, "days": 1, "unit": "1", "material": payload, "standard": payload}
        note = {**SITE, "note": payload, "basis": payload}
        svg = draw([step, *USUAL], title=payload, excluded_steps=[note], case_type="promised", layout=layout)
        tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}  # noqa: S314 - our own
        assert tags <= {"svg", "title", "desc", "g", "rect", "path", "polygon", "text"}
        names = {name for element in ET.fromstring(svg).iter() for name in element.attrib}  # noqa: S314
        assert not [name for name in names if name.startswith("on") or name in {"style", "href"}]
        assert payload not in svg or escape(payload) == payload

    def test_keeps_within_bounds(self, layout: Layout) -> None:
        step = {"act": "审" * 4000, "position": "岗" * 4000, "days": 1, "unit": "1", "material": "材" * 4000}
        flow = [{**step, "position": f"{number}{'岗' * 4000}", "standard": "标 " * 4000} for number in range(200)]
        svg = draw(flow, title="名" * 4000, excluded_steps=[{**SITE, "note": "说" * 4000}] * 200, layout=layout)
        assert len(svg) < 120_000
        assert "…" in svg

    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
    @given(flow=FLOWS, case=CASES)
    def test_is_always_xml(self, layout: Layout, flow: list[dict[str, Any]], case: dict[str, Any]) -> None:
        excluded = case.pop("excluded")
        svg = draw(flow, title=flow[0]["act"], excluded_steps=excluded, layout=layout, **case)
        assert ET.fromstring(svg).attrib["role"] == "img"  # noqa: S314 - our own

    @given(
        flow=st.lists(st.one_of(st.none(), st.integers(), st.dictionaries(st.text(), st.integers())), max_size=4),
        limits=st.dictionaries(st.sampled_from(["promised_days", "promised_unit", "correct_days"]), st.text()),
    )
    def test_takes_whatever_it_is_given(self, layout: Layout, flow: list[Any], limits: dict[str, Any]) -> None:
        draw(flow, limits=limits, excluded_steps=flow, case_type="?", item_type="?", layout=layout)

    def test_is_empty_without_steps(self, layout: Layout) -> None:
        assert draw([], title="取水许可", layout=layout) == ""


class TestBaseList:
    def test_is_drawn_whole(self) -> None:
        with Strays(least=60) as strays:
            for item in DRAWN:
                with strays.of(item.name):
                    chart = chart_for(item)
                    assert not chart.is_tall
                    assert "…" not in chart.wide + chart.narrow + chart.slim


class TestPart:
    def test_shows_three_drawings_and_the_same_in_words(self) -> None:
        chart = chart_for(next(item for item in DRAWN if item.name == "食品经营许可"))
        page = render_to_string("catalogue/flowchart.html", {"chart": chart})
        assert page.count("<svg") == 3
        assert len(set(re.findall(r'\bid="([^"]+)"', page))) == len(re.findall(r'\bid="', page)) == 6
        assert page.count("<strong>") == len(chart.steps) == 9
        assert "不计入时限：现场勘验（5 个工作日；" in page
        assert "style=" not in page
        assert '<details class="flowchart-text">' in page

    def test_has_the_words_on_paper_where_the_drawing_is_too_tall(self) -> None:
        chart = chart_of(flow_of(*["审查"] * 12))
        page = render_to_string("catalogue/flowchart.html", {"chart": chart})
        assert 'data-paper="text"' in page
        assert '<details class="flowchart-text" open>' in page

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_shows_as_text_whatever_people_typed(self, payload: str) -> None:
        chart = chart_of([{"act": payload, "position": payload, "material": payload}], title=payload)
        page = render_to_string("catalogue/flowchart.html", {"chart": chart})
        assert payload not in page or escape(payload) == payload

    def test_is_nothing_without_steps(self) -> None:
        assert chart_of([]) is None
        assert render_to_string("catalogue/flowchart.html", {"chart": None}).strip() == ""


class TestTable:
    def test_has_a_row_for_a_step_and_a_column_for_a_cell(self) -> None:
        table = table_of(USUAL)
        assert [column.label for column in table.columns] == [
            *("环节", "办理岗位", "环节时限", "环节时限单位", "环节材料", "审查标准")
        ]
        assert [cell.value for cell in table.rows[0].cells] == ["受理", "窗口工作人员", 1, "1", "", ""]
        assert table.is_sound

    def test_tells_what_is_wrong_where_it_is(self) -> None:
        table = table_of([{"act": "受理", "position": "", "days": -1, "unit": "x", "other": "?"}])
        (row,) = table.rows
        assert {cell.name: cell.messages for cell in row.cells if cell.messages} == {
            "position": ("「办理流程」第 1 项缺少「办理岗位」。",),
            "days": ("「办理流程」第 1 项的「环节时限」应在 0 到 3650 之间，现在是 -1。",),
            "unit": row.cells[3].messages,
        }
        assert row.messages == ("「办理流程」第 1 项没有“other”这一栏。",)
        assert not table.is_sound

    def test_holds_the_steps_to_the_promise(self) -> None:
        table = table_of(USUAL, limits={"promised_days": 3, "promised_unit": "1", "name": "不看"})
        assert table.messages == ("「办理流程」各环节的时限加起来超过「承诺办结时限」（3 个工作日），请调整环节时限。",)

    @pytest.mark.parametrize("flow", [None, "受理", [1, None], [[]], {}, [{"act": 5}]])
    def test_takes_whatever_it_is_given(self, flow: Any) -> None:
        table_of(flow)

    def test_is_empty_and_sound_for_a_flow_not_begun(self) -> None:
        assert table_of([]).rows == ()
        assert table_of([]).is_sound
