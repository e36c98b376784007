"""What is wrong with an item and what it lacks, part by part."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.items import (
    BY_NAME,
    ELEMENTS,
    CodeScheme,
    Filler,
    Findings,
    Kind,
    check,
    check_hall_defaults,
    fitting,
    prefilled_values,
)
from standards.items.codes import local_rules
from tests.factories.catalogue import values_with
from tests.factories.items import BASIC, BODY, TASK, values_of, whole_hall_guide, whole_item
from tests.strays import Strays


def licence(changes: dict[str, Any] | None = None, hall: dict[str, Any] | None = None) -> Findings:
    return check(
        family="power",
        item_type="01",
        values=whole_item() | (changes or {}),
        hall_values=whole_hall_guide() | (hall or {}),
    )


def messages(changes: dict[str, Any] | None = None, hall: dict[str, Any] | None = None) -> list[str]:
    findings = licence(changes, hall)
    return [fault.message for fault in (*findings.province.faults, *findings.hall.faults)]


def material(**changes: Any) -> dict[str, Any]:
    return {"materials": [whole_item()["materials"][0] | changes]}


class TestWholeItem:
    def test_scores_a_hundred_in_both_parts(self) -> None:
        findings = licence()
        assert findings.province.faults == findings.province.missing == ()
        assert findings.hall.faults == findings.hall.missing == ()
        assert (findings.province.score, findings.hall.score) == (100, 100)
        assert findings.province.is_complete

    def test_lacks_each_element_that_is_taken_away(self) -> None:
        with Strays(least=20) as strays:
            for name in whole_item():
                with strays.of(name):
                    findings = licence({name: None})
                    assert f"缺少「{BY_NAME[name].label}」。" in [fault.message for fault in findings.province.missing]
                    assert findings.province.score < 100

    def test_lacks_each_element_that_the_hall_takes_away(self) -> None:
        with Strays(least=15) as strays:
            for name in whole_hall_guide():
                with strays.of(name):
                    findings = licence(hall={name: ""})
                    assert findings.province.score == 100
                    if name == "is_online":  # then nobody asks for the depth either
                        assert findings.hall.score < 100
                    assert f"缺少「{BY_NAME[name].label}」。" in [fault.message for fault in findings.hall.missing]

    def test_lacks_cells_of_a_list(self) -> None:
        findings = licence(material(copies=None, checked=" "))
        assert [fault.message for fault in findings.province.missing] == [
            "「申请材料」第 1 项缺少「份数」。",
            "「申请材料」第 1 项缺少「受理标准」。",
        ]
        assert findings.province.missing[0].where == "materials.1.copies"

    def test_lacks_everything_where_nothing_is_said(self) -> None:
        findings = check(family="power", item_type="01", values={})
        assert findings.province.score <= 5  # its type alone is known
        assert findings.hall.score == 0


class TestPower:
    """行政职权 that nobody applies for needs less."""

    def test_of_the_authority_itself_has_no_materials(self) -> None:
        values = values_with(1, item_type="02")
        findings = check(family="power", item_type="02", values=values)
        assert findings.province.score == 100
        wrong = check(family="power", item_type="02", values=values | {"materials": whole_item()["materials"]})
        assert [fault.message for fault in wrong.province.faults] == ["「申请材料」不适用于行政处罚。"]


class TestDisclosure:
    def test_has_elements_of_its_own(self) -> None:
        values = {
            "basic_code": "422101001000",
            "name": "财政预决算",
            "levels": ["4"],
            "department": "财政局",
            "disclosed": "预算报告及报表。",
            "disclosure_laws": [{"law": "中华人民共和国预算法", "article": "第十四条"}],
            "disclosure_limit": "批准后 20 日内",
            "disclosure_manner": "own",
            "disclosure_audience": "all",
            "disclosure_channels": ["website"],
        }
        hall = {"disclosing_body": "北安县财政局", "consult": "0700-1", "complaints": "12345"}
        findings = check(family="disclosure", item_type="21", values=values, hall_values=hall)
        assert (findings.province.score, findings.hall.score) == (100, 100)
        assert not [*findings.province.faults, *findings.hall.faults]

    def test_is_of_one_type(self) -> None:
        findings = check(family="disclosure", item_type="01", values={})
        assert findings.province.faults[0].message == (
            "政府信息公开事项的「事项类型」只能是：政府信息公开；现在是“01”。"
        )


class TestValue:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"name": "长" * 201}, "「事项名称」过长：最多 200 个字，现在有 201 个。"),
            ({"name": "一\n二"}, "「事项名称」应写成一行。"),
            ({"name": 5}, "「事项名称」应为文字。"),
            ({"conditions": "一\u202e二"}, "「受理条件」含有看不见的字符，请删去后重新输入。"),
            ({"visits": True}, "「到办事现场次数」应为整数。"),
            ({"visits": 10}, "「到办事现场次数」应在 0 到 9 之间，现在是 10。"),
            ({"has_fee": "是"}, "「是否收费」应为“是”或“否”。"),
            ({"effective_on": "2026-02-30"}, "「计划生效日期」应为日期，例如 2026-11-26。"),
            ({"effective_on": "20260230"}, "「计划生效日期」应为日期，例如 2026-11-26。"),
            ({"levels": ["4", "4"]}, "「可行使的层级」有重复的选项。"),
            ({"materials": "无"}, "「申请材料」应为列表。"),
            ({"joint_bodies": [" "]}, "「联办机构」有空白的名称。"),
            ({"nonsense": 1}, "没有“nonsense”这个要素。"),
            ({"windows": [{}]}, "「办理窗口和时间」由各厅自己填写，这里不能填写。"),
            (material(blank_form="表.docx"), "「申请材料」第 1 项的「空白表格」应为已上传的文件。"),
            (material(colour="红"), "「申请材料」第 1 项没有“colour”这一栏。"),
            (
                material(need="9"),
                "「申请材料」第 1 项的「材料必要性」没有“9”这个选项，可选的有：必要、非必要、容缺后补。",
            ),
        ],
    )
    def test_of_the_province_is_refused_with_the_element_s_name(self, changes: dict[str, Any], message: str) -> None:
        assert messages(changes) == [message]

    def test_of_the_hall_is_none_of_the_province_s(self) -> None:
        assert messages(hall={"name": "食品许可"}) == ["「事项名称」由省里统一填写，这里不能填写。"]
        assert messages({"state": "1", "version": 2}, {"task_state": "1", "task_version": 3}) == []

    def test_of_the_hall_may_be_a_link(self) -> None:
        assert messages(hall={"online_link": "javascript:alert(1)"}) == [
            "「网上办理网址」应为以 http:// 或 https:// 开头的网址。"
        ]
        assert messages(hall={"online_link": "https://["}) != []
        assert messages(hall={"online_link": "https://zwfw.example.gov.cn/a"}) == []

    @given(
        st.dictionaries(
            st.sampled_from(sorted(BY_NAME)),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(
                        st.sampled_from(["name", "days", "unit", "law", "article", "laws", "x"]), inner, max_size=3
                    )
                ),
                max_leaves=6,
            ),
            max_size=6,
        )
    )
    def test_of_any_kind_is_answered_with_faults_not_with_an_error(self, values: dict[str, Any]) -> None:
        licence(values, values)

    @given(st.data())
    def test_drawn_from_the_definition_is_taken(self, data: st.DataObject) -> None:
        element = data.draw(st.sampled_from([one for one in ELEMENTS if one.by is Filler.PROVINCE and one.applies]))
        value = data.draw(values_of(element))
        own = f"「{element.label}」"
        kinds = ("应为", "过长", "没有“", "含有", "应写成", "有重复的选项")
        wrong = [
            message
            for message in messages({element.name: value})
            if message.startswith(tuple(own + kind for kind in kinds)) and element.name != "item_type"
        ]
        assert wrong == []


class TestLimits:
    @pytest.mark.parametrize(
        ("promised", "statutory", "is_kept"),
        [
            ((20, "1"), (20, "1"), True),
            ((21, "1"), (20, "1"), False),
            ((30, "2"), (20, "1"), False),
            ((28, "2"), (20, "1"), True),
            ((15, "1"), (20, "2"), False),
            ((14, "1"), (20, "2"), True),
            ((60, "1"), (0, "9"), True),
        ],
    )
    def test_of_a_promise_keep_to_the_law(
        self, promised: tuple[int, str], statutory: tuple[int, str], *, is_kept: bool
    ) -> None:
        found = messages(
            {"promised_days": promised[0], "promised_unit": promised[1]}
            | {"statutory_days": statutory[0], "statutory_unit": statutory[1]}
        )
        assert (found == []) == is_kept
        if not is_kept:
            assert "不能承诺" in found[0]

    def test_say_which_is_longer(self) -> None:
        assert messages({"promised_days": 25}) == [
            "「承诺办结时限」（25 个工作日）比「法定办结时限」（20 个工作日）长，不能承诺。"
        ]

    def test_of_a_hall_are_no_longer_than_the_province_s(self) -> None:
        assert messages(hall={"promised_days": 7}) == []
        assert messages(hall={"promised_days": 11}) == [
            "「承诺办结时限」（11 个工作日）不得超过省里规定的 10 个工作日。"
        ]
        assert messages(hall={"visits": 2}) == ["「到办事现场次数」不得超过省里规定的 1，现在是 2。"]

    def test_of_what_is_done_at_once_are_no_days(self) -> None:
        instant = {"case_type": "instant", "promised_days": 0, "promised_unit": "0"}
        assert messages(instant | {"flow": [whole_item()["flow"][0] | {"days": 0, "unit": "0"}]}) == []
        assert messages({"case_type": "instant"}) == ["「办件类型」是即办件，「承诺办结时限」应为当场办结。"]
        assert messages({"promised_days": 0}) != []
        assert messages({"promised_unit": "0"}) != []

    def test_of_steps_fit_into_the_promise(self) -> None:
        slow = [whole_item()["flow"][0] | {"days": 11}]
        assert messages({"flow": slow}) == [
            "「办理流程」各环节的时限加起来超过「承诺办结时限」（10 个工作日），请调整环节时限。"
        ]
        assert messages({"flow": [*slow, whole_item()["flow"][1] | {"days": None, "unit": ""}]}) != []
        # a hall may promise less than the province's steps come to
        assert licence(hall={"promised_days": 4}).hall.faults == ()

    def test_that_do_not_count_stand_beside_the_promise(self) -> None:
        step = {"step": "hearing", "days": 20, "unit": "1"}
        assert messages({"excluded_steps": [step]}) == []
        findings = licence({"excluded_steps": [{"step": "hearing"}]})
        assert "「不计入时限的特别程序」第 1 项缺少「时限」。" in [one.message for one in findings.province.missing]

    def test_of_a_licence_s_acceptance_are_five_days(self) -> None:
        assert messages({"accept_days": 5}) == []
        assert messages({"accept_days": 6}) == ["「受理时限」（6 个工作日）超过行政许可法规定的 5 个工作日。"]


class TestRules:
    def test_name_the_wrong_part_of_a_code(self) -> None:
        assert messages({"basic_code": "420731001000"}, {"task_code": TASK.replace(BASIC, "420731001000")}) == [
            "基本编码第 3–4 位（事项类型）是“07”，应为“01”。"
        ]
        (message,) = messages(hall={"task_code": TASK[:18] + "3" + TASK[19:]})
        assert message == "实施编码第 19 位（行使层级）是“3”，事项的行使层级是“4 县级”。"

    def test_follow_the_province_s_own_scheme_of_codes(self) -> None:
        scheme = CodeScheme(local=local_rules()["hubei-draft"], divisions=("00", "64"))
        findings = check(family="power", item_type="01", values=whole_item() | {"local_code": "4201"}, scheme=scheme)
        assert [fault.message for fault in findings.province.faults] == [
            "基本编码的区划部分是“42”，应为 00 或 64。",
            "湖北地方编码应为 16 位，现在是 4 位。",
        ]

    def test_keep_codes_of_one_s_own_out_of_the_national_range(self) -> None:
        national = "000131001000"
        (own,) = messages({"local_code": national})
        (hall,) = messages(hall={"local_task_code": TASK[:19] + national})
        for message, label in ((own, "地方基本编码"), (hall, "地方实施编码")):
            assert message.startswith(f"{label}“")
            assert "会被当成国家编码" in message

    def test_ask_for_fees_only_where_there_are_any(self) -> None:
        missing = {fault.where for fault in licence({"has_fee": True}).province.missing}
        assert missing == {"fees", "fee_basis"}
        assert "is_paid_online" in {fault.where for fault in licence({"has_fee": True}).hall.missing}
        fee = {"name": "工本费", "standard": "10 元", "laws": [{"law": "某办法"}], "is_reducible": True}
        charged = {"has_fee": True, "fee_basis": [{"law": "某办法"}], "fees": [fee]}
        assert [one.message for one in licence(charged).province.missing] == [
            "「收费项目」第 1 项缺少「允许减免说明」。"
        ]
        assert messages({"fees": [fee]}) == ["「是否收费」填的是“否”，但填写了收费项目或收费依据。"]

    def test_want_a_joint_case_s_bodies_and_a_reported_case_s_superior(self) -> None:
        assert {one.where for one in licence({"case_type": "joint"}).province.missing} == {"joint_bodies"}
        assert {one.where for one in licence({"case_type": "reported"}).province.missing} == {"upper_body"}

    def test_keep_a_hall_within_the_province_s_choice(self) -> None:
        assert messages(hall={"audiences": ["1"]}) == []
        assert messages(hall={"audiences": ["3"]}) == ["「服务对象」只能在省里规定的范围内选，没有“事业法人”。"]
        assert messages(hall={"level": "3", "task_code": TASK[:18] + "3" + TASK[19:]}) == [
            "「行使层级」是市级，但这个事项只能由县级行使。"
        ]

    def test_let_a_hall_add_questions_but_not_ask_them_twice(self) -> None:
        more = {"question": "周末开门吗？", "answer": "周六上午开。"}
        assert messages(hall={"questions": [more]}) == []
        twice = {"question": "要多久？", "answer": "不一定。"}
        assert messages(hall={"questions": [twice]}) == ["「常见问题」第 2 项“要多久？”重复。"]

    def test_want_channels_and_being_online_to_agree(self) -> None:
        assert messages(hall={"is_online": False}) == ["「办理形式」选了电脑端或移动端办理，「是否网办」应为“是”。"]
        assert messages({"visits": 0}, {"is_online": False, "channels": ["1"]}) == [
            "「到办事现场次数」是 0，但既不能网上办也不能邮寄申请。"
        ]

    def test_want_laws_that_can_be_cited(self) -> None:
        assert messages({"laws": [{"law": "《某法》"}]}) == [
            "「设定依据」第 1 项的「法规名称」不用写书名号，里面的书名用〈〉。"
        ]
        assert messages(material(laws=[{"law": "某法", "article": "第一条：内容"}])) == [
            "「申请材料」第 1 项的「要求提供材料的依据」第 1 项的「条款」不能有冒号，条文请写在「条文」里。"
        ]

    def test_refuse_the_same_material_twice(self) -> None:
        one = whole_item()["materials"][0]
        assert messages({"materials": [one, one]}) == ["「申请材料」第 2 项“食品经营许可申请书”重复。"]


class TestDefinition:
    def test_has_one_name_and_one_label_an_element(self) -> None:
        for elements in (ELEMENTS, *(element.cells for element in ELEMENTS if element.cells)):
            assert len({element.name for element in elements}) == len(elements)
            assert len({element.label for element in elements}) == len(elements)

    def test_is_whole(self) -> None:
        with Strays(least=90) as strays:
            for element in ELEMENTS:
                for one in (element, *element.cells):
                    with strays.of(f"{element.name} {one.name}"):
                        assert bool(one.codes) == (one.kind in {Kind.CHOICE, Kind.CHOICES})
                        assert bool(one.cells) == (one.kind is Kind.ROWS)
                        assert one.needed <= one.applies
                        assert (one.bound is not None) == (one.by is Filler.BOTH)
                        if one.kind in {Kind.LINE, Kind.TEXT, Kind.NUMBER, Kind.LINK, Kind.NAMES, Kind.ROWS}:
                            assert one.most > 0


LOCAL = {
    "name": "食品安全承诺书",
    "need": "1",
    "kind": "1",
    "carrier": "1",
    "copies": 1,
    "submission": ["window"],
    "source": "1",
    "checked": "签名齐全",
    "laws": [{"law": "湖北省食品安全条例", "article": "第二十条"}],
}


class TestLocalMaterials:
    def test_need_the_province_s_leave(self) -> None:
        faults = licence(hall={"local_materials": [LOCAL]}).hall.faults
        assert [(one.where, one.message) for one in faults] == [
            ("local_materials", "省里没有允许这个事项「增加本地材料」。确有依据的，请向省里提建议。")
        ]
        assert licence({"has_local_materials": True}, {"local_materials": [LOCAL]}).hall.is_complete

    def test_stand_on_a_law_and_are_no_others_over_again(self) -> None:
        known = whole_item()["materials"][0]["name"]
        rows = [LOCAL | {"laws": []}, LOCAL | {"name": known}]
        findings = licence({"has_local_materials": True}, {"local_materials": rows})
        assert [one.where for one in findings.hall.faults] == ["local_materials.1.laws", "local_materials.2.name"]

    def test_are_left_out_once_the_province_takes_its_leave_back(self) -> None:
        part = whole_hall_guide() | {"local_materials": [LOCAL]}
        assert fitting(family="power", item_type="01", values=whole_item(), hall_values=part) == whole_hall_guide()


class TestHallDefaults:
    def test_are_those_that_do_not_follow_from_the_item(self) -> None:
        part = whole_hall_guide()
        code = part.pop("task_code")
        assert [one.where for one in check_hall_defaults(part).missing] == ["disclosing_body"]
        assert check_hall_defaults(part | {"disclosing_body": "当阳市民政局"}).is_complete
        assert [fault.where for fault in check_hall_defaults({"task_code": code}).faults] == ["task_code"]
        assert [fault.where for fault in check_hall_defaults({"body_code": f"{BODY[:-1]}9"}).faults] == ["body_code"]

    def test_make_the_part_of_an_item(self) -> None:
        usual = whole_hall_guide() | {"disclosing_body": "不适用于许可"}
        del usual["task_code"], usual["level"]
        assert prefilled_values("01", whole_item(), usual, level="4") == whole_hall_guide()

    @pytest.mark.parametrize(
        ("allowed", "own", "level"),
        [([], "5", "5"), (["4"], "4", "4"), (["3", "4"], "6", "4"), (["7"], "6", "6"), (["5"], "4", "5")],
    )
    def test_name_the_level_that_decides(self, allowed: list[str], own: str, level: str) -> None:
        assert prefilled_values("01", whole_item() | {"levels": allowed}, {}, level=own)["level"] == level


class TestFitting:
    def test_leaves_out_what_the_province_overrules(self) -> None:
        part = whole_hall_guide() | {"promised_days": 9, "promised_unit": "1"}
        fits = fitting(family="power", item_type="01", values=whole_item() | {"promised_days": 6}, hall_values=part)
        assert fits == whole_hall_guide()
        same = fitting(family="power", item_type="01", values=whole_item(), hall_values=part)
        assert same == part
