"""What citizens read of an item: every element that they are shown, in the order in which they ask, in their words."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.design.inputs import FileLink
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.queries.guide import Guide, GuideAnswer, Look, guide_of
from province.catalogue.queries.linked_facts import linked_facts_of
from standards.items import BY_NAME, ELEMENTS, Element, Kind, Section
from standards.items.codelists import TYPES_OF, ItemType
from standards.items.words import SPOKEN, as_spoken, as_written
from tests.browser_post import form_of
from tests.factories.items import values_of, whole_hall_guide, whole_item

ITEMS = read_base_list()
FILE = "0b9d3c5e-1f5c-4b0a-9c0d-1a2b3c4d5e6f"
NUMBERS = {"promised_days", "statutory_days"}


def licence(changes: Mapping[str, Any] | None = None, hall: Mapping[str, Any] | None = None, **options: Any) -> Guide:
    return guide_of("01", whole_item() | dict(changes or {}), whole_hall_guide() | dict(hall or {}), **options)


def html_of(guide: Guide, **context: Any) -> str:
    return render_to_string("catalogue/guide.html", {"guide": guide, **context})


def answer(guide: Guide, name: str) -> GuideAnswer:
    (found,) = (one for one in guide.answers if one.name == name)
    return found


def words(changes: Mapping[str, Any], name: str, hall: Mapping[str, Any] | None = None) -> str:
    return "".join(answer(licence(changes, hall), name).words)


class TestGuide:
    def test_answers_in_the_order_in_which_people_ask(self) -> None:
        assert [part.heading for part in licence().parts] == [
            *("要带什么", "能不能办", "到哪里办、什么时候", "要多久", "要花多少钱", "怎么办", "办成后拿到什么"),
            *("办不成、不满意怎么办", "常见问题", "依据是什么", "基本信息"),
        ]

    def test_says_of_what_the_window_looks_up_that_nobody_brings_it_and_where_it_is_from(self) -> None:
        row = whole_item()["materials"][0] | {"name": "户口簿", "kind": "2"}
        looked_up = row | {"exemption": "data", "exempt_source": "公安部门的户籍数据"}
        later = row | {"name": "体检表", "need": "3", "later_days": 5}
        exempt, after = answer(licence({"materials": [looked_up, later]}), "materials").entries
        assert exempt.brief == ("免提交：窗口查询共享数据，不用您交",)
        assert ("窗口从哪里查", ("公安部门的户籍数据",)) in {(one.heading, one.words) for one in exempt.others}
        assert not any("带" in word or "份" in word for word in exempt.brief)
        assert {"可以后补", "5 个工作日内补交"} <= set(after.brief)

    def test_of_what_is_made_public_begins_with_what_it_is(self) -> None:
        guide = guide_of("21", {"name": "预算", "disclosed": "预算报告", "disclosure_manner": "own"})
        assert [part.heading for part in guide.parts] == ["公开内容", "基本信息"]
        assert [one.words for one in guide.at_a_glance] == [("主动公开",)]

    def test_shows_every_element_that_citizens_are_shown_and_no_other(self) -> None:
        values = {**whole_item(), "fees": [], **whole_hall_guide()}
        units = {element.unit_in for element in ELEMENTS}
        expected = {
            name for name in values if BY_NAME[name].shown_as and values[name] not in ([], "") and name not in units
        }
        # said in one sentence with what is promised; the page's title
        assert {one.name for one in licence({"fees": []}).answers} == expected - {"statutory_days", "name"} | {
            "item_type"
        }

    def test_says_at_once_how_long_how_much_and_how_often(self) -> None:
        assert [one.words for one in licence().at_a_glance] == [
            *(("10 个工作日内办好，法律规定最长 20 个工作日",), ("不收费",)),
            *(("12 号，人民路 1 号",), ("0700-1234567",)),
            *(("最多跑 1 次",), ("能",)),
        ]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({}, "10 个工作日内办好，法律规定最长 20 个工作日"),
            ({"promised_unit": "2"}, "10 个自然日内办好，法律规定最长 20 个工作日"),
            ({"promised_days": 0, "promised_unit": "0"}, "当场办好，法律规定最长 20 个工作日"),
            ({"statutory_days": 0, "statutory_unit": "9"}, "10 个工作日内办好，法律没有规定时限"),
            ({"statutory_days": None, "statutory_unit": None}, "10 个工作日内办好"),
            ({"promised_days": 0, "promised_unit": "0", "statutory_days": 0, "statutory_unit": "0"}, "当场办好"),
        ],
    )
    def test_says_how_long_as_people_say_it(self, changes: dict[str, Any], sentence: str) -> None:
        assert words(changes, "promised_days") == sentence

    def test_says_what_the_law_allows_where_nothing_is_promised(self) -> None:
        guide = licence({"promised_days": None, "promised_unit": None})
        assert answer(guide, "statutory_days").words == ("20 个工作日",)

    def test_lets_the_hall_s_own_promise_count(self) -> None:
        assert words({}, "promised_days", {"promised_days": 5}).startswith("5 个工作日内办好")

    def test_shows_what_a_hall_adds_behind_the_province_s(self) -> None:
        guide = licence(hall={"questions": [{"question": "几楼？", "answer": "二楼。"}]})
        assert [entry.title for entry in answer(guide, "questions").entries] == ["要多久？", "几楼？"]

    @pytest.mark.parametrize(
        ("changes", "name", "said"),
        [
            ({"has_fee": True}, "has_fee", "收费"),
            ({"visits": 0}, "visits", "一次都不用跑"),
            ({"audiences": ["1", "2", "6"]}, "audiences", "个人、企业、其他组织"),
            ({"area": "9"}, "area", "只能在本地办"),
            ({"accept_days": 5}, "accept_days", "5 个工作日"),
            ({"case_type": "instant"}, "case_type", "当场就能办好"),
        ],
    )
    def test_speaks_as_people_do(self, changes: dict[str, Any], name: str, said: str) -> None:
        assert words(changes, name) == said

    def test_answers_what_can_be_done_with_the_verb_of_the_question(self) -> None:
        guide = licence(hall={"is_in_centre": False, "has_booking": False, "has_kiosk": True})
        assert [answer(guide, name).words for name in ("is_in_centre", "has_booking", "has_kiosk", "is_mailed")] == [
            *(("不在",), ("不能",), ("能",), ("能",)),
        ]

    def test_makes_a_checklist_of_the_materials(self) -> None:
        materials = answer(licence(), "materials")
        assert materials.look is Look.CHECKLIST
        assert materials.entries[0].title == "食品经营许可申请书"
        assert materials.entries[0].brief == ("必须带", "原件", "纸质或电子", "1 份", "自己准备")
        html = html_of(licence())
        assert '<input type="checkbox" id="take-materials-1">' in html
        assert '<label for="take-materials-1">食品经营许可申请书</label>' in html

    def test_shows_files_that_may_be_shown_and_no_others(self) -> None:
        changes = {"materials": [whole_item()["materials"][0] | {"blank_form": FILE}]}
        html = html_of(licence(changes, files={FILE: FileLink("申请表.docx", f"/files/{FILE}")}))
        assert f'<a href="/files/{FILE}">申请表.docx</a>' in html
        assert FILE not in html_of(licence(changes))

    def test_dials(self) -> None:
        html = html_of(licence(hall={"complaints": "12345 政务服务便民热线", "consult_address": "人民路 10 号"}))
        assert '<a href="tel:0700-1234567">0700-1234567</a>' in html
        assert '<a href="tel:12345">12345 政务服务便民热线</a>' in html
        assert "tel:420131001000" not in html
        assert "人民路 10 号</p>" in html

    def test_leads_to_where_one_applies_and_to_no_script(self) -> None:
        guide = licence(hall={"online_link": "https://a.example/b", "mobile_link": "javascript:alert(1)"})
        html = html_of(guide)
        assert '<a href="https://a.example/b">https://a.example/b</a>' in html
        assert 'href="javascript' not in html

    def test_cites_laws(self) -> None:
        changes = {"laws": [{"law": "食品安全法", "article": "第三十五条", "text": "国家对食品生产经营实行许可制度。"}]}
        html = " ".join(html_of(licence(changes)).split())
        assert "<summary>《食品安全法》第三十五条</summary> <p>国家对食品生产经营实行许可制度。</p>" in html

    def test_names_villages_in_a_line_and_folds_many(self) -> None:
        villages = [{"code": f"42058210{number:04}", "name": f"第{number}村"} for number in range(40)]
        html = html_of(licence(hall={"villages": villages}))
        assert "共 40 个，查看名单" in html
        assert "第0村、第1村、" in html
        assert "420582100001" not in html

    def test_escapes_what_people_wrote(self) -> None:
        assert "<script>" not in html_of(licence({"name": "<script>", "conditions": "<script>"}), note="<script>")

    def test_says_that_it_is_a_sample(self) -> None:
        assert '<p class="guide-note" role="note">样例</p>' in html_of(licence(), note="样例")

    def test_of_any_item_of_the_base_list_is_drawn(self) -> None:
        for item in ITEMS:
            guide = guide_of(item.item_type, item.values, item.hall_values)
            html = html_of(guide)
            assert guide.name == item.name
            assert item.name in html
            units = {element.unit_in for element in ELEMENTS}
            values = {**item.values, **item.hall_values}
            for name, value in values.items():
                element = BY_NAME[name]
                if element.when and not element.when.applies(values):
                    continue
                if element.shown_as and name not in units | NUMBERS and element.kind in {Kind.CHOICE, Kind.LINE}:
                    assert as_spoken(element, value) in html.replace("&quot;", '"').replace("&#x27;", "'"), name
            ids = form_of(html).ids
            assert len(ids) == len(set(ids))
            assert "None" not in html

    @settings(max_examples=40)
    @given(data=st.data())
    def test_of_any_values_is_drawn(self, data: st.DataObject) -> None:
        item_type = data.draw(st.sampled_from([one for types in TYPES_OF.values() for one in sorted(types)]))
        elements = [element for element in ELEMENTS if item_type in element.applies]
        strategies = {element.name: values_of(element) for element in elements}
        values = data.draw(st.fixed_dictionaries({}, optional=strategies))
        assert html_of(guide_of(item_type, values))

    @settings(max_examples=60)
    @given(data=st.data())
    def test_of_nonsense_is_drawn(self, data: st.DataObject) -> None:
        leaves = (
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1", "9"])
        )
        cells = st.sampled_from([cell.name for element in ELEMENTS for cell in element.cells])
        anything = st.recursive(leaves, lambda one: st.lists(one, max_size=3) | st.dictionaries(cells, one, max_size=3))
        names = st.sampled_from([*BY_NAME, "nothing"])
        values = data.draw(st.dictionaries(names, anything, max_size=15))
        own = data.draw(st.dictionaries(names, anything, max_size=15))
        item_type = data.draw(st.sampled_from(["01", "20", "21", "99"]))
        assert html_of(guide_of(item_type, values, own))
        assert json.dumps(linked_facts_of(item_type, values, own))


class TestWords:
    def test_are_of_codes_that_exist(self) -> None:
        for codes, spoken in SPOKEN.items():
            assert spoken.keys() <= set(codes.values)

    def test_know_the_unit_of_every_number_that_citizens_are_shown(self) -> None:
        cells = {f"{element.name}.{cell.name}": (cell, element.cells) for element in ELEMENTS for cell in element.cells}
        everything = {element.name: (element, ELEMENTS) for element in ELEMENTS} | cells
        for name, (element, around) in everything.items():
            if element.kind is Kind.NUMBER and element.shown_as:
                assert element.unit or element.unit_in in {one.name for one in around}, name

    def test_are_the_standard_s_where_forms_are_filled(self) -> None:
        element: Element = BY_NAME["audiences"]
        assert as_written(element, ["1", "2"]) == "自然人、企业法人"
        assert as_written(BY_NAME["effective_on"], "2026-11-06") == "2026年11月6日"
        assert as_written(BY_NAME["effective_on"], "2026-13-06") == "2026-13-06"

    def test_have_a_place_for_every_section(self) -> None:
        shown = {element.section for element in ELEMENTS if element.section}
        assert shown == set(Section)


class TestLinkedFacts:
    def test_describe_a_service(self) -> None:
        facts = linked_facts_of("01", whole_item(), whole_hall_guide(), address="https://a.example/items/1")
        assert facts["@type"] == "GovernmentService"
        assert facts["name"] == "食品经营许可"
        assert facts["serviceType"] == ItemType.LICENCE.label
        assert facts["provider"] == {"@type": "GovernmentOrganization", "name": "北安县市场监督管理局"}
        assert facts["audience"] == [
            *({"@type": "Audience", "audienceType": "个人"}, {"@type": "Audience", "audienceType": "企业"}),
        ]
        assert facts["availableChannel"] == [
            {
                "@type": "ServiceChannel",
                "serviceLocation": {"@type": "Place", "name": "12 号", "address": "人民路 1 号"},
            }
        ]
        assert facts["offers"]["price"] == 0
        assert facts["url"] == "https://a.example/items/1"

    def test_say_nothing_of_a_price_that_is_not_known(self) -> None:
        assert "offers" not in linked_facts_of("01", {**whole_item(), "has_fee": True})

    def test_leave_out_what_is_not_known(self) -> None:
        assert linked_facts_of("01", {"name": "甲"}) == {
            "@type": "GovernmentService",
            "name": "甲",
            "serviceType": "行政许可",
        }

    def test_of_what_is_made_public_describe_a_page(self) -> None:
        facts = linked_facts_of("21", {"name": "预算", "disclosed": "预算报告", "department": "财政局"})
        assert facts == {
            "@type": "WebPage",
            "name": "预算",
            "description": "预算报告",
            "publisher": {"@type": "GovernmentOrganization", "name": "财政局"},
        }

    def test_are_there_for_every_item_of_the_base_list(self) -> None:
        for item in ITEMS:
            facts = linked_facts_of(item.item_type, item.values, item.hall_values)
            assert facts["name"] == item.name
            assert "null" not in json.dumps(facts)
