"""The workbook with national columns."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from foundation.errors import Invalid
from standards.items import ELEMENTS, Table, to_columns
from standards.items.exchange import ExchangeItem, read_workbook, write_tables
from standards.items.exchange.cells import FORMULA
from standards.items.exchange.tables import SHEETS, SheetColumn
from tests.factories.items import BASIC, base_items, exchange_items, whole_hall_guide, whole_item
from tests.soak import SOAK
from tests.standards.books import changed_part, items_of, messages_of, tables_of, workbook

DIRECTORY = ["基本编码", "事项名称", "事项类型", "可行使的层级", "主管部门"]
LINE = [BASIC, "食品经营许可", "行政许可", "县级", "市场监督管理局"]


def item(**changes: Any) -> ExchangeItem:
    return ExchangeItem("01", whole_item() | changes, whole_hall_guide())


def grid(content: bytes, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


class TestWrittenWorkbook:
    @pytest.mark.parametrize("table", Table)
    def test_has_a_sheet_with_every_column_of_a_national_table(self, table: Table) -> None:
        labels, names = grid(tables_of(item()), table.label)[:2]
        assert set(to_columns({})[table][0] if table in set(Table) - LISTS else ()) <= set(names)
        assert [label.strip("*") for label in labels] == [column.label for column in SHEETS[table]]
        assert all(name.startswith("本平台：") or name.isascii() for name in names)

    def test_has_a_place_for_every_element_and_cell(self) -> None:
        places = {column.path for columns in SHEETS.values() for column in columns if isinstance(column, SheetColumn)}
        for element in ELEMENTS:
            paths = (
                {element.name}
                if element.column or not element.cells
                else {f"{element.name}.{cell.name}" for cell in element.cells}
            )
            assert paths <= places or element.name in places

    @pytest.mark.parametrize("table", Table)
    def test_calls_no_two_columns_of_a_sheet_alike(self, table: Table) -> None:
        for words in ([column.label for column in SHEETS[table]], [column.name for column in SHEETS[table]]):
            assert len(set(words)) == len(words)

    def test_says_things_as_people_do(self) -> None:
        basic = dict(zip(*grid(tables_of(item()), "基本信息")[1:], strict=True))
        assert basic["project_type"] == "承诺件"
        assert basic["server_type"] == "自然人\n企业法人"
        assert basic["promise_day"] == 10
        assert basic["is_fee"] == "否"
        assert basic["handle_flow"].startswith("受理|窗口|2|个工作日")

    def test_offers_lists_and_says_what_is_needed(self) -> None:
        with zipfile.ZipFile(io.BytesIO(tables_of(item()))) as archive:
            basic = archive.read("xl/worksheets/sheet2.xml").decode()
            notes = archive.read("xl/comments2.xml").decode()
        assert basic.count('type="list"') > 10
        assert "'选项'!$" in basic
        assert "必填：依申请办理的事项" in notes

    def test_keeps_texts_that_look_like_formulas(self) -> None:
        made = item(name="=1+1", conditions='=HYPERLINK("http://a.example")')
        content = tables_of(made)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert items_of(read_workbook(content)) == [made]

    def test_refuses_what_no_cell_can_hold(self) -> None:
        law = {"law": "某法", "text": "长" * 4000}
        with pytest.raises(Invalid, match=r"“基本目录”第 3 行 J 列有 .*个字，超过 Excel 单元格的上限"):
            tables_of(item(laws=[law] * 9))

    def test_refuses_an_item_without_a_code(self) -> None:
        with pytest.raises(Invalid, match="“食品经营许可”没有基本编码"):
            tables_of(item(basic_code=""))

    def test_without_items_is_a_form_to_be_filled(self) -> None:
        out = io.BytesIO()
        assert write_tables((), out) == 0
        assert read_workbook(out.getvalue()).items == ()


LISTS = {Table.MATERIAL, Table.FEE, Table.QUESTION}


class TestRoundTrip:
    def test_gives_back_every_item_of_the_base_list(self) -> None:
        reading = read_workbook(tables_of(*base_items()))
        assert reading.is_clean
        assert items_of(reading) == base_items()

    @pytest.mark.soak
    @given(exchange_items())
    @settings(max_examples=30 if SOAK else 10)
    def test_gives_back_whatever_can_be_typed(self, made: ExchangeItem) -> None:
        assert items_of(read_workbook(tables_of(made))) == [made]

    def test_keeps_apart_what_a_hall_says_of_the_provinces_word(self) -> None:
        questions = [{"question": "停车？", "answer": "免费。"}]
        made = ExchangeItem("01", whole_item(), whole_hall_guide() | {"promised_days": 5, "questions": questions})
        assert items_of(read_workbook(tables_of(made))) == [made]


class TestForeignWorkbook:
    def test_may_have_its_columns_in_another_order_and_under_other_names(self) -> None:
        content = workbook(
            {
                "申请材料": [
                    ["序号", "申请材料名称", "基本编码", "份数", "是否必要"],
                    [2, "乙", BASIC, "1份", "必需"],
                    [1, "甲", BASIC, 2, "容缺"],
                ],
                "1.基本目录": [
                    ["某县事项目录"],
                    [],
                    ["责任部门", "项目名称", "目录编码", "职权类型", "行使层级*"],
                    ["市场监督管理局", "食品经营许可", 420131001000, "许可", "县级"],
                ],
            }
        )
        (read,) = read_workbook(content).items
        assert read.item.values["name"] == "食品经营许可"
        assert read.item.values["department"] == "市场监督管理局"
        assert read.item.item_type == "01"
        assert read.item.values["materials"] == [
            {"name": "甲", "need": "3", "copies": 2},
            {"name": "乙", "need": "1", "copies": 1},
        ]

    def test_may_be_in_the_nations_own_words(self) -> None:
        names = [
            ["catalog_code", "task_name", "task_type", "use_level", "plan_effective_date"],
            [BASIC, "甲", "01", "4^5", "20260105"],
        ]
        basic = [["catalog_code", "project_type", "server_type", "is_fee"], [BASIC, "2", "1^6", "0"]]
        (read,) = read_workbook(workbook({"up_task_directory": names, "up_task_general_basic": basic})).items
        assert read.item.values == {
            "basic_code": BASIC,
            "name": "甲",
            "levels": ["4", "5"],
            "effective_on": "2026-01-05",
            "case_type": "promised",
            "audiences": ["1", "6"],
            "has_fee": False,
        }

    def test_says_only_what_it_has_columns_for(self) -> None:
        (read,) = read_workbook(workbook({"基本目录": [DIRECTORY, LINE]})).items
        assert read.given == {"basic_code", "name", "item_type", "levels", "department"}

    def test_may_have_columns_of_its_own_which_are_named(self) -> None:
        reading = read_workbook(workbook({"基本目录": [[*DIRECTORY, "备注"], [*LINE, "x"]]}))
        assert reading.is_clean
        assert [notice.message for notice in reading.notices] == [
            "“基本目录”第 1 行 F 列“备注”认不出是哪个要素，这一列没有导入。"
        ]

    def test_may_have_sheets_of_its_own_which_are_named(self) -> None:
        reading = read_workbook(workbook({"基本目录": [DIRECTORY, LINE], "统计": [["合计", 1]], "空": []}))
        assert [notice.message for notice in reading.notices] == ["“统计”不是国家栏目的工作表，没有导入。"]
        assert read_workbook(tables_of(item())).notices == ()

    def test_may_not_have_a_sheet_twice(self) -> None:
        content = workbook({"基本目录": [DIRECTORY, LINE], "2.基本目录": [DIRECTORY, LINE]})
        assert messages_of(content) == ["“2.基本目录”和“基本目录”是同一种工作表，只导入了“基本目录”。"]

    def test_may_give_days_with_their_unit(self) -> None:
        basic = [["基本编码", "承诺时限", "法定时限"], [BASIC, "10个工作日", "20 个工作日内"]]
        (read,) = read_workbook(workbook({"基本目录": [DIRECTORY, LINE], "基本信息": basic})).items
        assert {name: read.item.values[name] for name in ("promised_days", "promised_unit")} == {
            "promised_days": 10,
            "promised_unit": "1",
        }
        assert read.item.values["statutory_days"] == 20


class TestFault:
    def test_names_sheet_row_column_and_element(self) -> None:
        basic = [["基本编码", "x", "办件类型", "承诺办结时限"], [], [BASIC, "", "承诺件", "三天"]]
        reading = read_workbook(workbook({"基本目录": [DIRECTORY, LINE], "基本信息": basic}))
        assert [(fault.where, fault.message) for fault in reading.faults] == [
            ("基本信息!D3", "“基本信息”第 3 行 D 列「承诺办结时限」应为整数。")
        ]

    def test_names_the_row_of_a_list(self) -> None:
        materials = [["基本编码", "材料名称", "份数"], [BASIC, "甲", 1], [BASIC, "乙", "许多"]]
        reading = read_workbook(workbook({"基本目录": [DIRECTORY, LINE], "申请材料": materials}))
        assert [(fault.where, fault.message) for fault in reading.faults] == [
            ("申请材料!C3", "“申请材料”第 3 行 C 列「申请材料」第 2 项的「份数」应为整数。")
        ]

    def test_names_the_halls_own_column(self) -> None:
        made = ExchangeItem("01", whole_item(), whole_hall_guide() | {"promised_days": 15})
        (fault,) = read_workbook(tables_of(made)).faults
        column = [column.name for column in SHEETS[Table.BASIC]].index("本平台：hall.promised_days")
        assert fault.where == f"基本信息!{_letters(column)}3"

    def test_is_a_line_without_a_code(self) -> None:
        assert messages_of(workbook({"基本目录": [DIRECTORY, LINE, ["", "乙"]]})) == [
            "“基本目录”第 3 行 A 列缺少「基本编码」，这一行没有导入。"
        ]

    def test_is_a_code_twice(self) -> None:
        assert messages_of(workbook({"基本目录": [DIRECTORY, LINE, LINE]})) == [
            f"“基本目录”第 3 行 A 列「基本编码」“{BASIC}”与第 2 行重复，这一行没有导入。"
        ]

    def test_is_a_line_of_an_item_that_is_not_there(self) -> None:
        basic = [["基本编码", "办件类型"], ["420131009000", "承诺件"]]
        assert messages_of(workbook({"基本目录": [DIRECTORY, LINE], "基本信息": basic})) == [
            "“基本信息”第 2 行 A 列「基本编码」“420131009000”在“基本目录”中没有，这一行没有导入。"
        ]

    def test_is_a_type_that_there_is_not(self) -> None:
        (message,) = messages_of(workbook({"基本目录": [DIRECTORY, [*LINE[:2], "行政奇迹", *LINE[3:]]]}))
        assert message.startswith("“基本目录”第 2 行 C 列没有“行政奇迹”这个「事项类型」，可选的有：")

    def test_is_a_column_twice(self) -> None:
        content = workbook({"基本目录": [[*DIRECTORY, "事项名称"], [*LINE, "x"]]})
        assert messages_of(content) == ["“基本目录”第 1 行 F 列「事项名称」已经有一列了（基本目录!B1），请删去一列。"]

    def test_is_a_sheet_without_codes(self) -> None:
        content = workbook({"基本目录": [DIRECTORY, LINE], "基本信息": [["办件类型", "承诺时限"], ["承诺件", 3]]})
        assert "“基本信息”缺少「基本编码」这一列" in messages_of(content)[0]

    def test_is_a_code_that_excel_has_rounded(self) -> None:
        basic = [["基本编码", "实施编码"], [BASIC, 1.2441500196720244e30]]
        assert "超过 15 位" in messages_of(workbook({"基本目录": [DIRECTORY, LINE], "基本信息": basic}))[0]

    def test_is_counted_when_there_are_too_many(self) -> None:
        lines = [[f"4201310{number:05d}", "甲", "行政许可", "九级", "局"] for number in range(1100)]
        reading = read_workbook(workbook({"基本目录": [DIRECTORY, *lines]}))
        assert (len(reading.faults), reading.more_faults) == (1000, 100)


class TestFormula:
    def test_is_read_by_its_result(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.write_formula("B2", '=CONCATENATE("食品","许可")', None, "食品许可")

        (read,) = read_workbook(workbook({"基本目录": [DIRECTORY, LINE]}, draw=draw)).items
        assert read.item.name == "食品许可"

    def test_without_a_result_is_refused(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.write_formula("E2", "=A1", None, "")

        assert messages_of(workbook({"基本目录": [DIRECTORY, LINE]}, draw=draw)) == [
            f"“基本目录”第 2 行 E 列「主管部门」{FORMULA}"
        ]

    def test_that_failed_is_refused(self) -> None:
        def draw(_: Any, sheet: Any) -> None:
            sheet.write_formula("E2", "=NA()", None, "#N/A")

        (message,) = messages_of(workbook({"基本目录": [DIRECTORY, LINE]}, draw=draw))
        assert message.startswith("“基本目录”第 2 行 E 列「主管部门」是错误值")

    def test_in_cells_that_do_not_say_where_they_are_does_no_harm(self) -> None:
        content = workbook({"基本目录": [DIRECTORY, LINE]})
        bare = changed_part(
            content,
            "xl/worksheets/sheet1.xml",
            lambda part: part.replace(b'<c r="A2"', b"<c ").replace(b'<c r="B2"', b"<c "),
        )
        assert items_of(read_workbook(bare)) == items_of(read_workbook(content))


def _letters(number: int) -> str:
    from foundation.workbooks import column_letters

    return column_letters(number + 1)
