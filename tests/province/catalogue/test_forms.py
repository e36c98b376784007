"""Forms over the definition: what goes in comes out, whatever is posted is answered, and people find their way."""

from collections.abc import Collection, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from django import conf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.design.inputs import FileLink, places_of
from foundation.errors import Conflict, Fault, Invalid
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.forms import FormPart, ItemForm
from province.catalogue.forms.item_form import MOST_FIELDS, elements_of
from standards.items import ELEMENTS, Element, Filler, Kind
from standards.items.elements.handling import LAYERS
from tests.browser_post import form_of, post_of
from tests.factories.items import values_of, whole_hall_guide, whole_item
from tests.soak import SOAK

ITEMS = read_base_list()
# written apart from the item itself, or for each of its handling items
ON_OTHER_PAGES = {*LAYERS, "hall_handling"}
FILE = "0b9d3c5e-1f5c-4b0a-9c0d-1a2b3c4d5e6f"


class Store:
    def keep(self, upload: Any) -> str:
        if upload.name.endswith(".exe"):
            raise Invalid("不能上传程序。")
        return FILE

    def links(self, ids: Collection[str]) -> Mapping[str, FileLink]:
        return {one: FileLink("申请表.docx", f"/files/{one}") for one in ids}


def item_form(values: Mapping[str, Any] | None = None, **options: Any) -> ItemForm:
    whole: dict[str, Any] = {"family": "power", "item_type": "01", "part": "province", "values": whole_item()}
    return ItemForm(**whole | ({} if values is None else {"values": values}) | options)


def hall_form(own: Mapping[str, Any] | None = None, **options: Any) -> ItemForm:
    return item_form(part="hall", hall_values=whole_hall_guide() if own is None else own, **options)


def html_of(form: ItemForm) -> str:
    return render_to_string("catalogue/form/item.html", {"form": form})


def post(*pairs: tuple[str, str], **fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in (*pairs, *fields.items()):
        data.appendlist(name, value)
    return data


def posted_again(form: ItemForm, *changes: tuple[str, str]) -> QueryDict:
    data = post_of(html_of(form))
    for name, value in changes:
        data[name] = value
    return data


def place(form: ItemForm, name: str) -> Any:
    found = {one.name: one for section in form.sections for one in places_of(section.parts)}
    return found[name]


def as_form_gives(element: Element, value: Any) -> Any:
    """Lines without blanks around them, choices in the order in which they are listed."""
    match element.kind:
        case Kind.ROWS:
            cells = {cell.name: cell for cell in element.cells}
            return [{name: as_form_gives(cells[name], one) for name, one in row.items()} for row in value]
        case Kind.LINE:
            return value.strip()
        case Kind.TEXT:
            return value.strip("\n").rstrip()
        case Kind.NAMES:
            return [name.strip() for name in value]
        case Kind.CHOICES:
            return [code for code in element.codes.values if code in value] if element.codes else value
        case _:
            return value


def posted_values(form: ItemForm, **options: Any) -> dict[str, Any]:
    again = ItemForm(**options, data=post_of(html_of(form)))
    return again.values()


class TestRoundTrip:
    @pytest.mark.soak
    @pytest.mark.parametrize("part", ["province", "hall"])
    def test_gives_every_item_of_the_base_list_back(self, part: FormPart) -> None:
        """One of each type and one in twelve always, from all over the list; every one in a soak."""
        for item in ITEMS if SOAK else [*{one.item_type: one for one in ITEMS}.values(), *ITEMS[::12]]:
            options: dict[str, Any] = {"family": item.family, "item_type": item.item_type, "part": part}
            options |= {"values": item.values, "hall_values": item.hall_values}
            form = ItemForm(**options)
            values = item.values if part == "province" else item.hall_values
            posted = ItemForm(**options, data=post_of(html_of(form)))
            assert posted.values() == values, item.name
            assert posted.is_valid(), item.name
            assert posted.findings == form.findings

    @settings(max_examples=25)
    @given(data=st.data())
    def test_gives_any_values_of_the_definition_back(self, data: st.DataObject) -> None:
        part: FormPart = data.draw(st.sampled_from(["province", "hall"]))
        family, item_type = data.draw(st.sampled_from([("power", "01"), ("service", "20"), ("disclosure", "21")]))
        elements = [one for one in elements_of(part, item_type) if one.name not in ON_OTHER_PAGES]
        drawn = data.draw(
            st.fixed_dictionaries({}, optional={element.name: values_of(element) for element in elements})
        )
        values = {
            element.name: as_form_gives(element, drawn[element.name]) for element in elements if element.name in drawn
        }
        # an item without handling items asks for none
        for row in values.get("hall_steps", ()):
            row.pop("code", None)
        options: dict[str, Any] = {"family": family, "item_type": item_type, "part": part}
        options |= (
            {"values": values, "hall_values": None} if part == "province" else {"values": {}, "hall_values": values}
        )
        assert posted_values(ItemForm(**options), **options) == values

    @pytest.mark.parametrize("name", LAYERS)
    def test_gives_a_layer_back_on_its_own_page(self, name: str) -> None:
        element = next(one for one in ELEMENTS if one.name == name)

        @settings(max_examples=8 if SOAK else 2)
        @given(drawn=values_of(element))
        def give_back(drawn: list[dict[str, Any]]) -> None:
            options: dict[str, Any] = {"family": "power", "item_type": "01", "part": "province", "asks": (name,)}
            values = {**whole_item(), name: as_form_gives(element, drawn)}
            posted = ItemForm(**options, values=values, data=post_of(html_of(ItemForm(**options, values=values))))
            assert posted.values() == values

        give_back()

    def test_keeps_the_order_of_choices(self) -> None:
        values = {**whole_item(), "body_themes": ["008", "002"]}
        assert item_form(values, data=posted_again(item_form(values))).values() == values
        data = posted_again(item_form(values))
        data.setlist("body_themes", ["001", "002", "008"])
        assert item_form(values, data=data).values()["body_themes"] == ["008", "002", "001"]

    def test_keeps_what_no_form_asks_for(self) -> None:
        values = {**whole_item(), "item_type": "01", "state": "1", "version": 3}
        form = item_form(values, data=posted_again(item_form(values)))
        assert form.values() == values

    def test_drops_what_does_not_belong_to_the_type(self) -> None:
        wrong = {**whole_item(), "disclosed": "预算"}
        assert item_form(wrong).problems[0].message == "「公开内容（要素）」不适用于行政许可。"
        assert item_form(wrong, data=posted_again(item_form(wrong))).values() == whole_item()

    def test_leaves_blanks_out(self) -> None:
        data = posted_again(item_form(), ("name", "  "), ("quota", "\r\n "), ("laws.2.law", ""), ("laws.3.law", "宪法"))
        form = item_form(data=data)
        assert "name" not in form.values()
        assert form.values()["laws"] == [*whole_item()["laws"], {"law": "宪法"}]
        assert form.is_valid()
        assert form.findings.score < 100


class TestItemForm:
    def test_has_an_input_for_every_element_of_the_part(self) -> None:
        for part, fillers in (("province", {Filler.PROVINCE, Filler.BOTH}), ("hall", {Filler.HALL, Filler.BOTH})):
            form = item_form(part=part, hall_values={})
            names = {one.name for section in form.sections for one in section.parts}
            assert names == {
                element.name
                for element in ELEMENTS
                if element.by in fillers
                and "01" in element.applies
                and element.name not in {"item_type", *ON_OTHER_PAGES}
            }

    def test_shows_its_sections_in_the_order_of_the_definition(self) -> None:
        assert [section.label for section in item_form().sections][:5] == [
            *("基本信息", "能不能办", "要带什么", "到哪里办、什么时候", "要多久")
        ]

    def test_names_every_id_once(self) -> None:
        for form in (item_form(), hall_form()):
            ids = form_of(html_of(form)).ids
            assert len(set(ids)) == len(ids)

    def test_labels_every_input(self) -> None:
        html = html_of(item_form())
        labels = _attributes(html, "label", "for")
        inputs = (
            _attributes(html, "input", "id") | _attributes(html, "select", "id") | _attributes(html, "textarea", "id")
        )
        assert inputs <= labels

    def test_says_how_whole_the_item_is_and_what_is_missing_where(self) -> None:
        form = item_form({**whole_item(), "name": "", "materials": [{"name": "申请书"}]})
        assert form.contents.score < 100
        lacking = {section.label: [one.href for one in section.lacking] for section in form.contents.parts}
        assert lacking["基本信息"] == ["#id_name"]
        assert lacking["要带什么"][0] == "#id_materials.1.need"
        assert lacking["要多久"] == []
        assert place(form, "materials.1").lacking == 7
        assert place(form, "materials.1.need").is_missing
        assert not form.problems
        html = html_of(form)
        assert "缺 7 处" in html
        assert f"{form.contents.score}%" in html

    def test_puts_a_fault_at_its_place_and_into_the_summary(self) -> None:
        form = item_form(data=posted_again(item_form(), ("materials.1.copies", "两份"), ("promised_days", "30")))
        assert not form.is_valid()
        assert [(one.message, one.href) for one in form.problems] == [
            ("「申请材料」第 1 项的「份数」应为整数。", "#id_materials.1.copies"),
            ("「承诺办结时限」（30 个工作日）比「法定办结时限」（20 个工作日）长，不能承诺。", "#id_promised_days"),
        ]
        assert place(form, "materials.1").is_open
        assert place(form, "materials.1.copies").value == "两份"
        html = html_of(form)
        assert '<a href="#id_materials.1.copies">' in html
        assert 'aria-describedby="id_materials.1.copies_error"' in html

    def test_counts_rows_as_they_stand_after_blank_ones_are_gone(self) -> None:
        first = {"laws.1.law": "", "laws.1.article": "", "laws.1.text": ""}
        form = item_form(data=posted_again(item_form(), *first.items(), ("laws.7.law", "《宪法》")))
        assert form.values()["laws"] == [{"law": "《宪法》"}]
        assert form.problems[0].href == "#id_laws.1.law"

    def test_shows_what_an_operation_found_wrong(self) -> None:
        form = item_form(data=posted_again(item_form()))
        assert form.problems == []
        form.take_faults(Conflict("别人刚刚改过。"))
        form.take_faults(Invalid("有误", faults=[Fault("basic_code", "基本编码已被使用。")]))
        assert [(one.message, one.href) for one in form.problems] == [
            *(("别人刚刚改过。", ""), ("基本编码已被使用。", "#id_basic_code")),
        ]
        assert not form.is_valid()

    def test_shows_values_of_the_wrong_kind_with_their_faults(self) -> None:
        form = item_form({"name": 5, "materials": "无", "levels": "4", "has_fee": "是", "laws": [7], "visits": [1]})
        assert len(form.problems) == 6
        assert html_of(form)

    def test_of_an_unknown_type_has_nothing_to_fill_in(self) -> None:
        form = item_form(family="power", item_type="21")
        assert "只能是" in form.problems[0].message
        assert html_of(form)

    def test_keeps_an_unknown_choice_in_sight(self) -> None:
        form = item_form(data=posted_again(item_form(), ("case_type", "<b>")))
        assert form.problems[0].message.startswith("「办件类型」没有“<b>”这个选项")
        assert "“&lt;b&gt;”（没有这个选项）" in html_of(form)
        assert form.values()["case_type"] == "<b>"

    @pytest.mark.parametrize("number", ["１２", " 12 ", "+12", "012"])
    def test_reads_numbers_as_people_type_them(self, number: str) -> None:
        assert item_form(data=posted_again(item_form(), ("promised_days", number))).values()["promised_days"] == 12

    @pytest.mark.parametrize(("part", "item_type"), [("province", "01"), ("province", "20"), ("hall", "01")])
    def test_positions_no_more_fields_than_are_taken(self, part: FormPart, item_type: str) -> None:
        def fields(element: Element) -> int:
            if element.kind is Kind.ROWS:
                return element.most * sum(map(fields, element.cells))
            return len(element.codes or ()) if element.kind is Kind.CHOICES else 1

        # of these a page has as many as there are handling items; the next test is about them
        asked = [one for one in elements_of(part, item_type) if one.name not in ON_OTHER_PAGES]
        assert sum(map(fields, asked)) <= conf.settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    def test_says_that_it_grows_too_large_before_it_is_refused(self) -> None:
        full = {f"handling_items.{number}.name": ["办理项"] for number in range(MOST_FIELDS)}
        for more, is_told in (({}, False), ({"handling_items.0.kind": ["new"]}, True)):
            form = item_form(data=MultiValueDict(full | more), asks=LAYERS[:1])
            assert any("就存不下了" in one.message for one in form.problems) is is_told
        assert MOST_FIELDS < conf.settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    def test_draws_a_full_list(self) -> None:
        villages = [{"code": f"{number:012}", "name": f"第{number}村"} for number in range(1000)]
        html = html_of(hall_form({**whole_hall_guide(), "villages": villages}))
        assert 'name="villages.1000.name"' in html


class TestRows:
    def act(self, act: str, *changes: tuple[str, str], values: Mapping[str, Any] | None = None) -> ItemForm:
        return item_form(values, data=posted_again(item_form(values), *changes, ("rows", act)))

    def test_are_added_without_saving(self) -> None:
        form = self.act("add laws")
        assert form.is_at_rows
        assert not form.is_valid()
        assert [row.number for row in place(form, "laws").rows] == [1, 2]
        assert place(form, "laws.2.law").has_focus
        assert 'name="laws.2.law" value="" autocomplete="off" autofocus' in html_of(form)
        assert form.values()["laws"] == whole_item()["laws"]

    def test_stay_blank_while_others_are_added(self) -> None:
        form = self.act("add laws", ("laws.2.law", ""), ("laws.3.law", "宪法"))
        assert [row.title for row in place(form, "laws").rows] == ["中华人民共和国食品安全法", "", "宪法", ""]

    def test_within_rows_are_added(self) -> None:
        form = self.act("add materials.1.laws")
        assert place(form, "materials.1.laws.1.law").has_focus
        assert place(form, "materials.1").is_open

    def test_are_moved(self) -> None:
        form = self.act("down flow.1")
        assert [row.title for row in place(form, "flow").rows] == ["决定", "受理"]
        assert place(form, "flow.2").focused_act == "down"
        assert [row.title for row in place(self.act("up flow.2"), "flow").rows] == ["决定", "受理"]

    @pytest.mark.parametrize("act", ["up flow.1", "down flow.2"])
    def test_at_an_end_stay_there(self, act: str) -> None:
        assert [row.title for row in place(self.act(act), "flow").rows] == ["受理", "决定"]

    def test_are_removed(self) -> None:
        form = self.act("remove flow.1")
        assert [row.title for row in place(form, "flow").rows] == ["决定"]
        assert place(form, "flow.1").focused_act == "remove"
        assert place(self.act("remove laws.1"), "laws").has_focus

    @pytest.mark.parametrize(
        "act",
        [
            *("", "add", "add name", "add nothing", "add materials.9.laws", "add materials.1", "remove materials.0"),
            *("remove materials.99999999999", "up materials.1.laws.1", "fly materials.1", "add a.b.c.d.e.f.g", "\0 \0"),
        ],
    )
    def test_of_no_such_place_change_nothing_and_save_nothing(self, act: str) -> None:
        form = self.act(act)
        assert not form.is_valid()
        assert form.values() == whole_item()
        assert html_of(form)

    def test_come_to_an_end(self) -> None:
        full = {**whole_item(), "results": [{"name": f"证 {number}", "kind": "1"} for number in range(10)]}
        form = self.act("add results", values=full)
        assert len(place(form, "results").rows) == 10
        assert 'value="add results" data-rows-add disabled' in html_of(form)

    def test_have_an_empty_one_for_the_script_to_copy(self) -> None:
        html = html_of(item_form())
        assert 'name="materials.0.laws.0.law"' in html
        assert not [name for name, _ in form_of(html).names if ".0." in name]

    def test_of_many_cells_are_folded_unless_there_is_something_to_do(self) -> None:
        two = {**whole_item(), "materials": [{**whole_item()["materials"][0], "name": name} for name in "甲乙"]}
        assert [row.is_open for row in place(item_form(two), "materials").rows] == [False, False]
        assert place(item_form(), "materials.1").is_open


class TestFiles:
    def test_are_kept_and_named(self) -> None:
        upload = SimpleUploadedFile("申请表.docx", b"x")
        files: MultiValueDict[str, Any] = MultiValueDict({"materials.1.blank_form": [upload]})
        form = item_form(data=posted_again(item_form()), files=files, store=Store())
        assert form.values()["materials"][0]["blank_form"] == FILE
        html = html_of(form)
        assert f'<a href="/files/{FILE}">申请表.docx</a>' in html
        assert post_of(html)["materials.1.blank_form"] == FILE

    def test_are_let_go(self) -> None:
        values = {**whole_item(), "materials": [{**whole_item()["materials"][0], "blank_form": FILE}]}
        data = posted_again(item_form(values))
        del data["materials.1.blank_form"]
        assert item_form(values, data=data).values() == whole_item()

    def test_are_refused_at_their_place(self) -> None:
        files: MultiValueDict[str, Any] = MultiValueDict(
            {"materials.1.blank_form": [SimpleUploadedFile("a.exe", b"x")], "name": [SimpleUploadedFile("b", b"x")]}
        )
        form = item_form(data=posted_again(item_form()), files=files, store=Store())
        assert {one.message for one in form.problems} == {"没有“name”这一栏。", "不能上传程序。"}
        assert form.values() == whole_item()
        form = item_form(data=posted_again(item_form()), files=files)
        assert "这里不能上传文件。" in {one.message for one in form.problems}


class TestHallPart:
    def test_is_told_what_it_may_not_exceed(self) -> None:
        form = hall_form()
        assert place(form, "promised_days").beside.heading == "不得超过省里规定的 10 个工作日"
        assert place(form, "visits").beside.heading == "不得超过省里规定的 1 次"
        assert "不得超过省里规定的 10 个工作日" in html_of(form)

    def test_chooses_only_from_what_the_province_allows(self) -> None:
        audiences = place(hall_form(), "audiences")
        assert [option.label for option in audiences.options] == ["自然人", "企业法人"]
        assert audiences.beside.rule.startswith("只能在其中选")
        form = hall_form(data=posted_again(hall_form(), ("audiences", "5")))
        assert form.problems[0].message == "「服务对象」只能在省里规定的范围内选，没有“行政机关”。"
        assert "行政机关" in [option.label for option in place(form, "audiences").options]

    def test_adds_to_the_province_s_list(self) -> None:
        own = {**whole_hall_guide(), "questions": [{"question": "要多久？", "answer": "看情况。"}]}
        form = hall_form(own)
        assert place(form, "questions").beside.lines == ("要多久？ · 10 个工作日。",)
        assert [row.title for row in place(form, "questions").rows] == ["要多久？"]
        assert form.problems[0].href == "#id_questions.1.question"

    def test_begins_with_nothing_of_the_province_s_as_its_own(self) -> None:
        form = hall_form({}, data=posted_again(hall_form({})))
        assert form.values() == {}
        assert form.is_valid()

    def test_says_nothing_in_the_province_s_stead(self) -> None:
        form = hall_form(data=posted_again(hall_form(), ("laws.1.law", "宪法"), ("name", "别的名称"), ("state", "3")))
        assert [one.message for one in form.problems] == [
            *("「设定依据」不在这里填写。", "「事项名称」不在这里填写。", "「事项状态」不在这里填写。")
        ]
        assert form.values() == whole_hall_guide()

    def test_knows_when_the_province_s_words_make_something_needed(self) -> None:
        charged = {**whole_item(), "has_fee": True}
        assert place(hall_form(values=charged), "is_paid_online").is_missing
        assert not place(hall_form(), "is_paid_online").is_needed


class TestHallDefaultsForm:
    def test_gives_the_answers_back(self) -> None:
        usual = {name: one for name, one in whole_hall_guide().items() if name != "task_code"}
        options: dict[str, Any] = {"family": "", "item_type": "", "part": "hall_defaults", "values": {}}
        form = ItemForm(**options, hall_values=usual)
        posted = ItemForm(**options, data=post_of(html_of(form)))
        assert posted.values() == usual
        assert posted.is_valid()

    def test_lacks_only_what_is_said_nowhere(self) -> None:
        options: dict[str, Any] = {"family": "", "item_type": "", "part": "hall_defaults"}
        alone = ItemForm(**options, values={}, hall_values={"body_name": "县民政局"})
        beside = ItemForm(**options, values={"complaints": "12345"}, hall_values={"body_name": "县民政局"})
        assert place(alone, "complaints").is_missing
        assert not place(beside, "complaints").is_missing
        assert beside.findings.score > alone.findings.score
        assert beside.values() == {"body_name": "县民政局"}

    def test_takes_nothing_that_each_item_says_itself(self) -> None:
        form = ItemForm(
            family="", item_type="", part="hall_defaults", values={}, data=post(task_code="1", body_code="X")
        )
        assert next(one.message for one in form.problems) == "「实施编码」不在这里填写。"
        assert len(form.problems) > 1


class TestOneElement:
    def test_asks_for_nothing_else(self) -> None:
        form = item_form(only="laws")
        assert [part.name for section in form.sections for part in section.parts] == ["laws"]
        assert not form.problems
        posted = item_form(only="laws", data=posted_again(form, ("laws.1.article", "第三十六条")))
        assert posted.values() == {"laws": [{"law": "中华人民共和国食品安全法", "article": "第三十六条"}]}
        assert posted.is_valid()


HOSTILE = [
    {"materials.99999999999999999999.name": "x"},
    {"materials.-1.name": "x", "materials.1e5.name": "x", "materials.١.name": "x", "materials.01.name": "x"},
    {"materials": "x", "materials.1": "x", "materials.1.": "x", "materials..name": "x", "materials.1.name.2": "x"},
    {"name.1.name": "x", "name.": "x", "materials.1.laws.1.law.1.law.1": "x"},
    {"materials.1.laws.1.nothing": "x", "laws.1.law": "\0\x08\u202e"},
    {"name": "\ud7ff\uffff" * 10, "promised_days": "9" * 5000, "effective_on": "0000-00-00"},
    {"__proto__": "x", "item_type": "20", "materials.1.__class__": "x", "." * 1000: "x", "a" * 100_000: "x"},
    {"has_fee": "maybe", "levels": "x", "link": "javascript:alert(1)", "case_type": "x" * 100_000},
]


class TestHostilePost:
    @pytest.mark.parametrize("fields", HOSTILE)
    def test_is_answered(self, fields: dict[str, str]) -> None:
        form = item_form(data=posted_again(item_form(), *fields.items()))
        assert form.values()
        html = html_of(form)
        assert "x" * 50_000 not in html.partition("<section")[0]

    def test_of_no_fields_is_a_draft_with_gaps(self) -> None:
        form = item_form(data=post())
        assert form.values() == {}
        assert form.findings.score < 5  # its type alone is known

    def test_of_100_000_rows_is_answered_with_a_bounded_page(self) -> None:
        data = post(*((f"materials.{number}.name", "材料") for number in range(1, 100_001)))
        form = item_form(data=data)
        html = html_of(form)
        assert "「申请材料」最多 60 项，现在有 100000 项。" in [one.message for one in form.problems]
        assert len(form.values()["materials"]) == 60
        assert len(html) < 3_000_000

    def test_of_100_000_strange_names_is_answered(self) -> None:
        data = post(*((f"materials.{number}.nothing.{number}", "x") for number in range(100_000)))
        form = item_form(data=data)
        assert html_of(form)
        assert len(form.problems) <= 21

    def test_of_100_000_choices_is_answered(self) -> None:
        data = QueryDict(mutable=True)
        data.setlist("levels", [str(number) for number in range(100_000)])
        form = item_form(data=data)
        assert len(form.values()["levels"]) <= 14
        assert html_of(form)

    @settings(max_examples=60)
    @given(
        fields=st.lists(
            st.tuples(
                st.lists(
                    st.sampled_from(["materials", "laws", "name", "levels", "1", "2", "0", "", "need", "x", "has_fee"]),
                    max_size=6,
                ).map(".".join)
                | st.text(),
                st.text() | st.sampled_from(["true", "1", "add laws", "2026-11-26"]),
            ),
            max_size=12,
        ),
        act=st.none() | st.text() | st.sampled_from(["add laws", "remove materials.1", "up materials.2"]),
    )
    def test_of_any_kind_is_answered(self, fields: list[tuple[str, str]], act: str | None) -> None:
        for part in ("province", "hall"):
            data = post(*fields, *([("rows", act)] if act is not None else []))
            form = item_form(part=part, data=data)
            assert html_of(form)
            assert isinstance(form.values(), dict)


def _attributes(html: str, tag: str, name: str) -> set[str]:
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, seen: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if seen == tag and given.get(name) and given.get("type") != "hidden":
                found.add(str(given[name]))

    Reader().feed(html)
    return found
